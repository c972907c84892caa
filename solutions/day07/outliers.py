"""Outliers: IQR fences, z-scores and clipping."""

import numpy as np


def iqr_fences(x, k=1.5):
    """Lower and upper fence: Q1 - k·IQR and Q3 + k·IQR.

    아래 울타리 Q1 - k·IQR과 위 울타리 Q3 + k·IQR을 계산합니다.

    Args:
        x: numbers in any order, shape (n,), n >= 2.
            순서와 관계없는 수, 모양 (n,), n >= 2.
        k: how many interquartile ranges the fences stand away from the quartiles.
            울타리가 사분위수에서 사분위 범위의 몇 배만큼 떨어져 있는지.

    Returns:
        (lower, upper), two numbers. Quartiles interpolate linearly, as np.percentile does by default.
        수 두 개. 사분위수는 np.percentile의 기본값처럼 선형으로 보간.
    """
    ### BEGIN SOLUTION
    q1, q3 = np.percentile(x, [25, 75])
    reach = k * (q3 - q1)
    return q1 - reach, q3 + reach
    ### END SOLUTION


def iqr_mask(x, k=1.5):
    """True where a value lies strictly outside the IQR fences.

    IQR 울타리를 벗어난 값의 자리에 True를 표시합니다.

    Args:
        x: numbers, shape (n,).
            수, 모양 (n,).
        k: as in iqr_fences.
            iqr_fences와 같음.

    Returns:
        booleans, shape (n,). A value exactly on a fence is not an outlier.
        불리언 배열, 모양 (n,). 울타리와 같은 값은 이상치가 아님.
    """
    ### BEGIN SOLUTION
    lower, upper = iqr_fences(x, k)
    return (x < lower) | (x > upper)
    ### END SOLUTION


def zscore_mask(x, threshold=3.0):
    """True where |x - mean| is more than threshold population standard deviations.

    평균에서 표준편차의 threshold배보다 멀리 있는 값의 자리에 True를 표시합니다.

    Args:
        x: numbers, shape (n,).
            수, 모양 (n,).
        threshold: the largest |z| that still counts as ordinary.
            이상치로 보지 않는 가장 큰 |z|.

    Returns:
        booleans, shape (n,); all False if every value is the same.
        불리언 배열, 모양 (n,). 모든 값이 같으면 모두 False.
    """
    ### BEGIN SOLUTION
    shifted = x - float(x[0])  # equal values are exactly 0 now, without the rounding of a mean
    return np.abs(shifted - np.mean(shifted)) > threshold * np.std(shifted)
    ### END SOLUTION


def clip_outliers(x, k=1.5):
    """Copy of x in which values beyond a fence are moved onto that fence.

    울타리를 벗어난 값을 울타리 값으로 바꾼 새 배열을 만듭니다.

    Args:
        x: numbers (integers too), shape (n,); it is left as it is.
            수(정수도 가능), 모양 (n,). 값은 그대로 둠.
        k: as in iqr_fences.
            iqr_fences와 같음.

    Returns:
        numbers, shape (n,); fences keep their fractions where x holds integers.
        수, 모양 (n,). x가 정수여도 울타리의 소수 부분은 남음.
    """
    ### BEGIN SOLUTION
    lower, upper = iqr_fences(x, k)
    return np.clip(x, lower, upper)
    ### END SOLUTION

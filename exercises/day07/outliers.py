"""Outliers: IQR fences, z-scores and clipping."""

import numpy as np


def iqr_fences(x, k=1.5):
    """Lower and upper fence: Q1 - k·IQR and Q3 + k·IQR.

    아래 울타리 Q1 - k·IQR과 위 울타리 Q3 + k·IQR을 계산합니다.

    Args:
        x: numbers in any order, shape (n,).
        k: how many interquartile ranges the fences stand away from the quartiles.

    Returns:
        (lower, upper), two numbers. Quartiles interpolate linearly, as np.percentile does by default.
    """
    # YOUR CODE HERE
    raise NotImplementedError()


def iqr_mask(x, k=1.5):
    """True where a value lies strictly outside the IQR fences.

    IQR 울타리를 벗어난 값의 자리에 True를 표시합니다.

    Args:
        x: numbers, shape (n,).
        k: as in iqr_fences.

    Returns:
        booleans, shape (n,). A value exactly on a fence is not an outlier.
    """
    # YOUR CODE HERE
    raise NotImplementedError()


def zscore_mask(x, threshold=3.0):
    """True where |x - mean| is more than threshold population standard deviations.

    평균에서 표준편차의 threshold배보다 멀리 있는 값의 자리에 True를 표시합니다.

    Args:
        x: numbers, shape (n,).
        threshold: the largest |z| that still counts as ordinary.

    Returns:
        booleans, shape (n,); all False if every value is the same.
    """
    # YOUR CODE HERE
    raise NotImplementedError()


def clip_outliers(x, k=1.5):
    """Copy of x in which values beyond a fence are moved onto that fence.

    울타리를 벗어난 값을 울타리 값으로 바꾼 새 배열을 만듭니다.

    Args:
        x: numbers (integers too), shape (n,); it is left as it is.
        k: as in iqr_fences.

    Returns:
        floats, shape (n,).
    """
    # YOUR CODE HERE
    raise NotImplementedError()

"""The weighted mean."""

import numpy as np


def weighted_mean(values, weights):
    """Weighted mean: the sum of weight times value over the sum of the weights.

    가중 평균을 계산합니다.

    Args:
        values: array of shape (n,), n ≥ 1.
            모양 (n,)의 배열, n ≥ 1.
        weights: array of shape (n,), none negative, not all 0.
            모양 (n,)의 배열. 음수가 없고 모두 0은 아닙니다.

    Returns:
        one number.
        수 하나.
    """
    ### BEGIN SOLUTION
    return np.sum(weights * values) / np.sum(weights)
    ### END SOLUTION

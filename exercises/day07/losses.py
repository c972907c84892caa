"""Loss functions for regression and classification."""

import numpy as np

EPSILON = 1e-7  # probabilities are clipped to [EPSILON, 1 - EPSILON] before a logarithm


def mse(y_true, y_pred):
    """Mean squared error over all entries.

    평균제곱오차를 계산합니다.

    Args:
        y_true: targets, shape (n,) or (n, d).
        y_pred: predictions, same shape.
    Returns:
        one number.
    """
    # YOUR CODE HERE
    raise NotImplementedError()


def mae(y_true, y_pred):
    """Mean absolute error over all entries.

    평균절대오차를 계산합니다.

    Args:
        y_true: targets, shape (n,) or (n, d).
        y_pred: predictions, same shape.
    Returns:
        one number.
    """
    # YOUR CODE HERE
    raise NotImplementedError()


def binary_crossentropy(y_true, y_pred):
    """Mean binary cross-entropy of predicted probabilities of class 1.

    클래스 1의 예측 확률에 대한 이진 교차 엔트로피의 평균을 계산합니다.

    Args:
        y_true: labels 0 or 1, shape (n,).
        y_pred: probabilities of class 1, shape (n,).
    Returns:
        one number.
    """
    # YOUR CODE HERE
    raise NotImplementedError()


def categorical_crossentropy(y_true, y_pred):
    """Mean categorical cross-entropy for one-hot labels.

    원-핫 레이블에 대한 범주형 교차 엔트로피의 평균을 계산합니다.

    Args:
        y_true: one-hot labels, shape (n, k).
        y_pred: probabilities, shape (n, k), rows summing to 1.
    Returns:
        one number.
    """
    # YOUR CODE HERE
    raise NotImplementedError()


def sparse_categorical_crossentropy(y_true, y_pred):
    """Mean categorical cross-entropy for integer labels.

    정수 레이블에 대한 범주형 교차 엔트로피의 평균을 계산합니다.

    Args:
        y_true: integer labels 0 … k-1, shape (n,).
        y_pred: probabilities, shape (n, k), rows summing to 1.
    Returns:
        one number.
    """
    # YOUR CODE HERE
    raise NotImplementedError()

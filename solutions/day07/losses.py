"""Loss functions for regression and classification."""

import numpy as np

EPSILON = 1e-7  # probabilities are clipped to [EPSILON, 1 - EPSILON] before a logarithm


def mse(y_true, y_pred):
    """Mean squared error over all entries.

    평균제곱오차를 계산합니다.

    Args:
        y_true: targets, shape (n,) or (n, d).
            목표값, 모양 (n,) 또는 (n, d).
        y_pred: predictions, same shape.
            예측값, 모양은 같음.
    Returns:
        one number.
        수 하나.
    """
    ### BEGIN SOLUTION
    return np.mean((y_true - y_pred) ** 2)
    ### END SOLUTION


def mae(y_true, y_pred):
    """Mean absolute error over all entries.

    평균절대오차를 계산합니다.

    Args:
        y_true: targets, shape (n,) or (n, d).
            목표값, 모양 (n,) 또는 (n, d).
        y_pred: predictions, same shape.
            예측값, 모양은 같음.
    Returns:
        one number.
        수 하나.
    """
    ### BEGIN SOLUTION
    return np.mean(np.abs(y_true - y_pred))
    ### END SOLUTION


def binary_crossentropy(y_true, y_pred):
    """Mean binary cross-entropy of predicted probabilities of class 1.

    클래스 1의 예측 확률에 대한 이진 교차 엔트로피의 평균을 계산합니다.

    Args:
        y_true: labels 0 or 1, shape (n,).
            레이블 0 또는 1, 모양 (n,).
        y_pred: probabilities of class 1, shape (n,).
            클래스 1의 확률, 모양 (n,).
    Returns:
        one number.
        수 하나.
    """
    ### BEGIN SOLUTION
    p = np.clip(y_pred, EPSILON, 1 - EPSILON)
    return -np.mean(y_true * np.log(p) + (1 - y_true) * np.log(1 - p))
    ### END SOLUTION


def categorical_crossentropy(y_true, y_pred):
    """Mean categorical cross-entropy for one-hot labels.

    원-핫 레이블에 대한 범주형 교차 엔트로피의 평균을 계산합니다.

    Args:
        y_true: one-hot labels, shape (n, k).
            원-핫 레이블, 모양 (n, k).
        y_pred: probabilities, shape (n, k), rows summing to 1.
            확률, 모양 (n, k), 각 행의 합은 1.
    Returns:
        one number.
        수 하나.
    """
    ### BEGIN SOLUTION
    p = np.maximum(y_pred, EPSILON)
    return -np.mean(np.sum(y_true * np.log(p), axis=1))
    ### END SOLUTION


def sparse_categorical_crossentropy(y_true, y_pred):
    """Mean categorical cross-entropy for integer labels.

    정수 레이블에 대한 범주형 교차 엔트로피의 평균을 계산합니다.

    Args:
        y_true: integer labels 0 … k-1, shape (n,).
            정수 레이블 0 … k-1, 모양 (n,).
        y_pred: probabilities, shape (n, k), rows summing to 1.
            확률, 모양 (n, k), 각 행의 합은 1.
    Returns:
        one number.
        수 하나.
    """
    ### BEGIN SOLUTION
    p = y_pred[np.arange(len(y_true)), y_true]
    return -np.mean(np.log(np.maximum(p, EPSILON)))
    ### END SOLUTION

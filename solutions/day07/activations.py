"""Activation functions and their derivatives, stable for large inputs."""

import numpy as np


def sigmoid(x):
    """Sigmoid 1 / (1 + e^(-x)) of every entry.

    각 원소의 시그모이드를 계산합니다.

    Args:
        x: array of floats, any shape.
            실수 배열, 모양은 자유.
    Returns:
        array of the same shape, values between 0 and 1.
        0과 1 사이의 값, 모양은 같음.
    """
    ### BEGIN SOLUTION
    # e^x / (1 + e^x) below zero, 1 / (1 + e^(-x)) above: no exponent is ever positive.
    return np.exp(np.minimum(x, 0)) / (1 + np.exp(-np.abs(x)))
    ### END SOLUTION


def relu(x):
    """Rectified linear unit max(x, 0) of every entry.

    각 원소의 렐루(ReLU)를 계산합니다.

    Args:
        x: array of floats, any shape.
            실수 배열, 모양은 자유.
    Returns:
        array of the same shape, no value below 0.
        0 이상의 값, 모양은 같음.
    """
    ### BEGIN SOLUTION
    return np.maximum(x, 0)
    ### END SOLUTION


def tanh(x):
    """Hyperbolic tangent of every entry.

    각 원소의 하이퍼볼릭 탄젠트를 계산합니다.

    Args:
        x: array of floats, any shape.
            실수 배열, 모양은 자유.
    Returns:
        array of the same shape, values between -1 and 1.
        -1과 1 사이의 값, 모양은 같음.
    """
    ### BEGIN SOLUTION
    return np.tanh(x)
    ### END SOLUTION


def softmax(x):
    """Softmax along the last axis.

    마지막 축을 따라 소프트맥스를 계산합니다.

    Args:
        x: scores, shape (k,) or (n, k).
            점수, 모양 (k,) 또는 (n, k).
    Returns:
        probabilities of the same shape; each row sums to 1.
        모양이 같은 확률. 각 행의 합은 1.
    """
    ### BEGIN SOLUTION
    e = np.exp(x - np.max(x, axis=-1, keepdims=True))
    return e / np.sum(e, axis=-1, keepdims=True)
    ### END SOLUTION


def derivative(name, x):
    """Derivative of an elementwise activation at x.

    원소별 활성화 함수를 x에서 미분한 값을 계산합니다.

    Args:
        name: "sigmoid", "relu" or "tanh".
            "sigmoid", "relu", "tanh" 가운데 하나.
        x: array of floats, any shape: the input of the activation.
            실수 배열, 모양은 자유. 활성화 함수의 입력.
    Returns:
        array of the same shape.
        모양이 같은 배열.
    Raises:
        ValueError: for any other name.
            그 밖의 이름일 때.
    """
    ### BEGIN SOLUTION
    if name == "sigmoid":
        s = sigmoid(x)
        return s * (1 - s)
    if name == "relu":
        return np.where(x > 0, 1.0, 0.0)
    if name == "tanh":
        return 1 - tanh(x) ** 2
    raise ValueError(f"no elementwise activation {name}")
    ### END SOLUTION


def softmax_jacobian(z):
    """Derivative of every softmax output with respect to every score.

    소프트맥스의 야코비 행렬을 계산합니다.

    Args:
        z: scores, shape (k,).
            점수, 모양 (k,).
    Returns:
        shape (k, k); entry (i, j) is the derivative of output i by score j.
        모양 (k, k). (i, j) 원소는 출력 i를 점수 j로 미분한 값.
    """
    ### BEGIN SOLUTION
    p = softmax(z)
    return np.diag(p) - np.outer(p, p)
    ### END SOLUTION

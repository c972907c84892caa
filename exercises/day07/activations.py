"""Activation functions and their derivatives, stable for large inputs."""

import numpy as np


def sigmoid(x):
    """Sigmoid 1 / (1 + e^(-x)) of every entry.

    각 원소의 시그모이드를 계산합니다.

    Args:
        x: array of floats, any shape.
    Returns:
        array of the same shape, values between 0 and 1.
    """
    # YOUR CODE HERE
    raise NotImplementedError()


def relu(x):
    """Rectified linear unit max(x, 0) of every entry.

    각 원소의 렐루(ReLU)를 계산합니다.

    Args:
        x: array of floats, any shape.
    Returns:
        array of the same shape, no value below 0.
    """
    # YOUR CODE HERE
    raise NotImplementedError()


def tanh(x):
    """Hyperbolic tangent of every entry.

    각 원소의 하이퍼볼릭 탄젠트를 계산합니다.

    Args:
        x: array of floats, any shape.
    Returns:
        array of the same shape, values between -1 and 1.
    """
    # YOUR CODE HERE
    raise NotImplementedError()


def softmax(x):
    """Softmax along the last axis.

    마지막 축을 따라 소프트맥스를 계산합니다.

    Args:
        x: scores, shape (k,) or (n, k).
    Returns:
        probabilities of the same shape; each row sums to 1.
    """
    # YOUR CODE HERE
    raise NotImplementedError()


def derivative(name, x):
    """Derivative of an elementwise activation at x.

    원소별 활성화 함수를 x에서 미분한 값을 계산합니다.

    Args:
        name: "sigmoid", "relu" or "tanh".
        x: array of floats, any shape: the input of the activation.
    Returns:
        array of the same shape.
    Raises:
        ValueError: for any other name.
    """
    # YOUR CODE HERE
    raise NotImplementedError()


def softmax_jacobian(z):
    """Derivative of every softmax output with respect to every score.

    소프트맥스의 야코비 행렬을 계산합니다.

    Args:
        z: scores, shape (k,).
    Returns:
        shape (k, k); entry (i, j) is the derivative of output i by score j.
    """
    # YOUR CODE HERE
    raise NotImplementedError()

"""Numeric gradients, gradient descent and the learning rate at which it diverges."""

import numpy as np


def numeric_gradient(f, x, h=1e-5):
    """Gradient of f at x from central differences.

    중앙 차분으로 f의 x에서의 기울기를 구합니다.

    Args:
        f: function of an array of shape (d,) that returns a number.
        x: point, shape (d,).
        h: step to either side.
    Returns:
        shape (d,).
    """
    # YOUR CODE HERE
    raise NotImplementedError()


def gradient_descent(gradient, x0, rate, steps):
    """Path of gradient descent, start included.

    시작점을 포함하여 경사하강법이 지나온 모든 점을 구합니다.

    Args:
        gradient: function of an array of shape (d,) that returns the gradient there.
        x0: start, shape (d,).
        rate: learning rate.
        steps: number of steps, 0 or more.
    Returns:
        shape (steps + 1, d); row 0 is x0.
    """
    # YOUR CODE HERE
    raise NotImplementedError()


def fit_least_squares(X, y, rate, steps):
    """Weights that gradient descent on the mean squared error reaches from zero.

    0에서 시작하여 평균제곱오차를 경사하강법으로 줄인 가중치를 구합니다.

    Args:
        X: inputs, shape (n, d).
        y: targets, shape (n,).
        rate: learning rate.
        steps: number of steps.
    Returns:
        weights after the last step, shape (d,).
    """

    # YOUR CODE HERE
    raise NotImplementedError()


def critical_rate(curvatures):
    """Learning rate from which descent on the quadratic bowl no longer converges.

    이차함수에서 경사하강법이 더는 수렴하지 않게 되는 학습률을 구합니다.

    Args:
        curvatures: the positive a_i of f(x) = (a_1·x_1² + … + a_d·x_d²) / 2, shape (d,).
    Returns:
        one number.
    """
    # YOUR CODE HERE
    raise NotImplementedError()

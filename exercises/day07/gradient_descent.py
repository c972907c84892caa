"""Numeric gradients, gradient descent and the learning rate at which it diverges."""

import numpy as np


def numeric_gradient(f, x, h=1e-5):
    """Gradient of f at x from central differences.

    중앙 차분으로 f의 x에서의 기울기를 구합니다.

    Args:
        f: function of an array of shape (d,) that returns a number.
            모양 (d,)의 배열을 받아 수를 반환하는 함수.
        x: point, shape (d,).
            점, 모양 (d,).
        h: step to either side.
            양쪽으로 움직이는 간격.
    Returns:
        shape (d,).
        모양 (d,).
    """
    # YOUR CODE HERE
    raise NotImplementedError()


def gradient_descent(gradient, x0, rate, steps):
    """Path of gradient descent, start included.

    시작점을 포함하여 경사하강법이 지나온 모든 점을 구합니다.

    Args:
        gradient: function of an array of shape (d,) that returns the gradient there.
            모양 (d,)의 배열을 받아 그 점의 기울기를 반환하는 함수.
        x0: start, shape (d,).
            시작점, 모양 (d,).
        rate: learning rate.
            학습률.
        steps: number of steps, 0 or more.
            스텝 수, 0 이상.
    Returns:
        shape (steps + 1, d); row 0 is x0.
        모양 (steps + 1, d). 0번 행은 x0.
    """
    # YOUR CODE HERE
    raise NotImplementedError()


def fit_least_squares(X, y, rate, steps):
    """Weights that gradient descent on the mean squared error reaches from zero.

    0에서 시작하여 평균제곱오차를 경사하강법으로 줄인 가중치를 구합니다.

    Args:
        X: inputs, shape (n, d).
            입력, 모양 (n, d).
        y: targets, shape (n,).
            목표값, 모양 (n,).
        rate: learning rate.
            학습률.
        steps: number of steps.
            스텝 수.
    Returns:
        weights after the last step, shape (d,).
        마지막 스텝 뒤의 가중치, 모양 (d,).
    """

    # YOUR CODE HERE
    raise NotImplementedError()


def critical_rate(curvatures):
    """Learning rate from which descent on the quadratic bowl no longer converges.

    이차함수에서 경사하강법이 더는 수렴하지 않게 되는 학습률을 구합니다.

    Args:
        curvatures: the positive a_i of f(x) = (a_1·x_1² + … + a_d·x_d²) / 2, shape (d,).
            f(x) = (a_1·x_1² + … + a_d·x_d²) / 2의 양수 a_i, 모양 (d,).
    Returns:
        one number.
        수 하나.
    """
    # YOUR CODE HERE
    raise NotImplementedError()

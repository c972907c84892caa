"""Backpropagation through a two-layer network, and training with it."""

import numpy as np


def predict(params, X):
    """Output of the network: tanh hidden layer, linear output layer.

    은닉층(tanh)과 출력층(선형)으로 된 신경망의 출력을 구합니다.

    Args:
        params: dict with W1 (features, hidden), b1 (hidden,),
            W2 (hidden, outputs) and b2 (outputs,).
        X: inputs, shape (batch, features).
    Returns:
        predictions, shape (batch, outputs).
    """
    # YOUR CODE HERE
    raise NotImplementedError()


def mse_loss(params, X, y):
    """Mean squared error over all entries.

    모든 원소에 대한 평균제곱오차를 구합니다.

    Args:
        params: dict as in `predict`.
        X: inputs, shape (batch, features).
        y: targets, shape (batch, outputs).
    Returns:
        the loss, a number.
    """
    # YOUR CODE HERE
    raise NotImplementedError()


def gradients(params, X, y):
    """Derivative of the loss with respect to every parameter.

    모든 매개변수에 대한 손실의 기울기를 역전파로 구합니다.

    Args:
        params: dict as in `predict`.
        X: inputs, shape (batch, features).
        y: targets, shape (batch, outputs).
    Returns:
        dict with the keys W1, b1, W2, b2; each entry has the shape of its
        parameter.
    """
    # YOUR CODE HERE
    raise NotImplementedError()


def train(params, X, y, learning_rate, steps):
    """Gradient descent on the whole batch.

    전체 데이터로 경사하강법을 반복합니다.

    Args:
        params: starting parameters, dict as in `predict`; left unchanged.
        X: inputs, shape (batch, features).
        y: targets, shape (batch, outputs).
        learning_rate: size of a step.
        steps: number of updates.
    Returns:
        (params, losses): the trained parameters, and the loss before the first
        update and after each one, so steps + 1 numbers.
    """
    # YOUR CODE HERE
    raise NotImplementedError()

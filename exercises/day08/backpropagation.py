"""Backpropagation through a two-layer network, and training with it."""

import numpy as np


def predict(params, X):
    """Output of the network: tanh hidden layer, linear output layer.

    은닉층(tanh)과 출력층(선형)으로 된 신경망의 출력을 구합니다.

    Args:
        params: dict with W1 (features, hidden), b1 (hidden,),
            W2 (hidden, outputs) and b2 (outputs,).
            W1 (features, hidden), b1 (hidden,), W2 (hidden, outputs), b2 (outputs,)의
            딕셔너리.
        X: inputs, shape (batch, features).
            입력, 모양 (batch, features).
    Returns:
        predictions, shape (batch, outputs).
        예측, 모양 (batch, outputs).
    """
    # YOUR CODE HERE
    raise NotImplementedError()


def mse_loss(params, X, y):
    """Mean squared error over all entries.

    모든 원소에 대한 평균제곱오차를 구합니다.

    Args:
        params: dict as in `predict`.
            `predict`와 같은 딕셔너리.
        X: inputs, shape (batch, features).
            입력, 모양 (batch, features).
        y: targets, shape (batch, outputs).
            목표값, 모양 (batch, outputs).
    Returns:
        the loss, a number.
        손실, 수 하나.
    """
    # YOUR CODE HERE
    raise NotImplementedError()


def gradients(params, X, y):
    """Derivative of the loss with respect to every parameter.

    모든 매개변수에 대한 손실의 기울기를 역전파로 구합니다.

    Args:
        params: dict as in `predict`.
            `predict`와 같은 딕셔너리.
        X: inputs, shape (batch, features).
            입력, 모양 (batch, features).
        y: targets, shape (batch, outputs).
            목표값, 모양 (batch, outputs).
    Returns:
        dict with the keys W1, b1, W2, b2; each entry has the shape of its
        parameter.
        키가 W1, b1, W2, b2인 딕셔너리. 원소의 모양은 그 매개변수와 같음.
    """
    # YOUR CODE HERE
    raise NotImplementedError()


def train(params, X, y, learning_rate, steps):
    """Gradient descent on the whole batch.

    전체 데이터로 경사하강법을 반복합니다.

    Args:
        params: starting parameters, dict as in `predict`; left unchanged.
            처음 매개변수, `predict`와 같은 딕셔너리. 값은 그대로 둠.
        X: inputs, shape (batch, features).
            입력, 모양 (batch, features).
        y: targets, shape (batch, outputs).
            목표값, 모양 (batch, outputs).
        learning_rate: size of a step.
            한 스텝의 크기.
        steps: number of updates.
            갱신 횟수.
    Returns:
        (params, losses): the trained parameters, and the loss before the first
        update and after each one, so steps + 1 numbers.
        학습한 매개변수, 그리고 첫 갱신 전과 매 갱신 후의 손실, 곧 수 steps + 1개.
    """
    # YOUR CODE HERE
    raise NotImplementedError()

"""Forward propagation through a deep network, keeping what backpropagation needs."""

import numpy as np


def activate(z, name):
    """Activation function by its name.

    이름으로 고른 활성화 함수를 적용합니다.

    Args:
        z: array, shape (batch, units).
            배열, 모양 (batch, units).
        name: "linear", "relu", "sigmoid", "tanh" or "softmax".
            "linear", "relu", "sigmoid", "tanh", "softmax" 가운데 하나.
    Returns:
        array of the same shape; softmax works on each row.
        모양이 같은 배열. softmax는 행마다 계산.
    Raises:
        ValueError: for any other name.
            그 밖의 이름일 때.
    """
    # YOUR CODE HERE
    raise NotImplementedError()


def layer_forward(a_prev, W, b, activation):
    """One layer: its output and what backpropagation will need.

    층 하나의 출력과, 역전파에 필요한 값을 구합니다.

    Args:
        a_prev: the layer's input, shape (batch, features).
            층의 입력, 모양 (batch, features).
        W: weights, shape (features, units).
            가중치, 모양 (features, units).
        b: biases, shape (units,).
            편향, 모양 (units,).
        activation: name of the activation function.
            활성화 함수의 이름.
    Returns:
        (a, cache): output of shape (batch, units), and the pair (a_prev, z).
        모양이 (batch, units)인 출력과 쌍 (a_prev, z).
    """
    # YOUR CODE HERE
    raise NotImplementedError()


def forward(x, layers):
    """The whole network, layer after layer.

    입력층부터 출력층까지 차례로 계산합니다.

    Args:
        x: inputs, shape (batch, features).
            입력, 모양 (batch, features).
        layers: list of (W, b, activation), the first hidden layer first.
            (W, b, activation)의 리스트, 첫 은닉층이 맨 앞.
    Returns:
        (output, caches): the last layer's output, and a list with the pair
        (a_prev, z) of every layer in order.
        마지막 층의 출력과, 층의 순서대로 쌍 (a_prev, z)를 담은 리스트.
    """
    # YOUR CODE HERE
    raise NotImplementedError()

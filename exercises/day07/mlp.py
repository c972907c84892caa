"""Multi-layer perceptron: two layers on a batch, and XOR from NAND, OR and AND."""

import numpy as np


def step(z):
    """Given: 1.0 where z > 0, otherwise 0.0.

    주어진 함수: z가 0보다 크면 1.0, 아니면 0.0입니다.
    """
    return np.where(np.asarray(z) > 0, 1.0, 0.0)


def forward(x, W1, b1, W2, b2, hidden_activation, output_activation):
    """Forward pass of a network with one hidden layer on a batch.

    은닉층이 하나인 신경망의 순전파를 배치 전체에 대해 계산합니다.

    Args:
        x: inputs, shape (n, d).
            입력, 모양 (n, d).
        W1: weights of the hidden layer, shape (d, h).
            은닉층의 가중치, 모양 (d, h).
        b1: biases of the hidden layer, shape (h,).
            은닉층의 편향, 모양 (h,).
        W2: weights of the output layer, shape (h, k).
            출력층의 가중치, 모양 (h, k).
        b2: biases of the output layer, shape (k,).
            출력층의 편향, 모양 (k,).
        hidden_activation: function of an array, used by the hidden layer.
            은닉층이 쓰는, 배열을 받는 함수.
        output_activation: function of an array, used by the output layer.
            출력층이 쓰는, 배열을 받는 함수.
    Returns:
        (hidden, output): shapes (n, h) and (n, k).
        모양 (n, h)와 (n, k).
    """
    # YOUR CODE HERE
    raise NotImplementedError()


def xor_weights():
    """Weights of a 2-2-1 step network for XOR: hidden units NAND and OR, output AND.

    NAND와 OR을 은닉층에, AND를 출력층에 둔 XOR 신경망의 가중치를 만듭니다.

    Returns:
        (W1, b1, W2, b2): shapes (2, 2), (2,), (2, 1), (1,).
        모양 (2, 2), (2,), (2, 1), (1,).
    """
    # YOUR CODE HERE
    raise NotImplementedError()


def xor(x):
    """XOR of every row, computed by the network.

    각 행의 XOR을 신경망으로 계산합니다.

    Args:
        x: rows of zeros and ones, shape (n, 2).
            0과 1로 된 행, 모양 (n, 2).
    Returns:
        integers 0 or 1, shape (n,).
        정수 0 또는 1, 모양 (n,).
    """
    # YOUR CODE HERE
    raise NotImplementedError()


def collapse(W1, b1, W2, b2):
    """The single layer equal to two layers without activations.

    활성화 함수가 없는 두 층과 같은 한 층을 구합니다.

    Args:
        W1: shape (d, h).
            모양 (d, h).
        b1: shape (h,).
            모양 (h,).
        W2: shape (h, k).
            모양 (h, k).
        b2: shape (k,).
            모양 (k,).
    Returns:
        (W, b): shapes (d, k) and (k,).
        모양 (d, k)와 (k,).
    """
    # YOUR CODE HERE
    raise NotImplementedError()

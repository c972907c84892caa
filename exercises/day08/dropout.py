"""Inverted dropout: the mask, the forward pass and the backward pass."""

import numpy as np


def dropout_mask(shape, rate, rng):
    """Random mask of inverted dropout: 0 or 1 / (1 - rate).

    인버티드 드롭아웃의 무작위 마스크를 만듭니다.

    Args:
        shape: shape of the mask, a tuple.
        rate: probability of dropping an entry, 0 <= rate < 1.
        rng: np.random.Generator to draw from.
    Returns:
        array of this shape; every entry is independently 0 with probability
        `rate` and 1 / (1 - rate) otherwise.
    Raises:
        ValueError: if rate is not in [0, 1).
    """
    # YOUR CODE HERE
    raise NotImplementedError()


def dropout_forward(x, rate, rng, training):
    """Dropout as a layer: random in training, nothing in inference.

    학습할 때는 무작위로 끄고, 추론할 때는 그대로 통과시킵니다.

    Args:
        x: activations, any shape; left unchanged.
        rate: probability of dropping an entry.
        rng: np.random.Generator to draw from.
        training: True in training, False in inference.
    Returns:
        (out, mask): x times the mask, and the mask; in inference x itself and a
        mask of ones.
    """
    # YOUR CODE HERE
    raise NotImplementedError()


def dropout_backward(gradient, mask):
    """Gradient with respect to the input of the dropout layer.

    드롭아웃 층의 입력에 대한 기울기를 구합니다.

    Args:
        gradient: derivative of the loss with respect to the layer's output.
        mask: the mask of the forward pass, same shape.
    Returns:
        derivative with respect to the layer's input, same shape.
    """
    # YOUR CODE HERE
    raise NotImplementedError()

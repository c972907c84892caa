"""Inverted dropout: the mask, the forward pass and the backward pass."""

import numpy as np


def dropout_mask(shape, rate, rng):
    """Random mask of inverted dropout: 0 or 1 / (1 - rate).

    인버티드 드롭아웃의 무작위 마스크를 만듭니다.

    Args:
        shape: shape of the mask, a tuple.
            마스크의 모양, 튜플.
        rate: probability of dropping an entry, 0 <= rate < 1.
            원소를 끌 확률, 0 <= rate < 1.
        rng: np.random.Generator to draw from.
            난수를 뽑을 np.random.Generator.
    Returns:
        array of this shape; every entry is independently 0 with probability
        `rate` and 1 / (1 - rate) otherwise.
        이 모양의 배열. 원소는 저마다 독립적으로 확률 `rate`로 0, 아니면 1 / (1 - rate).
    Raises:
        ValueError: if rate is not in [0, 1).
            rate가 [0, 1)에 없을 때.
    """
    ### BEGIN SOLUTION
    if not 0 <= rate < 1:
        raise ValueError("rate must be in [0, 1)")
    keep = rng.random(shape) >= rate
    return keep / (1 - rate)
    ### END SOLUTION


def dropout_forward(x, rate, rng, training):
    """Dropout as a layer: random in training, nothing in inference.

    학습할 때는 무작위로 끄고, 추론할 때는 그대로 통과시킵니다.

    Args:
        x: activations, any shape; left unchanged.
            활성값, 모양은 자유. 값은 그대로 둠.
        rate: probability of dropping an entry.
            원소를 끌 확률.
        rng: np.random.Generator to draw from.
            난수를 뽑을 np.random.Generator.
        training: True in training, False in inference.
            학습할 때 True, 추론할 때 False.
    Returns:
        (out, mask): x times the mask, and the mask; in inference x itself and a
        mask of ones.
        x에 마스크를 곱한 값과 마스크. 추론할 때는 x 자신과 모두 1인 마스크.
    """
    ### BEGIN SOLUTION
    mask = dropout_mask(x.shape, rate, rng) if training else np.ones(x.shape)
    return x * mask, mask
    ### END SOLUTION


def dropout_backward(gradient, mask):
    """Gradient with respect to the input of the dropout layer.

    드롭아웃 층의 입력에 대한 기울기를 구합니다.

    Args:
        gradient: derivative of the loss with respect to the layer's output.
            층의 출력에 대한 손실의 미분.
        mask: the mask of the forward pass, same shape.
            순전파의 마스크, 모양은 같음.
    Returns:
        derivative with respect to the layer's input, same shape.
        층의 입력에 대한 미분, 모양은 같음.
    """
    ### BEGIN SOLUTION
    return gradient * mask
    ### END SOLUTION

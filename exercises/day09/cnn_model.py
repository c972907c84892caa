"""A small convolutional network that reads digits."""

import numpy as np
from keras import Input, Sequential, layers


def prepare(images):
    """Bring grey images into the form the network takes.

    흑백 이미지를 신경망이 받는 형태로 바꿉니다.

    Args:
        images: integers 0 to 255, shape (n, 28, 28).
            0부터 255까지의 정수, 모양 (n, 28, 28).
    Returns:
        floats 0 to 1, shape (n, 28, 28, 1).
        0부터 1까지의 실수, 모양 (n, 28, 28, 1).
    """
    # YOUR CODE HERE
    raise NotImplementedError()


def build_cnn():
    """A compiled CNN for 28×28 images with one channel and ten classes.

    28×28 흑백 이미지를 열 가지로 분류하는 CNN을 만들고 컴파일합니다.

    Returns:
        keras model, (n, 28, 28, 1) to ten probabilities (n, 10), 12,810
        parameters, compiled for integer labels.
        Keras 모델, (n, 28, 28, 1)에서 확률 열 개 (n, 10)으로, 매개변수 12,810개. 정수
        레이블에 맞게 컴파일.
    """
    # YOUR CODE HERE
    raise NotImplementedError()


def predict_digits(model, images):
    """The most probable digit of every image.

    이미지마다 가장 확률이 높은 숫자를 고릅니다.

    Args:
        model: model as from build_cnn.
            build_cnn의 모델.
        images: integers 0 to 255, shape (n, 28, 28).
            0부터 255까지의 정수, 모양 (n, 28, 28).
    Returns:
        ints 0 to 9, shape (n,).
        0부터 9까지의 정수, 모양 (n,).
    """
    # YOUR CODE HERE
    raise NotImplementedError()

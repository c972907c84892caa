"""A SimpleRNN model that continues 1, 2, …, 10."""

import keras
import numpy as np
from keras.layers import Dense, SimpleRNN


def build_model():
    """The lecture's SimpleRNN model, compiled.

    강의의 SimpleRNN 모델을 만들고 컴파일합니다.

    Returns:
        Keras model for inputs (batch, 3, 1): SimpleRNN 128, then Dense 128,
        128 and 32 with relu, then Dense 1 without activation; optimizer Adam,
        loss mse; its weights exist; not trained.
    """
    # YOUR CODE HERE
    raise NotImplementedError()


def predict_next(model, last_three):
    """The number that the model predicts after three given ones.

    주어진 세 수 다음에 올 수를 모델로 예측합니다.

    Args:
        model: a model as build_model returns it, trained or not.
        last_three: three numbers, the latest last: a list, tuple or array.
    Returns:
        the prediction, one float.
    """
    # YOUR CODE HERE
    raise NotImplementedError()

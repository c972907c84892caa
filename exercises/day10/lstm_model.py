"""An LSTM model that continues 1, 2, …, 10."""

import keras
import numpy as np
from keras.layers import LSTM, Dense


def build_model():
    """The lecture's LSTM model, compiled.

    강의의 LSTM 모델을 만들고 컴파일합니다.

    Returns:
        Keras model for inputs (batch, 3, 1): LSTM 128, then Dense 128, 128
        and 32 with relu, then Dense 1 without activation; optimizer Adam,
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


def forget_bias(model):
    """The bias of the forget gate of the model's LSTM layer.

    모델에 있는 LSTM 층에서 망각 게이트의 편향을 꺼냅니다.

    Args:
        model: a model as build_model returns it.
    Returns:
        b_f, shape (128,): the second quarter of the layer's bias.
    """
    # YOUR CODE HERE
    raise NotImplementedError()

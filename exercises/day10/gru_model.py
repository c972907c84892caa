"""A GRU model that continues 1, 2, …, 10, one step ahead and several."""

import keras
import numpy as np
from keras.layers import GRU, Dense


def build_model():
    """The GRU model, compiled.

    GRU 모델을 만들고 컴파일합니다.

    Returns:
        Keras model for inputs (batch, 3, 1): GRU 128, then Dense 128, 128
        and 32 with relu, then Dense 1 without activation; optimizer Adam,
        loss mse; its weights exist; not trained.
        입력이 (batch, 3, 1)인 Keras 모델. GRU 128, relu를 쓰는 Dense 128, 128, 32, 활성화
        함수가 없는 Dense 1. 옵티마이저 Adam, 손실 mse. 가중치가 이미 있고 학습하지 않은
        상태.
    """
    # YOUR CODE HERE
    raise NotImplementedError()


def predict_next(model, last_three):
    """The number that the model predicts after three given ones.

    주어진 세 수 다음에 올 수를 모델로 예측합니다.

    Args:
        model: a model as build_model returns it, trained or not.
            build_model이 반환하는 모델, 학습했을 수도 안 했을 수도 있음.
        last_three: three numbers, the latest last: a list, tuple or array.
            수 세 개의 리스트, 튜플 또는 배열. 가장 최근 값이 마지막.
    Returns:
        the prediction, one float.
        예측값, 실수 하나.
    """
    # YOUR CODE HERE
    raise NotImplementedError()


def forecast_ahead(model, last_three, steps):
    """The next numbers, each prediction becoming an input of the following one.

    예측값을 다시 입력으로 넣어 가며 여러 수를 이어서 예측합니다.

    Args:
        model: a model as build_model returns it, trained or not.
            build_model이 반환하는 모델, 학습했을 수도 안 했을 수도 있음.
        last_three: three numbers, the latest last: a list, tuple or array.
            수 세 개의 리스트, 튜플 또는 배열. 가장 최근 값이 마지막.
        steps: how many numbers to predict, at least 1.
            예측할 수의 개수, 1 이상.
    Returns:
        the predictions in order, shape (steps,).
        순서대로 놓인 예측값, 모양 (steps,).
    """
    # YOUR CODE HERE
    raise NotImplementedError()

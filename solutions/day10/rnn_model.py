"""A SimpleRNN model that continues 1, 2, …, 10."""

import keras
import numpy as np
from keras.layers import Dense, SimpleRNN


def build_model():
    """The SimpleRNN model, compiled.

    SimpleRNN 모델을 만들고 컴파일합니다.

    Returns:
        Keras model for inputs (batch, 3, 1): SimpleRNN 128, then Dense 128,
        128 and 32 with relu, then Dense 1 without activation; optimizer Adam,
        loss mse; its weights exist; not trained.
        입력이 (batch, 3, 1)인 Keras 모델. SimpleRNN 128, relu를 쓰는 Dense 128, 128, 32,
        활성화 함수가 없는 Dense 1. 옵티마이저 Adam, 손실 mse. 가중치가 이미 있고 학습하지
        않은 상태.
    """
    ### BEGIN SOLUTION
    model = keras.Sequential(
        [
            keras.Input(shape=(3, 1)),
            SimpleRNN(128),
            Dense(128, activation="relu"),
            Dense(128, activation="relu"),
            Dense(32, activation="relu"),
            Dense(1),
        ]
    )
    model.compile(optimizer="adam", loss="mse")
    return model
    ### END SOLUTION


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
    ### BEGIN SOLUTION
    window = np.reshape(last_three, (1, 3, 1))
    return float(model.predict(window, verbose=0)[0, 0])
    ### END SOLUTION

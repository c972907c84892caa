"""One-step forecasts of noisy series: two baselines and two recurrent networks."""

import keras
import numpy as np
from keras.layers import Dense, SimpleRNN


def naive_forecast(x):
    """Forecast that the next value equals the last one.

    다음 값이 마지막 값과 같다고 예측합니다.

    Args:
        x: series, shape (samples, timesteps, 1).
            시계열, 모양 (samples, timesteps, 1).
    Returns:
        shape (samples, 1).
        모양 (samples, 1).
    """
    # YOUR CODE HERE
    raise NotImplementedError()


def linear_forecast(x_train, y_train, x):
    """Least squares: a weight for each time step and a bias, fitted on training series.

    훈련용 시계열에 최소제곱법으로 맞춘 선형 모델로 예측합니다.

    Args:
        x_train: training series, shape (samples, timesteps, 1).
            훈련용 시계열, 모양 (samples, timesteps, 1).
        y_train: the values that follow them, shape (samples, 1).
            그다음에 오는 값, 모양 (samples, 1).
        x: series to forecast, shape (other samples, timesteps, 1).
            예측할 시계열, 모양 (other samples, timesteps, 1).
    Returns:
        shape (other samples, 1).
        모양 (other samples, 1).
    """

    # YOUR CODE HERE
    raise NotImplementedError()


def build_simple_rnn():
    """One SimpleRNN unit, whose last state is the forecast; compiled.

    SimpleRNN 유닛 하나로 된 모델을 만들고 컴파일합니다.

    Returns:
        Keras model from (batch, any number of timesteps, 1) to (batch, 1);
        Adam with learning rate 0.005, loss mse.
        (batch, 길이에 제한이 없는 timesteps, 1)에서 (batch, 1)로 가는 Keras 모델. 학습률
        0.005인 Adam, 손실 mse.
    """
    # YOUR CODE HERE
    raise NotImplementedError()


def build_deep_rnn():
    """Two SimpleRNN layers of 20 units and a Dense unit; compiled.

    유닛 20개인 SimpleRNN 두 층과 Dense로 된 모델을 만들고 컴파일합니다.

    Returns:
        Keras model from (batch, any number of timesteps, 1) to (batch, 1);
        Adam with learning rate 0.005, loss mse.
        (batch, 길이에 제한이 없는 timesteps, 1)에서 (batch, 1)로 가는 Keras 모델. 학습률
        0.005인 Adam, 손실 mse.
    """
    # YOUR CODE HERE
    raise NotImplementedError()

"""A team project: forecast a series twelve steps ahead."""

import numpy as np

MODEL = {}  # what train learned, kept for forecast


def train(x_train, y_train):
    """Learn to forecast from training windows; what forecast needs is kept in MODEL.

    훈련용 윈도로 학습하고, forecast에 필요한 것을 MODEL에 남깁니다.

    Args:
        x_train: windows of 24 values, shape (samples, 24, 1), in order of time.
            값 24개짜리 윈도, 모양 (samples, 24, 1), 시간 순서.
        y_train: the value 12 steps after each window's last, shape (samples, 1).
            윈도의 마지막 값에서 12시점 뒤의 값, 모양 (samples, 1).
    """
    ### BEGIN SOLUTION
    # An echo state network: the recurrent weights stay random, ridge regression fits the readout.
    units, leak, ridge = 200, 0.3, 0.1
    rng = np.random.default_rng(0)
    w_in, bias = rng.normal(size=(2, units))
    w_rec = rng.normal(size=(units, units)) / np.sqrt(units)
    mean, std = x_train.mean(), x_train.std()

    def states(x):
        h = np.zeros((len(x), units))
        for step in np.moveaxis((x - mean) / std, 1, 0):
            h += leak * (np.tanh(step * w_in + h @ w_rec + bias) - h)
        return h

    h = states(x_train)
    readout = np.linalg.solve(h.T @ h + ridge * np.eye(units), h.T @ ((y_train - mean) / std))
    MODEL["forecast"] = lambda x: mean + std * states(x) @ readout
    ### END SOLUTION


def forecast(x):
    """The value 12 steps after each window, by what the last call of train learned.

    마지막 train에서 학습한 것으로 각 윈도의 12시점 뒤 값을 예측합니다.

    Args:
        x: windows of 24 values, shape (samples, 24, 1).
            값 24개짜리 윈도, 모양 (samples, 24, 1).
    Returns:
        shape (samples, 1).
        모양 (samples, 1).
    """
    ### BEGIN SOLUTION
    return MODEL["forecast"](x)
    ### END SOLUTION

"""LSTM gates, one step and a whole sequence."""

import numpy as np


def forget_gate(h, x, W_f, b_f):
    """Forget gate f = σ(W_f·[h, x] + b_f).

    망각 게이트를 계산합니다.

    Args:
        h: previous hidden state, shape (units,).
        x: input of this step, shape (features,).
        W_f: weights, shape (units, units + features).
        b_f: bias, shape (units,).
    Returns:
        f, shape (units,), each entry in (0, 1).
    """
    # YOUR CODE HERE
    raise NotImplementedError()


def lstm_gates(h, x, W, b):
    """All gates of one step: f, i, the candidate C̃, and o.

    한 시점의 네 값 f, i, C̃, o를 계산합니다.

    Args:
        h: previous hidden state, shape (units,).
        x: input of this step, shape (features,).
        W: weights W_f, W_i, W_C, W_o, shape (4, units, units + features).
        b: biases b_f, b_i, b_C, b_o, shape (4, units).
    Returns:
        (f, i, candidate, o), each of shape (units,); f, i, o in (0, 1),
        candidate in (-1, 1).
    """
    # YOUR CODE HERE
    raise NotImplementedError()


def lstm_step(h, c, x, W, b):
    """One step: the new hidden state and the new cell state.

    한 시점을 진행하여 새 은닉 상태와 셀 상태를 구합니다.

    Args:
        h: previous hidden state, shape (units,).
        c: previous cell state, shape (units,).
        x: input of this step, shape (features,).
        W, b: weights and biases as in lstm_gates.
    Returns:
        (h, c): the new states, each of shape (units,).
    """
    # YOUR CODE HERE
    raise NotImplementedError()


def lstm_sequence(xs, W, b):
    """Run a whole sequence, starting from h = 0 and C = 0.

    h = 0, C = 0에서 시작하여 시퀀스 전체를 처리합니다.

    Args:
        xs: inputs, shape (timesteps, features), at least one step.
        W, b: weights and biases as in lstm_gates.
    Returns:
        (hidden, c): the hidden state after every step, shape
        (timesteps, units), and the last cell state, shape (units,).
    """
    # YOUR CODE HERE
    raise NotImplementedError()

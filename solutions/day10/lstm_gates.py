"""LSTM gates, one step and a whole sequence."""

import numpy as np


def forget_gate(h, x, W_f, b_f):
    """Forget gate f = σ(W_f·[h, x] + b_f).

    망각 게이트를 계산합니다.

    Args:
        h: previous hidden state, shape (units,).
            이전 은닉 상태, 모양 (units,).
        x: input of this step, shape (features,).
            이 시점의 입력, 모양 (features,).
        W_f: weights, shape (units, units + features).
            가중치, 모양 (units, units + features).
        b_f: bias, shape (units,).
            편향, 모양 (units,).
    Returns:
        f, shape (units,), each entry in (0, 1).
        f, 모양 (units,), 원소는 (0, 1).
    """
    ### BEGIN SOLUTION
    return 1 / (1 + np.exp(-(W_f @ np.concatenate([h, x]) + b_f)))
    ### END SOLUTION


def lstm_gates(h, x, W, b):
    """All gates of one step: f, i, the candidate C̃, and o.

    한 시점의 네 값 f, i, C̃, o를 계산합니다.

    Args:
        h: previous hidden state, shape (units,).
            이전 은닉 상태, 모양 (units,).
        x: input of this step, shape (features,).
            이 시점의 입력, 모양 (features,).
        W: weights W_f, W_i, W_C, W_o, shape (4, units, units + features).
            가중치 W_f, W_i, W_C, W_o, 모양 (4, units, units + features).
        b: biases b_f, b_i, b_C, b_o, shape (4, units).
            편향 b_f, b_i, b_C, b_o, 모양 (4, units).
    Returns:
        (f, i, candidate, o), each of shape (units,); f, i, o in (0, 1),
        candidate in (-1, 1).
        각각 모양 (units,). f, i, o는 (0, 1), candidate는 (-1, 1).
    """
    ### BEGIN SOLUTION
    z = W @ np.concatenate([h, x]) + b
    f, i, o = 1 / (1 + np.exp(-z[[0, 1, 3]]))
    return f, i, np.tanh(z[2]), o
    ### END SOLUTION


def lstm_step(h, c, x, W, b):
    """One step: the new hidden state and the new cell state.

    한 시점을 진행하여 새 은닉 상태와 셀 상태를 구합니다.

    Args:
        h: previous hidden state, shape (units,).
            이전 은닉 상태, 모양 (units,).
        c: previous cell state, shape (units,).
            이전 셀 상태, 모양 (units,).
        x: input of this step, shape (features,).
            이 시점의 입력, 모양 (features,).
        W, b: weights and biases as in lstm_gates.
            가중치와 편향, lstm_gates와 같음.
    Returns:
        (h, c): the new states, each of shape (units,).
        새 상태 둘, 각각 모양 (units,).
    """
    ### BEGIN SOLUTION
    f, i, candidate, o = lstm_gates(h, x, W, b)
    c = f * c + i * candidate
    return o * np.tanh(c), c
    ### END SOLUTION


def lstm_sequence(xs, W, b):
    """Run a whole sequence, starting from h = 0 and C = 0.

    h = 0, C = 0에서 시작하여 시퀀스 전체를 처리합니다.

    Args:
        xs: inputs, shape (timesteps, features), at least one step.
            입력, 모양 (timesteps, features), 시점은 하나 이상.
        W, b: weights and biases as in lstm_gates.
            가중치와 편향, lstm_gates와 같음.
    Returns:
        (hidden, c): the hidden state after every step, shape
        (timesteps, units), and the last cell state, shape (units,).
        시점마다의 은닉 상태, 모양 (timesteps, units). 그리고 마지막 셀 상태, 모양 (units,).
    """
    ### BEGIN SOLUTION
    h = c = np.zeros(b.shape[1])
    hidden = []
    for x in xs:
        h, c = lstm_step(h, c, x, W, b)
        hidden.append(h)
    return np.stack(hidden), c
    ### END SOLUTION

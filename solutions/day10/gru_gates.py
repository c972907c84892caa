"""GRU gates, one step in both of its forms, and a whole sequence."""

import numpy as np


def gru_gates(h, x, W, U, b):
    """Update gate z and reset gate r.

    업데이트 게이트 z와 리셋 게이트 r을 계산합니다.

    Args:
        h: previous hidden state, shape (units,).
            이전 은닉 상태, 모양 (units,).
        x: input of this step, shape (features,).
            이 시점의 입력, 모양 (features,).
        W: weights of x: W_z, W_r, W_h, shape (3, units, features).
            x의 가중치 W_z, W_r, W_h, 모양 (3, units, features).
        U: weights of h: U_z, U_r, U_h, shape (3, units, units).
            h의 가중치 U_z, U_r, U_h, 모양 (3, units, units).
        b: biases b_z, b_r, b_h, shape (3, units).
            편향 b_z, b_r, b_h, 모양 (3, units).
    Returns:
        (z, r), each of shape (units,), entries in (0, 1).
        각각 모양 (units,), 원소는 (0, 1).
    """
    ### BEGIN SOLUTION
    z, r = 1 / (1 + np.exp(-(W[:2] @ x + U[:2] @ h + b[:2])))
    return z, r
    ### END SOLUTION


def gru_step(h, x, W, U, b):
    """One step of the original form: the reset gate acts before U_h.

    원래 형태의 한 시점입니다. 리셋 게이트를 U_h보다 먼저 적용합니다.

    Args:
        h, x, W, U, b: as in gru_gates.
            gru_gates와 같음.
    Returns:
        the new hidden state, shape (units,).
        새 은닉 상태, 모양 (units,).
    """
    ### BEGIN SOLUTION
    z, r = gru_gates(h, x, W, U, b)
    candidate = np.tanh(W[2] @ x + U[2] @ (r * h) + b[2])
    return z * h + (1 - z) * candidate
    ### END SOLUTION


def gru_step_reset_after(h, x, W, U, b, b_rec):
    """One step of Keras' default form: the reset gate acts after U_h.

    Keras 기본 형태의 한 시점입니다. 리셋 게이트를 U_h 다음에 적용합니다.

    Args:
        h, x, W, U, b: as in gru_gates.
            gru_gates와 같음.
        b_rec: second biases, shape (3, units); the gates use b + b_rec.
            두 번째 편향, 모양 (3, units). 게이트에는 b + b_rec을 씀.
    Returns:
        the new hidden state, shape (units,).
        새 은닉 상태, 모양 (units,).
    """
    ### BEGIN SOLUTION
    z, r = gru_gates(h, x, W, U, b + b_rec)
    candidate = np.tanh(W[2] @ x + b[2] + r * (U[2] @ h + b_rec[2]))
    return z * h + (1 - z) * candidate
    ### END SOLUTION


def gru_sequence(xs, W, U, b, b_rec=None):
    """All hidden states of a sequence, starting from h = 0.

    h = 0에서 시작하여 시퀀스의 모든 은닉 상태를 구합니다.

    Args:
        xs: inputs, shape (timesteps, features), at least one step.
            입력, 모양 (timesteps, features), 시점은 하나 이상.
        W, U, b: as in gru_gates.
            gru_gates와 같음.
        b_rec: None for the original form, otherwise as in
            gru_step_reset_after.
            None이면 원래 형태, 아니면 gru_step_reset_after와 같음.
    Returns:
        the hidden state after every step, shape (timesteps, units).
        시점마다의 은닉 상태, 모양 (timesteps, units).
    """
    ### BEGIN SOLUTION
    h = np.zeros(b.shape[1])
    hidden = []
    for x in xs:
        h = gru_step(h, x, W, U, b) if b_rec is None else gru_step_reset_after(h, x, W, U, b, b_rec)
        hidden.append(h)
    return np.stack(hidden)
    ### END SOLUTION

"""The forward pass of a simple recurrent layer: a step, a sequence, a batch."""

import numpy as np


def rnn_step(h, x, W_x, W_h, b):
    """One step: h' = tanh(x·W_x + h·W_h + b).

    한 시점을 진행하여 새 은닉 상태를 구합니다.

    Args:
        h: previous hidden state, shape (units,).
            이전 은닉 상태, 모양 (units,).
        x: input of this step, shape (features,).
            이 시점의 입력, 모양 (features,).
        W_x: weights of the input, shape (features, units).
            입력의 가중치, 모양 (features, units).
        W_h: weights of the state, shape (units, units).
            상태의 가중치, 모양 (units, units).
        b: bias, shape (units,).
            편향, 모양 (units,).
    Returns:
        the new hidden state, shape (units,).
        새 은닉 상태, 모양 (units,).
    """
    # YOUR CODE HERE
    raise NotImplementedError()


def rnn_sequence(xs, W_x, W_h, b):
    """All hidden states of one sequence, starting from h = 0.

    h = 0에서 시작하여 시퀀스의 모든 은닉 상태를 구합니다.

    Args:
        xs: inputs, shape (timesteps, features), at least one step.
            입력, 모양 (timesteps, features), 시점은 하나 이상.
        W_x, W_h, b: weights as in rnn_step.
            가중치, rnn_step과 같음.
    Returns:
        the hidden state after every step, shape (timesteps, units).
        시점마다의 은닉 상태, 모양 (timesteps, units).
    """
    # YOUR CODE HERE
    raise NotImplementedError()


def rnn_layer(batch, W_x, W_h, b, return_sequences=False):
    """What Keras' SimpleRNN returns for a batch of sequences.

    시퀀스 묶음에 대해 Keras의 SimpleRNN과 같은 결과를 구합니다.

    Args:
        batch: inputs, shape (samples, timesteps, features).
            입력, 모양 (samples, timesteps, features).
        W_x, W_h, b: weights as in rnn_step.
            가중치, rnn_step과 같음.
        return_sequences: False: the last state of every sample; True: all.
            False이면 샘플마다 마지막 상태, True이면 모든 상태.
    Returns:
        shape (samples, units), or (samples, timesteps, units) if
        return_sequences is True.
        모양 (samples, units). return_sequences가 True이면 (samples, timesteps, units).
    """
    # YOUR CODE HERE
    raise NotImplementedError()

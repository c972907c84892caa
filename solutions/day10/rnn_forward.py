"""The forward pass of a simple recurrent layer: a step, a sequence, a batch."""

import numpy as np


def rnn_step(h, x, W_x, W_h, b):
    """One step: h' = tanh(x·W_x + h·W_h + b).

    한 시점을 진행하여 새 은닉 상태를 구합니다.

    Args:
        h: previous hidden state, shape (units,).
        x: input of this step, shape (features,).
        W_x: weights of the input, shape (features, units).
        W_h: weights of the state, shape (units, units).
        b: bias, shape (units,).
    Returns:
        the new hidden state, shape (units,).
    """
    ### BEGIN SOLUTION
    return np.tanh(x @ W_x + h @ W_h + b)
    ### END SOLUTION


def rnn_sequence(xs, W_x, W_h, b):
    """All hidden states of one sequence, starting from h = 0.

    h = 0에서 시작하여 시퀀스의 모든 은닉 상태를 구합니다.

    Args:
        xs: inputs, shape (timesteps, features), at least one step.
        W_x, W_h, b: weights as in rnn_step.
    Returns:
        the hidden state after every step, shape (timesteps, units).
    """
    ### BEGIN SOLUTION
    h = np.zeros(len(b))
    states = []
    for x in xs:
        h = rnn_step(h, x, W_x, W_h, b)
        states.append(h)
    return np.stack(states)
    ### END SOLUTION


def rnn_layer(batch, W_x, W_h, b, return_sequences=False):
    """What Keras' SimpleRNN returns for a batch of sequences.

    시퀀스 묶음에 대해 Keras의 SimpleRNN과 같은 결과를 구합니다.

    Args:
        batch: inputs, shape (samples, timesteps, features).
        W_x, W_h, b: weights as in rnn_step.
        return_sequences: False: the last state of every sample; True: all.
    Returns:
        shape (samples, units), or (samples, timesteps, units) if
        return_sequences is True.
    """
    ### BEGIN SOLUTION
    states = np.stack([rnn_sequence(xs, W_x, W_h, b) for xs in batch])
    return states if return_sequences else states[:, -1]
    ### END SOLUTION

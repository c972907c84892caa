"""Recurrent layers in NumPy: what SimpleRNN, LSTM and GRU compute from their weights.

Sources: the Day 10 lecture (gates of the LSTM as W·[h, x] + b); Hochreiter & Schmidhuber 1997 and Gers et al.
2000 (LSTM), Cho et al. 2014 (GRU); Keras 3 for the layout of weights. tests/test_reference_recurrent.py holds
every function against Keras itself.

Two layouts occur. Lecture: one matrix (units, units + features) per gate, applied to the column [h, x], gates
stacked on the first axis in the order f, i, C, o. Keras: `kernel` (features, gates·units) and
`recurrent_kernel` (units, gates·units) applied to rows, gates side by side in the order i, f, c, o (LSTM) or
z, r, h (GRU).

Inputs of whole sequences are (..., timesteps, features): one sequence or a batch of them. All sequences start
from zero states unless others are given, and every state is returned, so `[..., -1, :]` is Keras'
return_sequences=False.
"""

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[Any]

LECTURE_GATES = "fico"
KERAS_LSTM_GATES = "ifco"
KERAS_GRU_GATES = "zrh"
RECURRENT_ARRAYS = 3  # kernel, recurrent kernel and bias: a recurrent layer's share of get_weights()
LECTURE_ACTIVATIONS = ("relu", "relu", "relu", "linear")


def sigmoid(z: Array) -> Array:
    """σ(z) = 1 / (1 + e⁻ᶻ) for z of any size; through tanh, so it never overflows."""
    return 0.5 * (1 + np.tanh(0.5 * np.asarray(z, dtype=float)))


def relu(z: Array) -> Array:
    """max(z, 0), elementwise."""
    return np.maximum(z, 0)


# --- SimpleRNN ----------------------------------------------------------------------------------------------


def simple_rnn_step(h: Array, x: Array, kernel: Array, recurrent_kernel: Array, bias: Array) -> Array:
    """tanh(x·kernel + h·recurrent_kernel + bias).

    h (..., units), x (..., features), kernel (features, units), recurrent_kernel (units, units), bias
    (units,); the next h (..., units).
    """
    new: Array = np.tanh(x @ kernel + h @ recurrent_kernel + bias)
    return new


def simple_rnn(
    xs: Array, kernel: Array, recurrent_kernel: Array, bias: Array, h: Array | None = None
) -> Array:
    """All hidden states of Keras' SimpleRNN: xs (..., timesteps, features) gives (..., timesteps, units)."""
    h = _zeros(xs, recurrent_kernel) if h is None else h
    states = []
    for x in np.moveaxis(xs, -2, 0):
        h = simple_rnn_step(h, x, kernel, recurrent_kernel, bias)
        states.append(h)
    return np.stack(states, axis=-2)


def simple_rnn_jacobians(xs: Array, kernel: Array, recurrent_kernel: Array, bias: Array) -> Array:
    """∂h_t/∂h_0 of a SimpleRNN started from zeros, for every t: (timesteps, units, units).

    xs (timesteps, features); entry [t, i, j] is the derivative of h_t[i] with respect to h_0[j]. Each step
    multiplies by diag(1 - h_t²)·recurrent_kernelᵀ from the left.
    """
    jacobian = np.eye(len(recurrent_kernel))
    jacobians = []
    for h in simple_rnn(xs, kernel, recurrent_kernel, bias):
        jacobian = (1 - h**2)[:, None] * recurrent_kernel.T @ jacobian
        jacobians.append(jacobian)
    return np.stack(jacobians)


def clip_by_global_norm(gradients: Sequence[Array], max_norm: float) -> list[Array]:
    """All gradients times one factor, so that their joint L2 norm is at most max_norm (global_clipnorm)."""
    norm = np.sqrt(sum(np.sum(np.square(gradient)) for gradient in gradients))
    return [gradient * (max_norm / max(norm, max_norm)) for gradient in gradients]


# --- LSTM, the lecture's form -------------------------------------------------------------------------------


def lstm_gates(h: Array, x: Array, W: Array, b: Array) -> tuple[Array, Array, Array, Array]:
    """Gates f, i, candidate C̃ and gate o, each (units,), in the lecture's order.

    h (units,), x (features,), W (4, units, units + features) and b (4, units) stacked in the order f, i, C,
    o.
    """
    f, i, candidate, o = W @ np.concatenate([h, x]) + b
    return sigmoid(f), sigmoid(i), np.tanh(candidate), sigmoid(o)


def lstm_step(h: Array, c: Array, x: Array, W: Array, b: Array) -> tuple[Array, Array]:
    """One step of the lecture's LSTM: C = f*C + i*C̃, h = o*tanh(C). Returns h and C, each (units,)."""
    f, i, candidate, o = lstm_gates(h, x, W, b)
    c = f * c + i * candidate
    return o * np.tanh(c), c


def lstm(
    xs: Array, W: Array, b: Array, h: Array | None = None, c: Array | None = None
) -> tuple[Array, Array]:
    """Hidden and cell states of one sequence (timesteps, features): two arrays (timesteps, units)."""
    units = np.shape(b)[1]
    h = np.zeros(units) if h is None else h
    c = np.zeros(units) if c is None else c
    states = []
    for x in xs:
        h, c = lstm_step(h, c, x, W, b)
        states.append((h, c))
    hidden, cell = zip(*states, strict=True)
    return np.stack(hidden), np.stack(cell)


def lstm_lecture_weights(kernel: Array, recurrent_kernel: Array, bias: Array) -> tuple[Array, Array]:
    """Keras' LSTM weights in the lecture's form, order f, i, C, o.

    Returns W (4, units, units + features) and b (4, units).
    """
    units = len(recurrent_kernel)
    order = [KERAS_LSTM_GATES.index(gate) for gate in LECTURE_GATES]
    stacked = np.concatenate([recurrent_kernel, kernel])  # rows in the order [h, x]
    W = stacked.reshape(len(stacked), 4, units).transpose(1, 2, 0)
    return W[order], np.reshape(bias, (4, units))[order]


def lstm_keras_weights(W: Array, b: Array) -> tuple[Array, Array, Array]:
    """The lecture's W and b as Keras' kernel, recurrent kernel and bias: lstm_lecture_weights undone."""
    units = np.shape(b)[1]
    order = [LECTURE_GATES.index(gate) for gate in KERAS_LSTM_GATES]
    stacked = np.concatenate(np.asarray(W)[order]).T  # (units + features, 4·units)
    return stacked[units:], stacked[:units], np.ravel(np.asarray(b)[order])


# --- LSTM, Keras' form --------------------------------------------------------------------------------------


def keras_lstm_step(
    h: Array, c: Array, x: Array, kernel: Array, recurrent_kernel: Array, bias: Array
) -> tuple[Array, Array]:
    """One step of Keras' LSTM. Returns h and c.

    h, c (..., units), x (..., features), kernel (features, 4·units), recurrent_kernel (units, 4·units), bias
    (4·units,).
    """
    i, f, candidate, o = np.split(x @ kernel + h @ recurrent_kernel + bias, 4, axis=-1)
    c = sigmoid(f) * c + sigmoid(i) * np.tanh(candidate)
    return sigmoid(o) * np.tanh(c), c


def keras_lstm(
    xs: Array,
    kernel: Array,
    recurrent_kernel: Array,
    bias: Array,
    h: Array | None = None,
    c: Array | None = None,
) -> tuple[Array, Array]:
    """Hidden and cell states of Keras' LSTM, each (..., timesteps, units); xs (..., timesteps, features)."""
    h = _zeros(xs, recurrent_kernel) if h is None else h
    c = _zeros(xs, recurrent_kernel) if c is None else c
    states = []
    for x in np.moveaxis(xs, -2, 0):
        h, c = keras_lstm_step(h, c, x, kernel, recurrent_kernel, bias)
        states.append((h, c))
    hidden, cell = zip(*states, strict=True)
    return np.stack(hidden, axis=-2), np.stack(cell, axis=-2)


# --- GRU ----------------------------------------------------------------------------------------------------
# z is the share of the old state that passes through: h = z*h + (1 - z)*h̃ (Cho et al. 2014 and Keras; others
# swap it).


def gru_gates(h: Array, x: Array, W: Array, U: Array, b: Array) -> tuple[Array, Array]:
    """Update gate z and reset gate r, each (units,).

    h (units,), x (features,), W (3, units, features), U (3, units, units), b (3, units), stacked in the order
    z, r, h.
    """
    z, r = W[:2] @ x + U[:2] @ h + b[:2]
    return sigmoid(z), sigmoid(r)


def _mix(z: Array, h: Array, candidate: Array) -> Array:
    new: Array = z * h + (1 - z) * candidate
    return new


def gru_step(h: Array, x: Array, W: Array, U: Array, b: Array) -> Array:
    """The original step: h̃ = tanh(W_h·x + U_h·(r*h) + b_h), the reset before the matrix (1406.1078v3)."""
    z, r = gru_gates(h, x, W, U, b)
    candidate = np.tanh(W[2] @ x + U[2] @ (r * h) + b[2])
    return _mix(z, h, candidate)


def gru_step_reset_after(h: Array, x: Array, W: Array, U: Array, b: Array, b_rec: Array) -> Array:
    """Keras' default: h̃ = tanh(W_h·x + b_h + r*(U_h·h + b'_h)), the reset after the matrix (1406.1078v1).

    b_rec (3, units) is the second bias b'; the gates use b + b'.
    """
    z, r = gru_gates(h, x, W, U, b + b_rec)
    candidate = np.tanh(W[2] @ x + b[2] + r * (U[2] @ h + b_rec[2]))
    return _mix(z, h, candidate)


def gru(xs: Array, W: Array, U: Array, b: Array, b_rec: Array | None = None, h: Array | None = None) -> Array:
    """Hidden states (timesteps, units) of one sequence (timesteps, features); with b_rec: reset_after."""
    h = np.zeros(np.shape(U)[1]) if h is None else h
    states = []
    for x in xs:
        h = gru_step(h, x, W, U, b) if b_rec is None else gru_step_reset_after(h, x, W, U, b, b_rec)
        states.append(h)
    return np.stack(states)


def gru_stacked_weights(
    kernel: Array, recurrent_kernel: Array, bias: Array
) -> tuple[Array, Array, Array, Array | None]:
    """Keras' GRU weights as W (3, units, features), U (3, units, units), b and b_rec (3, units) or None."""
    units = len(recurrent_kernel)
    W = kernel.reshape(len(kernel), 3, units).transpose(1, 2, 0)
    U = recurrent_kernel.reshape(units, 3, units).transpose(1, 2, 0)
    if np.ndim(bias) == 1:
        return W, U, bias.reshape(3, units), None
    b, b_rec = bias.reshape(2, 3, units)
    return W, U, b, b_rec


def keras_gru_step(h: Array, x: Array, kernel: Array, recurrent_kernel: Array, bias: Array) -> Array:
    """One step of Keras' GRU.

    h (..., units), x (..., features), kernel (features, 3·units), recurrent_kernel (units, 3·units); a bias
    of shape (2, 3·units) means reset_after=True (Keras' default), one of shape (3·units,) reset_after=False.
    """
    units = len(recurrent_kernel)
    if np.ndim(bias) == 2:
        x_z, x_r, x_h = np.split(x @ kernel + bias[0], 3, axis=-1)
        h_z, h_r, h_h = np.split(h @ recurrent_kernel + bias[1], 3, axis=-1)
        z, r = sigmoid(x_z + h_z), sigmoid(x_r + h_r)
        candidate = np.tanh(x_h + r * h_h)
    else:
        x_z, x_r, x_h = np.split(x @ kernel + bias, 3, axis=-1)
        h_z, h_r = np.split(h @ recurrent_kernel[:, : 2 * units], 2, axis=-1)
        z, r = sigmoid(x_z + h_z), sigmoid(x_r + h_r)
        candidate = np.tanh(x_h + (r * h) @ recurrent_kernel[:, 2 * units :])
    return _mix(z, h, candidate)


def keras_gru(
    xs: Array, kernel: Array, recurrent_kernel: Array, bias: Array, h: Array | None = None
) -> Array:
    """All hidden states of Keras' GRU: xs (..., timesteps, features) gives (..., timesteps, units)."""
    h = _zeros(xs, recurrent_kernel) if h is None else h
    states = []
    for x in np.moveaxis(xs, -2, 0):
        h = keras_gru_step(h, x, kernel, recurrent_kernel, bias)
        states.append(h)
    return np.stack(states, axis=-2)


# --- Whole models, from the list a Keras model's get_weights() gives ----------------------------------------

ACTIVATIONS: dict[str, Callable[[Array], Array]] = {
    "linear": lambda z: z,
    "relu": relu,
    "tanh": np.tanh,
    "sigmoid": sigmoid,
}


def dense_stack(x: Array, weights: Sequence[Array], activations: Sequence[str]) -> Array:
    """Dense layers one after the other on x (..., inputs); weights kernel, bias, kernel, bias and so on.

    One name of ACTIVATIONS for each layer; returns (..., outputs).
    """
    if len(weights) != 2 * len(activations):
        raise ValueError(
            f"{len(activations)} Dense layers have {2 * len(activations)} arrays, not {len(weights)}"
        )
    for kernel, bias, activation in zip(weights[::2], weights[1::2], activations, strict=True):
        x = ACTIVATIONS[activation](x @ kernel + bias)
    return x


def recurrent_model(
    kind: str, xs: Array, weights: Sequence[Array], activations: Sequence[str] = LECTURE_ACTIVATIONS
) -> Array:
    """What the lecture's model predicts: one recurrent layer, its last state through Dense layers.

    kind "simple_rnn", "lstm" or "gru"; xs (batch, timesteps, features); weights as from get_weights(): the
    recurrent layer's kernel, recurrent kernel and bias, then kernel and bias of each Dense layer; activations
    of the Dense layers (the lecture's: three relu and a linear one). Returns (batch, outputs), computed in
    float64.
    """
    xs = np.asarray(xs, dtype=float)
    weights = [np.asarray(weight, dtype=float) for weight in weights]
    states = last_states(kind, xs, *weights[:RECURRENT_ARRAYS])
    return dense_stack(states, weights[RECURRENT_ARRAYS:], activations)


def last_states(kind: str, xs: Array, kernel: Array, recurrent_kernel: Array, bias: Array) -> Array:
    """The last hidden state (..., units) of a Keras layer of this kind: "simple_rnn", "lstm" or "gru"."""
    return all_states(kind, xs, kernel, recurrent_kernel, bias)[..., -1, :]


def all_states(kind: str, xs: Array, kernel: Array, recurrent_kernel: Array, bias: Array) -> Array:
    """All hidden states (..., timesteps, units) of a Keras layer of this kind (return_sequences=True)."""
    if kind == "simple_rnn":
        return simple_rnn(xs, kernel, recurrent_kernel, bias)
    if kind == "lstm":
        return keras_lstm(xs, kernel, recurrent_kernel, bias)[0]
    if kind == "gru":
        return keras_gru(xs, kernel, recurrent_kernel, bias)
    raise ValueError(f"unknown recurrent layer {kind!r}")


def random_weights(rng: np.random.Generator, shapes: Sequence[tuple[int, ...]]) -> list[Array]:
    """Weights of these shapes, float32 as Keras keeps them, for `model.set_weights`.

    Matrices have standard deviation 1/√rows, so that inputs of size about 1 saturate neither tanh nor
    sigmoid; biases 0.5 (two rows of a reset_after GRU: 0.7), so that a forgotten one shows.
    """
    scales = (0.5 if len(shape) == 1 else shape[0] ** -0.5 for shape in shapes)
    return [
        rng.normal(scale=scale, size=shape).astype(np.float32)
        for scale, shape in zip(scales, shapes, strict=True)
    ]


# --- Parameter counts ---------------------------------------------------------------------------------------


def simple_rnn_parameters(units: int, features: int) -> int:
    """One matrix for x, one for h, one bias: units·(features + units + 1)."""
    return units * (features + units + 1)


def lstm_parameters(units: int, features: int) -> int:
    """Four times those of a SimpleRNN: three gates and the candidate."""
    return 4 * simple_rnn_parameters(units, features)


def gru_parameters(units: int, features: int, reset_after: bool = True) -> int:
    """Three times those of a SimpleRNN; reset_after (Keras' default) adds a second bias to each."""
    return 3 * (simple_rnn_parameters(units, features) + (units if reset_after else 0))


def dense_parameters(units: int, inputs: int) -> int:
    """units·(inputs + 1)."""
    return units * (inputs + 1)


def _zeros(xs: Array, recurrent_kernel: Array) -> Array:
    return np.zeros((*np.shape(xs)[:-2], len(recurrent_kernel)))

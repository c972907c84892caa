"""Keras' own recurrent layers, written out step by step, with half of the operations.

Run one by one, as in a worker (course.worker.graphs), or traced with their gradients, operations are most of what a small
model takes. What the layers compute stays the same, but for the last digit.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import keras
import tensorflow as tf

# Names that Keras keeps to itself may be others one day: then all stays as it is.
_METHOD = "inner_loop"
_loop: Any = getattr(keras.layers.RNN, _METHOD, None)
_calls = {
    cell: cell.call for cell in (keras.layers.SimpleRNNCell, keras.layers.GRUCell, keras.layers.LSTMCell)
}
_FUNCTIONS: Mapping[Any, Callable[[Any], Any]] = {
    keras.activations.tanh: tf.tanh,
    keras.activations.sigmoid: tf.sigmoid,
    keras.activations.relu: tf.nn.relu,
    keras.activations.linear: tf.identity,
}

State = list[Any]


def install() -> None:
    """Put it in place, for good."""
    if _loop is not None:
        setattr(keras.layers.RNN, _METHOD, loop)


def loop(layer: Any, sequences: Any, initial_state: Any, mask: Any = None, training: bool = False) -> Any:
    """The last output, all outputs and the states at the end, as Keras gives them; what is not plain goes Keras' way."""
    if mask is not None or not _plain(layer, sequences):
        return _loop(layer, sequences, initial_state, mask=mask, training=training)
    first = list(initial_state) if isinstance(initial_state, list | tuple) else [initial_state]
    states = list(_STATES[type(layer.cell)](layer.cell, sequences, first))
    last = states[-1][0]
    # All outputs are looked at only where the layer returns them.
    outputs = tf.stack([output for output, *_ in states], axis=1) if layer.return_sequences else last
    return last, outputs, states[-1]


def _plain(layer: Any, sequences: Any) -> bool:
    """Whether the layer is written out, and its cell is Keras' own with nothing but weights and known functions."""
    cell = layer.cell
    return (
        layer.unroll
        and not layer.go_backwards
        and type(cell) in _calls
        and type(cell).call is _calls[type(cell)]
        and not vars(cell).keys() & {"call", "__call__"}
        and isinstance(sequences, tf.Tensor)
        and None not in sequences.shape[1:]
        and sequences.shape.rank == 3
        and sequences.dtype == tf.float32
        and cell.dtype_policy.name == "float32"
        and cell.built
        and cell.use_bias
        and not cell.dropout
        and not cell.recurrent_dropout
        and cell.activity_regularizer is None
        and getattr(cell, "reset_after", True)
        and all(
            any(given is known for known in _FUNCTIONS)  # a learner's own need not be hashable
            for given in (cell.activation, getattr(cell, "recurrent_activation", cell.activation))
        )
    )


def _weights(cell: Any) -> list[Any]:
    """Its kernel, recurrent kernel and bias as they are now."""
    return [tf.convert_to_tensor(each.value) for each in (cell.kernel, cell.recurrent_kernel, cell.bias)]


def _by_step(sequences: Any, kernel: Any, bias: Any, sizes: Sequence[int]) -> list[list[Any]]:
    """What the inputs add to each step's sums, (batch, size) for every one of these sizes."""
    steps, features = sequences.shape[1:]
    sums = tf.nn.bias_add(tf.matmul(tf.reshape(sequences, (-1, features)), kernel), bias)
    parts = tf.split(sums, sizes, axis=1) if len(sizes) > 1 else [sums]
    each = [tf.unstack(tf.reshape(part, (-1, steps, part.shape[1])), axis=1) for part in parts]
    return [list(step) for step in zip(*each, strict=True)]


def _simple(cell: Any, sequences: Any, state: State) -> Any:
    kernel, recurrent, bias = _weights(cell)
    activation, [h] = _FUNCTIONS[cell.activation], state
    for [x] in _by_step(sequences, kernel, bias, [cell.units]):
        h = activation(x + tf.matmul(h, recurrent))
        yield [h]


def _gru(cell: Any, sequences: Any, state: State) -> Any:
    kernel, recurrent, bias = _weights(cell)
    of_inputs, of_state = tf.unstack(bias)
    activation, gate = _FUNCTIONS[cell.activation], _FUNCTIONS[cell.recurrent_activation]
    sizes, [h] = [2 * cell.units, cell.units], state
    for x_gates, x in _by_step(sequences, kernel, of_inputs, sizes):
        h_gates, kept = tf.split(tf.nn.bias_add(tf.matmul(h, recurrent), of_state), sizes, axis=1)
        update, reset = tf.split(gate(x_gates + h_gates), 2, axis=1)
        h = update * h + (1 - update) * activation(x + reset * kept)
        yield [h]


def _lstm(cell: Any, sequences: Any, state: State) -> Any:
    kernel, recurrent, bias = _weights(cell)
    activation, gate = _FUNCTIONS[cell.activation], _FUNCTIONS[cell.recurrent_activation]
    h, c = state
    for [x] in _by_step(sequences, kernel, bias, [4 * cell.units]):
        i, f, new, o = tf.split(x + tf.matmul(h, recurrent), 4, axis=1)
        c = gate(f) * c + gate(i) * activation(new)
        h = gate(o) * activation(c)
        yield [h, c]


_STATES = {keras.layers.SimpleRNNCell: _simple, keras.layers.GRUCell: _gru, keras.layers.LSTMCell: _lstm}

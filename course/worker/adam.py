"""Keras' plain Adam with one operation of TensorFlow's a variable, where Keras makes fourteen.

Run one by one, as in a worker (course.worker.graphs), these are most of what a small model's training takes.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import keras
import tensorflow as tf

# Names that Keras keeps to itself may be others one day: then all stays as it is.
_METHOD = "_backend_update_step"
_ADAM = ("update_step", "_get_variable_index")
usual: Any = getattr(keras.optimizers.Adam, _METHOD, None)
_update = keras.optimizers.Adam.update_step


def install() -> None:
    """Put it in place, for good."""
    if usual is not None and all(hasattr(keras.optimizers.Adam, name) for name in _ADAM):
        setattr(keras.optimizers.Adam, _METHOD, step)


def step(optimizer: Any, gradients: Sequence[Any], variables: Sequence[Any], rate: Any) -> None:
    """Move the variables, as Keras does; what is not plain Adam moves them its own way."""
    variables = [getattr(variable, "value", variable) for variable in variables]
    places = _places(optimizer, gradients, variables)
    if places is None:
        usual(optimizer, gradients, variables, rate)
        return
    made = tf.cast(tf.convert_to_tensor(optimizer.iterations) + 1, tf.float32)
    # Each once, not once a variable.
    rate, *betas, epsilon = (
        tf.cast(number, tf.float32)
        for number in (rate, optimizer.beta_1, optimizer.beta_2, optimizer.epsilon)
    )
    first, second = (tf.pow(beta, made) for beta in betas)
    for place, gradient, variable in zip(places, gradients, variables, strict=True):
        tf.raw_ops.ResourceApplyAdam(
            var=variable.handle,
            m=optimizer._momentums[place].value.handle,
            v=optimizer._velocities[place].value.handle,
            beta1_power=first,
            beta2_power=second,
            lr=rate,
            beta1=betas[0],
            beta2=betas[1],
            epsilon=epsilon,
            grad=gradient,
        )


def _places(optimizer: Any, gradients: Sequence[Any], variables: Sequence[Any]) -> list[int] | None:
    """Where Adam keeps what belongs to each variable; None where its steps are others than plain Adam's."""
    plain = type(optimizer).update_step is _update and "update_step" not in vars(optimizer)
    dense = all(isinstance(each, tf.Tensor) and each.dtype == tf.float32 for each in gradients)
    single = all(each.dtype == tf.float32 and hasattr(each, "handle") for each in variables)
    if (
        not (plain and dense and single)
        or optimizer.amsgrad
        or optimizer.weight_decay
        or tf.distribute.has_strategy()
    ):
        return None
    try:
        return [optimizer._get_variable_index(variable) for variable in variables]
    except (KeyError, AttributeError):  # it has been built for another model
        return None

"""A model trained in one traced loop, with as little beside the arithmetic as can be.

Keras is imported inside the functions: this module is loaded before a worker is confined, Keras may be loaded after.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from typing import Any

import numpy as np

_CALM_EPOCHS = 3
_MOST_UNROLLED = 16  # tracing takes as long as there are steps


def train_steps(
    model: Any,
    x: Any,
    y: Any,
    steps: int,
    batch_size: int = 1,
    seed: int = 0,
    enough: float | None = None,
) -> Any:
    """Train with the model's own loss and optimizer for `steps` batches in one traced loop; the loss of each step made.

    Rows are shuffled anew each epoch; a last, smaller batch of an epoch is left out. With `enough` the loop ends once every
    loss of `_CALM_EPOCHS` epochs in a row has stayed below it.
    """
    import tensorflow as tf

    x, y = np.asarray(x), np.asarray(y)
    if x.dtype.kind == "f":
        x = x.astype("float32")
    if y.dtype.kind == "f":
        y = y.astype("float32")
    per_epoch = max(1, len(x) // batch_size)
    draw = np.random.default_rng(seed)
    epochs = -(-steps // per_epoch)
    order = np.concatenate([draw.permutation(len(x))[: per_epoch * batch_size] for _ in range(epochs)])
    batches = order.reshape(-1, min(batch_size, len(x)))[:steps]
    if not getattr(model, "compiled", False) or model.optimizer is None:
        raise RuntimeError("You must call compile() before training the model.")
    if not all(layer.built for layer in (model, *flat_layers(model))):
        model(x[:1], training=False)
    model.optimizer.build(model.trainable_variables)

    inputs, targets, plan = tf.constant(x), tf.constant(y), tf.constant(batches)
    limit, calm = -np.inf if enough is None else enough, _CALM_EPOCHS * per_epoch

    # An explicit while_loop: autograph would read this file's source, which a confined process cannot.
    @tf.function(autograph=False)
    def run() -> Any:
        def one_step(step: Any, low: Any, losses: Any) -> tuple[Any, Any, Any]:
            batch, target = tf.gather(inputs, plan[step]), tf.gather(targets, plan[step])
            with tf.GradientTape() as tape:
                predicted = model(batch, training=True)
                due = tf.nest.map_structure(
                    lambda _: target, predicted
                )  # a list of one output wants a list of one target
                loss = model.compute_loss(x=batch, y=due, y_pred=predicted)
            gradients = tape.gradient(loss, model.trainable_variables)
            model.optimizer.apply(gradients, model.trainable_variables)
            loss = tf.cast(loss, tf.float32)
            return step + 1, tf.where(loss < limit, low + 1, 0), losses.write(step, loss)

        start = (tf.constant(0), tf.constant(0), tf.TensorArray(tf.float32, size=steps))
        made, _, losses = tf.while_loop(
            lambda step, low, _: tf.logical_and(step < steps, low < calm), one_step, start
        )
        return losses.stack()[:made]

    with unrolled(model, x):
        return run().numpy()


@contextlib.contextmanager
def unrolled(model: Any, x: Any) -> Iterator[None]:
    """Recurrent layers written out step by step where there are few: the same sums in two thirds of the time."""
    import keras

    few = x.ndim > 2 and x.shape[1] <= _MOST_UNROLLED
    layers = [
        each for each in flat_layers(model) if few and isinstance(each, keras.layers.RNN) and not each.unroll
    ]
    for layer in layers:
        layer.unroll = True
    try:
        yield
    finally:
        for layer in layers:
            layer.unroll = False


def flat_layers(model: Any) -> list[Any]:
    """The layers of a model in order, those of models in it too, without inputs."""
    import keras

    layers: list[Any] = []
    for layer in model.layers:
        if isinstance(layer, keras.layers.InputLayer):
            continue
        layers += flat_layers(layer) if isinstance(layer, keras.Model) else [layer]
    return layers

"""What a grader can ask of a Keras model that stays in the worker.

Keras is imported inside the functions: this module is loaded before a worker is confined, Keras may be loaded after.
"""

from __future__ import annotations

import inspect
import os
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

_SHORT_LOSS = {
    "mean_squared_error": "mse",
    "MeanSquaredError": "mse",
    "mean_absolute_error": "mae",
    "MeanAbsoluteError": "mae",
    "BinaryCrossentropy": "binary_crossentropy",
    "CategoricalCrossentropy": "categorical_crossentropy",
    "SparseCategoricalCrossentropy": "sparse_categorical_crossentropy",
    "Huber": "huber",
}


def make(inputs: int, layers: list[tuple[str, dict[str, Any]]], settings: dict[str, Any]) -> Any:
    """A Sequential model of a grader's own: layers by class name and arguments, compiled with these settings."""
    import keras

    made = [getattr(keras.layers, kind)(**arguments) for kind, arguments in layers]
    model = keras.Sequential([keras.Input(shape=(inputs,)), *made])
    rate = settings.get("learning_rate")
    optimizer = keras.optimizers.get(settings["optimizer"])
    if rate is not None:
        optimizer.learning_rate = rate
    model.compile(optimizer=optimizer, loss=settings["loss"], metrics=list(settings["metrics"]))
    return model


def describe(model: Any) -> dict[str, Any]:
    """Class, layers, shapes and parameter count. A model without weights yet has parameters None."""
    return {
        "kind": type(model).__name__,
        "layers": [_layer(layer) for layer in _flat_layers(model)],
        "input_shape": _shape(model, "input_shape"),
        "output_shape": _shape(model, "output_shape"),
        "parameters": int(model.count_params()) if model.built else None,
    }


def compiled(model: Any) -> dict[str, Any] | None:
    """Optimizer, learning rate, loss and metrics under Keras' short names; None before compile()."""
    if not getattr(model, "compiled", False) or model.optimizer is None:
        return None
    config = model.get_compile_config() or {}
    return {
        "optimizer": _optimizer_name(model.optimizer),
        "learning_rate": float(np.asarray(model.optimizer.learning_rate)),
        "loss": _name(model.loss),
        "metrics": [_name(metric) for metric in _listed(config.get("metrics"))],
    }


def get_weights(model: Any) -> list[Any]:
    """The weights in Keras' order."""
    return list(model.get_weights())


def set_weights(model: Any, weights: list[Any]) -> None:
    """Replace the weights; raises ValueError where shapes do not fit."""
    model.set_weights(weights)


def predict(model: Any, x: Any) -> Any:
    """The model's outputs for a batch, in inference mode, as float arrays."""
    import keras

    outputs = [model(part, training=False) for part in _chunks(np.asarray(x))]
    return np.concatenate([keras.ops.convert_to_numpy(output) for output in outputs])


def steps(model: Any) -> int:
    """For how many batches the model has been trained since it was compiled."""
    return int(model.optimizer.iterations) if getattr(model, "optimizer", None) is not None else 0


def saved(_model: Any, path: str) -> Any:
    """The model in a file the learner's code wrote; None where there is no such file."""
    import keras

    return keras.saving.load_model(path) if os.path.isfile(path) else None


def watch(model: Any, tell: Callable[[dict[str, Any]], None]) -> None:
    """Let `tell` know of the numbers of every epoch as the learner's code trains the model with fit."""
    import keras

    class Teller(keras.callbacks.Callback):  # type: ignore[misc]
        def on_epoch_end(self, epoch: int, logs: Mapping[str, Any] | None = None) -> None:
            known = {name: float(value) for name, value in (logs or {}).items() if np.isfinite(value)}
            tell({"epoch": epoch + 1, **known})

    fit = model.fit
    signature = inspect.signature(fit)

    def watched(*arguments: Any, **keywords: Any) -> Any:
        call = signature.bind(*arguments, **keywords)
        given = call.arguments.get("callbacks") or []
        call.arguments["callbacks"] = [*(given if isinstance(given, list | tuple) else [given]), Teller()]
        return fit(*call.args, **call.kwargs)

    model.fit = watched


def train_steps(model: Any, x: Any, y: Any, steps: int, batch_size: int = 1, seed: int = 0) -> Any:
    """Train with the model's own loss and optimizer for `steps` batches in one traced loop; the loss of each step.

    Rows are shuffled anew each epoch; a last, smaller batch of an epoch is left out.
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
    model(x[:1], training=False)
    model.optimizer.build(model.trainable_variables)

    inputs, targets, plan = tf.constant(x), tf.constant(y), tf.constant(batches)

    # An explicit while_loop: autograph would read this file's source, which a confined process cannot.
    @tf.function(autograph=False)
    def run() -> Any:
        def one_step(step: Any, losses: Any) -> tuple[Any, Any]:
            batch, target = tf.gather(inputs, plan[step]), tf.gather(targets, plan[step])
            with tf.GradientTape() as tape:
                predicted = model(batch, training=True)
                loss = model.compute_loss(x=batch, y=target, y_pred=predicted)
            gradients = tape.gradient(loss, model.trainable_variables)
            model.optimizer.apply(gradients, model.trainable_variables)
            return step + 1, losses.write(step, tf.cast(loss, tf.float32))

        start = (tf.constant(0), tf.TensorArray(tf.float32, size=steps))
        return tf.while_loop(lambda step, _: step < steps, one_step, start)[1].stack()

    return run().numpy()


OPERATIONS: Mapping[str, Callable[..., Any]] = {
    "describe": describe,
    "compiled": compiled,
    "get_weights": get_weights,
    "set_weights": set_weights,
    "predict": predict,
    "steps": steps,
    "saved": saved,
    "train_steps": train_steps,
}


def _flat_layers(model: Any) -> list[Any]:
    import keras

    layers: list[Any] = []
    for layer in model.layers:
        if isinstance(layer, keras.layers.InputLayer):
            continue
        layers += _flat_layers(layer) if isinstance(layer, keras.Model) else [layer]
    return layers


def _layer(layer: Any) -> dict[str, Any]:
    try:
        config = {str(k): v for k, v in layer.get_config().items() if _plain(v)}
    except (NotImplementedError, TypeError):
        config = {}
    return {
        "kind": type(layer).__name__,
        "name": str(layer.name),
        "config": config,
        "output_shape": _output_shape(layer),
        "parameters": int(layer.count_params()) if layer.built else None,
        "trainable": bool(layer.trainable),
    }


def _output_shape(layer: Any) -> Any:
    try:
        return _as_shape(layer.output.shape)
    except (AttributeError, ValueError):  # a layer of a subclassed model has no symbolic output
        return None


def _shape(model: Any, name: str) -> Any:
    try:
        return _as_shape(getattr(model, name))
    except (AttributeError, ValueError):
        return None


def _as_shape(shape: Any) -> Any:
    if shape is None or any(isinstance(part, list | tuple | dict) for part in shape):
        return None
    return tuple(None if n is None else int(n) for n in shape)


def _plain(value: Any) -> bool:
    if isinstance(value, list | tuple):
        return all(_plain(item) for item in value)
    return value is None or isinstance(value, str | int | float | bool)


def _optimizer_name(optimizer: Any) -> str:
    """Keras' class in lower case (its `name` is counted up: adam_3); a learner's own subclass counts as its parent."""
    kinds = (kind.__name__ for kind in type(optimizer).__mro__ if kind.__module__.startswith("keras."))
    return next(kinds, type(optimizer).__name__).lower()


def _name(value: Any) -> str | None:
    if value is None:
        return None
    if isinstance(value, dict):
        value = value.get("config", value) if "config" in value else value
        value = value.get("name", "") if isinstance(value, dict) else value
    if isinstance(value, str):
        name = value
    elif hasattr(value, "name") and not callable(value.name) and type(value).__module__.startswith("keras"):
        name = type(value).__name__ if type(value).__name__ in _SHORT_LOSS else str(value.name)
    else:
        name = getattr(value, "__name__", type(value).__name__)
    return _SHORT_LOSS.get(name, name)


def _listed(value: Any) -> list[Any]:
    if value is None:
        return []
    if isinstance(value, dict) and "config" not in value:
        return [item for part in value.values() for item in _listed(part)]
    return [item for part in value for item in _listed(part)] if isinstance(value, list | tuple) else [value]


def _chunks(x: Any, rows: int = 4096) -> list[Any]:
    data = x.astype("float32") if x.dtype.kind == "f" else x
    return [data[start : start + rows] for start in range(0, max(len(data), 1), rows)]

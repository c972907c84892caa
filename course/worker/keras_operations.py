"""What a grader can ask of a Keras model that stays in the worker.

Keras is imported inside the functions: this module is loaded before a worker is confined, Keras may be loaded after.
"""

from __future__ import annotations

import inspect
import json
import os
import tempfile
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import numpy as np

from course.worker.keras_settings import compiled
from course.worker.training import flat_layers, train_steps, unrolled

_MOST_ROWS = 4096
_LONGEST_CONFIGURATION = 200_000


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


def rebuilt(configuration: str) -> Any:
    """A model of Keras' own layers from its configuration (JSON); raises where it names anything else."""
    import keras

    _refuse_foreign(json.loads(configuration))
    return keras.models.model_from_json(configuration)


def _refuse_foreign(part: Any) -> None:
    """Raise ValueError where a configuration names a class that is not Keras' own, or holds code."""
    if isinstance(part, dict):
        module = part.get("module", "keras")
        name = part.get("class_name", "")
        if not isinstance(module, str) or module.split(".")[0] not in ("keras", "builtins"):
            raise ValueError(f"{name} of {module} is not Keras' own")
        if name in ("Lambda", "__lambda__", "function") or part.get("registered_name", name) not in (
            None,
            name,
        ):
            raise ValueError(f"{name} is not Keras' own")
    for inner in part.values() if isinstance(part, dict) else part if isinstance(part, list) else ():
        _refuse_foreign(inner)


def loaded(name: str, content: Any) -> Any:
    """The model in a file that learner's code saved, given as bytes under its name; raises where it is none."""
    import keras

    path = Path(tempfile.mkdtemp(), Path(name).name)
    path.write_bytes(np.asarray(content, dtype=np.uint8).tobytes())
    return keras.saving.load_model(path, safe_mode=True)


MAKERS: Mapping[str, Callable[..., Any]] = {"stack": make, "rebuilt": rebuilt, "loaded": loaded}


def describe(model: Any) -> dict[str, Any]:
    """Class, layers, shapes and parameter count. A model without weights yet has parameters None."""
    return {
        "kind": type(model).__name__,
        "layers": [_layer(layer) for layer in flat_layers(model)],
        "input_shape": _shape(model, "input_shape"),
        "output_shape": _shape(model, "output_shape"),
        "parameters": int(model.count_params()) if model.built else None,
    }


def get_weights(model: Any) -> list[Any]:
    """The weights in Keras' order."""
    return list(model.get_weights())


def set_weights(model: Any, weights: list[Any]) -> None:
    """Replace the weights; raises ValueError where shapes do not fit."""
    model.set_weights(weights)


def predict(model: Any, x: Any, training: bool = False) -> Any:
    """The model's outputs for a batch, in inference or in training mode, as float arrays."""
    import keras

    def ask(part: Any) -> Any:
        return keras.ops.convert_to_numpy(_only(model(part, training=training)))

    data = np.asarray(x)
    try:
        with unrolled(model, data):
            return np.concatenate([ask(part) for part in _chunks(data, _MOST_ROWS)])
    except Exception:
        # A batch size may be fixed (a stateful layer), or only be what the model was first called with.
        shape = _shape(model, "input_shape", whole=True)
        if not shape or not shape[0] or shape[0] == len(data):
            raise
    outputs = []
    for part in _chunks(data, shape[0]):
        padded = np.concatenate([part, np.repeat(part[-1:], shape[0] - len(part), axis=0)])
        outputs.append(ask(padded)[: len(part)])
    return np.concatenate(outputs)


def _only(value: Any) -> Any:
    """What stands alone in a list or a dict, as the output of Model(inputs=[x], outputs=[y])."""
    while isinstance(value, list | tuple | dict) and len(value) == 1:
        value = next(iter(value.values() if isinstance(value, dict) else value))
    return value


def settle(model: Any) -> None:
    """Make the weights of a model that was built by its shape alone: Keras leaves the layers of a subclassed one without."""
    shapes = list((getattr(model, "_build_shapes_dict", None) or {}).values())
    if not model.built or not shapes or all(layer.built for layer in model.layers):
        return
    shape = shapes[0]
    if isinstance(shape, list | tuple) and shape and all(n is None or isinstance(n, int) for n in shape):
        model(np.zeros([n or 1 for n in shape], dtype="float32"), training=False)


def steps(model: Any) -> int:
    """For how many batches the model has been trained since it was compiled."""
    return int(model.optimizer.iterations) if getattr(model, "optimizer", None) is not None else 0


def configuration(model: Any) -> str | None:
    """The model's layers and their settings as JSON; None for one that cannot say."""
    try:
        text = model.to_json()
    except Exception:  # a class of the learner's own need not be able to
        return None
    return text if isinstance(text, str) and len(text) <= _LONGEST_CONFIGURATION else None


def file(_model: Any, path: str) -> Any:
    """The bytes of a file the learner's code wrote; None where there is no such file."""
    return np.fromfile(path, dtype=np.uint8) if os.path.isfile(path) else None


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


OPERATIONS: Mapping[str, Callable[..., Any]] = {
    "describe": describe,
    "compiled": compiled,
    "get_weights": get_weights,
    "set_weights": set_weights,
    "predict": predict,
    "steps": steps,
    "configuration": configuration,
    "file": file,
    "train_steps": train_steps,
}


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


def _shape(model: Any, name: str, *, whole: bool = False) -> Any:
    try:
        return _as_shape(getattr(model, name), whole=whole)
    except (AttributeError, ValueError):
        return None


def _as_shape(shape: Any, *, whole: bool = False) -> Any:
    """A shape with None for the batch: called once on data, or told a batch size, a model knows a number there."""
    if isinstance(shape, list | dict) or (shape and isinstance(shape, tuple) and isinstance(shape[0], tuple)):
        shape = _only(shape)
    if shape is None or any(isinstance(part, list | tuple | dict | str) for part in shape):
        return None
    numbers = tuple(None if n is None else int(n) for n in shape)
    return numbers if whole else (None, *numbers[1:])


def _plain(value: Any) -> bool:
    if isinstance(value, list | tuple):
        return all(_plain(item) for item in value)
    return value is None or isinstance(value, str | int | float | bool)


def _chunks(x: Any, rows: int) -> list[Any]:
    data = x.astype("float32") if x.dtype.kind == "f" else x
    return [data[start : start + rows] for start in range(0, max(len(data), 1), rows)]

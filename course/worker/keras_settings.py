"""What a Keras model was compiled with, as numbers: what its losses and metrics give for samples, how its optimizer moves.

Which names these numbers stand for is the grader's to say (course.grading.settings). Keras is imported inside the functions, as
in keras_operations.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

import numpy as np

Samples = Mapping[str, tuple[Any, Any]]


def compiled(model: Any, samples: Samples, gradients: Sequence[float]) -> dict[str, Any] | None:
    """What compile() was given; None before it.

    Args:
        model: a Keras model.
        samples: pairs (targets, outputs) by name, on which losses and metrics are tried.
        gradients: what the optimizer is given, one a step, for every weight; the model's weights stay as they are.
    """
    if not getattr(model, "compiled", False) or model.optimizer is None:
        return None
    optimizer = getattr(model.optimizer, "inner_optimizer", model.optimizer)
    rate = float(np.asarray(optimizer.learning_rate))
    return {
        **_optimizer(optimizer, model, gradients),
        "learning_rate": rate,
        "losses": [_loss(given, samples) for given in _flat(getattr(model, "loss", None))],
        "metrics": [_metric(given, samples) for given in _flat(_given_metrics(model))],
    }


def _given_metrics(model: Any) -> Any:
    kept = getattr(model, "_compile_metrics", None)
    return [getattr(kept, "_user_metrics", None), getattr(kept, "_user_weighted_metrics", None)]


def _flat(value: Any) -> Iterator[Any]:
    """What compile() was given for one output, out of the lists and dicts that it accepts."""
    if value is None:
        return
    if isinstance(value, Mapping):
        value = list(value.values())
    if isinstance(value, list | tuple):
        for part in value:
            yield from _flat(part)
    else:
        yield value


def _loss(given: Any, samples: Samples) -> dict[str, Any]:
    import keras

    try:
        loss = keras.losses.get(given)
    except (ValueError, TypeError):
        return {"name": _shown(given), "values": {}}
    return {"name": _shown(given), "values": _values(loss, samples)}


def _metric(given: Any, samples: Samples) -> dict[str, Any]:
    import keras

    try:
        metric = keras.metrics.get(given)
    except (ValueError, TypeError):
        return {
            "name": _shown(given),
            "values": {},
        }  # "accuracy", which Keras resolves by the loss and the output
    if isinstance(metric, type):
        metric = metric()

    def value(targets: Any, outputs: Any) -> Any:
        if not isinstance(metric, keras.metrics.Metric):
            return metric(targets, outputs)
        fresh = type(metric).from_config(metric.get_config())
        fresh.update_state(targets, outputs)
        return fresh.result()

    return {"name": _shown(given), "values": _values(value, samples)}


def _values(function: Callable[[Any, Any], Any], samples: Samples) -> dict[str, float]:
    """The function's mean on each sample that it can compute with."""
    import keras

    found = {}
    for name, pair in samples.items():
        targets, outputs = (
            np.asarray(part, dtype="int32" if np.asarray(part).dtype.kind == "i" else "float32")
            for part in pair
        )
        try:
            found[name] = float(np.mean(keras.ops.convert_to_numpy(function(targets, outputs))))
        except Exception:  # noqa: S112  a learner's own loss may do anything with a sample that is none of its own
            continue
    return found


def _shown(given: Any) -> str:
    return str(given if isinstance(given, str) else getattr(given, "__name__", type(given).__name__))[:80]


def _optimizer(optimizer: Any, model: Any, gradients: Sequence[float]) -> dict[str, Any]:
    """Keras' class in lower case (its `name` is counted up: adam_3), its parameters, and where it moves weights from 0."""
    kinds = (kind.__name__ for kind in type(optimizer).__mro__ if kind.__module__.startswith("keras."))
    try:
        config = {
            str(name): value
            for name, value in vars(optimizer).items()
            if isinstance(value, int | float | bool) and not name.startswith("_")
        }
        rates, steps = _steps(optimizer, model, gradients)
    except Exception:  # an optimizer of the learner's own may do anything
        config, rates, steps = {}, [], []
    name = next(kinds, type(optimizer).__name__)
    return {"optimizer": name.lower(), "parameters": config, "rates": rates, "steps": steps}


def _as_keras_has_it(optimizer: Any) -> bool:
    """Whether a copy of it moves a few weights as it would the model's, for all of which its state would have to be made."""
    import keras

    kind = type(optimizer)
    own = any(callable(getattr(kind, name, None)) for name in vars(optimizer))
    # A schedule or a function of the learner's need not fit into a configuration.
    number = isinstance(getattr(optimizer, "_learning_rate", None), keras.Variable)
    return getattr(keras.optimizers, kind.__name__, None) is kind and number and not own


def _steps(
    optimizer: Any, model: Any, gradients: Sequence[float]
) -> tuple[list[float], list[tuple[float, float]]]:
    """The learning rate before each step, the least and the largest weight after it; all is put back afterwards."""
    import keras

    weights = list(model.trainable_variables)
    known = {id(variable) for variable in getattr(optimizer, "_trainable_variables", ())}
    # One that two models share moves the variables of one only.
    elsewhere = optimizer.built and not known.issuperset(map(id, weights))
    if elsewhere or not weights or (not optimizer.built and _as_keras_has_it(optimizer)):
        optimizer = type(optimizer).from_config(optimizer.get_config())
        weights = [keras.Variable(np.zeros(3, dtype="float32"))]
    if not optimizer.built:
        optimizer.build(weights)
    rate = getattr(optimizer, "_learning_rate", None)
    state = [variable for variable in optimizer.variables if variable is not rate]
    kept = [(variable, np.array(variable)) for variable in [*weights, *state]]
    rates, steps = [], []
    try:
        for variable, value in kept:
            variable.assign(np.zeros_like(value))
        for gradient in gradients:
            rates.append(float(np.asarray(optimizer.learning_rate)))
            optimizer.apply(
                [keras.ops.full(weight.shape, gradient, dtype=weight.dtype) for weight in weights], weights
            )
            values = [np.asarray(weight) for weight in weights]
            steps.append((float(min(v.min() for v in values)), float(max(v.max() for v in values))))
    finally:
        for variable, value in kept:
            variable.assign(value)
    return rates, steps

"""Which optimizer, losses and metrics a compiled model has: named by numbers that the grader computes as well.

A worker says what they gave for samples and gradients drawn here (course.worker.keras_settings); a name without its numbers
counts for nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

Array = np.ndarray[Any, Any]

_FROM_LOGITS = "{name} (from_logits=True)"
_OWN_UPDATE = "{name} (own update)"


@dataclass(frozen=True)
class Compiled:
    """What compile() was given, under Keras' short names (adam, mse, binary_crossentropy), however it was written.

    Losses and metrics are told by what they compute: an object under a name of its own is what it is, a function of the learner's
    too; one that expects logits has " (from_logits=True)" behind its name. "accuracy" and "acc" are "accuracy". An optimizer
    that does not move weights as its name says has " (own update)" behind it.
    """

    optimizer: str
    learning_rate: float
    loss: str | None
    metrics: tuple[str, ...]


def samples(rng: np.random.Generator) -> dict[str, tuple[Array, Array]]:
    """Targets and outputs, (n, 1) or (n, 3), of each kind of loss, on which no two losses or metrics agree."""
    near = rng.uniform(0.97, 1.03, size=(8, 1))
    # A threshold other than a half shows: at 0.9, more labels would be missed.
    labels = np.array([[1.0], [0], [1], [0], [1], [1], [0], [1]])
    shares = np.array([[0.92], [0.3], [0.6], [0.8], [0.4], [0.7], [0.1], [0.57]]) * near
    places = np.array([0, 2, 1, 2])
    classes = np.array([[0.7, 0.2, 0.1], [0.2, 0.5, 0.3], [0.3, 0.4, 0.3], [0.1, 0.1, 0.8]]) * near[:4]
    classes = classes / classes.sum(axis=1, keepdims=True)
    rows = rng.permutation(4)
    places, classes = places[rows], classes[rows]
    numbers = rng.normal(size=(2, 6, 1)) * [[[1.0]], [[2.0]]]
    return {
        "numbers": (numbers[0], numbers[1]),
        "counts": (
            np.array([[1.0], [3], [2], [5]]) * near[:4],
            np.array([[0.8], [2.5], [2.2], [4.1]]) * near[4:],
        ),
        "binary": (labels, shares),
        "binary logits": (labels, np.log(shares / (1 - shares))),
        "classes": (np.eye(3)[places], classes),
        "class logits": (np.eye(3)[places], np.log(classes) + rng.normal()),
        "labels": (places, classes),
        "label logits": (places, np.log(classes) + rng.normal()),
        "signs": (
            np.array([[1.0], [-1], [1], [-1]]),
            np.array([[0.4], [-0.3], [-0.6], [1.7]]) * near[:4],
        ),
    }


def gradients(rng: np.random.Generator) -> list[float]:
    """Small enough that no clipping shows, of both signs and several sizes: three steps tell optimizers from each other."""
    return [float(value) for value in np.array([2e-3, -1e-3, 4e-3]) * rng.uniform(0.7, 1.3, size=3)]


def named(
    said: Mapping[str, Any], drawn: Mapping[str, tuple[Array, Array]], given: Sequence[float]
) -> Compiled:
    """A worker's numbers under the names they stand for."""
    losses = [_named(loss, _LOSSES, drawn) for loss in said["losses"]]
    return Compiled(
        _optimizer(said, given),
        float(said["learning_rate"]),
        ", ".join(losses) or None,
        tuple(_named(metric, _METRICS, drawn) for metric in said["metrics"]),
    )


def _named(
    said: Mapping[str, Any],
    known: Mapping[str, tuple[str, Callable[[Array, Array], Any]]],
    drawn: Mapping[str, tuple[Array, Array]],
) -> str:
    """The name of what gives these values, else the one it was given under."""
    for name, (sample, function) in known.items():
        value = said["values"].get(sample)
        # float32, and Keras' own small number inside logarithms.
        if value is not None and np.isclose(value, np.mean(function(*drawn[sample])), rtol=1e-4, atol=1e-6):
            return name
    name = str(said["name"])
    return "accuracy" if name == "acc" else name


# --- losses and metrics, each with the sample that tells it from the others -------------------------------------------


def _cross_entropy(y: Array, p: Array) -> Any:
    return -np.sum(y * np.log(p), axis=-1)


def _of_logits(y: Array, z: Array) -> Any:
    return _cross_entropy(y, np.exp(z) / np.exp(z).sum(axis=-1, keepdims=True))


def _binary_cross_entropy(y: Array, p: Array) -> Any:
    return -y * np.log(p) - (1 - y) * np.log(1 - p)


def _rows(labels: Array) -> Any:
    return np.eye(3)[labels]


def _huber(y: Array, p: Array) -> Array:
    error = np.abs(y - p)
    halves: Array = np.where(error <= 1, error**2 / 2, error - 0.5)
    return halves


_LOSSES: Mapping[str, tuple[str, Callable[[Array, Array], Any]]] = {
    "mse": ("numbers", lambda y, p: (y - p) ** 2),
    "mae": ("numbers", lambda y, p: np.abs(y - p)),
    "huber": ("numbers", _huber),
    "log_cosh": ("numbers", lambda y, p: np.log(np.cosh(p - y))),
    "mean_squared_logarithmic_error": ("counts", lambda y, p: (np.log1p(y) - np.log1p(p)) ** 2),
    "mean_absolute_percentage_error": ("counts", lambda y, p: 100 * np.abs((y - p) / y)),
    "poisson": ("counts", lambda y, p: p - y * np.log(p)),
    "binary_crossentropy": ("binary", _binary_cross_entropy),
    _FROM_LOGITS.format(name="binary_crossentropy"): (
        "binary logits",
        lambda y, z: _binary_cross_entropy(y, 1 / (1 + np.exp(-z))),
    ),
    "categorical_crossentropy": ("classes", _cross_entropy),
    _FROM_LOGITS.format(name="categorical_crossentropy"): ("class logits", _of_logits),
    "sparse_categorical_crossentropy": ("labels", lambda y, p: _cross_entropy(_rows(y), p)),
    _FROM_LOGITS.format(name="sparse_categorical_crossentropy"): (
        "label logits",
        lambda y, z: _of_logits(_rows(y), z),
    ),
    "hinge": ("signs", lambda y, p: np.maximum(1 - y * p, 0)),
    "squared_hinge": ("signs", lambda y, p: np.maximum(1 - y * p, 0) ** 2),
}
_METRICS: Mapping[str, tuple[str, Callable[[Array, Array], Any]]] = {
    "binary_accuracy": ("binary", lambda y, p: y == (p > 0.5)),
    "categorical_accuracy": ("classes", lambda y, p: y.argmax(axis=1) == p.argmax(axis=1)),
    "sparse_categorical_accuracy": ("labels", lambda y, p: y == p.argmax(axis=1)),
    "mse": ("numbers", lambda y, p: (y - p) ** 2),
    "mae": ("numbers", lambda y, p: np.abs(y - p)),
}


# --- optimizers: steps of one weight from 0, as Keras documents them ---------------------------------------------------


def _sgd(given: Sequence[float], rates: Sequence[float], config: Mapping[str, Any]) -> Iterator[float]:
    weight = velocity = 0.0
    for gradient, rate in zip(given, rates, strict=True):
        velocity = config["momentum"] * velocity - rate * gradient
        weight += config["momentum"] * velocity - rate * gradient if config["nesterov"] else velocity
        yield weight


def _adam(given: Sequence[float], rates: Sequence[float], config: Mapping[str, Any]) -> Iterator[float]:
    first, second = config["beta_1"], config["beta_2"]
    weight = m = v = largest = 0.0
    for step, (gradient, rate) in enumerate(zip(given, rates, strict=True), start=1):
        m, v = first * m + (1 - first) * gradient, second * v + (1 - second) * gradient**2
        largest = max(largest, v) if config["amsgrad"] else v
        alpha = rate * np.sqrt(1 - second**step) / (1 - first**step)
        weight -= alpha * m / (np.sqrt(largest) + config["epsilon"])
        yield weight


def _rmsprop(given: Sequence[float], rates: Sequence[float], config: Mapping[str, Any]) -> Iterator[float]:
    weight = velocity = average = momentum = 0.0
    for gradient, rate in zip(given, rates, strict=True):
        velocity = config["rho"] * velocity + (1 - config["rho"]) * gradient**2
        average = config["rho"] * average + (1 - config["rho"]) * gradient
        variance = velocity - average**2 if config["centered"] else velocity
        momentum = config["momentum"] * momentum + rate * gradient / np.sqrt(variance + config["epsilon"])
        weight -= momentum
        yield weight


_OPTIMIZERS: Mapping[str, Callable[..., Iterator[float]]] = {"sgd": _sgd, "adam": _adam, "rmsprop": _rmsprop}


def _optimizer(said: Mapping[str, Any], given: Sequence[float]) -> str:
    name = str(said["optimizer"])
    if name not in _OPTIMIZERS:
        return name
    try:
        want = np.array(list(_OPTIMIZERS[name](given, said["rates"], said["parameters"])))
        moved = np.array(said["steps"], dtype=float)
        right = np.allclose(moved, want[:, None], rtol=1e-3, atol=1e-9)  # float32
    except (KeyError, TypeError, ValueError, OverflowError, ZeroDivisionError):
        right = False
    return name if right else _OWN_UPDATE.format(name=name)

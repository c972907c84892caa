"""A Keras model as a grader sees it: a handle on an object that stays in the worker."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np

from course.grading import settings
from course.grading.errors import LearnerError
from course.grading.settings import Compiled
from course.worker.wire import ModelRef

TRAIN_SECONDS = 120.0

_OFTEN = 64

Shape = tuple[int | None, ...]


@dataclass(frozen=True)
class Layer:
    """One layer, under Keras' names. `parameters` is None before the layer is built."""

    kind: str
    name: str
    config: Mapping[str, Any]
    output_shape: Shape | None
    parameters: int | None
    trainable: bool


class Owner(Protocol):
    """The submission a model belongs to, as far as the model asks it."""

    worker_number: int

    def private_rng(self, purpose: str) -> np.random.Generator:
        """Randomness that nobody else draws from."""

    def twin(self, configuration: str) -> Model | None:
        """The model built anew from its configuration in a process that never ran the learner's code."""

    def loaded(self, path: str, content: Any) -> Model:
        """The model read from a file that was saved."""

    def ask_model(self, model: Model, name: str, arguments: tuple[Any, ...], seconds: float | None) -> Any:
        """An operation on the model, in its worker."""


class Model(ModelRef):
    """A learner's model. What it says of itself is a claim; predictions for weights the grader set are evidence."""

    def __init__(self, number: int, submission: Owner) -> None:
        super().__init__(number)
        object.__setattr__(self, "_submission", submission)
        object.__setattr__(self, "worker_number", submission.worker_number)

    _submission: Owner
    worker_number: int

    @property
    def kind(self) -> str:
        """Its class: Sequential, Functional, or the name of a subclass."""
        kind: str = self._describe()["kind"]
        return kind

    @property
    def layers(self) -> list[Layer]:
        """Its layers in order without InputLayer, those of nested models included."""
        return [Layer(**layer) for layer in self._describe()["layers"]]

    @property
    def input_shape(self) -> Shape | None:
        """With None for the batch; None where the model does not know yet."""
        shape: Shape | None = self._describe()["input_shape"]
        return shape

    @property
    def output_shape(self) -> Shape | None:
        """With None for the batch; None where the model does not know yet."""
        shape: Shape | None = self._describe()["output_shape"]
        return shape

    @property
    def parameters(self) -> int | None:
        """The number of weights, trainable or not; None before the model is built."""
        number: int | None = self._describe()["parameters"]
        return number

    @property
    def compiled(self) -> Compiled | None:
        """What compile() was given, by what its parts compute; None before it."""
        rng = self._submission.private_rng("settings")
        drawn, given = settings.samples(rng), settings.gradients(rng)
        said = self._ask("compiled", drawn, given)
        return settings.named(said, drawn, given) if said is not None else None

    @property
    def as_configured(self) -> bool:
        """Whether it is what it says of itself: rebuilt where no learner's code runs, it computes the same.

        Only models of Keras' own layers, in a Sequential or a functional model, can be rebuilt.
        """
        text = self._ask("configuration")
        twin = self._submission.twin(text) if isinstance(text, str) else None
        try:
            return twin is not None and _alike(self, twin, self._submission.private_rng("twin"))
        except LearnerError:  # it takes other weights or inputs than it says
            return False

    def get_weights(self) -> list[np.ndarray[Any, Any]]:
        """The weights in Keras' order."""
        weights: list[np.ndarray[Any, Any]] = self._ask("get_weights")
        return weights

    def set_weights(self, weights: Sequence[Any]) -> None:
        """Replace the weights."""
        self._ask("set_weights", [np.asarray(weight) for weight in weights])

    def predict(self, x: Any, *, training: bool = False) -> np.ndarray[Any, Any]:
        """The outputs for a batch of inputs, in inference mode or, with dropout at work, in training mode."""
        outputs: np.ndarray[Any, Any] = self._ask("predict", np.asarray(x), training)
        return outputs

    @property
    def steps(self) -> int:
        """For how many batches it has been trained since it was compiled."""
        number: int = self._ask("steps")
        return number

    def saved(self, path: str) -> Model | None:
        """The model in a file that the learner's code saved, loaded where none of it runs; None where there is no such file.

        Raises LearnerError where the file holds no model.
        """
        content = self._ask("file", path)
        return self._submission.loaded(path, content) if content is not None else None

    def train_steps(
        self, x: Any, y: Any, steps: int, batch_size: int = 1, seed: int = 0, enough: float | None = None
    ) -> np.ndarray[Any, Any]:
        """Train with the model's own loss and optimizer for so many batches; the loss of each step.

        With `enough` no more are made once the model has learned: when every loss of three epochs in a row is below it.
        """
        losses: np.ndarray[Any, Any] = self._ask(
            "train_steps",
            np.asarray(x),
            np.asarray(y),
            steps,
            batch_size,
            seed,
            enough,
            seconds=TRAIN_SECONDS,
        )
        return losses

    def _describe(self) -> dict[str, Any]:
        answer: dict[str, Any] = self._ask("describe")
        return answer

    def _ask(self, name: str, *arguments: Any, seconds: float | None = None) -> Any:
        return self._submission.ask_model(self, name, arguments, seconds)


def _alike(model: Model, twin: Model, rng: np.random.Generator) -> bool:
    """Whether both describe themselves alike and compute the same with drawn weights; the model's own are put back."""
    said = twin._describe()
    if _described(model._describe()) != _described(said) or said["parameters"] is None:
        return False
    kept = model.get_weights()
    shapes = [weight.shape for weight in twin.get_weights()]
    if [weight.shape for weight in kept] != shapes:
        return False
    # Sums of order 1, of both signs.
    weights = [rng.normal(scale=max(1, np.prod(shape[:-1])) ** -0.5, size=shape) for shape in shapes]
    # Any number of steps where the model takes any.
    inputs = rng.normal(size=(4, *(size or 5 for size in (said["input_shape"] or ())[1:])))
    for each in (model, twin):
        each.set_weights(weights)
    got, want = (_often(each, inputs) for each in (model, twin))
    model.set_weights(kept)
    if got.shape != want.shape or not np.allclose(got.std(axis=1), want.std(axis=1), rtol=0.5, atol=1e-4):
        return False
    # Six standard errors where the outputs are random, as with a dropout that is always at work; else none.
    allowed = 6 * np.hypot(got.std(axis=1), want.std(axis=1)) / _OFTEN**0.5
    got, want = got.mean(axis=1), want.mean(axis=1)
    return bool(np.all(np.abs(got - want) <= 1e-4 + 1e-3 * np.abs(want) + allowed))


def _often(model: Model, inputs: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
    """Its outputs for each of the inputs, again and again, (inputs, times, outputs)."""
    outputs = model.predict(np.repeat(inputs, _OFTEN, axis=0))
    return np.asarray(outputs, dtype=float).reshape(len(inputs), _OFTEN, -1)


def _described(said: Mapping[str, Any]) -> list[Any]:
    layers = [Layer(**layer) for layer in said["layers"]]
    parts = [(layer.kind, layer.output_shape, layer.parameters, layer.trainable) for layer in layers]
    return [parts, said["input_shape"], said["output_shape"], said["parameters"]]

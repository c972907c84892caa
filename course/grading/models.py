"""A Keras model as a grader sees it: a handle on an object that stays in the worker."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from course.worker.wire import ModelRef

if TYPE_CHECKING:
    from course.grading.submission import Submission

TRAIN_SECONDS = 120.0

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


@dataclass(frozen=True)
class Compiled:
    """What compile() was given, under Keras' short names (adam, mse, binary_crossentropy)."""

    optimizer: str
    learning_rate: float
    loss: str | None
    metrics: tuple[str, ...]


class Model(ModelRef):
    """A learner's model. What it says of itself is a claim; predictions for weights the grader set are evidence."""

    def __init__(self, number: int, submission: Submission) -> None:
        super().__init__(number)
        object.__setattr__(self, "_submission", submission)
        object.__setattr__(self, "worker_number", submission.worker_number)

    _submission: Submission
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
        """What compile() was given, or None."""
        data = self._ask("compiled")
        return Compiled(**{**data, "metrics": tuple(data["metrics"])}) if data is not None else None

    def get_weights(self) -> list[np.ndarray[Any, Any]]:
        """The weights in Keras' order."""
        weights: list[np.ndarray[Any, Any]] = self._ask("get_weights")
        return weights

    def set_weights(self, weights: Sequence[Any]) -> None:
        """Replace the weights."""
        self._ask("set_weights", [np.asarray(weight) for weight in weights])

    def predict(self, x: Any) -> np.ndarray[Any, Any]:
        """The outputs for a batch of inputs, in inference mode."""
        outputs: np.ndarray[Any, Any] = self._ask("predict", np.asarray(x))
        return outputs

    @property
    def steps(self) -> int:
        """For how many batches it has been trained since it was compiled."""
        number: int = self._ask("steps")
        return number

    def saved(self, path: str) -> Model | None:
        """The model in a file that the learner's code saved, as a handle of its own; None where there is no such file."""
        model: Model | None = self._ask("saved", path)
        return model

    def train_steps(
        self, x: Any, y: Any, steps: int, batch_size: int = 1, seed: int = 0
    ) -> np.ndarray[Any, Any]:
        """Train with the model's own loss and optimizer for so many batches; the loss of each step."""
        losses: np.ndarray[Any, Any] = self._ask(
            "train_steps", np.asarray(x), np.asarray(y), steps, batch_size, seed, seconds=TRAIN_SECONDS
        )
        return losses

    def _describe(self) -> dict[str, Any]:
        answer: dict[str, Any] = self._ask("describe")
        return answer

    def _ask(self, name: str, *arguments: Any, seconds: float | None = None) -> Any:
        return self._submission.ask_model(self, name, arguments, seconds)

"""The four airline files on the whole table, from the raw rows to the report, in the order of the lecture's procedure."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any, Final

import numpy as np

from course.grading import Model
from graders.projects.airline.labels import LABELS
from graders.projects.airline.outcome import Outcome
from graders.reference import scores

__all__ = ["EPOCHS", "LABELS", "SEED", "run"]

SEED: Final = 2023  # the lecture's
CHECKPOINT: Final = "best_model.keras"
EPOCHS: Final = 100
HISTORY: Final = ("loss", "accuracy", "val_loss", "val_accuracy")
# What the network of the lecture reaches with room to spare, by where the table comes from.
DUE: Final = {"generated": 0.95, "original": 0.95}

Array = np.ndarray[Any, Any]


def run(project: Any) -> Outcome:
    """Preprocess, train and judge by the learner's own functions."""
    steps = _Run(project)
    steps.preprocess()
    steps.train()
    steps.evaluate()
    return steps.outcome()


class _Run:
    """The steps in order, each with what it hands to the next."""

    def __init__(self, project: Any) -> None:
        self._project = project
        self._need = project.need

    def preprocess(self) -> None:
        """Raw rows to three scaled parts."""
        self._project.stage("preprocess")
        learner, table = self._project.module("airline_preprocess"), self._project.data
        with self._project.blamed("airline_preprocess"):
            filled = learner.impute_delay(table, table)
            features, labels = self._several(learner.encode(filled), 2, "encode")
            parts = self._several(learner.split(features, labels, self._project.seed), 6, "split")
            scaled = [learner.min_max_scale(part, parts[0]) for part in parts[:3]]
            self.X = [self._array(part, 2, "min_max_scale") for part in scaled]
            self.y = [self._array(part, 1, "split") for part in parts[3:]]
            for X, y in zip(self.X, self.y, strict=True):
                self._need(len(X) == len(y), "lengths", call="split")
                self._need(np.isin(y, (0, 1)).all(), "binary", call="encode")

    def train(self) -> None:
        """A fresh network, trained by the learner's code."""
        self._project.stage("train")
        with self._project.blamed("airline_model"):
            self.model = self._project.module("airline_model").build_model()
            self._need(isinstance(self.model, Model), "model", call="build_model")
            self._project.watch(self.model)
        with self._project.blamed("airline_train"):
            train = self._project.module("airline_train").train.within(self._project.seconds)
            history = train(self.model, self.X[0], self.y[0], self.X[1], self.y[1], CHECKPOINT)
            whole = isinstance(history, dict) and set(HISTORY) <= set(history)
            self._need(whole, "history", call="train")
            self.history = {name: self._array(history[name], 1, "train").tolist() for name in HISTORY}

    def evaluate(self) -> None:
        """The learner's matrix and report for the test rows."""
        self._project.stage("evaluate")
        truth = self.y[2].astype(int)
        with self._project.blamed("airline_model"):
            predictions = self._array(self.model.predict(self.X[2]), 2, "model")
            self._need(predictions.shape == (len(truth), 1), "one_each", call="model")
            probabilities = predictions[:, 0]
        with self._project.blamed("airline_evaluate"):
            learner = self._project.module("airline_evaluate")
            classes = self._array(learner.predict_class(probabilities), 1, "predict_class").astype(int)
            matrix = self._array(learner.confusion_matrix(truth, classes), 2, "confusion_matrix")
            self.matrix = matrix.astype(int)
            want = scores.confusion(truth, probabilities > 0.5)
            shown = {"got": self.matrix.tolist(), "want": want.tolist()}
            self._need(np.array_equal(self.matrix, want), "matrix", call="confusion_matrix", **shown)
            self.report = learner.classification_report(truth, classes)
            self._need(agrees(self.report, scores.report(want)), "report", call="classification_report")

    def outcome(self) -> Outcome:
        """What came out of all of it."""
        source = self._project.source
        return Outcome(
            source=source,
            sizes=(len(self.X[0]), len(self.X[1]), len(self.X[2])),
            features=int(self.X[0].shape[1]),
            history=self.history,
            best_epoch=int(np.argmin(self.history["val_loss"])) + 1,
            matrix=self.matrix,
            report=self.report,
            accuracy=float(np.trace(self.matrix) / self.matrix.sum()),
            due=DUE.get(source.kind),
            seconds=self._project.elapsed,
        )

    def _several(self, got: Any, count: int, name: str) -> tuple[Any, ...]:
        whole = isinstance(got, tuple | list) and len(got) == count
        self._need(whole, "count", call=name, count=count)
        return tuple(got)

    def _array(self, got: Any, axes: int, name: str) -> Array:
        try:
            values = np.asarray(got, dtype=float)
        except (TypeError, ValueError):
            values = None
        self._need(values is not None, "numbers", call=name)
        assert values is not None
        sound = values.ndim == axes and values.size > 0 and bool(np.isfinite(values).all())
        self._need(sound, "finite", call=name, axes=axes)
        return values


def agrees(got: Any, want: Mapping[str, Any]) -> bool:
    """Whether a report holds these numbers."""
    if not isinstance(got, Mapping):
        return False
    for name, value in want.items():
        if isinstance(value, Mapping):
            if not agrees(got.get(name), value):
                return False
        elif not isinstance(got.get(name), int | float | np.number) or not math.isclose(
            float(got[name]), value, abs_tol=1e-6
        ):
            return False
    return True

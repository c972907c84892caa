"""A learner's four airline files run on a whole table, from the raw rows to the report."""

from __future__ import annotations

import contextlib
import dataclasses
import math
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, Literal

import numpy as np
import pandas as pd

from course import catalog, workspace, zygotes
from course.airline import EXERCISES
from course.airline.source import Source
from course.grading import launch
from course.grading.errors import Ended, Failure, LearnerError
from course.grading.models import Model
from course.grading.submission import Submission
from course.messages import Message, say
from course.reference import airline

RANDOM_STATE: Final = 2023  # the lecture's
CHECKPOINT: Final = "best_model.keras"
EPOCHS: Final = 100
HISTORY: Final = ("loss", "accuracy", "val_loss", "val_accuracy")
# What the network of the lecture reaches with room to spare, by where the table comes from.
DUE: Final = {"generated": 0.95, "original": 0.95}
# On one slow core the whole training takes some minutes.
_SECONDS: Final = 7200.0
_CALL_SECONDS: Final = 600.0

Stage = Literal["preprocess", "train", "evaluate"]
Array = np.ndarray[Any, Any]


@dataclass(frozen=True)
class FullResult:
    """What came out. `matrix` and `report` are the learner's own; `accuracy` is counted from the probabilities."""

    source: Source
    sizes: tuple[int, int, int]
    features: int
    history: Mapping[str, list[float]]
    best_epoch: int
    matrix: Array
    report: Mapping[str, Any]
    accuracy: float
    due: float | None
    seconds: float

    @property
    def passed(self) -> bool:
        """Whether the accuracy is what it should be on this table; true where nothing is known of it."""
        return self.due is None or self.accuracy >= self.due

    def to_json(self) -> dict[str, Any]:
        """A form JSON can hold."""
        return {
            "source": self.source.kind,
            "rows": self.source.rows,
            "sizes": list(self.sizes),
            "features": self.features,
            "epochs": len(self.history["val_loss"]),
            "best_epoch": self.best_epoch,
            "history": {name: list(values) for name, values in self.history.items()},
            "confusion_matrix": self.matrix.tolist(),
            "report": _plain(self.report),
            "accuracy": self.accuracy,
            "due": self.due,
            "passed": self.passed,
            "seconds": self.seconds,
        }


class Stopped(Exception):
    """A file is missing or untouched, or does not do what the next step needs; `message` says which and why."""

    def __init__(self, slug: str, message: list[Message]) -> None:
        super().__init__(slug)
        self.slug = slug
        self.message = message


def full_run(
    folder: Path,
    source: Source,
    table: pd.DataFrame,
    *,
    on_stage: Callable[[Stage], None] = lambda _: None,
    on_epoch: Callable[[Mapping[str, float]], None] = lambda _: None,
    seed: int = RANDOM_STATE,
) -> FullResult:
    """Run the four files of the submission in `folder` on a table.

    Args:
        folder: the submission.
        source, table: as from source.load().
        on_stage: told as each of the three stages begins.
        on_epoch: told the numbers of each epoch: epoch (from 1), loss, accuracy, val_loss, val_accuracy.
        seed: of the split and of Keras' random state.

    Raises:
        Stopped: a file is not there, or raised, or returned something the next step cannot use.
    """
    begin = time.monotonic()
    subjects = [workspace.subject(catalog.catalog().exercise(slug), folder) for slug in EXERCISES]
    for each in subjects:
        if each.untouched:
            raise Stopped(each.exercise.slug, [say("Not written yet.")])
    main, *beside = subjects
    exercise = dataclasses.replace(
        main.exercise, runtime="keras", seconds=_SECONDS, call_seconds=_CALL_SECONDS
    )
    with contextlib.ExitStack() as opened:
        scratch = opened.enter_context(
            tempfile.TemporaryDirectory(prefix="course-", ignore_cleanup_errors=True)
        )
        warm = zygotes.Zygotes(Path(scratch))
        opened.callback(warm.close)
        start = launch.launcher(
            lambda runtime: opened.enter_context(warm.start(runtime, 1)[0]), Path(scratch)
        )
        learner = Submission(
            exercise, main.source or "", main.path, start, seed, beside=beside, listener=on_epoch
        )
        opened.callback(learner.close)
        run = _Run(learner, on_stage, seed)
        try:
            run.preprocess(table)
            run.train()
            run.evaluate()
        except launch.WorkerStartError as error:
            raise Stopped(main.exercise.slug, [say("The check could not run."), *error.message]) from error
    return run.result(source, time.monotonic() - begin)


class _Run:
    """The steps in order, each with what it hands to the next."""

    def __init__(self, learner: Submission, on_stage: Callable[[Stage], None], seed: int) -> None:
        self._learner = learner
        self._seed = seed
        self._on_stage = on_stage

    def preprocess(self, table: pd.DataFrame) -> None:
        """Raw rows to three scaled parts."""
        self._on_stage("preprocess")
        with _blamed("airline_preprocess"):
            filled = self._learner.impute_delay(table, table)
            features, labels = _several(self._learner.encode(filled), 2, "encode")
            parts = _several(self._learner.split(features, labels, self._seed), 6, "split")
            scaled = [self._learner.min_max_scale(part, parts[0]) for part in parts[:3]]
            self.X = [_array(part, 2, "min_max_scale") for part in scaled]
            self.y = [_array(part, 1, "split") for part in parts[3:]]
            for X, y in zip(self.X, self.y, strict=True):
                paired = len(X) == len(y)
                _need(paired, say("{call} gave features and labels of different lengths.", call="split"))
                binary = bool(np.isin(y, (0, 1)).all())
                _need(binary, say("{call} gave labels other than 0 and 1.", call="encode"))

    def train(self) -> None:
        """A fresh network, trained by the learner's code."""
        self._on_stage("train")
        with _blamed("airline_model"):
            self.model = self._learner.module("airline_model").build_model()
            built = isinstance(self.model, Model)
            _need(built, say("{call} did not return a Keras model.", call="build_model"))
            self._learner.watch(self.model)
        with _blamed("airline_train"):
            train = self._learner.module("airline_train").train.within(_SECONDS)
            history = train(self.model, self.X[0], self.y[0], self.X[1], self.y[1], CHECKPOINT)
            whole = isinstance(history, dict) and set(HISTORY) <= set(history)
            _need(whole, say("{call} did not return the history of the training.", call="train"))
            self.history = {name: _array(history[name], 1, "train").tolist() for name in HISTORY}

    def evaluate(self) -> None:
        """The learner's matrix and report for the test rows."""
        self._on_stage("evaluate")
        truth = self.y[2].astype(int)
        with _blamed("airline_model"):
            predictions = _array(self.model.predict(self.X[2]), 2, "model")
            one_each = predictions.shape == (len(truth), 1)
            _need(one_each, say("{call} did not give one probability for each row.", call="model"))
            probabilities = predictions[:, 0]
        with _blamed("airline_evaluate"):
            evaluation = self._learner.module("airline_evaluate")
            classes = _array(evaluation.predict_class(probabilities), 1, "predict_class").astype(int)
            matrix = _array(evaluation.confusion_matrix(truth, classes), 2, "confusion_matrix")
            self.matrix = matrix.astype(int)
            want = airline.confusion(truth, probabilities > 0.5)
            text = say("{call} gave {got}; counted from the probabilities it is {want}.", call="confusion_matrix",
                       got=str(self.matrix.tolist()), want=str(want.tolist()))  # fmt: skip
            _need(np.array_equal(self.matrix, want), text)
            self.report = evaluation.classification_report(truth, classes)
            agrees = _agrees(self.report, airline.report(want))
            call = "classification_report"
            _need(agrees, say("{call} does not agree with the confusion matrix.", call=call))

    def result(self, source: Source, seconds: float) -> FullResult:
        """What came out of all of it."""
        sizes = (len(self.X[0]), len(self.X[1]), len(self.X[2]))
        accuracy = float(np.trace(self.matrix) / self.matrix.sum())
        best = int(np.argmin(self.history["val_loss"])) + 1
        return FullResult(
            source=source,
            sizes=sizes,
            features=int(self.X[0].shape[1]),
            history=self.history,
            best_epoch=best,
            matrix=self.matrix,
            report=self.report,
            accuracy=accuracy,
            due=DUE.get(source.kind),
            seconds=seconds,
        )


@contextlib.contextmanager
def _blamed(slug: str) -> Iterator[None]:
    """What goes wrong inside stops the run and is put down to one of the files."""
    try:
        yield
    except (LearnerError, Ended) as error:
        raise Stopped(error.slug or slug, error.message) from None
    except Failure as error:
        raise Stopped(slug, error.values + error.advice) from None


def _need(met: bool, message: Message) -> None:
    if not met:
        raise Failure([message])


def _several(got: Any, count: int, name: str) -> tuple[Any, ...]:
    whole = isinstance(got, tuple | list) and len(got) == count
    _need(whole, say("{call} did not return {count} values.", call=name, count=count))
    return tuple(got)


def _array(got: Any, axes: int, name: str) -> Array:
    try:
        values = np.asarray(got, dtype=float)
    except (TypeError, ValueError):
        raise Failure([say("{call} did not return numbers.", call=name)]) from None
    sound = values.ndim == axes and values.size > 0 and bool(np.isfinite(values).all())
    _need(sound, say("{call} did not return finite numbers with {axes} axes.", call=name, axes=axes))
    return values


def _agrees(got: Any, want: Mapping[str, Any]) -> bool:
    """Whether a report holds these numbers."""
    if not isinstance(got, Mapping):
        return False
    for name, value in want.items():
        if isinstance(value, Mapping):
            if not _agrees(got.get(name), value):
                return False
        elif not isinstance(got.get(name), int | float | np.number) or not math.isclose(
            float(got[name]), value, abs_tol=1e-6
        ):
            return False
    return True


def _plain(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {str(name): _plain(item) for name, item in value.items()}
    return float(value)

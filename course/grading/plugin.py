"""The pytest plugin that turns a grader file into results.

`course` runs it inside its grader process; `pytest graders/day10 --submission DIR` runs it by itself.
"""

from __future__ import annotations

import zlib
from collections.abc import Callable, Generator, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from course import catalog
from course.catalog import Exercise
from course.grading import context
from course.grading.errors import Ended, Failure, LearnerError
from course.grading.launch import Launcher, WorkerStartError
from course.grading.submission import Submission
from course.messages import Message, say
from course.results import COULD_NOT_RUN, ExerciseResult, Status, TestResult
from course.subject import Subject

MAX_MESSAGE_VALUE = 3_000


@dataclass
class Collected:
    """The outcome of one grader file while its tests run."""

    subject: Subject
    submission: Submission
    tests: list[TestResult] = field(default_factory=list)

    def result(self) -> ExerciseResult:
        """What the tests so far amount to."""
        exercise = self.subject.exercise
        missing = self.subject.source is None
        return ExerciseResult(exercise.slug, exercise.day, tuple(self.tests), missing=missing)


class NotRun(Exception):
    """The test is not run: its file is untouched, or a test it depends on did not pass."""

    def __init__(self, status: Status, message: list[Message]) -> None:
        super().__init__(status)
        self.status = status
        self.message = message


class GradingPlugin:
    """The hooks. `report` is told each test's result as it comes; a submission is graded between one begin() and the next."""

    def __init__(
        self, launcher: Launcher, report: Callable[[str, TestResult], None] = lambda *_: None
    ) -> None:
        self._launcher = launcher
        self._report = report

    def begin(self, find: Callable[[Exercise], Subject], seed: int) -> None:
        """Go on to a submission; `find` gives its subject for an exercise. Nothing of the one before is kept."""
        self._find = find
        self.seed = seed
        self.collected: dict[str, Collected] = {}

    def pytest_configure(self, config: pytest.Config) -> None:
        """Let the fixtures find this plugin."""
        config.addinivalue_line("markers", "graded(points, hidden, after): a test that earns points")
        config.stash[_PLUGIN] = self

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtest_setup(self, item: pytest.Item) -> None:
        """Decide whether the test is run at all, before its fixtures start a worker."""
        collected, name = self.of(item.path), _name(item)
        context.begin(collected.subject.exercise.slug, name)
        if collected.subject.source is None:
            raise NotRun("todo", [say("The file {path} does not exist.", path=collected.subject.path)])
        if collected.subject.untouched:
            raise NotRun("todo", [])
        passed = {test.name for test in collected.tests if test.status == "passed"}
        waiting = [needed for needed in _mark(item)["after"] if needed not in passed]
        if waiting:
            titles = Message(waiting[0], {}, collected.subject.exercise.slug)
            raise NotRun("blocked", [say("Waits for: {title}", title=titles)])

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_makereport(
        self, item: pytest.Item, call: pytest.CallInfo[None]
    ) -> Generator[None, pytest.TestReport, pytest.TestReport]:
        """Record the result once: at the call, or at a setup that did not get that far."""
        report = yield
        if call.when == "call" or (call.when == "setup" and call.excinfo is not None):
            result = _judge(item, call.excinfo.value if call.excinfo is not None else None)
            collected = self.of(item.path)
            collected.tests.append(result)
            self._report(collected.subject.exercise.slug, result)
            if call.excinfo is not None:
                report.outcome = "failed"
                report.longrepr = f"{result.status}: {result.name}\n{result.text()}"
        return report

    def of(self, path: Path) -> Collected:
        """What is known of a grader file's subject."""
        slug = path.stem.removeprefix("test_")
        if slug not in self.collected:
            subject = self._find(catalog.catalog().exercise(slug))
            submission = Submission(
                subject.exercise, subject.source or "", subject.path, self._launcher, self.seed
            )
            self.collected[slug] = Collected(subject, submission)
        return self.collected[slug]


_PLUGIN = pytest.StashKey[GradingPlugin]()


@pytest.fixture(scope="module")
def submission(request: pytest.FixtureRequest) -> Iterator[Submission]:
    """The learner's module by remote call."""
    collected = request.config.stash[_PLUGIN].of(request.path)
    yield collected.submission
    collected.submission.close()


@pytest.fixture
def rng(request: pytest.FixtureRequest) -> np.random.Generator:
    """Random inputs of this test, the same for the same --seed."""
    return np.random.default_rng([request.config.stash[_PLUGIN].seed, zlib.crc32(request.node.name.encode())])


def _judge(item: pytest.Item, error: BaseException | None) -> TestResult:
    status, message = _outcome(error, hidden=_mark(item)["hidden"])
    points = _mark(item)["points"]
    earned = points if status == "passed" else 0
    return TestResult(_name(item), status, earned, points, _mark(item)["hidden"], tuple(message))


def _outcome(error: BaseException | None, *, hidden: bool) -> tuple[Status, list[Message]]:
    concealed = [
        say(
            "This test uses other inputs than the ones you see; what the text promises must hold for them too."
        )
    ]
    if error is None:
        return "passed", []
    if isinstance(error, NotRun):
        return error.status, error.message
    if isinstance(error, Failure):
        return "failed", (concealed if hidden else error.values) + error.advice
    if isinstance(error, LearnerError):
        if isinstance(error, NotImplementedError):
            return "todo", [say("Not written yet.")]
        if error.loading:
            return "error", error.message
        return "failed", [*concealed, *error.message[1:]] if hidden else error.message
    if isinstance(error, Ended):
        return ("timeout" if error.status == "timeout" else "error"), (concealed if hidden else error.message)
    if isinstance(error, WorkerStartError):
        return "error", [Message(COULD_NOT_RUN), *error.message]
    call = context.running.calls[-1] if context.running.calls else None
    trouble = f"{type(error).__name__}: {error}"[:MAX_MESSAGE_VALUE]
    if call is None or hidden:
        return "error", [say("The grader stumbled: {error}", error=trouble)]
    return "error", [
        say("The grader could not use what {call} returned: {error}", call=str(call), error=trouble)
    ]


def _mark(item: pytest.Item) -> dict[str, Any]:
    mark = item.get_closest_marker("graded")
    if mark is None:
        raise pytest.UsageError(f"{item.nodeid}: a grader's test needs @graded(...)")
    return dict(mark.kwargs)


def _name(item: pytest.Item) -> str:
    return item.name.removeprefix("test_")

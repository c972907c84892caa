"""The pytest plugin that turns a grader file into results.

`course` runs it inside its grader process; `pytest graders/DAY --submission DIR` runs it by itself.
"""

from __future__ import annotations

import zlib
from collections.abc import Callable, Container, Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from course.content import courses
from course.content.catalog import Exercise
from course.grading import context
from course.grading.apart import Ahead
from course.grading.errors import Ended, Failure, LearnerError
from course.grading.item import GraderTest, made
from course.grading.launch import Launcher, WorkerStartError
from course.grading.profile import Recorder
from course.grading.stumble import Stumble, blame, place, shown, stumble
from course.grading.submission import Submission
from course.language.messages import Message, printable, raised, say
from course.learner.subject import Subject, covered
from course.results import COULD_NOT_RUN, PRINTED, ExerciseResult, Status, TestResult

MAX_PRINTED = 1_500
KERAS_BAR = "━━"  # of fit and predict, which draw it unasked


@dataclass
class Collected:
    """The outcome of one grader file while its tests run.

    `stumbles` are tests in which the grader itself raised over something it had received; `received` what tests had, where
    that is kept. `ahead` are those that run already.
    """

    subject: Subject
    submission: Submission
    tests: list[TestResult] = field(default_factory=list)
    stumbles: dict[str, Stumble] = field(default_factory=dict)
    received: dict[str, Sequence[context.Received]] = field(default_factory=dict)
    ahead: dict[str, Ahead] = field(default_factory=dict)

    def settled(self, name: str, reference: Collected) -> TestResult:
        """The result of a test that stumbled, now that the reference solution has gone through the same tests."""
        [test] = [test for test in self.tests if test.name == name]
        message = blame(self.stumbles[name], reference.received.get(name, ()), hidden=test.hidden)
        return replace(test, status="failed", message=tuple(message), unsettled=False) if message else test

    def result(self) -> ExerciseResult:
        """What the tests so far amount to."""
        exercise = self.subject.exercise
        missing = self.subject.source is None
        return ExerciseResult(exercise.slug, exercise.day, tuple(self.tests), missing=missing)

    def close(self) -> None:
        """End the submission's workers."""
        while self.ahead:
            self.ahead.popitem()[1].stop()
        self.submission.close()


class NotRun(Exception):
    """The test is not run: its file is untouched, or a test it depends on did not pass."""

    def __init__(self, status: Status, message: list[Message]) -> None:
        super().__init__(status)
        self.status = status
        self.message = message


class GradingPlugin:
    """The hooks. `report` is told each test's result as it comes; a submission is graded between one begin() and the next.

    `launcher`, which starts its workers, may come later than the hooks.
    """

    launcher: Launcher

    def __init__(self, report: Callable[[str, TestResult], None] = lambda *_: None) -> None:
        self._report = report

    def begin(self, find: Callable[[Exercise], Subject], seed: int, *, trusting: Container[str] = ()) -> None:
        """Go on to a submission; `find` gives its subject for an exercise. Nothing of the one before is kept.

        The tests in `trusting` do not wait for what has not been run yet (course.checking.Task.leading).
        """
        self.trusting = trusting
        context.running.audit = None
        self._find = find
        self.seed = seed
        self.collected: dict[Path, Collected] = {}
        self.profile: Recorder | None = None
        self.compared: Collected | None = None
        self._apart: list[GraderTest] = []

    def look_ahead(self, items: Sequence[pytest.Item]) -> None:
        """Begin those of these tests that have workers of their own before it is their turn."""
        self._apart = [item for item in items if isinstance(item, GraderTest) and self._is_apart(item)]

    def compare(self, find: Callable[[Exercise], Subject], stumbled: Collected) -> None:
        """Go on to the reference solution, where tests stumbled over a learner's: it is not reported."""
        self.begin(find, self.seed)
        self.compared = stumbled

    def observe(self) -> None:
        """For a proof: take down what the tests call with, and what the mistakes they list are worth."""
        self.profile = Recorder()
        self._shared: set[str] = set()
        context.running.audit = context.Audit()

    def pytest_configure(self, config: pytest.Config) -> None:
        """Let the fixtures find this plugin."""
        config.addinivalue_line("markers", "graded(points, hidden, after, apart): a test that earns points")
        config.stash[_PLUGIN] = self

    def pytest_fixture_setup(self, fixturedef: pytest.FixtureDef[Any]) -> None:
        """For a proof: take down what tests share besides the submission, which may carry a verdict from one to another."""
        if self.profile is not None and fixturedef.scope != "function" and fixturedef.argname != "submission":
            self._shared.add(fixturedef.argname)

    @pytest.hookimpl(tryfirst=True)
    def pytest_pycollect_makeitem(
        self, collector: pytest.Module | pytest.Class, name: str, obj: object
    ) -> GraderTest | None:
        """A test that needs none of pytest's fixtures goes without them; one apart from the others has to."""
        if not (name.startswith("test") and isinstance(collector, pytest.Module)):
            return None
        return made(collector, name, obj, self)

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtest_setup(self, item: pytest.Item) -> None:
        """Decide whether the test is run at all, before its fixtures start a worker."""
        collected, name = self.of(item.path), name_of(item)
        context.begin(collected.subject.exercise.slug, name, collected.subject.source or "")
        if collected.subject.problem is not None:
            raise NotRun("error", [collected.subject.problem])
        if collected.subject.source is None:
            raise NotRun("todo", [say("The file {path} does not exist.", path=collected.subject.path)])
        if collected.subject.untouched:
            raise NotRun("todo", [covered(name) for name in collected.subject.covered[:1]])
        run = {test.name: test.status == "passed" for test in collected.tests}
        waiting = [needed for needed in _mark(item)["after"] if not run.get(needed, name in self.trusting)]
        if waiting and self.compared is None:
            titles = Message(waiting[0], {}, collected.subject.exercise.slug)
            raise NotRun("blocked", [say("Waits for: {title}", title=titles)])

    def run(self, item: GraderTest) -> None:
        """Run a test; one apart from the others where it does not run already: then wait for it."""
        collected = self.of(item.path)
        if not self._is_apart(item):
            item.obj(**self._taken(item, collected.submission))
        elif (ahead := collected.ahead.pop(name_of(item), None)) is not None:
            ahead.result()
        else:
            submission = collected.submission.anew()
            try:
                item.obj(**self._taken(item, submission))
            finally:
                submission.close()

    def close(self, item: GraderTest) -> None:
        """End the workers of an exercise."""
        self.of(item.path).close()

    def _is_apart(self, item: GraderTest) -> bool:
        """Whether a test has a worker of its own, where that takes no time: else it is one test of many."""
        return bool(_mark(item)["apart"]) and self.launcher.quick

    def _taken(self, item: GraderTest, submission: Submission) -> dict[str, Any]:
        """What a test takes."""
        taken: dict[str, Any] = {}
        if "submission" in item.takes:
            taken["submission"] = submission
        if "rng" in item.takes:
            taken["rng"] = drawn(self.seed, item)
        return taken

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtest_makereport(
        self, item: pytest.Item, call: pytest.CallInfo[None]
    ) -> pytest.TestReport | None:
        """Record the result once: at the call, or at a setup that did not get that far.

        The report of a failure is made here: pytest's own would read the grader's source to show a traceback nobody sees.
        """
        if call.when != "call" and not (call.when == "setup" and call.excinfo is not None):
            return None
        error = call.excinfo.value if call.excinfo is not None else None
        result, collected = _judge(item, error), self.of(item.path)
        collected.tests.append(result)
        if self.compared is not None:
            if result.name in self.compared.stumbles and error is None:
                collected.received[result.name] = list(context.running.received)
        else:
            over = stumble(error) if error is not None and result.status == "ungraded" else None
            if over is not None:
                collected.stumbles[result.name] = over
            if self.profile is not None:
                shares = self._shared.intersection(getattr(item, "fixturenames", ()))
                self.profile.add(result.name, context.running.calls, call.duration, shares)
            if over is None:
                self._report(collected.subject.exercise.slug, result)
        self._follow(collected)
        if error is None:
            return None
        told = f"{result.status}: {result.name}\n{result.text()}"
        return pytest.TestReport(
            item.nodeid, item.location, {}, "failed", told, call.when, duration=call.duration
        )

    def _follow(self, collected: Collected) -> None:
        """Begin tests of which the first that they wait for has passed, and end those that will not be run."""
        run = {test.name: test.status == "passed" for test in collected.tests}
        for item in self._apart:
            name, met = name_of(item), [run[needed] for needed in _mark(item)["after"] if needed in run]
            if not all(met) and name in collected.ahead:
                collected.ahead.pop(name).stop()
            if met and all(met) and name not in run and name not in collected.ahead:
                submission = collected.submission.anew()
                collected.ahead[name] = Ahead(name, item.obj, submission, self._taken(item, submission))

    def of(self, path: Path) -> Collected:
        """What is known of a grader file's subject."""
        if path not in self.collected:
            # A grader's file says whose it is.
            root = courses.around(path.parent)
            course = courses.at(root) if root is not None else courses.current()
            courses.use_modules(course)
            subject = self._find(course.exercise(path.stem.removeprefix("test_")))
            submission = Submission(
                subject.exercise, subject.source or "", subject.path, self.launcher, self.seed
            )
            self.collected[path] = Collected(subject, submission)
        return self.collected[path]


_PLUGIN = pytest.StashKey[GradingPlugin]()


@pytest.fixture(scope="module")
def submission(request: pytest.FixtureRequest) -> Iterator[Submission]:
    """The learner's module by remote call."""
    collected = request.config.stash[_PLUGIN].of(request.path)
    yield collected.submission
    collected.close()


@pytest.fixture
def rng(request: pytest.FixtureRequest) -> np.random.Generator:
    """Random inputs of this test, the same for the same --seed."""
    return drawn(request.config.stash[_PLUGIN].seed, request.node)


def drawn(seed: int, item: pytest.Item) -> np.random.Generator:
    """The random inputs of a test."""
    return np.random.default_rng([seed, zlib.crc32(item.name.encode())])


def _judge(item: pytest.Item, error: BaseException | None) -> TestResult:
    hidden, points = _mark(item)["hidden"], _mark(item)["points"]
    status, message = _outcome(error, hidden=hidden)
    lines = printable(context.running.printed).split("\n")
    printed = "\n".join(line for line in lines if KERAS_BAR not in line).strip("\n")
    if printed and not hidden and status not in ("passed", "todo", "blocked"):
        message = [
            *message,
            say(PRINTED, output=printed[:MAX_PRINTED] + ("…" if len(printed) > MAX_PRINTED else "")),
        ]
    if status == "ungraded" and error is not None:
        message = [*message, *place(error, courses.around(item.path.parent) or item.path.parent)]
    return TestResult(
        name_of(item),
        status,
        points if status == "passed" else 0,
        points,
        hidden,
        tuple(message),
        unsettled=_unsettled(error),
    )


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
        if error.unwritten:
            return "todo", [say("Not written yet.")]
        if error.loading:
            return "error", error.message
        return "failed", [*concealed, *error.message[1:]] if hidden else error.message
    if isinstance(error, Ended):
        return ("timeout" if error.status == "timeout" else "error"), (concealed if hidden else error.message)
    if isinstance(error, WorkerStartError):
        return "ungraded", [Message(COULD_NOT_RUN), *error.message]
    if isinstance(error, OSError):  # not the learner's, which come as LearnerError
        return "ungraded", [Message(COULD_NOT_RUN), raised(error)]
    return "ungraded", [Message(COULD_NOT_RUN), say("The grader stumbled: {error}", error=shown(error))]


def _unsettled(error: BaseException | None) -> bool:
    """Whether a test ended by a crash, a limit or the machine, so that another time it may end otherwise."""
    if isinstance(error, LearnerError):
        exhausted = (
            isinstance(error, MemoryError | BlockingIOError) or error.type_name == "ResourceExhaustedError"
        )
        return exhausted or "can't start new thread" in error.shown
    return isinstance(error, Ended | WorkerStartError | MemoryError | OSError)


def _mark(item: pytest.Item) -> dict[str, Any]:
    mark = item.get_closest_marker("graded")
    if mark is None:
        raise pytest.UsageError(f"{item.nodeid}: a grader's test needs @graded(...)")
    return dict(mark.kwargs)


def in_order(items: list[pytest.Item], leading: Sequence[str]) -> list[pytest.Item]:
    """These tests of a grader in this order, before the rest as they stand there."""
    places = {name: place for place, name in enumerate(leading)}
    return sorted(items, key=lambda item: places.get(name_of(item), len(places)))


def name_of(item: pytest.Item) -> str:
    """A test's name without `test_`."""
    return item.name.removeprefix("test_")

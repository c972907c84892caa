"""The result of a check. Every face (terminal, JSON, pages, gradebook) shows these; none computes a score."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal

from course import language
from course.content import catalog, texts
from course.content.catalog import Exercise
from course.language.messages import Message, marked

FORMAT = 1
# What is said first where the machine or the grader failed, and not the submission.
COULD_NOT_RUN = marked("The check could not run.")
# What a learner's code printed during a test that did not pass: people debug with print.
PRINTED = marked("It printed:\n{output}")

Kind = Literal["fact", "advice", "printed"]
Status = Literal["passed", "failed", "todo", "error", "timeout", "missing", "blocked", "ungraded"]

_STATUS_WORDS: dict[Status, str] = {
    "passed": marked("passed"),
    "failed": marked("not yet right"),
    "error": marked("error"),
    "timeout": marked("too slow"),
    "todo": marked("to do"),
    "missing": marked("no file"),
    "blocked": marked("waits"),
    "ungraded": marked("not graded"),
}


def status_word(status: Status, code: str | None = None) -> str:
    """The status in a language, the current one by default."""
    return language.gettext(_STATUS_WORDS[status], code)


@dataclass(frozen=True)
class TestResult:
    """One test: its name in the grader without `test_`, what it earned, and what to tell the learner, by paragraph."""

    __test__ = False  # not a test class to pytest

    name: str
    status: Status
    points: int
    max_points: int
    hidden: bool = False
    message: tuple[Message, ...] = ()
    unsettled: bool = False  # ended by a crash, a limit or the machine: no verdict on the code

    def paragraphs(self) -> list[tuple[Kind, Message]]:
        """The message by paragraph: facts, the last of several being the advice, and what was printed."""
        facts = [part for part in self.message if part.id != PRINTED]
        printed = [part for part in self.message if part.id == PRINTED]
        advice = facts.pop() if len(facts) > 1 else None
        found: list[tuple[Kind, Message]] = [("fact", part) for part in facts]
        found += [("advice", advice)] if advice is not None else []
        return found + [("printed", part) for part in printed]

    def text(self, code: str | None = None) -> str:
        """The message in a language, one paragraph a line."""
        return "\n".join(paragraph.render(code) for paragraph in self.message)


@dataclass(frozen=True)
class ExerciseResult:
    """One exercise: its tests and what follows from them."""

    slug: str
    day: str
    tests: tuple[TestResult, ...]
    seconds: float = 0.0
    cached: bool = False
    missing: bool = False
    seed: int | None = None  # of the random inputs; a kept result has the one it was made with

    @property
    def points(self) -> int:
        """What was earned."""
        return sum(test.points for test in self.tests)

    @property
    def max_points(self) -> int:
        """What can be earned."""
        return sum(test.max_points for test in self.tests)

    @property
    def unsettled(self) -> bool:
        """Whether a test ended by a crash, a limit or the machine: then nothing of it is kept, and it is no attempt."""
        return any(test.unsettled for test in self.tests)

    @property
    def status(self) -> Status:
        """The exercise's status: passed only with every test, todo only where nothing was begun.

        It is ungraded where the machine or the grader failed in any test: that says nothing about the submission.
        """
        found = {test.status for test in self.tests}
        if "ungraded" in found:
            return "ungraded"
        if self.missing:
            return "missing"
        if found == {"passed"}:
            return "passed"
        if found <= {"todo", "blocked"}:
            return "todo"
        for status in ("timeout", "error"):
            if status in found and found <= {status, "blocked", "todo"}:
                return status
        return "failed"


@dataclass(frozen=True)
class Report:
    """One check: a submission, the seed of the graders' random inputs, and the exercises in order."""

    submission: str
    seed: int
    exercises: tuple[ExerciseResult, ...]
    seconds: float = 0.0
    lacking: tuple[str, ...] = ()  # protections the code ran without: course.worker.sandbox.apply names them

    @property
    def points(self) -> int:
        """What was earned in all."""
        return sum(exercise.points for exercise in self.exercises)

    @property
    def max_points(self) -> int:
        """What can be earned in all."""
        return sum(exercise.max_points for exercise in self.exercises)

    @property
    def drawn(self) -> bool:
        """Whether something was graded now, with the seed; all that was kept has seeds of its own."""
        return not self.exercises or any(not exercise.cached for exercise in self.exercises)

    @property
    def passed(self) -> bool:
        """Whether every exercise passed."""
        return all(exercise.status == "passed" for exercise in self.exercises)

    def to_json(self, code: str | None = None) -> dict[str, Any]:
        """The object `course check --json` prints, with titles and messages in one language."""
        code = code or language.current()
        return {
            "format": FORMAT,
            "submission": self.submission,
            "seed": self.seed,
            "points": self.points,
            "max_points": self.max_points,
            "seconds": round(self.seconds, 3),
            "lacking": list(self.lacking),
            "exercises": [_exercise_json(exercise, code) for exercise in self.exercises],
        }

    def __str__(self) -> str:
        """A line an exercise, with the first failure of each."""
        lines = []
        for exercise in self.exercises:
            lines.append(f"{exercise.slug}: {exercise.status} {exercise.points}/{exercise.max_points}")
            failed = next((test for test in exercise.tests if test.status != "passed" and test.message), None)
            if failed is not None:
                lines += [f"    {line}" for line in failed.text().splitlines()]
        return "\n".join(lines)

    __repr__ = __str__


def _exercise_json(exercise: ExerciseResult, code: str) -> dict[str, Any]:
    titles = texts.text(catalog.catalog().exercise(exercise.slug), code).tests
    return {
        "slug": exercise.slug,
        "day": exercise.day,
        "status": exercise.status,
        "points": exercise.points,
        "max_points": exercise.max_points,
        "seconds": round(exercise.seconds, 3),
        "cached": exercise.cached,
        "seed": exercise.seed,
        "tests": [
            {
                "name": test.name,
                "title": titles.get(test.name, test.name),
                "status": test.status,
                "points": test.points,
                "max_points": test.max_points,
                "hidden": test.hidden,
                "message": test.text(code),
            }
            for test in exercise.tests
        ],
    }


def ungraded(exercise: Exercise, *reason: Message) -> ExerciseResult:
    """The result of an exercise that could not be graded; the reason is the machine's or the grader's."""
    test = TestResult("grader", "ungraded", 0, 0, message=(Message(COULD_NOT_RUN), *reason))
    return ExerciseResult(exercise.slug, exercise.day, (test,))


def dump_tests(tests: Sequence[TestResult]) -> list[dict[str, Any]]:
    """Tests in a form JSON can hold, language left open."""
    return [{**vars(test), "message": [part.to_json() for part in test.message]} for test in tests]


def load_tests(data: Sequence[dict[str, Any]]) -> tuple[TestResult, ...]:
    """The inverse of dump_tests; raises TypeError or KeyError for anything else."""
    return tuple(
        TestResult(**{**t, "message": tuple(Message.from_json(m) for m in t["message"])}) for t in data
    )


def as_cached(result: ExerciseResult) -> ExerciseResult:
    """The same result, marked as kept from an earlier check."""
    return replace(result, cached=True)

"""How a learner came to stand there: points over time, and the tests that took longest to get right."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from course.learner.store.attempts import Attempt
from course.learner.store.schedule import local_day
from course.progress.activity import PAUSE
from course.progress.summary import ExerciseProgress, Summary, quality
from course.results import TestResult

_FAILED = ("failed", "error", "timeout")


@dataclass(frozen=True)
class Struggle:
    """A test that did not pass in `checks` checks; `spent` is the time after them, a break counting as `PAUSE`."""

    exercise: ExerciseProgress
    test: str
    checks: int
    spent: timedelta
    solved: bool


def points_by_day(summary: Summary) -> list[tuple[date, int]]:
    """The points held at the end of each day on which they changed: those of every exercise's best attempt until then."""
    best: dict[str, Attempt] = {}
    points: dict[date, int] = {}
    every = [attempt for exercise in summary.exercises for attempt in exercise.attempts]
    for attempt in sorted(every, key=lambda each: each.checked):
        held = best.get(attempt.exercise)
        if held is None or quality(attempt) > quality(held):
            best[attempt.exercise] = attempt
            points[local_day(attempt.checked)] = sum(each.points for each in best.values())
    return list(points.items())


def struggles(summary: Summary, tests: Mapping[str, Sequence[TestResult]]) -> list[Struggle]:
    """All of them, the longest first. `tests` are those of the attempts, by their ids."""
    found = [each for exercise in summary.exercises for each in _struggles(exercise, tests)]
    return sorted(found, key=lambda each: (each.spent, each.checks), reverse=True)


def _struggles(exercise: ExerciseProgress, tests: Mapping[str, Sequence[TestResult]]) -> list[Struggle]:
    checks: dict[str, int] = {}
    spent: dict[str, timedelta] = {}
    solved: dict[str, bool] = {}
    following = [attempt.checked for attempt in exercise.attempts[1:]]
    for attempt, until in zip(exercise.attempts, [*following, None], strict=False):
        after = min(until - attempt.checked, PAUSE) if until is not None else timedelta()
        for test in tests.get(attempt.id, ()):
            if test.status in _FAILED:
                checks[test.name] = checks.get(test.name, 0) + 1
                spent[test.name] = spent.get(test.name, timedelta()) + after
            solved[test.name] = solved.get(test.name, False) or test.status == "passed"
    return [Struggle(exercise, name, checks[name], spent[name], solved[name]) for name in checks]

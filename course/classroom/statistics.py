"""What a class's results say about the class and about the tests; a test is an item in the sense of classical test theory."""

from __future__ import annotations

import statistics
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from course.classroom.folder import Graded
from course.results import PRINTED, ExerciseResult, Status, TestResult

BINS = 10
QUIZ = "quiz"  # what its questions stand under among the items
MOST_FAILURES, MOST_SLOW = 10, 10


@dataclass(frozen=True)
class Item:
    """One test over the class.

    `difficulty` is the proportion of its points that were earned (1: everyone has it). `discrimination` is the corrected
    point-biserial: the correlation of its points with those of all the other tests, -1 to 1; None where either does not
    vary. Below about 0.2 the test tells strong from weak submissions badly; below 0 it is suspect. (Lord and Novick,
    Statistical Theories of Mental Test Scores, 1968, section 15.)
    """

    slug: str
    name: str
    hidden: bool
    difficulty: float
    discrimination: float | None


@dataclass(frozen=True)
class Success:
    """One exercise over the class: how many passed, were begun and were handed in untouched or not at all."""

    slug: str
    statuses: Counter[Status]
    mean: float
    max_points: int


@dataclass(frozen=True)
class Failure:
    """The same failure of several students: which test, how many, and one of the results as an example."""

    slug: str
    test: TestResult
    count: int


@dataclass(frozen=True)
class Summary:
    """A class at a glance. All but `missing` is of those who handed something in."""

    handed_in: int
    missing: tuple[Graded, ...]
    max_points: float
    mean: float
    median: float
    deviation: float
    bins: tuple[int, ...]
    successes: tuple[Success, ...]
    items: tuple[Item, ...]
    failures: tuple[Failure, ...]
    slowest: tuple[Graded, ...]
    troubled: tuple[Graded, ...]


def summary(class_: Sequence[Graded], totals: Sequence[float | None], most: float) -> Summary:
    """Summarise a class. `bins` counts shares of the points: 0 to 10 %, … and 90 to 100 % with both ends.

    Args:
        class_: every student's results.
        totals: every student's points, None for one without.
        most: what the points are out of.
    """
    present = [graded for graded in class_ if graded.handed_in and graded.graded]
    points = [
        total for graded, total in zip(class_, totals, strict=True) if graded.handed_in and total is not None
    ]
    bins = [0] * BINS
    for earned in points:
        bins[min(BINS - 1, int(BINS * earned // most) if most else 0)] += 1
    return Summary(
        handed_in=sum(graded.handed_in for graded in class_),
        missing=tuple(graded for graded in class_ if not graded.handed_in),
        max_points=most,
        mean=statistics.fmean(points) if points else 0.0,
        median=statistics.median(points) if points else 0.0,
        deviation=statistics.stdev(points) if len(points) > 1 else 0.0,
        bins=tuple(bins),
        successes=_successes(present),
        items=items(present),
        failures=_failures(present),
        slowest=tuple(sorted(present, key=lambda graded: -graded.report.seconds)[:MOST_SLOW]),
        troubled=tuple(graded for graded in class_ if not graded.complete),
    )


def _exercises(present: Sequence[Graded]) -> list[tuple[ExerciseResult, ...]]:
    return list(zip(*(graded.report.exercises for graded in present), strict=True)) if present else []


def _successes(present: Sequence[Graded]) -> tuple[Success, ...]:
    return tuple(
        Success(
            results[0].slug,
            Counter(result.status for result in results),
            statistics.fmean(result.points for result in results),
            results[0].max_points,
        )
        for results in _exercises(present)
    )


def items(present: Sequence[Graded]) -> tuple[Item, ...]:
    """Every test and every quiz question over those who handed something in."""
    totals = [graded.report.points for graded in present]
    found = []
    for results in _exercises(present):
        for tests in zip(*(result.tests for result in results), strict=False):
            earned = [test.points for test in tests]
            rest = [total - own for total, own in zip(totals, earned, strict=True)]
            share = statistics.fmean(earned) / max(tests[0].max_points, 1)
            found.append(
                Item(results[0].slug, tests[0].name, tests[0].hidden, share, _correlation(earned, rest))
            )
    for question in dict.fromkeys(name for graded in present for name in graded.quiz):
        own = [graded.quiz.get(question, 0.0) for graded in present]
        whole = zip(present, totals, own, strict=True)
        others = [total + sum(graded.quiz.values()) - credit for graded, total, credit in whole]
        found.append(Item(QUIZ, question, False, statistics.fmean(own), _correlation(own, others)))
    return tuple(found)


def _correlation(first: Sequence[float], second: Sequence[float]) -> float | None:
    if len(set(first)) < 2 or len(set(second)) < 2:
        return None
    return statistics.correlation(first, second)


def _failures(present: Sequence[Graded]) -> tuple[Failure, ...]:
    alike: defaultdict[tuple[object, ...], list[tuple[str, TestResult]]] = defaultdict(list)
    for graded in present:
        for result in graded.report.exercises:
            for test in result.tests:
                if test.status in ("failed", "error", "timeout") and test.message:
                    # The same sentences with other values, or other output, are the same failure.
                    said = tuple((part.id, part.exercise) for part in test.message if part.id != PRINTED)
                    alike[result.slug, test.name, said].append((result.slug, test))
    ordered = sorted(alike.values(), key=len, reverse=True)[:MOST_FAILURES]
    return tuple(Failure(*same[0], len(same)) for same in ordered)

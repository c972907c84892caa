"""What a class's results say about the class and about the tests; a test is an item in the sense of classical test theory."""

from __future__ import annotations

import statistics
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from course.classroom.folder import Graded
from course.results import ExerciseResult, Status, TestResult

BINS = 10
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
    max_points: int
    mean: float
    median: float
    deviation: float
    bins: tuple[int, ...]
    successes: tuple[Success, ...]
    items: tuple[Item, ...]
    failures: tuple[Failure, ...]
    slowest: tuple[Graded, ...]
    troubled: tuple[Graded, ...]


def summary(class_: Sequence[Graded]) -> Summary:
    """Summarise a class. `bins` counts shares of the points: 0 to 10 %, … and 90 to 100 % with both ends."""
    present = [graded for graded in class_ if graded.handed_in and all(graded.keys)]
    points = [graded.report.points for graded in present]
    most = max((graded.report.max_points for graded in class_), default=0)
    bins = [0] * BINS
    for earned in points:
        bins[min(BINS - 1, BINS * earned // most if most else 0)] += 1
    return Summary(
        handed_in=sum(graded.handed_in for graded in class_),
        missing=tuple(graded for graded in class_ if not graded.handed_in),
        max_points=most,
        mean=statistics.fmean(points) if points else 0.0,
        median=statistics.median(points) if points else 0.0,
        deviation=statistics.stdev(points) if len(points) > 1 else 0.0,
        bins=tuple(bins),
        successes=_successes(present),
        items=_items(present),
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


def _items(present: Sequence[Graded]) -> tuple[Item, ...]:
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
    return tuple(found)


def _correlation(first: Sequence[int], second: Sequence[int]) -> float | None:
    if len(set(first)) < 2 or len(set(second)) < 2:
        return None
    return statistics.correlation(first, second)


def _failures(present: Sequence[Graded]) -> tuple[Failure, ...]:
    alike: defaultdict[tuple[object, ...], list[tuple[str, TestResult]]] = defaultdict(list)
    for graded in present:
        for result in graded.report.exercises:
            for test in result.tests:
                if test.status in ("failed", "error", "timeout") and test.message:
                    # The same sentences with other values are the same failure.
                    said = tuple((part.id, part.exercise) for part in test.message)
                    alike[result.slug, test.name, said].append((result.slug, test))
    ordered = sorted(alike.values(), key=len, reverse=True)[:MOST_FAILURES]
    return tuple(Failure(*same[0], len(same)) for same in ordered)

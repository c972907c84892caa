"""The graded cells of an assignment's notebook: their names, and the points a result gives them."""

from __future__ import annotations

from collections.abc import Sequence

from course.results import ExerciseResult

# Where a test cell's output says what its points are out of.
OUT_OF = "application/vnd.course.out-of+json"
# A question of the quiz; partly right answers earn a part of it.
QUESTION_POINTS = 1.0


def tests(slug: str) -> str:
    """The cell with the tests a learner may see."""
    return f"{slug}-tests"


def hidden_tests(slug: str) -> str:
    """The cell with the hidden tests."""
    return f"{slug}-hidden"


def report(slug: str) -> str:
    """The cell for a report, graded by a person."""
    return f"{slug}-report"


def question(name: str) -> str:
    """The cell that judges the answer to a question of the quiz."""
    return f"quiz-{name}"


def points(result: ExerciseResult) -> dict[str, int]:
    """What a result earns by graded cell; hidden and visible points together are the exercise's."""
    return _by_cell(result, {test.name: test.points for test in result.tests})


def max_points(result: ExerciseResult) -> dict[str, int]:
    """What can be earned by graded cell; a cell that would be worth nothing is left out."""
    return _by_cell(result, {test.name: test.max_points for test in result.tests})


def scaled(points: float, worth: float, most: float) -> float:
    """Points on the scale of a cell worth `most`, to the hundredth; the same where it is worth that already."""
    return max(0.0, min(most, points if worth == most or not worth else round(most * points / worth, 2)))


def worth_of(result: ExerciseResult, points: float | None) -> dict[str, float]:
    """What an exercise's graded cells are worth where it is worth so many points, or by default what its tests give."""
    own = max_points(result)
    shares = split(float(sum(own.values())) if points is None else points, list(own.values()))
    return dict(zip(own, shares, strict=True))


def split(amount: float, weights: Sequence[float]) -> list[float]:
    """An amount in hundredths shared out by weights; the parts sum up to it."""
    whole, parts, before, begun = sum(weights), [], 0.0, 0.0
    for weight in weights:
        begun += weight
        until = round(amount * begun / whole, 2) if whole else 0.0
        parts.append(round(until - before, 2))
        before = until
    return parts


def _by_cell(result: ExerciseResult, worth: dict[str, int]) -> dict[str, int]:
    found: dict[str, int] = {}
    for test in result.tests:
        name = hidden_tests(result.slug) if test.hidden else tests(result.slug)
        found[name] = found.get(name, 0) + worth[test.name]
    return found

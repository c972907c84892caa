"""The graded cells of an assignment's notebook: their names, and the points a result gives them."""

from __future__ import annotations

from course.results import ExerciseResult

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


def _by_cell(result: ExerciseResult, worth: dict[str, int]) -> dict[str, int]:
    found: dict[str, int] = {}
    for test in result.tests:
        name = hidden_tests(result.slug) if test.hidden else tests(result.slug)
        found[name] = found.get(name, 0) + worth[test.name]
    return found

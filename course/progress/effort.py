"""About how long an exercise takes who meets it for the first time: from what there is to read and to write."""

from __future__ import annotations

import ast
import functools
from collections.abc import Iterable
from datetime import timedelta

from course.content.catalog import Exercise
from course.content.stub import names

# Slow readers of a text with formulas; a line that says what was just understood, with its mistakes; what a function is to do.
_WORDS_A_MINUTE, _MINUTES_A_LINE, _MINUTES_A_FUNCTION = 150, 2, 3
_STEP = 5


@functools.cache
def estimate(exercise: Exercise) -> timedelta:
    """Of one exercise, in steps of five minutes."""
    source = exercise.solution.read_text(encoding="utf-8")
    given = exercise.stub.read_text(encoding="utf-8")
    minutes = len(exercise.written("en").read_text(encoding="utf-8").split()) / _WORDS_A_MINUTE
    minutes += _MINUTES_A_LINE * max(_lines(source) - _lines(given), 0)
    minutes += _MINUTES_A_FUNCTION * len(names(given))
    return timedelta(minutes=_STEP * max(round(minutes / _STEP), 1))


def remaining(exercises: Iterable[Exercise]) -> timedelta:
    """Of several."""
    return sum(map(estimate, exercises), timedelta())


def _lines(source: str) -> int:
    """Lines of code, however it was laid out."""
    return len(ast.unparse(ast.parse(source)).splitlines())

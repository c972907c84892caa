"""The decorator that makes a pytest function a graded test."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeVar

import pytest

Function = TypeVar("Function", bound=Callable[..., object])


def graded(
    points: int = 1, *, hidden: bool = False, after: Sequence[str] = ()
) -> Callable[[Function], Function]:
    """Mark a test as worth `points`.

    Args:
        points: a positive whole number.
        hidden: the learner sees the title, not the inputs or the expected values.
        after: names (without `test_`) of tests that must pass first; otherwise this one is blocked.
    """
    if points < 1 or not isinstance(points, int):
        raise ValueError("points must be a positive whole number")

    def mark(function: Function) -> Function:
        marked: Function = pytest.mark.graded(points=points, hidden=hidden, after=tuple(after))(function)
        return marked

    return mark

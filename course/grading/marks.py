"""The decorator that makes a pytest function a graded test."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeVar

import pytest

Function = TypeVar("Function", bound=Callable[..., object])


def graded(
    points: int = 1, *, hidden: bool = False, after: Sequence[str] = (), apart: bool = False
) -> Callable[[Function], Function]:
    """Mark a test as worth `points`.

    Args:
        points: a positive whole number.
        hidden: the learner sees the title, not the inputs or the expected values.
        after: names (without `test_`) of tests that must pass first; otherwise this one is blocked.
        apart: in a worker of its own, and where a core is free at the same time as the tests from the first that it waits for
            to its turn: for one that trains a model. It takes no fixtures but `submission` and `rng`. Where a worker has to
            import its libraries first (no system but Linux forks them) it is a test as all others.
    """
    if points < 1 or not isinstance(points, int):
        raise ValueError("points must be a positive whole number")

    def mark(function: Function) -> Function:
        marked: Function = pytest.mark.graded(points=points, hidden=hidden, after=tuple(after), apart=apart)(
            function
        )
        return marked

    return mark

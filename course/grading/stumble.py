"""A grader that raised: did what the learner's code returned bring it there, or is it the grader's own fault.

The course's own solution goes through the same test with the same inputs. The learner's code is to blame where that passes and
had returned something of another form (type, shape, keys, finite or not) for the same call; an assertion is a verdict in any
case. Whatever else a grader raises is its own fault, and costs nobody points.
"""

from __future__ import annotations

import itertools
import traceback
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from course.grading import compare
from course.grading.context import Received, running
from course.grading.describe import show
from course.grading.errors import Failure, LearnerError
from course.language.messages import Message, printable, say
from course.worker.wire import Opaque, TooLarge, pandas_kind

# What an operation raises that a value does not fit; of a name that does not exist no value is the cause.
_PROVOKED = (
    AssertionError, TypeError, ValueError, AttributeError, LookupError, ArithmeticError, RecursionError, MemoryError, TooLarge,
)  # fmt: skip
_LONGEST_ERROR = 300


@dataclass(frozen=True)
class Stumble:
    """The grader's exception in one test, and all that had come from workers by then."""

    error: Exception
    received: Sequence[Received]


def stumble(error: BaseException) -> Stumble | None:
    """What the running test may have stumbled over; None where no value can have been the cause."""
    provoked = isinstance(error, _PROVOKED) and running.received
    return Stumble(error, list(running.received)) if provoked and isinstance(error, Exception) else None


def shown(error: BaseException) -> str:
    """The exception as Python prints it, cut."""
    return printable(f"{type(error).__name__}: {error}"[:_LONGEST_ERROR])


def place(error: BaseException, root: Path) -> list[Message]:
    """The line of the course's own that raised it, where one did."""
    places = [(frame.filename, frame.lineno) for frame in traceback.extract_tb(error.__traceback__)]
    if isinstance(error, SyntaxError):
        places.append((error.filename or "", error.lineno))
    own = [place for place in places if Path(place[0]).is_relative_to(root)]
    return [say("{path}:{line}:", path=own[-1][0], line=own[-1][1] or 0)] if own else []


def blame(stumble: Stumble, reference: Sequence[Received], *, hidden: bool) -> list[Message]:
    """What to tell the learner, whose value it was; nothing where it was not.

    Args:
        stumble: of the learner's test.
        reference: what had come from workers when the solution had passed the same test.
        hidden: whether no value may be named.
    """
    same = itertools.takewhile(
        lambda pair: pair[0].of == pair[1].of,  # behind that the test asked for something else
        zip(stumble.received, reference, strict=False),
    )
    found = None
    for mine, theirs in same:
        parts = _difference(mine.value, theirs.value)
        if parts is None and isinstance(stumble.error, AssertionError):
            parts = mine.value, theirs.value
        if parts is not None:
            found = mine, *parts  # the last one is the likeliest
    if found is None:
        return []
    came, got, due = found
    if hidden:
        return [say("The check could not use what {name} returned.", name=came.of)]
    return _told(came, got, due, stumble.error)


def _told(came: Received, got: Any, due: Any, error: Exception) -> list[Message]:
    if came.call is not None and not isinstance(due, LearnerError):
        running.calls[:] = [came.call]
        try:
            compare.refuse_kind(got)
        except Failure as failure:
            return [*failure.values, *failure.advice]
    name = str(came.call or came.of)
    got_shown, due_shown = _shown(got), _shown(due)
    if got is came.value:
        what = say("{call} returned {got}", call=name, got=got_shown)
    else:
        what = say("Part of what {call} returned: {got}", call=name, got=got_shown)
    return [
        what,
        say("The check cannot go on with that ({error}).", error=shown(error)),
        say("What the course's own solution gives here: {due}", due=due_shown),
    ]


def _shown(value: Any) -> str:
    return value.shown if isinstance(value, LearnerError) else show(value)


def _difference(got: Any, due: Any) -> tuple[Any, Any] | None:
    """The innermost first parts of two values that are of another form, or None."""
    if _form(got) != _form(due):
        return got, due
    pairs: list[tuple[Any, Any]] = []
    if isinstance(due, dict):
        pairs = [(got[key], due[key]) for key in due]
    elif isinstance(due, list | tuple):
        pairs = list(zip(got, due, strict=True))
    return next((parts for mine, theirs in pairs if (parts := _difference(mine, theirs)) is not None), None)


def _form(value: Any) -> tuple[Any, ...]:
    """All of a value but its numbers, and of a container but its parts."""
    kind = type(value).__name__
    if isinstance(value, LearnerError):
        return "raised", value.type_name
    if isinstance(value, dict):
        return kind, tuple(value)
    if isinstance(value, Opaque):
        return kind, value.type, value.reason
    if table := pandas_kind(value):
        columns = tuple(value.columns) if table == "frame" else (value.name,)
        return kind, value.shape, columns
    if isinstance(value, np.ndarray | np.generic):
        return kind, value.dtype.name, value.shape, _finite(value)
    if isinstance(value, float | complex):
        return kind, _finite(value)
    if isinstance(value, list | tuple | set | frozenset):
        return kind, len(value)
    return (kind,)


def _finite(value: Any) -> bool:
    values = np.asarray(value)
    return values.dtype.kind not in "fc" or bool(np.all(np.isfinite(values)))

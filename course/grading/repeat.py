"""The same call once more, with its arrays as slices of larger ones: the same numbers must give the same result."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterable, Iterator, Set
from typing import Any

import numpy as np

from course.grading.context import Call, running
from course.grading.describe import show
from course.grading.errors import Failure, LearnerError
from course.language.messages import say
from course.worker.wire import ModelRef, pandas_kind

# The order of a sum may differ, not its size.
_RTOL, _ATOL = 1e-6, 1e-9
_SINGLE = frozenset({int, float, bool, str, type(None), np.random.Generator})
_NONE: Set[int | str] = frozenset()
_COMPARED = (bool, int, float, complex, str, bytes, type(None), np.generic, np.ndarray)


class Repeat:
    """Repeats a call for each parameter that takes arrays of several numbers, the first with such a one; models have a memory."""

    def __init__(self) -> None:
        self._done: dict[tuple[str, str], set[int | str]] = {}

    def wants(self, call: Call) -> bool:
        """Whether an array of this call is the first of its function's parameter."""
        if not self._new(call):
            return False
        values = [*call.arguments, *call.keywords.values()]
        return not any(isinstance(value, ModelRef) for value in values)

    def check(self, call: Call, ask: Callable[[bool], Any]) -> None:
        """Ask again with slices; a function that answers differently without them, too, is left to its tests."""
        self._done[call.module, call.name] = {*self._known(call), *self._new(call)}
        printed, received = running.printed, len(running.received)
        try:
            sliced = ask(True)
            if _alike(sliced, call.result) or not _alike(ask(False), call.result):
                return
            what = say("For the same numbers in a slice such as a[::2] it returned {got}", got=show(sliced))
        except LearnerError as error:
            what = say("For the same numbers in a slice such as a[::2] it raised {error}", error=error.shown)
        finally:
            running.printed = printed  # once is enough
            del running.received[received:]
        returned = say("{call} returned {got}", call=str(call), got=show(call.result))
        advice = say(
            "Do not rely on how an array lies in memory: reshape, ravel and view may copy or refuse."
        )
        raise Failure([returned, what], [advice])

    def _known(self, call: Call) -> Set[int | str]:
        return self._done.get((call.module, call.name), _NONE)

    def _new(self, call: Call) -> set[int | str]:
        """Parameters, by place or name, that have not been tried yet and are now, or hold, an array of several numbers."""
        known, new = self._known(call), set[int | str]()
        given: Iterable[tuple[int | str, Any]] = enumerate(call.arguments)
        for name, value in itertools.chain(given, call.keywords.items()):
            if name not in known and type(value) not in _SINGLE and any(map(_sliceable, _parts(value))):
                new.add(name)
        return new


def _sliceable(value: Any) -> bool:
    return isinstance(value, np.ndarray) and value.ndim > 0 and value.size > 1


def _alike(one: Any, other: Any) -> bool:
    mine, theirs = list(_parts(one)), list(_parts(other))
    return len(mine) == len(theirs) and all(_equal(a, b) for a, b in zip(mine, theirs, strict=True))


def _equal(one: Any, other: Any) -> bool:
    if isinstance(one, np.ndarray | float) and isinstance(other, np.ndarray | float):
        a, b = np.asarray(one), np.asarray(other)
        if a.dtype.kind in "fc" and a.shape == b.shape and b.dtype.kind in "fc":
            scale = float(np.max(np.abs(b[np.isfinite(b)]), initial=0))
            return bool(np.allclose(a, b, rtol=_RTOL, atol=_ATOL + _RTOL * scale, equal_nan=True))
        return bool(a.shape == b.shape and a.dtype == b.dtype and np.array_equal(a, b))
    if pandas_kind(one):
        return type(one) is type(other) and bool(one.equals(other))
    if not isinstance(one, _COMPARED):
        return type(one) is type(other)  # an object's text may hold its address
    return type(one) is type(other) and repr(one) == repr(other)


def _parts(value: Any) -> Iterator[Any]:
    if isinstance(value, list | tuple):
        for part in value:
            yield from _parts(part)
    elif isinstance(value, dict):
        for key, part in value.items():
            yield key
            yield from _parts(part)
    else:
        yield value

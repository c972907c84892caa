"""What a call did to its arguments: the first place at which one is no longer what it was."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from course.worker.wire import pandas_kind

_SMALL = 1 << 14  # bytes
_HOLDERS = (np.ndarray, list, tuple, dict)
_VALUES = (str, bytes, int, float, complex, np.generic, type(None))


class Alteration(NamedTuple):
    """A place in an argument, as Python would write it, what stood there before, and what stands there now."""

    place: str
    before: Any
    now: Any


def first(before: Any, now: Any, place: str) -> Alteration | None:
    """The first difference between an argument as it was sent and as it is after the call, or None.

    `place` is the parameter's name. Generators are meant to change; models, functions and single values cannot be compared or
    cannot change.
    """
    if isinstance(before, np.ndarray):
        return _array(before, now, place)
    if isinstance(before, list | tuple):
        return _sequence(before, now, place)
    if isinstance(before, dict):
        return _dict(before, now, place)
    if pandas_kind(before):
        return _table(before, now, place)
    return None


def _array(before: np.ndarray[Any, Any], now: Any, place: str) -> Alteration | None:
    if not isinstance(now, np.ndarray):
        return Alteration(place, before, now)
    if before.shape != now.shape:
        return Alteration(f"{place}.shape", before.shape, now.shape)
    if before.dtype != now.dtype:
        return Alteration(f"{place}.dtype", before.dtype.name, now.dtype.name)
    if before.nbytes <= _SMALL and before.dtype.kind != "O" and before.tobytes() == now.tobytes():
        return None  # ten times as quick as comparing numbers, after nearly every call
    with np.errstate(invalid="ignore"):
        changed = np.atleast_1d((before != now) & ~((before != before) & (now != now)))  # noqa: PLR0124  nan
    if not np.any(changed):
        return None
    index = tuple(int(n) for n in np.argwhere(changed)[0]) if before.ndim else ()
    shown = f"{place}[{', '.join(map(str, index))}]" if index else place
    return Alteration(shown, before[index], now[index])


def _sequence(before: Any, now: Any, place: str) -> Alteration | None:
    if type(before) is not type(now):
        return Alteration(place, before, now)
    if len(before) != len(now):
        return Alteration(f"len({place})", len(before), len(now))
    for number, (old, new) in enumerate(zip(before, now, strict=True)):
        if type(old) is float and type(new) is float and old == new:
            continue  # what long lists hold
        if found := _part(old, new, f"{place}[{number}]"):
            return found
    return None


def _dict(before: dict[Any, Any], now: Any, place: str) -> Alteration | None:
    if not isinstance(now, dict) or list(before) != list(now):
        return Alteration(f"list({place})", list(before), list(now) if isinstance(now, dict) else now)
    for key, old in before.items():
        if found := _part(old, now[key], f"{place}[{key!r}]"):
            return found
    return None


def _table(before: Any, now: Any, place: str) -> Alteration | None:
    if type(before) is not type(now):
        return Alteration(place, before, now)
    if pandas_kind(before) == "series":
        return _array(np.asarray(before), np.asarray(now), place)
    if list(before.columns) != list(now.columns):
        return Alteration(f"list({place}.columns)", list(before.columns), list(now.columns))
    if before.equals(now) and before.index.equals(now.index):
        return None
    for number, name in enumerate(before.columns):
        old, new = (np.asarray(table.iloc[:, number]) for table in (before, now))
        if found := _array(old, new, f"{place}[{name!r}]"):
            return found
    return None if before.index.equals(now.index) else Alteration(f"{place}.index", "", "")


def _part(before: Any, now: Any, place: str) -> Alteration | None:
    if isinstance(before, _HOLDERS) or pandas_kind(before):
        return first(before, now, place)
    if isinstance(before, _VALUES) and not (
        before is now or before == now or (before != before and now != now)  # noqa: PLR0124  nan
    ):
        return Alteration(place, before, now)
    return None

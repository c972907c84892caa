"""What a call did to its arguments, or to earlier results: the first place at which one is no longer what it was."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from course.worker.wire import pandas_kind

_SMALL = 1 << 14  # bytes
_HOLDERS = (np.ndarray, list, tuple, dict)
_VALUES = (str, bytes, int, float, complex, np.generic, type(None))
_SINGLE = frozenset({int, float, bool, str, type(None)})
# Entries of a list, bytes of an array and cells of a table of which a copy is kept.
_MOST, _MOST_BYTES, _MOST_CELLS = 1_000, 1 << 20, 1 << 17


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


class Kept:
    """What a function returned, and a copy of how it was then."""

    def __init__(self, value: Any) -> None:
        self._value = value
        self._copy = _copy(value)

    def changed(self) -> bool:
        """Whether it is no longer what it was."""
        return first(self._copy, self._value, "") is not None


class _KeptArray(Kept):
    """The same of a small array of numbers, as most are."""

    def __init__(self, value: np.ndarray[Any, Any]) -> None:
        self._value = value
        self._was = value.shape, value.dtype, value.tobytes()

    def changed(self) -> bool:
        """Whether it is no longer what it was."""
        shape, dtype, data = self._was
        value = self._value
        if value.tobytes() == data and value.shape == shape and value.dtype == dtype:
            return False
        return first(np.frombuffer(data, dtype).reshape(shape), value, "") is not None


def kept(value: Any) -> Kept | None:
    """To ask later whether a value has changed; None for one that cannot."""
    kind = type(value)
    if kind in _SINGLE:
        return None
    if kind is np.ndarray and value.nbytes <= _SMALL and value.dtype.kind in "fiub":
        return _KeptArray(value)
    return Kept(value)


def _copy(value: Any) -> Any:
    """A copy of arrays and tables, alone or in a list, tuple or dict; what is large is not watched."""
    if pandas_kind(value):
        return value.copy() if value.size <= _MOST_CELLS else value
    if isinstance(value, np.ndarray):
        return value.copy() if value.nbytes <= _MOST_BYTES else value
    if isinstance(value, list | tuple) and len(value) <= _MOST:
        return type(value)(map(_copy, value)) if type(value) in (list, tuple) else None
    if type(value) is dict:
        return {key: _copy(part) for key, part in value.items()}
    return value


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

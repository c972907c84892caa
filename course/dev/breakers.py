"""Ways in which a function that is right can break one promise on some inputs.

This module runs in a worker, behind a reference solution (see course.dev.behaviour): it needs NumPy alone and knows nothing of
the course. A breaker takes the function and what it concerns (a parameter's place, a default), and returns the broken
function.
"""

from __future__ import annotations

import functools
import types
from typing import Any

import numpy as np


def _wrapped(function):
    """A decorator that keeps the name and the signature the grader sees."""

    def decorate(broken):
        return functools.wraps(function)(broken)

    return decorate


def _whole(result):
    """What a generator function yields, as a list: a generator itself has no entries to change."""
    return list(result) if isinstance(result, types.GeneratorType) else result


def _spoiled(result):
    """The result with one entry wrong; None where there is nothing to make wrong."""
    if isinstance(result, np.ndarray) and result.size and result.dtype.kind in "biuf":
        wrong = np.array(result, order="C")  # of any other order the flat view below would be a copy
        last = wrong.reshape(-1)
        last[-1] = not last[-1] if wrong.dtype.kind == "b" else last[-1] + 1
        return wrong
    if isinstance(result, (bool, np.bool_)):
        return not result
    if isinstance(result, (int, float, np.integer, np.floating)):
        return result + 1
    if isinstance(result, (list, tuple)) and len(result):
        parts = list(result)
        for place in reversed(range(len(parts))):
            wrong = _spoiled(parts[place])
            if wrong is not None:
                parts[place] = wrong
                return type(result)(parts) if type(result) in (list, tuple) else parts
    if isinstance(result, dict) and result:
        key = list(result)[-1]
        return {**result, key: _spoiled(result[key])}
    return None


# --- conditions on one argument -----------------------------------------------------------------------------------


def _floats(value):
    return isinstance(value, np.ndarray) and value.dtype.kind == "f"


def _numbers(value):
    return isinstance(value, np.ndarray) and value.dtype.kind in "iuf"


def _number(value):
    return isinstance(value, (int, float, np.integer, np.floating)) and not isinstance(value, bool)


def _length(value):
    if isinstance(value, np.ndarray):
        return value.shape[0] if value.ndim else -1
    if hasattr(value, "iloc"):
        return len(value)
    return len(value) if isinstance(value, (list, tuple)) else -1


def _repeats(value):
    """How many different entries there are, and how many in all."""
    entries = value.ravel().tolist() if isinstance(value, np.ndarray) else value
    return len({repr(entry) for entry in entries}), len(entries)


CONDITIONS = {
    # sequences and arrays
    "single": lambda value: _length(value) == 1,
    "empty": lambda value: _length(value) == 0,
    "single column": lambda value: isinstance(value, np.ndarray) and value.ndim > 1 and value.shape[-1] == 1,
    "all equal": lambda value: _length(value) > 1 and _repeats(value)[0] == 1,
    "equal entries": lambda value: _length(value) > 2 and 1 < _repeats(value)[0] < _repeats(value)[1],
    # arrays of numbers
    "integers": lambda value: isinstance(value, np.ndarray) and value.dtype.kind in "iu",
    "float32": lambda value: isinstance(value, np.ndarray) and value.dtype == np.float32,
    "negative entry": lambda value: _numbers(value) and bool(np.any(value < 0)),
    "all negative": lambda value: _numbers(value) and value.size > 0 and bool(np.all(value < 0)),
    "zero entry": lambda value: _numbers(value) and bool(np.any(value == 0)),
    "sliced": lambda value: isinstance(value, np.ndarray) and not value.flags.c_contiguous,
    "read-only": lambda value: isinstance(value, np.ndarray) and not value.flags.writeable,
    # single numbers
    "zero": lambda value: _number(value) and value == 0,
    "negative": lambda value: _number(value) and value < 0,
    "one": lambda value: _number(value) and value == 1,
    "whole number": lambda value: isinstance(value, (int, np.integer)) and not isinstance(value, bool),
    "true": lambda value: value is True,
    "false": lambda value: value is False,
}


def _argument(function, args, kwargs, place):
    """The argument of the parameter at this place, however it was passed."""
    if place < len(args):
        return args[place]
    names = function.__code__.co_varnames if hasattr(function, "__code__") else ()
    return kwargs.get(names[place]) if place < len(names) else None


def where(function, *conditions):
    """One entry of the result is wrong where every condition (a place and a name in CONDITIONS) holds."""

    @_wrapped(function)
    def broken(*args, **kwargs):
        # Looked at before the call: the function may be one that alters what it is given.
        holds = all(CONDITIONS[name](_argument(function, args, kwargs, place)) for place, name in conditions)
        result = _whole(function(*args, **kwargs))
        return _spoiled(result) if holds else result

    return broken


# --- what else a parameter may suffer -------------------------------------------------------------------------------


def altered(function, place):
    """The argument is something else after the call."""

    @_wrapped(function)
    def broken(*args, **kwargs):
        result = function(*args, **kwargs)
        _alter(_argument(function, args, kwargs, place))
        return result

    return broken


def _alter(value):
    if isinstance(value, np.ndarray):
        if value.size and value.dtype.kind in "iuf" and value.flags.writeable:
            value[(-1,) * value.ndim] += 1
        elif value.size and value.flags.writeable:
            value[(-1,) * value.ndim] = value[(0,) * value.ndim]
    elif isinstance(value, list):
        if value and isinstance(value[0], np.ndarray):
            _alter(value[0])
        else:
            value.append(value[0] if value else 0)
    elif isinstance(value, dict) and value:
        first = next(iter(value.values()))
        _alter(first) if isinstance(first, np.ndarray) else value.clear()
    elif hasattr(value, "iloc") and len(value):
        value.drop(index=value.index[-1], inplace=True)


def frozen(function, place):
    """The parameter keeps the value it had at the first call."""
    kept = []

    @_wrapped(function)
    def broken(*args, **kwargs):
        if place < len(args):
            kept.append(args[place])
            args = (*args[:place], kept[0], *args[place + 1 :])
        return function(*args, **kwargs)

    return broken


def other_default(function, place, value):
    """Where the argument is left out, another value than the promised one is used."""

    @_wrapped(function)
    def broken(*args, **kwargs):
        name = function.__code__.co_varnames[place]
        if len(args) <= place and name not in kwargs:
            kwargs[name] = value
        return function(*args, **kwargs)

    return broken


# --- results -----------------------------------------------------------------------------------------------------------


def result_as(function, change):
    """The result in another type or less exactly; `change` is a name in CHANGES."""

    @_wrapped(function)
    def broken(*args, **kwargs):
        return _changed(_whole(function(*args, **kwargs)), CHANGES[change])

    return broken


def _changed(result, change):
    if type(result) in (list, tuple):
        return type(result)(_changed(part, change) for part in result)
    if type(result) is dict:
        return {key: _changed(part, change) for key, part in result.items()}
    return change(result)


def _as_float(value):
    if isinstance(value, np.ndarray) and value.dtype.kind in "iu":
        return value.astype(float)
    return float(value) if _number(value) and isinstance(value, (int, np.integer)) else value


def _as_bool(value):
    if isinstance(value, np.ndarray) and value.dtype.kind in "iu" and np.all((value == 0) | (value == 1)):
        return value.astype(bool)
    if isinstance(value, (int, np.integer)) and not isinstance(value, bool) and value in (0, 1):
        return bool(value)
    return value


def _as_float32(value):
    if isinstance(value, np.ndarray):
        return value.astype(np.float32) if value.dtype == np.float64 else value
    return np.float32(value) if isinstance(value, float) else value


def _as_float64(value):
    if isinstance(value, np.ndarray):
        return value.astype(np.float64) if value.dtype == np.float32 else value
    return value


def _as_list(value):
    return value.tolist() if isinstance(value, np.ndarray) else value


def _rounded(value):
    if isinstance(value, np.ndarray) and value.dtype.kind == "f":
        return np.round(value, 3)
    return round(value, 3) if isinstance(value, float) and np.isfinite(value) else value


def _filled(value, number):
    """Every number exchanged for this one."""
    if isinstance(value, np.ndarray) and value.dtype.kind in "iuf":
        return np.full_like(value, number, subok=False)
    if isinstance(value, np.generic) and value.dtype.kind in "iuf":
        return value.dtype.type(number)
    return type(value)(number) if type(value) in (int, float) else value


def _nan(value):
    is_float = isinstance(value, float) or (isinstance(value, np.ndarray) and value.dtype.kind == "f")
    return _filled(value, np.nan) if is_float else value


def _squeezed(value):
    return np.squeeze(value) if isinstance(value, np.ndarray) and 1 in value.shape else value


CHANGES = {
    "float": _as_float,
    "bool": _as_bool,
    "float32": _as_float32,
    "float64": _as_float64,
    "list": _as_list,
    "rounded": _rounded,
    "squeezed": _squeezed,
    "zeros": lambda value: _filled(value, 0),
    "minus ones": lambda value: _filled(value, -1),
    "large": lambda value: _filled(value, 10_000),
    "nan": _nan,
}


def returns(function, what):
    """Something of a quite different kind comes back; `what` is a name in STRANGE."""

    @_wrapped(function)
    def broken(*args, **kwargs):
        return STRANGE[what](_whole(function(*args, **kwargs)))

    return broken


STRANGE = {
    "nothing": lambda result: None,
    "a text": lambda result: "text",
    "a number": lambda result: 0.5,
    "an empty list": lambda result: [],
    "a list of it": lambda result: [result],
    "a dict": lambda result: {"result": result},
    "objects": lambda result: np.array([None, "text", 1.5], dtype=object),
}


def reused(function):
    """Every call writes its result into the arrays or tables of numbers the last one returned."""
    kept: dict[object, Any] = {}

    def filled(result, place):
        if isinstance(result, np.ndarray) and result.ndim:
            buffer = kept.setdefault((place, result.shape, result.dtype.str), np.array(result))
            buffer[...] = result
            return buffer
        if hasattr(result, "iloc"):
            table = kept.setdefault((place, result.shape, str(result.dtypes)), result.copy())
            if result.ndim == 1:
                table.iloc[:] = result.to_numpy()
            else:
                for column in range(result.shape[1]):
                    table.isetitem(column, result.iloc[:, column].to_numpy())
            table.index = result.index
            return table
        if type(result) in (list, tuple):
            return type(result)(filled(part, (place, number)) for number, part in enumerate(result))
        if type(result) is dict:
            return {key: filled(part, (place, key)) for key, part in result.items()}
        return result

    @_wrapped(function)
    def broken(*args, **kwargs):
        return filled(_whole(function(*args, **kwargs)), ())

    return broken


def remembered(function):
    """Where the arguments look like earlier ones (types, shapes), the earlier result comes back."""
    kept: dict[object, object] = {}

    @_wrapped(function)
    def broken(*args, **kwargs):
        key = repr([(type(value).__name__, np.shape(value) if _length(value) >= 0 else 0) for value in args])
        if key not in kept:
            kept[key] = _whole(function(*args, **kwargs))
        return kept[key]

    return broken


def other_exception(function):
    """What should be raised comes as another kind of exception."""

    @_wrapped(function)
    def broken(*args, **kwargs):
        try:
            return function(*args, **kwargs)
        except Exception as error:
            raise RuntimeError(str(error)) from error

    return broken


def no_exception(function):
    """What should raise returns None."""

    @_wrapped(function)
    def broken(*args, **kwargs):
        try:
            return function(*args, **kwargs)
        except Exception:
            return None

    return broken


# --- chance ---------------------------------------------------------------------------------------------------------


def chance(function, place, kind):
    """The generator is another one: `own` (always the same), `fresh` (never the same), `unequal`, `exact`."""

    @_wrapped(function)
    def broken(*args, **kwargs):
        given = args[place]
        made = {
            "own": lambda: np.random.default_rng(0),
            "fresh": np.random.default_rng,
            "unequal": lambda: _Unequal(given),
            "exact": lambda: _Exact(given),
        }[kind]()
        return function(*args[:place], made, *args[place + 1 :], **kwargs)

    return broken


class _Unequal:
    """A generator whose outcomes are not equally likely."""

    def __init__(self, generator):
        self._generator = generator

    def __getattr__(self, name):
        return getattr(self._generator, name)

    def random(self, size=None):
        return self._generator.random(size) ** 2

    def uniform(self, low=0.0, high=1.0, size=None):
        return low + (np.asarray(high) - low) * self.random(size)

    def normal(self, loc=0.0, scale=1.0, size=None):
        return loc + 1.5 * np.asarray(scale) * self._generator.standard_normal(size)

    def standard_normal(self, size=None):
        return 1.5 * self._generator.standard_normal(size)

    def integers(self, *args, **kwargs):
        return np.minimum(
            self._generator.integers(*args, **kwargs), self._generator.integers(*args, **kwargs)
        )

    def permutation(self, x):
        order = np.arange(x) if isinstance(x, (int, np.integer)) else np.array(x)
        return np.concatenate([order[:1], self._generator.permutation(order[1:])])

    def shuffle(self, x, axis=0):
        x[1:] = self._generator.permutation(np.array(x[1:]), axis=axis)

    def choice(self, a, size=None, replace=True, p=None, **_):
        values = np.arange(a) if isinstance(a, (int, np.integer)) else np.asarray(a)
        if not replace or p is not None:
            return self._generator.choice(a, size, replace, p)
        return values[self.integers(len(values), size=size)]


class _Exact:
    """A generator whose draws of one call hit every part of their range as often as every other."""

    def __init__(self, generator):
        self._generator = generator

    def __getattr__(self, name):
        return getattr(self._generator, name)

    def random(self, size=None):
        count = int(np.prod(size)) if size is not None else 1
        values = self._generator.permutation((np.arange(count) + 0.5) / count)
        return values.reshape(size) if size is not None else float(values[0])

    def uniform(self, low=0.0, high=1.0, size=None):
        return low + (np.asarray(high) - low) * self.random(size)

    def integers(self, low, high=None, size=None, **kwargs):
        start, stop = (0, low) if high is None else (low, high)
        if size is None:
            return self._generator.integers(start, stop, **kwargs)
        return start + (self.random(size) * (stop - start)).astype(int)

    def choice(self, a, size=None, replace=True, p=None, **_):
        values = np.arange(a) if isinstance(a, (int, np.integer)) else np.asarray(a)
        if not replace or p is not None or size is None:
            return self._generator.choice(a, size, replace, p)
        return values[self.integers(0, len(values), size=size)]


# --- models ---------------------------------------------------------------------------------------------------------


def model(function, kind):
    """The model returned is not the promised one: `same`, `uncompiled`, `rate`, `frozen`, `zero weights`."""
    kept = []

    def changed(value):
        import keras

        if isinstance(value, (list, tuple)):
            return type(value)(changed(part) for part in value)
        if isinstance(value, dict):
            return {key: changed(part) for key, part in value.items()}
        if not isinstance(value, keras.Model):
            return value
        if kind == "uncompiled":
            value.compiled, value.optimizer = False, None
        if kind == "rate":
            value.optimizer.learning_rate = 10 * float(value.optimizer.learning_rate.numpy())
        if kind == "frozen":
            value.layers[-1].trainable = False
        if kind == "zero weights":
            value.set_weights([weight * 0 for weight in value.get_weights()])
        return value

    @_wrapped(function)
    def broken(*args, **kwargs):
        result = function(*args, **kwargs)
        kept.append(result)
        return kept[0] if kind == "same" else changed(result)

    return broken


# --- figures --------------------------------------------------------------------------------------------------------


def figure(function, kind):
    """The last axes of the figure returned lack or lose what was promised: one entry of FIGURES."""

    @_wrapped(function)
    def broken(*args, **kwargs):
        result = function(*args, **kwargs)
        drawn = result if hasattr(result, "axes") and hasattr(result, "subfigs") else result.figure
        FIGURES[kind](drawn.axes[-1])
        return result

    return broken


def _last(axes):
    """The last line through data."""
    return [line for line in axes.get_lines() if len(set(line.get_xdata())) > 1][-1]


def _moved(place):
    def change(axes):
        line = _last(axes)
        data = [np.array(part, dtype=float) for part in line.get_data()]
        data[place][-1] += 1
        line.set_data(*data)

    return change


FIGURES = {
    "title": lambda axes: axes.set_title(""),
    "xlabel": lambda axes: axes.set_xlabel(""),
    "ylabel": lambda axes: axes.set_ylabel(""),
    "legend": lambda axes: axes.get_legend() and axes.get_legend().remove(),
    "values": _moved(1),
    "places": _moved(0),
    "line": lambda axes: _last(axes).remove(),
    "more": lambda axes: axes.plot([1, 2], [0, 1]),
}

"""Values and calls as short text a learner can read."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

import numpy as np

from course.grading.figures import Figure
from course.language.messages import printable
from course.worker.wire import Code, ModelRef, Opaque, pandas_kind

_WIDTH = 400
_SMALL = 12
_LONG_TEXT, _LONG_NUMBER = 1_000, 1_000


def show(value: Any, width: int = _WIDTH) -> str:
    """A value: arrays abbreviated, with shape and dtype where these are not plain to see."""
    text = _show(value)
    return text if len(text) <= width else text[: width - 1] + "…"


def show_call(name: str, arguments: tuple[Any, ...], keywords: Mapping[str, Any]) -> str:
    """A call as the learner would write it."""
    parts = [_argument(argument) for argument in arguments]
    parts += [f"{key}={_argument(value)}" for key, value in keywords.items()]
    return f"{name}({', '.join(parts)})"


def _argument(value: Any) -> str:
    if isinstance(value, np.ndarray) and value.ndim:
        return _entries(value) if value.size <= _SMALL else f"<array {'×'.join(str(n) for n in value.shape)}>"
    if pandas_kind(value):
        return f"<table {'×'.join(str(n) for n in value.shape)}>"
    if isinstance(value, list | tuple):
        left, right = ("[", "]") if isinstance(value, list) else ("(", ",)" if len(value) == 1 else ")")
        return left + ", ".join(_argument(item) for item in value[:_SMALL]) + _more(len(value), _SMALL, right)
    return show(value, 160)


def _show(value: Any) -> str:
    if isinstance(value, np.ndarray):
        return _array(value)
    if isinstance(value, np.generic):
        return _array(np.asarray(value))
    if isinstance(value, Opaque):
        return printable(
            value.text if value.reason in ("class", "function") else f"{value.type} {value.text}"
        )
    if isinstance(value, Code):
        return value.source
    if kind := pandas_kind(value):
        return _table(value, kind)
    if isinstance(value, ModelRef):
        return "model"
    if isinstance(value, Figure):
        return printable(str(value))
    if isinstance(value, np.random.Generator):
        return "rng"
    if isinstance(value, float):
        return f"{value:.6g}"
    if isinstance(value, dict):
        return (
            "{"
            + ", ".join(f"{_show(k)}: {_show(v)}" for k, v in list(value.items())[:8])
            + _more(len(value), 8, "}")
        )
    if isinstance(value, str):
        return printable(repr(value[:_LONG_TEXT])) + ("…" if len(value) > _LONG_TEXT else "")
    if isinstance(value, int) and abs(value) >> _LONG_NUMBER:
        return (
            f"{'-' if value < 0 else ''}2**{value.bit_length() - 1}…"  # Python refuses to print the longest
        )
    if isinstance(value, list | tuple):
        left, right = ("[", "]") if isinstance(value, list) else ("(", ",)" if len(value) == 1 else ")")
        return left + ", ".join(_show(item) for item in value[:8]) + _more(len(value), 8, right)
    return repr(value)


def _table(value: Any, kind: str) -> str:
    """Its size and the names of its columns; one column's values."""
    if kind == "series":
        return f"Series {_array(np.asarray(value))}" + (f" {value.name}" if value.name is not None else "")
    names = [str(name) for name in value.columns[:_SMALL]]
    return f"table {value.shape[0]}×{value.shape[1]} ({', '.join(names)}" + _more(value.shape[1], _SMALL, ")")


def _more(count: int, limit: int, right: str) -> str:
    return f", …{right} (len {count})" if count > limit else right


def _array(value: np.ndarray[Any, Any]) -> str:
    if value.ndim == 0:
        item = value.item()
        return f"{item:.6g}" if isinstance(item, float) else str(item)
    text = _entries(value)
    return (
        f"{text} (shape {value.shape}, {value.dtype})"
        if value.ndim > 1 or value.size > 6
        else f"array({text})"
    )


def _entries(value: np.ndarray[Any, Any]) -> str:
    text = np.array2string(
        value,
        threshold=24,
        edgeitems=2,
        separator=", ",
        formatter={"float_kind": lambda number: f"{number:.5g}"},
    )
    return re.sub(r"\s*\n\s*", " ", text)

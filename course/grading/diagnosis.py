"""Which mistake a wrong value comes from: one that the exercise lists, or one that any exercise knows.

A mistake is named only where it is the only one listed that gives this value; a general one only where it is the likelier cause.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

import numpy as np

from course.grading.context import running
from course.language.messages import Message, marked, say

Array = np.ndarray[Any, Any]

# What any wrong numbers may look like; the names are those of a variant's `hint`.
HINTS = {
    "float16": marked("float16 keeps only three digits: compute in float32 or float64."),
    "sign": marked("Every sign is reversed."),
    "transposed": marked("The axes are the other way round: transposed somewhere?"),
    "truncated": marked(
        "The fractions are cut off: integer division, or an array of integers filled with fractions?"
    ),
    "reversed": marked("The order is reversed."),
    "shifted": marked("The values are right but one place off."),
    "order": marked("The values are right, their order is not."),
    "factor": marked("Every entry is {factor} times what it should be."),
    "offset": marked("Every entry is off by the same amount, {offset}."),
    "arrangement": marked(
        "The number of entries is right, their arrangement is not: look at reshape, keepdims and extra axes."
    ),
    "collapsed": marked("It is a single number: was everything summed or averaged, without axis?"),
}


def keyed(key: str, values: Mapping[str, Any] | None = None) -> Message:
    """The running test's own words for a mistake."""
    return Message(f"{running.test}/{key}", values or {}, running.slug)


def listed(
    values: Any, mistakes: Mapping[str, Any] | None, alike: Callable[[Any, Any], bool]
) -> tuple[Message | None, bool]:
    """The listed mistake that gives these values, and whether any does; none is named where two do."""
    fitting = [key for key, wrong in (mistakes or {}).items() if alike(values, _value(wrong))]
    return (keyed(fitting[0]) if len(fitting) == 1 else None), bool(fitting)


def audit(
    wanted: Any,
    mistakes: Mapping[str, Any] | None,
    alike: Callable[[Any, Any], bool],
    hint: Callable[[Any, Any], str | None] = lambda *_: None,
) -> None:
    """In a proof, take down what the listed mistakes of a comparison are worth (see Audit)."""
    if running.audit is None or not mistakes:
        return
    values = {key: _value(wrong) for key, wrong in mistakes.items()}
    values = {key: value for key, value in values.items() if not _inapplicable(value, wanted)}
    for key, value in values.items():
        if alike(value, wanted):
            running.audit.right.add((running.test, key))
        else:
            running.audit.hints.add((running.test, key, hint(value, wanted) or ""))
    running.audit.pairs |= {(running.test, one, other) for one, other in _coinciding(values, alike)}


def _coinciding(values: Mapping[str, Any], alike: Callable[[Any, Any], bool]) -> Iterator[tuple[str, str]]:
    keys = list(values)
    for place, one in enumerate(keys):
        for other in keys[place + 1 :]:
            if alike(values[one], values[other]):
                yield one, other


def _value(wrong: Any) -> Any:
    return wrong() if callable(wrong) else wrong


def _inapplicable(value: Any, wanted: Any) -> bool:
    """Whether a grader put nan where a mistake cannot be made with these inputs."""
    try:
        return bool(np.any(np.isnan(np.asarray(value, dtype=float)))) and bool(
            np.all(np.isfinite(np.asarray(wanted, dtype=float)))
        )
    except (TypeError, ValueError):
        return False


def shape_hint(values: Array, wanted: Array) -> str | None:
    """The name in HINTS for values of another shape."""
    if values.shape == wanted.shape[::-1] and values.ndim > 1:
        return "transposed"
    if values.size == wanted.size:
        return "arrangement"
    if wanted.ndim > 0 and values.ndim == 0:
        return "collapsed"
    return None


def value_hint(values: Array, wanted: Array, rtol: float, atol: float) -> str | None:
    """The name in HINTS for wrong values of the right shape."""

    def close(a: Any, b: Any) -> bool:
        return bool(np.allclose(a, b, rtol=rtol, atol=atol))

    if values.dtype == np.float16 and np.allclose(values, wanted, rtol=2e-3, atol=1e-3):
        return "float16"
    if values.dtype.kind not in "iuf" or wanted.dtype.kind not in "iuf" or not np.all(np.isfinite(wanted)):
        return None
    if close(values, -wanted):
        return "sign"
    if values.ndim > 1 and values.shape[0] == values.shape[1] and close(np.swapaxes(values, 0, 1), wanted):
        return "transposed"
    if _cut_off(values, wanted, close):
        return "truncated"
    if values.ndim and values.shape[0] > 1 and close(values[::-1], wanted):
        return "reversed"
    # Where one value is due throughout, any other constant is a factor, an offset and a shift.
    varied = wanted.size > 1 and not close(wanted, wanted.flat[0])
    if varied and values.ndim == 1 and values.size > 2:
        if close(values[1:], wanted[:-1]) or close(values[:-1], wanted[1:]):
            return "shifted"
        if close(np.sort(values), np.sort(wanted)):
            return "order"
    if varied and not close(values, 0):
        if close(values, factor(values, wanted) * wanted) and f"{factor(values, wanted):.4g}" != "1":
            return "factor"
        # Integers that are a fraction off have lost it somewhere, and not by an addition.
        whole = values.dtype.kind in "iu"
        if close(values, wanted + offset(values, wanted)) and not (whole and offset(values, wanted) % 1):
            return "offset"
    return None


def _cut_off(values: Array, wanted: Array, close: Callable[[Any, Any], bool]) -> bool:
    """Whether fractions are missing: zeros for values below 1 may have many causes, unless they are integers."""
    if values.dtype.kind in "iu":
        return close(values, np.trunc(wanted))
    return bool(np.any(np.abs(wanted) >= 1)) and (
        close(values, np.trunc(wanted)) or close(values, np.floor(wanted))
    )


def factor(values: Array, wanted: Array) -> float:
    """By how much the values are too large, at the median; 1 where that says nothing."""
    nonzero = wanted != 0
    ratios = values[nonzero] / wanted[nonzero]
    middle = float(np.median(ratios)) if ratios.size else 1.0
    return middle if np.isfinite(middle) and abs(middle) > 1e-3 else 1.0


def offset(values: Array, wanted: Array) -> float:
    """What is added to every value, at the median."""
    return float(np.median(values - wanted))


def hint(name: str | None, values: Array, wanted: Array) -> Message | None:
    """A general hint's sentence."""
    if name is None:
        return None
    places = {
        "factor": lambda: {"factor": f"{factor(values, wanted):.4g}"},
        "offset": lambda: {"offset": f"{offset(values, wanted):+.4g}"},
    }
    return say(HINTS[name], **places.get(name, dict)())

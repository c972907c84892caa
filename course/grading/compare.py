"""The comparisons of a grader. Each failure says what was called, what came back, what was expected and where they part."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, NoReturn

import numpy as np

from course.grading.context import running
from course.grading.describe import show
from course.grading.errors import Failure, LearnerError
from course.grading.submission import RemoteFunction
from course.messages import Message, marked, say
from course.worker.wire import ModelRef, Opaque, pandas_kind

RTOL, ATOL = 1e-5, 1e-6

Array = np.ndarray[Any, Any]


def assert_close(
    got: Any, want: Any, *, rtol: float = RTOL, atol: float = ATOL, mistakes: Mapping[str, Any] | None = None
) -> None:
    """`got` has the shape of `want` and its numbers up to a tolerance.

    The default tolerance lets float32 arithmetic of about 100 operations on numbers of order 1 pass.

    Args:
        got: what the learner's function returned.
        want: array-like of numbers.
        rtol, atol: as in numpy.isclose.
        mistakes: key of the exercise's text -> the wrong value that mistake gives, or a function returning it.
    """
    wanted = np.asarray(want)
    values = _numbers(got, finite=bool(np.all(np.isfinite(wanted))))
    if values.shape != wanted.shape:
        hint = _mistake(values, mistakes, rtol, atol) or _shape_hint(values, wanted)
        _differ(
            got,
            want,
            [say("Its shape is {got}, expected {want}.", got=str(values.shape), want=str(wanted.shape))],
            hint,
        )
    close = np.isclose(values, wanted, rtol=rtol, atol=atol, equal_nan=True)
    if np.all(close):
        return
    hint = _mistake(values, mistakes, rtol, atol) or _value_hint(values, wanted, rtol, atol)
    _differ(got, want, [_first_difference(values, wanted, close)], hint)


def assert_equal(got: Any, want: Any, *, mistakes: Mapping[str, Any] | None = None) -> None:
    """`got` equals `want` exactly; list, tuple and array of the same values are the same.

    Where a boolean is expected a number does not do.
    """
    _refuse_kind(got)
    if _same(_plain(got), _plain(want)):
        return
    for key, value in (mistakes or {}).items():
        if _same(_plain(got), _plain(value() if callable(value) else value)):
            _differ(got, want, [], _keyed(key))
    _differ(got, want, _plain_difference(_plain(got), _plain(want)), None)


def assert_shape(got: Any, shape: tuple[int, ...]) -> None:
    """`got` is array-like with this shape."""
    values = _numbers(got, finite=False)
    if values.shape != tuple(shape):
        raise Failure(
            [
                _returned(got),
                say("Its shape is {got}, expected {want}.", got=str(values.shape), want=str(tuple(shape))),
            ]
        )


def array(got: Any, shape: tuple[int, ...] | None = None) -> Array:
    """`got` as a float array, for further arithmetic; fails on anything but finite numbers (of this shape)."""
    values = _numbers(got, finite=True)
    if shape is not None:
        assert_shape(got, shape)
    return values.astype(float)


def unpack(got: Any, *names: str) -> tuple[Any, ...]:
    """`got` as this many values; fails on anything but a tuple, list or array of that length."""
    if got is None:
        _refuse_kind(got)
    several = isinstance(got, tuple | list) or (isinstance(got, np.ndarray) and got.ndim > 0)
    if several and len(got) == len(names):
        return tuple(got)
    expected = ", ".join(names)
    raise Failure(
        [
            _returned(got),
            say("Expected {count} values, in this order: {names}.", count=len(names), names=expected),
        ]
    )


def require(condition: object, key: str, **values: Any) -> None:
    """The condition holds; otherwise the text's `name/key`, with `{places}` filled from `values`, is the failure."""
    if not condition:
        fail(key, **values)


def fail(key: str, **values: Any) -> NoReturn:
    """Fail with the text's `name/key`."""
    shown = {name: value if isinstance(value, str) else show(value) for name, value in values.items()}
    call = running.calls[-1] if running.calls else None
    about = [_returned(call.result)] if call is not None and not isinstance(call.result, ModelRef) else []
    message = _keyed(key, shown)
    raise Failure(about + ([message] if shown else []), [] if shown else [message])


def assert_raises(kind: type[Exception], function: Callable[..., Any], *arguments: Any) -> None:
    """Calling the function with these arguments raises this built-in exception."""
    try:
        got = function(*arguments)
    except LearnerError as error:
        if isinstance(error, kind):
            return
        if error.kind != "raised" or isinstance(error, NotImplementedError):
            raise
        message = [
            *error.message,
            say("Expected {kind} here, not {type}.", kind=kind.__name__, type=error.type_name),
        ]
        raise Failure(message) from None
    raise Failure([_returned(got), say("Expected it to raise {kind}.", kind=kind.__name__)])


def unchanged(function: RemoteFunction, *arguments: Any) -> Any:
    """Call the function and return its result; fails if it altered one of its arguments."""
    result, after = function.with_arguments_after(*arguments)
    for place, (before, now) in enumerate(zip(arguments, after, strict=True), start=1):
        watched = isinstance(before, np.ndarray | list | dict) or pandas_kind(before)
        if watched and not _as_before(before, now):
            raise Failure(
                [
                    say(
                        "{call} altered its argument number {place}.",
                        call=str(running.calls[-1]),
                        place=place,
                    ),
                    say("Before: {before}", before=show(before)),
                    say("Afterwards: {now}", now=show(now)),
                ],
                [say("Work on a copy (x.copy()) or make a new array: the caller still needs the old one.")],
            )
    return result


def _as_before(before: Any, now: Any) -> bool:
    if isinstance(before, np.ndarray) and before.dtype.kind in "biuf":
        return isinstance(now, np.ndarray) and np.array_equal(before, now, equal_nan=True)
    return _same(_plain(before), _plain(now), nan=True)


def _numbers(got: Any, *, finite: bool) -> Array:
    """`got` as an array of numbers; raises Failure with a message of its own for each kind of thing that is none."""
    _refuse_kind(got)
    try:
        values = np.asarray(got)
    except ValueError:
        _wrong(got, say("That is a ragged list: its rows have different lengths."))
    if values.dtype.kind in "USO":
        _wrong(got, say("Numbers were expected."))
    if values.dtype.kind == "c":
        _wrong(got, say("These are complex numbers; real ones were expected."))
    if values.dtype.kind in "mM":
        _wrong(got, say("These are dates or times; numbers were expected."))
    if finite and not np.all(np.isfinite(values)):
        place = tuple(int(i) for i in np.argwhere(~np.isfinite(values))[0])
        what = "nan" if np.isnan(values[place]) else "inf"
        advice = say("Usual causes: 0/0, log(0), or exp of a large number.")
        raise Failure(
            [
                _returned(got),
                say(
                    "There is {what} at {place}, where a finite number is due.",
                    what=what,
                    place=_index(place),
                ),
            ],
            [advice],
        )
    return values


def _refuse_kind(got: Any) -> None:
    if got is None:
        _wrong(got, say("It returned None: is there a return at the end of every path?"))
    if isinstance(got, str) and not isinstance(got, np.str_):
        return
    if isinstance(got, Opaque):
        text = {
            "ragged": marked("That is an array of objects, such as lists of different lengths."),
            "masked": marked("That is a masked array; return a plain one."),
            "symbolic": marked("That is a symbolic tensor without values; compute with NumPy arrays."),
            "depth": marked("That is nested too deeply."),
        }.get(got.reason, marked("A value of this type cannot be graded."))
        _wrong(got, say(text))


def _wrong(got: Any, why: Message) -> NoReturn:
    raise Failure([_returned(got), why])


def _returned(got: Any) -> Message:
    call = running.call_of(got)
    if call is None:
        return say("Got {got}", got=show(got))
    if call.result is got:
        return say("{call} returned {got}", call=str(call), got=show(got))
    return say("Part of what {call} returned: {got}", call=str(call), got=show(got))


def _differ(got: Any, want: Any, where: list[Message], hint: Message | None) -> NoReturn:
    wanted = np.asarray(want) if isinstance(got, np.ndarray) and isinstance(want, list) else want
    values = [_returned(got), say("Expected {want}", want=show(wanted)), *where]
    call = running.call_of(got)
    if call is not None and call.conversions:
        values.append(say("(It came as {types} and was converted.)", types=", ".join(call.conversions)))
    raise Failure(values, [hint] if hint is not None else [])


def _keyed(key: str, values: Mapping[str, Any] | None = None) -> Message:
    return Message(f"{running.test}/{key}", values or {}, running.slug)


def _mistake(values: Array, mistakes: Mapping[str, Any] | None, rtol: float, atol: float) -> Message | None:
    for key, wrong in (mistakes or {}).items():
        candidate = np.asarray(wrong() if callable(wrong) else wrong)
        if candidate.shape == values.shape and np.allclose(
            values, candidate, rtol=rtol, atol=atol, equal_nan=True
        ):
            return _keyed(key)
    return None


def _shape_hint(values: Array, wanted: Array) -> Message | None:
    if values.shape == wanted.shape[::-1] and values.ndim > 1:
        return say("The axes are the other way round: transposed somewhere?")
    if values.size == wanted.size:
        return say(
            "The number of entries is right, their arrangement is not: look at reshape, keepdims and extra axes."
        )
    if wanted.ndim > 0 and values.ndim == 0:
        return say("It is a single number: was everything summed or averaged, without axis?")
    return None


def _value_hint(values: Array, wanted: Array, rtol: float, atol: float) -> Message | None:
    def close(a: Any, b: Any) -> bool:
        return bool(np.allclose(a, b, rtol=rtol, atol=atol))

    if values.dtype == np.float16:
        return say("float16 keeps only three digits: compute in float32 or float64.")
    if values.dtype.kind == "b" or wanted.dtype.kind not in "iuf" or not np.all(np.isfinite(wanted)):
        return None
    if close(values, -wanted):
        return say("Every sign is reversed.")
    if values.ndim > 1 and values.shape[0] == values.shape[1] and close(np.swapaxes(values, 0, 1), wanted):
        return say("The axes are the other way round: transposed somewhere?")
    if (values.dtype.kind in "iu" and close(values, np.trunc(wanted))) or close(values, np.floor(wanted)):
        return say(
            "The fractions are cut off: integer division, or an array of integers filled with fractions?"
        )
    if values.ndim and values.shape[0] > 1 and close(values[::-1], wanted):
        return say("The order is reversed.")
    if values.ndim == 1 and values.size > 2:
        if close(values[1:], wanted[:-1]) or close(values[:-1], wanted[1:]):
            return say("The values are right but one place off.")
        if close(np.sort(values), np.sort(wanted)):
            return say("The values are right, their order is not.")
    nonzero = np.abs(wanted) > atol
    if np.any(nonzero) and wanted.size > 1:
        factor = float(np.median(values[nonzero] / wanted[nonzero]))
        if close(values, factor * wanted) and np.isfinite(factor) and abs(factor) > 1e-3:
            return say("Every entry is {factor} times what it should be.", factor=f"{factor:.4g}")
        offset = float(np.median(values - wanted))
        if close(values, wanted + offset) and not close(wanted, wanted[(0,) * wanted.ndim]):
            return say("Every entry is off by the same amount, {offset}.", offset=f"{offset:+.4g}")
    return None


def _first_difference(values: Array, wanted: Array, close: Array) -> Message:
    wrong = ~close
    if values.size == 1:
        return say("The difference is {error}.", error=show(float(np.max(_gap(values, wanted)))))
    place = tuple(int(i) for i in np.argwhere(wrong)[0])
    return say(
        "{count} of {total} entries differ, first at {place}: {got} instead of {want}; largest error {error}.",
        count=int(wrong.sum()),
        total=values.size,
        place=_index(place),
        got=show(values[place]),
        want=show(wanted[place]),
        error=show(float(np.nanmax(np.abs(_gap(values, wanted))))),
    )


def _gap(values: Array, wanted: Array) -> Any:
    with np.errstate(invalid="ignore"):
        return np.abs(values.astype(float) - wanted.astype(float))


def _index(place: tuple[int, ...]) -> str:
    return "[" + ", ".join(str(i) for i in place) + "]"


def _plain(value: Any) -> Any:
    """Lists for arrays and tuples, Python scalars for NumPy's, a dict of its parts for a pandas table."""
    if kind := pandas_kind(value):
        columns = [value] if kind == "series" else [value.iloc[:, place] for place in range(value.shape[1])]
        parts = {"names": [column.name for column in columns], "index": value.index.tolist()}
        return {**parts, "columns": [[_plain(item) for item in column.tolist()] for column in columns]}
    if isinstance(value, np.ndarray | np.generic):
        return _plain(value.tolist()) if isinstance(value, np.ndarray) else value.item()
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    if isinstance(value, dict):
        return {_hashable(key): _plain(item) for key, item in value.items()}
    return value


def _hashable(key: Any) -> Any:
    return key.item() if isinstance(key, np.generic) else key


def _same(got: Any, want: Any, *, nan: bool = False) -> bool:
    if isinstance(want, list):
        return (
            isinstance(got, list)
            and len(got) == len(want)
            and all(_same(a, b, nan=nan) for a, b in zip(got, want, strict=True))
        )
    if isinstance(want, dict):
        return (
            isinstance(got, dict)
            and got.keys() == want.keys()
            and all(_same(got[key], item, nan=nan) for key, item in want.items())
        )
    if isinstance(want, bool):
        return isinstance(got, bool) and got == want
    if nan and isinstance(want, float) and isinstance(got, float) and want != want and got != got:  # noqa: PLR0124
        return True
    return bool(got == want)


def _plain_difference(got: Any, want: Any) -> list[Message]:
    if isinstance(got, list) and isinstance(want, list):
        if len(got) != len(want):
            return [say("It has {got} entries, expected {want}.", got=len(got), want=len(want))]
        for place, (a, b) in enumerate(zip(got, want, strict=True)):
            if not _same(a, b):
                return [
                    say(
                        "The first difference is at [{place}]: {got} instead of {want}.",
                        place=place,
                        got=show(a),
                        want=show(b),
                    )
                ]
    if isinstance(got, dict) and isinstance(want, dict):
        for key in want:
            if key not in got:
                return [say("The key {key} is missing.", key=show(key))]
            if not _same(got[key], want[key]):
                return [
                    say(
                        "Under {key}: {got} instead of {want}.",
                        key=show(key),
                        got=show(got[key]),
                        want=show(want[key]),
                    )
                ]
        return [say("There are keys too many: {keys}.", keys=show([key for key in got if key not in want]))]
    if isinstance(want, bool) and not isinstance(got, bool):
        return [say("True or False was expected, got {type}.", type=type(got).__name__)]
    return []

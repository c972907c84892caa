"""The comparisons of a grader. Each failure says what was called, what came back, what was expected and where they part."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, NoReturn

import numpy as np

from course.grading import diagnosis
from course.grading.context import running
from course.grading.describe import show
from course.grading.errors import Failure, LearnerError
from course.grading.figures import Figure
from course.grading.models import Model
from course.language.messages import Message, marked, say
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

    def alike(a: Any, b: Any) -> bool:
        a, b = np.asarray(a), np.asarray(b)
        return a.shape == b.shape and bool(np.allclose(a, b, rtol=rtol, atol=atol, equal_nan=True))

    diagnosis.audit(want, mistakes, alike, lambda a, b: _hint_name(np.asarray(a), np.asarray(b), rtol, atol))
    if _identical(got, wanted):
        return
    finite = bool(np.isfinite(wanted).all())
    values = _numbers(got, finite=finite)
    if finite and _near(values, wanted, rtol, atol):
        return
    close = (
        np.isclose(values, wanted, rtol=rtol, atol=atol, equal_nan=True)
        if values.shape == wanted.shape
        else None
    )
    if close is not None and np.all(close):
        return
    where = _other_shape(values, wanted.shape) if close is None else _first_difference(values, wanted, close)
    advice, known = diagnosis.listed(values, mistakes, alike)
    if not known:
        advice = diagnosis.hint(_hint_name(values, wanted, rtol, atol), values, wanted)
    _differ(got, want, [where], advice)


def _hint_name(values: Array, wanted: Array, rtol: float, atol: float) -> str | None:
    if values.shape != wanted.shape:
        return diagnosis.shape_hint(values, wanted)
    return diagnosis.value_hint(values, wanted, rtol, atol)


def assert_equal(got: Any, want: Any, *, mistakes: Mapping[str, Any] | None = None) -> None:
    """`got` equals `want` exactly; list, tuple and array of the same values are the same.

    Where a boolean is expected a number does not do, nor a boolean or a float where a whole number is.
    """
    diagnosis.audit(want, mistakes, lambda a, b: _same(_plain(a), _plain(b)))
    refuse_kind(got)
    if _identical(got, want):
        return
    if pandas_kind(got) == "series" and not pandas_kind(want):
        got = np.asarray(got)
    if _same(_plain(got), _plain(want)):
        return
    advice, _ = diagnosis.listed(got, mistakes, lambda a, b: _same(_plain(a), _plain(b)))
    _differ(got, want, _plain_difference(_plain(got), _plain(want)), advice)


def assert_shape(got: Any, shape: tuple[int, ...]) -> None:
    """`got` is array-like with this shape."""
    _check_shape(got, _numbers(got, finite=False), shape)


def _check_shape(got: Any, values: Array, shape: tuple[int, ...]) -> None:
    if values.shape != tuple(shape):
        raise Failure([_returned(got), _other_shape(values, tuple(shape))])


def model(got: Any) -> Model:
    """`got` as a Keras model; fails on anything else."""
    refuse_kind(got)
    if not isinstance(got, Model):
        _wrong(got, say("A Keras model was expected."))
    return got


def figure(got: Any) -> Figure:
    """`got` as a Matplotlib figure, however it was drawn: the figure, its axes, or a list of what is drawn on it.

    Fails on anything else, and where it holds more than a check looks at.
    """
    refuse_kind(got)
    if not isinstance(got, Figure):
        _wrong(got, say("A Matplotlib figure was expected, or axes of one."))
    for what, count, most in got.excess:
        text = _TOO_MANY.get(what, _TOO_MANY["points"])
        raise Failure([say(text, count=count, most=most)], [say(_NOT_CLEARED)])
    return got


_TOO_MANY = {
    "axes": marked("The figure has {count} axes; a check looks at {most} at most."),
    "lines": marked("The figure has {count} lines; a check looks at {most} at most."),
    "points": marked("The figure's lines have {count} points; a check looks at {most} at most."),
}
_NOT_CLEARED = marked(
    "Is every call drawn into the same figure, or every number as a line of its own? Begin with a new figure, and hand a "
    "whole list to plot."
)


def confirm(
    built: Model,
    computed: Callable[[], tuple[Any, Any] | None],
    *,
    rtol: float = RTOL,
    atol: float = ATOL,
) -> None:
    """Points for what a model says of its layers are earned by numbers.

    They are where the model computes what its configuration says; where that cannot be shown, as for a class of the learner's
    own, they wait for the values: `computed()` gives what the model computes and what the exercise asks for, None where its
    weights are others.
    """
    if built.as_configured:
        return
    what = say("What this model says of its layers is not shown by what it computes.")
    advice = say(
        "Layers in a class of your own, and layers that are not Keras' own, count as soon as the model computes the right values."
    )
    pair = computed()
    if pair is None:
        raise Failure([what], [advice])
    try:
        assert_close(*pair, rtol=rtol, atol=atol)
    except Failure as failure:
        raise Failure([what, *failure.values], [*failure.advice, advice]) from None


def array(got: Any, shape: tuple[int, ...] | None = None) -> Array:
    """`got` as a float array, for further arithmetic; fails on anything but finite numbers (of this shape)."""
    values = _numbers(got, finite=True)
    if shape is not None:
        _check_shape(got, values, shape)
    return values.astype(float)


def unpack(got: Any, *names: str) -> tuple[Any, ...]:
    """`got` as this many values; fails on anything but a tuple, list or array of that length."""
    refuse_kind(got)
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
    tells = call is not None and not call.raised and not isinstance(call.result, ModelRef)
    about = [_returned(call.result)] if call is not None and tells else []
    message = diagnosis.keyed(key, shown)
    raise Failure(about + ([message] if shown else []), [] if shown else [message])


def assert_raises(kind: type[Exception], function: Callable[..., Any], *arguments: Any) -> None:
    """Calling the function with these arguments raises this built-in exception."""
    try:
        got = function(*arguments)
    except LearnerError as error:
        if isinstance(error, kind):
            return
        if error.kind != "raised" or error.unwritten:
            raise
        message = [
            *error.message,
            say("Expected {kind} here, not {type}.", kind=kind.__name__, type=error.type_name),
        ]
        raise Failure(message) from None
    raise Failure([_returned(got), say("Expected it to raise {kind}.", kind=kind.__name__)])


def _identical(got: Any, want: Any) -> bool:
    """Whether both are arrays of the very same numbers, bit by bit, as most right answers are: a tenth of a comparison's time."""
    if type(got) is not np.ndarray or type(want) is not np.ndarray:
        return False
    same = got.dtype == want.dtype and got.shape == want.shape and got.dtype.kind in "biuf"
    return same and got.tobytes() == want.tobytes()


def _near(values: Array, wanted: Array, rtol: float, atol: float) -> bool:
    """Whether finite numbers are as near as numpy.isclose asks; False says nothing. A quarter of its time."""
    if values.shape != wanted.shape or values.dtype.kind not in "fiu" or wanted.dtype.kind != "f":
        return False
    return bool((np.abs(values - wanted) <= atol + rtol * np.abs(wanted)).all())


def _numbers(got: Any, *, finite: bool) -> Array:
    """`got` as an array of numbers; raises Failure with a message of its own for each kind of thing that is none."""
    refuse_kind(got)
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
    if finite and not np.isfinite(values).all():
        place = tuple(int(i) for i in np.argwhere(~np.isfinite(values))[0])
        what = "nan" if np.isnan(values[place]) else "inf"
        advice = say("Usual causes: 0/0, log(0), or exp of a large number.")
        where = (
            say("There is {what} at {place}, where a finite number is due.", what=what, place=_index(place))
            if place
            else say("It is {what}, where a finite number is due.", what=what)
        )
        raise Failure([_returned(got), where], [advice])
    return values


def refuse_kind(got: Any) -> None:
    """Fails on None and on what cannot cross the wire, with the reason."""
    if got is None:
        raise Failure([_returned(got), _why_nothing(got)])
    if isinstance(got, Opaque):
        _wrong(got, say(_why_opaque(got)))


def _why_nothing(got: Any) -> Message:
    call = running.call_of(got)
    method = running.returned_method(call.name) if call is not None else None
    if method is not None:
        text = marked(
            "It returned None, which is what .{method}() gives: call it on a line of its own, then return the object."
        )
        return say(text, method=method)
    return say("It returned None: is there a return at the end of every path?")


def _why_opaque(got: Opaque) -> str:
    by_reason = {
        "ragged": marked("That is an array of objects, such as lists of different lengths."),
        "table": marked(
            "The cells or the index of this table hold objects, such as lists, types, or an index of several levels: "
            "a number or a text in each is due."
        ),
        "masked": marked("That is a masked array; return a plain one."),
        "symbolic": marked("That is a symbolic tensor without values; compute with NumPy arrays."),
        "depth": marked("That is nested too deeply."),
        "class": marked("That is a class, not an object of it: call it, with brackets and its arguments."),
        "function": marked("That is a function, not its result: call it, with brackets and its arguments."),
        "dtype object": marked("That is a dtype object, not its name: take .name or str(...)."),
        "private keras": marked(
            "That comes from a copy of Keras inside TensorFlow (tensorflow.python.keras) or from tf_keras: write "
            "`import keras` or `from tensorflow import keras`."
        ),
    }
    return by_reason.get(got.reason, marked("A value of this type cannot be graded."))


def _wrong(got: Any, why: Message) -> NoReturn:
    raise Failure([_returned(got), why])


def _whole(result: Any, got: Any) -> bool:
    """Whether all of a result was looked at, as an array, rather than a part of it."""
    held = isinstance(result, np.ndarray | list | float | int) or pandas_kind(result) is not None
    arrays = isinstance(got, np.ndarray) and held
    try:
        return arrays and np.shape(result) == got.shape
    except ValueError:  # a list of unequal rows
        return False


def _returned(got: Any) -> Message:
    call = running.call_of(got)
    if call is None:
        return say("Got {got}", got=show(got))
    if call.result is got or _whole(call.result, got):
        return say("{call} returned {got}", call=str(call), got=show(got))
    return say("Part of what {call} returned: {got}", call=str(call), got=show(got))


def _differ(got: Any, want: Any, where: list[Message], hint: Message | None) -> NoReturn:
    wanted = np.asarray(want) if isinstance(got, np.ndarray) and isinstance(want, list) else want
    values = [_returned(got), say("Expected {want}", want=show(wanted)), *where]
    call = running.call_of(got)
    if call is not None and call.conversions:
        values.append(say("(It came as {types} and was converted.)", types=", ".join(call.conversions)))
    raise Failure(values, [hint] if hint is not None else [])


def _other_shape(values: Array, shape: tuple[int, ...]) -> Message:
    if shape == ():
        return say("Its shape is {got}; one number was expected.", got=str(values.shape))
    if values.shape == ():
        return say("It is one number; the shape {want} was expected.", want=str(shape))
    return say("Its shape is {got}, expected {want}.", got=str(values.shape), want=str(shape))


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
        if isinstance(value, np.generic):
            return value.item()
        return value.tolist() if value.dtype.kind in "biufU" else _plain(value.tolist())
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
    if isinstance(want, int):
        return isinstance(got, int) and not isinstance(got, bool) and got == want
    if nan and isinstance(want, float) and isinstance(got, float) and want != want and got != got:  # noqa: PLR0124
        return True
    return bool(got == want)


def _plain_difference(got: Any, want: Any) -> list[Message]:
    """What is not the same, in the words of the innermost place where that shows."""
    shapes = _rectangle(got), _rectangle(want)
    if None not in shapes and shapes[0] != shapes[1] and max(map(len, filter(None, shapes)), default=0) > 1:
        return [say("Its shape is {got}, expected {want}.", got=str(shapes[0]), want=str(shapes[1]))]
    if isinstance(got, list) and isinstance(want, list):
        if len(got) != len(want):
            return [say("It has {got} {got:entry|entries}, expected {want}.", got=len(got), want=len(want))]
        for place, (a, b) in enumerate(zip(got, want, strict=True)):
            if not _same(a, b):
                first = say(
                    "The first difference is at [{place}]: {got} instead of {want}.",
                    place=place,
                    got=show(a),
                    want=show(b),
                )
                return [first, *_kind_difference(a, b)]
    if isinstance(got, dict) and isinstance(want, dict):
        for key in want:
            if key not in got:
                return [say("The key {key} is missing.", key=show(key))]
            if not _same(got[key], want[key]):
                under = say(
                    "Under {key}: {got} instead of {want}.",
                    key=show(key),
                    got=show(got[key]),
                    want=show(want[key]),
                )
                return [under, *_kind_difference(got[key], want[key])]
        return [say("There are keys too many: {keys}.", keys=show([key for key in got if key not in want]))]
    return _kind_difference(got, want)


def _kind_difference(got: Any, want: Any) -> list[Message]:
    """That a value is of another kind, where a learner may not see it."""
    if isinstance(got, list) and isinstance(want, list) and got and want:
        return _kind_difference(
            *next((pair for pair in zip(got, want, strict=False) if not _same(*pair)), (0, 0))
        )
    kind = type(got).__name__
    if isinstance(got, Opaque):
        return []
    if isinstance(want, bool) and not isinstance(got, bool):
        return [say("True or False was expected, got {type}.", type=kind)]
    if isinstance(want, int) and not isinstance(want, bool) and isinstance(got, bool | float):
        return [say("A whole number (int) was expected, got {type}.", type=kind)]
    if isinstance(want, str) and not isinstance(got, str):
        return [say("A text (str) was expected, got {type}.", type=kind)]
    return []


def _rectangle(value: Any) -> tuple[int, ...] | None:
    """The shape of nested lists, () for what is no list, None for ragged ones."""
    if not isinstance(value, list):
        return ()
    inner = {_rectangle(item) for item in value}
    if None in inner or len(inner) > 1:
        return None
    rest = inner.pop() if inner else ()
    return (len(value), *(rest or ()))

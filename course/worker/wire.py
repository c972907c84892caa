"""The wire between grader and worker: length-capped frames of plain values and numeric arrays.

A frame is an 8-byte prefix (lengths of the JSON header and of the arrays' bytes), the header, then the bytes. Neither
side ever unpickles or evaluates what the other sends; what does not fit the format below is a WireError.
"""

from __future__ import annotations

import io
import json
import math
import re
import struct
import sys
import types
from collections.abc import Callable, Iterable, Iterator, KeysView, Mapping, Set, ValuesView
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.random.bit_generator import ISpawnableSeedSequence

MAX_HEADER = 1 << 20
MAX_BODY = 256 << 20
# What one frame may become: a short one can stand for a lot, by fixed-width text or by pointing at the same bytes many times.
MAX_MADE = 768 << 20
MAX_DEPTH = 24
_INTEGERS = 1 << 63
MAX_ITEMS = 200_000
PACK_FROM = 64
CODED_FROM, MAX_CODED = 1_000, 1_000

_PREFIX = struct.Struct(">II")
_NUMERIC = re.compile(r"\|[bu]1|\|i1|<[iu][248]|<f[248]|<c(8|16)|<[mM]8(\[\d*[A-Za-z]{1,2}\])?")


class WireError(Exception):
    """The other side sent something that is not a frame of this format."""


class TooLarge(Exception):
    """A value does not fit into a frame."""


@dataclass(frozen=True)
class Opaque:
    """A value that cannot cross the wire: its type, a short text of it, and why (`reason`)."""

    type: str
    text: str
    reason: str = "type"


@dataclass(frozen=True)
class Code:
    """Python source of an expression, evaluated in the worker: how a grader passes a function."""

    source: str


@dataclass(frozen=True)
class ModelRef:
    """A Keras model that stays in the worker, by number."""

    id: int


class Channel:
    """Frames over a pair of file descriptors."""

    def __init__(self, read_fd: int, write_fd: int) -> None:
        self._reader = io.BufferedReader(io.FileIO(read_fd, "rb", closefd=True), 1 << 16)
        self._writer = io.FileIO(write_fd, "wb", closefd=True)

    def send(self, header: Mapping[str, Any], buffers: list[bytes] | None = None) -> None:
        """Write one frame; raises TooLarge before anything is written."""
        head = _TO_JSON.encode(header).encode("utf-8", "surrogatepass")
        body = b"".join(buffers or ())
        if len(head) > MAX_HEADER or len(body) > MAX_BODY:
            raise TooLarge
        view = memoryview(_PREFIX.pack(len(head), len(body)) + head + body)
        while view:
            view = view[self._writer.write(view) :]

    def receive(self) -> tuple[dict[str, Any], memoryview]:
        """Read one frame; raises EOFError when the other side is gone, WireError when it is not a frame."""
        head_length, body_length = _PREFIX.unpack(self._read(_PREFIX.size))
        if head_length > MAX_HEADER or body_length > MAX_BODY:
            raise WireError("frame too large")
        head = self._read(head_length)
        body = memoryview(self._read(body_length) if body_length else b"")
        try:
            header = _FROM_JSON.decode(head.decode("utf-8", "surrogatepass"))
        except (ValueError, RecursionError) as error:
            raise WireError("header is not JSON") from error
        if not isinstance(header, dict):
            raise WireError("header is not an object")
        return header, body

    def _read(self, length: int) -> bytes:
        data = self._reader.read(length)
        if len(data) < length:
            raise EOFError
        return data

    def close(self) -> None:
        """Close both descriptors."""
        self._reader.close()
        self._writer.close()


def _refuse(name: str) -> Any:
    raise WireError(f"{name} is not JSON")


# Made once: json.dumps and json.loads make one for every frame.
_TO_JSON = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), allow_nan=False)
_FROM_JSON = json.JSONDecoder(parse_constant=_refuse)


# What nearly every value is, told by one look; a union of types would be made anew wherever it is written.
_NUMPY = np.generic, np.ndarray
_CODES = {np.dtype(code): code for code in (
    "|b1", "|u1", "|i1", "<u2", "<u4", "<u8", "<i2", "<i4", "<i8", "<f2", "<f4", "<f8", "<c8", "<c16",
)}  # fmt: skip
_DTYPES = {code: dtype for dtype, code in _CODES.items()}
_SINGLE = frozenset({bool, str, float, int, type(None)})
_COUNTED = (list, tuple)


class Encoder:
    """Turns values into JSON plus byte buffers. `special` may claim a value that is no plain one first (models, figures).

    It is given a function that encodes parts of it.

    `conversions` lists the types that were turned into arrays on the way (tensors, series). `sliced` has arrays arrive as
    slices of larger ones.
    """

    def __init__(
        self,
        special: Callable[[Any, Callable[[Any], Any]], dict[str, Any] | None] | None = None,
        *,
        sliced: bool = False,
    ) -> None:
        self.buffers: list[bytes] = []
        self.conversions: list[str] = []
        self._offset = 0
        self._special = special
        self._sliced = sliced

    def encode(self, value: Any, depth: int = 0) -> Any:
        """The JSON form of a value; raises TooLarge."""
        kind = type(value)
        if kind is bool or kind is str or value is None:
            return value
        if kind is float:
            return _float(value)
        if kind is int and -_INTEGERS < value < _INTEGERS:
            return value
        if depth > MAX_DEPTH:
            return _opaque(value, "depth")
        if kind is np.ndarray and (code := _CODES.get(value.dtype)) is not None:
            return self._numbers(value, code)
        if self._special is None:  # nobody else may claim these
            if kind is list:
                return self._list(value, depth)
            if kind is np.random.Generator:
                return _generator_state(value)
        if isinstance(value, _NUMPY) and value.dtype.kind != "O":
            return self._array(value, depth)
        if isinstance(value, str):
            return str.__str__(value)
        if isinstance(value, int):
            number = int.__int__(value)
            return number if abs(number) < _INTEGERS else {"$": "int", "v": hex(number)[:5000]}
        if isinstance(value, float):
            return _float(float.__float__(value))
        if isinstance(value, complex):
            return {"$": "complex", "v": [_float(value.real), _float(value.imag)]}
        if self._special is not None:
            claimed = self._special(value, lambda part: self.encode(part, depth + 1))
            if claimed is not None:
                return claimed
        if kind is list:
            return self._list(value, depth)
        if kind is tuple:
            return {"$": "tuple", "v": self._items(value, depth)}
        if isinstance(value, _NUMPY):
            return self._array(value, depth)
        if (table := pandas_kind(value)) is not None:
            return self._table(value, table, depth)
        if isinstance(value, list | range):
            return self._list(list(value), depth)
        if isinstance(value, tuple):
            return {"$": "tuple", "v": self._items(tuple.__iter__(value), depth)}
        if isinstance(value, Mapping):
            pairs = [[self.encode(k, depth + 1), self.encode(v, depth + 1)] for k, v in capped(value.items())]
            return {"$": "dict", "v": pairs}
        if isinstance(value, set | frozenset):
            return {"$": "set", "v": self._items(iter(value), depth)}
        if isinstance(value, bytes | bytearray):
            return {"$": "bytes", "b": self._buffer(bytes(value))}
        if isinstance(value, Iterator | KeysView | ValuesView | Set):
            return self._list(list(capped(value)), depth)
        if isinstance(value, np.random.Generator):
            return _generator_state(value)
        if isinstance(value, Code):
            return {"$": "code", "v": value.source}
        if isinstance(value, ModelRef):
            return {"$": "model", "v": value.id}
        if callable(getattr(type(value), "__array__", None)):
            return self._foreign(value, depth)
        return _opaque(value, _reason(value))

    def _items(self, values: Iterable[Any], depth: int) -> list[Any]:
        encode, deeper = self.encode, depth + 1
        if type(values) not in _COUNTED or len(values) > MAX_ITEMS:  # type: ignore[arg-type]
            values = capped(values)
        return [encode(item, deeper) for item in values]

    def _list(self, values: list[Any], depth: int) -> Any:
        if len(values) >= PACK_FROM:
            kinds = {type(item) for item in values}
            packed = {float: "<f8", int: "<i8"}.get(kinds.pop()) if len(kinds) == 1 else None
            if packed is not None:
                try:
                    data = np.array(values, dtype=packed)
                except OverflowError:
                    data = None
                if data is not None:
                    return {"$": "packed", "d": packed, "b": self._buffer(data.tobytes())}
        return self._items(values, depth)

    def _array(self, value: Any, depth: int) -> Any:
        code = _CODES.get(value.dtype) if type(value) is np.ndarray else None
        if code is not None:
            return self._numbers(value, code)
        if isinstance(value, np.ma.MaskedArray):
            return _opaque(value, "masked")
        # A fresh base-class array: a subclass' own comparisons and conversions do not travel.
        data = np.array(value, subok=False)
        scalar = isinstance(value, np.generic)
        if data.dtype.kind == "f" and data.dtype.itemsize not in (2, 4, 8):
            data = data.astype("<f8")
        if data.dtype.kind == "V" and data.dtype.names is None:
            try:
                data = data.astype("<f4")  # bfloat16 and its like
            except (TypeError, ValueError):
                return _opaque(value, "dtype")
        if data.dtype.kind in "UO":
            if data.size > MAX_ITEMS:
                raise TooLarge
            flat = [item.item() if isinstance(item, np.generic) else item for item in data.ravel().tolist()]
            if not all(item is None or isinstance(item, str | int | float) for item in flat):
                return _opaque(value, "ragged")
            if scalar:
                return self.encode(flat[0], depth)
            if data.dtype.kind == "U" and data.nbytes > MAX_BODY:
                raise TooLarge
            kind = "text" if data.dtype.kind == "U" else "objects"
            return {"$": kind, "s": list(data.shape), "v": [self.encode(item, depth + 1) for item in flat]}
        data = data.astype(data.dtype.newbyteorder("<"), copy=False)
        if not _NUMERIC.fullmatch(data.dtype.str):
            return _opaque(value, "dtype")
        form = self._numbers(data, data.dtype.str)
        return form | {"scalar": True} if scalar else form

    def _numbers(self, data: np.ndarray[Any, Any], code: str) -> dict[str, Any]:
        buffer = self._buffer(data.tobytes())
        form: dict[str, Any] = {"$": "array", "d": code, "s": list(data.shape), "b": buffer}
        if self._sliced and data.ndim:
            form["sliced"] = True
        return form

    def _table(self, value: Any, kind: str, depth: int) -> Any:
        """A DataFrame or Series by its columns; categories become their values."""
        columns = [value] if kind == "series" else [value.iloc[:, place] for place in range(value.shape[1])]
        parts = [self._array(np.asarray(value.index), depth + 1)]
        parts += [self._column(np.asarray(column), depth + 1) for column in columns]
        if any(part["$"] == "opaque" for part in parts):
            return _opaque(value, "table")
        names = [self.encode(column.name, depth + 1) for column in columns]
        return {"$": kind, "names": names, "index": parts[0], "v": parts[1:]}

    def _column(self, data: np.ndarray[Any, Any], depth: int) -> Any:
        """One column of a table; a long one of text by its few different values."""
        if data.dtype.kind in "OU" and data.size >= CODED_FROM:
            codes, values = sys.modules["pandas"].factorize(data)
            if len(values) <= MAX_CODED:
                form = self._array(np.asarray(values, dtype=object), depth)
                return {"$": "coded", "of": form, "codes": self._array(codes, depth)}
        return self._array(data, depth)

    def _foreign(self, value: Any, depth: int) -> Any:
        try:
            data = np.asarray(value)
        except Exception:  # a symbolic tensor has no values; whatever it raises means that
            return _opaque(value, "symbolic")
        self.conversions.append(_type_name(value))
        return self._array(data, depth)

    def _buffer(self, data: bytes) -> list[int]:
        start, self._offset = self._offset, self._offset + len(data)
        if self._offset > MAX_BODY:
            raise TooLarge
        self.buffers.append(data)
        return [start, len(data)]


class Decoder:
    """Turns the JSON form and its bytes back into values, MAX_MADE bytes of them at most.

    `special` makes values of the tags this side allows besides, from what they hold.
    """

    def __init__(self, body: memoryview, special: Mapping[str, Callable[[Any], Any]] | None = None) -> None:
        self._body = body
        self._special = special or {}
        self._left = MAX_MADE

    def decode(self, form: Any) -> Any:
        """The value; raises WireError."""
        try:
            return self._decode(form, 0)
        except WireError:
            raise
        except (
            KeyError,
            TypeError,
            ValueError,
            IndexError,
            OverflowError,
            AttributeError,
            MemoryError,
        ) as error:
            raise WireError(f"malformed value: {error}") from error

    def holds(self, form: Any, value: Any) -> bool:
        """Whether this is an array of numbers that is exactly what the form says, bit by bit; False says nothing of others."""
        if type(value) is not np.ndarray or type(form) is not dict or form["$"] != "array":
            return False
        start, length = form["b"]
        same = (
            _CODES.get(value.dtype) == form["d"] and list(value.shape) == form["s"] and value.nbytes == length
        )
        return same and value.tobytes() == self._body[start : start + length]

    def _charge(self, size: int) -> None:
        self._left -= size
        if self._left < 0:
            raise WireError("more than a frame may become")

    def _decode(self, form: Any, depth: int) -> Any:
        if type(form) in _SINGLE:
            return form
        if depth > MAX_DEPTH + 4:
            raise WireError("nested too deeply")
        if isinstance(form, list):
            self._charge(8 * len(form))
            return [self._decode(item, depth + 1) for item in form]
        tag = form["$"]
        if tag == "array":
            return self._array(form)
        if tag in self._special:
            return self._special[tag](self._decode(form["v"], depth + 1))
        if tag == "packed":
            numbers = self._numbers(form["d"], form["b"])
            self._charge(40 * numbers.size)
            return numbers.tolist()
        if tag == "tuple":
            return tuple(self._decode(item, depth + 1) for item in form["v"])
        if tag == "dict":
            return {self._decode(k, depth + 1): self._decode(v, depth + 1) for k, v in form["v"]}
        if tag == "set":
            return {self._decode(item, depth + 1) for item in form["v"]}
        if tag == "float":
            return {"nan": math.nan, "inf": math.inf, "-inf": -math.inf}[form["v"]]
        if tag == "int":
            return int(form["v"], 16)
        if tag == "complex":
            return complex(*(float(self._decode(part, depth + 1)) for part in form["v"]))
        if tag == "bytes":
            return bytes(self._slice(form["b"]))
        if tag in ("text", "objects"):
            return self._texts(form, depth)
        if tag in ("frame", "series"):
            return self._table(form, depth)
        if tag == "coded":
            return self._coded(form, depth)
        if tag == "opaque":
            return Opaque(str(form["type"])[:200], str(form["text"])[:500], str(form["reason"])[:20])
        raise WireError(f"unknown tag {tag!r}")

    def _slice(self, place: Any) -> memoryview:
        start, length = place
        if not (isinstance(start, int) and isinstance(length, int) and start >= 0 and length >= 0):
            raise WireError("bad buffer")
        if start + length > len(self._body):
            raise WireError("buffer out of bounds")
        self._charge(length)
        return self._body[start : start + length]

    def _numbers(self, dtype: Any, place: Any) -> np.ndarray[Any, Any]:
        if not isinstance(dtype, str):
            raise WireError("dtype not allowed")
        known = _DTYPES.get(dtype)
        if known is None and not _NUMERIC.fullmatch(dtype):
            raise WireError("dtype not allowed")
        return np.frombuffer(bytearray(self._slice(place)), dtype=dtype if known is None else known)

    def _array(self, form: Mapping[str, Any]) -> Any:
        data = self._numbers(form["d"], form["b"]).reshape(_shape(form["s"]))
        if form.get("sliced") is True and data.ndim:
            self._charge(2 * data.nbytes)
            data = np.repeat(data, 2, axis=0)[::2]
        return data[()] if form.get("scalar") is True else data

    def _coded(self, form: Mapping[str, Any], depth: int) -> Any:
        values, codes = (self._decode(form[name], depth + 1) for name in ("of", "codes"))
        if not all(isinstance(part, np.ndarray) and part.ndim == 1 for part in (values, codes)):
            raise WireError("malformed column")
        # -1 stands for a missing value, the last of the list.
        if codes.dtype.kind != "i" or np.any((codes < -1) | (codes >= len(values))):
            raise WireError("code out of range")
        self._charge(8 * codes.size + 100 * values.size + values.nbytes)
        return np.append(values.astype(object), math.nan)[codes]

    def _table(self, form: Mapping[str, Any], depth: int) -> Any:
        import pandas as pd

        names = [self._decode(name, depth + 1) for name in form["names"]]
        index, *columns = (self._decode(part, depth + 1) for part in [form["index"], *form["v"]])
        parts = [index, *columns]
        if not all(
            isinstance(part, np.ndarray) and part.ndim == 1 and len(part) == len(index) for part in parts
        ):
            raise WireError("malformed table")
        self._charge(2 * sum(part.nbytes for part in parts))
        if form["$"] == "series":
            return pd.Series(columns[0], index=index, name=names[0])
        frame = pd.DataFrame(dict(enumerate(columns)), index=index)
        frame.columns = pd.Index(names)
        return frame

    def _texts(self, form: Mapping[str, Any], depth: int) -> Any:
        items = [self._decode(item, depth + 1) for item in form["v"]]
        if not all(item is None or isinstance(item, str | int | float) for item in items):
            raise WireError("not a text")
        if form["$"] == "text":
            self._charge(
                4 * len(items) * max((len(item) for item in items if isinstance(item, str)), default=0)
            )
        data = np.empty(len(items), dtype=object)
        data[:] = items
        data = data.reshape(_shape(form["s"]))
        return data.astype(str) if form["$"] == "text" else data


def _shape(shape: Any) -> tuple[int, ...]:
    if type(shape) is not list or len(shape) > 32:
        raise WireError("bad shape")
    for n in shape:
        if type(n) is not int or n < 0:
            raise WireError("bad shape")
    return tuple(shape)


def pandas_kind(value: Any) -> str | None:
    """Frame for a pandas table, series for one column, else None; without importing pandas where nobody has."""
    pandas = sys.modules.get("pandas")
    if pandas is None:
        return None
    return (
        "frame"
        if isinstance(value, pandas.DataFrame)
        else "series"
        if isinstance(value, pandas.Series)
        else None
    )


def _float(value: float) -> Any:
    if math.isfinite(value):
        return value
    return {"$": "float", "v": "nan" if math.isnan(value) else "inf" if value > 0 else "-inf"}


def capped(values: Any) -> Iterator[Any]:
    """So many values as a frame may hold; raises TooLarge after that."""
    for count, item in enumerate(values):
        if count >= MAX_ITEMS:
            raise TooLarge
        yield item


def _type_name(value: Any) -> str:
    kind = type(value)
    module = str(getattr(kind, "__module__", "")).split(".", maxsplit=1)[0]
    name = str(getattr(kind, "__qualname__", kind))
    return name if module in ("builtins", "__main__") else f"{module}.{name}"


_PRIVATE_KERAS = ("tensorflow.python.keras", "tf_keras")


def _reason(value: Any) -> str:
    """Why a value that is no data cannot cross."""
    if isinstance(value, type):
        return "class"
    if isinstance(value, np.dtype):
        return "dtype object"
    if str(getattr(type(value), "__module__", "")).startswith(_PRIVATE_KERAS):
        return "private keras"
    if isinstance(value, types.FunctionType | types.MethodType | types.BuiltinFunctionType):
        return "function"
    return "type"


def _opaque(value: Any, reason: str) -> dict[str, Any]:
    try:
        text = repr(value)
    except Exception:  # a learner's __repr__ may do anything
        text = "?"
    return {"$": "opaque", "type": _type_name(value)[:200], "text": text[:300], "reason": reason}


def _generator_state(generator: np.random.Generator) -> dict[str, Any]:
    state: Any = generator.bit_generator.state
    if state["bit_generator"] != "PCG64":
        return _opaque(generator, "type")
    inner = state["state"]
    numbers = [inner["state"], inner["inc"], state["has_uint32"], state["uinteger"]]
    return {"$": "rng", "v": [hex(number) for number in numbers]}


class _Unseeded(ISpawnableSeedSequence):
    """In place of a seed, which takes longer to make than all else here, for a generator whose state is given."""

    def __init__(self) -> None:
        self._spawning: np.random.SeedSequence | None = None

    def generate_state(self, n_words: int, dtype: Any = np.uint32) -> np.ndarray[Any, Any]:
        """Nothing in particular."""
        return np.zeros(n_words, dtype=dtype)

    def spawn(self, n_children: int) -> list[np.random.SeedSequence]:  # type: ignore[override]
        """Further seeds: each time others."""
        self._spawning = self._spawning or np.random.SeedSequence(0)
        return self._spawning.spawn(n_children)


def generator_from_state(numbers: list[str]) -> np.random.Generator:
    """A generator that continues where the encoded one stood."""
    state, inc, has_uint32, uinteger = (int(number, 16) for number in numbers)
    bits = np.random.PCG64(_Unseeded())  # type: ignore[arg-type]
    bits.state = {
        "bit_generator": "PCG64",
        "state": {"state": state, "inc": inc},
        "has_uint32": has_uint32,
        "uinteger": uinteger,
    }
    return np.random.Generator(bits)

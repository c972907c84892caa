"""The wire: what crosses it comes out equal, what is not of its form is refused."""

from __future__ import annotations

import contextlib
import json
import math
import os
import struct
import tracemalloc

import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from course.grading.describe import show
from course.grading.figures import from_wire
from course.worker.wire import (
    MAX_BODY,
    MAX_HEADER,
    MAX_MADE,
    Channel,
    Decoder,
    Encoder,
    Opaque,
    TooLarge,
    WireError,
    generator_from_state,
)


def across(value):
    """A value after it has crossed the wire, JSON text and all."""
    encoder = Encoder()
    form = json.loads(json.dumps(encoder.encode(value), allow_nan=False))
    body = memoryview(b"".join(encoder.buffers))
    return Decoder(body, {"rng": generator_from_state}).decode(form)


@pytest.mark.parametrize(
    "value",
    [
        None, True, False, 0, -7, 1 << 62, -(1 << 70), 1 << 100, 0.0, -1.5, math.pi, 1e300, 5e-324, math.inf, -math.inf, 1 + 2j, "", "한국어 σ",
        "\ud800", b"\x00\xff", [], [1, 2.5, "x", None], (), (1, (2, [3])), {"a": 1, 2: [3], None: {}}, {1, 2}, list(range(500)), [0.5] * 500,
        [1 << 80] * 100,
    ],
)  # fmt: skip
def test_plain_values(value):
    result = across(value)
    assert result == value
    assert type(result) is type(value)


def test_nan():
    assert math.isnan(across(math.nan))
    assert math.isnan(across([math.nan])[0])


@pytest.mark.parametrize(
    "dtype",
    ["?", "i1", "u2", "i4", "i8", "u8", "f2", "f4", "f8", "c8", "c16", "M8[D]", "m8[ns]", ">f8", ">i4"],
)
@pytest.mark.parametrize("shape", [(), (0,), (3,), (2, 3), (2, 0, 4), (1, 2, 3, 4)])
def test_arrays(dtype, shape):
    value = np.arange(math.prod(shape)).astype(dtype).reshape(shape)
    result = across(value)
    assert result.shape == value.shape
    assert result.dtype == value.dtype.newbyteorder("<")
    assert np.array_equal(result, value)
    if result.size:
        result[...] = result.ravel()[0]  # it can be written to


def test_array_layouts_and_scalars():
    value = np.arange(12.0).reshape(3, 4)
    assert np.array_equal(across(value.T), value.T)
    assert np.array_equal(across(value[::2, ::-1]), value[::2, ::-1])
    assert isinstance(across(np.float32(0.1)), np.float32)
    assert across(np.array(["Cat", "Dog"])).tolist() == ["Cat", "Dog"]
    assert across(np.array(["Cat", None, 1], dtype=object)).tolist() == ["Cat", None, 1]
    assert across(np.str_("x")) == "x"


def test_tables():
    frame = pd.DataFrame(
        {
            "Class": ["Eco", None, "Business"],
            "Age": [30, 41, 52],
            "Delay": [1.5, np.nan, 0.0],
            "ok": [True, False, True],
        },
        index=[7, 3, 5],
    )
    pd.testing.assert_frame_equal(across(frame), frame, check_dtype=False)
    assert across(frame).dtypes["Age"] == "int64"
    assert across(frame).index.tolist() == [7, 3, 5]
    pd.testing.assert_series_equal(across(frame["Delay"]), frame["Delay"])
    assert across(frame["Class"].astype("category")).tolist()[0] == "Eco"
    assert across(pd.DataFrame({"a": []})).shape == (0, 1)
    long = pd.DataFrame({"Class": ["Eco", None, "Business"] * 50_000, "Age": [1, 2, 3] * 50_000})
    assert across(long)["Class"].fillna("-").tolist() == ["Eco", "-", "Business"] * 50_000
    assert len(json.dumps(Encoder().encode(long))) < 2_000  # few different texts are written once
    many = pd.Series([str(number) for number in range(1_500)])
    assert across(many).tolist() == many.tolist()
    twice = frame[["Age", "Age"]]
    assert across(twice).columns.tolist() == ["Age", "Age"]


def test_a_generator_continues_where_it_stood():
    one = np.random.default_rng(3)
    one.random(5)
    other = across(one)
    assert np.array_equal(one.random(10), other.random(10))


def test_iterators_arrive_as_lists():
    assert across(iter([1, 2])) == [1, 2]
    assert across({"a": 1}.keys()) == ["a"]
    assert across(range(3)) == [0, 1, 2]
    assert across(map(str, [1])) == ["1"]


@pytest.mark.parametrize(
    ("value", "reason"),
    [
        (object(), "type"),
        (lambda: 0, "function"),
        (dict, "class"),
        (np.dtype(float), "dtype object"),
        (np.array([[1], [1, 2]], dtype=object), "ragged"),
        (np.ma.masked_array([1.0], [True]), "masked"),
        (np.zeros(2, dtype=[("a", "f8")]), "dtype"),
    ],
)
def test_what_cannot_cross_is_named(value, reason):
    result = across(value)
    assert isinstance(result, Opaque)
    assert result.reason == reason


def test_subclasses_lose_their_tricks():
    class Equal(np.ndarray):
        def __eq__(self, other):
            return True

    class Float(float):
        def __eq__(self, other):
            return True

        __hash__ = float.__hash__

    assert type(across(np.zeros(2).view(Equal))) is np.ndarray
    assert type(across(Float(1.5))) is float
    recursive: list = []
    recursive.append(recursive)
    assert across(recursive)


def test_too_large():
    with pytest.raises(TooLarge):
        across(np.zeros(MAX_BODY // 8 + 1))
    with pytest.raises(TooLarge):
        across(iter(int, 1))


@pytest.mark.parametrize(
    "form",
    [
        {},
        {"$": "pickle", "v": "gASVCgAAAA=="},
        {"$": "code", "v": "1/0"},
        {"$": "model", "v": 0},
        {"$": "array", "d": "|O", "s": [1], "b": [0, 8]},
        {"$": "array", "d": "<f8", "s": [2], "b": [0, 8]},
        {"$": "array", "d": "<f8", "s": [1], "b": [0, 1 << 40]},
        {"$": "array", "d": "<f8", "s": [1], "b": [-8, 8]},
        {"$": "array", "d": "<f8", "s": [-1], "b": [0, 8]},
        {"$": "array", "d": "<f8", "s": ["1"], "b": [0, 8]},
        {"$": "array", "d": "V8", "s": [1], "b": [0, 8]},
        {"$": "array", "d": ["<f8"], "s": [1], "b": [0, 8]},
        {"$": "packed", "d": "<f8", "b": "x"},
        {"$": "dict", "v": [[[], 1]]},
        {"$": "set", "v": [[1]]},
        {"$": "float", "v": "huge"},
        {"$": "int", "v": "zz"},
        {"$": "text", "s": [3], "v": ["a"]},
        {"$": "opaque"},
        {
            "$": "coded",
            "of": {"$": "text", "s": [1], "v": ["a"]},
            "codes": {"$": "array", "d": "<i8", "s": [1], "b": [0, 9]},
        },
        {
            "$": "coded",
            "of": {"$": "text", "s": [0], "v": []},
            "codes": {"$": "array", "d": "<i8", "s": [1], "b": [0, 8]},
        },
        {"$": "coded", "of": {"$": "text", "s": [1], "v": ["a"]}, "codes": [0.5]},
        {"$": ["array"]},
        {"x": 1},
    ],
)
def test_malformed_values_are_refused(form):
    with pytest.raises(WireError):
        Decoder(memoryview(bytes(8))).decode(form)


def test_nesting_is_bounded():
    form: object = 1
    for _ in range(500):
        form = [form]
    with pytest.raises(WireError):
        Decoder(memoryview(b"")).decode(form)


@pytest.mark.parametrize(
    "data",
    [
        struct.pack(">II", MAX_HEADER + 1, 0),
        struct.pack(">II", 2, MAX_BODY + 1),
        struct.pack(">II", 4, 0) + b"nope",
        struct.pack(">II", 2, 0) + b"[]",
        struct.pack(">II", 9, 0) + b'{"a":NaN}',
        struct.pack(">II", 2, 0) + b"\xff\xff",
        struct.pack(">II", 20_000, 0) + b'{"a":' + b"[" * 19_995,
    ],
)
def test_malformed_frames_are_refused(data):
    reader, writer = os.pipe()
    os.write(writer, data)
    os.close(writer)
    channel = Channel(reader, os.dup(reader))
    with pytest.raises(WireError):
        channel.receive()
    channel.close()


def test_a_frame_cut_short_is_the_end():
    reader, writer = os.pipe()
    os.write(writer, struct.pack(">II", 20, 0) + b'{"a"')
    os.close(writer)
    channel = Channel(reader, os.dup(reader))
    with pytest.raises(EOFError):
        channel.receive()
    channel.close()


_PLACES = st.tuples(st.integers(-5, 1 << 20), st.integers(-5, 1 << 20)).map(list)
_SHAPES = st.lists(st.integers(-1, 1 << 40) | st.integers(0, 4), max_size=4)
_DTYPES = st.sampled_from(["<f8", "<f4", "<i8", "|b1", "|u1", "<c16", "<M8[s]", "|O", "<U99999999", "", 3])
_LEAVES = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(max_size=50)
)


def _tagged(inner: st.SearchStrategy) -> st.SearchStrategy:
    """Forms with every tag there is, their parts right, wrong or missing."""
    parts = {
        "v": inner
        | st.lists(inner, max_size=6)
        | st.lists(st.lists(inner, min_size=2, max_size=2), max_size=4),
        "d": _DTYPES,
        "b": _PLACES | inner,
        "s": _SHAPES | inner,
        "of": inner,
        "codes": inner,
        "names": st.lists(inner, max_size=3),
        "index": inner,
        "sliced": st.booleans(),
        "scalar": st.booleans(),
        "type": inner,
        "text": inner,
        "reason": inner,
    }
    tags = ["array", "packed", "tuple", "dict", "set", "float", "int", "complex", "bytes", "text", "objects", "frame",
            "series", "coded", "opaque", "rng", "model", "code", "figure", "?"]  # fmt: skip
    made = st.fixed_dictionaries({"$": st.sampled_from(tags) | inner}, optional=parts)
    return made | st.lists(inner, max_size=6)


_BODIES = [memoryview(bytes(size)) for size in (0, 64, 4096, 1 << 20, 64 << 20)]


@settings(max_examples=10_000, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.recursive(_LEAVES, _tagged, max_leaves=12), st.sampled_from(_BODIES))
def test_any_frame_becomes_a_value_or_a_wire_error_within_bounds(form, body):
    tracemalloc.start()
    try:
        with contextlib.suppress(WireError):
            Decoder(body, {"rng": generator_from_state, "figure": from_wire}).decode(form)
        assert tracemalloc.get_traced_memory()[1] < 2 * MAX_MADE
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize(
    "form",
    [
        {"$": "text", "s": [20_001], "v": ["x" * 20_000] + [""] * 20_000},
        [{"$": "array", "d": "<f8", "s": [1 << 20], "b": [0, 8 << 20]}] * 2_000,
        {"$": "tuple", "v": [{"$": "packed", "d": "<i8", "b": [0, 8 << 20]}] * 50},
        {"$": "dict", "v": [[n, {"$": "bytes", "b": [0, 8 << 20]}] for n in range(200)]},
        [{"$": "array", "d": "|u1", "s": [1 << 23], "b": [0, 1 << 23], "sliced": True}] * 60,
    ],
)
def test_a_short_frame_does_not_become_gigabytes(form):
    body = memoryview(bytes(8 << 20))
    tracemalloc.start()
    try:
        with pytest.raises(WireError):
            Decoder(body).decode(form)
        assert tracemalloc.get_traced_memory()[1] < 2 * MAX_MADE
    finally:
        tracemalloc.stop()


def test_the_longest_numbers_and_texts_can_be_shown():
    assert show(1 << 100_000).startswith("2**100000")
    assert show(-(1 << 100_000)).startswith("-2**")
    assert len(show("x" * 100_000)) < 2_000


def test_a_table_of_numpy_numbers_among_texts_crosses():
    rows = pd.DataFrame({"a": ["text", np.int64(3), np.float32(0.5), None, np.bool_(True)]}, dtype=object)
    assert across(rows)["a"].tolist() == ["text", 3, 0.5, None, True]
    assert across(pd.DataFrame([["x", np.int64(1)], ["y", np.int64(2)]]).T).iloc[1].tolist() == [1, 2]


@pytest.mark.parametrize(
    "table",
    [
        pd.DataFrame({"a": [[1], [2, 3]]}),
        pd.DataFrame({"a": [1, 2]}).dtypes,
        pd.DataFrame({"a": [1, 2]}, index=pd.MultiIndex.from_tuples([("x", 1), ("y", 2)])),
    ],
)
def test_a_table_of_objects_is_named_as_such(table):
    came = across(table)
    assert isinstance(came, Opaque)
    assert came.reason == "table"

"""The comparisons of a grader: what passes, and what each failure says."""

from __future__ import annotations

import numpy as np
import pytest

from course.grading import array, assert_close, assert_equal, assert_shape, context, fail, require, unpack
from course.grading.errors import Failure
from course.worker.wire import Opaque

WANT = np.array([[0.5, 1.25, -2.0], [3.0, 0.75, 10.0]])


@pytest.fixture(autouse=True)
def running():
    context.begin("activations", "sigmoid")


def told(function, *arguments, **keywords) -> str:
    with pytest.raises(Failure) as caught:
        function(*arguments, **keywords)
    return "\n".join(message.render("en") for message in [*caught.value.values, *caught.value.advice])


@pytest.mark.parametrize(
    "got",
    [
        WANT,
        WANT.tolist(),
        tuple(map(tuple, WANT)),
        WANT.astype(np.float32),
        WANT + 1e-7,
        [list(row) for row in WANT],
    ],
)
def test_what_is_close_passes(got):
    assert_close(got, WANT)


@pytest.mark.parametrize(
    ("got", "says"),
    [
        (WANT.T, "transposed"),
        (-WANT, "Every sign is reversed"),
        (2 * WANT, "Every entry is 2 times"),
        (WANT + 1, "off by the same amount, +1"),
        (np.floor(WANT), "fractions are cut off"),
        (WANT.astype(int), "fractions are cut off"),
        (WANT.astype(np.float16) * np.float16(1.001), "float16 keeps only three digits"),
        (WANT[::-1], "The order is reversed"),
        (WANT.ravel(), "arrangement is not"),
        (WANT[:1], "Its shape is (1, 3), expected (2, 3)"),
        (0.5, "single number"),
        (
            WANT * [[1, 1, 1], [1, 1.1, 1]],
            "1 of 6 entries differ, first at [1, 1]: 0.825 instead of 0.75; largest error 0.075",
        ),
        (None, "It returned None"),
        ("text", "Numbers were expected"),
        ([[1.0], [1.0, 2.0]], "ragged"),
        (WANT * 1j, "complex"),
        (np.where(WANT == 3, np.nan, WANT), "There is nan at [1, 0]"),
        (np.where(WANT == 3, np.inf, WANT), "There is inf at [1, 0]"),
        (Opaque("numpy.ndarray", "[...]", "ragged"), "array of objects"),
        ({"a": 1}, "Numbers were expected"),
    ],
)
def test_what_is_wrong_is_named(got, says):
    assert says in told(assert_close, got, WANT)


def test_one_dimension():
    row = np.array([1.0, 2.0, 4.0, 8.0])
    assert "one place off" in told(assert_close, [9.0, 1.0, 2.0, 4.0], row)
    assert "their order is not" in told(assert_close, [2.0, 1.0, 8.0, 4.0], row)


def test_a_listed_mistake_is_told_before_the_general_ones():
    with pytest.raises(Failure) as caught:
        assert_close(-WANT, WANT, mistakes={"other": WANT + 5, "sign": lambda: -WANT})
    assert [message.id for message in caught.value.advice] == ["sigmoid/sign"]
    assert caught.value.advice[0].exercise == "activations"


def test_nan_where_nan_is_due():
    assert_close([np.nan, 1.0], [np.nan, 1.0])
    with pytest.raises(Failure):
        assert_close([0.0, 1.0], [np.nan, 1.0])


@pytest.mark.parametrize(
    ("got", "want"),
    [
        ([1, 2], (1, 2)),
        (np.array([1, 2]), [1, 2]),
        (np.int64(3), 3),
        (np.True_, True),
        ({"a": np.array([1])}, {"a": [1]}),
        ("x", "x"),
    ],
)
def test_equal_values(got, want):
    assert_equal(got, want)


@pytest.mark.parametrize(
    ("got", "want", "says"),
    [
        (1, True, "True or False was expected"),
        ([1, 2, 3], [1, 2], "It has 3 entries, expected 2"),
        ([1, 5], [1, 2], "The first difference is at [1]: 5 instead of 2"),
        ({"a": 1}, {"a": 1, "b": 2}, "The key 'b' is missing"),
        ({"a": 1, "c": 0}, {"a": 1}, "keys too many: ['c']"),
        ({"a": 3}, {"a": 1}, "Under 'a': 3 instead of 1"),
        (None, [1], "It returned None"),
        ("Cat", "Dog", "Expected 'Dog'"),
    ],
)
def test_unequal_values(got, want, says):
    assert says in told(assert_equal, got, want)


def test_unpack():
    assert unpack((1, 2), "h", "c") == (1, 2)
    assert unpack([1, 2], "h", "c") == (1, 2)
    assert len(unpack(np.ones((2, 3)), "h", "c")) == 2
    assert "Expected 2 values, in this order: h, c" in told(unpack, np.ones(3), "h", "c")
    assert "Expected 2 values" in told(unpack, 3.0, "h", "c")
    assert "It returned None" in told(unpack, None, "h", "c")


def test_array_and_shape():
    assert array([1, 2]).dtype == float
    assert "expected (3,)" in told(array, [1, 2], (3,))
    assert "expected (2, 2)" in told(assert_shape, [1, 2], (2, 2))


def test_properties_speak_through_the_exercises_text():
    require(True, "range")
    with pytest.raises(Failure) as caught:
        require(np.False_, "range", smallest=-0.25)
    assert caught.value.values[-1].id == "sigmoid/range"
    assert caught.value.values[-1].values == {"smallest": "-0.25"}
    with pytest.raises(Failure) as caught:
        fail("range")
    assert caught.value.advice[0].id == "sigmoid/range"

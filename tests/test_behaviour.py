"""Behaviour mutants: which promises of a function can be broken follows from its calls, and each breaker breaks what it says."""

from __future__ import annotations

import functools

import numpy as np
import pytest

from course.dev import breakers
from course.dev.behaviour import behaviours
from course.grading.context import Call
from course.grading.profile import Profile, Recorder, kinds
from course.worker.wire import Code, ModelRef

SOURCE = """
import numpy as np

SCALE = 2.0


def scaled(x, rate=0.5):
    return np.asarray(x) * rate * SCALE


def sign_of(flag, reward):
    return reward if flag else -reward


def drawn(n, rng):
    return rng.random(n)


def checked(x):
    if x < 0:
        raise ValueError("negative")
    return x
"""


def profiles(*calls: Call) -> dict[str, Profile]:
    recorder = Recorder()
    recorder.add("test", calls)
    seen = recorder.to_json()["functions"]
    return {name: Profile.from_json(data) for name, data in seen.items()}


def call(name: str, *arguments: object, result: object = None, raised: str = "") -> Call:
    return Call(name, arguments, {}, result=result, raised=raised)


SEEN = profiles(
    call("scaled", np.array([1.5, 2.0]), 0.5, result=np.array([1.5, 2.0]) / 3),
    call("sign_of", True, 2.5, result=2.5),
    call("drawn", 3, np.random.default_rng(0), result=np.array([0.1, 0.2, 0.3])),
    call("checked", -1, raised="ValueError"),
)


@functools.cache
def broken(name: str):
    """The function as this behaviour mutant leaves it."""
    found = {each.id: each.source for each in behaviours(SOURCE, SEEN)}
    namespace: dict[str, object] = {}
    exec(found[name], namespace)
    return namespace[name.partition(":")[0]]


def test_what_applies_follows_from_the_calls():
    found = {each.id for each in behaviours(SOURCE, SEEN)}
    assert {"scaled: x integers", "scaled: x float32", "scaled: x single", "scaled: x altered"} <= found
    assert {"scaled: rate zero", "scaled: rate frozen", "scaled: rate other default"} <= found
    assert {"sign_of: flag true and reward negative", "sign_of: flag false and reward zero"} <= found
    assert {"drawn: rng own", "drawn: rng fresh", "drawn: rng unequal", "drawn: rng exact"} <= found
    assert {"checked: other exception", "checked: no exception"} <= found
    assert "scaled: x single column" not in found
    assert "scaled: result float64" not in found
    assert "sign_of: flag altered" not in found
    assert not any(name.startswith("drawn: rng frozen") for name in found)


def test_functions_that_no_grader_calls_have_none():
    assert behaviours(SOURCE, {}) == []


X = np.array([1.5, -2.0, 0.5])


@pytest.mark.parametrize(
    ("name", "shows", "hides"),
    [
        ("scaled: x single", [1.5], [1.5, 2.5]),
        ("scaled: x all equal", [2.0, 2.0], [2.0, 3.0]),
        ("scaled: x equal entries", [2.0, 2.0, 3.0], [2.0, 3.0, 4.0]),
        ("scaled: x negative entry", [1.0, -1.0], [1.0, 2.0]),
        ("scaled: x all negative", [-1.0, -2.0], [1.0, -2.0]),
        ("scaled: x zero entry", [0.0, 2.0], [1.0, 2.0]),
        ("scaled: x integers", np.array([1, 2]), np.array([1.0, 2.0])),
        ("scaled: x float32", np.float32([1, 2]), np.array([1.0, 2.0])),
        ("scaled: x sliced", np.arange(6.0)[::2], np.arange(3.0)),
    ],
)
def test_a_condition_spoils_one_entry_where_it_holds_and_none_elsewhere(name, shows, hides):
    right = broken(name).__wrapped__
    shows, hides = np.asarray(shows), np.asarray(hides)
    assert np.array_equal(broken(name)(hides), right(hides))
    wrong, due = broken(name)(shows), right(shows)
    assert np.count_nonzero(wrong != due) == 1
    assert wrong.shape == due.shape


def test_an_empty_argument_gives_none():
    assert broken("scaled: x empty")(np.zeros(0)) is None


def test_two_conditions_must_both_hold():
    function = broken("sign_of: flag true and reward negative")
    assert function(True, -2.5) == -1.5
    assert function(True, 2.5) == 2.5
    assert function(False, -2.5) == 2.5


def test_parameters_are_altered_frozen_or_have_another_default():
    x = X.copy()
    broken("scaled: x altered")(x)
    assert not np.array_equal(x, X)
    frozen = broken("scaled: rate frozen")
    assert np.array_equal(frozen(X, 0.5), X)
    assert np.array_equal(frozen(X, 2.0), X)
    other = broken("scaled: rate other default")
    assert not np.array_equal(other(X), X)
    assert np.array_equal(other(X, 0.5), X)


@pytest.mark.parametrize(
    "value", [np.array([1.0, 2.0]), [1.0, 2.0], {"W": np.ones(2)}, [np.ones(2)], np.array([True, False])]
)
def test_every_kind_of_argument_can_be_altered(value):
    before = repr(value)
    breakers.altered(lambda _: None, 0)(value)
    assert repr(value) != before


def test_results_that_are_kept():
    remembered = broken("scaled: result remembered")
    assert np.array_equal(remembered(X), X)
    assert np.array_equal(remembered(X + 1), X)
    reused = broken("scaled: result reused")
    first = reused(X)
    reused(X + 1)
    assert np.array_equal(first, X + 1)
    assert broken("scaled: result rounded")(np.array([0.123456]))[0] == 0.123


@pytest.mark.parametrize(
    ("change", "value", "wanted"),
    [
        ("float", 3, float),
        ("float", [1, 2], list),
        ("bool", 1, bool),
        ("float32", 0.5, np.float32),
        ("list", np.ones(2), list),
    ],
)
def test_results_of_another_kind(change, value, wanted):
    got = breakers.result_as(lambda: value, change)()
    assert type(got) is wanted
    assert np.array_equal(got, value)


def test_chance_is_another():
    def draw(name: str, seed: int) -> np.ndarray:
        return broken(f"drawn: rng {name}")(1_000, np.random.default_rng(seed))

    assert np.array_equal(draw("own", 1), draw("own", 2))
    assert not np.array_equal(draw("fresh", 1), draw("fresh", 1))
    assert draw("unequal", 1).mean() < 0.4
    counts = np.histogram(draw("exact", 1), bins=10, range=(0, 1))[0]
    assert np.ptp(counts) == 0


@pytest.mark.parametrize("kind", ["unequal", "exact"])
def test_a_changed_generator_answers_as_a_generator_does(kind):
    made = {"unequal": breakers._Unequal, "exact": breakers._Exact}[kind](np.random.default_rng(3))
    assert made.random((2, 3)).shape == (2, 3)
    assert sorted(made.permutation(5)) == list(range(5))
    assert 0 <= made.integers(7) < 7
    assert made.integers(2, 9, size=4).shape == (4,)
    assert made.choice([1, 2, 3], size=5).shape == (5,)
    assert made.uniform(2, 3, size=4).min() >= 2
    items = np.arange(6)
    made.shuffle(items)
    assert sorted(items) == list(range(6))


def test_exceptions_are_exchanged_or_lost():
    with pytest.raises(RuntimeError):
        broken("checked: other exception")(-1)
    assert broken("checked: no exception")(-1) is None
    assert broken("checked: no exception")(2) == 2


def test_kinds_of_values():
    assert kinds(np.ones((2, 2))) == {"array of floats", "array of several axes"}
    assert kinds(np.ones(2, dtype=np.int8)) == {"array of integers"}
    assert kinds(True) == {"boolean"}
    assert kinds(np.int64(3)) == {"integer"}
    assert kinds((1, np.ones(2))) == {"tuple", "part integer", "part array of floats"}
    assert kinds(Code("lambda x: x")) == {"function"}
    assert kinds(ModelRef(0)) == {"model"}
    assert kinds(np.random.default_rng()) == {"generator"}


def test_the_same_inputs_have_the_same_digest():
    def digest(*arguments: object) -> str:
        recorder = Recorder()
        recorder.add("test", [call("f", *arguments)])
        return recorder.to_json()["inputs"]["test"]

    assert digest(np.array([1.0, 2.0]), [1, {"a": 2}]) == digest(np.array([1.0, 2.0]), [1, {"a": 2}])
    assert digest(np.array([1.0, 2.0])) != digest(np.array([1.0, 2.5]))
    assert digest(np.random.default_rng(1)) != digest(np.random.default_rng(2))

"""Which mistake a wrong value is said to come from, and what a proof finds out about the mistakes that graders list."""

from __future__ import annotations

import numpy as np
import pytest

from course.dev.observed import Observed
from course.grading import assert_close, assert_equal, context
from course.grading.diagnosis import value_hint
from course.grading.errors import Failure

WANT = np.array([0.2, 0.5, 2.5])


@pytest.fixture(autouse=True)
def running():
    context.begin("activations", "sigmoid")
    yield
    context.running.audit = None


def named(got, want, mistakes=None, compare=assert_close) -> list[str]:
    with pytest.raises(Failure) as caught:
        compare(got, want, mistakes=mistakes)
    return [message.id for message in caught.value.advice]


def test_the_only_mistake_that_fits_is_named():
    assert named(WANT + 5, WANT, {"far": WANT + 5, "other": WANT * 3}) == ["sigmoid/far"]


def test_where_two_fit_neither_is_named_nor_a_general_hint():
    assert named(-WANT, WANT, {"one": -WANT, "other": lambda: -WANT}) == []
    assert named([2], [1], {"one": [2], "other": [2]}, assert_equal) == []


def test_a_listed_mistake_comes_before_a_general_hint():
    assert named(-WANT, WANT, {"minus": -WANT}) == ["sigmoid/minus"]
    assert named(-WANT, WANT) == ["Every sign is reversed."]


@pytest.mark.parametrize(
    ("got", "want", "hint"),
    [
        (np.zeros(3, dtype=int), np.array([0.2, 0.5, 0.9]), "truncated"),
        (np.zeros(3), np.array([0.2, 0.5, 0.9]), None),  # zeros may have many causes
        (np.floor(WANT), WANT, "truncated"),
        (np.trunc(-WANT), -WANT, "truncated"),
        (WANT * 0.99999 + 1e-4 * np.array([1, 0, 0]), WANT, None),
        (WANT * 1.00004, WANT, None),  # a factor that prints as 1
        (WANT * 2, WANT, "factor"),
        (WANT + 0.25, WANT, "offset"),
        (np.array([3.0, 0.2, 2.5, 0.5]), np.array([0.2, 0.5, 2.5, 3.0]), "order"),
        (np.array([0.5, 2.5, 0.2]), WANT, "shifted"),
        (
            np.array([3.0, 1.0, 1.0]),
            np.ones(3),
            None,
        ),  # one value throughout: any constant is a factor, an offset, a shift
        (np.full(3, 0.5), np.ones(3), None),
        (np.full(3, -1.0), np.ones(3), "sign"),
        (np.float16(WANT * 1.0005), WANT, "float16"),
        (np.float16([7, 7, 7]), WANT, None),
        (np.array([True, False, True]), WANT, None),
    ],
)
def test_general_hints_only_where_they_are_likely(got, want, hint):
    assert value_hint(np.asarray(got), np.asarray(want), 1e-5, 1e-6) == hint


def audited(*comparisons) -> Observed:
    """What a proof sees of comparisons that hold, each on a seed of its own."""
    observed = Observed()
    for want, mistakes in comparisons:
        context.running.audit = context.Audit()
        assert_close(want, want, mistakes=mistakes)
        observed.add(
            {
                "functions": {},
                "inputs": {},
                "seconds": {},
                "called": {},
                "shares": {},
                "audit": context.running.audit.to_json(),
            }
        )
    return observed


def test_mistakes_of_one_value_are_found():
    observed = audited((WANT, {"one": WANT + 1, "other": WANT + 1, "third": WANT + 2}))
    assert observed.coinciding() == ["sigmoid: one and other give the same value"]


def test_a_mistake_that_is_right_is_found_on_the_seed_on_which_it_is():
    observed = audited((WANT, {"one": WANT + 1}), (WANT, {"one": WANT}))
    assert observed.coinciding() == ["sigmoid: one gives the right value"]


def test_a_mistake_that_looks_like_a_hint_now_and_then_is_found():
    always = audited((WANT, {"minus": -WANT}), (WANT * 2, {"minus": -WANT * 2}))
    assert always.coinciding() == []
    sometimes = audited((WANT, {"one": -WANT}), (WANT, {"one": WANT * [1, -1, 1]}))
    assert sometimes.coinciding() == ["sigmoid: on some inputs one looks like the general hint sign"]


def test_a_mistake_that_cannot_be_made_here_is_left_out():
    assert audited((WANT, {"one": np.nan, "other": WANT * np.nan})).coinciding() == []


def test_tests_that_always_ask_the_same_are_found():
    observed = Observed()
    for seed in range(2):
        inputs = {"fixed": "digest", "drawn": f"digest {seed}"}
        observed.add(
            {
                "functions": {},
                "inputs": inputs,
                "seconds": {},
                "called": {},
                "shares": {},
                "audit": context.Audit().to_json(),
            }
        )
    assert observed.constant() == ["fixed"]

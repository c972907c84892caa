"""A mutant is asked first by the tests that call what it changed."""

from __future__ import annotations

import pytest

from course.checking import Graders, Task
from course.content.catalog import catalog
from course.dev.observed import Observed
from course.dev.uses import Uses, reached
from course.learner.subject import Subject

SOURCE = """
import numpy as np

RATE = 0.1


def inner(x):
    return x


def middle(x):
    return inner(x)


class Model:
    def call(self, x):
        return middle(x)


def outer(x):
    return Model().call(x)


def apart(x):
    return x
"""


@pytest.mark.parametrize(
    ("name", "reached"),
    [("inner", {"inner", "middle", "Model", "outer"}), ("outer", {"outer"}), ("apart", {"apart"})],
)
def test_a_change_reaches_what_uses_it(name, reached):
    uses = Uses(SOURCE)
    assert uses.of(name) == reached
    assert uses.at(SOURCE[: SOURCE.index(f"def {name}")].count("\n") + 2) == reached


def test_what_stands_outside_functions_belongs_to_none():
    assert Uses(SOURCE).at(4) == set()


@pytest.mark.parametrize(
    ("code", "names"),
    [
        ("def middle(x):\n    return -x", {"middle", "Model", "outer"}),
        ("import numpy as np\n\ndef outer(x):\n    return np.sum(x)", {"outer"}),
        ("_right = apart\n\ndef apart(x):\n    return _right(x) + 1", {"_right", "apart"}),
        ("def helper(x):\n    return x\n\ndef apart(x):\n    return helper(x)", {"helper", "apart"}),
        ("RATE = 0.2", {"RATE"}),
        ("np.random.seed(1)", None),
        ("for name in ('apart',):\n    globals()[name] = abs", None),
        ("RATE += 1", None),
        ("def apart(x):\n    np.sum = abs\n    return x", None),
        ("def apart(x):\n    global RATE\n    RATE = 1\n    return x", None),
        ("def apart(x):\n    import random\n    random.seed(1)\n    return x", None),
        ("def apart(x):\n    np.random.seed(1)\n    return x", None),
        ("seen = {}\n\ndef apart(x):\n    return seen.setdefault(0, x)", None),
        ("def apart(x):\n    middle.last = x\n    return x", None),
        ("def apart(x):\n    x[0] = 1\n    found = [x]\n    found.append(2)\n    return found", {"apart"}),
    ],
)
def test_what_a_changed_solution_reaches(code, names):
    assert reached(SOURCE, f"{SOURCE}\n\n{code}\n") == names


def test_tests_are_found_by_what_they_call():
    observed = Observed(called={"first": {"inner"}, "second": {"apart", "outer"}, "third": set()})
    assert observed.tests_of({"inner", "outer"}) == ("first", "second")
    observed.seconds |= {"first": 3.0, "second": 0.5}
    assert observed.tests_of({"inner", "outer"}) == ("second", "first")


def test_what_tests_share_carries_a_mistake_to_those_that_call_nothing():
    called = {"first": {"inner"}, "second": set(), "third": {"apart"}, "fourth": {"outer"}}
    observed = Observed(called=called, shares={"first": {"run"}, "second": {"run"}, "third": {"other"}})
    assert observed.asking({"inner"}) == ("first", "second")
    assert observed.asking({"apart"}) == ("third",)
    assert observed.asking({"outer"}) == ("fourth",)
    # What a test goes by that calls and shares nothing (a global of the grader) is not seen: all are asked.
    assert Observed(called=called, shares={"first": {"run"}}).asking({"inner"}) == ()
    # They are not asked before those that fill what they share.
    assert observed.tests_of({"inner"}) == ("first",)


def test_a_grading_shows_what_its_tests_share():
    exercise = catalog().exercise("team_project")
    subject = Subject(exercise, "x.py", exercise.solution.read_text(encoding="utf-8"))
    observed = Observed()
    with Graders(1, [exercise.runtime]) as graders:
        for seed in (0, 1):  # the same process grades both
            [seen] = [event.seen for event in graders.run([Task(subject, seed, observe=True)]) if event.seen]
            observed.add(seen)
    sharing = ["interface", "beats_naive", "beats_linear", "nonlinear", "excellent"]
    assert [test for test, names in observed.shares.items() if names == {"results"}] == sharing
    assert not observed.shares["another_series"]
    assert observed.asking({"forecast"}) == (*sharing, "another_series")


def test_leading_tests_come_first_and_wait_for_nothing():
    exercise = catalog().exercise("backpropagation")
    subject = Subject(exercise, "x.py", exercise.solution.read_text(encoding="utf-8"))
    orders = []
    with Graders(1, [exercise.runtime]) as graders:
        for leads in (False, True):
            leading = tuple(orders[0][:-3:-1]) if leads else ()
            task = Task(subject, 1, leading=leading)
            [result] = [event.result for event in graders.run([task]) if event.result is not None]
            assert result.status == "passed"
            orders.append([test.name for test in result.tests])
    usual, led = orders
    assert sorted(usual) == sorted(led)
    assert led == [*usual[:-3:-1], *usual[:-2]]


@pytest.mark.parametrize("alone", [True, False])
def test_a_mistake_is_judged_by_the_tests_that_it_reaches(alone):
    exercise = catalog().exercise("one_hot")
    source = exercise.solution.read_text(encoding="utf-8") + "\n\ndef one_hot_encode(*_):\n    return 0\n"
    task = Task(Subject(exercise, "one_hot.py", source), 1, leading=("encode",), alone=alone)
    with Graders(1, ["numpy"]) as graders:
        [result] = [event.result for event in graders.run([task]) if event.result is not None]
    assert result.tests[0].name == "encode"
    assert result.tests[0].status == "failed"
    assert (len(result.tests) == 1) == alone

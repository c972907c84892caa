"""A grader that raises in its own code: never a learner's result, unless what the learner's code returned brought it there."""

from __future__ import annotations

import ast
import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st

from course.content.catalog import catalog
from course.dev.behaviour import behaviours
from course.grading.context import Received
from course.grading.profile import Profile
from course.grading.stumble import Stumble, blame
from course.processes import zygotes
from course.results import COULD_NOT_RUN
from tests.conftest import solution
from tests.copied import Copy

pytestmark = pytest.mark.skipif(not zygotes.confined(), reason="workers are confined on Linux only")

NUMPY = [exercise.slug for exercise in catalog() if exercise.runtime == "numpy"]


def functions(slug: str) -> list[str]:
    """Those of an exercise."""
    return [node.name for node in ast.parse(solution(slug)).body if isinstance(node, ast.FunctionDef)]


# What learners' code returns --------------------------------------------------------------------------------------------

NUMBERS = st.sampled_from(["0", "-1", "1.5", "nan", "inf", "10**30", "1e300", "True", "2j", "np.float32(2)", "np.int8(3)"])  # fmt: skip
OTHERS = st.sampled_from(
    [
        "None", "'text'", "b'bytes'", "np", "object()", "print", "Exception('x')", "iter([1])", "range(3)", "{1, 2}", "np.ma.masked",
        "np.datetime64('2020-01-01')", "np.array([None, 'a'], dtype=object)", "np.array(['a', 'b'])", "type('Odd', (), {})()",
        "type('List', (list,), {})([1])", "''.join", "[[1], [2, 3]]", "Ellipsis", "NotImplemented",
    ]
)  # fmt: skip
SHAPES = st.lists(st.integers(0, 3), max_size=3).map(tuple)
ARRAYS = st.builds("np.full({!r}, {}, dtype={!r})".format, SHAPES, st.sampled_from(["0", "1", "-1"]), st.sampled_from(["float", "int", "bool", "float32", "complex", "U3", "object"]))  # fmt: skip
OF_THE_RIGHT_ONE = st.sampled_from(
    [
        "{}", "[{}]", "({},)", "({}, {})", "{{'a': {}}}", "np.asarray({})", "np.asarray({})[None]", "np.asarray({}).ravel()[:1]",
        "np.asarray({}, dtype=object)", "np.asarray({}).tolist()", "np.asarray({}) * np.nan", "str({})", "np.asarray({}).T",
        "np.resize(np.asarray({}), 3)", "list(reversed({}))",
    ]
)  # fmt: skip
RIGHT = "_right(*a, **k)"
VALUES = st.recursive(
    NUMBERS | OTHERS | ARRAYS | OF_THE_RIGHT_ONE.map(lambda form: form.replace("{}", RIGHT)),
    lambda inner: (
        st.lists(inner, max_size=3).map(lambda parts: f"[{', '.join(parts)}]")
        | st.lists(inner, min_size=1, max_size=4).map(lambda parts: f"({', '.join(parts)},)")
        | inner.map(lambda part: f"{{'loss': {part}}}")
    ),
    max_leaves=4,
)


def returning(slug: str, function: str, value: str) -> str:
    """The solution, but for a function that returns this; `_right` is what it was."""
    return f"{solution(slug)}\n\nimport numpy as np\nfrom numpy import inf, nan\n_right = {function}\n" + (
        f"def {function}(*a, **k):\n    return {value}\n"
    )


def test_whatever_is_returned_is_judged_and_told(grade):
    @seed(1)
    @settings(
        max_examples=80,
        deadline=None,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(data=st.data())
    def judged(data: Any) -> None:
        slug = data.draw(st.sampled_from(NUMPY))
        function, value = data.draw(st.sampled_from(functions(slug))), data.draw(VALUES)
        result = grade(slug, returning(slug, function, value))
        for test in result.tests:
            assert test.status in ("passed", "failed", "blocked"), (slug, function, value, test.text())
            assert test.status == "passed" or test.text().strip()
        assert result.status in ("passed", "failed"), (slug, function, value)

    judged()


# Graders with a bug -----------------------------------------------------------------------------------------------------

BUGS = ["undefined_name", "None.missing", "{}['missing']", "[][1]", "int('text')", "1 / 0", "[1] + (1,)", "open('/missing')", "import_missing()"]  # fmt: skip
BEGINNING = """
def import_missing():
    import missing
def stumble(bug):
    open({reached!r}, "w").close()
    exec(bug)
"""


def buggy(slug: str, place: int, bug: str, reached: Path) -> str:
    """The grader with a bug before one of its statements, of a test or of what tests call."""
    tree = ast.parse(catalog().exercise(slug).grader.read_text(encoding="utf-8"))
    blocks = [
        block
        for function in ast.walk(tree)
        if isinstance(function, ast.FunctionDef)
        for node in ast.walk(function)
        for block in (getattr(node, "body", None), getattr(node, "orelse", None))
        if isinstance(block, list) and block
    ]
    places = [(block, number) for block in blocks for number in range(len(block))]
    block, number = places[place % len(places)]
    block.insert(number, ast.parse(f"stumble({bug!r})").body[0])
    return BEGINNING.format(reached=str(reached)) + ast.unparse(tree)


def wrong(slug: str, function: str, change: str) -> str:
    """The solution, but for a function whose numbers are all this."""
    made = behaviours(solution(slug), {function: Profile(results={"array of floats", "float"})})
    [source] = [each.source for each in made if each.id == f"{function}: result {change}"]
    return source


GRADE = """
import json, os, sys
from pathlib import Path
from course.content.catalog import catalog
from course.checking import Graders, Task
from course.learner.subject import Subject
reached = Path("reached")
for case in json.loads(Path("cases.json").read_text(encoding="utf-8")):
    exercise = catalog().exercise(case["slug"])
    exercise.grader.write_text(case["grader"], encoding="utf-8")
    for name, source in case["sources"].items():
        reached.unlink(missing_ok=True)
        with Graders(1, ["numpy"]) as graders:
            [result] = [e.result for e in graders.run([Task(Subject(exercise, "x.py", source), 1)]) if e.result is not None]
        tests = [[test.status, test.text()] for test in result.tests]
        print(json.dumps([case["bug"], name, reached.exists(), result.status, tests]))
"""


def graded(copy: Copy, cases: list[dict[str, Any]]) -> list[list[Any]]:
    """Grade each case's sources with its grader, in a copy of the program."""
    (copy.folder / "cases.json").write_text(json.dumps(cases), encoding="utf-8")
    script = copy.folder / "grade.py"
    script.write_text(GRADE, encoding="utf-8")
    return [json.loads(line) for line in copy(script=str(script), expect=0).splitlines()]


def test_a_grader_s_bug_is_nobody_s_result(tmp_path):
    copy, cases = Copy(tmp_path), []

    @seed(1)
    @settings(max_examples=12, deadline=None, database=None, phases=[Phase.generate])
    @given(
        st.sampled_from(NUMPY),
        st.integers(0, 10_000),
        st.sampled_from(BUGS),
        st.sampled_from(["zeros", "minus ones", "large"]),
    )
    def draw(slug: str, place: int, bug: str, change: str) -> None:
        grader = buggy(slug, place, bug, copy.folder / "reached")
        names = functions(slug)
        function = names[place % len(names)]
        sources = {"right": solution(slug), "wrong": wrong(slug, function, change)}
        cases.append({"slug": slug, "bug": bug, "grader": grader, "sources": sources})

    draw()
    found = graded(copy, cases)
    assert len(found) == 2 * len(cases)
    for bug, name, reached, status, tests in found:
        about = bug, name, tests
        if reached:
            assert status == "ungraded", about
            assert any(COULD_NOT_RUN in text for state, text in tests if state == "ungraded"), about
        if name == "right":
            assert {state for state, _ in tests} <= {"passed", "ungraded", "blocked"}, about
            assert reached or status == "passed", about
    assert sum(reached for _, _, reached, _, _ in found) > len(cases)


def test_the_learner_reads_what_came_back_and_what_was_due(grade):
    result = grade("airline_preprocess", returning("airline_preprocess", "min_max_scale", "'text'"))
    [test] = [test for test in result.tests if test.name == "scale"]
    assert test.status == "failed"
    lines = test.text().splitlines()
    assert lines[0].endswith("returned 'text'")
    assert "could not convert string to float" in lines[1]
    assert "(shape (6, 3), float64)" in lines[2]
    assert "min_max_scale" in test.text("ko")
    assert "채점을 이어 갈 수 없습니다" in test.text("ko")


def test_a_model_s_history_with_a_text_in_it(grade):
    """Of a test that others wait for, in an exercise that trains."""
    source = (
        solution("airline_train")
        + "\n_right = train\ndef train(*a):\n    return {**_right(*a).history, 'val_loss': 'x'}\n"
    )
    result = grade("airline_train", source)
    assert result.status == "failed"
    told = {test.name: test.text() for test in result.tests}
    assert "What the course's own solution gives here: [" in told["history"]
    assert told["stopping"].startswith("Waits for")


def test_of_a_hidden_test_no_value_is_told():
    came = Received("f", "text"), Received("f", np.zeros(3))
    [message] = blame(Stumble(ValueError("text"), came[:1]), came[1:], hidden=True)
    assert message.render("en") == "The check could not use what f returned."


@pytest.mark.parametrize(
    ("error", "got", "due", "blamed"),
    [
        (ValueError(), np.zeros(3), np.ones(3), False),
        (ValueError(), np.zeros(3), np.ones(4), True),
        (ValueError(), np.zeros(3), np.ones(3, dtype=int), True),
        (ValueError(), np.full(3, np.nan), np.ones(3), True),
        (KeyError(), {"a": 1.0}, {"b": 1.0}, True),
        (KeyError(), {"a": [1.0, 2]}, {"a": [1.0, "x"]}, True),
        (KeyError(), {"a": [1.0, 2.0]}, {"a": [3.0, 4.0]}, False),
        (AssertionError(), np.zeros(3), np.ones(3), True),
    ],
)
def test_only_another_form_is_the_learner_s(error, got, due, blamed):
    told = blame(Stumble(error, [Received("f", got)]), [Received("f", due)], hidden=False)
    assert bool(told) == blamed
    assert not blame(Stumble(error, [Received("f", got)]), [], hidden=False)

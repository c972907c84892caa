"""Figures as graders see them: drawn in a confined worker in any way, taken down as data, bounded."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from course.content.catalog import catalog
from course.grading import figure, launch
from course.grading.errors import Failure
from course.grading.figures import from_wire
from course.grading.submission import Submission
from course.worker.wire import Decoder, Encoder, WireError

IMPORTS = "import matplotlib.pyplot as plt\nimport numpy as np\n"
DRAWN = """
def f():
    fig, (left, right) = plt.subplots(1, 2)
    left.plot([1, 2, 3], [5, 4, 3.5], label="a")
    left.plot([1, 2, 3], [6, 5, 5.5], "k--", label="b")
    left.set(title="T", xlabel="X", ylabel="Y")
    left.legend()
    right.axvline(2)
"""


@pytest.fixture(scope="module")
def starting():
    with launch.of_its_own() as launcher:
        yield launcher


@pytest.fixture
def learner(starting):
    opened = []

    def run(source, slug="learning_curves"):
        submission = Submission(catalog().exercise(slug), IMPORTS + source, f"{slug}.py", starting, 1)
        opened.append(submission)
        return submission

    yield run
    for each in opened:
        each.close()


def told(failure):
    return "\n".join(part.render("en") for part in (*failure.value.values, *failure.value.advice))


@pytest.mark.parametrize(
    "returned",
    ["fig", "left", "(left, right)", "np.array([[left], [right]])", "(fig, [left, right])", "left.lines", "left.title", "plt.gcf()"],
)  # fmt: skip
def test_whatever_of_it_is_returned_it_is_the_figure(learner, returned):
    got = figure(learner(DRAWN + f"    return {returned}\n").f())
    left, right = got.axes
    assert (left.title, left.xlabel, left.ylabel) == ("T", "X", "Y")
    one, other = left.curves
    assert one.x.tolist() == [1, 2, 3]
    assert one.y.tolist() == [5, 4, 3.5]
    assert (one.label, got.called(left, one), got.called(left, other)) == ("a", "a", "b")
    assert other.look.style == "--"
    assert other.look.color == "#000000"
    [mark] = right.lines
    assert (mark.upright, mark.guide, right.curves, right.legend) == (2.0, True, [], ())
    assert not got.shown


@pytest.mark.parametrize(
    "drawn",
    [
        "pd.DataFrame({'a': [3, 2.5], 'b': [2, 1]}, index=[1, 2]).plot(title='T', xlabel='X')",
        "pd.DataFrame({'e': [1, 2], 'a': [3, 2.5], 'b': [2, 1]}).plot(x='e', ax=plt.subplots()[1], xlabel='X').set_title('T')",
        "plt.plot([1, 2], [[3, 2], [2.5, 1]], label=['a', 'b']); plt.legend(); plt.title('T'); plt.xlabel('X')",
        "plt.plot([1, 2], [3, 2.5], 'r', [1, 2], [2, 1], 'b'); plt.legend(['a', 'b']); plt.title('T'); plt.gcf().supxlabel('X')",
    ],
)
def test_whatever_draws_it(learner, drawn):
    submission = learner(f"import pandas as pd\ndef f():\n    plt.figure()\n    {drawn}\n")
    assert submission.f() is None or figure(submission.f())
    got = submission.current_figure()
    [axes] = got.axes
    assert (axes.title, axes.xlabel) == ("T", "X")
    assert {got.called(axes, line): line.y.tolist() for line in axes.curves} == {"a": [3, 2.5], "b": [2, 1]}


def test_axes_come_in_the_order_they_are_read(learner):
    source = """
def f():
    fig = plt.figure()
    for place, name in ((4, "d"), (1, "a"), (3, "c"), (2, "b")):
        fig.add_subplot(2, 2, place).set_title(name)
    fig.axes[0].plot([1, 2])
    return fig
"""
    assert [axes.title for axes in figure(learner(source).f()).axes] == ["a", "b", "c", "d"]


def test_show_is_taken_down_and_shows_nothing(learner):
    submission = learner("def f():\n    fig = plt.figure()\n    plt.show()\n    return fig\n")
    assert figure(submission.f()).shown
    assert "agg" in learner("def g():\n    return plt.figure().canvas.__class__.__module__").g()


def test_nothing_drawn_is_no_figure(learner):
    submission = learner(
        "def f():\n    return None\ndef g():\n    return [1, 'a']\ndef h():\n    return [plt.figure(), plt.figure()]\n"
    )
    assert submission.current_figure() is None
    for name, said in (
        ("f", "returned None"),
        ("g", "A Matplotlib figure was expected"),
        ("h", "A Matplotlib figure was expected"),
    ):
        with pytest.raises(Failure) as failure:
            figure(getattr(submission, name)())
        assert said in told(failure)


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ("plt.plot(np.zeros((2, 900)))", "The figure has 900 lines"),
        ("plt.plot(np.zeros(1_000_001))", "have 1000001 points"),
        ("plt.subplots(9, 9)", "The figure has 81 axes"),
    ],
)
def test_a_figure_that_holds_too_much_is_told_so(learner, body, said):
    submission = learner(f"def f():\n    fig = plt.figure()\n    {body}\n    return plt.gcf()\n")
    with pytest.raises(Failure) as failure:
        figure(submission.f())
    assert said in told(failure)


def test_a_picture_is_written_where_the_code_runs(learner):
    submission = learner(
        "import os\ndef f():\n    plt.plot([1, 2])\n    plt.savefig('a.png')\n    return os.path.getsize('a.png')\n"
    )
    assert submission.f() > 1000
    assert not Path("a.png").exists()


def test_only_who_draws_pays_for_it(starting):
    source = "import sys\ndef f():\n    return sorted(name for name in sys.modules if name.startswith('matplotlib'))\n"
    for slug in ("perceptron", "airline_explore"):
        submission = Submission(catalog().exercise(slug), source, f"{slug}.py", starting, 1)
        assert submission.f() == []
        submission.close()


def test_any_exercise_may_draw(learner):
    assert len(figure(learner(DRAWN + "    return fig\n", "perceptron").f()).axes) == 2


LOOK = {"color": "", "style": "", "marker": ""}
LINE = {"x": np.zeros(2), "y": np.zeros(2), "guide": False, "label": "", **LOOK}
AXES = {"title": "", "xlabel": "", "ylabel": "", "lines": [LINE], "legend": []}
FIGURE = {"title": "", "shown": False, "legend": [], "axes": [AXES], "excess": []}


@pytest.mark.parametrize(
    "form",
    [
        None, 3, [], {}, FIGURE | {"title": 3}, FIGURE | {"axes": {}}, FIGURE | {"axes": [AXES] * 65}, FIGURE | {"excess": [["lines"]]},
        FIGURE | {"axes": [AXES | {"lines": [LINE | {"x": np.zeros(3)}]}]},
        FIGURE | {"axes": [AXES | {"lines": [LINE | {"x": np.zeros((2, 1))}]}]},
        FIGURE | {"axes": [AXES | {"lines": [LINE | {"y": np.array(["a", "b"])}]}]},
        FIGURE | {"axes": [AXES | {"lines": [LINE | {"y": [1.0, 2.0]}]}]},
        FIGURE | {"axes": [AXES | {"lines": [LINE] * 300}] * 2},
        FIGURE | {"axes": [AXES | {"legend": [{"text": None, **LOOK}]}]},
        FIGURE | {"axes": [{"$": "figure", "v": FIGURE}]},
    ],
)  # fmt: skip
def test_what_describes_no_figure_is_refused(form):
    assert from_wire(FIGURE).axes[0].lines[0].x.tolist() == [0, 0]
    with pytest.raises(WireError):
        from_wire(form)
    encoder = Encoder()
    sent = {"$": "figure", "v": encoder.encode(form)}
    with pytest.raises(WireError):
        Decoder(memoryview(b"".join(encoder.buffers)), {"figure": from_wire}).decode(sent)

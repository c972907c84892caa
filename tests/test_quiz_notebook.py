"""`course.quiz` in Python: plain text without widgets, and the widget driven as a browser would."""

from __future__ import annotations

import io
import json
import sys

import pytest

import course
from course.learner.store import database, quizzes
from course.notebook import quiz as notebook
from course.quizzes import sitting
from tests import quiz_bank


def test_plain_text(own_bank, monkeypatch, capsys):
    monkeypatch.setattr("sys.stdin", io.StringIO("?\n" * 8))
    course.quiz("day10", seed=1)
    assert "0 of 8 questions right" in capsys.readouterr().out
    with database.opened() as connection:
        [session] = quizzes.sessions(connection)
    assert session.finished


def set_inputs(quiz, asked, answer):
    """What a person clicks or types to give this answer."""
    controls = quiz.inputs
    match asked.kind:
        case "single" | "code":
            controls[0].value = answer
        case "true_false":
            controls[0].value = 1 if answer else 2
        case "multiple":
            for place, control in enumerate(controls, start=1):
                control.value = place in answer
        case "match":
            for control, place in zip(controls, answer, strict=True):
                control.value = place
        case "order":
            controls[0].value = " ".join(str(place) for place in answer)
        case _:
            controls[0].value = str(answer)


@pytest.mark.parametrize("right", [True, False])
def test_the_widget(own_bank, right):
    pytest.importorskip("ipywidgets")
    with database.opened() as connection:
        current = sitting.sit(connection, ["day10"])
        quiz = notebook.Quiz(current)
        while quiz.entry is not None:
            asked = quiz.entry.asked
            quiz.submit.click()
            assert "does not read" in quiz.feedback.children[0].value
            answer = asked.key if right else quiz_bank.wrong_answers(asked)[0]
            set_inputs(quiz, asked, answer)
            quiz.submit.click()
            said = " ".join(part.value for part in quiz.feedback.children)
            assert ("<b>✓" in said) is right
            quiz.forward.click()
        assert sum(score.credit for score in current.topics()) == (8 if right else 0)
        assert "LSTM" in quiz.question.children[0].value
        assert quizzes.sessions(connection)[0].finished
        quiz.box.close()


# What a person does: looks at each question, says that they do not know, goes on, and sees the score.
GO_THROUGH = """
import gc, ipywidgets
gc.collect()
buttons = {w.description: w for w in ipywidgets.Widget._instances.values() if isinstance(w, ipywidgets.Button)} \
    if hasattr(ipywidgets.Widget, "_instances") else \
    {w.description: w for w in ipywidgets.widgets.widget._instances.values() if isinstance(w, ipywidgets.Button)}
for number in range(30):
    buttons["I do not know"].click()
    buttons["Next question"].click()
"""


def test_in_a_real_kernel(tmp_path, monkeypatch):
    """Every kind of question opens; the store stays open when the cell has ended, and the answers are in it."""
    client = pytest.importorskip("nbclient", reason="nbclient is not installed: pip install -e '.[dev]'")
    nbformat = pytest.importorskip("nbformat")
    pytest.importorskip("ipykernel")
    kernel = tmp_path / "jupyter" / "kernels" / "own"
    kernel.mkdir(parents=True)
    command = [sys.executable, "-m", "ipykernel_launcher", "-f", "{connection_file}"]
    (kernel / "kernel.json").write_text(
        json.dumps({"argv": command, "display_name": "own", "language": "python"})
    )
    monkeypatch.setenv("JUPYTER_PATH", str(tmp_path / "jupyter"))
    monkeypatch.setenv("JUPYTER_RUNTIME_DIR", str(tmp_path / "runtime"))
    cells = ["import course\ncourse.quiz('day10', count=30, seed=1)", GO_THROUGH]
    made = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(cell) for cell in cells])
    client.NotebookClient(
        made, kernel_name="own", timeout=300, resources={"metadata": {"path": str(tmp_path)}}
    ).execute()
    [shown] = [output for output in made.cells[0].outputs if output.output_type == "display_data"]
    assert "application/vnd.jupyter.widget-view+json" in shown.data
    said = [
        output for cell in made.cells for output in cell.outputs if output.output_type in ("stream", "error")
    ]
    assert said == []
    widgets = made.metadata.widgets["application/vnd.jupyter.widget-state+json"]["state"].values()
    assert any("0/" in str(widget["state"].get("value", "")) for widget in widgets)
    with database.opened() as connection:
        [session] = quizzes.sessions(connection)
    assert session.finished

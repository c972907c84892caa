"""`course.quiz` in Python: plain text without widgets, and the widget driven as a browser would."""

from __future__ import annotations

import io

import pytest

import course
from course.quiz import notebook, sitting
from course.store import database, quizzes
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
            assert ("✓" in said) is right
            quiz.forward.click()
        assert sum(score.credit for score in current.topics()) == (8 if right else 0)
        assert "LSTM" in quiz.question.children[0].value
        assert quizzes.sessions(connection)[0].finished
        quiz.box.close()

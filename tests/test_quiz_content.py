"""The bank itself: in order, and every parameterised question over a thousand draws."""

from __future__ import annotations

import pytest

from course.quizzes import bank, draw, expression, judge, lint, places, release

DRAWS = 1000

PARAMETERISED = [question for question in bank.everything() if question.parameterised]


@pytest.mark.parametrize("day", bank.days())
def test_a_days_questions(day):
    assert lint.day(day) == []
    assert bank.released(day).read_text(encoding="utf-8") == release.render(bank.load(day), day)


def test_the_bank_as_a_whole():
    assert lint.everything(draws=5) == []


@pytest.mark.parametrize("question", PARAMETERISED, ids=[question.id for question in PARAMETERISED])
def test_a_thousand_draws(question):
    """The answer accepted, every distractor refused, no collision, values in range, the condition kept."""
    for seed in range(DRAWS):
        asked = draw.once(question, seed)
        assert draw.collisions(asked) == []
        assert list(lint.verify(asked)) == []
        assert judge.judge(asked, asked.key).right
        for name, parameter in question.parameters.items():
            assert asked.values[name] in parameter.values
        values = dict(asked.values)
        for name, text in question.define.items():
            values[name] = expression.evaluate(text, values)
        assert not question.where or expression.evaluate(question.where, values)
        for words in (asked.text, asked.explanation, *(choice.why for choice in asked.choices)):
            for text in words.values():
                assert not places.unknown(text, set())
        if seed < 50:
            assert draw.ask(question, seed) == asked

"""Typed answers are judged as a person would judge them."""

from __future__ import annotations

import pytest

from course.learner.store.asked import Asked, AskedChoice
from course.quizzes import bank, draw, judge
from tests import typed_answers as table


def rows(lines: str) -> list[str]:
    return [line.strip() for line in lines.split(" | ")]


def made(kind: str, key: object, **more: object) -> Asked:
    text = more.pop("text", {"en": "?", "ko": "?"})
    return Asked("made", "day07", "losses", kind, 1, 0, text, {"en": "", "ko": ""}, key, **more)


def number(key: float, unit: str, text: str) -> Asked:
    return made(
        "numeric", key, text={"en": text, "ko": text}, unit={"en": unit, "ko": unit} if unit else {},
        absolute=0.0 if float(key).is_integer() else 0.0005 * max(1, abs(key)),
    )  # fmt: skip


def earned(asked: Asked, line: str) -> float:
    return judge.judge(asked, judge.typed(asked, line)).credit


NUMBERS = [
    (spec, line, verdict)
    for spec, lines in table.NUMBERS.items()
    for verdict, group in zip(("right", "wrong", "unreadable"), lines, strict=True)
    for line in rows(group)
]
TEXTS = [
    (name, line, verdict)
    for name, lines in table.TEXTS.items()
    for verdict, group in zip(("right", "wrong"), lines, strict=True)
    for line in rows(group)
]


def test_the_table_is_long_enough():
    others = [*table.CHOICES, *table.TICKS, table.TRUE, table.FALSE, table.NEITHER]
    assert len(NUMBERS) + len(TEXTS) + sum(len(rows(lines)) for lines in others) >= 300


@pytest.mark.parametrize(("spec", "line", "verdict"), NUMBERS)
def test_numbers(spec, line, verdict):
    asked = number(*spec)
    if verdict == "unreadable":
        with pytest.raises(judge.Unreadable):
            judge.typed(asked, line)
    else:
        assert earned(asked, line) == (1.0 if verdict == "right" else 0.0)


@pytest.mark.parametrize(("name", "line", "verdict"), TEXTS)
def test_texts(name, line, verdict):
    [question] = bank.select([name])
    assert earned(draw.ask(question, 0), line) == (1.0 if verdict == "right" else 0.0)


def choices(kind: str, key: object, right: tuple[int, ...]) -> Asked:
    names = ("relu", "tanh", "sigmoid", "softmax")
    return made(kind, key, choices=tuple(
        AskedChoice({"en": name, "ko": name}, place in right, {} if place in right else {"en": "no", "ko": "아닙니다"})
        for place, name in enumerate(names, start=1)
    ))  # fmt: skip


@pytest.mark.parametrize("line", [*rows(table.CHOICES[0]), "tanh", "'tanh'", "tanh입니다"])
def test_a_choice_is_named_in_many_ways(line):
    assert earned(choices("single", 2, (2,)), line) == 1


@pytest.mark.parametrize("line", [*rows(table.CHOICES[1]), "relu"])
def test_another_choice_is_wrong(line):
    assert earned(choices("single", 2, (2,)), line) == 0


@pytest.mark.parametrize("line", rows(table.CHOICES[2]))
def test_no_choice(line):
    with pytest.raises(judge.Unreadable):
        judge.typed(choices("single", 2, (2,)), line)


@pytest.mark.parametrize("line", rows(table.TICKS[0]))
def test_ticks(line):
    assert earned(choices("multiple", [1, 3], (1, 3)), line) == 1


@pytest.mark.parametrize("line", rows(table.TICKS[1]))
def test_other_ticks(line):
    assert earned(choices("multiple", [1, 3], (1, 3)), line) < 1


@pytest.mark.parametrize("line", rows(table.TICKS[2]))
def test_no_ticks(line):
    with pytest.raises(judge.Unreadable):
        judge.typed(choices("multiple", [1, 3], (1, 3)), line)


def test_true_and_false():
    asked = made("true_false", True, choices=(AskedChoice({"en": "True", "ko": "참"}, True, {}),
                                              AskedChoice({"en": "False", "ko": "거짓"}, False, {"en": "n", "ko": "n"})))  # fmt: skip
    assert {line for line in rows(table.TRUE) if judge.typed(asked, line) is not True} == set()
    assert {line for line in rows(table.FALSE) if judge.typed(asked, line) is not False} == set()
    for line in rows(table.NEITHER):
        with pytest.raises(judge.Unreadable):
            judge.typed(asked, line)


@pytest.mark.parametrize(
    ("names", "line", "earns"),
    [
        (names, line, earns)
        for names, *groups in table.SHAPES
        for lines, earns in zip(groups, (1, 0, None), strict=True)
        for line in rows(lines)
    ],
)
def test_a_choice_of_values_is_named_by_its_values(names, line, earns):
    asked = made("code", 1, choices=tuple(
        AskedChoice({"en": name, "ko": name}, place == 1, {} if place == 1 else {"en": "no", "ko": "아닙니다"})
        for place, name in enumerate(names, start=1)
    ))  # fmt: skip
    if earns is None:
        with pytest.raises(judge.Unreadable):
            judge.typed(asked, line)
    else:
        assert earned(asked, line) == earns

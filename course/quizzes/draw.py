"""Drawing: parameters, the order of choices and sides, from a seed. The same seed always gives the same question."""

from __future__ import annotations

import random
from collections.abc import Sequence

from course.language import Words
from course.learner.store.asked import Answer, Asked, AskedChoice, AskedMistake
from course.quizzes import expression, picture, places
from course.quizzes.errors import DrawError
from course.quizzes.expression import ExpressionError, Value
from course.quizzes.question import (
    ChoiceQuestion,
    MatchQuestion,
    NumericQuestion,
    OrderQuestion,
    Question,
    TextQuestion,
    TrueFalseQuestion,
)

_TRUE = Words({"en": "True", "ko": "참"})
_FALSE = Words({"en": "False", "ko": "거짓"})
_MOST_DRAWS = 1000
# Room for the last bits of a computed number.
_SLACK = 1e-9
_NOTHING = 1e-15


def ask(question: Question, seed: int) -> Asked:
    """The concrete question of this seed. A draw with a collision is drawn again; raises DrawError where none is left."""
    problems: list[str] = []
    for attempt in range(20):
        asked = once(question, seed, attempt)
        problems = collisions(asked)
        if not problems or not question.parameterised:
            return asked
    raise DrawError(f"{question.id}: {problems[0]}")


def once(question: Question, seed: int, attempt: int = 0) -> Asked:
    """One draw with whatever collisions it has; raises DrawError."""
    source = random.Random(f"{seed}/{question.id}/{attempt}")
    try:
        values = _drawn(question, source)
        return _filled(question, seed, values, source)
    except (ExpressionError, picture.PictureError, KeyError, IndexError) as error:
        raise DrawError(f"{question.id}: {error}") from error


def collisions(asked: Asked) -> list[str]:
    """What this draw has twice: choices that read the same, mistakes within the answer's tolerance or equal to another."""
    problems = []
    for code in asked.text:
        words = [choice.words[code] for choice in asked.choices]
        problems += [f"{code}: two choices read {text!r}" for text in sorted(_twice(words))]
        for name, side in (("items", asked.items), ("left", asked.left), ("right", asked.right)):
            problems += [
                f"{code}: {name}: {text!r} twice" for text in sorted(_twice([w[code] for w in side]))
            ]
    for place, mistake in enumerate(asked.mistakes):
        if accepts(asked, mistake.value):
            problems.append(
                f"the mistake {places.shown(mistake.value)} is accepted as the answer {asked.key}"
            )
        for other in asked.mistakes[:place]:
            if close(mistake.value, other.value) or places.shown(mistake.value) == places.shown(other.value):
                problems.append(f"two mistakes are {places.shown(mistake.value)}")
    return [f"{problem} with {asked.values}" if asked.values else problem for problem in problems]


def accepts(asked: Asked, value: float) -> bool:
    """Whether a number lies within a numeric question's tolerance."""
    key = asked.key
    assert isinstance(key, int | float)
    room = max(asked.absolute, asked.relative * abs(key))
    return abs(value - key) <= room or close(value, key) or abs(abs(value - key) - room) <= _SLACK * abs(key)


def close(left: float, right: float) -> bool:
    """Whether two numbers differ in nothing but the last bits."""
    return abs(left - right) <= max(_SLACK * max(abs(left), abs(right)), _NOTHING)


def _drawn(question: Question, source: random.Random) -> dict[str, Value]:
    for _ in range(_MOST_DRAWS):
        values: dict[str, Value] = {
            name: source.choice(parameter.values) for name, parameter in question.parameters.items()
        }
        for name, text in question.define.items():
            values[name] = expression.evaluate(text, values)
        if not question.where or expression.evaluate(question.where, values):
            return values
    raise DrawError(f"{question.id}: where = {question.where!r} held in none of {_MOST_DRAWS} draws")


def _filled(question: Question, seed: int, values: dict[str, Value], source: random.Random) -> Asked:
    answer = _answer(question, values)
    full = values if answer is None else values | {"answer": answer}

    def fill(words: Words) -> Words:
        return Words({code: places.fill(text, full) for code, text in words.items()})

    def make(key: Answer, **more: object) -> Asked:
        return Asked(
            question.id, question.day, question.topic, question.kind, question.difficulty, seed,
            fill(question.text), fill(question.explanation), key, places.fill(question.code, full, code=True),
            {name: values[name] for name in question.parameters},
            picture.drawn(question.picture, values) if question.picture else {}, **more,  # type: ignore[arg-type]
        )  # fmt: skip

    match question:
        case NumericQuestion():
            assert isinstance(answer, int | float)
            return make(answer, unit=question.unit, **_tolerance(question, answer),
                        mistakes=tuple(AskedMistake(expression.number(m.value, values), fill(m.why))
                                       for m in question.mistakes))  # fmt: skip
        case ChoiceQuestion():
            choices = [
                AskedChoice(
                    fill(choice.words)
                    if choice.words
                    else _all(places.shown(_evaluated(choice.value, values))),
                    choice.correct,
                    fill(choice.why),
                )
                for choice in question.choices
            ]
            source.shuffle(choices)
            right = [place for place, choice in enumerate(choices, start=1) if choice.correct]
            return make(right if question.kind == "multiple" else right[0], choices=tuple(choices))
        case TrueFalseQuestion():
            why = fill(question.why)
            sides = ((_TRUE, question.answer), (_FALSE, not question.answer))
            return make(
                question.answer,
                choices=tuple(
                    AskedChoice(Words(words), right, Words() if right else why) for words, right in sides
                ),
            )
        case TextQuestion():
            return make(next(iter(question.accept.values()))[0], accept=question.accept)
        case OrderQuestion():
            order = _shuffled(len(question.items), source)
            return make(
                [order.index(place) + 1 for place in range(len(order))],
                items=tuple(fill(question.items[place]) for place in order),
            )
        case MatchQuestion():
            lefts = _shuffled(len(question.pairs), source)
            rights = _shuffled(len(question.pairs), source)
            return make(
                [rights.index(place) + 1 for place in lefts],
                left=tuple(fill(question.pairs[place][0]) for place in lefts),
                right=tuple(fill(question.pairs[place][1]) for place in rights),
            )
    raise DrawError(f"{question.id}: no way to ask a {question.kind} question")


def _answer(question: Question, values: dict[str, Value]) -> Value | None:
    """The value behind {answer}: a numeric question's, or that of a right choice given as an expression."""
    if isinstance(question, NumericQuestion):
        return _whole(expression.number(question.answer, values))
    if isinstance(question, ChoiceQuestion):
        texts = [choice.value for choice in question.choices if choice.correct and choice.value]
        return _evaluated(texts[0], values) if texts else None
    return None


def _evaluated(text: str, values: dict[str, Value]) -> Value:
    value = expression.evaluate(text, values)
    return _whole(value) if isinstance(value, float) else value


def _whole(value: float) -> int | float:
    """25.0 is 25."""
    return round(value) if abs(value) < 1e15 and close(value, round(value)) else value


def _tolerance(question: NumericQuestion, answer: float) -> dict[str, float]:
    if question.absolute is None and question.relative is None:
        return {"absolute": 0.0, "relative": 0.0 if isinstance(answer, int) else 0.01}
    return {"absolute": question.absolute or 0.0, "relative": question.relative or 0.0}


def _shuffled(count: int, source: random.Random) -> list[int]:
    """The places 0 … count-1 in another order than this one."""
    order = list(range(count))
    while order == sorted(order):
        source.shuffle(order)
    return order


def _all(text: str) -> Words:
    return Words({"en": text, "ko": text})


def _twice(texts: Sequence[str]) -> set[str]:
    return {text for text in texts if texts.count(text) > 1}

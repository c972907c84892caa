"""Judging: an answer's credit between 0 and 1, and which of the wrong choices' own explanations it has earned."""

from __future__ import annotations

import functools
import math
import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from course.content import glossary
from course.language import Words
from course.learner.store.asked import Answer, Asked
from course.quizzes import choice_words, draw, numbers, phrases, truth


class Unreadable(ValueError):
    """What was typed is no answer to this kind of question. The text is the kind."""


@dataclass(frozen=True)
class TopicScore:
    """A topic's share of a sitting: credit is the sum over its questions, each at most 1."""

    topic: str
    questions: int
    credit: float


@dataclass(frozen=True)
class Verdict:
    """What an answer earns, and what to say about its wrong parts."""

    credit: float
    whys: tuple[Words, ...] = ()

    @property
    def right(self) -> bool:
        """Whether it earns everything."""
        return self.credit >= 1


def judge(asked: Asked, answer: Answer) -> Verdict:
    """Judge an answer in the form of `Answer`; None earns nothing. Raises Unreadable for another kind's answer."""
    if answer is None:
        return Verdict(0.0)
    answer = checked(asked, answer)
    match asked.kind:
        case "single" | "code" | "true_false" | "multiple":
            return _chosen(asked, answer)
        case "numeric":
            return _numeric(asked, answer)
        case "text":
            forms = [form for forms in asked.accept.values() for form in forms]
            right = phrases.same(str(answer), forms, _terms())
            return Verdict(1.0 if right else 0.0)
        case "order":
            return Verdict(_order(asked, answer))
    return Verdict(_shared(answer, asked.key))


def checked(asked: Asked, value: Any) -> Answer:
    """A value from JSON as an answer to this question; raises Unreadable. A typed text does for every kind."""
    if value is None:
        return None
    if isinstance(value, str):
        return typed(asked, value)
    match asked.kind:
        case "true_false" if isinstance(value, bool):
            return value
        case "numeric" if _is_number(value):
            return float(value) if isinstance(value, float) else int(value)
        case "single" | "code" if _is_place(value, len(asked.choices)):
            return int(value)
        case "multiple" if isinstance(value, list) and value:
            if all(_is_place(place, len(asked.choices)) for place in value):
                return sorted(set(value))
        case "order" if _is_order(value, len(asked.items)):
            return list(value)
        case "match" if isinstance(value, list) and len(value) == len(asked.left):
            if all(_is_place(place, len(asked.right)) for place in value):
                return list(value)
        case "text" if _is_number(value):
            return str(value)
    raise Unreadable(asked.kind)


def typed(asked: Asked, line: str) -> Answer:
    """What a learner typed, as an answer: positions "2", "1 3" or "2,1,3", a number, a text; raises Unreadable.

    An empty line is no answer (None).
    """
    text = unicodedata.normalize("NFKC", line).strip()
    if not text:
        return None
    match asked.kind:
        case "text":
            return text
        case "numeric":
            return _typed_number(asked, line)
        case "true_false":
            if (said := truth.said(text)) is None:
                raise Unreadable(asked.kind)
            return said
    if asked.kind == "match" and re.search("[a-z]", text, re.IGNORECASE):
        return checked(asked, _lettered(text, len(asked.left)))
    places = choice_words.by_place(text)
    if asked.kind in ("single", "code"):
        if len(places) != 1:
            places = choice_words.by_words(asked.choices, text)
        if len(places) != 1:
            raise Unreadable(asked.kind)
        return checked(asked, places[0])
    if asked.kind == "multiple" and not places:
        found = [choice_words.by_words(asked.choices, part) for part in re.split(r"\s*[,;]\s*|\n", text)]
        places = [place for part in found for place in part] if all(len(part) == 1 for part in found) else []
    return checked(asked, places)


def _typed_number(asked: Asked, line: str) -> Answer:
    """Of what the line may mean, the meaning that is right, else the likeliest."""
    found = numbers.readings(line, asked.unit.values(), " ".join(asked.text.values()))
    if not found:
        raise Unreadable(asked.kind)
    number = next((value for value in found if draw.accepts(asked, value)), found[0])
    return int(number) if number.is_integer() and abs(number) < 1e15 else number


@functools.cache
def _terms() -> tuple[str, ...]:
    """The words of the course's field, by the glossary."""
    return tuple(word for term in glossary.load() for word in term.words.values())


def _lettered(text: str, count: int) -> list[int]:
    """The positions for A, B, C in turn from "A2 B1 C3" in any order."""
    pairs = dict(re.findall(r"([a-f])\s*[-=:>→]*\s*\(?(\d)", text.casefold()))
    return [int(pairs.get(letter, 0)) for letter in "abcdef"[:count]]


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)


def _is_place(value: Any, most: int) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and 1 <= value <= most


def _is_order(value: Any, count: int) -> bool:
    return (
        isinstance(value, list)
        and all(_is_place(v, count) for v in value)
        and len({*value}) == count == len(value)
    )


def _chosen(asked: Asked, answer: Answer) -> Verdict:
    if isinstance(answer, bool):
        places = [1 if answer else 2]
    else:
        places = answer if isinstance(answer, list) else [int(str(answer))]
    picked = [asked.choices[place - 1] for place in places]
    whys = tuple(choice.why for choice in picked if not choice.correct)
    right = sum(choice.correct for choice in picked)
    every = sum(choice.correct for choice in asked.choices)
    return Verdict(max(0.0, (right - len(whys)) / every), whys)


def _numeric(asked: Asked, answer: Answer) -> Verdict:
    assert isinstance(answer, int | float)
    if draw.accepts(asked, answer):
        return Verdict(1.0)
    # A learner rounds a wrong value as they would the right one: the nearest mistake within the same room.
    near = sorted(asked.mistakes, key=lambda mistake: abs(mistake.value - answer))
    for mistake in near[:1]:
        room = max(asked.absolute, asked.relative * abs(mistake.value))
        if (
            abs(mistake.value - answer) <= room
            or draw.close(mistake.value, answer)
            or _rounded(answer, mistake.value)
        ):
            return Verdict(0.0, (mistake.why,))
    return Verdict(0.0)


def _rounded(answer: float, value: float) -> bool:
    """Whether the answer is the value to three figures or more."""
    return value != 0 and abs(answer - value) <= 0.0005 * abs(value) and not float(value).is_integer()


def _order(asked: Asked, answer: Answer) -> float:
    assert isinstance(answer, list)
    assert isinstance(asked.key, list)
    wanted = set(_pairs(asked.key))
    return len(wanted & set(_pairs(answer))) / len(wanted)


def _pairs(places: Sequence[int]) -> list[tuple[int, int]]:
    return [(places[index], places[index + 1]) for index in range(len(places) - 1)]


def _shared(answer: Answer, key: Answer) -> float:
    assert isinstance(answer, list)
    assert isinstance(key, list)
    return sum(mine == right for mine, right in zip(answer, key, strict=True)) / len(key)

"""Answers in words, as Markdown lines (what a learner chose, or what would have been right), and scores."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from course.language import gettext as _
from course.quiz import places
from course.quiz.asked import Answer, Asked

if TYPE_CHECKING:
    from course.quiz.sitting import TopicScore

LETTERS = "ABCDEF"


def lines(asked: Asked, answer: Answer, language: str) -> list[str]:
    """The answer in a language, a part a line; nothing for no answer."""
    if answer is None:
        return []
    if isinstance(answer, bool):
        return [asked.choices[0 if answer else 1].words[language]]
    match asked.kind:
        case "single" | "code" if isinstance(answer, int):
            return [asked.choices[answer - 1].words[language]]
        case "multiple" if isinstance(answer, list):
            return [asked.choices[place - 1].words[language] for place in answer]
        case "numeric" if isinstance(answer, int | float):
            return [f"{places.shown(answer)} {asked.unit.get(language, '')}".strip()]
        case "order" if isinstance(answer, list):
            return [f"{n}. {asked.items[place - 1][language]}" for n, place in enumerate(answer, start=1)]
        case "match" if isinstance(answer, list):
            sides = zip(asked.left, answer, strict=True)
            return [f"{left[language]} → {asked.right[place - 1][language]}" for left, place in sides]
    return [str(answer)]


def key_lines(asked: Asked, language: str) -> list[str]:
    """The right answer in a language; of a short text the first form that language accepts."""
    if asked.kind == "text":
        return [asked.accept[language][0]]
    return lines(asked, asked.key, language)


def points(credit: float) -> str:
    """Credit with two decimals where it needs them."""
    return f"{credit:.2f}".rstrip("0").rstrip(".")


def percent(score: TopicScore) -> str:
    """The share that was right."""
    return f"{score.credit / score.questions:.0%}" if score.questions else "-"


def in_all(scores: Sequence[TopicScore]) -> str:
    """All topics in one sentence."""
    credit, count = sum(score.credit for score in scores), sum(score.questions for score in scores)
    text = _("{credit} of {count} questions right: {percent}")
    share = f"{credit / count:.0%}" if count else "-"
    return text.format(credit=points(credit), count=count, percent=share)

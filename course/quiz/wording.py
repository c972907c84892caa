"""An answer in words, as Markdown lines: what a learner chose, or what would have been right."""

from __future__ import annotations

from course.quiz import places
from course.quiz.asked import Answer, Asked

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

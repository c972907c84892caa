"""Answers in words, as Markdown lines (what a learner chose, or what would have been right), and scores."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from course.language import gettext as _
from course.learner.store.asked import Answer, Asked
from course.quizzes import places

if TYPE_CHECKING:
    from course.quizzes.judge import TopicScore

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
            return [f"{places.shown(answer)} {asked.unit[language] if asked.unit else ''}".strip()]
        case "order" if isinstance(answer, list):
            return [f"{n}. {asked.items[place - 1][language]}" for n, place in enumerate(answer, start=1)]
        case "match" if isinstance(answer, list):
            sides = zip(asked.left, answer, strict=True)
            return [f"{left[language]} → {asked.right[place - 1][language]}" for left, place in sides]
    return [str(answer)]


def options(asked: Asked, answer: Answer, language: str) -> list[dict[str, Any]]:
    """Each choice or pair with whether it is right, whether the answer took it so, and why it is wrong; empty for other kinds."""
    if asked.kind == "match":
        assert isinstance(asked.key, list)
        given = answer if isinstance(answer, list) else [0] * len(asked.key)
        return [
            {
                "words": f"{left[language]} → {asked.right[key - 1][language]}",
                "right": True,
                "chosen": mine == key,
                "why": "" if mine == key or not mine else asked.right[mine - 1][language],
            }
            for left, key, mine in zip(asked.left, asked.key, given, strict=True)
        ]
    if isinstance(answer, bool):
        places = [1 if answer else 2]
    else:
        places = answer if isinstance(answer, list) else [answer] if isinstance(answer, int) else []
    return [
        {
            "words": c.words[language],
            "right": c.correct,
            "chosen": place in places,
            "why": c.why[language] if c.why else "",
        }
        for place, c in enumerate(asked.choices, start=1)
    ]


def key_lines(asked: Asked, language: str) -> list[str]:
    """The right answer in a language; of a short text the first form that language accepts."""
    if asked.kind == "text":
        return [asked.accept[language][0]]
    return lines(asked, asked.key, language)


def how_to_write(asked: Asked) -> str:
    """What to type for this kind of question, said to whoever typed something else."""
    count = len(asked.choices or asked.items or asked.right)
    match asked.kind:
        case "numeric":
            return _("Write one number, such as 0.75, 3/4 or 7.5e-1; its unit may stand behind it.")
        case "text":
            return _("Write the term alone, in a word or two, in English or Korean.")
        case "true_false":
            return _("Answer true or false (or 1 or 2).")
        case "multiple":
            return _("Write the numbers of all that are right, from 1 to {count}, such as 1 3.").format(
                count=count
            )
        case "order":
            return _("Write all numbers from 1 to {count} in their order, each once, such as 2 1 3.").format(
                count=count
            )
        case "match":
            return _("Write a number from 1 to {count} for each letter, such as A2 B1 C3.").format(
                count=count
            )
    return _("Write the number of one choice, from 1 to {count}.").format(count=count)


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

"""JSON for jupyterquiz: a list of questions that a notebook shows and answers at once; it keeps no score."""

from __future__ import annotations

import json
import math
from collections.abc import Sequence
from html import escape
from typing import Any

from course.language import gettext as _
from course.quizzes import picture
from course.quizzes.export.item import Export, Item, Losses, bounds, shown
from course.quizzes.export.markup import html


def write(items: Sequence[Item], title: str) -> Export:  # noqa: ARG001  every format's signature
    """All questions in one list; a matching is a question a left side."""
    losses = Losses()
    questions: list[dict[str, Any]] = []
    for item in items:
        questions += _questions(item)
        losses.common(item)
        losses.unit(item)
        if item.kind == "multiple":
            losses.note(_("No partial credit: every choice is told right or wrong by itself."), item)
        if item.kind == "order":
            losses.positions(item)
        if item.kind in ("order", "match"):
            losses.note(_("Asked as one question for each left side."), item)
        if item.kind == "text":
            losses.note(_("Needs jupyterquiz 2.9 or newer."), item)
    text = json.dumps(questions, ensure_ascii=False, indent=1)
    return Export((text + "\n").encode(), losses.found)


def _questions(item: Item) -> list[dict[str, Any]]:
    right = safe(html(item.explanation))
    again = _("Not right. Try again.", item.language)
    match item.kind:
        case "single" | "multiple" | "true_false":
            kind = "many_choice" if item.kind == "multiple" else "multiple_choice"
            answers = [
                _choice(safe(html(c.words)), c.correct, right if c.correct else safe(html(c.why)))
                for c in item.choices
            ]
            return [_question(item, kind, answers)]
        case "numeric":
            answers = [answer(item.number, item.room, True, right)]
            answers += [answer(value, room, False, safe(html(why))) for value, room, why in item.mistakes]
            return [_question(item, "numeric", [*answers, {"type": "default", "feedback": again}])]
        case "text":
            answers = [_choice(form, True, right) | {"match_case": False} for form in item.forms]
            return [_question(item, "string", [*answers, {"type": "default", "feedback": again}])]
    left, rights, key = item.sides
    found = []
    for number, (words, place) in enumerate(zip(left, key, strict=True), start=1):
        answers = [
            _choice(safe(html(side)), at == place, right if at == place else again)
            for at, side in enumerate(rights)
        ]
        question = _question(item, "multiple_choice", answers)
        question["question"] += f"<p>({number}/{len(left)}) <strong>{safe(html(words))}</strong></p>"
        found.append(question | {"id": f"{item.name}_{number}"})
    return found


def _question(item: Item, kind: str, answers: list[dict[str, Any]]) -> dict[str, Any]:
    # jupyterquiz reads the first four; the others are for whoever sorts the list.
    text = html(item.text)
    question = {"question": safe(text if text.startswith("<p>") else f"<p>{text}</p>"), "type": kind}
    if item.unit_line:
        question["question"] += f"<p>{escape(item.unit_line, quote=False)}</p>"
    if item.asked.code:
        question["code"] = escape(item.asked.code, quote=False)
    if item.asked.picture:
        question["question"] += f"<p>{picture.image(item.asked.picture, item.language)}</p>"
    names = {"id": item.name, "topic": item.asked.topic, "difficulty": item.asked.difficulty}
    return question | {"answers": answers} | names


def _choice(text: str, correct: bool, feedback: str) -> dict[str, Any]:
    return {"answer": text, "correct": correct, "feedback": feedback}


def answer(value: float, room: float, correct: bool, feedback: str) -> dict[str, Any]:
    """A value, or a range; jupyterquiz takes a range without its upper end."""
    told = {"correct": correct, "feedback": feedback}
    if not room:
        exact = float(shown(value))
        return {"type": "value", "value": int(exact) if exact.is_integer() else exact} | told
    low, high = bounds(value, room)
    return {"type": "range", "range": [low, math.nextafter(high, math.inf)]} | told


def safe(text: str) -> str:
    """HTML without the signs that jupyterquiz itself replaces: dollars, and what looks like a link."""
    return text.replace("$", "&#36;").replace("](", "]&#40;")

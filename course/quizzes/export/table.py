"""CSV: a row a question (and variant), with everything the course itself keeps; texts stay Markdown."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence

from course.quizzes import picture
from course.quizzes.export.item import Export, Item, Losses, shown

_FIRST = ("id", "variant", "day", "topic", "kind", "difficulty", "text", "code", "answer")
_LAST = ("absolute", "relative", "unit", "explanation")


def write(items: Sequence[Item], title: str) -> Export:  # noqa: ARG001  every format's signature
    """One table. `answer` holds positions from 1, a number, or the accepted forms.

    `option` and `why` are the choices, the expected wrong numbers, the items, or the right sides; `left` the left sides.
    The file begins with a byte-order mark, without which Excel takes Korean for something else.
    """
    losses = Losses()
    rows = []
    for item in items:
        rows.append(_row(item))
        losses.variants(item)
    options = max((_count(row, "option") for row in rows), default=0)
    lefts = max((_count(row, "left") for row in rows), default=0)
    names = [*_FIRST]
    for number in range(1, options + 1):
        names += [f"option_{number}", f"why_{number}"]
    names += [f"left_{number}" for number in range(1, lefts + 1)]
    text = io.StringIO()
    writer = csv.DictWriter(text, [*names, *_LAST], restval="")
    writer.writeheader()
    writer.writerows(rows)
    return Export(text.getvalue().encode("utf-8-sig"), losses.found)


def _count(row: dict[str, str], start: str) -> int:
    return sum(name.startswith(f"{start}_") for name in row)


def _row(item: Item) -> dict[str, str]:
    asked = item.asked
    row = {
        "id": asked.id,
        "variant": str(item.variant or ""),
        "day": asked.day,
        "topic": asked.topic,
        "kind": asked.kind,
        "difficulty": str(asked.difficulty),
        "text": item.text + (f"\n{picture.text(asked.picture, item.language)}" if asked.picture else ""),
        "code": asked.code,
        "answer": _answer(item),
        "unit": item.unit,
        "explanation": item.explanation,
    }
    options = [(choice.words, choice.why) for choice in item.choices]
    if item.kind == "numeric":
        row |= {"absolute": shown(asked.absolute), "relative": shown(asked.relative)}
        options = [(shown(value), why) for value, _room, why in item.mistakes]
    elif item.kind == "order":
        options = [(words, "") for words in item.shown_items]
    elif item.kind == "match":
        left, right, _key = item.sides
        options = [(words, "") for words in right]
        row |= {f"left_{number}": words for number, words in enumerate(left, start=1)}
    for number, (words, why) in enumerate(options, start=1):
        row |= {f"option_{number}": words, f"why_{number}": why}
    return row


def _answer(item: Item) -> str:
    key = item.asked.key
    if item.kind == "text":
        forms = [form for code in item.asked.accept for form in item.asked.accept[code]]
        return " | ".join(forms)
    if isinstance(key, bool):
        return "1" if key else "2"
    if isinstance(key, list):
        return " ".join(map(str, key))
    return shown(key) if isinstance(key, int | float) else str(key)

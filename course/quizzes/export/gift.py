"""GIFT, Moodle's text format: HTML within, its own signs escaped, a question a block of lines."""

from __future__ import annotations

import re
from collections.abc import Sequence

from course.quizzes.export.item import Export, Item, Losses, by_question, shown
from course.quizzes.export.markup import html, plain, question_html

_SIGNS = re.compile(r"[\\~=#{}:]")


def write(items: Sequence[Item], title: str) -> Export:
    """All questions in one file."""
    losses = Losses()
    blocks = []
    here = ""
    for group in by_question(items):
        place = title + (f"/{group[0].asked.id}" if group[0].variant else "")
        if place != here:
            blocks.append(f"$CATEGORY: $course$/top/{place}")
            here = place
        for item in group:
            blocks.append(_block(item))
            losses.common(item)
            losses.unit(item)
            if item.kind == "order":
                losses.positions(item)
            if item.kind == "match":
                losses.plain_sides(item)
    return Export(("\n\n".join(blocks) + "\n").encode(), losses.found)


def escaped(text: str) -> str:
    """Text with GIFT's signs escaped, on one line."""
    return _SIGNS.sub(r"\\\g<0>", text).replace("\r", "").replace("\n", r"\n")


def _block(item: Item) -> str:
    tags = f"// [id:{item.name}] [tag:{item.asked.topic}] [tag:difficulty_{item.asked.difficulty}]"
    head = f"::{escaped(item.name)}::[html]{escaped(question_html(item))}"
    feedback = f"####{escaped(html(item.explanation))}"
    if item.kind == "true_false":
        true, false = item.choices
        letter, why = ("T", false.why) if true.correct else ("F", true.why)
        return f"{tags}\n{head}{{{letter}#{escaped(html(why))}{feedback}}}"
    start = "#" if item.kind == "numeric" else ""
    return "\n".join([tags, f"{head}{{{start}", *_answers(item), feedback, "}"])


def _answers(item: Item) -> list[str]:
    match item.kind:
        case "single":
            return [_answer("=" if c.correct else "~", html(c.words), c.why) for c in item.choices]
        case "multiple":
            share = f"{100 / item.right_choices:.5f}".rstrip("0").rstrip(".")
            signs = {True: f"~%{share}%", False: f"~%-{share}%"}
            return [_answer(signs[c.correct], html(c.words), c.why) for c in item.choices]
        case "numeric":
            right = f"={shown(item.number)}:{shown(item.room)}"
            wrong = [(f"=%0%{shown(value)}:{shown(room)}", why) for value, room, why in item.mistakes]
            return [right, *(sign + f"#{escaped(html(why))}" for sign, why in wrong)]
        case "text":
            return [_answer("=", form.replace("*", r"\*")) for form in item.forms]
    left, right_sides, key = item.sides
    # An arrow would be the sign between the sides; HTML has it as -&gt;.
    return [
        f"={escaped(html(words))} -> {escaped(plain(right_sides[place]))}"
        for words, place in zip(left, key, strict=True)
    ]


def _answer(sign: str, text: str, why: str = "") -> str:
    if text.startswith("%"):  # else it would be read as a weight
        text = "&#37;" + text[1:]
    return sign + escaped(text) + (f"#{escaped(html(why))}" if why else "")

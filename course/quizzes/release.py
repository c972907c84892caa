"""The released quiz: the questions as a learner may read them, without key, mistakes and explanations, as TOML."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from typing import Any

from course.quizzes import expression, places
from course.quizzes.question import (
    ChoiceQuestion,
    MatchQuestion,
    NumericQuestion,
    OrderQuestion,
    Parameter,
    Question,
)

_HEAD = """# The day's quiz as a learner receives it: made from solutions/{day}/quiz.toml by `course dev build`.
# Take it with: course quiz {day}
"""


def render(questions: Iterable[Question], day: str) -> str:
    """The released file's text. The order of choices and sides says nothing about the key."""
    return "\n".join([_HEAD.format(day=day), *(_question(question) for question in questions)])


def _question(question: Question) -> str:
    fields: dict[str, Any] = {
        "id": question.id, "topic": question.topic, "kind": question.kind, "difficulty": question.difficulty,
        "text": question.text,
    }  # fmt: skip
    if question.code:
        fields["code"] = question.code
    if question.picture:
        # What it is made of may be the way to the answer.
        fields["picture"] = {name: question.picture[name] for name in ("kind", "alt")}
    seen = [*question.text.values(), question.code]
    needed: set[str] = set()
    match question:
        case ChoiceQuestion(choices=choices):
            shown = [choice.words if choice.words else {"value": choice.value} for choice in choices]
            fields["choices"] = _anyhow(shown, question.id)
            seen += [text for choice in choices for text in choice.words.values()]
            needed = set().union(*(expression.names(choice.value) for choice in choices if choice.value))
        case NumericQuestion(unit=unit, absolute=absolute, relative=relative):
            given = {"unit": unit or None, "absolute": absolute, "relative": relative}
            fields |= {name: value for name, value in given.items() if value is not None}
        case OrderQuestion(items=items):
            fields["items"] = _anyhow(items, question.id)
        case MatchQuestion(pairs=pairs):
            fields["left"] = _anyhow([left for left, _ in pairs], question.id)
            fields["right"] = _anyhow([right for _, right in pairs], question.id + "/right")
    fields |= _drawn(question, needed.union(*(places.named(text) for text in seen)))
    lines = [f"{name} = {toml(value)}" for name, value in fields.items()]
    return "\n".join(["[[question]]", *lines, ""])


def _drawn(question: Question, needed: set[str]) -> dict[str, Any]:
    """The parameters, and of the definitions those that the shown texts need: others could be the way to the answer."""
    if not question.parameters:
        return {}
    define: dict[str, str] = {}
    for name, text in reversed(question.define.items()):
        if name in needed:
            define[name] = text
            needed |= expression.names(text)
    fields: dict[str, Any] = {"parameters": {n: _domain(p) for n, p in question.parameters.items()}}
    return fields | ({"define": dict(reversed(define.items()))} if define else {})


def _domain(parameter: Parameter) -> dict[str, Any]:
    numbers = [value for value in parameter.values if not isinstance(value, str)]
    steps = {round(numbers[i + 1] - numbers[i], 9) for i in range(len(numbers) - 1)}
    if len(parameter.values) == len(numbers) > 3 and len(steps) == 1:
        return {"from": numbers[0], "to": numbers[-1], "step": steps.pop()}
    return {"values": list(parameter.values)}


def _anyhow(entries: Iterable[Mapping[str, str]], salt: str) -> list[Mapping[str, str]]:
    """The entries in an order that depends on nothing but their own texts and the question's name."""
    return sorted(
        entries, key=lambda words: hashlib.sha256((salt + repr(sorted(words.items()))).encode()).digest()
    )


def toml(value: Any) -> str:
    """A plain value as TOML writes it."""
    if isinstance(value, dict):
        return "{ " + ", ".join(f"{key} = {toml(entry)}" for key, entry in value.items()) + " }"
    if isinstance(value, list) and value and isinstance(value[0], dict):
        return "[\n" + "".join(f"    {toml(entry)},\n" for entry in value) + "]"
    if isinstance(value, list):
        return "[" + ", ".join(toml(entry) for entry in value) + "]"
    if isinstance(value, str) and "\n" in value and "'''" not in value:
        return f"'''\n{value}\n'''"
    if isinstance(value, str):
        # A JSON string is a TOML basic string but for DEL, which no text holds.
        return json.dumps(value, ensure_ascii=False)
    if isinstance(value, bool):
        return "true" if value else "false"
    return repr(value)

"""A question as it was asked: drawn values filled in, sides shuffled, both languages, with the key. It goes to JSON and back."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from course import language
from course.language import ByLanguage, Words

FORMAT = 1

Answer = int | float | bool | str | list[int] | None
"""What a learner answers, None for nothing. Positions count from 1, as they are shown.

single, code: the choice's position; multiple: positions; true_false: a truth value; numeric: a number; text: a text;
order: the items' positions in the order meant; match: for every left side in turn the position of its right side.
"""


@dataclass(frozen=True)
class AskedChoice:
    """One choice as shown; `why` is empty for a right one."""

    words: Words
    correct: bool
    why: Words


@dataclass(frozen=True)
class AskedMistake:
    """A wrong value that is expected, and what to say about it."""

    value: int | float
    why: Words


@dataclass(frozen=True)
class Asked:
    """A concrete question. What its kind has no use for is empty. `key` is an answer that earns everything."""

    id: str
    day: str
    topic: str
    kind: str
    difficulty: int
    seed: int
    text: Words
    explanation: Words
    key: Answer
    code: str = ""
    values: dict[str, Any] = field(default_factory=dict)  # the parameters drawn
    picture: dict[str, Any] = field(default_factory=dict)  # what course.quizzes.picture draws
    choices: tuple[AskedChoice, ...] = ()  # single, code, multiple, and true_false: true, false
    unit: Words = field(default_factory=Words)
    absolute: float = 0.0  # numeric: right within the larger of absolute and relative * |key|
    relative: float = 0.0
    mistakes: tuple[AskedMistake, ...] = ()
    accept: ByLanguage[tuple[str, ...]] = field(default_factory=ByLanguage)  # text: forms by language
    items: tuple[Words, ...] = ()  # order: as shown
    left: tuple[Words, ...] = ()  # match: as shown
    right: tuple[Words, ...] = ()

    def to_json(self) -> dict[str, Any]:
        """A form JSON can hold: lists for tuples, nothing that is empty, and the format's number."""
        data = dataclasses.asdict(self)
        needed = ("id", "day", "topic", "kind", "difficulty", "seed", "text", "explanation", "key")
        return {"format": FORMAT} | {k: _listed(v) for k, v in data.items() if k in needed or v}

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Asked:
        """The inverse of to_json; raises TypeError or KeyError for anything else."""
        fields = {k: v for k, v in data.items() if k != "format"}
        for name in ("text", "explanation", "unit"):
            fields[name] = _words(data.get(name, {}))
        fields["choices"] = tuple(
            AskedChoice(**{**choice, "words": _words(choice["words"]), "why": _words(choice["why"])})
            for choice in data.get("choices", ())
        )
        fields["mistakes"] = tuple(
            AskedMistake(**{**mistake, "why": _words(mistake["why"])}) for mistake in data.get("mistakes", ())
        )
        fields["accept"] = ByLanguage({code: tuple(forms) for code, forms in data.get("accept", {}).items()})
        for name in ("items", "left", "right"):
            fields[name] = tuple(map(_words, data.get(name, ())))
        fields["picture"] = language.spoken(data.get("picture", {}))
        return cls(**fields)

    def shown(self, code: str) -> dict[str, Any]:
        """What a learner may see before answering, in one language: no key, no explanation, in a form JSON can hold."""
        data: dict[str, Any] = {
            "id": self.id, "day": self.day, "topic": self.topic, "kind": self.kind, "difficulty": self.difficulty,
            "seed": self.seed, "text": self.text[code],
        }  # fmt: skip
        sides = {
            "code": self.code,
            "picture": self.picture,
            "choices": [choice.words[code] for choice in self.choices],
            "unit": self.unit[code] if self.unit else "",
            "items": [item[code] for item in self.items],
            "left": [side[code] for side in self.left],
            "right": [side[code] for side in self.right],
        }
        return data | {name: value for name, value in sides.items() if value}


def _words(value: Any) -> Words:
    if not isinstance(value, dict):
        raise TypeError(f"{value!r} is no text by language")
    return Words(value)


def _listed(value: Any) -> Any:
    if isinstance(value, tuple | list):
        return [_listed(entry) for entry in value]
    if isinstance(value, dict):
        return {key: _listed(entry) for key, entry in value.items()}
    return value

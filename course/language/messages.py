"""What a check says, kept apart from the language it is said in, so that one stored result has a face in each."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from course import language

_MOST_RAISED = 1_000
_ESCAPES = re.compile(r"\x1b(?:\[[0-?]*[ -/]*[@-~]|\][^\x07\x1b]*(?:\x07|\x1b\\)|[@-Z\\-_])")
# Characters on which a terminal acts, line ends and tabs apart: C0, C1, and those that change the direction of writing.
ACTS = re.compile(
    r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]|\r(?!\n)"
)


def printable(text: str) -> str:
    """A text as a terminal would leave it: without colours and what was overwritten; other control characters escaped."""
    lines = _ESCAPES.sub("", text.replace("\r\n", "\n")).replace("\b", "").split("\n")
    kept = "\n".join(line.rstrip("\r").rpartition("\r")[2] for line in lines)
    return escaped(kept)


def escaped(text: str) -> str:
    """The text with the characters on which a terminal acts written as Python would."""
    return ACTS.sub(
        lambda match: f"\\x{ord(match[0]):02x}" if match[0] < "\xff" else f"\\u{ord(match[0]):04x}", text
    )


def _key(_slug: str, key: str, _language: str) -> str:
    return key


_sentence: Callable[[str, str, str], str] = _key


def sentences_from(find: Callable[[str, str, str], str]) -> None:
    """Whom to ask for a sentence of an exercise's text, by slug, key and language: course.content.texts, which knows them."""
    global _sentence
    _sentence = find


@dataclass(frozen=True)
class Message:
    """A sentence with places to fill: an English text of the program, or (with `exercise`) a key of that exercise's text."""

    id: str
    values: Mapping[str, Any] = field(default_factory=dict)
    exercise: str = ""

    def render(self, code: str | None = None) -> str:
        """The sentence in a language, the current one by default; control characters in its values are escaped."""
        code = code or language.current()
        values = {
            k: v.render(code) if isinstance(v, Message) else printable(str(v)) for k, v in self.values.items()
        }
        return language.fill(self._template(code), **values)

    def _template(self, code: str) -> str:
        if not self.exercise:
            return language.gettext(self.id, code)
        return _sentence(self.exercise, self.id, code)

    def to_json(self) -> dict[str, Any]:
        """A form JSON can hold."""
        values = {k: v.to_json() if isinstance(v, Message) else v for k, v in self.values.items()}
        return {"id": self.id, "values": values, "exercise": self.exercise}

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Message:
        """The inverse of to_json."""
        values = {k: cls.from_json(v) if isinstance(v, dict) else v for k, v in data["values"].items()}
        return cls(data["id"], values, data["exercise"])


def say(template: str, **values: Any) -> Message:
    """A message of the program itself; the template is the English text that translators see."""
    return Message(template, values)


def raised(error: BaseException) -> Message:
    """What the program or the machine failed with, as Python names it."""
    shown = f"{type(error).__name__}: {error}"[:_MOST_RAISED]
    return say("{error}", error=shown)


def marked(template: str) -> str:
    """The template itself: marks a text for translators that `say` gets as a variable."""
    return template

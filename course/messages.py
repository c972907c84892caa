"""What a check says, kept apart from the language it is said in, so that one stored result has a face in each."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from course import catalog, language, texts

_PLACE = re.compile(r"\{([a-z_]+)\}")


@dataclass(frozen=True)
class Message:
    """A sentence with places to fill: an English text of the program, or (with `exercise`) a key of that exercise's text."""

    id: str
    values: Mapping[str, Any] = field(default_factory=dict)
    exercise: str = ""

    def render(self, code: str | None = None) -> str:
        """The sentence in a language, the current one by default."""
        code = code or language.current()
        values = {k: v.render(code) if isinstance(v, Message) else str(v) for k, v in self.values.items()}
        return _PLACE.sub(lambda match: values.get(match[1], match[0]), self._template(code))

    def _template(self, code: str) -> str:
        if not self.exercise:
            return language.gettext(self.id, code)
        exercise = catalog.catalog().exercise(self.exercise)
        return texts.text(exercise, code).tests.get(self.id, self.id)

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


def marked(template: str) -> str:
    """The template itself: marks a text for translators that `say` gets as a variable."""
    return template

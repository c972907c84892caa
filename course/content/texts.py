"""The learner's text of an exercise: one Markdown file a language, split into its parts."""

from __future__ import annotations

import functools
import re
from dataclasses import dataclass
from pathlib import Path

from course.content.catalog import Exercise, catalog
from course.language import messages

_SECTIONS = ("Hints", "Explanation", "Tests")
_HINT = re.compile(r"^\d+\.\s+", re.MULTILINE)
_TEST = re.compile(r"^- ([a-z0-9_]+(?:/[a-z0-9_]+)?):\s*(.+(?:\n(?!- |\n).+)*)", re.MULTILINE)


class TextError(ValueError):
    """A text does not have the form described in docs/authoring.md."""


@dataclass(frozen=True)
class Text:
    """A title, the prompt, hints in steps, the explanation shown after passing, and what each test says."""

    title: str
    prompt: str
    hints: tuple[str, ...]
    explanation: str
    tests: dict[str, str]


def parse(source: str, path: Path) -> Text:
    """Split a text into its parts; raises TextError naming the file and the missing part."""
    parts = re.split(rf"^## ({'|'.join(_SECTIONS)})\s*$", source, flags=re.MULTILINE)
    title, _, prompt = parts[0].strip().partition("\n")
    sections = dict(zip(parts[1::2], parts[2::2], strict=True))
    for name in _SECTIONS:
        if not sections.get(name, "").strip():
            raise TextError(f"{path}: the section '## {name}' is missing or empty")
    if not title.startswith("# "):
        raise TextError(f"{path}: the first line is not a title ('# ...')")
    hints = tuple(part.strip() for part in _HINT.split(sections["Hints"])[1:])
    tests = {key: " ".join(text.split()) for key, text in _TEST.findall(sections["Tests"])}
    return Text(title[2:].strip(), prompt.strip(), hints, sections["Explanation"].strip(), tests)


@functools.cache
def text(exercise: Exercise, language: str) -> Text:
    """The text in a language, where there is none in it in the one that stands in."""
    path = exercise.written(language)
    return parse(path.read_text(encoding="utf-8"), path)


def title(exercise: Exercise, language: str) -> str:
    """The title alone: reads one line."""
    path = exercise.written(language)
    with path.open(encoding="utf-8") as lines:
        return lines.readline().removeprefix("# ").strip()


def _sentence(slug: str, key: str, language: str) -> str:
    return text(catalog().exercise(slug), language).tests.get(key, key)


messages.sentences_from(_sentence)

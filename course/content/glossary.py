"""The glossary of a course: the field's terms in every language, what they mean, and words that are not used for them."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from course.content import catalog
from course.language import Words

_NO_LANGUAGE = frozenset({"meaning", "avoid", "wrong"})


class GlossaryError(ValueError):
    """A glossary that does not read as one; the text names the file and the term."""


@dataclass(frozen=True)
class Term:
    """One thing and its one word by language; `avoid` are other words for it, `wrong` regular expressions for misuses."""

    words: Words
    meaning: Words
    avoid: dict[str, tuple[str, ...]] = field(default_factory=dict)
    wrong: dict[str, tuple[str, ...]] = field(default_factory=dict)

    def to_json(self) -> dict[str, Any]:
        """What `course glossary --json` prints of it."""
        avoid = {code: list(words) for code, words in self.avoid.items()}
        return {"term": self.words, "meaning": self.meaning, "avoid": avoid}


def path(folder: Path | None = None) -> Path:
    """Where a course's glossary is written."""
    return (folder or catalog.catalog().root) / "exercises" / "glossary.toml"


def load(folder: Path | None = None) -> list[Term]:
    """All terms in the file's order, none where a course has no glossary; raises GlossaryError."""
    file = path(folder)
    if not file.is_file():
        return []
    try:
        entries = tomllib.loads(file.read_text(encoding="utf-8"))["term"]
        return [_term(entry) for entry in entries]
    except (OSError, KeyError, TypeError, AttributeError, ValueError) as error:
        raise GlossaryError(f"{file}: {error!r}") from error


def find(terms: list[Term], wanted: str) -> list[Term]:
    """The terms that are called so, or should be; where none is, those in which it occurs, in any language."""
    word = wanted.casefold().strip()

    def names(term: Term) -> list[str]:
        avoided = [name for names in term.avoid.values() for name in names]
        return [name.casefold() for name in (*term.words.values(), *avoided)]

    exact = [term for term in terms if word in names(term)]
    return exact or [term for term in terms if any(word in name for name in names(term))]


def _term(entry: dict[str, Any]) -> Term:
    unknown = {key for key in entry if key not in _NO_LANGUAGE and not re.fullmatch("[a-z]{2,3}", key)}
    if unknown or not set(entry) - _NO_LANGUAGE:
        raise ValueError(f"{entry.get('en')}: unknown {sorted(unknown)}, or no term in any language")
    words = Words({code: str(entry[code]) for code in entry if code not in _NO_LANGUAGE})
    lists = [
        {code: tuple(map(str, words)) for code, words in entry.get(name, {}).items()}
        for name in ("avoid", "wrong")
    ]
    return Term(words, Words(entry["meaning"]), *lists)

"""Mutants that may live, each with its reason: in an exercise's variants file, and for all exercises in unpromised.toml beside.

An `equivalent` syntax mutant computes the same thing as the solution; an `unpromised` behaviour breaks nothing that a text
promises or a learner would expect.
"""

from __future__ import annotations

import fnmatch
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from course.content.catalog import Exercise
from course.dev import variants

KINDS = {"equivalent": "syntax", "unpromised": "behaviour"}


@dataclass
class Record:
    """Mutants of one kind (syntax, behaviour) that may live: an id, of behaviours also a pattern with * and ?."""

    kind: str
    mutant: str
    own: bool
    met: bool = False

    def covers(self, kind: str, mutant: str) -> bool:
        """Whether it speaks of this one."""
        if kind != self.kind:
            return False
        pattern = self.mutant.replace("[", "[[]")  # brackets stand for themselves
        return mutant == self.mutant or (kind == "behaviour" and fnmatch.fnmatchcase(mutant, pattern))


@dataclass
class Records:
    """What is recorded for one exercise, and what is out of order in the files."""

    entries: list[Record] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)

    def covers(self, kind: str, mutant: str) -> bool:
        """Whether a mutant may live."""
        return any(record.covers(kind, mutant) for record in self.entries)

    def lived(self, kind: str, mutant: str) -> None:
        """A mutant has lived, or was not tried as it may."""
        for record in self.entries:
            record.met = record.met or record.covers(kind, mutant)

    def unmet(self) -> Iterator[str]:
        """Those of the exercise's own that no survivor needed."""
        return (record.mutant for record in self.entries if record.own and not record.met)


def everywhere(root: Path) -> Path:
    """Where the records for all exercises are kept in a checkout."""
    return root / "tests" / "variants" / "unpromised.toml"


def load(exercise: Exercise) -> Records:
    """What is recorded for an exercise."""
    found = Records()
    for path in (everywhere(exercise.root), variants.path(exercise)):
        if path.is_file():
            _read(path, found, own=path == variants.path(exercise))
    return found


def _read(path: Path, found: Records, *, own: bool) -> None:
    try:
        data: dict[str, Any] = tomllib.loads(path.read_text(encoding="utf-8"))
    except tomllib.TOMLDecodeError as error:
        found.problems.append(f"{path}: {error}")
        return
    for table, kind in KINDS.items():
        for entry in data.get(table, []):
            if set(entry) != {"mutant", "reason"} or not entry["reason"].strip():
                found.problems.append(f"{path}: {entry}: needs a mutant and a reason")
            else:
                found.entries.append(Record(kind, entry["mutant"], own))

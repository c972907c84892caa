"""What a person gave, in a class's folder: each mark a file of its own, never changed, so that none is lost or half-written.

The newest of an item counts; taking a mark back is one, too. They are no part of a student's results, so no regrade touches them.
"""

from __future__ import annotations

import getpass
import json
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from course.system import files

FOLDER = "marks"
# Not an exercise: what is taken off for late work.
LATE = "late"


class MarkError(ValueError):
    """A file of marks that cannot be read; the text is its path."""


@dataclass(frozen=True)
class Mark:
    """Points of one item, or a note alone (points None), or the end of such a mark (`removed`).

    `machine` is what the graders had said then, None where they say nothing (a report), out of `most`.
    """

    item: str
    points: float | None
    note: str
    by: str
    at: str
    machine: float | None
    most: float
    removed: bool = False

    @property
    def time(self) -> datetime:
        """When it was given."""
        return datetime.fromisoformat(self.at)


def made(
    item: str,
    points: float | None,
    note: str,
    machine: float | None,
    most: float,
    *,
    by: str = "",
    removed: bool = False,
) -> Mark:
    """A mark given now, by whoever runs this where nobody is named."""
    return Mark(item, points, note, by or person(), datetime.now(UTC).isoformat(), machine, most, removed)


def person() -> str:
    """Whose account this is."""
    try:
        return getpass.getuser()
    except (OSError, KeyError, ImportError):
        return "?"


def add(folder: Path, mark: Mark) -> None:
    """Keep a mark in a student's folder of marks; raises OSError."""
    name = f"{mark.time:%Y%m%dT%H%M%S%f}-{secrets.token_hex(4)}.json"
    files.write(folder / name, json.dumps(asdict(mark), ensure_ascii=False, indent=1) + "\n", newline="\n")


def history(folder: Path) -> list[Mark]:
    """All marks of a student in their order; raises MarkError for a file that is none."""
    found = []
    for path in sorted(folder.glob("*.json")) if folder.is_dir() else ():
        try:
            found.append(_mark(json.loads(path.read_text(encoding="utf-8"))))
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise MarkError(str(path)) from error
    return sorted(found, key=lambda mark: mark.time)


def current(marks: Sequence[Mark]) -> dict[str, Mark]:
    """The mark of every item that has one."""
    last = {mark.item: mark for mark in marks}
    return {item: mark for item, mark in last.items() if not mark.removed}


def _mark(data: Mapping[str, Any]) -> Mark:
    points, machine = data["points"], data["machine"]
    mark = Mark(
        str(data["item"]),
        None if points is None else float(points),
        str(data["note"]),
        str(data["by"]),
        str(data["at"]),
        None if machine is None else float(machine),
        float(data["most"]),
        bool(data["removed"]),
    )
    if mark.time.tzinfo is None:
        raise ValueError("a time without a zone")
    return mark

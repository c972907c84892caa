"""The rubric of a report: the last table of an exercise's text, a row a criterion, a column a point."""

from __future__ import annotations

import re
from dataclasses import dataclass

_ROW = re.compile(r"^\|(.+)\|\s*$")
_LINE = re.compile(r"[\s|:-]+")


@dataclass(frozen=True)
class Criterion:
    """What is looked at, and what earns 1, 2, … points."""

    name: str
    levels: tuple[str, ...]

    @property
    def most(self) -> int:
        """The points of the last level."""
        return len(self.levels)


def criteria(prompt: str) -> tuple[Criterion, ...]:
    """The criteria of the last table in a text; none where there is no table."""
    tables: list[list[str]] = [[]]
    for line in prompt.splitlines():
        if _ROW.match(line):
            tables[-1].append(line)
        elif tables[-1]:
            tables.append([])
    rows = next((table for table in reversed(tables) if len(table) > 2), [])
    cells = [
        [cell.strip() for cell in row.strip().strip("|").split("|")]
        for row in rows[1:]
        if not _LINE.fullmatch(row)
    ]
    return tuple(Criterion(first, tuple(levels)) for first, *levels in cells if levels)

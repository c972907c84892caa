"""In which line of a TOML file a value stands. The standard library's reader does not say; it is asked again, line by line."""

from __future__ import annotations

import tomllib
from collections.abc import Sequence
from typing import Any

# What closes an array or an inline table that goes over several lines.
_ENDINGS = ("", "]", "}", "}]", "]}")

Path = Sequence[str | int]


def line(text: str, path: Path) -> int:
    """The first line (from 1) with which the file holds what lies at this path; of what it lacks, where the part above begins."""
    lines = text.splitlines()
    for known in range(len(path), 0, -1):
        for count in range(1, len(lines) + 1):
            if _holds(lines[:count], path[:known]):
                return count
    return 1


def _holds(lines: list[str], path: Path) -> bool:
    begun = "\n".join(lines)
    for ending in _ENDINGS:
        try:
            found: Any = tomllib.loads(f"{begun}\n{ending}" if ending else begun)
        except tomllib.TOMLDecodeError:
            continue
        try:
            for step in path:
                found = found[step]
        except (KeyError, IndexError, TypeError):
            return False
        return True
    return False

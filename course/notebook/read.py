"""From a notebook's code cells to what the graders get."""

from __future__ import annotations

import ast
import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from course.worker.cells import Cell, join

MOST_CHARACTERS = 2_000_000
_EXERCISE = re.compile(r"^#\s*exercise:\s*(\w+)\s*$", re.MULTILINE)
_CELL_MAGIC = re.compile(r"^\s*%%(\w+)")
# The cell below one of these is Python all the same.
_PYTHON_CELLS = ("time", "timeit", "capture", "prun")
_MAGIC_WITH_PYTHON = re.compile(r"^(\s*)%(?:time|timeit|prun)\s+(?=[^\s-])")
_MAGIC = re.compile(r"^(\s*)(?:[\w., ]+=\s*)?[%!?].*|^(\s*)[^#]*\?\s*$")
_MOST_MAGICS = 50


class UnreadableNotebook(ValueError):
    """A file that is no notebook this program can read; the text says why."""


def read(path: Path) -> str:
    """A notebook's code cells as one text for the graders; raises UnreadableNotebook and OSError."""
    return text(path.read_bytes(), path.name)


def text(data: bytes, name: str) -> str:
    """The same from a notebook's bytes; `name` is for the error."""
    try:
        notebook = json.loads(data.decode("utf-8-sig"))
        if notebook["nbformat"] != 4:
            raise UnreadableNotebook(f"{name} is in an old format: open it in Jupyter and save it again")
        codes = [cell for cell in notebook["cells"] if cell["cell_type"] == "code"]
        cells = [
            made(f"cell {number}", _source(cell), _purpose(cell))
            for number, cell in enumerate(codes, start=1)
            if not _is_test(cell)
        ]
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        if isinstance(error, UnreadableNotebook):
            raise
        raise UnreadableNotebook(f"{name} cannot be read as a notebook: {error!r}") from error
    joined = join(cells)
    if len(joined) > MOST_CHARACTERS:
        raise UnreadableNotebook(f"the code in {name} is longer than {MOST_CHARACTERS} characters")
    return joined


def made(name: str, source: str, exercise: str = "") -> Cell:
    """A cell of plain Python. A comment line `# exercise: SLUG` says which exercise it is for."""
    marked = _EXERCISE.search(source)
    return Cell(name, marked[1] if marked else exercise, plain(source))


def plain(source: str) -> str:
    """A cell's source with IPython's magics, shell lines and questions made harmless; its lines keep their numbers."""
    lines = source.split("\n")
    first = next((place for place, line in enumerate(lines) if line.strip()), None)
    magic = _CELL_MAGIC.match(lines[first]) if first is not None else None
    if magic is not None and first is not None:
        if magic[1] not in _PYTHON_CELLS:
            return "\n" * (len(lines) - 1)
        lines[first] = ""
    # Only a line that Python itself stumbles over is taken for a magic: "%" may well continue an expression.
    for _ in range(_MOST_MAGICS):
        try:
            ast.parse("\n".join(lines))
        except SyntaxError as error:
            place = (error.lineno or 0) - 1
            harmless = _harmless(lines[place]) if 0 <= place < len(lines) else None
            if harmless is None:
                break
            lines[place] = harmless
        except (ValueError, RecursionError, MemoryError):
            break
        else:
            break
    return "\n".join(lines)


def _harmless(line: str) -> str | None:
    """The line without its magic, None where there is none."""
    with_python = _MAGIC_WITH_PYTHON.match(line)
    if with_python:
        return with_python[1] + line[with_python.end() :]
    magic = _MAGIC.match(line)
    return (magic[1] or magic[2] or "") + "pass" if magic else None


def _source(cell: Mapping[str, Any]) -> str:
    source = cell["source"]
    return source if isinstance(source, str) else "".join(source)


def _nbgrader(cell: Mapping[str, Any]) -> Mapping[str, Any]:
    found = (cell.get("metadata") or {}).get("nbgrader")
    return found if isinstance(found, dict) else {}


def _is_test(cell: Mapping[str, Any]) -> bool:
    """Whether nbgrader grades by this cell: it holds nothing of the learner's."""
    return bool(_nbgrader(cell).get("grade")) and not _nbgrader(cell).get("solution")


def _purpose(cell: Mapping[str, Any]) -> str:
    """The exercise that a cell built by `course nbgrader build` is for: its grade_id."""
    grade_id = _nbgrader(cell).get("grade_id", "")
    return grade_id if isinstance(grade_id, str) and re.fullmatch(r"\w+", grade_id, re.ASCII) else ""

"""From a notebook's code cells to what the graders get."""

from __future__ import annotations

import ast
import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from course.language.messages import marked, raised, say
from course.learner.subject import Unreadable, regular
from course.worker.cells import Cell, join

MOST_CHARACTERS = 1_000_000  # of code
MOST_BYTES = 100_000_000  # with pictures and all
_EXERCISE = re.compile(r"^#\s*exercise:\s*(\w+)\s*$", re.MULTILINE)
_CELL_MAGIC = re.compile(r"^\s*%%(\w+)")
# The cell below one of these is Python all the same.
_PYTHON_CELLS = ("time", "timeit", "capture", "prun")
# Cells that stay in the kernel, and lines that leave it.
_KERNEL_CELLS = (*_PYTHON_CELLS, "html", "HTML", "latex", "markdown", "javascript", "js", "svg")
_SHELL = re.compile(
    r"^(\s*)(?:[\w., ]+=\s*)?(?:!|%(?:pip|conda|mamba|micromamba|uv|system|sx|rm|rmdir|mv|cp)\b)"
)
_MAGIC_WITH_PYTHON = re.compile(r"^(\s*)%(?:time|timeit|prun)\s+(?=[^\s-])")
_MAGIC = re.compile(r"^(\s*)(?:[\w., ]+=\s*)?[%!?].*|^(\s*)[^#]*\?\s*$")
_MOST_MAGICS = 50
# So many characters of a cell are parsed in all while its magics are looked for.
_MOST_PARSED = 2_000_000


class UnreadableNotebook(Unreadable):
    """A file that is no notebook this program can read."""


def read(path: Path) -> str:
    """A notebook's code cells as one text for the graders; raises UnreadableNotebook."""
    try:
        return text(regular(path, MOST_BYTES), path.name)
    except OSError as error:
        reason = error.strerror or str(error)
        raise UnreadableNotebook(
            say("{name} cannot be read: {reason}", name=path.name, reason=reason)
        ) from error


def text(data: bytes, name: str) -> str:
    """The same from a notebook's bytes; `name` is for the error."""
    try:
        notebook = json.loads(data.decode("utf-8-sig"))
        if notebook["nbformat"] != 4:
            template = marked("{name} is in an old format: open it in Jupyter and save it again.")
            raise UnreadableNotebook(say(template, name=name))
        codes = [cell for cell in notebook["cells"] if cell["cell_type"] == "code"]
        if sum(len(_source(cell)) for cell in codes) > MOST_CHARACTERS:
            what = say(
                "The code in {name} is longer than {count} characters.", name=name, count=MOST_CHARACTERS
            )
            raise UnreadableNotebook(what)
        cells = [
            made(f"cell {number}", _source(cell), _purpose(cell))
            for number, cell in enumerate(codes, start=1)
            if not _is_test(cell)
        ]
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        if isinstance(error, UnreadableNotebook):
            raise
        what = say("{name} cannot be read as a notebook: {error}", name=name, error=raised(error))
        raise UnreadableNotebook(what) from error
    # Half a surrogate pair is no text: nothing could pass it on.
    return join(cells).encode("utf-8", "replace").decode("utf-8")


def made(name: str, source: str, exercise: str = "") -> Cell:
    """A cell of plain Python. A comment line `# exercise: SLUG` says which exercise it is for."""
    marked = _EXERCISE.search(source)
    return Cell(name, marked[1] if marked else exercise, plain(source))


def without_shell(source: str) -> str:
    """A cell's source as IPython takes it, with what it would give to the shell or to an installer as comments."""
    lines = source.split("\n")
    first = next((place for place, line in enumerate(lines) if line.strip()), None)
    magic = _CELL_MAGIC.match(lines[first]) if first is not None else None
    if magic is not None and magic[1] not in _KERNEL_CELLS:
        return "\n".join(f"# {line}" for line in lines)
    continued = False
    for place, line in enumerate(lines):
        shell = _SHELL.match(line)
        if continued:
            lines[place] = f"# {line}"
        elif shell is not None and _is_no_python(lines, place):
            lines[place] = f"{shell[1]}pass  # {line.strip()}"
        continued = (continued or shell is not None) and lines[place] != line and line.endswith("\\")
    return "\n".join(lines)


def _is_no_python(lines: list[str], place: int) -> bool:
    """Whether it is a line of the cell by itself, not one of a text over several lines."""
    above = plain("\n".join(lines[:place]))
    try:
        ast.parse(above + "\n")
    except SyntaxError as error:
        return "unterminated" not in str(error) and "never closed" not in str(error)
    except (ValueError, RecursionError, MemoryError):
        pass
    return True


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
    for _ in range(min(_MOST_MAGICS, 1 + _MOST_PARSED // max(len(source), 1))):
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

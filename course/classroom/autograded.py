"""A submitted notebook as nbgrader's formgrader and feedback get it: what was released, with the student's answers as text.

Nothing of it is run, and nothing of it can run in whoever looks at it: those pages show Markdown with its HTML. Only cells
of the assignment are cells of the assignment, as the gradebook knows them; metadata, raw cells and outputs are not taken over.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from typing import Any

Cell = dict[str, Any]

_MOST_CELLS = 2_000
_MIMES = ("image/png", "image/jpeg", "image/gif", "image/webp")
_BASE64 = re.compile(r"[A-Za-z0-9+/=\s]*")
# What begins a tag, a comment or a declaration; a space after the sign makes it text, in prose and in equations.
_TAG = re.compile(r"<(?=[A-Za-z/!?])")
_DESTINATION = re.compile(r"(?P<before>\]\(|\]:)(?P<destination>\s*<?\s*[^\s)>]*)")
_HARMLESS = re.compile(r"(?:https?://|mailto:|#)[^\\]*|[^:&\\]*", re.IGNORECASE)


def notebook(data: bytes, released: Any, outputs: Mapping[str, list[dict[str, Any]]]) -> dict[str, Any]:
    """The notebook of these bytes as JSON can hold it.

    Args:
        data: the submitted file.
        released: nbgrader's notebook of the assignment (nbgrader.api.Notebook).
        outputs: those of test cells, by cell.

    Raises:
        ValueError, KeyError, TypeError, AttributeError, RecursionError: it is none.
    """
    submitted = json.loads(data.decode("utf-8-sig"))
    known = _released(released)
    given: dict[str, Cell] = {}
    cells: list[Cell | str] = []
    for cell in submitted["cells"][:_MOST_CELLS]:
        name = _grade_id(cell)
        made = _text(cell)
        if name not in known:
            cells.append(made)
        else:
            if name in given:
                cells.remove(name)  # of several the last counts, as for nbgrader
            given[name] = made
            cells.append(name)
    _add_missing(cells, known)
    return {
        "cells": [
            cell if isinstance(cell, dict) else _own(known[cell], given.get(cell), outputs.get(cell, []))
            for cell in cells
        ],
        "metadata": {
            "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
            "language_info": {"name": "python"},
        },
        "nbformat": 4,
        "nbformat_minor": 4,
    }


def harmless(markdown: str, pictures: Iterable[str] = ()) -> str:
    """Markdown in which no HTML is left, and no link to anything but a page, one of its pictures or a place in it."""
    attached = {f"attachment:{name}" for name in pictures}
    text = _TAG.sub("< ", markdown)
    return _DESTINATION.sub(lambda match: _checked(match, attached), text)


def _checked(match: re.Match[str], attached: set[str]) -> str:
    destination = match["destination"].strip().lstrip("<").strip()
    kept = destination in attached or _HARMLESS.fullmatch(destination)
    return match[0] if kept else f"] {match['before'][1:]}{match['destination']}"


def _released(released: Any) -> dict[str, Cell]:
    """Of the assignment's cells, in order: what nbgrader's metadata says of each, and its source."""
    points = {cell.name: float(cell.max_score) for cell in released.grade_cells}
    tasks = {cell.name: float(cell.max_score) for cell in released.task_cells}
    solutions = {cell.name for cell in released.solution_cells}
    found = {}
    for source in released.source_cells:
        about: dict[str, Any] = {
            "cell_type": source.cell_type,
            "checksum": source.checksum,
            "grade": source.name in points,
            "grade_id": source.name,
            "locked": bool(source.locked),
            "schema_version": 3,
            "solution": source.name in solutions,
            "task": source.name in tasks,
        }
        if source.name in points or source.name in tasks:
            about["points"] = points.get(source.name, tasks.get(source.name))
        found[source.name] = {"about": about, "source": source.source or ""}
    return found


def _own(known: Cell, given: Cell | None, outputs: list[dict[str, Any]]) -> Cell:
    """A cell of the assignment: the released text where it is locked or missing, else the student's."""
    about = known["about"]
    keep = given is not None and not about["locked"]
    made = given if keep and given is not None else {"source": known["source"]}
    cell = {"cell_type": about["cell_type"], "metadata": {"nbgrader": about}, "source": made["source"]}
    if about["cell_type"] == "code":
        return {**cell, "execution_count": None, "outputs": outputs}
    if keep:
        cell["source"] = harmless(made["source"], made.get("attachments", ()))
        cell |= {"attachments": made["attachments"]} if "attachments" in made else {}
    return cell


def _add_missing(cells: list[Cell | str], known: Mapping[str, Cell]) -> None:
    """Put what is graded and was deleted back behind what stood before it."""
    names = list(known)
    for place, name in enumerate(names):
        about = known[name]["about"]
        if name in cells or not (about["grade"] or about["task"] or about["solution"]):
            continue
        before = next((earlier for earlier in reversed(names[:place]) if earlier in cells), None)
        cells.insert(cells.index(before) + 1 if before is not None else 0, name)


def _grade_id(cell: Any) -> str:
    metadata = cell.get("metadata")
    about = metadata.get("nbgrader") if isinstance(metadata, dict) else None
    name = about.get("grade_id") if isinstance(about, dict) else None
    return name if isinstance(name, str) else ""


def _text(cell: Mapping[str, Any]) -> Cell:
    """A student's cell as code or Markdown."""
    source = cell["source"]
    whole = source if isinstance(source, str) else "".join(source)
    text = whole.encode("utf-8", "replace").decode("utf-8")
    if cell["cell_type"] == "code":
        return {"cell_type": "code", "metadata": {}, "source": text, "execution_count": None, "outputs": []}
    pictures = dict(_pictures(cell.get("attachments")))
    made: Cell = {"cell_type": "markdown", "metadata": {}, "source": harmless(text, pictures)}
    return {**made, "attachments": pictures} if pictures else made


def _pictures(attachments: Any) -> Iterable[tuple[str, dict[str, str]]]:
    for name, kinds in attachments.items() if isinstance(attachments, dict) else ():
        kept = {
            kind: data
            for kind, data in (kinds.items() if isinstance(kinds, dict) else ())
            if kind in _MIMES and isinstance(data, str) and _BASE64.fullmatch(data)
        }
        if kept and re.fullmatch(r"[\w. -]+", name):
            yield name, kept

"""The written reports in a notebook: text of the cells that a person grades."""

from __future__ import annotations

import json
from collections.abc import Iterable

from course import language
from course.language import gettext as _
from course.language.messages import marked
from course.term import gradedcells

HERE = marked("Write your report here.")
_STUBS = ("YOUR ANSWER HERE",)
_MOST = 100_000


def is_written(text: str) -> bool:
    """Whether somebody wrote more than what stood there."""
    stubs = {*_STUBS, *(_(HERE, code) for code in language.languages())}
    return bool(text.strip()) and text.strip() not in stubs


def reports(data: bytes, slugs: Iterable[str]) -> dict[str, str]:
    """By exercise the report in a notebook's bytes; one that nobody wrote is left out, and so is all of what is no notebook."""
    wanted = {gradedcells.report(slug): slug for slug in slugs}
    try:
        cells = json.loads(data.decode("utf-8-sig"))["cells"]
        named = [(_grade_id(cell), cell) for cell in cells if cell["cell_type"] == "markdown"]
        texts = {name: _source(cell)[:_MOST] for name, cell in named if name in wanted}
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return {}
    return {wanted[name]: text for name, text in texts.items() if is_written(text)}


def _grade_id(cell: dict[str, object]) -> str:
    metadata = cell.get("metadata")
    about = metadata.get("nbgrader") if isinstance(metadata, dict) else None
    name = about.get("grade_id") if isinstance(about, dict) else None
    return name if isinstance(name, str) else ""


def _source(cell: dict[str, object]) -> str:
    source = cell["source"]
    whole = (
        source if isinstance(source, str) else "".join(map(str, source if isinstance(source, list) else []))
    )
    return whole.encode("utf-8", "replace").decode("utf-8")

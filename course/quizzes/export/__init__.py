"""The quiz for other programs: one module a format, each a function `write(items, title)`."""

from __future__ import annotations

import importlib
from collections.abc import Sequence

from course.quizzes.export.item import Export, Item

FORMATS = {
    "moodle-xml": "moodle",
    "gift": "gift",
    "qti12": "qti12",
    "qti21": "qti21",
    "jupyterquiz": "jupyterquiz",
    "csv": "table",
}
ZIPPED = ("qti12", "qti21")


def export(items: Sequence[Item], to: str, title: str) -> Export:
    """The questions in one of the FORMATS: the file's bytes, and what it cannot keep."""
    written = importlib.import_module(f"course.quizzes.export.{FORMATS[to]}").write(items, title)
    assert isinstance(written, Export)
    return written

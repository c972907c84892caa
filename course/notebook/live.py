"""Checks inside a notebook: of what its cells have defined so far, saved or not."""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterable
from typing import Any

from course import checking
from course.checking import protection
from course.content.catalog import Exercise, catalog
from course.learner import notebooks as read
from course.learner.store.recorder import Recorder
from course.learner.subject import Subject
from course.results import Report
from course.worker import cells

NAME = "notebook"


def shell() -> Any:
    """IPython's shell where this is a notebook's kernel, else None."""
    if "IPython" not in sys.modules:
        return None
    from IPython import get_ipython

    found = get_ipython()
    return found if hasattr(found, "kernel") else None


def show_reports() -> None:
    """Let the notebook show a report as a page; any number of times."""
    shell().display_formatter.formatters["text/html"].for_type(Report, _page)


def _page(report: Report) -> str:
    from course.html import result

    return result.standalone(report, protection.note(report.lacking))


def source() -> str:
    """The cells run so far, in that order, as one text for the graders.

    Cells that only ask this program for something are left out: asking twice is to find the same text.
    """
    entered = shell().history_manager.input_hist_raw
    made = (read.made(f"In [{number}]", entry) for number, entry in enumerate(entered) if number)
    return cells.join(cell for cell in made if not _only_asks(cell.source))


def _only_asks(source: str) -> bool:
    try:
        statements = ast.parse(source).body
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return False
    return all(_asks(statement) for statement in statements)


def _asks(statement: ast.stmt) -> bool:
    match statement:
        case ast.Pass():
            return True
        case ast.Import(names=[ast.alias(name=name)]) | ast.ImportFrom(module=str(name)):
            return name.partition(".")[0] == "course"
        case ast.Expr(ast.Call(func=ast.Attribute(value=ast.Name(id="course" | "graded")))):
            return True
    return False


def subjects(exercises: Iterable[Exercise]) -> list[Subject]:
    """What the cells run so far offer for these exercises."""
    text = source()
    return [Subject(exercise, NAME, text) for exercise in exercises]


def check(names: Iterable[str], *, seed: int | None = None, fresh: bool = False) -> Report:
    """Grade exercises of this notebook; without a name all of which it defines something.

    Raises:
        course.content.catalog.UnknownName: a name is neither a day nor an exercise.
    """
    found = subjects(catalog().select(names))
    if not tuple(names):
        found = [subject for subject in found if not subject.untouched]
    return checking.check_subjects(found, NAME, seed=seed, fresh=fresh, recorder=Recorder("notebook"))

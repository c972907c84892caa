"""Writes what a class's folder shows: feedback, tables, the class's page, messages. All of it can be made again."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from course.classroom import changes, ledger, pages, table
from course.classroom.changes import Change
from course.classroom.folder import ClassFolder, Graded
from course.classroom.ledger import Ledger
from course.system import files
from course.term.term import Term


def write_feedback(folder: ClassFolder, graded: Graded, term: Term | None) -> None:
    """A student's page."""
    folder.write(pages.feedback_name(graded.student.id), pages.feedback(ledger.row(folder, graded, term)))


def write(folder: ClassFolder, class_: Ledger, changed: list[Change], now: datetime) -> list[Path]:
    """Everybody's feedback, tables, the class's page; a message for those whose points changed. The paths to tell."""
    for row in class_.rows:
        folder.write(pages.feedback_name(row.student.id), pages.feedback(row))
    told = [
        folder.write(table.NAME, table.grades(class_)),
        folder.write(pages.SUMMARY, pages.summary(class_)),
    ]
    folder.write(table.ITEMS, table.items([graded for row in class_.rows for graded in row.graded]))
    for change in changed:
        folder.write(changes.message_name(change, now), changes.message(change, now))
    if changed:
        folder.write(changes.TABLE, changes.table(changed))
    folder.write(folder.told.name, changes.snapshot(class_))
    return told


def write_term(out: Path, class_: Ledger) -> Path:
    """The table of a whole term."""
    path = out / table.NAME
    files.write(path, table.term(class_), newline="")
    return path

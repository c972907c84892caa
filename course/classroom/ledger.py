"""A class's accounts: its results, its term and what people gave, put together whenever somebody looks."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from course import language
from course.classroom import account, marks
from course.classroom.account import Account
from course.classroom.folder import ClassFolder, Graded, NotAClassFolder
from course.classroom.marks import Mark
from course.content.catalog import catalog
from course.language.messages import Message, marked
from course.term import read
from course.term.roster import Student
from course.term.term import Assignment, Exceptions, Term, Work


@dataclass(frozen=True)
class Row:
    """One student: results, the account of every assignment, and all marks that people gave."""

    student: Student
    graded: tuple[Graded, ...]
    accounts: tuple[Account, ...]
    marks: tuple[Mark, ...] = ()
    language: str = ""

    @property
    def handed_in(self) -> bool:
        """Whether there is any work."""
        return any(graded.handed_in for graded in self.graded)

    @property
    def total(self) -> float | None:
        """The points of all assignments that have some, None where one of them could not be graded."""
        known = [each.total for each in self.accounts]
        unsettled = [
            each for each in self.accounts if each.total is None and each.standing in ("handed in", "absent")
        ]
        return (
            None
            if unsettled or all(each is None for each in known)
            else account.total(each or 0.0 for each in known)
        )

    @property
    def most(self) -> float:
        """What all of it is worth."""
        return account.total(each.most for each in self.accounts)

    @property
    def standing(self) -> str:
        """How it stands with the assignments, where all agree; else that something was handed in."""
        found = {each.standing for each in self.accounts}
        return found.pop() if len(found) == 1 else "handed in"

    @property
    def problems(self) -> tuple[Message, ...]:
        """What could not be read or graded, and what a total is without."""
        told = [problem for graded in self.graded for problem in graded.problems]
        return (*told, *(message for each in self.accounts for message in each.left_out))


@dataclass(frozen=True)
class Ledger:
    """A class: its assignments and a row for every student. `term` is None where none is in use."""

    assignments: tuple[Assignment, ...]
    rows: tuple[Row, ...]
    term: Term | None = None

    def row(self, student: str) -> Row:
        """A student's row; raises LookupError."""
        for row in self.rows:
            if row.student.id == student:
                return row
        raise LookupError(student)


def of(
    folder: ClassFolder, class_: Sequence[Graded], known: Term | None, now: datetime | None = None
) -> Ledger:
    """The ledger of a graded class, with the term it was graded by; raises course.classroom.marks.MarkError."""
    assignments = _assignments(folder, known)
    rows = [_row(folder, graded, assignments, known, now) for graded in class_]
    return Ledger(assignments, tuple(rows), known)


def row(folder: ClassFolder, graded: Graded, known: Term | None, now: datetime | None = None) -> Row:
    """One student's row of it."""
    return _row(folder, graded, _assignments(folder, known), known, now)


def open_(path: Path, now: datetime | None = None) -> Ledger:
    """The ledger of a folder that `course grade` wrote, of one assignment or of a whole term.

    Raises:
        NotAClassFolder, course.term.read.TermError, course.classroom.marks.MarkError.
    """
    parts = [of(each, each.all(), term_of(each), now) for each in folders(path)]
    return parts[0] if len(parts) == 1 else _joined(parts)


def folders(path: Path) -> list[ClassFolder]:
    """The class folder that this is, or those of a term's assignments in it; the course of the term is in use from now on.

    Raises NotAClassFolder, course.term.read.TermError.
    """
    below = [child for child in sorted(path.iterdir()) if child.is_dir()] if path.is_dir() else []
    term = next(filter(None, map(ClassFolder.term_of, (path, *below))), None)
    if term is not None:
        read.use_course(term)
    try:
        return [ClassFolder.open(path)]
    except NotAClassFolder:
        found = [each for each in map(_opened, below) if each is not None and each.assignment]
        if not found:
            raise
        known = term_of(found[0])
        names = [assignment.name for assignment in known.assignments] if known is not None else []
        return sorted(
            found, key=lambda each: names.index(each.assignment) if each.assignment in names else len(names)
        )


def term_of(folder: ClassFolder) -> Term | None:
    """The term that a class was graded by, as its file is now; raises course.term.read.TermError."""
    return read.read(folder.path / folder.term) if folder.term else None


def total(row: Row, term: Term | None) -> tuple[float | None, float, list[str]]:
    """A student's points in the term, what they are out of, and the assignments that do not count as the weakest."""
    known = [each for each in row.accounts if each.total is not None and each.most]
    drop = min(term.drop_lowest if term is not None else 0, max(0, len(known) - 1))
    weakest = sorted(known, key=lambda each: (each.total or 0.0) / each.most)[:drop]
    counted = [each for each in known if each not in weakest]
    points = account.total(each.total or 0.0 for each in counted) if counted else None
    return points, account.total(each.most for each in counted), [each.assignment for each in weakest]


def _opened(path: Path) -> ClassFolder | None:
    try:
        return ClassFolder.open(path)
    except NotAClassFolder:
        return None


def _assignments(folder: ClassFolder, known: Term | None) -> tuple[Assignment, ...]:
    if folder.assignment and known is not None:
        try:
            return (known.assignment(folder.assignment),)
        except LookupError as error:
            names = ", ".join(each.name for each in known.assignments)
            problem = Message(_GONE, {"name": folder.assignment, "known": names})
            raise read.TermError(known.path, [(0, problem)]) from error
    days = [
        day for day in catalog().days if any(exercise.slug in folder.exercises for exercise in day.exercises)
    ]
    return tuple(
        Assignment(
            day.slug,
            tuple(Work(exercise) for exercise in day.exercises if exercise.slug in folder.exercises),
            titles=day.titles,
        )
        for day in days
    )


def _row(
    folder: ClassFolder,
    graded: Graded,
    assignments: Sequence[Assignment],
    known: Term | None,
    now: datetime | None,
) -> Row:
    student = graded.student.id
    own = known.of(student) if known is not None else Exceptions()
    history = marks.history(folder.marks(student))
    current = marks.current(history)
    zone = known.zone if known is not None else None
    accounts = tuple(account.account(graded, each, own, current, zone=zone, now=now) for each in assignments)
    code = known.language_of(student) if known is not None else ""
    return Row(graded.student, (graded,), accounts, tuple(history), code or language.current())


def _joined(parts: Sequence[Ledger]) -> Ledger:
    """Several assignments of one term as one ledger; who is missing in one has no account there."""
    rows: dict[str, Row] = {}
    for part in parts:
        for each in part.rows:
            before = rows.get(each.student.id)
            if before is None:
                rows[each.student.id] = each
            else:
                rows[each.student.id] = replace(
                    before,
                    graded=(*before.graded, *each.graded),
                    accounts=(*before.accounts, *each.accounts),
                    marks=(*before.marks, *each.marks),
                )
    assignments = tuple(assignment for part in parts for assignment in part.assignments)
    return Ledger(assignments, tuple(rows[student] for student in sorted(rows)), parts[0].term)


_GONE = marked("{name} was graded, and is no assignment of this file any more. Known are: {known}.")

"""A person marks: finds whose and what is meant, keeps the mark, and writes anew what shows it."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from course.classroom import account, ledger, marks, written
from course.classroom.account import Account
from course.classroom.folder import ClassFolder
from course.classroom.ledger import Row
from course.classroom.marks import LATE, Mark
from course.language.messages import Message, marked, say
from course.term import gradedcells


class NotMarked(ValueError):
    """A mark that cannot be given; `reason` says why and what to do."""

    def __init__(self, reason: Message) -> None:
        super().__init__(reason.render("en"))
        self.reason = reason


@dataclass(frozen=True)
class Given:
    """A mark that was kept: whose, of which assignment, and the account before and after."""

    row: Row
    mark: Mark
    before: Account
    after: Account


_NOBODY = marked("There is no student {name} in {folder}.")
_NOBODY_NEAR = marked("There is no student {name} in {folder}. Did you mean {near}?")
_NO_ITEM = marked("{name} is nothing that {student} has points for. There is {known}.")


def students(folders: Iterable[ClassFolder]) -> list[str]:
    """The ids of all students of these folders."""
    return sorted({student for folder in folders for student in folder.students})


def find_student(path: Path, folders: Sequence[ClassFolder], name: str) -> str:
    """The id of a student named by id or by name; raises NotMarked."""
    known = students(folders)
    if name in known:
        return name
    called = [
        student
        for student in known
        if any(
            graded.student.name == name
            for graded in (folder.load(student) for folder in folders)
            if graded is not None
        )
    ]
    if len(called) == 1:
        return called[0]
    near = difflib.get_close_matches(name, known, n=3, cutoff=0.5)
    text = _NOBODY_NEAR if near else _NOBODY
    raise NotMarked(say(text, name=name, folder=path, near=", ".join(near)))


def give(
    path: Path,
    student: str,
    item: str,
    *,
    points: float | None = None,
    note: str = "",
    by: str = "",
    remove: bool = False,
) -> Given:
    """Keep a mark for a student's item in the folder of grades, and write anew what shows it.

    Raises:
        NotMarked, course.classroom.folder.NotAClassFolder, course.term.read.TermError, course.classroom.marks.MarkError, OSError.
    """
    folders = ledger.folders(path)
    who = find_student(path, folders, student)
    folder, row, before, name = _meant(folders, who, item)
    machine, most = _machine(before, name)
    held = marks.current(row.marks).get(name)
    if remove and held is None:
        raise NotMarked(
            say("{student} has no mark for {item} that could be taken back.", student=who, item=name)
        )
    if points is not None and not (0 <= points <= most and round(points, 2) == points):
        text = say("{points} points do not fit: {item} takes 0 to {most}, with at most two decimals.",
                   points=points, item=name, most=account.shown(most))  # fmt: skip
        raise NotMarked(text)
    if points is None and held is not None and not remove:
        points = held.points  # a note alone leaves the points as they are
    mark = marks.made(
        name, None if remove else points, "" if remove else note, machine, most, by=by, removed=remove
    )
    marks.add(folder.marks(who), mark)
    term = ledger.term_of(folder)
    written.write(folder, ledger.of(folder, folder.all(), term), [], datetime.now().astimezone())
    if term is not None:
        written.write_term(folder.path.parent, ledger.open_(folder.path.parent))
    whole = ledger.of(folder, folder.all(), term).row(who)
    after = next(each for each in whole.accounts if each.assignment == before.assignment)
    return Given(whole, mark, before, after)


def _meant(folders: Sequence[ClassFolder], student: str, item: str) -> tuple[ClassFolder, Row, Account, str]:
    """The folder, the student's row, the account and the item's own name."""
    found: list[tuple[ClassFolder, Row, Account, str]] = []
    known: list[str] = []
    for folder in folders:
        graded = folder.load(student)
        if graded is None or student not in folder.students:
            continue
        row = ledger.row(folder, graded, ledger.term_of(folder))
        for own in row.accounts:
            here = [each.name for each in own.items] + ([LATE] if folder.term else [])
            known += here
            quiz = gradedcells.question(item)
            found += [(folder, row, own, name) for name in here if name in (item, quiz)]
    if not found:
        listed = ", ".join(dict.fromkeys(known))
        raise NotMarked(say(_NO_ITEM, name=item, student=student, known=listed))
    if len(found) > 1:
        names = ", ".join(str(folder.path) for folder, *_rest in found)
        raise NotMarked(
            say("{item} is in several folders: name one with --in ({folders}).", item=item, folders=names)
        )
    return found[0]


def _machine(own: Account, item: str) -> tuple[float | None, float]:
    """What the graders say of an item, and what it is out of."""
    if item == LATE:
        return account.total(each.penalty for each in own.items if each.counts), own.most
    found = own.item(item)
    return found.machine, found.most

"""The grades as other programs import them. Exact headers matter: each format is the one its importer looks for.

Canvas finds a student by ID, else by the SIS columns, and the points possible in a line of their own below the header.
Moodle's offline grading worksheet must come back with its Identifier, Grade and "Last modified (grade)" columns; without a
worksheet, a table for Moodle's general grade import is written. nbgrader's is what `nbgrader export` writes.

In all of them an empty cell is what has no points: nothing handed in, exempt, not due yet, not graded.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from course.classroom import account, ledger
from course.classroom.account import Account
from course.classroom.ledger import Ledger, Row
from course.classroom.table import written
from course.term import term
from course.term.roster import Roster, Student

_WORKSHEET = ("Identifier", "식별자")
_GRADE = ("Grade", "성적", "평점")
_MAXIMUM = ("Maximum Grade", "Maximum grade", "최고 성적", "최대 성적")
_COMMENTS = ("Feedback comments", "피드백 댓글")

Rows = list[list[object]]


def grades(class_: Ledger, to: str, roster: Roster) -> str:
    """The table for one of FORMATS; a roster's students take the place of those found when grading."""
    students = {student.id: student for student in roster.students}
    return written(
        FORMATS[to](class_, [(students.get(row.student.id, row.student), row) for row in class_.rows])
    )


Class = list[tuple[Student, Row]]


def _csv(_class: Ledger, rows_: Class) -> Rows:
    rows: Rows = [["student", "name", "email", "day", "exercise", "status", "points", "max_points", "seed",
                   "assignment", "kind", "graders", "late", "marked_by", "note"]]  # fmt: skip
    for student, row in rows_:
        results = {
            result.slug: (result, graded.report.seed)
            for graded in row.graded
            for result in graded.report.exercises
        }
        for own in row.accounts:
            for item in own.items:
                result, seed = results.get(item.name, (None, ""))
                status = "exempt" if item.exempt else result.status if result is not None else own.standing
                absent = own.standing != "handed in" and not item.overridden
                points = None if item.exempt or absent else item.points
                by, note = (item.mark.by, item.mark.note) if item.mark is not None else ("", "")
                rows.append([student.id, student.name, student.email, result.day if result is not None else "", item.name,
                             status, account.number(points), account.number(item.most), seed, own.assignment, item.kind,
                             account.number(item.machine), account.number(item.penalty), by, note])  # fmt: skip
    return rows


def _canvas(class_: Ledger, rows_: Class) -> Rows:
    names = _names(class_)
    columns = ("SIS User ID", "SIS Login ID", "Section")
    rows: Rows = [["Student", "ID", *columns, *names]]
    most = [
        max((own.most for row in class_.rows for own in row.accounts if own.assignment == name), default=0)
        for name in names
    ]
    rows.append(["    Points Possible", "", "", "", "", *map(account.number, most)])
    for student, row in rows_:
        listed = student.columns
        known = [listed.get(column, "") for column in columns]
        if not any(known[:2]):
            known[1] = student.id
        name = listed.get("Student") or student.name or student.id
        rows.append([name, student.platform_id, *known, *_totals(row, names)])
    return rows


def _moodle(class_: Ledger, rows_: Class) -> Rows:
    header = next((list(student.columns) for student, _row in rows_ if student.columns), [])
    worksheet = _first(header, _WORKSHEET) and _first(header, _GRADE)
    names = _names(class_)
    rows: Rows = [list[object](header) if worksheet else ["ID number", "Email address", "Full name", *names]]
    for student, row in rows_:
        if not worksheet:
            rows.append([student.id, student.email, student.name, *_totals(row, names)])
        elif student.columns:
            rows.append(list(_worksheet(class_, student, row).values()))
    return rows


def _worksheet(class_: Ledger, student: Student, row: Row) -> Mapping[str, object]:
    """The student's line of the worksheet with the grade on the worksheet's own scale; without points it stays empty."""
    filled: dict[str, object] = dict(student.columns)
    points, own, _weakest = ledger.total(row, class_.term)
    if points is not None and row.total is not None and any(own.exported is not None for own in row.accounts):
        most = _number(student.columns.get(_first(filled, _MAXIMUM), "")) or own
        filled[_first(filled, _GRADE)] = f"{most * points / (own or 1):.2f}"
        if _first(filled, _COMMENTS):
            lines = [_comment(own_) for own_ in row.accounts]
            filled[_first(filled, _COMMENTS)] = "<br>".join(line for line in lines if line)
    return filled


def _comment(own: Account) -> str:
    lines = [
        f"{item.name}: {account.shown(item.points)}/{account.shown(item.most)}"
        for item in own.items
        if not item.exempt
    ]
    if own.late:
        lines.append(f"late: -{account.shown(own.late)}")
    return "<br>".join(lines) if own.exported is not None else ""


def _nbgrader(class_: Ledger, rows_: Class) -> Rows:
    rows: Rows = [["assignment", "duedate", "timestamp", "student_id", "last_name", "first_name", "email",
                   "raw_score", "late_submission_penalty", "score", "max_score"]]  # fmt: skip
    zone = class_.term.zone if class_.term is not None else None
    for student, row in rows_:
        for assignment in class_.assignments:
            own = next((each for each in row.accounts if each.assignment == assignment.name), None)
            if own is None:
                continue
            points = own.exported
            raw: object = "" if points is None else float(round(points + own.late, 2))
            due = "" if class_.term is None else term.shown_due(assignment, class_.term.of(student.id), zone)
            rows.append([own.assignment, due, own.noted, student.id, student.last_name, student.first_name, student.email,
                         raw, own.late if points is not None else "",
                         "" if points is None else float(points), float(own.most)])  # fmt: skip
    return rows


FORMATS: Mapping[str, Callable[[Ledger, Class], Rows]] = {
    "canvas": _canvas,
    "moodle": _moodle,
    "csv": _csv,
    "nbgrader": _nbgrader,
}


def _names(class_: Ledger) -> list[str]:
    return [assignment.name for assignment in class_.assignments]


def _totals(row: Row, names: list[str]) -> list[object]:
    """A student's points by assignment, an empty cell where there are none."""
    known = {own.assignment: own.exported for own in row.accounts}
    return [account.number(known.get(name)) for name in names]


def _first(known: list[str] | Mapping[str, object], names: tuple[str, ...]) -> str:
    return next((name for name in names if name in known), "")


def _number(text: str) -> float:
    try:
        return float(text.replace(",", "."))
    except ValueError:
        return 0.0

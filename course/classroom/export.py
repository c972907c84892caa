"""The grades as other programs import them. Exact headers matter: each format is the one its importer looks for.

Canvas finds a student by ID, else by the SIS columns, and the points possible in a line of their own below the header.
Moodle's offline grading worksheet must come back with its Identifier, Grade and "Last modified (grade)" columns; without a
worksheet, a table for Moodle's general grade import is written. nbgrader's is what `nbgrader export` writes.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from course.classroom.folder import Graded
from course.classroom.roster import Roster, Student
from course.classroom.table import written
from course.results import ExerciseResult

_WORKSHEET = ("Identifier", "식별자")
_GRADE = ("Grade", "성적", "평점")
_MAXIMUM = ("Maximum Grade", "Maximum grade", "최고 성적", "최대 성적")
_COMMENTS = ("Feedback comments", "피드백 댓글")


def grades(class_: Sequence[Graded], to: str, roster: Roster) -> str:
    """The table for one of FORMATS; a roster's students take the place of those found when grading."""
    students = {student.id: student for student in roster.students}
    rows = FORMATS[to]([(students.get(graded.student.id, graded.student), graded) for graded in class_])
    return written(rows)


Rows = list[list[object]]
Class = Sequence[tuple[Student, Graded]]


def _csv(class_: Class) -> Rows:
    rows: Rows = [["student", "name", "email", "day", "exercise", "status", "points", "max_points", "seed"]]
    for student, graded in class_:
        for result in graded.report.exercises:
            rows.append([student.id, student.name, student.email, result.day, result.slug, result.status,
                         result.points, result.max_points, graded.report.seed])  # fmt: skip
    return rows


def _canvas(class_: Class) -> Rows:
    days = _days(class_)
    columns = ("SIS User ID", "SIS Login ID", "Section")
    rows: Rows = [["Student", "ID", *columns, *days]]
    most = [max(_points(graded, day)[1] for _student, graded in class_) for day in days]
    rows.append(["    Points Possible", "", "", "", "", *most])
    for student, graded in class_:
        row = student.columns
        known = [row.get(column, "") for column in columns]
        if not any(known[:2]):
            known[1] = student.id
        points = [_points(graded, day)[0] for day in days]
        rows.append([row.get("Student") or student.name or student.id, student.platform_id, *known, *points])
    return rows


def _moodle(class_: Class) -> Rows:
    header = next((list(student.columns) for student, _graded in class_ if student.columns), [])
    worksheet = _first(header, _WORKSHEET) and _first(header, _GRADE)
    days = _days(class_)
    rows: Rows = [list[object](header) if worksheet else ["ID number", "Email address", "Full name", *days]]
    for student, graded in class_:
        if not worksheet:
            points = [_points(graded, day)[0] for day in days]
            rows.append([student.id, student.email, student.name, *points])
        elif student.columns:
            rows.append(list(_worksheet(student, graded).values()))
    return rows


def _worksheet(student: Student, graded: Graded) -> Mapping[str, object]:
    """The student's line of the worksheet with the grade on the worksheet's own scale; an ungraded one stays empty."""
    row: dict[str, object] = dict(student.columns)
    if graded.handed_in and all(graded.keys):
        report = graded.report
        most = _number(student.columns.get(_first(row, _MAXIMUM), "")) or report.max_points
        row[_first(row, _GRADE)] = f"{most * report.points / max(report.max_points, 1):.2f}"
        if _first(row, _COMMENTS):
            lines = [f"{result.slug}: {result.points}/{result.max_points}" for result in report.exercises]
            row[_first(row, _COMMENTS)] = "<br>".join(lines)
    return row


def _nbgrader(class_: Class) -> Rows:
    rows: Rows = [["assignment", "duedate", "timestamp", "student_id", "last_name", "first_name", "email",
                   "raw_score", "late_submission_penalty", "score", "max_score"]]  # fmt: skip
    for student, graded in class_:
        for day in _days(class_):
            points, most = _points(graded, day)
            rows.append([day, "", graded.submitted, student.id, student.last_name, student.first_name, student.email,
                         float(points), 0.0, float(points), float(most)])  # fmt: skip
    return rows


FORMATS: Mapping[str, Callable[[Class], Rows]] = {
    "canvas": _canvas,
    "moodle": _moodle,
    "csv": _csv,
    "nbgrader": _nbgrader,
}


def _days(class_: Class) -> list[str]:
    return list(
        dict.fromkeys(result.day for _student, graded in class_ for result in graded.report.exercises)
    )


def _points(graded: Graded, day: str) -> tuple[int, int]:
    results: list[ExerciseResult] = [result for result in graded.report.exercises if result.day == day]
    return sum(result.points for result in results), sum(result.max_points for result in results)


def _first(known: Sequence[str] | Mapping[str, object], names: Sequence[str]) -> str:
    return next((name for name in names if name in known), "")


def _number(text: str) -> float:
    try:
        return float(text.replace(",", "."))
    except ValueError:
        return 0.0

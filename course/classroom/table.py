"""grades.csv: a line a student, the points of every exercise; opens in a spreadsheet with Hangul intact."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence

from course.classroom.folder import Graded

NAME = "grades.csv"
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def grades(class_: Sequence[Graded]) -> str:
    """The table. No times are in it: grading the same again gives the same bytes."""
    slugs = [result.slug for result in class_[0].report.exercises] if class_ else []
    rows: list[list[object]] = [
        ["student", "name", "email", "points", "max_points", *slugs, "handed_in", "problems"]
    ]
    for graded in class_:
        student, report = graded.student, graded.report
        problems = "; ".join(problem.render() for problem in graded.problems)
        rows.append(
            [
                *(_text(part) for part in (student.id, student.name, student.email)),
                report.points,
                report.max_points,
                *(result.points for result in report.exercises),
                "yes" if graded.handed_in else "no",
                _text(problems),
            ]
        )
    return "\ufeff" + written(rows)


def written(rows: Iterable[Iterable[object]]) -> str:
    """Rows as CSV."""
    text = io.StringIO()
    csv.writer(text, lineterminator="\r\n").writerows(rows)
    return text.getvalue()


def _text(value: str) -> str:
    # A spreadsheet must not run what a student put in a name.
    return f"'{value}" if value.startswith(_FORMULA) else value

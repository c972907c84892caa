"""A student's feedback and the class's summary: pages of one file each, with nothing to fetch and nothing to run."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby
from urllib.parse import quote

from markupsafe import Markup

from course import language, texts
from course.catalog import catalog
from course.classroom import statistics
from course.classroom.folder import Graded, file_name
from course.classroom.statistics import BINS, Success
from course.html import charts, result
from course.html.charts import Value
from course.html.document import document
from course.html.markdown import rendered
from course.language import gettext as _
from course.results import ExerciseResult, Report

SUMMARY = "summary.html"


def feedback_name(student: str) -> str:
    """Where in the class's folder a student's page lies."""
    return f"feedback/{file_name(student)}.html"


def feedback(graded: Graded) -> str:
    """A student's page in the language in use: results, messages, hints for what did not pass; hidden tests by title only."""
    exercises = graded.report.exercises
    days = [
        (_title(day), [result.exercise(each, hints=_hints(each)) for each in same])
        for day, same in groupby(exercises, key=lambda each: each.day)
    ]
    return document(
        "feedback.html", graded=graded, days=days, passed=_passed(graded.report), heading=_heading(exercises)
    )


def summary(class_: Sequence[Graded]) -> str:
    """The instructor's page on the class."""
    known = statistics.summary(class_)
    exercises = class_[0].report.exercises if class_ else ()
    code = language.current()
    step = 100 // BINS
    bins = [Value(f"{step * n}–{step * (n + 1)}", count) for n, count in enumerate(known.bins)]
    success = [Value(_name(each.slug), *_success(each)) for each in known.successes]
    return document(
        "class.html",
        class_=class_,
        summary=known,
        heading=_heading(exercises),
        seed=class_[0].report.seed if class_ else "",
        distribution=charts.histogram(bins, title=_("Distribution")),
        success=charts.bars(success, title=_("Exercises"), most=1),
        titles={each.slug: texts.text(catalog().exercise(each.slug), code).tests for each in exercises},
        missing=", ".join(graded.student.title for graded in known.missing),
        slowest=[(each, max(each.report.exercises, key=lambda one: one.seconds)) for each in known.slowest],
        students=[(each, _passed(each.report), quote(feedback_name(each.student.id))) for each in class_],
    )


def _hints(each: ExerciseResult) -> list[Markup]:
    if each.status == "passed":
        return []
    hints = texts.text(catalog().exercise(each.slug), language.current()).hints
    return [rendered(hint) for hint in hints]


def _passed(report: Report) -> int:
    return sum(each.status == "passed" for each in report.exercises)


def _heading(exercises: Sequence[ExerciseResult]) -> str:
    return ", ".join(_title(day) for day in dict.fromkeys(each.day for each in exercises))


def _title(day: str) -> str:
    found = next(each for each in catalog().days if each.slug == day)
    return f"{day} · {found.title(language.current())}"


def _name(slug: str) -> str:
    return f"{slug} · {texts.title(catalog().exercise(slug), language.current())}"


def _success(each: Success) -> tuple[float, str]:
    share = each.statuses["passed"] / max(each.statuses.total(), 1)
    return share, f"{share:.0%} · {each.mean:.1f}/{each.max_points}"

"""A student's feedback and the class's summary: pages of one file each, with nothing to fetch and nothing to run."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import groupby
from urllib.parse import quote

from markupsafe import Markup

from course import language
from course.classroom import account, marks, statistics
from course.classroom.account import Account, Item, Kind
from course.classroom.folder import Graded, file_name
from course.classroom.ledger import Ledger, Row
from course.classroom.marks import Mark
from course.classroom.statistics import BINS, Success
from course.content import texts
from course.content.catalog import catalog
from course.html import charts, result
from course.html.charts import Value
from course.html.document import document
from course.html.markdown import rendered
from course.language import gettext as _
from course.results import ExerciseResult
from course.term import gradedcells

SUMMARY = "summary.html"


def feedback_name(student: str) -> str:
    """Where in the class's folder a student's page lies."""
    return f"feedback/{file_name(student)}.html"


def feedback(row: Row) -> str:
    """A student's page in their language: how the points come about, results, messages, hints for what did not pass.

    Hidden tests are shown by title only.
    """
    with language.using(row.language or language.current()):
        exercises = [each for graded in row.graded for each in graded.report.exercises]
        pairs = [zip(graded.report.exercises, graded.files, strict=False) for graded in row.graded]
        files = {each.slug: file for both in pairs for each, file in both}
        days = [
            (
                _title(day),
                [(result.exercise(each, hints=_hints(each)), files.get(each.slug, "")) for each in same],
            )
            for day, same in groupby(exercises, key=lambda each: each.day)
        ]
        return document(
            "feedback.html",
            row=row,
            days=days,
            passed=_passed(exercises),
            count=len(exercises),
            heading=_heading([own.assignment for own in row.accounts]),
            accounts=[
                accounted(own) for own in row.accounts if own.changed_by_hand or own.late or _is_more(own)
            ],
            notes=[(item_name(mark.item), mark, when(mark)) for mark in marks.current(row.marks).values()],
            shown=account.shown,
        )


def _is_more(own: Account) -> bool:
    """Whether it holds more than the graders' points of code."""
    return own.standing == "exempt" or any(
        item.kind != "code" or item.machine != item.points for item in own.items
    )


@dataclass(frozen=True)
class Line:
    """An item as people read it: points by the graders, those that count, what they are out of, late work's loss, a word."""

    name: str
    machine: str
    points: str
    most: str
    late: str
    note: str


def accounted(own: Account) -> tuple[str, list[Line], list[tuple[str, str]]]:
    """An assignment's name, its items, and the figures that make up its total, in the language in use."""
    lines = [_line(item) for item in own.items]
    figures = [(_("Code"), own.of("code")), (_("Quiz"), own.of("quiz")), (_("Report"), own.of("report")),
               (_("By a person"), own.override), (_("Adjusted"), own.adjusted), (_("Late work"), -own.late)]  # fmt: skip
    kinds = {item.kind for item in own.items}
    needed = (True, "quiz" in kinds, "report" in kinds, own.override, own.adjusted, own.late)
    told = [
        (name, account.shown(points))
        for (name, points), wanted in zip(figures, needed, strict=True)
        if wanted
    ]
    return own.assignment, lines, told if own.total is not None else []


def _line(item: Item) -> Line:
    note = ""
    if item.exempt:
        note = _("exempt")
    elif item.dropped:
        note = _("weakest, does not count")
    elif item.points is None:
        note = _("waits for a person") if item.kind == "report" else _("not graded")
    elif item.mark is not None and item.mark.points is not None:
        note = _("given by {person}").format(person=item.mark.by)
    late = f"-{account.shown(item.penalty)}" if item.penalty and item.counts else ""
    machine = account.shown(item.machine) if item.kind != "report" else ""
    points = "" if item.exempt else account.shown(item.points)
    return Line(item_name(item.name), machine or "–", points or "–", account.shown(item.most), late, note)


def item_name(name: str) -> str:
    """What an item is called."""
    if name == marks.LATE:
        return _("late work")
    slugs = {exercise.slug: exercise for exercise in catalog()}
    for slug, exercise in slugs.items():
        if name == slug:
            return f"{texts.title(exercise, language.current())} ({slug})"
        if name == gradedcells.report(slug):
            return _("Report: {title}").format(title=texts.title(exercise, language.current()))
    return _("Quiz: {name}").format(name=name.removeprefix(gradedcells.question("")))


def when(mark: Mark) -> str:
    """The day of a mark."""
    return f"{mark.time.astimezone():%Y-%m-%d %H:%M}"


def summary(class_: Ledger) -> str:
    """The instructor's page on the class."""
    everybody = [graded for row in class_.rows for graded in row.graded]
    totals = [row.total for row in class_.rows]
    most = max((row.most for row in class_.rows), default=0)
    known = statistics.summary([_whole(row) for row in class_.rows], totals, most)
    exercises = everybody[0].report.exercises if everybody else ()
    code = language.current()
    step = 100 // BINS
    bins = [Value(f"{step * n}–{step * (n + 1)}", count) for n, count in enumerate(known.bins)]
    success = [Value(_name(each.slug), *_success(each)) for each in known.successes]
    return document(
        "class.html",
        rows=class_.rows,
        summary=known,
        heading=_heading([each.name for each in class_.assignments]),
        seed=everybody[0].report.seed if everybody else "",
        distribution=charts.histogram(bins, title=_("Distribution")),
        success=charts.bars(success, title=_("Exercises"), most=1),
        titles={each.slug: texts.text(catalog().exercise(each.slug), code).tests for each in exercises},
        missing=", ".join(graded.student.title for graded in known.missing),
        slowest=[(each, max(each.report.exercises, key=lambda one: one.seconds)) for each in known.slowest],
        students=[(row, _figures(row), quote(feedback_name(row.student.id))) for row in class_.rows],
        term=class_.term is not None,
        shown=account.shown,
    )


def _whole(row: Row) -> Graded:
    return row.graded[0]


def _figures(row: Row) -> list[str]:
    """Code, quiz, report, by a person, adjusted, late; exercises passed."""
    counted = [own for own in row.accounts if own.total is not None]
    kinds: tuple[Kind, ...] = ("code", "quiz", "report")
    sums = [account.total(own.of(kind) for own in counted) for kind in kinds]
    sums += [account.total(own.override for own in counted), account.total(own.adjusted for own in counted)]
    late = account.total(own.late for own in counted)
    exercises = [each for graded in row.graded for each in graded.report.exercises]
    passed = f"{_passed(exercises)}/{len(exercises)}"
    return [*(account.shown(points) if row.total is not None else "" for points in (*sums, -late)), passed]


def _hints(each: ExerciseResult) -> list[Markup]:
    if each.status == "passed":
        return []
    hints = texts.text(catalog().exercise(each.slug), language.current()).hints
    return [rendered(hint) for hint in hints]


def _passed(exercises: Iterable[ExerciseResult]) -> int:
    return sum(each.status == "passed" for each in exercises)


def _heading(assignments: Iterable[str]) -> str:
    """What the page is on: assignments, without a term days."""
    days = {day.slug for day in catalog().days}
    return ", ".join(_title(name) if name in days else name for name in assignments)


def _title(day: str) -> str:
    found = next(each for each in catalog().days if each.slug == day)
    return f"{day} · {found.title(language.current())}"


def _name(slug: str) -> str:
    return f"{slug} · {texts.title(catalog().exercise(slug), language.current())}"


def _success(each: Success) -> tuple[float, str]:
    share = each.statuses["passed"] / max(each.statuses.total(), 1)
    return share, f"{share:.0%} · {each.mean:.1f}/{each.max_points}"

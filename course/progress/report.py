"""A learner's progress to keep or hand on: an HTML file, an object for programs, a table of attempts."""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

from course import language
from course.content import texts
from course.html import charts
from course.html.charts import Svg, Value
from course.html.document import document
from course.language import gettext as _
from course.learner.store import attempts, database
from course.progress import activity, as_json, development, history, next_step, summary, wording
from course.progress.development import Struggle
from course.progress.summary import ExerciseProgress, Summary
from course.results import TestResult, status_word

LONGEST = 10
_WEEKS = 53
_TOGETHER = 8
_COLUMNS = ("checked", "day", "exercise", "how", "status", "points", "max_points", "seconds", "seed")


@dataclass(frozen=True)
class Progress:
    """What every form of the report shows."""

    summary: Summary
    by_day: Counter[date]
    struggles: Sequence[Struggle]


def load(now: datetime) -> Progress:
    """Read the learner's own store; raises StoreUnusable, NewerStore."""
    tests: Mapping[str, Sequence[TestResult]] = {}
    found = history.History()
    if database.path().exists():
        with database.opened() as connection:
            found = history.read(connection)
            tests = attempts.all_tests(connection)
    shown = summary.current(found, now)
    return Progress(shown, activity.by_day(found), development.struggles(shown, tests))


def page(progress: Progress) -> str:
    """One HTML file in the language in use, nothing to fetch."""
    found, code = progress.summary, language.current()
    points = [(day, float(held)) for day, held in development.points_by_day(found)]
    title = _("Checks and answers a day")
    return document(
        "progress.html",
        stand=found,
        calendar=charts.calendar(progress.by_day, last=found.today, title=title, language=code, weeks=_WEEKS),
        points=charts.line(points, title=_("Points over time")) if points else "",
        mastery=[(day, parts) for day in found.days if (parts := _mastery(found, day.slug))],
        begun=[
            (day, [each for each in day.exercises if each.attempts]) for day in found.days if day.attempts
        ],
        struggles=[(each, _test_title(each)) for each in progress.struggles[:LONGEST]],
        duration=wording.duration,
        status_word=status_word,
        title_of=lambda exercise: texts.title(exercise, code),
    )


def to_json(progress: Progress) -> dict[str, Any]:
    """The object `course report --json` prints: that of `course status --json` with the history."""
    found, code = progress.summary, language.current()
    return as_json.summary(found, next_step.next_step(found), code) | {
        "activity": [{"date": day.isoformat(), "count": n} for day, n in sorted(progress.by_day.items())],
        "points": [
            {"date": day.isoformat(), "points": held} for day, held in development.points_by_day(found)
        ],
        "history": [
            {name: _plain(value) for name, value in attempt._asdict().items()}
            for exercise in found.exercises
            for attempt in exercise.attempts
        ],
        "longest": [
            {
                "slug": each.exercise.exercise.slug,
                "test": each.test,
                "title": _test_title(each),
                "checks": each.checks,
                "seconds_spent": round(each.spent.total_seconds()),
                "solved": each.solved,
            }
            for each in progress.struggles[:LONGEST]
        ],
    }


def to_csv(progress: Progress) -> str:
    """A line an attempt, oldest first, times in UTC; one line of column names."""
    written = io.StringIO()
    table = csv.writer(written, lineterminator="\n")
    table.writerow(_COLUMNS)
    every = [attempt for exercise in progress.summary.exercises for attempt in exercise.attempts]
    for attempt in sorted(every, key=lambda each: (each.checked, each.id)):
        table.writerow([_plain(getattr(attempt, column)) for column in _COLUMNS])
    return written.getvalue()


def _plain(value: object) -> object:
    return value.astimezone(UTC).isoformat() if isinstance(value, datetime) else value


def _mastery(found: Summary, day: str) -> list[Svg]:
    """The quiz topics of a day that were asked about, a few a chart, so that a page can end between two."""
    rows = [
        Value(each.topic.title(language.current()), each.mastery, f"{each.mastery:.0%}")
        for each in found.topics
        if each.topic.day == day and each.mastery is not None
    ]
    title = _("Mastery by topic")
    return [charts.bars(rows[n : n + _TOGETHER], most=1, title=title) for n in range(0, len(rows), _TOGETHER)]


def _test_title(struggle: Struggle) -> str:
    exercise: ExerciseProgress = struggle.exercise
    return texts.text(exercise.exercise, language.current()).tests.get(struggle.test, struggle.test)

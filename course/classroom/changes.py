"""What grading again changes: the points as they were last told, kept beside the results, against those of now."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from course import language
from course.classroom import account
from course.classroom.folder import ClassFolder, file_name
from course.classroom.ledger import Ledger, Row
from course.language import gettext as _
from course.term.roster import Student

FORMAT = 1
TABLE = "changes.csv"
_FOLDER = "messages"

Told = Mapping[str, Mapping[str, Mapping[str, float | None]]]


@dataclass(frozen=True)
class Change:
    """A student's points of one assignment, before and after: the total, and every item that differs (None: no points)."""

    student: Student
    assignment: str
    before: float | None
    after: float | None
    most: float
    items: tuple[tuple[str, float | None, float | None], ...]
    language: str

    @property
    def difference(self) -> float:
        """By how much the total changes."""
        return round((self.after or 0.0) - (self.before or 0.0), 2)


def snapshot(class_: Ledger) -> str:
    """The points of a class as text, for `told`."""
    students = {row.student.id: {own.assignment: _points(own) for own in row.accounts} for row in class_.rows}
    return json.dumps({"format": FORMAT, "students": students}, ensure_ascii=False, indent=1)


def told(folder: ClassFolder) -> Told:
    """The points as they were last told; nothing where none were, or what is there cannot be read."""
    try:
        data = json.loads(folder.told.read_text(encoding="utf-8"))
        return dict(data["students"]) if data["format"] == FORMAT else {}
    except (OSError, ValueError, KeyError, TypeError):
        return {}


def compare(before: Told, class_: Ledger) -> list[Change]:
    """Whose points are others than they were told, in the class's order; who was told nothing is new, not changed."""
    return [change for row in class_.rows for change in _row(before.get(row.student.id, {}), row)]


def table(changes: list[Change]) -> str:
    """The changes as CSV, a line for each item and each total."""
    text = io.StringIO()
    rows = csv.writer(text, lineterminator="\r\n")
    rows.writerow(["student", "assignment", "item", "before", "after"])
    for change in changes:
        for name, was, now in (*change.items, ("total", change.before, change.after)):
            rows.writerow(
                [change.student.id, change.assignment, name, account.shown(was), account.shown(now)]
            )
    return "\ufeff" + text.getvalue()


def messages_name(now: datetime) -> str:
    """Where in the class's folder the messages of a regrade lie: apart from those of earlier ones, sent or not."""
    return f"{_FOLDER}/{now:%Y-%m-%d-%H%M%S}"


def message_name(change: Change, now: datetime) -> str:
    """Where a student's message lies there."""
    return f"{messages_name(now)}/{file_name(change.student.id)}.txt"


def message(change: Change, now: datetime) -> str:
    """A message for the student, in their language: what changed, from what to what."""
    with language.using(change.language or language.current()):
        lines = [
            _("{name},").format(name=change.student.name or change.student.id),
            "",
            _("{assignment} was graded again on {date}, and your points changed:").format(
                assignment=change.assignment, date=f"{now:%Y-%m-%d}"
            ),
            "",
            *(f"- {name}: {_shown(was)} → {_shown(is_)}" for name, was, is_ in change.items),
            _("- total: {before} → {after} of {most}").format(
                before=_shown(change.before), after=_shown(change.after), most=account.shown(change.most)
            ),
            "",
            _("What each of them rests on is on your feedback page."),
        ]
        return "\n".join(lines) + "\n"


def lines(changes: list[Change]) -> Iterator[str]:
    """The changes for a terminal, a student a line."""
    for change in changes:
        parts = [f"{name} {_shown(was)} → {_shown(now)}" for name, was, now in change.items]
        total = _("total {before} → {after} of {most}").format(
            before=_shown(change.before), after=_shown(change.after), most=account.shown(change.most)
        )
        yield f"{change.student.title}  {change.assignment}: {'; '.join([*parts, total])}"


def to_json(changes: list[Change]) -> list[dict[str, object]]:
    """The changes for programs."""
    return [
        {
            "student": change.student.id,
            "assignment": change.assignment,
            "before": change.before,
            "after": change.after,
            "max_points": change.most,
            "items": [{"item": name, "before": was, "after": now} for name, was, now in change.items],
        }
        for change in changes
    ]


def _shown(points: float | None) -> str:
    return account.shown(points) or "–"


def _points(own: account.Account) -> dict[str, float | None]:
    items: dict[str, float | None] = {item.name: None if item.exempt else item.points for item in own.items}
    return {**items, "late": own.late, "total": own.total}


def _row(before: Mapping[str, Mapping[str, float | None]], row: Row) -> Iterator[Change]:
    for own in row.accounts:
        was = before.get(own.assignment)
        if was is None:
            continue
        now = _points(own)
        names = [name for name in dict.fromkeys((*was, *now)) if name != "total"]
        items = [(name, was.get(name), now.get(name)) for name in names if (was.get(name) or None) != (now.get(name) or None)
                 or (was.get(name) is None) != (now.get(name) is None)]  # fmt: skip
        if items or was.get("total") != now["total"]:
            yield Change(
                row.student,
                own.assignment,
                was.get("total"),
                now["total"],
                own.most,
                tuple(items),
                row.language,
            )

"""Checks of the learner's own work: what each earned, and its tests with what they said."""

from __future__ import annotations

import json
import sqlite3
import uuid
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from operator import itemgetter
from typing import NamedTuple

from course.language.messages import Message
from course.learner.store.database import transaction
from course.results import ExerciseResult, Status, TestResult


class Attempt(NamedTuple):
    """One graded try at an exercise. `seconds` is what grading took, `how` the command: check, watch, python or notebook."""

    id: str  # a UUID: the same on every machine
    exercise: str
    day: str
    checked: datetime
    how: str
    status: Status
    points: int
    max_points: int
    seconds: float
    seed: int


FIELDS = "uuid, exercise, day, checked, how, status, points, max_points, seconds, seed"


def record(connection: sqlite3.Connection, result: ExerciseResult, seed: int, how: str) -> Attempt:
    """Write a result down, as checked now."""
    attempt = Attempt(
        uuid.uuid4().hex,
        result.slug,
        result.day,
        datetime.now(UTC),
        how,
        result.status,
        result.points,
        result.max_points,
        result.seconds,
        seed,
    )
    with transaction(connection):
        insert(connection, attempt, result.tests)
    return attempt


def insert(connection: sqlite3.Connection, attempt: Attempt, tests: Iterable[TestResult]) -> None:
    """Put an attempt in; to be called inside a transaction."""
    row = connection.execute(
        f"INSERT INTO attempt ({FIELDS}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",  # noqa: S608  fields are written above
        tuple({**attempt._asdict(), "checked": attempt.checked.isoformat()}.values()),
    ).lastrowid
    connection.executemany(
        "INSERT INTO attempt_test (attempt, position, name, status, points, max_points, hidden, message)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        [
            (row, position, t.name, t.status, t.points, t.max_points, t.hidden, _said(t))
            for position, t in enumerate(tests, start=1)
        ],
    )


def attempts(connection: sqlite3.Connection, exercise: str | None = None) -> list[Attempt]:
    """All attempts, or those at one exercise, oldest first."""
    condition, values = ("", ()) if exercise is None else ("WHERE exercise = ?", (exercise,))
    rows = connection.execute(
        f"SELECT {FIELDS} FROM attempt {condition}",  # noqa: S608  conditions are written above
        values,
    ).fetchall()
    rows.sort(key=itemgetter(3, 0))  # they are nearly so, which SQLite does not make use of
    read, made = datetime.fromisoformat, Attempt._make
    return [made((*row[:3], read(row[3]), *row[4:])) for row in rows]


def passed(connection: sqlite3.Connection) -> set[str]:
    """The exercises that have ever passed."""
    return {
        slug
        for (slug,) in connection.execute("SELECT DISTINCT exercise FROM attempt WHERE status = 'passed'")
    }


def tests(connection: sqlite3.Connection, attempt: Attempt) -> tuple[TestResult, ...]:
    """An attempt's tests, in the grader's order."""
    return tuple(test for _, test in _tests(connection, "WHERE uuid = ?", (attempt.id,)))


def all_tests(connection: sqlite3.Connection) -> dict[str, list[TestResult]]:
    """The tests of every attempt that has any, by the attempt's id."""
    found: dict[str, list[TestResult]] = {}
    for attempt, test in _tests(connection, "", ()):
        found.setdefault(attempt, []).append(test)
    return found


def result(connection: sqlite3.Connection, attempt: Attempt) -> ExerciseResult:
    """An attempt as the result it was."""
    return ExerciseResult(attempt.exercise, attempt.day, tests(connection, attempt), attempt.seconds)


def _tests(
    connection: sqlite3.Connection, condition: str, values: tuple[str, ...]
) -> Iterator[tuple[str, TestResult]]:
    rows = connection.execute(
        "SELECT uuid, name, attempt_test.status, attempt_test.points, attempt_test.max_points, hidden, message"  # noqa: S608
        f" FROM attempt_test JOIN attempt ON attempt.id = attempt {condition} ORDER BY attempt, position",
        values,
    )
    for uuid_, name, status, points, most, hidden, message in rows:
        said = tuple(Message.from_json(part) for part in json.loads(message))
        yield uuid_, TestResult(name, status, points, most, bool(hidden), said)


def _said(test: TestResult) -> str:
    # Escaped: a learner's text may hold what UTF-8 cannot.
    return json.dumps([part.to_json() for part in test.message])

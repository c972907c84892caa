"""What a learner has chosen for reviews: how many a day, until when, and which questions are left out."""

from __future__ import annotations

import sqlite3
from datetime import date

from course.learner.store.database import transaction
from course.learner.store.spread import Wishes

DAILY = 20
_LIMIT, _UNTIL = "daily limit", "exam date"


def limit(connection: sqlite3.Connection) -> int:
    """How many questions a day asks at most."""
    value = _value(connection, _LIMIT)
    return int(value) if value else DAILY


def set_limit(connection: sqlite3.Connection, count: int) -> None:
    """Ask so many a day at most."""
    _set(connection, _LIMIT, str(count))


def until(connection: sqlite3.Connection) -> date | None:
    """The exam's date, after which nothing is planned; None where there is none."""
    value = _value(connection, _UNTIL)
    return date.fromisoformat(value) if value else None


def set_until(connection: sqlite3.Connection, day: date | None) -> None:
    """Plan nothing after this day; None lifts it."""
    _set(connection, _UNTIL, day.isoformat() if day else "")


def wishes(connection: sqlite3.Connection) -> Wishes:
    """All of it together."""
    return Wishes(limit(connection), until(connection), frozenset(suspended(connection)))


def suspended(connection: sqlite3.Connection) -> set[str]:
    """The ids of the questions that are not to come back."""
    return {question for (question,) in connection.execute("SELECT question FROM review_suspended")}


def suspend(connection: sqlite3.Connection, question: str) -> None:
    """Leave a question out of reviews."""
    with transaction(connection):
        connection.execute("INSERT OR IGNORE INTO review_suspended (question) VALUES (?)", (question,))


def resume(connection: sqlite3.Connection, question: str) -> None:
    """Let a question come back again."""
    with transaction(connection):
        connection.execute("DELETE FROM review_suspended WHERE question = ?", (question,))


def _value(connection: sqlite3.Connection, name: str) -> str:
    row = connection.execute("SELECT value FROM review_setting WHERE name = ?", (name,)).fetchone()
    return str(row[0]) if row else ""


def _set(connection: sqlite3.Connection, name: str, value: str) -> None:
    with transaction(connection):
        connection.execute(
            "INSERT INTO review_setting (name, value) VALUES (?, ?)"
            " ON CONFLICT (name) DO UPDATE SET value = excluded.value",
            (name, value),
        )

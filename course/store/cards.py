"""The review schedule: one FSRS card a question."""

from __future__ import annotations

import json
import sqlite3
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING

from course.quiz import schedule

if TYPE_CHECKING:
    from course.quiz.asked import Asked


@dataclass(frozen=True)
class Card:
    """A question that will come back."""

    question: str
    day: str
    topic: str
    due: date


def reschedule(connection: sqlite3.Connection, asked: Asked, rating: int, moment: datetime) -> None:
    """Tell FSRS about an answer; to be called inside a transaction."""
    row = connection.execute("SELECT state FROM review_card WHERE question = ?", (asked.id,)).fetchone()
    state, due = schedule.reviewed(json.loads(row[0]) if row else None, rating, schedule.local_day(moment))
    connection.execute(
        "INSERT INTO review_card (question, day, topic, due, state) VALUES (?, ?, ?, ?, ?) ON CONFLICT (question)"
        " DO UPDATE SET day = excluded.day, topic = excluded.topic, due = excluded.due, state = excluded.state",
        (asked.id, asked.day, asked.topic, due.isoformat(), json.dumps(state)),
    )


def rebuild(connection: sqlite3.Connection) -> None:
    """Make the whole schedule anew from all answers, in the order they were given; to be called inside a transaction."""
    from course.quiz.asked import Asked

    connection.execute("DELETE FROM review_card")
    rows = connection.execute(
        "SELECT asked, rating, answered FROM quiz_answer JOIN quiz_question USING (session, position)"
        " JOIN quiz_session ON quiz_session.id = session ORDER BY answered, uuid, position"
    ).fetchall()
    for asked, rating, answered in rows:
        reschedule(connection, Asked.from_json(json.loads(asked)), rating, datetime.fromisoformat(answered))


def cards(connection: sqlite3.Connection) -> list[Card]:
    """All of them, the one due first first."""
    return _cards(connection, "ORDER BY due, question")


def due(connection: sqlite3.Connection, today: date) -> list[Card]:
    """What is due on this day or was before it, the longest overdue first."""
    return _cards(connection, "WHERE due <= ? ORDER BY due, question", today.isoformat())


def coming(connection: sqlite3.Connection, today: date) -> list[Card]:
    """What is due after this day, in order."""
    return _cards(connection, "WHERE due > ? ORDER BY due, question", today.isoformat())


def is_due(connection: sqlite3.Connection, question: str, moment: datetime) -> bool:
    """Whether a question waits to be reviewed at a moment."""
    today = schedule.local_day(moment).isoformat()
    found = connection.execute(
        "SELECT 1 FROM review_card WHERE question = ? AND due <= ?", (question, today)
    ).fetchone()
    return found is not None


def _cards(connection: sqlite3.Connection, condition: str, *values: str) -> list[Card]:
    rows = connection.execute(
        f"SELECT question, day, topic, due FROM review_card {condition}",  # noqa: S608  conditions are written above
        values,
    )
    return [Card(question, day, topic, date.fromisoformat(when)) for question, day, topic, when in rows]

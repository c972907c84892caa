"""The review schedule: one FSRS card a question."""

from __future__ import annotations

import base64
import json
import sqlite3
import zlib
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from course.learner.store import schedule

if TYPE_CHECKING:
    from course.learner.store.asked import Asked


@dataclass(frozen=True)
class Card:
    """A question that will come back."""

    question: str
    day: str
    topic: str
    due: date
    state: dict[str, Any] = field(default_factory=dict, repr=False, compare=False)


_SEAL = "sealed:"


def sealed(text: str) -> str:
    """A text that is not read in passing: the questions of an exam that is not over. It hides nothing from who wants to know."""
    return _SEAL + base64.b85encode(zlib.compress(text.encode())).decode("ascii")


def unsealed(text: str) -> str:
    """The text itself, sealed or not."""
    if not text.startswith(_SEAL):
        return text
    return zlib.decompress(base64.b85decode(text.removeprefix(_SEAL))).decode()


def reschedule(connection: sqlite3.Connection, asked: Asked, rating: int, moment: datetime) -> None:
    """Tell FSRS about an answer; to be called inside a transaction."""
    row = connection.execute("SELECT state FROM review_card WHERE question = ?", (asked.id,)).fetchone()
    state, due = schedule.reviewed(json.loads(row[0]) if row else None, rating, schedule.local_day(moment))
    connection.execute(
        "INSERT INTO review_card (question, day, topic, due, state) VALUES (?, ?, ?, ?, ?) ON CONFLICT (question)"
        " DO UPDATE SET day = excluded.day, topic = excluded.topic, due = excluded.due, state = excluded.state",
        (asked.id, asked.day, asked.topic, due.isoformat(), json.dumps(state)),
    )


def rebuild_one(connection: sqlite3.Connection, question: str) -> None:
    """Make a question's schedule anew from its answers; without any it has none. To be called inside a transaction."""
    from course.learner.store.asked import Asked

    connection.execute("DELETE FROM review_card WHERE question = ?", (question,))
    rows = connection.execute(
        "SELECT asked, rating, answered FROM quiz_answer JOIN quiz_question USING (session, position)"
        " WHERE question = ? ORDER BY answered, session, position",
        (question,),
    ).fetchall()
    for asked, rating, answered in rows:
        reschedule(
            connection, Asked.from_json(json.loads(unsealed(asked))), rating, datetime.fromisoformat(answered)
        )


def rebuild(connection: sqlite3.Connection) -> None:
    """Make the whole schedule anew from all answers, in the order they were given; to be called inside a transaction."""
    from course.learner.store.asked import Asked

    connection.execute("DELETE FROM review_card")
    rows = connection.execute(
        "SELECT asked, rating, answered FROM quiz_answer JOIN quiz_question USING (session, position)"
        " JOIN quiz_session ON quiz_session.id = session ORDER BY answered, uuid, position"
    ).fetchall()
    for asked, rating, answered in rows:
        reschedule(
            connection, Asked.from_json(json.loads(unsealed(asked))), rating, datetime.fromisoformat(answered)
        )


def cards(connection: sqlite3.Connection) -> list[Card]:
    """All of them, the one due first first."""
    return _cards(connection, "ORDER BY due, question")


def due(connection: sqlite3.Connection, today: date) -> list[Card]:
    """What is due on this day or was before it, the longest overdue first."""
    return _cards(connection, "WHERE due <= ? ORDER BY due, question", today.isoformat())


def coming(connection: sqlite3.Connection, today: date) -> list[Card]:
    """What is due after this day, in order."""
    return _cards(connection, "WHERE due > ? ORDER BY due, question", today.isoformat())


def is_due(connection: sqlite3.Connection, question: str, moment: datetime, *, early: bool = False) -> bool:
    """Whether a question waits to be reviewed at a moment; `early` lets it come before its day, once a day."""
    today = schedule.local_day(moment).isoformat()
    if early:
        row = connection.execute("SELECT state FROM review_card WHERE question = ?", (question,)).fetchone()
        return row is not None and json.loads(row[0]).get("last_review", "")[:10] < today
    found = connection.execute(
        "SELECT 1 FROM review_card WHERE question = ? AND due <= ?", (question, today)
    ).fetchone()
    return found is not None


def _cards(connection: sqlite3.Connection, condition: str, *values: str) -> list[Card]:
    rows = connection.execute(
        f"SELECT question, day, topic, due, state FROM review_card {condition}",  # noqa: S608  conditions are written above
        values,
    )
    return [
        Card(question, day, topic, date.fromisoformat(when), json.loads(state))
        for question, day, topic, when, state in rows
    ]

"""Quiz sessions, what they asked and what was answered."""

from __future__ import annotations

import json
import sqlite3
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from course.learner.store import cards
from course.learner.store.database import transaction

if TYPE_CHECKING:
    from course.learner.store.asked import Answer, Asked


@dataclass(frozen=True)
class Session:
    """One sitting: what was asked for, and when. `deadline` is an exam's end."""

    id: int
    kind: str
    names: tuple[str, ...]
    seed: int
    started: datetime
    deadline: datetime | None
    finished: datetime | None


@dataclass(frozen=True)
class Given:
    """An answer as it was judged. `rating` is FSRS's, 1 (again) to 4 (easy)."""

    answer: Answer
    credit: float
    rating: int
    answered: datetime


@dataclass(frozen=True)
class Entry:
    """One question of a session, with its answer once there is one."""

    position: int
    asked: Asked
    given: Given | None


_SESSION = "id, kind, names, seed, started, deadline, finished"


def begin(
    connection: sqlite3.Connection,
    kind: str,
    names: Sequence[str],
    seed: int,
    questions: Sequence[Asked],
    deadline: datetime | None = None,
) -> Session:
    """Write down a new session with all it will ask."""
    started = datetime.now(UTC)
    with transaction(connection):
        cursor = connection.execute(
            "INSERT INTO quiz_session (uuid, kind, names, seed, started, deadline) VALUES (?, ?, ?, ?, ?, ?)",
            (
                uuid.uuid4().hex,
                kind,
                _names(names),
                seed,
                started.isoformat(),
                deadline.isoformat() if deadline else None,
            ),
        )
        assert cursor.lastrowid is not None
        for position, asked in enumerate(questions, start=1):
            _ask(connection, cursor.lastrowid, position, asked, hidden=kind == "exam")
    return Session(cursor.lastrowid, kind, tuple(names), seed, started, deadline, None)


def latest(connection: sqlite3.Connection, kind: str, names: Sequence[str]) -> Session | None:
    """The last session of this kind for these names, finished or not."""
    row = connection.execute(
        f"SELECT {_SESSION} FROM quiz_session WHERE kind = ? AND names = ? ORDER BY started DESC, id DESC LIMIT 1",  # noqa: S608
        (kind, _names(names)),
    ).fetchone()
    return None if row is None else _session(row)


def session(connection: sqlite3.Connection, key: int) -> Session | None:
    """The session with this number, None where there is none."""
    row = connection.execute(f"SELECT {_SESSION} FROM quiz_session WHERE id = ?", (key,)).fetchone()  # noqa: S608
    return None if row is None else _session(row)


def sessions(connection: sqlite3.Connection) -> list[Session]:
    """All sessions, oldest first."""
    rows = connection.execute(f"SELECT {_SESSION} FROM quiz_session ORDER BY started, id")  # noqa: S608
    return [_session(row) for row in rows]


def entries(connection: sqlite3.Connection, session: int) -> list[Entry]:
    """What a session asks, in order, with the answers so far."""
    rows = connection.execute(
        "SELECT position, asked, answer, credit, rating, answered FROM quiz_question"
        " LEFT JOIN quiz_answer USING (session, position) WHERE session = ? ORDER BY position",
        (session,),
    )
    return [_entry(*row) for row in rows]


@dataclass(frozen=True)
class Answered:
    """An answer without what was asked. `kind` is the sitting's: quiz, exam or review."""

    question: str
    day: str
    topic: str
    kind: str
    credit: float
    answered: datetime


def answers(connection: sqlite3.Connection) -> list[Answered]:
    """Every answer, oldest first."""
    rows = connection.execute(
        "SELECT question, day, topic, kind, credit, answered FROM quiz_answer"
        " JOIN quiz_question USING (session, position) JOIN review_card USING (question)"
        " JOIN quiz_session ON quiz_session.id = session ORDER BY answered, session, position"
    )
    return [
        Answered(question, day, topic, kind, credit, datetime.fromisoformat(moment))
        for question, day, topic, kind, credit, moment in rows
    ]


def times_answered(connection: sqlite3.Connection) -> dict[str, int]:
    """How often each question was answered, by id."""
    return dict(
        connection.execute(
            "SELECT question, count(*) FROM quiz_answer JOIN quiz_question USING (session, position) GROUP BY question"
        ).fetchall()
    )


def record(connection: sqlite3.Connection, session: int, entry: Entry, given: Given) -> bool:
    """Keep an answer and schedule the question anew; False, and nothing changed, where another command was faster."""
    with transaction(connection):
        done = connection.execute(
            "SELECT 1 FROM quiz_answer WHERE session = ? AND position = ?", (session, entry.position)
        ).fetchone()
        if done is not None:
            return False
        _answer(connection, session, entry.position, given)
        cards.reschedule(connection, entry.asked, given.rating, given.answered)
    return True


def record_review(
    connection: sqlite3.Connection, session: int, asked: Asked, given: Given, *, early: bool = False
) -> bool:
    """Keep a reviewed question with its answer and schedule it anew; False where it is no longer due.

    `early`: it may come before its day, as it does before an exam.
    """
    with transaction(connection):
        if not cards.is_due(connection, asked.id, given.answered, early=early):
            return False
        (last,) = connection.execute(
            "SELECT coalesce(max(position), 0) FROM quiz_question WHERE session = ?", (session,)
        ).fetchone()
        _ask(connection, session, last + 1, asked)
        _answer(connection, session, last + 1, given)
        cards.reschedule(connection, asked, given.rating, given.answered)
    return True


def take_back(connection: sqlite3.Connection) -> str | None:
    """Delete the latest answer of a review and make its question's schedule anew; its id, None where there is none."""
    with transaction(connection):
        row = connection.execute(
            "SELECT session, position, question FROM quiz_answer JOIN quiz_question USING (session, position)"
            " JOIN quiz_session ON quiz_session.id = session WHERE kind = 'review'"
            " ORDER BY answered DESC, position DESC LIMIT 1"
        ).fetchone()
        if row is None:
            return None
        session, position, question = row
        connection.execute(
            "DELETE FROM quiz_question WHERE session = ? AND position = ?", (session, position)
        )
        connection.execute("UPDATE quiz_session SET finished = NULL WHERE id = ?", (session,))
        cards.rebuild_one(connection, question)
    return str(question)


def drop(connection: sqlite3.Connection, session: int) -> None:
    """Give an unfinished session up: what was answered stays, as a session that is over; without any answer nothing stays."""
    with transaction(connection):
        connection.execute(
            "DELETE FROM quiz_question WHERE session = ? AND position NOT IN"
            " (SELECT position FROM quiz_answer WHERE session = ?)",
            (session, session),
        )
        left = connection.execute("SELECT 1 FROM quiz_question WHERE session = ?", (session,)).fetchone()
        if left is None:
            connection.execute("DELETE FROM quiz_session WHERE id = ?", (session,))
    if left is not None:
        finish(connection, session)


def missed(connection: sqlite3.Connection) -> set[str]:
    """The ids of the questions whose latest answer did not earn everything."""
    return {
        one.question for one in {one.question: one for one in answers(connection)}.values() if one.credit < 1
    }


def finish(connection: sqlite3.Connection, session: int) -> None:
    """Mark a session as over, once."""
    with transaction(connection):
        connection.execute(
            "UPDATE quiz_session SET finished = ? WHERE id = ? AND finished IS NULL",
            (datetime.now(UTC).isoformat(), session),
        )
        rows = connection.execute(
            "SELECT position, asked FROM quiz_question WHERE session = ?", (session,)
        ).fetchall()
        for position, asked in rows:
            if cards.unsealed(asked) != asked:
                connection.execute(
                    "UPDATE quiz_question SET asked = ? WHERE session = ? AND position = ?",
                    (cards.unsealed(asked), session, position),
                )


def _ask(
    connection: sqlite3.Connection, session: int, position: int, asked: Asked, *, hidden: bool = False
) -> None:
    text = json.dumps(asked.to_json(), ensure_ascii=False)
    connection.execute(
        "INSERT INTO quiz_question (session, position, question, asked) VALUES (?, ?, ?, ?)",
        (session, position, asked.id, cards.sealed(text) if hidden else text),
    )


def _answer(connection: sqlite3.Connection, session: int, position: int, given: Given) -> None:
    connection.execute(
        "INSERT INTO quiz_answer (session, position, answer, credit, rating, answered) VALUES (?, ?, ?, ?, ?, ?)",
        (
            session,
            position,
            json.dumps(given.answer, ensure_ascii=False),
            given.credit,
            given.rating,
            given.answered.isoformat(),
        ),
    )


def _names(names: Sequence[str]) -> str:
    return json.dumps(sorted(names), ensure_ascii=False)


def _session(row: tuple[int, str, str, int, str, str | None, str | None]) -> Session:
    key, kind, names, seed, started, deadline, finished = row
    return Session(
        key,
        kind,
        tuple(json.loads(names)),
        seed,
        datetime.fromisoformat(started),
        _time(deadline),
        _time(finished),
    )


def _time(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None


def _entry(position: int, asked: str, answer: str | None, credit: float, rating: int, answered: str) -> Entry:
    from course.learner.store.asked import Asked

    given = None
    if answer is not None:
        given = Given(json.loads(answer), credit, rating, datetime.fromisoformat(answered))
    return Entry(position, Asked.from_json(json.loads(cards.unsealed(asked))), given)

"""What the store holds of a learner, as plain values that the rest of this package works on."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass

from course.store import attempts, cards, database, quizzes
from course.store.attempts import Attempt
from course.store.cards import Card
from course.store.quizzes import Answered


@dataclass(frozen=True)
class History:
    """Attempts and answers, oldest first, and the card of every question answered."""

    attempts: tuple[Attempt, ...] = ()
    answers: tuple[Answered, ...] = ()
    cards: tuple[Card, ...] = ()


def read(connection: sqlite3.Connection) -> History:
    """Everything in an open store, as of one moment."""
    connection.execute("BEGIN")
    try:
        return History(
            tuple(attempts.attempts(connection)),
            tuple(quizzes.answers(connection)),
            tuple(cards.cards(connection)),
        )
    finally:
        connection.execute("ROLLBACK")


def load() -> History:
    """The learner's own history; empty, and nothing made, where there is no store yet. Raises StoreUnusable, NewerStore."""
    if not database.path().exists():
        return History()
    with database.opened() as connection:
        return read(connection)

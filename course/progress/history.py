"""What the store holds of a learner, as plain values that the rest of this package works on."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass, field

from course.content import catalog
from course.learner.store import attempts, cards, database, planning, quizzes
from course.learner.store.attempts import Attempt
from course.learner.store.cards import Card
from course.learner.store.quizzes import Answered
from course.learner.store.spread import Wishes


@dataclass(frozen=True)
class History:
    """Attempts and answers, oldest first, the card of every question answered, and how to repeat."""

    attempts: tuple[Attempt, ...] = ()
    answers: tuple[Answered, ...] = ()
    cards: tuple[Card, ...] = ()
    wishes: Wishes = field(default_factory=lambda: Wishes(planning.DAILY))


def read(connection: sqlite3.Connection) -> History:
    """Everything in an open store, as of one moment."""
    connection.execute("BEGIN")
    try:
        return History(
            _under_their_names(attempts.attempts(connection)),
            tuple(quizzes.answers(connection)),
            tuple(cards.cards(connection)),
            planning.wishes(connection),
        )
    finally:
        connection.execute("ROLLBACK")


def _under_their_names(made: Sequence[Attempt]) -> tuple[Attempt, ...]:
    """Attempts at an exercise that has been renamed since count for it as it is called now."""
    renamed = catalog.catalog().renamed
    return tuple(
        attempt if (now := renamed.get(attempt.exercise)) is None
        else attempt._replace(exercise=now.slug, day=now.day)
        for attempt in made
    )  # fmt: skip


def load() -> History:
    """The learner's own history; empty, and nothing made, where there is no store yet. Raises StoreUnusable, NewerStore."""
    if not database.path().exists():
        return History()
    with database.opened() as connection:
        return read(connection)

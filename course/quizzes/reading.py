"""What to read where a question is answered wrong again and again: the exercises whose texts treat its topic."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from course.learner.store import schedule
from course.learner.store.cards import Card
from course.quizzes import bank


@dataclass(frozen=True)
class Places:
    """A question, how often in a row it was wrong, and the exercises to read and do first."""

    question: str
    wrong: int
    exercises: tuple[str, ...]

    @property
    def commands(self) -> tuple[str, ...]:
        """What to type to read them."""
        return tuple(f"course show {slug}" for slug in self.exercises)

    def to_json(self) -> dict[str, Any]:
        """What `course review --json` prints of it."""
        return {"question": self.question, "wrong": self.wrong, "read": list(self.exercises)}


def places(card: Card) -> Places:
    """What topics.toml names for the card's topic."""
    topic = bank.topics().get(card.topic)
    return Places(card.question, schedule.wrong_in_a_row(card.state), topic.read if topic else ())

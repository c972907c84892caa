"""When a question comes back: FSRS on the learner's calendar days.

No minute-long learning steps: the explanation was just read, so the next time is another day. No fuzz: the same answers
give the same days.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from fsrs import Scheduler

AGAIN, HARD, GOOD, EASY = 1, 2, 3, 4

_scheduler: Scheduler | None = None


def scheduler() -> Scheduler:
    """FSRS with its published parameters and 90% retention; without learning steps and without fuzz."""
    global _scheduler
    if _scheduler is None:
        from fsrs import Scheduler

        _scheduler = Scheduler(learning_steps=(), relearning_steps=(), enable_fuzzing=False)
    return _scheduler


def rating(credit: float, confidence: int | None = None) -> int:
    """What FSRS is told: a wrong answer is forgotten, a partly right one hard at best, a right one what the learner says."""
    if credit >= 1:
        return confidence or GOOD
    if credit >= 0.5:
        return min(confidence or HARD, HARD)
    return AGAIN


def reviewed(state: dict[str, Any] | None, rated: int, today: date) -> tuple[dict[str, Any], date]:
    """The state of a question after an answer today (None: its first), and the day it is due."""
    from fsrs import Card, Rating

    card = Card.from_dict(state) if state is not None else Card(card_id=0, due=_noon(today))  # type: ignore[arg-type]
    card, _ = scheduler().review_card(card, Rating(rated), _noon(today))
    return dict(card.to_dict()), card.due.date()


def local_day(moment: datetime) -> date:
    """The learner's calendar day at a moment."""
    return moment.astimezone().date()


def _noon(day: date) -> datetime:
    # Days apart are then whole days to FSRS, whatever the hour of the answers and the clock changes between.
    return datetime.combine(day, time(12), UTC)

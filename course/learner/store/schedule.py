"""When a question comes back: FSRS on the learner's calendar days.

A question answered wrong again and again is a leech: asking it daily teaches nothing, so it waits longer each time until it has
been learnt elsewhere. No minute-long learning steps: the explanation was just read, so the next time is another day. No fuzz:
the same answers give the same days.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from fsrs import Scheduler

AGAIN, HARD, GOOD, EASY = 1, 2, 3, 4

LEECH = 4  # wrong answers in a row
_LEECH_DAYS = 14  # the longest a leech waits
_ROW = "wrong_in_a_row"

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

    known = dict(state or {})
    row = int(known.pop(_ROW, 0)) + 1 if rated == AGAIN else 0
    card = Card.from_dict(known) if known else Card(card_id=0, due=_noon(today))  # type: ignore[arg-type]
    card, _ = scheduler().review_card(card, Rating(rated), _noon(today))
    due = card.due.date()
    if row >= LEECH:
        due = max(due, today + timedelta(days=min(2 ** (row - LEECH + 1), _LEECH_DAYS)))
    return {**card.to_dict(), _ROW: row}, due


def wrong_in_a_row(state: dict[str, Any]) -> int:
    """How many of the latest answers were wrong without a right one between."""
    return int(state.get(_ROW, 0))


def retrievability(state: dict[str, Any], today: date) -> float:
    """The chance that it would be known today, between 0 and 1."""
    from fsrs import Card

    known = {name: value for name, value in state.items() if name != _ROW}
    return float(scheduler().get_card_retrievability(Card.from_dict(known), _noon(today)))  # type: ignore[arg-type]


def local_day(moment: datetime) -> date:
    """The learner's calendar day at a moment."""
    return moment.astimezone().date()


def _noon(day: date) -> datetime:
    # Days apart are then whole days to FSRS, whatever the hour of the answers and the clock changes between.
    return datetime.combine(day, time(12), UTC)

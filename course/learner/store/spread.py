"""How reviews are spread over days: a limit a day, what is over it moves on, and nothing after an exam. Pure functions."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from course.learner.store.cards import Card

_LAST_WEEK = 7  # days before an exam over which what would come after it is spread


@dataclass(frozen=True)
class Wishes:
    """What a learner has chosen: so many a day, nothing after a day, and questions left out."""

    limit: int
    until: date | None = None
    suspended: frozenset[str] = frozenset()


def active(found: Iterable[Card], wishes: Wishes, today: date) -> list[Card]:
    """The cards that are planned at all."""
    if wishes.until is not None and today > wishes.until:
        return []
    return [card for card in found if card.question not in wishes.suspended]


def planned(card: Card, until: date | None) -> date:
    """The card's day; what would come after the exam comes once in the week before it, on a day that stays the same."""
    if until is None or card.due <= until:
        return card.due
    day, last = until - timedelta(days=random.Random(card.question).randrange(_LAST_WEEK)), _last_review(card)
    return day if last is None or day > last else card.due


def calendar(
    found: Iterable[Card], wishes: Wishes, answered: int, today: date, days: int
) -> list[tuple[date, int]]:
    """How many questions each of so many days will ask, from today on; `answered` were answered today already."""
    when = Counter(max(planned(card, wishes.until), today) for card in active(found, wishes, today))
    backlog, result = 0, []
    for day in (today + timedelta(days=n) for n in range(days)):
        if wishes.until is not None and day > wishes.until:
            result.append((day, 0))
            continue
        wanted = backlog + when[day]
        asked = min(wanted, max(wishes.limit - (answered if day == today else 0), 0))
        backlog = wanted - asked
        result.append((day, asked))
    return result


def _last_review(card: Card) -> date | None:
    moment = card.state.get("last_review")
    return datetime.fromisoformat(moment).date() if moment else None

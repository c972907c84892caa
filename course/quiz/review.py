"""What is due: the questions behind the cards, drawn for today."""

from __future__ import annotations

import sqlite3
from collections import Counter
from collections.abc import Sequence
from datetime import date, timedelta
from pathlib import Path

from course.quiz import bank, draw
from course.quiz.asked import Asked
from course.quiz.bank import Listed
from course.store import cards
from course.store.cards import Card

CALENDAR_DAYS = 14


def due(connection: sqlite3.Connection, today: date, folder: Path | None = None) -> list[Card]:
    """The cards due on this day whose question is still in the bank; raises course.quiz.bank.BankError."""
    found = cards.due(connection, today)
    known = _questions(found, folder)
    return [card for card in found if card.question in known]


def draw_all(found: Sequence[Card], today: date, folder: Path | None = None) -> list[Asked]:
    """The questions of these cards, with other values and another order than on other days."""
    known = _questions(found, folder)
    return [draw.ask(known[card.question].read(), today.toordinal()) for card in found]


def calendar(
    connection: sqlite3.Connection, today: date, days: int = CALENDAR_DAYS, folder: Path | None = None
) -> list[tuple[date, int]]:
    """How many questions are due on each of the coming days; what is overdue counts for today."""
    found = [*cards.due(connection, today), *cards.coming(connection, today)]
    known = _questions(found, folder)
    when = Counter(max(card.due, today) for card in found if card.question in known)
    return [(day, when[day]) for day in (today + timedelta(days=n) for n in range(days))]


def _questions(found: Sequence[Card], folder: Path | None) -> dict[str, Listed]:
    needed = sorted({card.day for card in found} & set(bank.days(folder)))
    return {listed.id: listed for listed in bank.find(needed, folder)} if needed else {}

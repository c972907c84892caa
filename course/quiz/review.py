"""What is due: the questions behind the cards, drawn for today, and their answers."""

from __future__ import annotations

import sqlite3
from collections import Counter
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from course.quiz import bank, draw, judge, schedule
from course.quiz.asked import Answer, Asked
from course.quiz.bank import Listed
from course.quiz.judge import Verdict
from course.store import cards, quizzes
from course.store.cards import Card
from course.store.quizzes import Given

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


def answer(
    connection: sqlite3.Connection, session: int, asked: Asked, given: Answer, confidence: int | None
) -> Verdict | None:
    """Judge and keep the answer to a question that is due; None where it no longer is. Raises judge.Unreadable."""
    verdict = judge.judge(asked, given)
    rating = schedule.rating(verdict.credit, confidence)
    kept = Given(judge.checked(asked, given), verdict.credit, rating, datetime.now(UTC))
    return verdict if quizzes.record_review(connection, session, asked, kept) else None


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

"""What comes back: which questions today, in which order, how the rest is spread, and what is better read up first."""

from __future__ import annotations

import random
import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path

from course.learner.store import cards, planning, quizzes, schedule, spread
from course.learner.store.asked import Answer, Asked
from course.learner.store.cards import Card
from course.learner.store.quizzes import Answered, Given
from course.quizzes import bank, draw, judge
from course.quizzes.bank import Listed
from course.quizzes.judge import Verdict

CALENDAR_DAYS = 14


@dataclass(frozen=True)
class Plan:
    """A day's reviews: what to ask in this order, how many more wait, and who needs another look at the text."""

    today: tuple[Card, ...]
    waiting: int
    answered: int  # today already
    limit: int
    until: date | None
    leeches: tuple[Card, ...]
    suspended: tuple[Card, ...]
    calendar: tuple[tuple[date, int], ...]


def plan(connection: sqlite3.Connection, today: date, folder: Path | None = None) -> Plan:
    """What is due, at most the daily limit, what is most at risk first; raises course.quizzes.bank.BankError."""
    everything = cards.cards(connection)
    known = _questions(everything, folder)
    wishes = planning.wishes(connection)
    mine = [card for card in everything if card.question in known]
    active = spread.active(mine, wishes, today)
    answered = reviews_on(quizzes.answers(connection), today)
    due = [card for card in active if spread.planned(card, wishes.until) <= today]
    due.sort(key=lambda card: (schedule.retrievability(card.state, today), card.question))
    room = max(wishes.limit - answered, 0)
    return Plan(
        tuple(mixed(due[:room], today)),
        len(due[room:]),
        answered,
        wishes.limit,
        wishes.until,
        tuple(card for card in active if schedule.wrong_in_a_row(card.state) >= schedule.LEECH),
        tuple(card for card in mine if card.question in wishes.suspended),
        tuple(spread.calendar(mine, wishes, answered, today, CALENDAR_DAYS)),
    )


def due(connection: sqlite3.Connection, today: date, folder: Path | None = None) -> list[Card]:
    """What to ask on this day, in the order in which it is asked."""
    return list(plan(connection, today, folder).today)


def mixed(found: Sequence[Card], today: date) -> list[Card]:
    """The cards so that topics take turns: as seldom as possible two of a topic one after the other."""
    source = random.Random(today.toordinal())
    piles: dict[str, list[Card]] = {}
    for card in found:
        piles.setdefault(card.topic, []).append(card)
    order: list[Card] = []
    while piles:
        last = order[-1].topic if order else None
        others = [topic for topic in piles if topic != last] or list(piles)
        most = max(len(piles[topic]) for topic in others)
        topic = source.choice(sorted(topic for topic in others if len(piles[topic]) == most))
        order.append(piles[topic].pop(0))
        if not piles[topic]:
            del piles[topic]
    return order


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
    early = planning.until(connection) is not None
    return verdict if quizzes.record_review(connection, session, asked, kept, early=early) else None


def undo(connection: sqlite3.Connection) -> str | None:
    """Take the last answer of a review back, so that its question is due as before; its id, None where there is none."""
    return quizzes.take_back(connection)


def calendar(
    connection: sqlite3.Connection, today: date, days: int = CALENDAR_DAYS, folder: Path | None = None
) -> list[tuple[date, int]]:
    """How many questions will be asked on each of the coming days: what is over the limit moves on to the next day."""
    return list(plan(connection, today, folder).calendar)[:days]


def reviews_on(answers: Sequence[Answered], today: date) -> int:
    """How many reviews were answered on this day."""
    return sum(one.kind == "review" and schedule.local_day(one.answered) == today for one in answers)


def _questions(found: Sequence[Card], folder: Path | None) -> dict[str, Listed]:
    needed = sorted({card.day for card in found} & set(bank.days(folder)))
    return {listed.id: listed for listed in bank.find(needed, folder)} if needed else {}

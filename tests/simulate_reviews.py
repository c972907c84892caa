"""Ninety days of five learners: how many reviews each day asks. Run it: python -m tests.simulate_reviews [DAYS]."""

from __future__ import annotations

import random
import sqlite3
import sys
import tempfile
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from course.learner.store import database, planning, quizzes, schedule
from course.learner.store.asked import Asked
from course.learner.store.quizzes import Given
from course.quizzes import bank, draw, judge, review

START = date(2026, 3, 2)  # a Monday
NEW_A_DAY = 10
HARD = {"regression_residual_name", "lstm_one_step", "accuracy_f1"}  # what one of them never gets right


@dataclass
class Learner:
    """Which days somebody learns, how many new questions are begun then, and what is answered wrong."""

    name: str
    comes: Callable[[int], bool]
    new: Callable[[int], int]
    wrong: Callable[[str, random.Random], bool]
    asked: list[int] = field(default_factory=list)
    by_question: dict[str, int] = field(default_factory=dict)
    together: int = 0  # two of a topic one after the other, where another topic was left


def _usually(question: str, source: random.Random) -> bool:
    return source.random() < 0.12


def learners() -> list[Learner]:
    """The five."""
    begun = lambda day: NEW_A_DAY if day < 30 else 0  # noqa: E731
    return [
        Learner("steady", lambda day: True, begun, _usually),
        Learner("binge", lambda day: day % 10 == 0, lambda day: 100 if day < 30 else 0, _usually),
        Learner("absent two weeks", lambda day: not 30 <= day < 44, begun, _usually),
        Learner("Sundays only", lambda day: day % 7 == 6, lambda day: 40 if day < 60 else 0, _usually),
        Learner("always wrong on three", lambda day: True, begun,
                lambda question, source: question in HARD or source.random() < 0.12),
    ]  # fmt: skip


def run(
    learner: Learner, connection: sqlite3.Connection, days: int = 90, until: date | None = None
) -> Learner:
    """Let a learner live these days with a store."""
    source = random.Random(learner.name)
    known = {question.id: question for question in bank.everything()}
    fresh = sorted(known, key=lambda name: (name not in HARD, name))
    planning.set_until(connection, until)
    for number in range(days):
        today, asked_today = START + timedelta(days=number), 0
        moment = datetime.combine(today, datetime.min.time(), UTC) + timedelta(hours=12)
        if learner.comes(number):
            plan = review.plan(connection, today)
            topics = [card.topic for card in plan.today]
            for place in range(1, len(topics)):
                rest = set(topics[place:])
                learner.together += topics[place] == topics[place - 1] and len(rest) > 1
            if plan.today:
                session = quizzes.begin(connection, "review", [], number, [])
                for card in plan.today:
                    asked = draw.ask(known[card.question], number)
                    given = _given(asked, learner.wrong(card.question, source), moment)
                    if quizzes.record_review(connection, session.id, asked, given, early=until is not None):
                        asked_today += 1
                        learner.by_question[card.question] = learner.by_question.get(card.question, 0) + 1
                    moment += timedelta(seconds=30)
            begun, fresh = fresh[: learner.new(number)], fresh[learner.new(number) :]
            asked = [draw.ask(known[name], number) for name in begun]
            session = quizzes.begin(connection, "quiz", [str(number)], number, asked)
            for entry in quizzes.entries(connection, session.id):
                given = _given(entry.asked, learner.wrong(entry.asked.id, source), moment)
                quizzes.record(connection, session.id, entry, given)
                moment += timedelta(seconds=30)
        learner.asked.append(asked_today)
    return learner


def _given(asked: Asked, wrong: bool, moment: datetime) -> Given:
    credit = 0.0 if wrong else 1.0
    answer = None if wrong else judge.checked(asked, asked.key)
    return Given(answer, credit, schedule.rating(credit), moment)


def main() -> None:
    """Print the due counts of every learner, ten days a line."""
    days = int(sys.argv[1]) if len(sys.argv) > 1 else 90
    for learner in learners():
        with (
            tempfile.TemporaryDirectory() as folder,
            database.opened(Path(folder) / "progress.db") as connection,
        ):
            run(learner, connection, days)
        print(
            f"{learner.name}: {sum(learner.asked)} reviews in {days} days, at most {max(learner.asked)} a day"
        )
        for start in range(0, days, 10):
            print("   " + " ".join(f"{count:3}" for count in learner.asked[start : start + 10]))
        print("   " + ", ".join(f"{name} {learner.by_question.get(name, 0)} times" for name in sorted(HARD)))


if __name__ == "__main__":
    main()

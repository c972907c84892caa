"""A learner's history made up from a seed: checks and quiz answers over some weeks."""

from __future__ import annotations

import random
import sqlite3
import uuid
from datetime import UTC, datetime, timedelta

from course.content.catalog import catalog
from course.language.messages import say
from course.learner.store import attempts, database, quizzes
from course.learner.store.attempts import Attempt
from course.learner.store.quizzes import Given
from course.quizzes import bank, draw
from course.results import TestResult


def add_attempts(connection: sqlite3.Connection, count: int, source: random.Random, end: datetime) -> None:
    """So many checks, the last at `end`, in bouts of a few minutes between them with days off; better as they go on."""
    exercises = list(catalog())
    moments = [end]
    while len(moments) < count:
        pause = (
            source.choice([60, 90, 150, 240, 400]) if source.random() < 0.93 else source.choice([7e4, 2e5])
        )
        moments.append(moments[-1] - timedelta(seconds=pause))
    with database.transaction(connection):
        for number, moment in enumerate(reversed(moments)):
            exercise = exercises[min(number * len(exercises) // count, len(exercises) - 1)]
            right = source.randint(0, 4)
            tests = [
                TestResult(f"part_{n}", "passed" if n < right else "failed", 2 * (n < right), 2, False,
                           () if n < right else (say("The value is not right."),))
                for n in range(4)
            ]  # fmt: skip
            status = "passed" if right == 4 else "failed"
            attempt = Attempt(uuid.UUID(int=source.getrandbits(128)).hex, exercise.slug, exercise.day, moment,
                              "check", status, 2 * right, 8, 0.2, number)  # fmt: skip
            attempts.insert(connection, attempt, tests)


def add_answers(
    connection: sqlite3.Connection, days: list[str], source: random.Random, moment: datetime
) -> None:
    """A quiz on each of these days' questions, most of them answered right, all scheduled."""
    for day in days:
        asked = [draw.ask(question, 1) for question in bank.select([day])]
        session = quizzes.begin(connection, "quiz", [day], 1, asked)
        for entry in quizzes.entries(connection, session.id):
            credit = float(source.random() < 0.7)
            given = Given(entry.asked.key if credit else None, credit, 3 if credit else 1, moment)
            quizzes.record(connection, session.id, entry, given)
            moment += timedelta(seconds=40)
        quizzes.finish(connection, session.id)


def main() -> None:
    """Into the store COURSE_DATA names: to look at."""
    import sys

    source = random.Random(1)
    with database.opened() as connection:
        add_attempts(connection, int(sys.argv[1]), source, datetime.now(UTC) - timedelta(days=1))
        add_answers(connection, sys.argv[2:], source, datetime.now(UTC) - timedelta(days=9))


if __name__ == "__main__":
    main()

"""Taking a quiz: which questions, where it stands, what it earned. Every face (terminal, JSON, notebook) goes through here."""

from __future__ import annotations

import hashlib
import math
import random
import sqlite3
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from course.learner.store import quizzes, schedule
from course.learner.store.asked import Answer
from course.learner.store.quizzes import Entry, Given, Session
from course.quizzes import bank, draw, judge, wording
from course.quizzes.bank import Listed
from course.quizzes.judge import TopicScore, Verdict

FORMAT = 1
COUNT = 10
MINUTES_EACH = 1.5


class Sitting:
    """One sitting in the store, from its first question to its last."""

    def __init__(self, connection: sqlite3.Connection, session: Session, *, resumed: bool = False) -> None:
        self.connection = connection
        self.session = session
        self.resumed = resumed

    @property
    def exam(self) -> bool:
        """Whether nothing is told before the end."""
        return self.session.kind == "exam"

    def entries(self) -> list[Entry]:
        """All questions with the answers so far, as the store has them now."""
        return quizzes.entries(self.connection, self.session.id)

    def left(self) -> timedelta | None:
        """The time that is left, None without a limit; never negative."""
        if self.session.deadline is None:
            return None
        return max(self.session.deadline - datetime.now(UTC), timedelta(0))

    def over(self, entries: Sequence[Entry] | None = None) -> bool:
        """Whether everything is answered or the time is up."""
        if self.left() == timedelta(0):
            return True
        return all(entry.given for entry in (self.entries() if entries is None else entries))

    def next(self) -> Entry | None:
        """The first question without an answer, None where the sitting is over."""
        entries = self.entries()
        if self.over(entries):
            return None
        return next(entry for entry in entries if entry.given is None)

    def answer(self, entry: Entry, answer: Answer, confidence: int | None = None) -> Verdict | None:
        """Judge and keep an answer; None where time is up or another command has answered this question.

        Raises course.quizzes.judge.Unreadable.
        """
        verdict = judge.judge(entry.asked, answer)
        if self.left() == timedelta(0):
            return None
        rating = schedule.rating(verdict.credit, confidence)
        given = Given(judge.checked(entry.asked, answer), verdict.credit, rating, datetime.now(UTC))
        kept = quizzes.record(self.connection, self.session.id, entry, given)
        return verdict if kept else None

    def finish(self) -> None:
        """Mark the sitting as over, where it is."""
        if self.over():
            quizzes.finish(self.connection, self.session.id)

    def topics(self) -> list[TopicScore]:
        """The score by topic, in the order the topics came up; what was not answered earns nothing."""
        found: dict[str, list[float]] = {}
        for entry in self.entries():
            found.setdefault(entry.asked.topic, []).append(entry.given.credit if entry.given else 0.0)
        return [TopicScore(topic, len(credits_), sum(credits_)) for topic, credits_ in found.items()]

    def to_json(self, language: str) -> dict[str, Any]:
        """The object `course quiz --json` prints. An exam tells nothing before its end."""
        entries = self.entries()
        over = self.over(entries)
        told = over or not self.exam
        data: dict[str, Any] = {
            "format": FORMAT,
            "session": self.session.id,
            "kind": self.session.kind,
            "names": list(self.session.names),
            "seed": self.session.seed if told else None,
            "started": self.session.started.isoformat(),
            "deadline": self.session.deadline.isoformat() if self.session.deadline else None,
            "finished": over,
            "count": len(entries),
            "answered": sum(entry.given is not None for entry in entries),
        }
        if told:
            data["credit"] = _rounded(sum(entry.given.credit for entry in entries if entry.given))
        data["questions"] = [_entry_json(entry, language, told=told, over=over) for entry in entries]
        if told:
            titles = bank.topics()
            data["topics"] = [
                {
                    "topic": score.topic,
                    "title": titles[score.topic].title(language) if score.topic in titles else score.topic,
                    "questions": score.questions,
                    "credit": _rounded(score.credit),
                }
                for score in self.topics()
            ]
        return data


def sit(
    connection: sqlite3.Connection,
    names: Sequence[str],
    *,
    exam: bool = False,
    count: int | None = None,
    minutes: float | None = None,
    seed: int | None = None,
    new: bool = False,
    missed: bool = False,
    folder: Path | None = None,
) -> Sitting:
    """Go on with the last sitting of this kind and these names where it is not over, or begin one.

    `missed` asks only what was not right the last time. A count or seed other than the old sitting's begins a new one.
    An exam's default limit is 1.5 minutes a question.
    Raises course.quizzes.bank.UnknownQuiz or BankError, course.quizzes.draw.DrawError, NothingMissed.
    """
    kind = "exam" if exam else "quiz"
    found = bank.find(names, folder)
    if missed:
        wrong = quizzes.missed(connection)
        found = [listed for listed in found if listed.id in wrong]
        if not found:
            raise NothingMissed
    old = None if new or missed else quizzes.latest(connection, kind, names)
    if old is not None and old.finished is None and (seed is None or seed == old.seed):
        sitting = Sitting(connection, old, resumed=True)
        if count is None or min(count, len({listed.group for listed in found})) == len(sitting.entries()):
            return sitting
    # An exam's questions cannot be had by taking a quiz with the exam's seed.
    chosen_by = seed if seed is None or not exam else _apart(seed)
    chosen = _chosen(found, quizzes.times_answered(connection), count or COUNT, chosen_by)
    seed = random.randrange(10**9) if seed is None else seed
    asked = [draw.ask(listed.read(), _apart(seed) if exam else seed) for listed in chosen]
    deadline = None
    if exam:
        limit = minutes if minutes is not None else math.ceil(MINUTES_EACH * len(asked))
        deadline = datetime.now(UTC) + timedelta(minutes=limit)
    return Sitting(connection, quizzes.begin(connection, kind, names, seed, asked, deadline))


class NothingMissed(ValueError):
    """Nothing was answered wrongly the last time it was asked."""


def _apart(seed: int) -> int:
    return int.from_bytes(hashlib.sha256(f"exam/{seed}".encode()).digest()[:4])


def read_answers(sitting: Sitting, answers: Mapping[str, Any]) -> list[tuple[Entry, Answer]]:
    """Answers by question id as JSON holds them, for questions of this sitting that have none yet.

    Raises KeyError for an id it does not ask, course.quizzes.judge.Unreadable (naming the id) for an answer of another kind.
    """
    entries = {entry.asked.id: entry for entry in sitting.entries()}
    for name in answers:
        if name not in entries:
            raise KeyError(name)
    read = []
    for name, value in answers.items():
        try:
            read.append((entries[name], judge.checked(entries[name].asked, value)))
        except judge.Unreadable as error:
            raise judge.Unreadable(f"{name}: {error}") from error
    return [(entry, answer) for entry, answer in read if entry.given is None]


def _chosen(
    questions: list[Listed], answered: Mapping[str, int], count: int, seed: int | None
) -> list[Listed]:
    """So many of them in random order, one of a group. With a seed it alone decides; else the least often answered come first."""
    source = random.Random(f"{seed}/order") if seed is not None else random.Random()
    mixed = source.sample(questions, len(questions))
    if seed is None:
        mixed.sort(key=lambda question: answered.get(question.id, 0))
    mixed = list({question.group: question for question in reversed(mixed)}.values())[::-1]
    return source.sample(mixed[:count], min(count, len(mixed)))


def _entry_json(entry: Entry, language: str, *, told: bool, over: bool) -> dict[str, Any]:
    data = entry.asked.shown(language) | {"answered": entry.given is not None}
    if not told:
        del data["seed"]  # with it the same question is drawn outside the exam
    if entry.given is not None:
        data["answer"] = entry.given.answer
    if told and (entry.given is not None or over):
        verdict = judge.judge(entry.asked, entry.given.answer if entry.given else None)
        data |= {
            "credit": _rounded(entry.given.credit if entry.given else 0.0),
            "correct": verdict.right,
            "options": wording.options(entry.asked, entry.given.answer if entry.given else None, language),
            "key": entry.asked.key,
            "why": [why[language] for why in verdict.whys],
            "explanation": entry.asked.explanation[language],
        }
    return data


def _rounded(credit: float) -> float:
    return round(credit, 4)

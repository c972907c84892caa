"""The one picture of a learner's progress that every face (status, next, report, page) shows."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import cached_property

from course.content.catalog import Course, Exercise, catalog
from course.language import Words
from course.learner.store import spread
from course.learner.store.attempts import Attempt
from course.learner.store.quizzes import Answered
from course.learner.store.schedule import local_day
from course.progress import activity, history
from course.progress.activity import Streak
from course.progress.history import History
from course.quizzes import bank
from course.quizzes.bank import Topic
from course.results import Status

COMING_DAYS = 7


def quality(attempt: Attempt) -> tuple[bool, float]:
    """What attempts at one exercise are compared by: passed, then the share of the points."""
    return attempt.status == "passed", attempt.points / attempt.max_points


@dataclass(frozen=True)
class ExerciseProgress:
    """An exercise with its attempts, oldest first; `best` has the most points, `last` is the latest."""

    exercise: Exercise
    attempts: tuple[Attempt, ...]
    spent: timedelta

    @cached_property
    def best(self) -> Attempt | None:
        """The attempt with the largest share of its points, the earliest of equals."""
        return max(self.attempts, key=quality, default=None)

    @property
    def last(self) -> Attempt | None:
        """The latest attempt."""
        return self.attempts[-1] if self.attempts else None

    @cached_property
    def passed(self) -> bool:
        """Whether it has ever passed: what was achieved stays achieved."""
        return any(attempt.status == "passed" for attempt in self.attempts)

    @property
    def status(self) -> Status:
        """Passed, else what the latest attempt was; todo where there is none."""
        return "passed" if self.passed else self.last.status if self.last else "todo"


@dataclass(frozen=True)
class DayProgress:
    """A day of the course."""

    slug: str
    titles: Words
    exercises: tuple[ExerciseProgress, ...]

    def title(self, language: str) -> str:
        """The title in a language, where it has none in the one that stands in."""
        return self.titles[language]

    @property
    def passed(self) -> int:
        """How many of its exercises have passed."""
        return sum(exercise.passed for exercise in self.exercises)

    @property
    def points(self) -> int:
        """The points of each exercise's best attempt, in all."""
        return sum(exercise.best.points for exercise in self.exercises if exercise.best is not None)

    @property
    def attempts(self) -> int:
        """Attempts at its exercises."""
        return sum(len(exercise.attempts) for exercise in self.exercises)

    @property
    def spent(self) -> timedelta:
        """Time at its exercises."""
        return sum((exercise.spent for exercise in self.exercises), timedelta())


@dataclass(frozen=True)
class TopicMastery:
    """A topic of the quiz. `mastery` is the mean credit of the latest answer to each question answered, None before the first."""

    topic: Topic
    answers: int
    questions: int  # different ones
    mastery: float | None
    last: datetime | None
    spent: timedelta


@dataclass(frozen=True)
class Summary:
    """Where a learner stands on a day: `due` counts the reviews due by then, `coming` those of each of the days after."""

    today: date
    days: tuple[DayProgress, ...]
    topics: tuple[TopicMastery, ...]
    spent: timedelta
    streak: Streak
    due: int
    coming: tuple[tuple[date, int], ...]

    @property
    def exercises(self) -> list[ExerciseProgress]:
        """All exercises in the course's order."""
        return [exercise for day in self.days for exercise in day.exercises]

    @property
    def passed(self) -> int:
        """How many exercises have passed."""
        return sum(day.passed for day in self.days)

    @property
    def points(self) -> int:
        """Points in all."""
        return sum(day.points for day in self.days)

    @property
    def attempts(self) -> int:
        """Attempts in all."""
        return sum(day.attempts for day in self.days)

    @property
    def answers(self) -> int:
        """Questions answered in all."""
        return sum(topic.answers for topic in self.topics)


def summarise(
    history: History, course: Course, topics: Mapping[str, Topic], questions: Iterable[str], now: datetime
) -> Summary:
    """Put a history in the course's order. `questions` are the ids in the bank: a card of none of them is not due."""
    today = local_day(now)
    spent = activity.spent(history)
    attempts: dict[str, list[Attempt]] = {}
    for attempt in history.attempts:
        attempts.setdefault(attempt.exercise, []).append(attempt)
    answers: dict[str, list[Answered]] = {}
    for answer in history.answers:
        answers.setdefault(answer.topic, []).append(answer)
    days = tuple(
        DayProgress(
            day.slug,
            day.titles,
            tuple(
                ExerciseProgress(e, tuple(attempts.get(e.slug, ())), spent.exercises.get(e.slug, timedelta()))
                for e in day.exercises
            ),
        )
        for day in course.days
    )
    mastery = tuple(
        _mastery(topic, answers.get(topic.slug, []), spent.topics.get(topic.slug, timedelta()))
        for topic in topics.values()
    )
    known = set(questions)
    mine = [card for card in history.cards if card.question in known]
    answered = sum(one.kind == "review" and local_day(one.answered) == today for one in history.answers)
    planned = spread.calendar(mine, history.wishes, answered, today, COMING_DAYS + 1)
    return Summary(
        today,
        days,
        mastery,
        spent.total,
        activity.streak(activity.by_day(history), today),
        planned[0][1],
        tuple(planned[1:]),
    )


def current(history: History, now: datetime) -> Summary:
    """The same with this course's own catalog and bank; raises course.quizzes.errors.BankError."""
    days = sorted({card.day for card in history.cards} & set(bank.days()))
    questions = [listed.id for listed in bank.find(days)] if days else []
    return summarise(history, catalog(), bank.topics(), questions, now)


def _mastery(topic: Topic, answers: list[Answered], spent: timedelta) -> TopicMastery:
    latest = {answer.question: answer.credit for answer in answers}
    mean = sum(latest.values()) / len(latest) if latest else None
    last = answers[-1].answered if answers else None
    return TopicMastery(topic, len(answers), len(latest), mean, last, spent)


def now() -> Summary:
    """Where the learner stands at this moment, by the store."""
    return current(history.load(), datetime.now(UTC))

"""When the learner was at work: time spent, days in a row, activity by day.

Nobody watches a learner think; all there is are moments at which something was checked or answered. The time before such a
moment, back to the one before it, counts for what was then checked or answered. A longer break than `PAUSE` counts as `PAUSE`:
so does the very first moment.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from course.learner.store.schedule import local_day
from course.progress.history import History

PAUSE = timedelta(minutes=10)
_NOTHING = timedelta()


@dataclass(frozen=True)
class Spent:
    """Time at exercises, by slug, and at questions, by topic."""

    exercises: dict[str, timedelta]
    topics: dict[str, timedelta]

    @property
    def total(self) -> timedelta:
        """All of it."""
        return sum([*self.exercises.values(), *self.topics.values()], _NOTHING)


def spent(history: History) -> Spent:
    """How long the learner was at each exercise and topic."""
    moments = [(attempt.checked, True, attempt.exercise) for attempt in history.attempts]
    moments += [(answer.answered, False, answer.topic) for answer in history.answers]
    found = Spent({}, {})
    before: datetime | None = None
    for moment, exercise, name in sorted(moments):
        bucket = found.exercises if exercise else found.topics
        took = PAUSE if before is None else min(moment - before, PAUSE)
        bucket[name] = bucket.get(name, _NOTHING) + took
        before = moment
    return found


def by_day(history: History) -> Counter[date]:
    """How many checks and answers there were on each of the learner's calendar days."""
    moments = [attempt.checked for attempt in history.attempts] + [a.answered for a in history.answers]
    moments.sort()
    found: Counter[date] = Counter()
    begin = 0
    while begin < len(moments):  # a day at a time: the calendar is slow to tell each moment's
        day = local_day(moments[begin])
        midnight = datetime.combine(day + timedelta(days=1), time()).astimezone()
        end = bisect_left(moments, midnight, begin + 1)
        found[day] += end - begin
        begin = end
    return found


@dataclass(frozen=True)
class Streak:
    """Days in a row with something done: up to today (or yesterday: today is not over yet), and the longest ever."""

    days: int
    longest: int
    today: bool


def streak(days: Iterable[date], today: date) -> Streak:
    """The streak of these days, seen from today."""
    active = set(days)
    lengths: dict[date, int] = {}
    for day in sorted(active):
        lengths[day] = lengths.get(day - timedelta(days=1), 0) + 1
    last = today if today in active else today - timedelta(days=1)
    return Streak(lengths.get(last, 0), max(lengths.values(), default=0), today in active)

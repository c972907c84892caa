"""The one thing to do now, and why."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from course.learner.store.schedule import local_day
from course.progress.summary import ExerciseProgress, Summary, TopicMastery

# Below it a topic is weak: more of its questions were last answered wrong than one can put down to slips.
WEAK = 0.6

Reason = Literal["first", "unfinished", "due", "weak", "following", "unasked", "nothing"]


@dataclass(frozen=True)
class Step:
    """What to do: work at `exercise`, review, or take the quiz on `topic`; all None where nothing is left.

    Reasons: the first exercise of all; one begun and not passed; reviews due; a weak topic; the exercise that follows what
    was passed; a topic never asked about; nothing left.
    """

    reason: Reason
    exercise: ExerciseProgress | None = None
    topic: TopicMastery | None = None
    due: int = 0


def next_step(summary: Summary) -> Step:
    """Choose it.

    First what was left unfinished today, while it is in mind; then reviews, since they are short and do not wait; a weak
    topic of what has been passed, at most once a day; then the first exercise that has not passed, in order; last, with
    all exercises passed, topics never asked about.
    """
    unpassed = [exercise for exercise in summary.exercises if not exercise.passed]
    begun = [exercise for exercise in unpassed if exercise.last is not None]
    latest = max(begun, key=lambda exercise: exercise.attempts[-1].checked, default=None)
    if latest is not None and local_day(latest.attempts[-1].checked) == summary.today:
        return Step("unfinished", latest)
    if summary.due:
        return Step("due", due=summary.due)
    weak = _weakest(summary)
    if weak is not None:
        return Step("weak", topic=weak)
    if unpassed:
        if not summary.attempts:
            return Step("first", unpassed[0])
        return Step("unfinished" if unpassed[0].last is not None else "following", unpassed[0])
    unasked = next((topic for topic in summary.topics if topic.mastery is None), None)
    return Step("unasked", topic=unasked) if unasked is not None else Step("nothing")


def _weakest(summary: Summary) -> TopicMastery | None:
    """The weakest weak topic that has not been asked about today."""
    weak = [
        topic
        for topic in summary.topics
        if topic.mastery is not None and topic.mastery < WEAK and topic.last is not None
        and local_day(topic.last) != summary.today
    ]  # fmt: skip
    return min(weak, key=lambda topic: topic.mastery or 0.0, default=None)

"""Progress for programs: the objects that `course status --json` and `course next --json` print."""

from __future__ import annotations

from typing import Any

from course.content import texts
from course.progress import wording
from course.progress.next_step import Step
from course.progress.summary import DayProgress, ExerciseProgress, Summary, TopicMastery

FORMAT = 1


def summary(found: Summary, following: Step, code: str) -> dict[str, Any]:
    """Everything in the summary. Times are in seconds, moments in UTC, shares between 0 and 1."""
    return {
        "format": FORMAT,
        "today": found.today.isoformat(),
        "passed": found.passed,
        "exercises": len(found.exercises),
        "attempts": found.attempts,
        "answers": found.answers,
        "seconds_spent": round(found.spent.total_seconds()),
        "streak": vars(found.streak),
        "due": found.due,
        "coming": [{"date": day.isoformat(), "count": count} for day, count in found.coming],
        "next": step(following, code),
        "days": [_day(day, code) for day in found.days],
        "topics": [_topic(topic, code) for topic in found.topics],
    }


def step(found: Step, code: str) -> dict[str, Any]:
    """What to do next and why."""
    exercise = found.exercise
    return {
        "next": exercise.exercise.slug if exercise is not None else None,
        "status": exercise.last.status if exercise is not None and exercise.last is not None else None,
        "topic": found.topic.topic.slug if found.topic is not None else None,
        "due": found.due,
        "reason": found.reason,
        "what": wording.what(found, code),
        "why": wording.why(found, code),
    }


def _day(day: DayProgress, code: str) -> dict[str, Any]:
    return {
        "day": day.slug,
        "title": day.title(code),
        "passed": day.passed,
        "attempts": day.attempts,
        "seconds_spent": round(day.spent.total_seconds()),
        "exercises": [_exercise(exercise, code) for exercise in day.exercises],
    }


def _exercise(found: ExerciseProgress, code: str) -> dict[str, Any]:
    best, last = found.best, found.last
    return {
        "slug": found.exercise.slug,
        "title": texts.title(found.exercise, code),
        "status": found.status,
        "attempts": len(found.attempts),
        "seconds_spent": round(found.spent.total_seconds()),
        "best": {"points": best.points, "max_points": best.max_points} if best is not None else None,
        "last": {"points": last.points, "max_points": last.max_points, "checked": last.checked.isoformat()}
        if last is not None
        else None,
    }


def _topic(found: TopicMastery, code: str) -> dict[str, Any]:
    return {
        "topic": found.topic.slug,
        "day": found.topic.day,
        "title": found.topic.title(code),
        "answers": found.answers,
        "questions": found.questions,
        "mastery": round(found.mastery, 4) if found.mastery is not None else None,
        "seconds_spent": round(found.spent.total_seconds()),
    }

"""Progress in words, in any language: what to do next, why, how to begin it, and durations."""

from __future__ import annotations

from datetime import timedelta

from course import language
from course.content import texts
from course.language import gettext as _
from course.progress.next_step import Step

# More questions than this are reviewed in portions.
_AT_ONCE = 20


def what(step: Step, code: str | None = None) -> str:
    """What to do, as a heading."""
    code = code or language.current()
    if step.exercise is not None:
        exercise = step.exercise.exercise
        return f"{exercise.slug}, {texts.title(exercise, code)}"
    if step.topic is not None:
        return _("a quiz on {topic}", code).format(topic=step.topic.topic.title(code))
    if step.due:
        return _("the review, questions due: {count}", code).format(count=step.due)
    return _("nothing, all is done", code)


def why(step: Step, code: str | None = None) -> str:
    """Why just this, as a sentence."""
    match step.reason:
        case "first":
            return _("The course begins with it.", code)
        case "unfinished":
            assert step.exercise is not None
            assert step.exercise.last is not None
            last = step.exercise.last
            text = _("You have begun it; the last check gave {points} of {most} points.", code)
            return text.format(points=last.points, most=last.max_points)
        case "due":
            return _("Asked again now, they stay in memory.", code)
        case "weak":
            assert step.topic is not None
            text = _("It is your weakest topic: {percent} right when last asked.", code)
            return text.format(percent=f"{step.topic.mastery or 0:.0%}")
        case "following":
            return _("It is the first exercise that has not passed yet.", code)
        case "unasked":
            return _("All exercises have passed, but you have not been asked about this topic yet.", code)
    return _("Everything passed. Well done!", code)


def commands(step: Step, *, begun: bool = True) -> list[str]:
    """What to type, the likeliest first. `begun`: the exercise's file is no longer the stub."""
    if step.exercise is not None:
        slug = step.exercise.exercise.slug
        first = [] if begun else [f"course show {slug}"]
        last = step.exercise.last
        hint = [f"course hint {slug}"] if last is not None and last.status != "todo" else []
        return [*first, f"course watch {slug}", *hint]
    if step.topic is not None:
        return [f"course quiz {step.topic.topic.slug}"]
    if step.due:
        return [f"course review -n {_AT_ONCE}" if step.due > _AT_ONCE else "course review"]
    return ["course quiz"]


def duration(time: timedelta, code: str | None = None) -> str:
    """Hours and minutes; anything below a minute counts as one."""
    minutes = max(round(time.total_seconds() / 60), 1) if time else 0
    hours, minutes = divmod(minutes, 60)
    if not hours:
        return _("{minutes} min", code).format(minutes=minutes)
    return _("{hours} h {minutes} min", code).format(hours=hours, minutes=minutes)

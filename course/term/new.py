"""A new term.toml: made for a person to read and to change."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from course import language
from course.content.catalog import Exercise
from course.language import gettext as _

_WIDTH = 100


def text(
    exercises: Sequence[tuple[Exercise, int]],
    topics: Sequence[tuple[str, int]],
    *,
    zone: ZoneInfo,
    now: datetime,
    course: str,
    roster: str = "",
) -> str:
    """The file's text, in the language in use: an assignment for each day, due a week after the other.

    Args:
        exercises: with what their graders give.
        topics: days with a quiz, and how many questions are asked.
        zone: the term's time zone.
        course: its name, or its folder.
        now: aware; the first assignment is due on the Sunday after the next.
        roster: the file of the list of students, beside this one.
    """
    due = _sunday(now.astimezone(zone))
    about = _(
        "A term of the course. `course term` shows what it says, and checks it; `course grade`, `course nbgrader build` and"
        " `course export` go by it."
    )
    late = _(
        "What late work loses: percent of its points for each day or hour begun, never more than `most`; nothing within the"
        ' grace. With per = "none" nothing. An assignment may have a `late` of its own.'
    )
    lines = [
        *_comment(about),
        "",
        _key('title = ""', _("what the term is called")),
        _key(
            f"course = {json.dumps(course, ensure_ascii=False)}",
            _("its name, or its folder from this file on"),
        ),
        _key(f'time_zone = "{zone.key}"', _("the zone of every date below")),
        _key(
            f'language = "{language.current()}"', _("of notebooks and feedback; a student may have another")
        ),
        _key(
            f'roster = "{roster}"' if roster else '# roster = "students.csv"',
            _("the list of students, beside this file"),
        ),
        _key("drop_lowest = 0", _("so many assignments, a student's weakest, do not count")),
        "",
        *_comment(late),
        "[late]",
        _key('per = "none"', '"none", "day", "hour"'),
        "percent = 10",
        "most = 50",
        'grace = "15 min"',
    ]
    for day in dict.fromkeys(exercise.day for exercise, _worth in exercises):
        lines += ["", f"[assignments.{day}]", f"due = {due:%Y-%m-%d %H:%M:%S}"]
        lines.append(_key("drop_lowest = 0", _("so many of its exercises do not count")))
        own = [(exercise, worth) for exercise, worth in exercises if exercise.day == day]
        lines += [
            "",
            *_comment(_("Points, whatever the grader itself gives; what it gives is brought to this scale.")),
        ]
        lines.append(f"[assignments.{day}.exercises]")
        lines += [_work(exercise, worth) for exercise, worth in own]
        asked = [(topic, count) for topic, count in topics if topic == day]
        if asked:
            lines += ["", *_comment(_("Days or topics of the quiz; `course quiz --list` names them."))]
            lines.append(f"[assignments.{day}.quiz]")
            lines += [f"{topic} = {{ questions = {count}, points = {count} }}" for topic, count in asked]
        due += timedelta(days=7)
    first = exercises[0][0]
    single = _(
        "What holds for one student alone, under the id that the list of students has. An extension is a new date or a time to"
        " add; exempt is what does not count. handed_in is for work that came another way."
    )
    lines += [
        "",
        *_comment(single),
        "# [students.kim]",
        '# language = "en"',
        f'# extensions = {{ {first.day} = "3 days" }}',
        f'# exempt = ["{first.slug}"]',
        f"# handed_in = {{ {first.day} = {due:%Y-%m-%d %H:%M:%S} }}",
    ]
    return "\n".join(lines) + "\n"


def _key(line: str, comment: str) -> str:
    return f"{line:<32} # {comment}"


def _work(exercise: Exercise, worth: int) -> str:
    if exercise.report:
        return f"{exercise.slug} = {{ points = {worth}, report = {exercise.report} }}"
    return f"{exercise.slug} = {worth}"


def _sunday(now: datetime) -> datetime:
    ahead = 6 - now.weekday() + 7
    return (now + timedelta(days=ahead)).replace(hour=23, minute=59, second=0, microsecond=0)


def _comment(text: str) -> Iterable[str]:
    line = "#"
    for word in text.split():
        if len(line) + len(word) >= _WIDTH and line != "#":
            yield line
            line = "#"
        line += f" {word}"
    yield line

"""Several courses as one, for a term that takes exercises and questions from all of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from course.content.courses import CourseError
from course.content.manifest import Course, Day
from course.language import gettext as _
from course.worker.runtimes import Runtime


def joint(courses: Sequence[Course]) -> Course:
    """One course of all: its name, languages and titles are the first one's, and where two share a name the first has it.

    Days of the same name become one. Raises CourseError where two mean different things by a runtime's name.
    """
    first, *others = {course.root: course for course in courses}.values()
    if not others:
        return first
    runtimes: dict[str, Runtime] = {}
    taken: set[str] = set()
    days: dict[str, Day] = {}
    for course in (first, *others):
        for name, runtime in course.runtimes.items():
            if runtimes.setdefault(name, runtime) != runtime:
                text = _(
                    "The courses {names} each have a runtime {name} of their own: one term cannot hold both."
                )
                raise CourseError(
                    text.format(names=", ".join(each.name for each in (first, *others)), name=name)
                )
        for day in course.days:
            own = tuple(exercise for exercise in day.exercises if exercise.slug not in taken)
            before = days.get(day.slug)
            days[day.slug] = replace(before or day, exercises=(*(before.exercises if before else ()), *own))
        taken |= {exercise.slug for exercise in course}
    return replace(first, days=tuple(days.values()), runtimes=runtimes, others=tuple(others))

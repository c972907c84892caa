"""What the test cells of an assignment's notebook call: points, as nbgrader reads them.

nbgrader takes the last value of a cell as its points, and only a plain float between 0 and the cell's maximum counts; text
on standard error costs all of them. The graders run in processes of their own on the source of the cells run so far; they
stay warm until the kernel ends.
"""

from __future__ import annotations

import atexit
import functools
import os
from dataclasses import replace

from IPython.display import publish_display_data

from course.checking import Graders, Task
from course.content import courses
from course.content.catalog import Exercise, catalog
from course.html import result as html
from course.language import choose, current
from course.language import gettext as _
from course.learner.subject import Subject
from course.notebook import live
from course.processes import seeds
from course.quizzes import answers, wording
from course.quizzes.judge import Unreadable
from course.results import ExerciseResult, Report
from course.term import gradedcells


def visible_tests(slug: str, language: str | None = None, course: str | None = None) -> float:
    """Grade an exercise by its visible tests, and show them."""
    _begin(language, course)
    return _points(slug, hidden=False)


def hidden_tests(slug: str, language: str | None = None, course: str | None = None) -> float:
    """Grade an exercise by its hidden tests; they show their titles alone."""
    _begin(language, course)
    return _points(slug, hidden=True)


def read(name: str, language: str | None = None, course: str | None = None) -> None:
    """Show how the answer to a question of the quiz reads, not whether it is right."""
    _begin(language, course)
    question = answers.asked(name)
    try:
        answer = answers.given(live.source(), question)
    except Unreadable:
        print(_("That does not read as an answer here."))
        return
    if answer is None:
        print(_("No answer"))
        return
    print(_("Your answer:"), *wording.lines(question, answer, current()), sep="\n    ")


def answer(name: str, language: str | None = None, course: str | None = None) -> float:
    """Judge the answer to a question of the quiz, and show what it earns."""
    _begin(language, course)
    verdict = answers.verdict(live.source(), answers.asked(name))
    shown = _("Partly right: {percent}").format(percent=f"{verdict.credit:.0%}")
    told = _("Right") if verdict.right else shown if verdict.credit else _("Not right")
    publish_display_data({"text/plain": told, gradedcells.OUT_OF: gradedcells.QUESTION_POINTS})
    return _clamped(verdict.credit * gradedcells.QUESTION_POINTS, gradedcells.QUESTION_POINTS)


def _begin(code: str | None, course: str | None) -> None:
    """The notebook's own course and language, unless the learner has chosen one."""
    if course is not None:
        courses.choose(lambda: courses.named(course))
    if "COURSE_LANG" not in os.environ:
        choose(code)


def _points(slug: str, *, hidden: bool) -> float:
    exercise = catalog().exercise(slug)
    result = _graded(exercise, live.source())
    kept = tuple(
        replace(test, message=()) if hidden else test for test in result.tests if test.hidden == hidden
    )
    part = replace(result, tests=kept)
    shown = html.style() + html.exercise(part)
    plain = str(Report(live.NAME, _seed(), (part,)))
    publish_display_data({"text/html": str(shown), "text/plain": plain, gradedcells.OUT_OF: part.max_points})
    return _clamped(part.points, part.max_points)


def _clamped(points: float, most: float) -> float:
    return max(0.0, min(float(points), float(most)))


@functools.lru_cache(maxsize=64)
def _graded(exercise: Exercise, source: str) -> ExerciseResult:
    """The result, the same one for a cell of visible and one of hidden tests."""
    subject = Subject(exercise, live.NAME, source)
    graders = _graders(
        "numpy" if subject.untouched else exercise.runtime
    )  # an untouched one starts no worker
    [result] = [e.result for e in graders.run([Task(subject, _seed())]) if e.result is not None]
    return result


@functools.cache
def _graders(runtime: str) -> Graders:
    graders = Graders(1, [runtime], strict=False, keep=True).__enter__()
    atexit.register(graders.__exit__)
    return graders


@functools.cache
def _seed() -> int:
    return seeds.new_seed()

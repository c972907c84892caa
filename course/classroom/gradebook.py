"""A class's scores in nbgrader's gradebook, by nbgrader's own API, so that formgrader, feedback and export show them.

Only automatic scores are written, and late penalties by nbgrader's own policy; what a person gave, comments and extra credit
stay as they are. Beside a gradebook in a course folder, the submitted notebooks are laid into `autograded` too, with these
results as the outputs of their test cells, which is where formgrader and generate_feedback look for them. No cell is run.
"""

from __future__ import annotations

import functools
import json
import sys
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from course.classroom.folder import Graded
from course.classroom.roster import Student
from course.html import result as html
from course.notebook import answers, coursedir, gradedcells, read
from course.quiz.asked import Asked
from course.results import ExerciseResult


class NoAssignment(LookupError):
    """The gradebook does not know the assignment of a day yet."""

    def __init__(self, day: str) -> None:
        super().__init__(day)
        self.day = day


class NotAGradebook(ValueError):
    """The file is none, or of another version of nbgrader."""


def write(path: Path, class_: Sequence[Graded]) -> int:
    """Write the scores of those who handed something in; how many cells got one.

    Raises:
        NoAssignment, NotAGradebook.
    """
    from nbgrader.api import MissingEntry
    from sqlalchemy.exc import SQLAlchemyError

    days = list(dict.fromkeys(result.day for graded in class_ for result in graded.report.exercises))
    try:
        with coursedir.gradebook(path) as gradebook:
            for day in days:
                try:
                    gradebook.find_assignment(day)
                except MissingEntry as error:
                    raise NoAssignment(day) from error
            present = [graded for graded in class_ if graded.handed_in]
            return sum(_student(gradebook, path, graded, day) for graded in present for day in days)
    except SQLAlchemyError as error:
        raise NotAGradebook(str(error).split("\n", maxsplit=1)[0]) from error


def _student(gradebook: Any, path: Path, graded: Graded, day: str) -> int:
    """One student's scores of one day."""
    own = [result for result in graded.report.exercises if result.day == day]
    submitted = path.parent / "submitted" / graded.student.id / day / f"{day}.ipynb"
    submission = _submission(gradebook, graded, day)
    cells = {grade.cell.name for notebook in submission.notebooks for grade in notebook.grades}
    points: dict[str, float] = dict(_quiz(submitted, day, cells))
    for result, key in zip(graded.report.exercises, graded.keys, strict=True):
        if key and result.day == day:
            points |= gradedcells.points(result)
    written = 0
    for notebook in submission.notebooks:
        for grade in notebook.grades:
            if grade.cell.name in points:
                grade.auto_score = float(min(points[grade.cell.name], grade.cell.max_score))
                written += 1
            # As nbgrader does it: what a person has graded, or must grade, is to be looked at.
            grade.needs_manual_grade = grade.manual_score is not None or grade.auto_score is None
    gradebook.db.commit()
    coursedir.assign_late_penalty(path, graded.student.id, day)
    if submitted.is_file():
        target = path.parent / "autograded" / graded.student.id / day / f"{day}.ipynb"
        _lay(submitted, target, own, points, f"sqlite:///{path.resolve()}")
    return written


def _submission(gradebook: Any, graded: Graded, day: str) -> Any:
    from nbgrader.api import MissingEntry

    student: Student = graded.student
    try:
        gradebook.find_student(student.id)
    except MissingEntry:
        gradebook.add_student(
            student.id,
            first_name=student.first_name,
            last_name=student.last_name,
            email=student.email or None,
        )
    try:
        return gradebook.find_submission(day, student.id)
    except MissingEntry:
        try:
            return gradebook.add_submission(day, student.id, timestamp=graded.submitted or None)
        except (ValueError, OverflowError):  # a note that says no time
            return gradebook.add_submission(day, student.id)


def _quiz(submitted: Path, day: str, cells: set[str]) -> Iterable[tuple[str, float]]:
    """The points of the answers in a submitted notebook; they are read, not run."""
    try:
        text = read.read(submitted)
    except (OSError, read.UnreadableNotebook):
        return
    for question in _questions(day):
        cell = gradedcells.question(question.id)
        if cell in cells:
            yield cell, answers.verdict(text, question).credit * gradedcells.QUESTION_POINTS


@functools.cache
def _questions(day: str) -> list[Asked]:
    return [answers.drawn(question) for question in answers.questions(day, count=sys.maxsize)]


def _lay(
    submitted: Path, target: Path, results: Sequence[ExerciseResult], points: Mapping[str, float], url: str
) -> None:
    """The submitted notebook with its test cells as they were released, and these results as their only outputs."""
    import nbformat
    from nbgrader.preprocessors import ClearOutput, DeduplicateIds, OverwriteCells

    try:
        notebook = nbformat.read(submitted, as_version=4)
    except (ValueError, KeyError, TypeError, AttributeError, nbformat.ValidationError):
        return  # the reason is among the student's problems already
    day = submitted.stem
    resources = {"nbgrader": {"assignment": day, "notebook": day, "db_url": url}, "unique_key": day}
    for step in (ClearOutput, DeduplicateIds, OverwriteCells):
        notebook, resources = step().preprocess(notebook, resources)
    shown = {}
    for result in results:
        for name, hidden in (
            (gradedcells.tests(result.slug), False),
            (gradedcells.hidden_tests(result.slug), True),
        ):
            kept = replace(result, tests=tuple(test for test in result.tests if test.hidden == hidden))
            shown[name] = html.style() + html.exercise(kept)
    for cell in notebook.cells:
        name = cell.metadata.get("nbgrader", {}).get("grade_id", "")
        if cell.cell_type == "code" and name in points:
            data = {"text/plain": repr(float(points[name]))}
            cell.outputs = [nbformat.v4.new_output("execute_result", data=data)]
            if name in shown:
                fragment = {"text/html": str(shown[name])}
                cell.outputs.insert(0, nbformat.v4.new_output("display_data", data=fragment))
    target.parent.mkdir(parents=True, exist_ok=True)
    part = target.with_suffix(".part")
    part.write_text(json.dumps(notebook, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    part.replace(target)

"""A class's scores in nbgrader's gradebook, by nbgrader's own API, so that formgrader, feedback and export show them.

Automatic scores are written, and late penalties; what a person gave in the formgrader, comments and extra credit
stay as they are. Beside a gradebook in a course folder, the submitted notebooks are laid into `autograded` too, with these
results as the outputs of their test cells, which is where formgrader and generate_feedback look for them. No cell is run.
"""

from __future__ import annotations

import functools
import json
import sys
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from course.classroom import account, autograded, coursedir, ledger, marks
from course.classroom.account import Account
from course.classroom.folder import ClassFolder, Graded
from course.html import result as html
from course.language.messages import Message, marked, raised, say
from course.learner import notebooks as read
from course.learner.store.asked import Asked
from course.learner.subject import Unreadable, regular
from course.quizzes import answers
from course.results import ExerciseResult
from course.system import files
from course.term import gradedcells
from course.term.roster import Student
from course.term.term import Term

# nbgrader's: when a notebook was handed in, and by what its feedback is found again.
_NOTES, _MOST_NOTE = ("timestamp.txt", "submission_secret.txt"), 10_000


FORMGRADER = "formgrader"  # who gave what a person gave there
_HUNDREDTH = 0.005

_OTHER_WORTH = marked(
    "In the gradebook {cell} is worth {most}, in the term {worth}: build and generate {name} again (nbgrader generate_assignment"
    " {name} --force)."
)
_NO_CELL = marked("The gradebook's {name} lacks cells of the term ({cells}): build and generate it again.")
_INCOMPLETE = marked("Not everything of {day} could be written into the gradebook: {error}")


class NoAssignment(LookupError):
    """The gradebook does not know the assignment of a day yet."""

    def __init__(self, day: str) -> None:
        super().__init__(day)
        self.day = day


class NotAGradebook(ValueError):
    """The file is none, or of another version of nbgrader."""


def write(
    path: Path, folder: ClassFolder, class_: Sequence[Graded], term: Term | None
) -> tuple[int, list[Graded]]:
    """Write the scores of those who handed something in; how many cells got one, and the class with what could not be written.

    What a person gave with `course mark` is written as nbgrader's manual scores and comments; what a person gave in the
    formgrader becomes a mark. With a term late penalties are the term's, else those of nbgrader's own policy.

    Raises:
        NoAssignment, NotAGradebook, course.classroom.marks.MarkError.
    """
    from nbgrader.api import MissingEntry
    from sqlalchemy.exc import SQLAlchemyError

    names = [assignment.name for assignment in ledger.of(folder, (), term).assignments]
    written, told = 0, list[Graded]()
    try:
        with coursedir.gradebook(path) as gradebook:
            for name in names:
                try:
                    assignment = gradebook.find_assignment(name)
                except MissingEntry as error:
                    raise NoAssignment(name) from error
                if term is not None:
                    due = term.assignment(name).due
                    assignment.duedate = due.astimezone(UTC).replace(tzinfo=None) if due is not None else None
            for graded in class_:
                problems = list(graded.problems)
                student = _Student(gradebook, path, folder, graded, term, problems)
                for name in names:
                    try:
                        written += student.write(name)
                    except (SQLAlchemyError, marks.MarkError):
                        raise
                    except Exception as error:  # of one student; the others are written
                        gradebook.db.rollback()
                        problems.append(say(_INCOMPLETE, day=name, error=raised(error)))
                told.append(replace(graded, problems=tuple(problems)))
    except SQLAlchemyError as error:
        raise NotAGradebook(str(error).split("\n", maxsplit=1)[0]) from error
    return written, told


class _Student:
    """One student's scores, from their account."""

    def __init__(
        self,
        gradebook: Any,
        path: Path,
        folder: ClassFolder,
        graded: Graded,
        term: Term | None,
        problems: list[Message],
    ) -> None:
        self._gradebook, self._path, self._folder = gradebook, path, folder
        self._graded, self._term, self._problems = graded, term, problems

    def write(self, name: str) -> int:
        """Those of one assignment; how many cells got an automatic one."""
        own = self._account(name)
        by_hand = any(item.mark is not None for item in own.items)
        if not (self._graded.handed_in or by_hand) or own.standing == "exempt":
            return 0
        submission = _submission(self._gradebook, self._graded, name)
        data, submitted = self._notebook(name)
        grades = {grade.name: grade for notebook in submission.notebooks for grade in notebook.grades}
        scores = self._automatic(own, grades, data, name)
        self._take_over(own, grades)
        own = self._account(name)
        self._give(own, submission, name, grades)
        for grade in grades.values():
            settled = grade.manual_score is not None and self._term is not None
            # As nbgrader does it: what a person has graded, or must grade, is to be looked at.
            grade.needs_manual_grade = not settled and (
                grade.manual_score is not None or grade.auto_score is None
            )
        self._gradebook.db.commit()
        if self._term is None:
            coursedir.assign_late_penalty(self._path, self._graded.student.id, name)
        else:
            for number, notebook in enumerate(submission.notebooks):
                notebook.late_submission_penalty = 0.0 if number else own.late
            self._gradebook.db.commit()
        self._show(name, data, submitted, scores)
        return len(scores)

    def _account(self, name: str) -> Account:
        row = ledger.row(self._folder, self._graded, self._term)
        return next(each for each in row.accounts if each.assignment == name)

    def _notebook(self, name: str) -> tuple[bytes | None, Path]:
        """What was handed in, and where: of several notebooks the one that was graded."""
        folder = self._path.parent / "submitted" / self._graded.student.id / name
        paths = [Path(file) for file in self._graded.files if Path(file).parts[-2:-1] == (name,)]
        graded = next((path.name for path in paths if path.suffix == ".ipynb"), f"{name}.ipynb")
        return _read(folder / graded, self._graded.student), folder / graded

    def _automatic(
        self, own: Account, grades: Mapping[str, Any], data: bytes | None, name: str
    ) -> dict[str, float]:
        """Write the automatic scores; those written, by cell."""
        points: dict[str, float] = {}
        worth: dict[str, float] = {}
        if self._term is None:
            points |= dict(_quiz(data, name, set(grades)))
            worth |= dict.fromkeys(points, gradedcells.QUESTION_POINTS)
            # A report that nobody wrote waits for nobody.
            unwritten = {gradedcells.report(each.slug) for each in self._graded.report.exercises
                         if each.slug not in self._graded.reports}  # fmt: skip
            points |= {cell: 0.0 for cell in unwritten & set(grades) if data is not None}
            worth |= dict.fromkeys(unwritten, 0.0)
        for cell, automatic, _manual, most in own.cells():
            if automatic is not None:
                points[cell], worth[cell] = automatic, most
        scores = {}
        for cell, grade in grades.items():
            if cell in points:
                # Points edited in the source notebook are a scale of one's own.
                most = float(grade.cell.max_score)
                scores[cell] = grade.auto_score = gradedcells.scaled(points[cell], worth[cell], most)
                if self._term is not None and abs(most - worth[cell]) > _HUNDREDTH:
                    told = say(_OTHER_WORTH, cell=cell, most=f"{most:g}", worth=f"{worth[cell]:g}", name=name)
                    if told.id not in {problem.id for problem in self._problems}:
                        self._problems.append(told)
        lacking = [cell for cell in points if cell not in grades]
        if self._term is not None and lacking:
            self._problems.append(say(_NO_CELL, name=name, cells=", ".join(lacking[:3])))
        return scores

    def _take_over(self, own: Account, grades: Mapping[str, Any]) -> None:
        """Make marks of what a person gave in the formgrader since."""
        place = self._folder.marks(self._graded.student.id)
        history = marks.history(place)
        for item in own.items:
            cells = [grades[cell] for cell in item.cells if cell in grades]
            given = any(grade.manual_score is not None for grade in cells)
            scales = account.total(float(grade.cell.max_score) for grade in cells)
            score = account.total(float(grade.score or 0.0) for grade in cells)
            points = round(gradedcells.scaled(score, scales, item.most), 2) if scales != item.most else score
            before = [mark for mark in history if mark.item == item.name]
            known = {mark.points for mark in before if mark.by != FORMGRADER} | {
                mark.points for mark in before[-1:]
            }
            if given and points not in known:
                mark = marks.made(item.name, points, "", item.machine, item.most, by=FORMGRADER)
                marks.add(place, mark)
            elif not given and item.mark is not None and item.mark.by == FORMGRADER:
                mark = marks.made(item.name, None, "", item.machine, item.most, by=FORMGRADER, removed=True)
                marks.add(place, mark)

    def _give(self, own: Account, submission: Any, name: str, grades: Mapping[str, Any]) -> None:
        """Write what a person gave with this program, and take back what no longer holds."""
        history = marks.history(self._folder.marks(self._graded.student.id))
        manual = {cell: points for cell, _automatic, points, _most in own.cells()}
        for item in own.items:
            touched = [mark for mark in history if mark.item == item.name]
            if not touched or (item.mark is not None and item.mark.by == FORMGRADER):
                continue
            for cell in item.cells:
                if cell in grades and item.counts:
                    grades[cell].manual_score = manual[cell]
            notes = {mark.note for mark in touched if mark.note}
            told = item.mark.note if item.mark is not None else ""
            for notebook in submission.notebooks:
                for comment in notebook.comments:
                    mine = not comment.manual_comment or comment.manual_comment in notes
                    if comment.name == item.name and mine:
                        comment.manual_comment = told or None

    def _show(self, name: str, data: bytes | None, submitted: Path, scores: Mapping[str, float]) -> None:
        """Lay the notebook where formgrader and generate_feedback look for it."""
        slugs = {grade.slug for grade in self._graded.report.exercises}
        if self._term is not None:
            slugs = {exercise.slug for exercise in self._term.assignment(name).exercises}
        own = [result for result in self._graded.report.exercises
               if result.slug in slugs and (self._term is not None or result.day == name)]  # fmt: skip
        if data is not None:
            target = self._path.parent / "autograded" / self._graded.student.id / name / f"{name}.ipynb"
            try:
                released = self._gradebook.find_notebook(name, name)
                made = autograded.notebook(data, released, dict(_outputs(own, scores)))
                files.write(target, json.dumps(made, ensure_ascii=False, indent=1) + "\n")
                for note in _NOTES:
                    _copy_note(submitted.with_name(note), target.with_name(note))
            except Exception as error:  # one student's notebook does not keep the others' from being written
                self._problems.append(
                    say("The notebook cannot be shown in nbgrader: {error}", error=raised(error))
                )
        elif (
            any(file.endswith(f"{name}/{name}.ipynb") for file in self._graded.files)
            and (self._path.parent / "submitted").is_dir()
        ):
            # It came from there, from a folder whose name is no student's id as it stands.
            due = Path("submitted", self._graded.student.id, name, f"{name}.ipynb")
            self._problems.append(
                say("nbgrader shows no notebook, as there is none at {path}.", path=str(due))
            )


def _read(submitted: Path, student: Student) -> bytes | None:
    """The submitted notebook, None where there is none that can be read."""
    if Path(student.id).name != student.id:
        return None  # it names no folder
    try:
        return regular(submitted, read.MOST_BYTES)
    except (OSError, Unreadable):
        return None


def _copy_note(source: Path, target: Path) -> None:
    """One of nbgrader's own notes beside a submission, which it asks for beside what was made of it."""
    try:
        files.write(target, regular(source, _MOST_NOTE))
    except (FileNotFoundError, Unreadable):
        target.unlink(missing_ok=True)


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
        submission = gradebook.find_submission(day, student.id)
    except MissingEntry:
        submission = gradebook.add_submission(day, student.id)
    submission.timestamp = _time(graded.handed_in_at(day))
    return submission


def _time(noted: str) -> datetime | None:
    """The time that a note says, None where it says none."""
    from nbgrader.utils import parse_utc

    try:
        time: datetime = parse_utc(noted)
    except (ValueError, OverflowError):
        return None
    return time if noted else None


def _quiz(data: bytes | None, day: str, cells: set[str]) -> Iterable[tuple[str, float]]:
    """The points of the answers in a submitted notebook; they are read, not run."""
    try:
        text = read.text(data, f"{day}.ipynb") if data is not None else None
    except Unreadable:
        return
    if text is None:
        return
    for question in _questions(day):
        cell = gradedcells.question(question.id)
        if cell in cells:
            yield cell, answers.verdict(text, question).credit * gradedcells.QUESTION_POINTS


@functools.cache
def _questions(day: str) -> list[Asked]:
    return [answers.drawn(question) for question in answers.questions(day, count=sys.maxsize)]


def _outputs(
    results: Sequence[ExerciseResult], scores: Mapping[str, float]
) -> Iterable[tuple[str, list[dict[str, Any]]]]:
    """What the test cells show: their points, and the results they stand for."""
    shown = {}
    for result in results:
        for name, hidden in (
            (gradedcells.tests(result.slug), False),
            (gradedcells.hidden_tests(result.slug), True),
        ):
            kept = replace(result, tests=tuple(test for test in result.tests if test.hidden == hidden))
            shown[name] = html.style() + html.exercise(kept)
    for name, score in scores.items():
        value = {"text/plain": repr(float(score))}
        outputs: list[dict[str, Any]] = [
            {"output_type": "execute_result", "data": value, "metadata": {}, "execution_count": None}
        ]
        if name in shown:
            fragment = {"text/html": str(shown[name])}
            outputs.insert(0, {"output_type": "display_data", "data": fragment, "metadata": {}})
        yield name, outputs

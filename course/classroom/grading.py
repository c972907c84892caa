"""Grading a class: every upload once, in the order of the students' ids; what is known already is not graded again."""

from __future__ import annotations

import warnings
from collections.abc import Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, wait
from dataclasses import dataclass

from course.checking import Task, cache
from course.classroom import submissions
from course.classroom.folder import ClassFolder, Graded
from course.classroom.jobs import Lost, NotComparable, Pool, not_graded
from course.classroom.layout import Upload
from course.content.catalog import Exercise
from course.language.messages import Message, say
from course.learner.subject import Subject
from course.processes import seeds
from course.results import COULD_NOT_RUN, ExerciseResult, Report
from course.term.term import Assignment


@dataclass
class _Prepared:
    """An upload as it is graded: its tasks with their keys, and the results there are."""

    upload: Upload
    tasks: list[Task]
    keys: list[str]
    problems: list[Message]
    results: dict[str, ExerciseResult]
    work: submissions.Work | None = None
    assignment: Assignment | None = None

    def left(self) -> list[Task]:
        """What is still to be graded."""
        pairs = zip(self.tasks, self.keys, strict=True)
        return [task for task, key in pairs if key not in self.results]


def grade(
    uploads: Sequence[Upload],
    exercises: Sequence[Exercise],
    folder: ClassFolder,
    pool: Pool,
    assignment: Assignment | None = None,
) -> Iterator[tuple[Graded, bool]]:
    """Grade what is not graded yet and keep it; each student's results as they are there, and whether they are new.

    Of an assignment quiz and reports are looked at, too.
    """
    running: dict[Future[list[ExerciseResult]], tuple[_Prepared, list[Task]]] = {}
    for upload in uploads:
        prepared = _prepared(upload, exercises, folder, assignment)
        tasks = prepared.left()
        if tasks:
            running[pool.submit(tasks)] = (prepared, tasks)
        else:
            yield _finish(prepared, folder), False
        while len(running) >= pool.ahead():
            yield from _ended(running, folder)
    while running:
        yield from _ended(running, folder)


def _prepared(
    upload: Upload, exercises: Sequence[Exercise], folder: ClassFolder, assignment: Assignment | None
) -> _Prepared:
    """What is to be graded of an upload; where this program itself fails at reading it, all is ungraded, and says why."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # Python's own, on the code it reads
            return _prepare(upload, exercises, folder, assignment)
    except Exception as error:
        tasks = [Task(Subject(exercise, "", None), folder.seed) for exercise in exercises]
        keys = [exercise.slug for exercise in exercises]
        results = {task.subject.exercise.slug: not_graded(task, error) for task in tasks}
        return _Prepared(upload, tasks, keys, [], results)


def _prepare(
    upload: Upload, exercises: Sequence[Exercise], folder: ClassFolder, assignment: Assignment | None
) -> _Prepared:
    work = submissions.work(upload, exercises, assignment)
    tasks = [Task(subject, seeds.of_submission(folder.seed, subject.source)) for subject in work.subjects]
    keys = [cache.key(task.subject, task.seed) for task in tasks]
    before = folder.load(upload.student.id)
    known = before.known() if before is not None else {}
    results = {key: known[key] for key in keys if key in known}
    return _Prepared(upload, tasks, keys, work.problems, results, work, assignment)


def _ended(
    running: dict[Future[list[ExerciseResult]], tuple[_Prepared, list[Task]]], folder: ClassFolder
) -> Iterator[tuple[Graded, bool]]:
    for future in wait(running, return_when=FIRST_COMPLETED).done:
        prepared, tasks = running.pop(future)
        keys = dict(zip(prepared.tasks, prepared.keys, strict=True))
        for task, result in zip(tasks, _results(future, tasks), strict=True):
            prepared.results[keys[task]] = result
        yield _finish(prepared, folder), True


def _results(future: Future[list[ExerciseResult]], tasks: Sequence[Task]) -> list[ExerciseResult]:
    """What came back; where grading one student failed as a whole, results that say so and are not kept."""
    try:
        return future.result()
    except (NotComparable, Lost):
        raise
    except Exception as error:
        return [not_graded(task, error) for task in tasks]


def _unable(result: ExerciseResult) -> Message:
    """That an exercise could not be graded, with the first reason there is."""
    said = next((test.message for test in result.tests if test.status == "ungraded"), ())
    reasons = [part for part in said if part.id != COULD_NOT_RUN]
    if not reasons:
        return say("{exercise} could not be graded.", exercise=result.slug)
    return say("{exercise} could not be graded: {reason}", exercise=result.slug, reason=reasons[0])


def _finish(prepared: _Prepared, folder: ClassFolder) -> Graded:
    results = tuple(prepared.results[key] for key in prepared.keys)
    keys = [
        key if result.status != "ungraded" else "" for key, result in zip(prepared.keys, results, strict=True)
    ]
    unable = [_unable(result) for result in results if result.status == "ungraded"]
    seconds = sum(result.seconds for result in results)
    report = Report(prepared.upload.student.id, folder.seed, results, seconds)
    graded = Graded(
        prepared.upload.student,
        report,
        tuple(keys),
        (*prepared.problems, *unable),
        submissions.handed_in(prepared.upload),
        submissions.submitted(prepared.upload, prepared.assignment),
        tuple(task.subject.path if task.subject.source is not None else "" for task in prepared.tasks),
        dict(prepared.work.quiz) if prepared.work is not None else {},
        tuple(prepared.work.reports) if prepared.work is not None else (),
    )
    sources = {task.subject.path: task.subject.source for task in prepared.tasks if task.subject.source}
    folder.save(graded, sources, prepared.work.reports if prepared.work is not None else {})
    return graded

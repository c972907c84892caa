"""Grading a class: every upload once, in the order of the students' ids; what is known already is not graded again."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, wait
from dataclasses import dataclass

from course import cache, zygotes
from course.catalog import Exercise
from course.checking import Task
from course.classroom import submissions
from course.classroom.folder import ClassFolder, Graded
from course.classroom.jobs import NotComparable, Pool, not_graded, was_graded
from course.classroom.submissions import Upload
from course.messages import Message, say
from course.results import ExerciseResult, Report
from course.subject import Subject


@dataclass
class _Prepared:
    """An upload as it is graded: its subjects with their keys, and the results there are."""

    upload: Upload
    subjects: list[Subject]
    keys: list[str]
    problems: list[Message]
    results: dict[str, ExerciseResult]

    def left(self, seed: int) -> list[Task]:
        """What is still to be graded."""
        pairs = zip(self.subjects, self.keys, strict=True)
        return [Task(subject, seed) for subject, key in pairs if key not in self.results]


def grade(
    uploads: Sequence[Upload], exercises: Sequence[Exercise], folder: ClassFolder, pool: Pool
) -> Iterator[tuple[Graded, bool]]:
    """Grade what is not graded yet and keep it; each student's results as they are there, and whether they are new."""
    running: dict[Future[list[ExerciseResult]], tuple[_Prepared, list[Task]]] = {}
    for upload in uploads:
        prepared = _prepare(upload, exercises, folder)
        tasks = prepared.left(folder.seed)
        if tasks:
            running[pool.submit(tasks)] = (prepared, tasks)
        else:
            yield _finish(prepared, folder), False
        while len(running) >= pool.ahead():
            yield from _ended(running, folder)
    while running:
        yield from _ended(running, folder)


def _prepare(upload: Upload, exercises: Sequence[Exercise], folder: ClassFolder) -> _Prepared:
    subjects, problems = submissions.subjects(upload, exercises)
    keys = [cache.key(subject, folder.seed) for subject in subjects]
    before = folder.load(upload.student.id)
    known = before.known() if before is not None else {}
    return _Prepared(upload, subjects, keys, problems, {key: known[key] for key in keys if key in known})


def _ended(
    running: dict[Future[list[ExerciseResult]], tuple[_Prepared, list[Task]]], folder: ClassFolder
) -> Iterator[tuple[Graded, bool]]:
    for future in wait(running, return_when=FIRST_COMPLETED).done:
        prepared, tasks = running.pop(future)
        keys = {id(subject): key for subject, key in zip(prepared.subjects, prepared.keys, strict=True)}
        for task, result in zip(tasks, _results(future, tasks), strict=True):
            prepared.results[keys[id(task.subject)]] = result
        yield _finish(prepared, folder), True


def _results(future: Future[list[ExerciseResult]], tasks: Sequence[Task]) -> list[ExerciseResult]:
    """What came back; where grading one student failed as a whole, results that say so and are not kept."""
    try:
        return future.result()
    except NotComparable:
        raise
    except Exception as error:
        return [not_graded(task, error) for task in tasks]


def _finish(prepared: _Prepared, folder: ClassFolder) -> Graded:
    results = tuple(prepared.results[key] for key in prepared.keys)
    keys = [key if was_graded(result) else "" for key, result in zip(prepared.keys, results, strict=True)]
    problems = [*prepared.problems]
    for subject, key in zip(prepared.subjects, keys, strict=True):
        if not key:
            problems.append(say("{exercise} could not be graded.", exercise=subject.exercise.slug))
    seconds = sum(result.seconds for result in results)
    report = Report(prepared.upload.student.id, folder.seed, results, seconds, zygotes.confined())
    graded = Graded(
        prepared.upload.student,
        report,
        tuple(keys),
        tuple(problems),
        bool(prepared.upload.files),
        submissions.submitted(prepared.upload),
    )
    folder.save(graded)
    return graded

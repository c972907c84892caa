"""A graded class on disk: what was graded with which seed, and one JSON a student, each whole or not there at all."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

from course.catalog import UnknownName, catalog
from course.classroom.roster import Student
from course.messages import Message
from course.results import ExerciseResult, Report, dump_tests, load_tests

FORMAT = 1
_MARKER, _RESULTS, _PART = "class.json", "results", ".part"


class NotAClassFolder(ValueError):
    """A folder that holds something else, or the grades of other exercises (`slugs`)."""

    def __init__(self, path: Path, slugs: Iterable[str] = ()) -> None:
        super().__init__(str(path))
        self.path = path
        self.slugs = tuple(slugs)


@dataclass(frozen=True)
class Graded:
    """One student's results. `keys` says what each exercise was graded from, "" where it could not be graded."""

    student: Student
    report: Report
    keys: tuple[str, ...]
    problems: tuple[Message, ...] = ()
    handed_in: bool = True
    submitted: str = ""

    @property
    def complete(self) -> bool:
        """Whether everything there was could be read and graded."""
        return all(self.keys) and not self.problems

    def known(self) -> dict[str, ExerciseResult]:
        """The results by what they were graded from."""
        return {key: result for key, result in zip(self.keys, self.report.exercises, strict=True) if key}


@dataclass(frozen=True)
class ClassFolder:
    """The folder `course grade` writes. `students` are those of the last run that came to its end."""

    path: Path
    seed: int
    exercises: tuple[str, ...]
    students: tuple[str, ...] = ()

    @classmethod
    def begin(cls, path: Path, exercises: Iterable[str], seed: int | None, new_seed: int) -> ClassFolder:
        """Make the folder, or go on in one: with the seed asked for, else the one it has, else the new one.

        Raises:
            NotAClassFolder: it holds other files, or grades of exercises that are not among these.
        """
        slugs, students = tuple(exercises), tuple[str, ...]()
        if path.exists() and (not path.is_dir() or any(path.iterdir())):
            before = cls.open(path)
            if not set(before.exercises) <= set(slugs):
                raise NotAClassFolder(path, before.exercises)
            new_seed, students = before.seed, before.students
        folder = cls(path, new_seed if seed is None else seed, slugs, students)
        (path / _RESULTS).mkdir(parents=True, exist_ok=True)
        for left in path.rglob(f"*{_PART}"):
            left.unlink()  # of a run that was killed while it wrote
        folder._mark()
        return folder

    def finish(self, class_: Sequence[Graded]) -> None:
        """The run came to its end: these are the class's grades. Results of others stay, and are not exported."""
        replace(self, students=tuple(graded.student.id for graded in class_))._mark()

    def _mark(self) -> None:
        known = {"seed": self.seed, "exercises": self.exercises, "students": self.students}
        self.write(_MARKER, json.dumps({"format": FORMAT, **known}, ensure_ascii=False, indent=1))

    @classmethod
    def open(cls, path: Path) -> ClassFolder:
        """One that is there; raises NotAClassFolder."""
        try:
            data = json.loads((path / _MARKER).read_text(encoding="utf-8"))
            if data["format"] == FORMAT:
                return cls(path, int(data["seed"]), tuple(data["exercises"]), tuple(data["students"]))
        except (OSError, ValueError, KeyError, TypeError):
            pass
        raise NotAClassFolder(path)

    def write(self, name: str, text: str) -> Path:
        """Write a file of the folder whole: what was there before stays until then."""
        target = self.path / name
        part = target.with_name(target.name + _PART)
        part.parent.mkdir(exist_ok=True)
        part.write_text(text, encoding="utf-8", newline="")
        part.replace(target)
        return target

    def save(self, graded: Graded) -> None:
        """Keep a student's results."""
        data = {
            "format": FORMAT,
            "student": asdict(graded.student),
            "submission": graded.report.submission,
            "seed": graded.report.seed,
            "points": graded.report.points,
            "max_points": graded.report.max_points,
            "handed_in": graded.handed_in,
            "submitted": graded.submitted,
            "problems": [problem.to_json() for problem in graded.problems],
            "exercises": [
                {"key": key, "status": result.status, **vars(result), "tests": dump_tests(result.tests)}
                for key, result in zip(graded.keys, graded.report.exercises, strict=True)
            ],
        }
        name = f"{_RESULTS}/{file_name(graded.student.id)}.json"
        self.write(name, json.dumps(data, ensure_ascii=False, indent=1))

    def load(self, student: str) -> Graded | None:
        """A student's results, None where there are none that can be read."""
        try:
            path = self.path / _RESULTS / f"{file_name(student)}.json"
            return _graded(json.loads(path.read_text(encoding="utf-8")))
        except (OSError, ValueError, KeyError, TypeError, UnknownName):
            return None

    def all(self) -> list[Graded]:
        """The class's results as the last whole run left them, ordered by id; what cannot be read is left out."""
        found = [self.load(student) for student in self.students]
        return [graded for graded in found if graded is not None]


def file_name(student: str) -> str:
    """A student's id as the name of a file, on every system."""
    return re.sub(r'[\\/:*?"<>|%\x00-\x1f]|^\.|[. ]$', lambda match: f"%{ord(match[0]):02X}", student)


def _graded(data: dict[str, Any]) -> Graded:
    if data["format"] != FORMAT:
        raise ValueError("another format")
    results = []
    for entry in data["exercises"]:
        catalog().exercise(entry["slug"])
        tests = load_tests(entry["tests"])
        results.append(
            ExerciseResult(entry["slug"], entry["day"], tests, entry["seconds"], missing=entry["missing"])
        )
    seconds = sum(result.seconds for result in results)
    return Graded(
        Student(**data["student"]),
        Report(data["submission"], data["seed"], tuple(results), seconds),
        tuple(entry["key"] for entry in data["exercises"]),
        tuple(Message.from_json(problem) for problem in data["problems"]),
        data["handed_in"],
        data["submitted"],
    )

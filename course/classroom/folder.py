"""A graded class on disk: what was graded with which seed, and one JSON a student, each whole or not there at all."""

from __future__ import annotations

import hashlib
import json
import os
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any

from course.classroom import marks
from course.content import courses
from course.content.catalog import UnknownName, catalog
from course.language import gettext as _
from course.language.messages import Message
from course.results import ExerciseResult, Report, dump_tests, load_tests
from course.system import files
from course.term.roster import Student

FORMAT = 2
# A name may take 255 bytes on disk, with the endings this program gives it.
_LONGEST = 200
_MARKER, _RESULTS, _WORK, _TOLD, _PART = "class.json", "results", "work", "told.json", ".part"


class NotAClassFolder(ValueError):
    """A folder that holds something else, or the grades of other exercises (`slugs`)."""

    def __init__(self, path: Path, slugs: Iterable[str] = ()) -> None:
        super().__init__(str(path))
        self.path = path
        self.slugs = tuple(slugs)


@dataclass(frozen=True)
class Graded:
    """One student's results. `keys` says what each exercise was graded from, "" where it could not be graded.

    `files` are the paths, in what the student handed in, of what was graded, "" for nothing; `submitted` says when, by day.
    `quiz` are the credits (0 to 1) of the quiz's questions, `reports` the exercises whose written report is there.
    """

    student: Student
    report: Report
    keys: tuple[str, ...]
    problems: tuple[Message, ...] = ()
    handed_in: bool = True
    submitted: Mapping[str, str] = field(default_factory=dict)
    files: tuple[str, ...] = ()
    quiz: Mapping[str, float] = field(default_factory=dict)
    reports: tuple[str, ...] = ()

    @property
    def complete(self) -> bool:
        """Whether everything there was could be read and graded."""
        return all(self.keys) and not self.problems

    @property
    def graded(self) -> bool:
        """Whether every exercise was graded; if not, the points are not those of the work."""
        return all(self.keys)

    def handed_in_at(self, day: str) -> str:
        """When a day was handed in, as nbgrader notes it; "" where nobody did."""
        return self.submitted.get(day) or self.submitted.get("", "")

    def known(self) -> dict[str, ExerciseResult]:
        """The results by what they were graded from."""
        return {key: result for key, result in zip(self.keys, self.report.exercises, strict=True) if key}


@dataclass(frozen=True)
class Kept:
    """The work that was graded: code by file, written reports by exercise."""

    sources: Mapping[str, str]
    reports: Mapping[str, str]


@dataclass(frozen=True)
class ClassFolder:
    """The folder `course grade` writes, for the course in use. `students` are those of the last run that came to its end."""

    path: Path
    seed: int
    exercises: tuple[str, ...]
    students: tuple[str, ...] = ()
    assignment: str = ""  # of a term, whose file lies at this path from the folder
    term: str = ""

    @classmethod
    def begin(
        cls,
        path: Path,
        exercises: Iterable[str],
        seed: int | None,
        new_seed: int,
        *,
        assignment: str = "",
        term: Path | None = None,
    ) -> ClassFolder:
        """Make the folder, or go on in one: with the seed asked for, else the one it has, else the new one.

        Raises:
            NotAClassFolder: it holds other files, or grades of exercises that are not among these.
        """
        slugs, students = tuple(exercises), tuple[str, ...]()
        if path.exists() and (not path.is_dir() or any(path.iterdir())):
            before = cls.open(path)
            other = before.assignment != assignment
            # A term's file may take an exercise out of an assignment.
            if other or not (assignment or set(before.exercises) <= set(slugs)):
                raise NotAClassFolder(path, before.exercises)
            new_seed, students = before.seed, before.students
        beside = os.path.relpath(term.resolve(), path.resolve()) if term is not None else ""
        folder = cls(path, new_seed if seed is None else seed, slugs, students, assignment, beside)
        folder._begin()
        return folder

    def _begin(self) -> None:
        (self.path / _RESULTS).mkdir(parents=True, exist_ok=True)
        for left in self.path.rglob(f"*{_PART}"):
            left.unlink()  # of a run that was killed while it wrote
        self._mark()

    def finish(self, class_: Sequence[Graded]) -> None:
        """The run came to its end: these are the class's grades. Results of others stay, and are not exported."""
        replace(self, students=tuple(graded.student.id for graded in class_))._mark()

    def _mark(self) -> None:
        known: dict[str, object] = {
            "course": catalog().name,
            "seed": self.seed,
            "exercises": self.exercises,
            "students": self.students,
        }
        if self.assignment:
            known |= {"assignment": self.assignment, "term": self.term}
        self.write(_MARKER, json.dumps({"format": FORMAT, **known}, ensure_ascii=False, indent=1))

    @classmethod
    def open(cls, path: Path) -> ClassFolder:
        """One that is there; raises NotAClassFolder, courses.CourseError where it is another course's."""
        try:
            data = json.loads((path / _MARKER).read_text(encoding="utf-8"))
            if data["format"] == FORMAT:
                # Without a name it is from when there was one course.
                _check_course(path, str(data.get("course", courses.bundled().name)))
                known = (int(data["seed"]), tuple(data["exercises"]), tuple(data["students"]))
                return cls(path, *known, str(data.get("assignment", "")), str(data.get("term", "")))
        except (OSError, ValueError, KeyError, TypeError):
            pass
        raise NotAClassFolder(path)

    @staticmethod
    def term_of(path: Path) -> Path | None:
        """The file of the term that a folder's class was graded by, None where there is none."""
        try:
            beside = json.loads((path / _MARKER).read_text(encoding="utf-8"))["term"]
            return path / beside if isinstance(beside, str) and beside else None
        except (OSError, ValueError, KeyError, TypeError):
            return None

    def write(self, name: str, text: str) -> Path:
        """Write a file of the folder whole: what was there before stays until then."""
        target = self.path / name
        files.write(target, text, newline="")
        return target

    def marks(self, student: str) -> Path:
        """Where what a person gave this student is kept."""
        return self.path / marks.FOLDER / file_name(student)

    def kept(self, student: str) -> Kept:
        """The work that a student's results are of, nothing where it cannot be read."""
        try:
            path = self.path / _WORK / f"{file_name(student)}.json"
            data = json.loads(path.read_text(encoding="utf-8"))
            return Kept(dict(data["sources"]), dict(data["reports"]))
        except (OSError, ValueError, KeyError, TypeError):
            return Kept({}, {})

    def save(
        self,
        graded: Graded,
        sources: Mapping[str, str] | None = None,
        reports: Mapping[str, str] | None = None,
    ) -> None:
        """Keep a student's results, and the work they are of: code by file, reports by exercise."""
        kept = {"sources": dict(sources or {}), "reports": dict(reports or {})}
        self.write(
            f"{_WORK}/{file_name(graded.student.id)}.json", json.dumps(kept, ensure_ascii=False, indent=1)
        )
        data = {
            "format": FORMAT,
            "student": asdict(graded.student),
            "submission": graded.report.submission,
            "seed": graded.report.seed,
            "points": graded.report.points,
            "max_points": graded.report.max_points,
            "handed_in": graded.handed_in,
            "submitted": dict(graded.submitted),
            "quiz": dict(graded.quiz),
            "reports": list(graded.reports),
            "problems": [problem.to_json() for problem in graded.problems],
            "exercises": [
                {
                    "key": key,
                    "file": file,
                    "status": result.status,
                    **vars(result),
                    "tests": dump_tests(result.tests),
                }
                for key, file, result in zip(
                    graded.keys,
                    graded.files or ("",) * len(graded.keys),
                    graded.report.exercises,
                    strict=True,
                )
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

    @property
    def told(self) -> Path:
        """Where the points are kept as they were last told."""
        return self.path / _TOLD


class Trial(ClassFolder):
    """A class's folder that is read and never written: what a run would change is found out without changing it."""

    def write(self, name: str, _text: str) -> Path:
        """Leave the file as it is."""
        return self.path / name

    def _begin(self) -> None:
        """Leave the folder as it is."""


def _check_course(path: Path, course: str) -> None:
    if course != catalog().name:
        text = _(
            "{path} holds grades of the course {course}, not of {other}: add --course {course}, or name another folder."
        )
        raise courses.WrongCourse(text.format(path=path, course=course, other=catalog().name))


def file_name(student: str) -> str:
    """A student's id as the name of a file, on every system: a long one is cut, with a digest of the whole."""
    name = re.sub(r'[\\/:*?"<>|%\x00-\x1f]|^\.|[. ]$', lambda match: f"%{ord(match[0]):02X}", student)
    whole = name.encode("utf-8")
    if len(whole) <= _LONGEST:
        return name
    return f"{whole[: _LONGEST - 17].decode('utf-8', 'ignore')}-{hashlib.sha256(whole).hexdigest()[:16]}"


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
        tuple(entry["file"] for entry in data["exercises"]),
        dict(data.get("quiz", {})),
        tuple(data.get("reports", ())),
    )

"""What a term is made of."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from course.content.catalog import Exercise
from course.term import dates, gradedcells
from course.term.late import Late
from course.term.roster import Roster

FILE = "term.toml"


@dataclass(frozen=True)
class Work:
    """An exercise of an assignment: what its code and its report are worth, None for what its grader gives."""

    exercise: Exercise
    points: float | None = None
    report: float = 0.0
    due: datetime | None = None


@dataclass(frozen=True)
class Quiz:
    """Questions of a topic or a day, by their ids, worth so much together."""

    name: str
    asked: tuple[str, ...]
    points: float

    @property
    def item(self) -> str:
        """What it is called among an assignment's items."""
        return gradedcells.question(self.name)


@dataclass(frozen=True)
class Assignment:
    """What is handed in together. `name` is that of its folder and of nbgrader's assignment; titles are by language."""

    name: str
    work: tuple[Work, ...]
    quizzes: tuple[Quiz, ...] = ()
    titles: Mapping[str, str] = field(default_factory=dict)
    due: datetime | None = None
    late: Late = field(default_factory=Late)
    drop_lowest: int = 0  # so many of its exercises do not count, a student's weakest

    @property
    def exercises(self) -> list[Exercise]:
        """Its exercises in order."""
        return [each.exercise for each in self.work]

    @property
    def items(self) -> list[str]:
        """Everything that can be exempted, extended or marked by name."""
        reports = [gradedcells.report(each.exercise.slug) for each in self.work if each.report]
        return [each.exercise.slug for each in self.work] + [quiz.item for quiz in self.quizzes] + reports

    def title(self, language: str) -> str:
        """The title in a language, else in English, else the name."""
        return self.titles.get(language) or self.titles.get("en") or self.titles.get("") or self.name


@dataclass(frozen=True)
class Exceptions:
    """What holds for one student alone; by the name of an assignment or of an exercise."""

    language: str = ""
    exempt: frozenset[str] = frozenset()
    extensions: Mapping[str, datetime | timedelta] = field(default_factory=dict)
    handed_in: Mapping[str, datetime] = field(default_factory=dict)


@dataclass(frozen=True)
class Term:
    """A term, as its file says it."""

    path: Path
    assignments: tuple[Assignment, ...]
    title: str = ""
    courses: tuple[str, ...] = ()  # the names of those it was read with
    zone: ZoneInfo | None = None
    language: str = ""
    roster_path: Path | None = None
    roster: Roster = field(default_factory=Roster)
    drop_lowest: int = 0  # so many of the assignments do not count
    students: Mapping[str, Exceptions] = field(default_factory=dict)
    text: bytes = field(default=b"", repr=False)  # the file as it was read

    def assignment(self, name: str) -> Assignment:
        """The assignment of this name; raises LookupError."""
        for assignment in self.assignments:
            if assignment.name == name:
                return assignment
        raise LookupError(name)

    def of(self, student: str) -> Exceptions:
        """What holds for a student."""
        return self.students.get(student, Exceptions())

    def language_of(self, student: str) -> str:
        """The language a student is written to in, "" where none is named."""
        return self.of(student).language or self.language

    @property
    def languages(self) -> list[str]:
        """The languages its notebooks are needed in, the term's own first."""
        own = [self.language, *(each.language for each in self.students.values())]
        return list(dict.fromkeys(code for code in own if code))


def due(assignment: Assignment, work: Work | None, exceptions: Exceptions) -> datetime | None:
    """When a student must have handed an exercise in, or with None the rest of it; no extension makes it earlier."""
    time = (work.due if work is not None else None) or assignment.due
    if time is None:
        return None
    names = [assignment.name, *([work.exercise.slug] if work is not None else [])]
    given = [exceptions.extensions[name] for name in names if name in exceptions.extensions]
    later = [time + each if isinstance(each, timedelta) else each for each in given]
    return max([time, *later])


def shown_due(assignment: Assignment, exceptions: Exceptions, zone: ZoneInfo | None) -> str:
    """When a student must have handed an assignment in, as people read it; "" for no date."""
    return dates.shown(due(assignment, None, exceptions), zone)

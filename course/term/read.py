"""term.toml read strictly: everything that is wrong is said at once, with its line and what to do about it."""

from __future__ import annotations

import difflib
import math
import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from course.content import courses
from course.content.catalog import Course, Exercise, ManifestError, UnknownName, catalog
from course.content.joint import joint
from course.language.messages import Message, marked, say
from course.quizzes import answers, bank
from course.quizzes.errors import BankError, UnknownQuiz
from course.quizzes.question import Question
from course.system import shell
from course.term import dates, places, roster
from course.term.late import Late
from course.term.roster import Roster
from course.term.term import FILE, Assignment, Exceptions, Quiz, Term, Work

_TOP = (
    "title",
    "course",
    "time_zone",
    "language",
    "roster",
    "late",
    "drop_lowest",
    "assignments",
    "students",
)
_LATE = ("per", "percent", "most", "grace")
_ASSIGNMENT = ("title", "due", "time_zone", "late", "drop_lowest", "exercises", "quiz")
_WORK = ("points", "report", "due")
_QUIZ = ("questions", "points")
_STUDENT = ("language", "exempt", "extensions", "handed_in")
_PER = ("none", "day", "hour")
# A folder's name everywhere, and what nbgrader takes; one of the course's own folders would never be looked into.
_NAME = re.compile(r"[A-Za-z0-9][\w.-]{0,60}", re.ASCII)
_RESERVED = (
    "exercises",
    "solutions",
    "graders",
    "submitted",
    "autograded",
    "release",
    "source",
    "feedback",
    "grades",
)
_MOST_POINTS = 10_000.0

_UNKNOWN = marked("{name} is not known here. Known are: {known}.")
_NO_ZONE = marked(
    'This date names no time zone. Set time_zone = "Asia/Seoul" at the top of the file, or write it as 2026-12-13T23:59:00+09:00.'
)
_NO_DATE = marked("Not a date. Write it without quotes, as 2026-12-13 23:59:00.")


class TermError(ValueError):
    """A term's file that cannot be used. `problems` are what is wrong, each with the line it stands in, 0 for the whole file."""

    def __init__(self, path: Path, problems: Iterable[tuple[int, Message]]) -> None:
        self.path = path
        self.problems = sorted(problems, key=lambda each: each[0])
        super().__init__("\n".join(self.lines("en")))

    def lines(self, code: str | None = None) -> list[str]:
        """Each problem as FILE:LINE: what is wrong and what to do."""
        return [
            f"{self.path}:{line}: {problem.render(code)}" if line else f"{self.path}: {problem.render(code)}"
            for line, problem in self.problems
        ]


def find(*folders: Path) -> Path | None:
    """The term's file in one of these folders, or in one above the first of them."""
    looked = [*folders, *folders[0].resolve().parents] if folders else []
    return next((folder / FILE for folder in looked if (folder / FILE).is_file()), None)


def read(path: Path, *, anywhere: bool = True) -> Term:
    """The term of this file, whose course is the one in use from now on; raises TermError.

    With `anywhere` false its course is one known by name: whoever made a folder must not say whose graders run.
    """
    reader, data = _open(path)
    return replace(reader.term(anywhere=anywhere), text=data)


def use_course(path: Path) -> None:
    """Use the course that a term's file names, and read nothing else of it; raises TermError."""
    _open(path)[0].use_course()


def _open(path: Path) -> tuple[_Reader, bytes]:
    try:
        data = path.read_bytes()
        return _Reader(path, data.decode("utf-8-sig")), data
    except OSError as error:
        raise TermError(path, [(0, say("It cannot be read: {error}", error=error.strerror))]) from error
    except UnicodeDecodeError as error:
        raise TermError(path, [(0, say("It is not written in UTF-8: save it so in your editor."))]) from error


Place = tuple[str | int, ...]


class _Reader:
    def __init__(self, path: Path, text: str) -> None:
        self._path = path
        self._text = text
        self._problems: list[tuple[int, Message]] = []
        self._zone: ZoneInfo | None = None
        self._of_course = ""

    def _data(self) -> dict[str, Any]:
        try:
            return tomllib.loads(self._text)
        except tomllib.TOMLDecodeError as error:
            found = re.search(r"at line (\d+)", str(error))
            line = int(found[1]) if found else len(self._text.splitlines())
            reason = str(error).partition(" (at ")[0]
            raise TermError(self._path, [(line, say("This is not TOML: {reason}", reason=reason))]) from error

    def use_course(self) -> None:
        self._use_course(self._data(), anywhere=True)

    def term(self, *, anywhere: bool) -> Term:
        data = self._data()
        self._known(data, (), _TOP)
        self._use_course(data, anywhere=anywhere)
        self._zone = self._time_zone(data, (), None)
        students = self._roster(data)
        late = self._late(data, (), Late())
        assignments = self._assignments(data, late)
        term = Term(
            self._path,
            assignments,
            title=self._string(data, (), "title"),
            courses=catalog().names,
            zone=self._zone,
            language=self._language(data, ()),
            roster_path=self._path.parent / str(data["roster"]) if "roster" in data else None,
            roster=students,
            drop_lowest=self._count(data, (), "drop_lowest", most=max(0, len(assignments) - 1)),
            students=self._students(data, assignments, students),
        )
        if self._problems:
            raise TermError(self._path, self._problems)
        return term

    def _use_course(self, data: Mapping[str, Any], *, anywhere: bool) -> None:
        """Everything below depends on it: where it cannot be used, that is all there is to say."""
        before = len(self._problems)
        courses.use(None)
        chosen = courses.current() if courses.is_chosen() else None
        names = self._courses_named(data)
        try:
            found = [
                self._course(name, None if n else chosen, anywhere=anywhere) for n, name in enumerate(names)
            ]
            if len(self._problems) == before:
                courses.use(joint(tuple(course for course in found if course is not None)) if found else None)
        except (courses.CourseError, ManifestError) as error:
            self._say(("course",), say("{error}", error=error))
        if len(self._problems) > before:
            raise TermError(self._path, self._problems)
        if len(names) == 1:
            said = str(catalog().root) if courses.is_folder(names[0]) else names[0]
            self._of_course = f" --course {shell.quoted([said])}"

    def _courses_named(self, data: Mapping[str, Any]) -> list[str]:
        """The names or folders of its courses; several where it takes exercises from several."""
        value = data.get("course", [])
        names = [value] if isinstance(value, str) else value
        if not isinstance(names, list) or not all(isinstance(name, str) for name in names):
            self._say(
                ("course",), say('course must be a text in quotes, or several: course = ["one", "other"].')
            )
            return []
        return [name for name in names if name]

    def _course(self, name: str, chosen: Course | None, *, anywhere: bool) -> Course | None:
        if chosen is not None:
            if courses.is_folder(name) or name != chosen.name:
                found = courses.asked(name, self._path.parent)
                if found.root != chosen.root:
                    both = (
                        (found.name, chosen.name) if found.name != chosen.name else (found.root, chosen.root)
                    )
                    text = say("The term is one of the course {name}, and --course names {other}: leave --course out, or"
                               " change this line.", name=both[0], other=both[1])  # fmt: skip
                    self._say(("course",), text)
            return chosen
        if anywhere:
            return courses.asked(name, self._path.parent)
        if courses.is_folder(name):
            command = f"--term {shell.quoted([str(self._path)])}"
            text = say("A course's folder is taken from a term of your own alone, and this one lies among what is graded: if it"
                       " is yours, add {command}.", command=command)  # fmt: skip
            self._say(("course",), text)
            return None
        return courses.named(name)

    def _say(self, place: Place, problem: Message) -> None:
        self._problems.append((places.line(self._text, place), problem))

    def _known(self, table: Mapping[str, Any], place: Place, known: Iterable[str]) -> None:
        for name in table:
            if name not in known:
                self._unknown((*place, name), name, known)

    def _unknown(self, place: Place, name: str, known: Iterable[str]) -> None:
        near = difflib.get_close_matches(name.lower(), list(known), n=3, cutoff=0.5) or list(known)
        self._say(
            place, say(_UNKNOWN, name=name, known=", ".join(near[:12]) + (" …" if len(near) > 12 else ""))
        )

    def _table(self, table: Mapping[str, Any], place: Place, name: str) -> dict[str, Any]:
        value = table.get(name, {})
        if isinstance(value, dict):
            return value
        self._say((*place, name), say("{name} must be a table: [{table}]", name=name,
                                      table=".".join(map(str, (*place, name)))))  # fmt: skip
        return {}

    def _string(self, table: Mapping[str, Any], place: Place, name: str) -> str:
        value = table.get(name, "")
        if not isinstance(value, str):
            self._say((*place, name), say("{name} must be a text in quotes.", name=name))
            return ""
        return value

    def _number(
        self, table: Mapping[str, Any], place: Place, name: str, *, most: float, default: float = 0.0
    ) -> float:
        value = table.get(name, default)
        fits = isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)
        if not fits or not 0 <= value <= most or (isinstance(value, float) and round(value, 2) != value):
            text = say(
                "{name} must be a number from 0 to {most}, with at most two decimals.",
                name=name,
                most=f"{most:g}",
            )
            self._say((*place, name), text)
            return default
        return float(value)

    def _count(
        self, table: Mapping[str, Any], place: Place, name: str, *, most: int, default: int = 0
    ) -> int:
        value = table.get(name, default)
        if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value <= most:
            self._say(
                (*place, name), say("{name} must be a whole number from 0 to {most}.", name=name, most=most)
            )
            return default
        return value

    def _language(self, table: Mapping[str, Any], place: Place) -> str:
        code = self._string(table, place, "language")
        if code and code not in courses.languages():
            self._unknown((*place, "language"), code, courses.languages())
        return code

    def _time_zone(self, table: Mapping[str, Any], place: Place, default: ZoneInfo | None) -> ZoneInfo | None:
        name = self._string(table, place, "time_zone")
        if not name:
            return default
        try:
            return dates.zone(name)
        except dates.NoTime:
            text = say("There is no time zone {name}: name a place, such as Asia/Seoul.", name=name)
            self._say((*place, "time_zone"), text)
            return dates.zone("UTC")

    def _date(
        self, table: Mapping[str, Any], place: Place, name: str, zone: ZoneInfo | None
    ) -> datetime | None:
        if name not in table:
            return None
        value = table[name]
        if not isinstance(value, datetime):
            told = (
                say("A date without a time: add one, as 23:59:00.")
                if isinstance(value, date)
                else say(_NO_DATE)
            )
            self._say((*place, name), told)
            return None
        try:
            return dates.aware(value, zone)
        except dates.NoTime:
            self._say((*place, name), say(_NO_ZONE))
            return None

    def _late(self, table: Mapping[str, Any], place: Place, default: Late) -> Late:
        if "late" not in table:
            return default
        rule, here = self._table(table, place, "late"), (*place, "late")
        self._known(rule, here, _LATE)
        per = rule.get("per", "none")
        if per not in _PER:
            self._unknown((*here, "per"), str(per), _PER)
            per = "none"
        grace, given = timedelta(0), self._string(rule, here, "grace")
        try:
            grace = dates.duration(given) if given else grace
        except dates.NoTime:
            self._say(
                (*here, "grace"),
                say('{text} is no duration: write "15 min", "2 hours" or "1 day".', text=given),
            )
        if per != "none" and "percent" not in rule:
            self._say(here, say("percent is missing: what late work loses for each day or hour begun."))
        percent = self._number(rule, here, "percent", most=100)
        return Late(per, percent, self._number(rule, here, "most", most=100, default=100.0), grace)

    def _roster(self, data: Mapping[str, Any]) -> Roster:
        name = self._string(data, (), "roster")
        if not name:
            return Roster()
        path = self._path.parent / name
        try:
            return roster.read(path)
        except roster.RosterError as error:
            text = say(
                "The list of students {path} cannot be used: {reason}.", path=path, reason=error.reason
            )
            self._say(("roster",), text)
            return Roster()

    def _assignments(self, data: Mapping[str, Any], late: Late) -> tuple[Assignment, ...]:
        found: list[Assignment] = []
        seen: dict[str, str] = {}
        asked: dict[str, str] = {}
        tables = self._table(data, (), "assignments")
        if not tables:
            self._say((), say("There is no assignment yet: write a table [assignments.NAME]."))
        for name in tables:
            place: Place = ("assignments", name)
            table = self._table(tables, ("assignments",), name)
            self._named(name, place, [each.name for each in found])
            self._known(table, place, _ASSIGNMENT)
            zone = self._time_zone(table, place, self._zone)
            work = tuple(self._work(table, place, name, zone, seen))
            quizzes = tuple(self._quizzes(table, place, name, asked))
            if not work and not quizzes:
                self._say(
                    place,
                    say("{name} has nothing to hand in: add [assignments.{name}.exercises].", name=name),
                )
            found.append(
                Assignment(
                    name,
                    work,
                    quizzes,
                    self._titles(table, place),
                    self._date(table, place, "due", zone),
                    self._late(table, place, late),
                    self._count(table, place, "drop_lowest", most=max(0, len(work) - 1)),
                )
            )
        return tuple(found)

    def _named(self, name: str, place: Place, others: Iterable[str]) -> None:
        if not _NAME.fullmatch(name) or name.casefold() in _RESERVED:
            text = say(
                "{name} cannot be an assignment's name: take letters, digits and hyphens, as week1.",
                name=name,
            )
            self._say(place, text)
        same = [other for other in others if other.casefold() == name.casefold()]
        taken = name in {exercise.slug for exercise in catalog()}
        if same or taken:
            what = same[0] if same else name
            self._say(
                place,
                say(
                    "{name} is already the name of another: {other}. Choose a new one.", name=name, other=what
                ),
            )

    def _titles(self, table: Mapping[str, Any], place: Place) -> Mapping[str, str]:
        value = table.get("title", "")
        if isinstance(value, str):
            return {"": value} if value else {}
        titles = self._table(table, place, "title")
        self._known(titles, (*place, "title"), courses.languages())
        return {code: self._string(titles, (*place, "title"), code) for code in titles}

    def _work(
        self, table: Mapping[str, Any], place: Place, name: str, zone: ZoneInfo | None, seen: dict[str, str]
    ) -> Iterator[Work]:
        tables = self._table(table, place, "exercises")
        for slug, value in tables.items():
            here = (*place, "exercises", slug)
            exercise = self._exercise(slug, here)
            entry = value if isinstance(value, dict) else {"points": value}
            self._known(entry, here, _WORK)
            if slug in seen:
                text = say("{name} is in two assignments, {first} and {second}: leave it in one.", name=slug,
                           first=seen[slug], second=name)  # fmt: skip
                self._say(here, text)
            seen[slug] = name
            if exercise is None:
                continue
            if "points" not in entry:
                self._say(here, say("points is missing: what {name} is worth.", name=slug))
            report = self._number(entry, here, "report", most=_MOST_POINTS)
            if report and not exercise.report:
                self._say((*here, "report"), say("{name} asks for no report: take this key out.", name=slug))
            due = self._date(entry, here, "due", zone)
            where = here if isinstance(value, dict) else here[:-1]
            points = self._number(entry if isinstance(value, dict) else {slug: value}, where,
                                  "points" if isinstance(value, dict) else slug, most=_MOST_POINTS)  # fmt: skip
            yield Work(exercise, points, report, due)

    def _exercise(self, slug: str, place: Place) -> Exercise | None:
        try:
            return catalog().exercise(slug)
        except UnknownName as error:
            days = {day.slug: day for day in catalog().days}
            if slug in days:
                names = ", ".join(exercise.slug for exercise in days[slug].exercises)
                self._say(place, say("{name} is a day; name its exercises: {names}.", name=slug, names=names))
            elif error.nearest:
                self._unknown(place, slug, error.nearest)
            else:
                text = say("There is no exercise {name}: `{command}` shows them all.", name=slug,
                           command=f"course list{self._of_course}")  # fmt: skip
                self._say(place, text)
            return None

    def _quizzes(
        self, table: Mapping[str, Any], place: Place, name: str, asked: dict[str, str]
    ) -> Iterator[Quiz]:
        for topic, value in self._table(table, place, "quiz").items():
            here = (*place, "quiz", topic)
            if not isinstance(value, dict):
                self._say(here, say("Write {name} = { questions = 5, points = 5 }.", name=topic))
                continue
            self._known(value, here, _QUIZ)
            try:
                questions = bank.select([topic])
            except UnknownQuiz as error:
                if error.nearest:
                    self._unknown(here, topic, error.nearest)
                else:
                    text = say("There is no quiz on {name}: `{command}` shows them all.", name=topic,
                               command=f"course quiz --list{self._of_course}")  # fmt: skip
                    self._say(here, text)
                continue
            except BankError as error:
                raise TermError(self._path, [(0, say("{error}", error=error))]) from error
            twice = sorted({asked[each.id] for each in questions if each.id in asked})
            if twice:
                text = say(
                    "{name} asks what {other} already asks: leave one of them out.",
                    name=topic,
                    other=twice[0],
                )
                self._say(here, text)
            asked |= {each.id: topic for each in questions}
            self._only_here(questions, here)
            for key in _QUIZ:
                if key not in value:
                    self._say(here, say("{key} is missing in the quiz on {name}.", key=key, name=topic))
            count = self._count(value, here, "questions", most=len(questions), default=1)
            chosen = tuple(question.id for question in answers.questions(topic, max(1, count)))
            yield Quiz(topic, chosen, self._number(value, here, "points", most=_MOST_POINTS))

    def _only_here(self, questions: Iterable[Question], place: Place) -> None:
        """A question is known by its id alone: two courses of one term cannot each ask one of the same id."""
        known = {each.name: set(bank.ids(each.root)) for each in courses.held()} if catalog().others else {}
        for question in questions:
            having = [name for name, ids in known.items() if question.id in ids]
            if len(having) > 1:
                text = say("The courses {names} each have a question {id}: give one of them another id.",
                           names=", ".join(having), id=question.id)  # fmt: skip
                self._say(place, text)
                return

    def _students(
        self, data: Mapping[str, Any], assignments: Iterable[Assignment], students: Roster
    ) -> dict[str, Exceptions]:
        known = {student.id for student in students.students}
        names = [name for each in assignments for name in (each.name, *each.items)]
        dues = {each.name: each.due for each in assignments} | {
            work.exercise.slug: work.due or each.due for each in assignments for work in each.work
        }
        tables = self._table(data, (), "students")
        found = {}
        for student in tables:
            place: Place = ("students", student)
            table = self._table(tables, ("students",), student)
            self._known(table, place, _STUDENT)
            if known and student not in known:
                near = difflib.get_close_matches(student, known, n=3, cutoff=0.5)
                text = say("There is no student {name} on the list of students.", name=student)
                if near:
                    text = say("There is no student {name} on the list of students. Did you mean {near}?",
                               name=student, near=", ".join(near))  # fmt: skip
                self._say(place, text)
            found[student] = Exceptions(
                self._language(table, place),
                frozenset(self._exempt(table, place, names)),
                dict(self._extensions(table, place, dues)),
                dict(self._times(table, place, dues)),
            )
        return found

    def _exempt(self, table: Mapping[str, Any], place: Place, names: list[str]) -> Iterator[str]:
        value = table.get("exempt", [])
        if not isinstance(value, list) or not all(isinstance(name, str) for name in value):
            self._say((*place, "exempt"), say('exempt must be a list of names: exempt = ["week1"].'))
            return
        for number, name in enumerate(value):
            if name not in names:
                self._unknown((*place, "exempt", number), name, names)
            yield name

    def _extensions(
        self, table: Mapping[str, Any], place: Place, dues: Mapping[str, datetime | None]
    ) -> Iterator[tuple[str, datetime | timedelta]]:
        tables, here = self._table(table, place, "extensions"), (*place, "extensions")
        for name, value in tables.items():
            if name not in dues:
                self._unknown((*here, name), name, dues)
                continue
            due = dues[name]
            if due is None:
                self._say((*here, name), say("{name} has no due date to extend: give it one.", name=name))
            if isinstance(value, str):
                try:
                    yield name, dates.duration(value)
                except dates.NoTime:
                    text = say('{text} is no duration: write "15 min", "2 hours" or "1 day".', text=value)
                    self._say((*here, name), text)
                continue
            time = self._date(tables, here, name, self._zone)
            if time is not None and due is not None and time < due:
                self._say((*here, name), say("This extension of {name} ends before the due date.", name=name))
            elif time is not None:
                yield name, time

    def _times(
        self, table: Mapping[str, Any], place: Place, dues: Mapping[str, datetime | None]
    ) -> Iterator[tuple[str, datetime]]:
        tables, here = self._table(table, place, "handed_in"), (*place, "handed_in")
        for name in tables:
            if name not in dues:
                self._unknown((*here, name), name, dues)
                continue
            time = self._date(tables, here, name, self._zone)
            if time is not None:
                yield name, time

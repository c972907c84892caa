"""The bank: every day's quiz.toml and the topics, read once and kept parsed, since reading TOML takes longer than all else."""

from __future__ import annotations

import contextlib
import functools
import json
import re
import tomllib
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from course.content import catalog, courses
from course.content.manifest import Course
from course.language import Words
from course.quizzes.errors import BankError, UnknownQuiz
from course.system import files, folders

if TYPE_CHECKING:
    from course.quizzes.question import Question


@dataclass(frozen=True)
class Topic:
    """One topic: the day whose quiz asks about it, its number in the study list (0: not on it), exercises that treat it."""

    slug: str
    day: str
    titles: Words
    study: int = 0
    read: tuple[str, ...] = ()

    def title(self, language: str) -> str:
        """The title in a language, where it has none in the one that stands in."""
        return self.titles[language]


def root(folder: Path | None = None) -> Path:
    """The content's folder, by default that of the course in use."""
    return folder or catalog.catalog().root


def roots(folder: Path | None = None) -> tuple[Path, ...]:
    """The same of every course that the one in use holds; what two of them call alike is the first one's."""
    return (folder,) if folder is not None else (root(), *catalog.catalog().roots[1:])


def home(day: str, folder: Path | None = None) -> Path:
    """The content's folder that a day's quiz is in."""
    places = roots(folder)
    return next((each for each in places if source(day, each).is_file()), places[0])


def source(day: str, folder: Path | None = None) -> Path:
    """Where a day's questions are written."""
    return (folder or home(day)) / "solutions" / day / "quiz.toml"


def released(day: str, folder: Path | None = None) -> Path:
    """The file without key and explanations that a learner receives; generated."""
    return root(folder) / "exercises" / day / "quiz.toml"


def topics_file(folder: Path | None = None) -> Path:
    """The list of topics."""
    return root(folder) / "solutions" / "topics.toml"


def days(folder: Path | None = None) -> list[str]:
    """The days that have a quiz, in order."""
    found = [slug for each in roots(folder) for slug in _days(each) if source(slug, each).is_file()]
    return list(dict.fromkeys(found))


def topics(folder: Path | None = None) -> dict[str, Topic]:
    """The topics by slug, in the course's order; raises BankError."""
    found: dict[str, Topic] = {}
    for each in roots(folder):
        found |= {slug: topic for slug, topic in _topics(each).items() if slug not in found}
    return found


@dataclass(frozen=True)
class Listed:
    """A question not yet read, only named; `read` makes it one."""

    id: str
    day: str
    topic: str
    entry: dict[str, Any]
    path: Path
    course: Course

    @property
    def group(self) -> str:
        """What no two questions of a quiz have in common."""
        return str(self.entry.get("group") or self.id)

    def read(self) -> Question:
        """The question; raises BankError."""
        from course.quizzes import entries  # where questions are only counted none is read

        try:
            return entries.read(self.entry, self.day, entries.languages(self.course))
        except entries.EntryError as error:
            problems = [f"{written(self.path, self.id)}: {problem}" for problem in error.problems]
            raise BankError(problems) from error


def load(day: str, folder: Path | None = None) -> list[Question]:
    """A day's questions in the order they are written; raises BankError."""
    questions, problems = read(day, folder)
    if problems:
        raise BankError(problems)
    return questions


def everything(folder: Path | None = None) -> list[Question]:
    """All questions, a day after the other; raises BankError."""
    return [question for each in roots(folder) for day in days(each) for question in load(day, each)]


def select(names: Iterable[str], folder: Path | None = None) -> list[Question]:
    """The questions of these days, topics and ids in the bank's order, all for no name; reads only the days it needs.

    Raises UnknownQuiz or BankError.
    """
    return [listed.read() for listed in find(names, folder)]


def find(names: Iterable[str], folder: Path | None = None) -> list[Listed]:
    """The same, without reading more of each than its name; raises UnknownQuiz or BankError."""
    wanted = set(names)
    places = roots(folder)
    if not wanted:
        return [listed for each in places for day in days(each) for listed in _listed(day, each)]
    chosen = []
    for each in places:
        chosen += (found := _find(wanted, each))
        wanted -= {*days(each), *topics(each), *(question.id for question in found)}
        if not wanted:
            return chosen
    import difflib

    known = [name for each in places for name in (*days(each), *topics(each), *ids(each))]
    name = min(wanted)
    raise UnknownQuiz(name, difflib.get_close_matches(name.lower(), known, n=3, cutoff=0.5))


def _find(wanted: set[str], folder: Path) -> list[Listed]:
    """Of one course's questions those that are wanted."""
    known, there = topics(folder), days(folder)
    needed = (wanted & set(there)) | {known[name].day for name in wanted & set(known)}
    if wanted - set(there) - set(known):
        needed = set(there)
    found = [question for day in there if day in needed for question in _listed(day, folder)]
    return [question for question in found if wanted & {question.id, question.day, question.topic}]


def ids(folder: Path) -> list[str]:
    """The ids of all of one course's questions."""
    return [question.id for day in days(folder) for question in _listed(day, folder)]


def course_of(name: str) -> Course:
    """The course whose question has this id: the one in use, or one that it holds; raises UnknownQuiz."""
    [listed] = find([name])
    return next(course for course in courses.held() if listed.path.is_relative_to(course.root))


def read(day: str, folder: Path | None = None) -> tuple[list[Question], list[str]]:
    """A day's questions that read as such, and what is wrong with the rest."""
    from course.quizzes import entries

    path, languages = source(day, folder), entries.languages(courses.at(folder or home(day)))
    questions: list[Question] = []
    problems: list[str] = []
    try:
        data = parsed(path)
    except (OSError, tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        return [], [f"{path}: {error}"]
    problems += [f"{path}: {key} is not known here" for key in sorted(set(data) - {"question"})]
    for place, entry in enumerate(_tables(data.get("question")), start=1):
        try:
            questions.append(entries.read(entry, day, languages))
        except entries.EntryError as error:
            where = written(path, str(entry.get("id", "")), place)
            problems += [f"{where}: {problem}" for problem in error.problems]
    return questions, problems


def written(path: Path, name: str, place: int = 0) -> str:
    """Where a question stands, FILE:LINE: ID; of one without an id, or of one of several, by its place in the file from 1."""
    text = path.read_text(encoding="utf-8", errors="replace") if path.is_file() else ""
    begins = [found.start() for found in re.finditer(r"^[ \t]*\[\[ *question *\]\]", text, re.MULTILINE)]
    begin = begins[place - 1] if 0 < place <= len(begins) else 0
    own = re.compile(rf"""^[ \t]*id *= *["']{re.escape(name)}["']""", re.MULTILINE).search(text, begin)
    at = own.start() if own else begin
    return f"{path}:{text.count(chr(10), 0, at) + 1}: {name or f'question {place}'}"


def _listed(day: str, folder: Path) -> list[Listed]:
    path, course = source(day, folder), courses.at(folder)
    try:
        found = list(_tables(parsed(path).get("question")))
    except (OSError, tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise BankError([f"{path}: {error}"]) from error
    return [
        Listed(str(entry.get("id")), day, str(entry.get("topic")), entry, path, course) for entry in found
    ]


def parsed(path: Path) -> dict[str, Any]:
    """A TOML file as plain values, kept in the user's cache under its content's checksum; raises what tomllib raises."""
    content = path.read_bytes()
    place = f"{zlib.crc32(str(path).encode()):08x}"
    name = f"{place}-{len(content)}-{zlib.crc32(content):08x}.json"
    try:
        data = json.loads((folders.cache() / "quiz" / name).read_bytes())
        if isinstance(data, dict):
            return data
    except (OSError, ValueError):
        pass
    data = tomllib.loads(content.decode("utf-8"))
    with contextlib.suppress(OSError, TypeError):  # a full or read-only disk; a date, which no question holds
        kept = folders.cache() / "quiz" / name
        files.write(kept, json.dumps(data, ensure_ascii=False), lasting=False)
        for older in set(kept.parent.glob(f"{place}-*.json")) - {kept}:
            older.unlink(missing_ok=True)
    return data


def _tables(value: Any) -> Iterator[dict[str, Any]]:
    for entry in value if isinstance(value, list) else []:
        yield entry if isinstance(entry, dict) else {}


@functools.cache
def _topics(folder: Path) -> dict[str, Topic]:
    path = topics_file(folder)
    if not path.is_file():
        return {}  # a course without quizzes
    try:
        listed = parsed(path)["topic"]
        found = [
            Topic(t["slug"], t["day"], Words(t["title"]), t.get("study", 0), tuple(t.get("read", ())))
            for t in listed
        ]
    except (OSError, KeyError, TypeError, tomllib.TOMLDecodeError) as error:
        raise BankError([f"{path}: {error!r}"]) from error
    return {topic.slug: topic for topic in found}


def _days(folder: Path) -> tuple[str, ...]:
    return tuple(day.slug for day in courses.at(folder).days)

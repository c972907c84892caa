"""The bank: every day's quiz.toml and the topics, read once and kept parsed, since reading TOML takes longer than all else."""

from __future__ import annotations

import functools
import json
import os
import tomllib
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from course import catalog
from course.quiz import entries
from course.quiz.errors import BankError, UnknownQuiz
from course.quiz.question import Question, Words


@dataclass(frozen=True)
class Topic:
    """One topic: the day whose quiz asks about it, and its number in the study list (0: not on it)."""

    slug: str
    day: str
    titles: Words
    study: int = 0

    def title(self, language: str) -> str:
        """The title in a language, in English where it has none."""
        return self.titles.get(language) or self.titles["en"]


def root(folder: Path | None = None) -> Path:
    """The content's folder, by default the course's own."""
    return folder or catalog.CONTENT


def source(day: str, folder: Path | None = None) -> Path:
    """Where a day's questions are written."""
    return root(folder) / "solutions" / day / "quiz.toml"


def released(day: str, folder: Path | None = None) -> Path:
    """The file without key and explanations that a learner receives; generated."""
    return root(folder) / "exercises" / day / "quiz.toml"


def topics_file(folder: Path | None = None) -> Path:
    """The list of topics."""
    return root(folder) / "solutions" / "topics.toml"


def days(folder: Path | None = None) -> list[str]:
    """The days that have a quiz, in order."""
    return [slug for slug in _days(root(folder)) if source(slug, folder).is_file()]


def topics(folder: Path | None = None) -> dict[str, Topic]:
    """The topics by slug, in the course's order; raises BankError."""
    return _topics(root(folder))


@dataclass(frozen=True)
class Listed:
    """A question not yet read, only named; `read` makes it one."""

    id: str
    day: str
    topic: str
    entry: dict[str, Any]
    path: Path

    def read(self) -> Question:
        """The question; raises BankError."""
        try:
            return entries.read(self.entry, self.day)
        except entries.EntryError as error:
            raise BankError([f"{self.path}: {self.id}: {problem}" for problem in error.problems]) from error


def load(day: str, folder: Path | None = None) -> list[Question]:
    """A day's questions in the order they are written; raises BankError."""
    questions, problems = read(day, folder)
    if problems:
        raise BankError(problems)
    return questions


def everything(folder: Path | None = None) -> list[Question]:
    """All questions, a day after the other; raises BankError."""
    return [question for day in days(folder) for question in load(day, folder)]


def select(names: Iterable[str], folder: Path | None = None) -> list[Question]:
    """The questions of these days, topics and ids in the bank's order, all for no name; reads only the days it needs.

    Raises UnknownQuiz or BankError.
    """
    return [listed.read() for listed in find(names, folder)]


def find(names: Iterable[str], folder: Path | None = None) -> list[Listed]:
    """The same, without reading more of each than its name; raises UnknownQuiz or BankError."""
    wanted = set(names)
    if not wanted:
        return [listed for day in days(folder) for listed in _listed(day, folder)]
    known = topics(folder)
    there = days(folder)
    needed = (wanted & set(there)) | {known[name].day for name in wanted & set(known)}
    if wanted - set(there) - set(known):
        needed = set(there)
    found = [question for day in there if day in needed for question in _listed(day, folder)]
    chosen = [question for question in found if wanted & {question.id, question.day, question.topic}]
    for name in sorted(wanted - set(there) - set(known) - {question.id for question in chosen}):
        import difflib

        names_known = [*there, *known, *(question.id for question in found)]
        raise UnknownQuiz(name, difflib.get_close_matches(name.lower(), names_known, n=3, cutoff=0.5))
    return chosen


def read(day: str, folder: Path | None = None) -> tuple[list[Question], list[str]]:
    """A day's questions that read as such, and what is wrong with the rest."""
    path = source(day, folder)
    questions: list[Question] = []
    problems: list[str] = []
    try:
        data = parsed(path)
    except (OSError, tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        return [], [f"{path}: {error}"]
    problems += [f"{path}: {key} is not known here" for key in sorted(set(data) - {"question"})]
    for place, entry in enumerate(_tables(data.get("question")), start=1):
        try:
            questions.append(entries.read(entry, day))
        except entries.EntryError as error:
            name = entry.get("id") or f"question {place}"
            problems += [f"{path}: {name}: {problem}" for problem in error.problems]
    return questions, problems


def _listed(day: str, folder: Path | None) -> list[Listed]:
    path = source(day, folder)
    try:
        found = list(_tables(parsed(path).get("question")))
    except (OSError, tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise BankError([f"{path}: {error}"]) from error
    return [Listed(str(entry.get("id")), day, str(entry.get("topic")), entry, path) for entry in found]


def parsed(path: Path) -> dict[str, Any]:
    """A TOML file as plain values, kept in the user's cache under its content's checksum; raises what tomllib raises."""
    content = path.read_bytes()
    place = f"{zlib.crc32(str(path).encode()):08x}"
    kept = _cache() / f"{place}-{len(content)}-{zlib.crc32(content):08x}.json"
    try:
        data = json.loads(kept.read_bytes())
        if isinstance(data, dict):
            return data
    except (OSError, ValueError):
        pass
    data = tomllib.loads(content.decode("utf-8"))
    part = kept.with_suffix(f".{os.getpid()}.part")
    try:
        kept.parent.mkdir(parents=True, exist_ok=True)
        part.write_text(json.dumps(data, ensure_ascii=False), encoding="utf-8")
        for older in kept.parent.glob(f"{place}-*.json"):
            older.unlink(missing_ok=True)
        part.replace(kept)
    except (OSError, TypeError):  # a full or read-only disk; a date, which no question holds
        part.unlink(missing_ok=True)
    return data


def _cache() -> Path:
    named = os.environ.get("COURSE_CACHE")
    if named:
        return Path(named) / "quiz"
    import platformdirs

    return platformdirs.user_cache_path("course") / "quiz"


def _tables(value: Any) -> Iterator[dict[str, Any]]:
    for entry in value if isinstance(value, list) else []:
        yield entry if isinstance(entry, dict) else {}


@functools.cache
def _topics(folder: Path) -> dict[str, Topic]:
    path = topics_file(folder)
    try:
        listed = parsed(path)["topic"]
        found = [Topic(t["slug"], t["day"], dict(t["title"]), t.get("study", 0)) for t in listed]
    except (OSError, KeyError, TypeError, tomllib.TOMLDecodeError) as error:
        raise BankError([f"{path}: {error!r}"]) from error
    return {topic.slug: topic for topic in found}


@functools.cache
def _days(folder: Path) -> tuple[str, ...]:
    if folder == catalog.CONTENT:
        return tuple(day.slug for day in catalog.catalog().days)
    return tuple(day.slug for day in catalog.load(folder).days)

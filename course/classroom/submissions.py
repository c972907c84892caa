"""What an upload holds for each exercise: which file counts, and what in it could not be read.

A file counts for an exercise by its name, SLUG.py, best in its day's folder; a notebook for all. What lies in a copy of the
course's own folders never counts.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import PurePosixPath

from course.classroom import archive, layout
from course.classroom.archive import ArchiveError, File
from course.classroom.layout import Upload
from course.content.catalog import Exercise, catalog
from course.language.messages import Message, marked, say
from course.learner import notebooks as read
from course.learner import workspace
from course.learner.subject import Subject, Unreadable, covered
from course.notebook import written
from course.quizzes import answers
from course.term import gradedcells
from course.term.term import Assignment
from course.worker import cells

# Of one student: files of code, their size in all, and that of their code.
MOST_FILES, MOST_BYTES, MOST_CODE = 500, 100_000_000, 2_000_000
# What goes to a worker in one message: of a notebook its code, without outputs.
MOST_SOURCE = workspace.MOST_BYTES
# More than these nobody reads.
MOST_PROBLEMS, MOST_NAMED = 20, 5
_MOST_OFFERS = 20
_TIMESTAMP = "timestamp.txt"


@dataclass(frozen=True)
class Work:
    """What an upload offers: for each exercise, to the quiz as credits (0 to 1) by question, as reports by exercise."""

    subjects: list[Subject]
    problems: list[Message]
    quiz: Mapping[str, float]
    reports: Mapping[str, str]


def subjects(upload: Upload, exercises: Sequence[Exercise]) -> tuple[list[Subject], list[Message]]:
    """What an upload offers for each exercise, and what in it could not be read."""
    found = work(upload, exercises)
    return found.subjects, found.problems


def part(upload: Upload, assignment: Assignment, others: Iterable[Assignment]) -> Upload:
    """What of an upload may be for an assignment: not what lies in another's folder, or is named after it or its exercises."""
    folders = {other.name.casefold() for other in others if other is not assignment}
    names = folders | {each.slug for other in others if other is not assignment for each in other.exercises}

    def foreign(file: File) -> bool:
        parts = [part.casefold() for part in file.path.parts[:-1]]
        if assignment.name.casefold() in parts:
            return False
        return bool(folders & set(parts)) or layout.slug(file.path)[0] in names

    return replace(upload, files=tuple(file for file in upload.files if not foreign(file)))


def work(upload: Upload, exercises: Sequence[Exercise], assignment: Assignment | None = None) -> Work:
    """What an upload offers for each exercise, and for the rest of an assignment; and what in it could not be read."""
    problems = [upload.problem] if upload.problem is not None else []
    sources = _Sources(upload.files, problems, assignment.name if assignment is not None else "")
    unnamed = sources.unnamed(exercises)
    if unnamed:
        named = ", ".join(unnamed[:MOST_NAMED]) + (" …" if len(unnamed) > MOST_NAMED else "")
        problems.append(say("No file is named after an exercise: {names}", names=named))
    if len(problems) > MOST_PROBLEMS:
        more = len(problems) - MOST_PROBLEMS
        problems[MOST_PROBLEMS:] = [say("And {count} more of this kind.", count=more)]
    found = [sources.subject(exercise) for exercise in exercises]
    problems += [covered(name) for subject in found if subject.untouched for name in subject.covered[:1]]
    asked = (
        [question for quiz in assignment.quizzes for question in quiz.asked] if assignment is not None else []
    )
    return Work(found, problems, dict(sources.quiz(asked)), _reports(upload, exercises))


def assignments(uploads: Iterable[Upload], known: Iterable[Assignment]) -> list[Assignment]:
    """Those that file and folder names speak of: by their own name or an exercise's."""
    words = {word.casefold() for upload in uploads for file in upload.files if not layout.own_folder(file.path)
             for word in (*file.path.parts[:-1], layout.slug(file.path)[0])}  # fmt: skip
    return [each for each in known if words & {each.name.casefold(), *(own.slug for own in each.exercises)}]


def days(uploads: Iterable[Upload]) -> set[str]:
    """The days that file and folder names speak of: by an exercise's name or the day's own."""
    named = {exercise.slug: exercise.day for exercise in catalog()} | {
        day.slug: day.slug for day in catalog().days
    }
    found: set[str] = set()
    for upload in uploads:
        for file in upload.files:
            if not layout.own_folder(file.path):
                words = [*file.path.parts[:-1], layout.slug(file.path)[0]]
                found |= {named[word] for word in words if word in named}
    return found


def handed_in(upload: Upload) -> bool:
    """Whether there is more than a platform's own notes."""
    return any(file.path.name not in _NO_WORK for file in upload.files)


def submitted(upload: Upload, assignment: Assignment | None = None) -> Mapping[str, str]:
    """When each day was handed in, as nbgrader notes it beside the notebook; "" stands for any other day.

    An assignment's folder, and folders named as its exercises, have times of their own.
    """
    known = {day.slug for day in catalog().days}
    if assignment is not None:
        known |= {assignment.name, *(exercise.slug for exercise in assignment.exercises)}
    found: dict[str, str] = {}
    for file in upload.files:
        if file.path.name == _TIMESTAMP:
            day = next((part for part in reversed(file.path.parts[:-1]) if part in known), "")
            try:
                text = file.read()[:100].decode("utf-8", "replace").strip()
            except ArchiveError:
                continue
            found[day] = max(found.get(day, ""), text)
    return found


@dataclass(frozen=True)
class _Text:
    """A file that was read: `slug` from its name, `again` how often it was handed in before, as far as the name says."""

    path: str
    source: str
    slug: str
    again: tuple[int, ...]
    notebook: bool
    number: int
    problem: Message | None = field(default=None, compare=False)
    folder: str = ""  # the assignment's, where there is one

    def is_for(self, exercise: Exercise) -> bool:
        return self.notebook or self.slug == exercise.slug

    def rank(self, exercise: Exercise) -> tuple[object, ...]:
        """The higher counts: a file before a notebook, in its place, handed in again, near the top, the later one."""
        parts = PurePosixPath(self.path).parts
        folders = {exercise.day, self.folder} - {""}
        named = self.slug == exercise.slug or self.slug in {name.casefold() for name in folders}
        place = 2 if folders & set(parts[-2:-1]) else len(parts) == 1
        return not self.notebook, named, place, self.again, -len(parts), self.number


class _Sources:
    """The texts of an upload; a problem with one file is noted and costs no other."""

    def __init__(self, files: Iterable[File], problems: list[Message], own_folder: str = "") -> None:
        self._problems = problems
        self._folder = own_folder
        self._room, self._code = MOST_BYTES, MOST_CODE
        self._texts: list[_Text] = []
        code: list[File] = []
        others: list[str] = []
        copies: Counter[str] = Counter()
        for file in files:
            kind = file.path.suffix.lower()
            if layout.own_folder(file.path):
                copies[layout.own_folder(file.path)] += kind in _CODE
            elif kind in _CODE or file.refused:
                code.append(file)
            elif archive.is_packed(file.path):
                self._note(file, say("only zip archives are opened"))
            elif file.path.name not in _NO_WORK:
                others.append(str(file.path))
        for folder, count in copies.items():
            if count:
                problems.append(say(_A_COPY, folder=folder, count=count))
        if len(code) > MOST_FILES:
            problems.append(say("Only the first {count} files were looked at.", count=MOST_FILES))
        for file in code[:MOST_FILES]:
            if self._room <= 0 or self._code <= 0:
                problems.append(say("The rest is not read: the files are too large in all."))
                break
            self._add(file)
        if others and not code and not problems:
            named = ", ".join(others[:MOST_NAMED]) + (" …" if len(others) > MOST_NAMED else "")
            problems.append(say("There is no Python file and no notebook, only {names}.", names=named))

    def subject(self, exercise: Exercise) -> Subject:
        """The exercise's own file, else a notebook; the best that is more than the stub, else any, else nothing."""
        fitting = [text for text in self._texts if text.is_for(exercise)]
        ranked = sorted(fitting, key=lambda text: text.rank(exercise), reverse=True)
        offers = [Subject(exercise, text.path, text.source, text.problem) for text in ranked[:_MOST_OFFERS]]
        touched = (offer for offer in offers if not offer.untouched)
        nothing = Subject(exercise, f"{exercise.day}/{exercise.slug}.py", None)
        return next(touched, offers[0] if offers else nothing)

    def quiz(self, asked: Sequence[str]) -> Iterable[tuple[str, float]]:
        """What the answers to these questions earn, wherever in a notebook or a file `quiz.py` they are; the best counts."""
        texts = [text.source for text in self._texts if text.notebook]
        texts += [cells.join([cells.Cell("cell 1", "", text.source)]) for text in self._texts
                  if text.slug == _QUIZ and not text.notebook]  # fmt: skip
        for name in asked:
            question = answers.asked(name)
            mine = [text for text in texts if answers.variable(question) in text]
            if mine:
                yield name, max(answers.verdict(text, question).credit for text in mine)

    def unnamed(self, exercises: Iterable[Exercise]) -> list[str]:
        """The files that are no exercise's, where not one is any's."""
        slugs = {exercise.slug for exercise in catalog()}
        if any(text.notebook or text.slug in slugs for text in self._texts):
            return []
        return [text.path for text in self._texts]

    def _add(self, file: File) -> None:
        try:
            data = file.read()
        except ArchiveError as error:
            self._note(file, error.reason)
            return
        self._room -= len(data)
        if file.path.suffix.lower() == ".py" and len(data) > MOST_SOURCE:
            self._note(file, say("its code is larger than {size} MB", size=MOST_SOURCE / 1e6))
            return
        name, path = file.path.name, str(file.path)
        notebook = file.path.suffix.lower() != ".py"
        source, problem = "", None
        try:
            source = read.text(data, name) if notebook else workspace.text(data, name)
        except Unreadable as error:
            problem = error.message
            self._problems.append(say("{file} cannot be used. {reason}", file=path, reason=problem))
            if notebook:
                return
        size = len(source.encode("utf-8", "replace"))
        if size > MOST_SOURCE:
            self._note(file, say("its code is larger than {size} MB", size=MOST_SOURCE / 1e6))
            return
        self._code -= size
        called, again = layout.slug(file.path)
        zips = [
            layout.slug(PurePosixPath(part))[1]
            for part in file.path.parts[:-1]
            if part.lower().endswith(".zip")
        ]
        text = _Text(path, source, called, (*zips, again), notebook, len(self._texts), problem, self._folder)
        self._texts.append(text)

    def _note(self, file: File, reason: Message) -> None:
        self._problems.append(say("{file} cannot be read: {reason}", file=str(file.path), reason=reason))


def _reports(upload: Upload, exercises: Iterable[Exercise]) -> dict[str, str]:
    """By exercise the report that was handed in: a cell of a notebook, or a file named after the exercise, or `report`."""
    slugs = [exercise.slug for exercise in exercises if exercise.report]
    found: dict[str, str] = {}
    for file in upload.files if slugs else ():
        kind, name = file.path.suffix.lower(), layout.slug(file.path)[0]
        own = [
            slug
            for slug in slugs
            if name in (slug, gradedcells.report(slug)) or (name == "report" and len(slugs) == 1)
        ]
        if layout.own_folder(file.path) or not (kind == ".ipynb" or (own and kind in (*_TEXTS, *_DOCUMENTS))):
            continue
        try:
            data = file.read()
        except ArchiveError:
            continue
        if kind == ".ipynb":
            found |= written.reports(data, slugs)
        elif kind in _DOCUMENTS:
            found |= dict.fromkeys(own, f"[{file.path}]")
        elif written.is_written(data.decode("utf-8", "replace")):
            found |= {slug: data[:_MOST_REPORT].decode("utf-8", "replace") for slug in own}
    return found


_CODE = (".py", ".ipynb")
_TEXTS, _DOCUMENTS = (".md", ".txt"), (".pdf", ".docx", ".odt")
_MOST_REPORT = 100_000
# A file of code that only answers the quiz.
_QUIZ = "quiz"
_NO_WORK = (_TIMESTAMP, "submission_secret.txt")
_A_COPY = marked(
    "What lies in {folder}/, a folder of the course's own, does not count (files: {count}): hand in DAY/SLUG.py."
)

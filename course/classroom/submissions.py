"""Whose file is whose: a folder of student folders, nbgrader's `submitted`, Moodle's and Canvas' bulk downloads."""

from __future__ import annotations

import contextlib
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from course import workspace
from course.catalog import Exercise, catalog
from course.classroom import archive
from course.classroom.archive import ArchiveError, File
from course.classroom.roster import Roster, Student
from course.messages import Message, say
from course.notebook import read
from course.subject import Subject

MOST_FILES, MOST_BYTES = 2_000, 100 << 20
# What goes to a worker in one message: of a notebook its code, without outputs.
MOST_SOURCE = 500_000
# Moodle: a folder "NAME_NUMBER_assignsubmission_file_" a student, or that as the beginning of a file's name.
_MOODLE = re.compile(r"(?P<name>.+)_(?P<number>\d+)_assignsubmission_(?:file|onlinetext)_?(?P<rest>.*)")
# Canvas: "NAME_NUMBER_ATTACHMENT_FILE", with LATE after the name of one that came late.
_CANVAS = re.compile(r"(?P<name>[^_]+?)(?:_LATE)?_(?P<number>\d+)_\d+_(?P<rest>.+)")
# What browsers and platforms add to the name of a file handed in again: "-1", "(1)", " (1)".
_AGAIN = re.compile(r"(?P<slug>.+?)(?:-(?P<n>\d+)| ?\((?P<m>\d+)\))?")


class NoSubmissions(ValueError):
    """What was named holds no submissions of a class."""


class OneSubmission(NoSubmissions):
    """It looks like the work of a single student."""


@dataclass(frozen=True)
class Upload:
    """What one student handed in; `problem` says why it may not be theirs."""

    student: Student
    files: tuple[File, ...] = ()
    problem: Message | None = None


def find(source: Path, roster: Roster) -> list[Upload]:
    """Every upload, one a student and ordered by id, with empty ones for those on the roster who handed in nothing.

    Raises:
        NoSubmissions, OneSubmission, course.classroom.archive.ArchiveError.
    """
    top = source / "submitted" if (source / "submitted").is_dir() else source
    found = list(_unwrapped(list(archive.files(top)), source))
    days = {day.slug for day in catalog().days}
    if found and all(file.path.parts[0] in days for file in found):
        raise OneSubmission
    files: dict[str, list[File]] = {}
    owners: dict[str, tuple[Student, Message | None]] = {}
    for file in found:
        owner = _owner(file, roster)
        if owner is not None:
            student, problem, rest = owner
            owners.setdefault(student.id, (student, problem))
            files.setdefault(student.id, []).append(File(rest, file.read))
    if not owners:
        raise NoSubmissions
    uploads = [Upload(student, tuple(files[id_]), problem) for id_, (student, problem) in owners.items()]
    uploads += [Upload(student) for student in roster.students if student.id not in owners]
    return sorted(uploads, key=lambda upload: upload.student.id)


def _unwrapped(files: list[File], source: Path) -> Iterable[File]:
    """Without the folder that a zip of a folder begins with."""
    first = {file.path.parts[0] for file in files if len(file.path.parts) > 1}
    if first and first <= {"submitted", source.stem} and all(len(file.path.parts) > 2 for file in files):
        return [File(PurePosixPath(*file.path.parts[1:]), file.read) for file in files]
    return files


def _owner(file: File, roster: Roster) -> tuple[Student, Message | None, PurePosixPath] | None:
    top, *below = file.path.parts
    match = _MOODLE.fullmatch(top) or (_CANVAS.fullmatch(top) if not below else None)
    if match is not None:
        name, number, first = match["name"].strip(), match["number"], match["rest"]
    elif below:
        name, number, first = top, "", ""
    elif file.path.suffix.lower() == ".zip":
        name, number, first = file.path.stem, "", top
    else:
        return None  # a file that lies beside the students' folders
    rest = PurePosixPath(*([first] if first else []), *below)
    known = roster.find(number=number, name=name)
    if len(known) == 1:
        return known[0], None, rest
    stranger = Student(number or name, name, platform_id=number)
    if not roster.students:
        return stranger, None, rest
    text = say("Several students on the roster are called {name}.", name=name)
    return stranger, text if known else say("{name} is not on the roster.", name=name), rest


def subjects(upload: Upload, exercises: Sequence[Exercise]) -> tuple[list[Subject], list[Message]]:
    """What an upload offers for each exercise, and what in it could not be read."""
    problems = [upload.problem] if upload.problem is not None else []
    sources = _Sources(upload.files, problems)
    return [sources.subject(exercise) for exercise in exercises], problems


def days(uploads: Iterable[Upload]) -> set[str]:
    """The days that file and folder names speak of: by an exercise's name or the day's own."""
    named = {exercise.slug: exercise.day for exercise in catalog()} | {
        day.slug: day.slug for day in catalog().days
    }
    found: set[str] = set()
    for upload in uploads:
        for file in _unzipped(upload.files, lambda *_: None):
            words = [*file.path.parts[:-1], _slug(file.path)]
            found |= {named[word] for word in words if word in named}
    return found


def submitted(upload: Upload) -> str:
    """When it was handed in, as nbgrader notes it; "" where nobody did."""
    for file in upload.files:
        if file.path.name == "timestamp.txt":
            with contextlib.suppress(ArchiveError):
                return file.read()[:100].decode("utf-8", "replace").strip()
    return ""


def _slug(path: PurePosixPath) -> str:
    match = _AGAIN.fullmatch(path.stem.lower())
    return match["slug"] if match else ""


def _unzipped(
    files: Iterable[File], problem: Callable[[File, ArchiveError], None], *, nested: bool = False
) -> Iterator[File]:
    """The files, with those of a zip a student made in its place; a zip in that zip is left alone."""
    for file in files:
        try:
            if archive.is_packed(file.path):
                raise ArchiveError(say("only zip archives are opened"))
            if file.path.suffix.lower() != ".zip":
                yield file
            elif not nested:
                yield from _unzipped(archive.in_zip(file.read), problem, nested=True)
        except ArchiveError as error:
            problem(file, error)


@dataclass(frozen=True, order=True)
class _Text:
    """A file that was read: `slug` from its name, `again` how often it was handed in before, as far as the name says."""

    path: str
    source: str
    slug: str
    again: int
    notebook: bool

    def is_for(self, exercise: Exercise) -> bool:
        return self.notebook or self.slug == exercise.slug

    def rank(self, exercise: Exercise) -> tuple[bool, bool, int, int]:
        named = self.slug in (exercise.slug, exercise.day)
        return not self.notebook, named, self.again, self.path.count("/")


class _Sources:
    """The texts of an upload; a problem with one file is noted and costs no other."""

    def __init__(self, files: Iterable[File], problems: list[Message]) -> None:
        self._problems = problems
        self._room = MOST_BYTES
        self._texts: list[_Text] = []
        for number, file in enumerate(_unzipped(files, self._note)):
            if number == MOST_FILES:
                problems.append(say("Only the first {count} files were looked at.", count=MOST_FILES))
                break
            if file.path.suffix.lower() in (".py", ".ipynb"):
                self._add(file)

    def subject(self, exercise: Exercise) -> Subject:
        """The exercise's own file, else a notebook; the latest that is more than the stub, else any, else nothing."""
        ranked = sorted(
            (text.rank(exercise), text.path, text) for text in self._texts if text.is_for(exercise)
        )
        offers = [Subject(exercise, text.path, text.source) for _rank, _path, text in reversed(ranked)]
        touched = (offer for offer in offers if not offer.untouched)
        nothing = Subject(exercise, f"{exercise.day}/{exercise.slug}.py", None)
        return next(touched, offers[0] if offers else nothing)

    def _add(self, file: File) -> None:
        data = self._read(file)
        if data is None:
            return
        name, path = file.path.name, str(file.path)
        if file.path.suffix.lower() == ".py":
            source, notebook = workspace.text(data, name), False
        else:
            try:
                source, notebook = read.text(data, name), True
            except read.UnreadableNotebook as error:
                self._problems.append(
                    say("{file} is not a readable notebook: {reason}", file=path, reason=str(error))
                )
                return
        if len(source.encode("utf-8", "replace")) > MOST_SOURCE:
            self._note(file, ArchiveError(say("its code is larger than {size} MB", size=MOST_SOURCE / 1e6)))
            return
        match = _AGAIN.fullmatch(file.path.stem.lower())
        slug, again = (match["slug"], int(match["n"] or match["m"] or 0)) if match else ("", 0)
        self._texts.append(_Text(path, source, slug, again, notebook))

    def _read(self, file: File) -> bytes | None:
        try:
            data = file.read()
            self._room -= len(data)
            if self._room < 0:
                raise ArchiveError(say("the files are larger than {size} MB in all", size=MOST_BYTES >> 20))
        except ArchiveError as error:
            self._note(file, error)
            return None
        return data

    def _note(self, file: File, error: ArchiveError) -> None:
        self._problems.append(
            say("{file} cannot be read: {reason}", file=str(file.path), reason=error.reason)
        )

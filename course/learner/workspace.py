"""A learner's folder: the stubs they fill in, by day, and a marker file that says what the folder is."""

from __future__ import annotations

import codecs
import contextlib
import dataclasses
import functools
import io
import re
import tokenize
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from course import language
from course.content import catalog, courses
from course.content.catalog import Exercise
from course.content.courses import MARKER
from course.content.stub import names
from course.language import gettext as _
from course.language.messages import marked, say
from course.learner import upgrade
from course.learner.subject import Subject, Unreadable, regular
from course.system import files

_MARKER_TEXT = """# A workspace of the course "{title}": `course` works on the files here and below.
version = 1
course = "{name}"
"""
BACKUPS = ".course/backups"
MOST_BYTES = 500_000  # of a source file


class NoWorkspace(LookupError):
    """No workspace around a folder."""

    def __init__(self, start: Path) -> None:
        super().__init__(
            f"no workspace in {start} or above it; make one with `course start`, or name a folder"
        )
        self.start = start


class NotAFolder(OSError):
    """A submission that is not a folder."""


@dataclass(frozen=True)
class Started:
    """What `start` did: files written, and files that were there and were left alone."""

    folder: Path
    written: list[Path]
    kept: list[Path]


def find(start: Path | None = None) -> Path:
    """The workspace around a folder, by default the current one; raises NoWorkspace, courses.CourseError."""
    start = (start or Path.cwd()).resolve()
    folder = courses.workspace(start)
    if folder is None:
        raise NoWorkspace(start)
    _check_course(folder)
    return folder


def _check_course(folder: Path) -> None:
    used = catalog.catalog().name
    if (name := courses.marked(folder)) != used:
        text = _(
            "{folder} is a workspace of the course {name}, not of {other}: go to another folder, or leave --course out."
        )
        raise courses.WrongCourse(text.format(folder=folder, name=name, other=used))


def start(folder: Path) -> Started:
    """Lay out every stub of the course in use that is not there yet. No existing file is touched; raises courses.WrongCourse."""
    course = catalog.catalog()
    started = Started(folder.resolve(), [], [])
    if (folder / MARKER).is_file():
        _check_course(folder)
    folder.mkdir(parents=True, exist_ok=True)
    courses.remember(course)
    if not (folder / MARKER).exists():
        title = course.title(language.current())
        files.write(folder / MARKER, _MARKER_TEXT.format(title=title, name=course.name))
    for exercise in course:
        target = folder / exercise.day / f"{exercise.slug}.py"
        if target.exists():
            started.kept.append(target)
            continue
        files.copy(exercise.stub, target)
        upgrade.remember(exercise, folder)
        started.written.append(target)
    return started


def locate(exercise: Exercise, folder: Path) -> Path:
    """Where a submission keeps an exercise's file: FOLDER/DAY/SLUG.py, or FOLDER/SLUG.py where only that exists."""
    nested, flat = folder / exercise.day / f"{exercise.slug}.py", folder / f"{exercise.slug}.py"
    return flat if flat.is_file() and not nested.is_file() else nested


def read(path: Path) -> str | None:
    """A learner's file as text, None where there is none; raises Unreadable, see `text`."""
    try:
        return text(regular(path, MOST_BYTES), path.name)
    except FileNotFoundError:
        return None
    except OSError as error:
        reason = error.strerror or str(error)
        raise Unreadable(say("{name} cannot be read: {reason}", name=path.name, reason=reason)) from error


def text(data: bytes, name: str) -> str:
    """The text of a learner's file: UTF-8, or what a coding line in it says; raises Unreadable."""
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        raise Unreadable(say(_OTHER_ENCODING, name=name, encoding="UTF-16"))
    declared = "utf-8"
    with contextlib.suppress(SyntaxError):
        declared, _ = tokenize.detect_encoding(io.BytesIO(data).readline)
    for encoding in (declared, "utf-8-sig"):
        if encoding in _NOT_FOR_CODE:
            continue
        with contextlib.suppress(ValueError, LookupError):
            decoded = data.decode(encoding)
            decoded.encode("utf-8")  # half a surrogate pair is no text
            return decoded.replace("\r\n", "\n")
    for encoding, called in (("cp949", "CP949 (EUC-KR)"), ("shift_jis", "Shift JIS")):
        with contextlib.suppress(UnicodeDecodeError):
            data.decode(encoding)
            raise Unreadable(say(_OTHER_ENCODING, name=name, encoding=called))
    raise Unreadable(
        say("{name} is not saved as text in UTF-8: save it again as UTF-8 in your editor.", name=name)
    )


# They take quadratic time, or make text of what is none.
_NOT_FOR_CODE = (
    "idna",
    "punycode",
    "utf-7",
    "unicode_escape",
    "raw_unicode_escape",
    "unicode-escape",
    "raw-unicode-escape",
)
_MISNAMED = marked("{name} is not there, but {other} is: rename it to {name}.")
_BESIDE = marked("{name} is as it was given; what is in {other} does not count: rename it to {name}.")
_OTHER_ENCODING = marked(
    "{name} seems to be saved as {encoding}, not as UTF-8: save it as UTF-8 (in VS Code: click the encoding in the bar below, "
    "then Save with Encoding)."
)


def notebooks(exercise: Exercise, folder: Path) -> list[Path]:
    """Notebooks that may hold an exercise: FOLDER/DAY.ipynb, FOLDER/SLUG.ipynb and every one in FOLDER/DAY."""
    named = [folder / f"{exercise.day}.ipynb", folder / f"{exercise.slug}.ipynb"]
    return [path for path in (*named, *sorted((folder / exercise.day).glob("*.ipynb"))) if path.is_file()]


Strays = Callable[[], Sequence[tuple[Path, str]]]


def strays(folder: Path) -> Strays:
    """Files of code, in a workspace or one of its days, that are no exercise's; looked for once, when somebody asks."""
    return functools.cache(lambda: tuple(_strays(folder)))


def _strays(folder: Path) -> Iterator[tuple[Path, str]]:
    known = {exercise.slug: exercise for exercise in catalog.catalog()}
    days = {day.slug for day in catalog.catalog().days}
    with contextlib.suppress(OSError):
        places = [entry for entry in folder.iterdir() if entry.name.casefold() in days and entry.is_dir()]
        for path in sorted(entry for place in (folder, *places) for entry in place.iterdir()):
            own = known.get(path.stem) if path.suffix == ".py" else None
            due = locate(own, folder) if own is not None else None
            if path.suffix.casefold() not in (".py", ".txt") or path == due or not path.is_file():
                continue
            if due is not None and due.exists() and path.samefile(due):
                continue  # where capitals make no difference
            with contextlib.suppress(Unreadable):
                yield path, read(path) or ""


def misnamed(exercise: Exercise, others: Strays) -> Path | None:
    """The stray file that holds an exercise's functions: meant for it, but under a name or in a place nobody looks for."""
    for path, source in others() if exercise.stub.is_file() else ():
        wanted = names(exercise.stub.read_text(encoding="utf-8"))
        defined = (rf"^(?:(?:async )?def|class) +{name}\b|^{name} *=" for name in wanted)
        if all(re.search(pattern, source, re.MULTILINE) for pattern in defined):
            return path
    return None


def subject(exercise: Exercise, folder: Path, others: Strays | None = None) -> Subject:
    """What a submission offers for an exercise: its file, or where that is untouched a notebook that is not.

    Where neither is, and one of the `others` (by default the folder's strays) holds it, the subject's problem says so.
    """
    path = locate(exercise, folder)
    found = readable(exercise, str(path), lambda: read(path))
    if (
        found.source is not None
        and found.source == upgrade.given(exercise, folder)
        and exercise.stub.is_file()
    ):
        # An old stub that nobody has touched is as good as today's.
        found = dataclasses.replace(found, source=exercise.stub.read_text(encoding="utf-8"))
    if not found.untouched:
        return found
    for notebook in notebooks(exercise, folder):
        candidate = notebook_subject(exercise, notebook)
        if found.source is None or not candidate.untouched:
            found = candidate
        if not found.untouched:
            return found
    other = misnamed(exercise, others or strays(folder))
    if other is None or readable(exercise, str(other), lambda: read(other)).untouched:
        return found
    text = _MISNAMED if found.source is None else _BESIDE
    problem = say(text, name=f"{exercise.day}/{exercise.slug}.py", other=other.relative_to(folder).as_posix())
    return Subject(exercise, found.path, "", problem)


def subjects(exercises: Iterable[Exercise], submission: Path) -> list[Subject]:
    """What a submission, a folder or a single notebook, offers for exercises; raises NotAFolder for anything else."""
    if submission.suffix == ".ipynb" and submission.is_file():
        return [notebook_subject(exercise, submission) for exercise in exercises]
    if not submission.is_dir():
        raise NotAFolder(str(submission))
    others = strays(submission)
    return [subject(exercise, submission, others) for exercise in exercises]


def notebook_subject(exercise: Exercise, path: Path) -> Subject:
    """What a notebook offers for an exercise; one that cannot be read becomes an error to report."""
    from course.learner.notebooks import read as read_notebook

    return readable(exercise, str(path), lambda: read_notebook(path))


def readable(exercise: Exercise, path: str, read: Callable[[], str | None]) -> Subject:
    """The subject with the source that `read` returns, or with the problem of its Unreadable."""
    try:
        return Subject(exercise, path, read())
    except Unreadable as error:
        return Subject(exercise, path, "", error.message)


def reset(exercise: Exercise, folder: Path) -> Path | None:
    """Put the stub back; the file that was there is kept as the returned backup."""
    path = locate(exercise, folder)
    kept = None
    if path.exists():
        kept = files.keep(path, folder / BACKUPS, backup_name(exercise))
    files.copy(exercise.stub, path)
    upgrade.remember(exercise, folder)
    return kept


def backup_name(exercise: Exercise) -> str:
    """What a backup of an exercise's file is called if it is made now."""
    return f"{exercise.slug}.{datetime.now().astimezone():%Y%m%d-%H%M%S}.py"

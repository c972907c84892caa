"""A learner's folder: the stubs they fill in, by day, and a marker file that says what the folder is."""

from __future__ import annotations

import shutil
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from course import catalog
from course.catalog import Exercise
from course.subject import Subject

MARKER = "course.toml"
_MARKER_TEXT = """# The folder of a deep-learning course: `course` works on the files here and below.
version = 1
"""
_BACKUPS = ".course/backups"


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
    """The workspace around a folder, by default the current one; raises NoWorkspace."""
    start = (start or Path.cwd()).resolve()
    for folder in (start, *start.parents):
        if (folder / MARKER).is_file():
            return folder
    raise NoWorkspace(start)


def start(folder: Path) -> Started:
    """Lay out every stub that is not there yet. No existing file is touched."""
    started = Started(folder.resolve(), [], [])
    folder.mkdir(parents=True, exist_ok=True)
    if not (folder / MARKER).exists():
        (folder / MARKER).write_text(_MARKER_TEXT, encoding="utf-8")
    for exercise in catalog.catalog():
        target = folder / exercise.day / f"{exercise.slug}.py"
        if target.exists():
            started.kept.append(target)
            continue
        target.parent.mkdir(exist_ok=True)
        shutil.copyfile(exercise.stub, target)
        started.written.append(target)
    return started


def locate(exercise: Exercise, folder: Path) -> Path:
    """Where a submission keeps an exercise's file: FOLDER/DAY/SLUG.py, or FOLDER/SLUG.py where only that exists."""
    nested, flat = folder / exercise.day / f"{exercise.slug}.py", folder / f"{exercise.slug}.py"
    return flat if flat.is_file() and not nested.is_file() else nested


def read(path: Path) -> str | None:
    """A learner's file as text, None where there is none; see `text`."""
    try:
        return text(path.read_bytes(), path.name)
    except FileNotFoundError:
        return None
    except OSError as error:
        return _unreadable(path.name, error)


def text(data: bytes, name: str) -> str:
    """The text of a learner's file. Bytes that are not UTF-8 become a syntax error to report."""
    try:
        return data.decode("utf-8-sig").replace("\r\n", "\n")
    except UnicodeDecodeError as error:
        return _unreadable(name, error)


def _unreadable(name: str, error: Exception) -> str:
    return f"raise SyntaxError({f'{name} cannot be read as UTF-8 text: {error}'!r})\n"


def notebooks(exercise: Exercise, folder: Path) -> list[Path]:
    """Notebooks that may hold an exercise: FOLDER/DAY.ipynb, FOLDER/SLUG.ipynb and every one in FOLDER/DAY."""
    named = [folder / f"{exercise.day}.ipynb", folder / f"{exercise.slug}.ipynb"]
    return [path for path in (*named, *sorted((folder / exercise.day).glob("*.ipynb"))) if path.is_file()]


def subject(exercise: Exercise, folder: Path) -> Subject:
    """What a submission offers for an exercise: its file, or where that is untouched a notebook that is not."""
    path = locate(exercise, folder)
    found = Subject(exercise, str(path), read(path))
    if not found.untouched:
        return found
    for notebook in notebooks(exercise, folder):
        candidate = notebook_subject(exercise, notebook)
        if found.source is None or not candidate.untouched:
            found = candidate
        if not found.untouched:
            break
    return found


def subjects(exercises: Iterable[Exercise], submission: Path) -> list[Subject]:
    """What a submission, a folder or a single notebook, offers for exercises; raises NotAFolder for anything else."""
    if submission.suffix == ".ipynb" and submission.is_file():
        return [notebook_subject(exercise, submission) for exercise in exercises]
    if not submission.is_dir():
        raise NotAFolder(str(submission))
    return [subject(exercise, submission) for exercise in exercises]


def notebook_subject(exercise: Exercise, path: Path) -> Subject:
    """What a notebook offers for an exercise; one that cannot be read becomes an error to report."""
    from course.notebook.read import UnreadableNotebook, read

    try:
        source = read(path)
    except (UnreadableNotebook, OSError) as error:
        source = f"raise SyntaxError({str(error)!r})\n"
    return Subject(exercise, str(path), source)


def reset(exercise: Exercise, folder: Path) -> Path | None:
    """Put the stub back; the file that was there is kept as the returned backup."""
    path = locate(exercise, folder)
    backup = None
    if path.exists():
        stamp = datetime.now().astimezone().strftime("%Y%m%d-%H%M%S")
        backup = folder / _BACKUPS / f"{exercise.slug}.{stamp}.py"
        backup.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(path, backup)
    path.parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(exercise.stub, path)
    return backup

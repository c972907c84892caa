"""A learner's folder: the stubs they fill in, by day, and a marker file that says what the folder is."""

from __future__ import annotations

import shutil
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
    """Where a submission keeps an exercise: FOLDER/DAY/SLUG.py, or FOLDER/SLUG.py where only that exists."""
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


def subject(exercise: Exercise, folder: Path) -> Subject:
    """What a submission offers for an exercise."""
    path = locate(exercise, folder)
    return Subject(exercise, str(path), read(path))


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

"""Where a data set comes from: a local file, the original in the user's cache, or what its course makes up to stand in."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import Any, Literal

from course import language
from course.content import courses
from course.content.catalog import Course
from course.content.data import kept
from course.content.data.errors import BadData, NoFile
from course.content.data.fetch import is_original
from course.content.declared import Dataset
from course.language import gettext as _
from course.language.messages import say

Kind = Literal["local", "original", "generated"]


@dataclass(frozen=True)
class Source:
    """Which of the three a data set came from. `rows` is None until it has been read, `path` where there is no file."""

    data: Dataset
    kind: Kind
    path: Path | None = None
    rows: int | None = None

    def text(self) -> str:
        """One line for every output that rests on this data, in the learner's language."""
        made_up = self.data.generated
        named = {
            "local": _("local file {path}").format(path=self.path),
            "original": _("the original, downloaded"),
            "generated": made_up[language.current()] if made_up else _("made up, not the original"),
        }[self.kind]
        if self.rows is None:
            return _("Data: {source}").format(source=named)
        return _("Data: {source} ({rows} rows)").format(source=named, rows=f"{self.rows:,}")


def named(course: Course, name: str) -> Dataset:
    """The course's data set of this name; raises CourseError."""
    if name in course.data:
        return course.data[name]
    if not course.data:
        text = _("The course {title} has no data sets.").format(title=course.title(language.current()))
        raise courses.NotFound(text)
    text = _("There is no data set called {name}; the course has {known}.")
    raise courses.NotFound(text.format(name=name, known=", ".join(course.data)))


def generated(course: Course, data: Dataset) -> Path:
    """Where what stands in is kept as a file once it was made: another version's file is not taken for this one's."""
    digest = hashlib.sha256()
    for path in _makers(course, data):
        digest.update(path.read_bytes())
    return kept.folder(course, data) / f"generated-{digest.hexdigest()[:8]}{Path(data.file).suffix}"


def _makers(course: Course, data: Dataset) -> Iterable[Path]:
    place = course.root.joinpath(*data.module.split("."))
    return sorted(place.rglob("*.py")) if place.is_dir() else [place.with_suffix(".py")]


def choose(course: Course, data: Dataset, path: str | os.PathLike[str] | None = None) -> Source:
    """The source in use: this path, else the file the variable names, else the fetched original, else what is made up.

    Reads nothing and imports nothing heavy; raises NoFile where a local file is asked for and is not there.
    """
    asked, name = (
        ("--path", os.fspath(path))
        if path is not None
        else (data.variable, os.environ.get(data.variable, ""))
    )
    if name:
        local = Path(name).expanduser()
        if not local.is_file():
            raise NoFile(local, asked)
        return Source(data, "local", local)
    if data.url and kept.original(course, data).is_file():
        return Source(data, "original", kept.original(course, data))
    return Source(data, "generated", generated(course, data))


def load(course: Course, data: Dataset, path: str | os.PathLike[str] | None = None) -> tuple[Source, Any]:
    """The data in use, as the data set's module reads it, and where it came from.

    Raises NoFile, BadData, OSError, and CourseError where the module cannot be loaded.
    """
    module = courses.module(course, data.module)
    chosen = choose(course, data, path)
    if chosen.kind == "generated":
        return _generated(course, data, module)
    assert chosen.path is not None
    content = chosen.path.read_bytes()
    if chosen.kind == "original" and not is_original(data, content):
        command = f"course data {data.name} --fetch"
        text = say(
            "{path} is no longer the original. Next: {command}", path=str(chosen.path), command=command
        )
        raise BadData(text)
    try:
        frame = module.read(content)
    except BadData as error:
        error.path = chosen.path
        raise
    return Source(data, chosen.kind, chosen.path, len(frame)), frame


def _generated(course: Course, data: Dataset, module: ModuleType) -> tuple[Source, Any]:
    """What stands in, and its file; a cache that can't be read or written only costs the time to make it."""
    if not hasattr(module, "generate"):
        fetched = f", course data {data.name} --fetch" if data.url else ""
        text = say(
            "There is no file yet: --path FILE, {variable}{fetched}", variable=data.variable, fetched=fetched
        )
        raise BadData(text)
    path = generated(course, data)
    try:
        frame = module.read(path.read_bytes())
    except (OSError, BadData):  # not made yet, or damaged: make it
        content = module.generate()
        frame = module.read(content)
        if not kept.keep(path, content):
            return Source(data, "generated", None, len(frame)), frame
    return Source(data, "generated", path, len(frame)), frame

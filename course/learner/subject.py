"""What a submission offers for one exercise."""

from __future__ import annotations

import ast
import functools
import os
import stat
from dataclasses import dataclass
from pathlib import Path

from course.content.catalog import Exercise
from course.content.stub import names, unwritten
from course.language.messages import Message, say
from course.worker import cells


class Unreadable(ValueError):
    """A learner's file that cannot be read as what it should be; `message` says why and what to do."""

    def __init__(self, message: Message) -> None:
        super().__init__(message.render("en"))
        self.message = message


def regular(path: Path, most: int) -> bytes:
    """The bytes of a regular file of this size at most; raises OSError, and Unreadable for anything else, such as a pipe."""
    with open(
        path, "rb", opener=lambda name, flags: os.open(name, flags | getattr(os, "O_NONBLOCK", 0))
    ) as file:
        if not stat.S_ISREG(os.fstat(file.fileno()).st_mode):
            raise Unreadable(say("{name} is not a regular file.", name=path.name))
        data = file.read(most + 1)
    if len(data) > most:
        size = f"{most / 1e6:g}"
        raise Unreadable(
            say("{name} is larger than {size} MB: keep data out of the code.", name=path.name, size=size)
        )
    return data


@dataclass(frozen=True)
class Subject:
    """A learner's file or notebook for one exercise.

    `source` is None where there is none; of a notebook it holds all code cells (course.worker.cells). `problem` says why
    a file that is there cannot be graded.
    """

    exercise: Exercise
    path: str
    source: str | None
    problem: Message | None = None

    @property
    def definitions(self) -> dict[str, ast.stmt | None] | None:
        """What a notebook's cells define for the exercise, by name; None where this is no notebook."""
        if self.source is None or not cells.is_notebook(self.source):
            return None
        return cells.definitions(self.source, self.exercise.slug)

    @functools.cached_property
    def untouched(self) -> bool:
        """Whether there is no file, or its code is still the stub's; of a notebook, that of the exercise's functions."""
        if self.source is None or self.problem is not None:
            return self.problem is None
        notebook = cells.is_notebook(self.source)
        if not notebook and "NotImplementedError" not in self.source:
            return False  # what every stub raises; comparing code takes longer
        if not self.exercise.stub.is_file():
            return False
        stub = self.exercise.stub.read_text(encoding="utf-8")
        if not notebook:
            return _code(self.source) == _code(stub)
        given = {each.name: each for each in ast.parse(stub).body if isinstance(each, _DEFINITION)}
        mine = cells.definitions(self.source, self.exercise.slug)
        return all(_same(mine.get(name, each), each) for name, each in given.items())

    @functools.cached_property
    def covered(self) -> list[str]:
        """The exercise's functions that a notebook has finished in one cell, with the stub's again in a later one."""
        if self.source is None or not cells.is_notebook(self.source) or not self.exercise.stub.is_file():
            return []
        found: dict[str, list[ast.stmt]] = {}
        for cell, statements in cells.parsed(self.source):
            for statement in (statements or ()) if cell.exercise in ("", self.exercise.slug) else ():
                if isinstance(statement, _DEFINITION):
                    found.setdefault(statement.name, []).append(statement)
        stub = ast.parse(self.exercise.stub.read_text(encoding="utf-8")).body
        given = {each.name: each for each in stub if isinstance(each, _DEFINITION)}
        return [
            name
            for name, mine in found.items()
            if name in given
            and _same(mine[-1], given[name])
            and not all(_same(each, given[name]) for each in mine)
        ]

    @property
    def wanted(self) -> list[str]:
        """What the exercise asks for by name; of a notebook only that is run, with what it uses."""
        stub = self.exercise.stub
        return names(stub.read_text(encoding="utf-8")) if stub.is_file() else []

    @functools.cached_property
    def unwritten(self) -> frozenset[str]:
        """The functions and methods that the stub leaves to the learner, by qualified name."""
        stub = self.exercise.stub
        return unwritten(stub.read_text(encoding="utf-8")) if stub.is_file() else frozenset()


def covered(name: str) -> Message:
    """What to say of a function that the stub stands below."""
    return say(
        "{name} is finished in one cell, but a later cell holds the stub again: the last one counts.",
        name=name,
    )


_DEFINITION = ast.FunctionDef | ast.ClassDef


def _same(mine: ast.stmt | None, given: ast.stmt) -> bool:
    try:
        return mine is given or (mine is not None and ast.dump(mine) == ast.dump(given))
    except RecursionError:  # deeper than any stub
        return False


def _code(source: str) -> str:
    try:
        return ast.dump(ast.parse(source))
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return source

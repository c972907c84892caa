"""What a submission offers for one exercise."""

from __future__ import annotations

import ast
import functools
from dataclasses import dataclass

from course.catalog import Exercise
from course.stub import names
from course.worker import cells


@dataclass(frozen=True)
class Subject:
    """A learner's file or notebook for one exercise.

    `source` is None where there is none; of a notebook it holds all code cells (course.worker.cells).
    """

    exercise: Exercise
    path: str
    source: str | None

    @functools.cached_property
    def untouched(self) -> bool:
        """Whether there is no file, or its code is still the stub's; of a notebook, that of the exercise's functions."""
        if self.source is None:
            return True
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

    @property
    def wanted(self) -> list[str]:
        """What the exercise asks for by name; of a notebook only that is run, with what it uses."""
        stub = self.exercise.stub
        return names(stub.read_text(encoding="utf-8")) if stub.is_file() else []


_DEFINITION = ast.FunctionDef | ast.ClassDef


def _same(mine: ast.stmt | None, given: ast.stmt) -> bool:
    return mine is given or (mine is not None and ast.dump(mine) == ast.dump(given))


def _code(source: str) -> str:
    try:
        return ast.dump(ast.parse(source))
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return source

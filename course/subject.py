"""What a submission offers for one exercise."""

from __future__ import annotations

import ast
import functools
from dataclasses import dataclass

from course.catalog import Exercise


@dataclass(frozen=True)
class Subject:
    """A learner's file for one exercise; `source` is None where there is none."""

    exercise: Exercise
    path: str
    source: str | None

    @functools.cached_property
    def untouched(self) -> bool:
        """Whether there is no file, or its code is still the stub's."""
        if self.source is None:
            return True
        if "NotImplementedError" not in self.source:  # what every stub raises; comparing code takes longer
            return False
        stub = self.exercise.stub
        return stub.is_file() and _code(self.source) == _code(stub.read_text(encoding="utf-8"))


def _code(source: str) -> str:
    try:
        return ast.dump(ast.parse(source))
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return source

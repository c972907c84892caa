"""Where in the learner's file a test failed: the lines to mark beside what the test says."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable
from dataclasses import dataclass

from course.language.messages import Message
from course.results import TestResult

_CALLED = re.compile(r"\w+")
_LONGEST = 300


@dataclass(frozen=True)
class Mark:
    """A line of the file, counted from 1, and what is said about it."""

    line: int
    text: str


def marks(tests: Iterable[TestResult], source: str) -> list[Mark]:
    """One mark a line: where the code raised, else where the function that was called begins."""
    starts = _starts(source)
    found: dict[int, Mark] = {}
    for test in tests:
        if test.status in ("passed", "blocked", "todo") or test.hidden:
            continue
        line = _line(test.message, starts)
        if line is not None and line not in found:
            facts = [part.render() for kind, part in test.paragraphs() if kind != "printed"]
            found[line] = Mark(
                line, "\n".join(text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…" for text in facts)
            )
    return [found[line] for line in sorted(found)]


def _line(message: Iterable[Message], starts: dict[str, int]) -> int | None:
    parts = [part for part in message if "cell" not in part.values]
    for part in parts:
        if isinstance(line := part.values.get("line"), int):
            return line
    for part in parts:
        called = _CALLED.match(str(part.values.get("call", "")))
        if called is not None and called[0] in starts:
            return starts[called[0]]
    return None


def _starts(source: str) -> dict[str, int]:
    """The line in which each function or class of a file begins; of one defined twice the last, which counts."""
    try:
        statements = ast.parse(source).body
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return {}
    return {each.name: each.lineno for each in statements if isinstance(each, ast.FunctionDef | ast.ClassDef)}

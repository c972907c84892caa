"""From a solution to the stub a learner receives, by nbgrader's own convention."""

from __future__ import annotations

import ast

BEGIN, END = "### BEGIN SOLUTION", "### END SOLUTION"
_BODY = ("# YOUR CODE HERE", "raise NotImplementedError()")


class MarkerError(ValueError):
    """The markers of a solution do not pair up, or stand outside a function."""


def stub(source: str) -> str:
    """The source with everything between the markers replaced; raises MarkerError with the line."""
    lines: list[str] = []
    inside = False
    for number, line in enumerate(source.splitlines(), start=1):
        marker = line.strip()
        if marker in (BEGIN, END):
            if inside == (marker == BEGIN):
                raise MarkerError(f"line {number}: {marker} without its partner")
            indent = line[: len(line) - len(line.lstrip())]
            if not indent:
                raise MarkerError(f"line {number}: {marker} outside a function")
            if marker == BEGIN:
                lines += [indent + part for part in _BODY]
            inside = marker == BEGIN
        elif not inside:
            lines.append(line)
    if inside:
        raise MarkerError(f"the last {BEGIN} has no {END}")
    return "\n".join(lines) + "\n"


def names(source: str) -> list[str]:
    """What a stub defines at its top level: functions, classes and constants."""
    found: list[str] = []
    for statement in ast.parse(source).body:
        if isinstance(statement, ast.FunctionDef | ast.ClassDef):
            found.append(statement.name)
        elif isinstance(statement, ast.Assign):
            found += [target.id for target in statement.targets if isinstance(target, ast.Name)]
    return found

"""From a solution to the stub a learner receives, by nbgrader's own convention."""

from __future__ import annotations

import ast

BEGIN, END = "### BEGIN SOLUTION", "### END SOLUTION"
PLACEHOLDER = "raise NotImplementedError()"
_BODY = ("# YOUR CODE HERE", PLACEHOLDER)


class MarkerError(ValueError):
    """The markers of a solution do not pair up, or stand outside a function; told with the line before it."""


def stub(source: str) -> str:
    """The source with everything between the markers replaced; raises MarkerError with the line."""
    lines: list[str] = []
    inside, begun = False, 0
    for number, line in enumerate(source.splitlines(), start=1):
        marker = line.strip()
        if marker in (BEGIN, END):
            if inside == (marker == BEGIN):
                lone = begun if inside else number
                raise MarkerError(f"{lone}: {marker} without its partner")
            indent = line[: len(line) - len(line.lstrip())]
            if not indent:
                raise MarkerError(f"{number}: {marker} outside a function")
            if marker == BEGIN:
                lines += [indent + part for part in _BODY]
            inside, begun = marker == BEGIN, number
        elif not inside:
            lines.append(line)
    if inside:
        raise MarkerError(f"{begun}: {BEGIN} without its partner")
    return "\n".join(lines) + "\n"


def without_markers(source: str) -> str:
    """A solution as it is shown to people."""
    return "\n".join(line for line in source.splitlines() if line.strip() not in (BEGIN, END))


def names(source: str) -> list[str]:
    """What a stub defines at its top level: functions, classes and constants."""
    found: list[str] = []
    for statement in ast.parse(source).body:
        if isinstance(statement, ast.FunctionDef | ast.ClassDef):
            found.append(statement.name)
        elif isinstance(statement, ast.Assign):
            found += [target.id for target in statement.targets if isinstance(target, ast.Name)]
    return found


def unwritten(source: str) -> frozenset[str]:
    """The functions and methods, by qualified name, whose body in a stub is the placeholder."""
    found: set[str] = set()

    def look(node: ast.AST, outer: str) -> None:
        for inner in ast.iter_child_nodes(node):
            if not isinstance(inner, ast.FunctionDef | ast.ClassDef):
                continue
            name = f"{outer}{inner.name}"
            raised = [statement for statement in inner.body if isinstance(statement, ast.Raise)]
            if any(ast.unparse(statement) == PLACEHOLDER for statement in raised):
                found.add(name)
            look(inner, f"{name}." if isinstance(inner, ast.ClassDef) else f"{name}.<locals>.")

    look(ast.parse(source), "")
    return frozenset(found)

"""Which of a solution's functions a change reaches: the tests that call them are asked first."""

from __future__ import annotations

import ast


class Uses:
    """The functions and classes of a source, and which of them use which."""

    def __init__(self, source: str) -> None:
        kinds = ast.FunctionDef, ast.ClassDef
        self._defined = {node.name: node for node in ast.parse(source).body if isinstance(node, kinds)}
        self._named = {
            name: {each.id for each in ast.walk(node) if isinstance(each, ast.Name)}
            for name, node in self._defined.items()
        }

    def at(self, line: int) -> set[str]:
        """What a change in this line reaches; nothing where it belongs to no function."""
        names = [
            name for name, node in self._defined.items() if node.lineno <= line <= (node.end_lineno or 0)
        ]
        return self.of(names[0]) if names else set()

    def of(self, name: str) -> set[str]:
        """A function itself and what uses it, also by way of others."""
        reached = {name}
        while more := {user for user, named in self._named.items() if named & reached} - reached:
            reached |= more
        return reached

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


def reached(before: str, after: str) -> set[str] | None:
    """What is another function in `after` than in `before`, and what uses it; None where that cannot be told."""
    old, new = _bound(before), _bound(after)
    if old is None or new is None:
        return None
    uses = Uses(before), Uses(after)
    changed = {name for name in old | new if old.get(name) != new.get(name)}
    if any(_leaves_traces(node, set(new)) for node in ast.parse(after).body if changed & _names(node)):
        return None
    return {each for name in changed for known in uses for each in known.of(name)}


def _bound(source: str) -> dict[str, str] | None:
    """The definition of every name of a module; None where a statement does more than define."""
    found: dict[str, str] = {}
    for node in ast.parse(source).body:
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):  # a docstring
            continue
        names = _names(node)
        if not names:
            return None
        for name in names:  # once more, and somebody may hold the earlier one
            if (said := ast.dump(node)) not in found.get(name, ""):
                found[name] = found.get(name, "") + said
    return found


def _names(node: ast.stmt) -> set[str]:
    """What a statement defines, where that is all it does."""
    if isinstance(node, ast.Import | ast.ImportFrom):
        return {(each.asname or each.name).partition(".")[0] for each in node.names}
    if isinstance(node, ast.FunctionDef | ast.ClassDef):
        return {node.name}
    if isinstance(node, ast.Assign) and all(isinstance(target, ast.Name) for target in node.targets):
        return {target.id for target in node.targets if isinstance(target, ast.Name)}
    return set()


def _leaves_traces(node: ast.stmt, module: set[str]) -> bool:
    """Whether it may change what functions that do not use it find: a module's names and objects, or a library's state."""
    if isinstance(node, ast.Assign) and not isinstance(node.value, ast.Name | ast.Constant | ast.Lambda):
        return True
    inside = list(ast.walk(node))
    imports = [each for each in inside if isinstance(each, ast.Import | ast.ImportFrom)]
    shared = module.union(*map(_names, imports))
    stored = [
        each
        for each in inside
        if isinstance(each, ast.Attribute | ast.Subscript) and not isinstance(each.ctx, ast.Load)
    ]
    called = [
        each.value.func for each in inside if isinstance(each, ast.Expr) and isinstance(each.value, ast.Call)
    ]
    return any(isinstance(each, ast.Global) for each in inside) or any(
        _root(each) in shared for each in stored + called
    )


def _root(node: ast.expr) -> str:
    """The name that a chain of attributes, calls and subscripts begins with."""
    while isinstance(node, ast.Attribute | ast.Subscript | ast.Call):
        node = node.func if isinstance(node, ast.Call) else node.value
    return node.id if isinstance(node, ast.Name) else ""

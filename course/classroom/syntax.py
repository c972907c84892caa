"""What Python code says, whatever its names, numbers, order and layout: a digest of every part of its syntax tree.

Ways to write the same that cost no thought are one: a*b and b*a, x**2 and x*x, a < b and b > a, x += 1 and x = x + 1, a value
named on the way and used once or put where it is used, statements in another order.
"""

from __future__ import annotations

import ast
import builtins
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

# Parts of fewer nodes than this say nothing.
LEAST = 5
_KNOWN = frozenset(dir(builtins))
_EXCHANGED = (ast.Add, ast.Mult)
_TURNED = {"Gt": "Lt", "GtE": "LtE"}
_SILENT = frozenset(("ctx", "type_comment", "annotation", "returns", "type_params"))
_TOLD = frozenset(("attr", "arg", "module"))
Definition = ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef


@dataclass(frozen=True)
class Part:
    """A part of a text: its digest, the function or class around it ("" for none), its lines."""

    digest: int
    name: str
    first: int
    last: int


def parts(source: str) -> list[Part] | None:
    """Every part of a text, None where it is no Python or nested too deeply."""
    try:
        return list(_parts(ast.parse(source).body))
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None


def _parts(body: list[ast.stmt]) -> Iterator[Part]:
    for node in body:
        if isinstance(node, Definition):
            yield from _Reader(node, node.name).read(node.body)
    rest = [node for node in body if not isinstance(node, Definition | ast.Import | ast.ImportFrom)]
    yield from _Reader(ast.Module(rest, []), "").read(rest)


class _Reader:
    """Digests of what stands in one scope, its parts before it."""

    def __init__(self, scope: ast.AST, name: str) -> None:
        self._name = name
        self._found: dict[int, Part] = {}
        self._once = dict(_named_once(scope))

    def read(self, body: Iterable[ast.stmt]) -> Iterable[Part]:
        self._block(body)
        return self._found.values()

    def _block(self, body: Iterable[ast.stmt]) -> tuple[int, int]:
        read = [self._node(each) for each in body if not self._says_nothing(each)]
        return hash(("block", *sorted(digest for digest, _size in read))), sum(size for _digest, size in read)

    def _says_nothing(self, statement: ast.stmt) -> bool:
        if isinstance(statement, ast.Assign) and isinstance(statement.targets[0], ast.Name):
            return statement.targets[0].id in self._once
        return isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant)

    def _node(self, node: ast.AST) -> tuple[int, int]:
        """Digest and number of nodes."""
        if isinstance(node, ast.Name):
            if isinstance(node.ctx, ast.Load) and node.id in self._once:
                return self._node(self._once[node.id])
            return hash(("name", node.id if node.id in _KNOWN else "")), 1
        if isinstance(node, ast.Constant):
            number = isinstance(node.value, int | float | complex) and not isinstance(node.value, bool)
            return hash(("constant", "number" if number else type(node.value).__name__)), 1
        said, size = self._said(node)
        digest = hash(said)
        if size >= LEAST and digest not in self._found:
            self._found[digest] = Part(digest, self._name, *_lines(node))
        return digest, size

    def _said(self, node: ast.AST) -> tuple[tuple[object, ...], int]:
        if isinstance(node, ast.AugAssign):
            (target, one), (value, many) = self._node(node.target), self._node(node.value)
            sides = sorted((target, value)) if isinstance(node.op, _EXCHANGED) else [target, value]
            return ("Assign", target, hash((type(node.op).__name__, *sides))), 2 * one + many + 2
        if isinstance(node, ast.BinOp):
            (left, one), (right, many) = self._node(node.left), self._node(node.right)
            if (
                isinstance(node.op, ast.Pow)
                and isinstance(node.right, ast.Constant)
                and node.right.value == 2
            ):
                return ("Mult", left, left), 2 * one + 1
            sides = sorted((left, right)) if isinstance(node.op, _EXCHANGED) else [left, right]
            return (type(node.op).__name__, *sides), one + many + 1
        if isinstance(node, ast.Compare) and len(node.ops) == 1:
            (left, one), (right, many) = self._node(node.left), self._node(node.comparators[0])
            name = type(node.ops[0]).__name__
            if name in _TURNED:
                name, left, right = _TURNED[name], right, left
            sides = sorted((left, right)) if name in ("Eq", "NotEq") else [left, right]
            return (name, *sides), one + many + 1
        return self._any(node)

    def _any(self, node: ast.AST) -> tuple[tuple[object, ...], int]:
        said: list[object] = [type(node).__name__]
        size = 1
        for field, value in ast.iter_fields(node):
            if field in _SILENT:
                continue
            if isinstance(value, list) and value and isinstance(value[0], ast.stmt):
                read = [self._block(value)]
            else:
                values = value if isinstance(value, list) else [value]
                read = [self._node(each) for each in values if isinstance(each, ast.AST)]
            said += [digest for digest, _size in read]
            size += sum(many for _digest, many in read)
            if isinstance(value, str) and field in _TOLD and not isinstance(node, ast.arg):
                said.append(value)
        return tuple(said), size


def _lines(node: ast.AST) -> tuple[int, int]:
    # Generators and arguments have no line of their own.
    for each in ast.walk(node):
        if isinstance(each, ast.expr | ast.stmt | ast.arg):
            return each.lineno, each.end_lineno or each.lineno
    return 0, 0


def _named_once(scope: ast.AST) -> Iterator[tuple[str, ast.expr]]:
    """Names given one value and used in one place, no further than this value."""
    names = [node for node in ast.walk(scope) if isinstance(node, ast.Name)]
    used = Counter(node.id for node in names if isinstance(node.ctx, ast.Load))
    given = Counter(node.id for node in names if not isinstance(node.ctx, ast.Load))
    given.update(node.arg for node in ast.walk(scope) if isinstance(node, ast.arg))
    for node in ast.walk(scope):
        if not (
            isinstance(node, ast.Assign) and len(node.targets) == 1 and isinstance(node.targets[0], ast.Name)
        ):
            continue
        name = node.targets[0].id
        inside = any(isinstance(each, ast.Name) and each.id == name for each in ast.walk(node.value))
        if used[name] == given[name] == 1 and not inside:
            yield name, node.value

"""A node to mutate, what surrounds it, and the edits made there."""

from __future__ import annotations

import ast
import builtins
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property, lru_cache

from course.dev.mutation_source import Source, Span
from course.dev.mutation_tables import AXIS_KEYWORDS, REDUCTIONS

SHAPELESS = (ast.Name, ast.Attribute, ast.Call, ast.Subscript, ast.Constant)
Function = ast.FunctionDef | ast.AsyncFunctionDef


_PLAIN = (ast.Tuple, ast.List, ast.UnaryOp, ast.Slice)


@dataclass(frozen=True)
class Edit:
    """A stretch of text replaced; `shown` is the expression whose before and after name the mutant."""

    span: Span
    text: str
    what: str
    shown: Span


@dataclass(frozen=True)
class Place:
    """A node and its parents, the nearest first."""

    source: Source
    node: ast.AST
    parents: tuple[ast.AST, ...]

    @property
    def parent(self) -> ast.AST:
        """The node around this one."""
        return self.parents[0]

    @property
    def name(self) -> str:
        """The functions and classes around the node, outermost first, with dots."""
        defined = (p.name for p in reversed(self.parents) if isinstance(p, (Function, ast.ClassDef)))
        return ".".join(defined) or "module"

    @property
    def parameters(self) -> list[str]:
        """Names of the parameters of the nearest function."""
        function = next((p for p in self.parents if isinstance(p, Function)), None)
        return [a.arg for a in (*function.args.posonlyargs, *function.args.args)] if function else []

    @cached_property
    def keyword(self) -> ast.keyword | None:
        """The keyword argument whose value this node is or belongs to, if any."""
        for p in self.parents:
            if isinstance(p, ast.keyword):
                return p
            if isinstance(p, (ast.Call, ast.stmt)):
                return None
        return None

    @property
    def names_an_axis(self) -> bool:
        """Whether the node is the axis of a reduction: `axis=` or the second argument of `np.sum`."""
        if self.keyword and self.keyword.arg in AXIS_KEYWORDS:
            return True
        for child, parent in zip((self.node, *self.parents), self.parents, strict=False):
            if isinstance(parent, ast.Call):
                reduces = called_name(parent) in REDUCTIONS and is_library(parent.func)
                return reduces and child in parent.args[1:2]
            if not isinstance(parent, (ast.UnaryOp, ast.Tuple)):
                return False
        return False

    @property
    def around(self) -> ast.expr | ast.stmt:
        """The smallest part that says where in the function the node stands."""
        for parent in self.parents:
            if isinstance(parent, ast.stmt) or (
                isinstance(parent, ast.expr) and not isinstance(parent, _PLAIN)
            ):
                return parent
        raise TypeError(self.node)

    def replaced(self, span: Span, text: str, what: str, shown: ast.expr | ast.stmt | None = None) -> Edit:
        """An edit of a span, shown as a change of `shown` or of the span itself."""
        return Edit(span, text, what, self.source.span(shown) if shown else span)


@lru_cache(maxsize=1)
def functions(source: Source) -> dict[str, int]:
    """The module's own functions and how many positional arguments each takes."""
    found = (node for node in source.tree.body if isinstance(node, Function))
    return {function.name: len(function.args.posonlyargs + function.args.args) for function in found}


@lru_cache(maxsize=1)
def known_names(source: Source) -> frozenset[str]:
    """Every name the module defines, imports or uses, and Python's own."""
    names = {token.text for token in source.tokens if token.text.isidentifier()}
    return frozenset(names | set(dir(builtins)))


def counters(scope: ast.AST) -> set[str]:
    """Names that count in a for over range() or enumerate()."""
    found: set[str] = set()
    for node in ast.walk(scope):
        if isinstance(node, (ast.For, ast.comprehension)) and isinstance(node.iter, ast.Call):
            target = node.target
            called = called_name(node.iter)
            if called == "enumerate" and isinstance(target, ast.Tuple):
                target = target.elts[0]
            if called in ("range", "enumerate") and isinstance(target, ast.Name):
                found.add(target.id)
    return found


def called_name(call: ast.Call) -> str:
    """The last name of what is called: `max` of `np.max(x)`; empty for a call of a call."""
    match call.func:
        case ast.Name(id=name) | ast.Attribute(attr=name):
            return name
    return ""


def is_library(function: ast.expr) -> bool:
    """Whether a function is called by its module: np.sum, not x.sum."""
    module = function.value if isinstance(function, ast.Attribute) else None
    return isinstance(module, ast.Name) and module.id in ("np", "numpy", "math", "tf", "ops")


def places(source: Source) -> Iterator[Place]:
    """Every node worth mutating, in the order of the tree, with what says nothing to a grader left out."""
    waiting: list[tuple[ast.AST, tuple[ast.AST, ...]]] = [(source.tree, ())]
    while waiting:
        node, parents = waiting.pop()
        if parents:
            yield Place(source, node, parents)
        children = [child for child in ast.iter_child_nodes(node) if not _is_silent(child, node)]
        waiting += [(child, (node, *parents)) for child in reversed(children)]


def _is_silent(child: ast.AST, parent: ast.AST) -> bool:
    """Docstrings, annotations, texts of errors, f-strings."""
    match parent:
        case ast.Raise():
            return True
        case ast.FunctionDef(returns=returns) | ast.AsyncFunctionDef(returns=returns) if child is returns:
            return True
        case ast.arg() | ast.AnnAssign() if child is parent.annotation:
            return True
    return isinstance(child, ast.JoinedStr) or _is_text_alone(child)


def _is_text_alone(node: ast.AST) -> bool:
    match node:
        case ast.Expr(value=ast.Constant(value=str())):
            return True
    return False

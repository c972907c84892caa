"""Mutations of statements: left out, ended differently, returning something else."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from course.dev.mutation_places import Edit, Place
from course.dev.mutation_source import Span


def left_out(place: Place) -> Iterator[Edit]:
    """A call for its effect, an update in place or a raise replaced by nothing."""
    node = place.node
    if isinstance(node, ast.Assign) and not all(isinstance(target, ast.Subscript) for target in node.targets):
        return
    if isinstance(node, (ast.Assign, ast.Expr, ast.AugAssign, ast.Raise)):
        yield place.replaced(place.source.span(node), "pass", "statement left out")


def updated(place: Place) -> Iterator[Edit]:
    """+= to -=, *= to /= and back."""
    node = place.node
    if isinstance(node, ast.AugAssign):
        sign = place.source.between(node.target, node.value)[0]
        changed = {"+=": "-=", "-=": "+=", "*=": "/=", "/=": "*=", "//=": "/=", "**=": "*="}.get(sign.text)
        if changed:
            yield place.replaced(Span(sign.start, sign.end), changed, "update", node)


def returned(place: Place) -> Iterator[Edit]:
    """Nothing returned; the first operand alone; two values the other way round."""
    node = place.node
    if not isinstance(node, ast.Return) or node.value is None:
        return
    span = place.source.span(node)
    yield place.replaced(span, "return None", "nothing returned")
    if isinstance(node.value, ast.BinOp):
        kept = place.source.text_of(place.source.bracketed(node.value.left))
        yield place.replaced(span, f"return {kept}", "first operand alone")
    elif isinstance(node.value, ast.Tuple) and len(node.value.elts) > 1:
        first, second = (place.source.text_of(place.source.bracketed(part)) for part in node.value.elts[:2])
        rest = [place.source.text_of(place.source.bracketed(part)) for part in node.value.elts[2:]]
        yield place.replaced(span, f"return {', '.join([second, first, *rest])}", "values exchanged")


def ended(place: Place) -> Iterator[Edit]:
    """`break` to `continue` and back."""
    if isinstance(place.node, (ast.Break, ast.Continue)):
        changed = "continue" if isinstance(place.node, ast.Break) else "break"
        yield place.replaced(place.source.span(place.node), changed, "loop ended differently")

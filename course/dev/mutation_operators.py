"""Mutations of operators and conditions: each function looks at one place and yields the edits to be made."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from itertools import pairwise

from course.dev import mutation_tables as tables
from course.dev.mutation_places import SHAPELESS, Edit, Place
from course.dev.mutation_source import Span

_SHORT = 10


def arithmetic(place: Place) -> Iterator[Edit]:
    """+ and -, * and /, // and /, ** and *; the operands of @ change places."""
    node = place.node
    if not isinstance(node, ast.BinOp) or any(map(_is_text_or_list, (node.left, node.right))):
        return
    span = place.source.span(node)
    operator = next(t for t in place.source.between(node.left, node.right) if t.text not in "()")
    left, right = (
        place.source.text[span.start : operator.start].rstrip(),
        place.source.text[operator.end : span.end].lstrip(),
    )
    if operator.text == "@":
        left = f"({left})" if isinstance(node.left, ast.BinOp) and not left.endswith(")") else left
        yield place.replaced(span, f"{right} @ {left}", "operands exchanged")
    elif operator.text == "**":
        yield place.replaced(span, f"({left} * {right})", "arithmetic operator")
    elif operator.text in tables.ARITHMETIC:
        changed = tables.ARITHMETIC[operator.text]
        yield place.replaced(Span(operator.start, operator.end), changed, "arithmetic operator", node)


def _is_text_or_list(node: ast.expr) -> bool:
    return isinstance(node, (ast.List, ast.JoinedStr)) or (
        isinstance(node, ast.Constant) and isinstance(node.value, str)
    )


def comparison(place: Place) -> Iterator[Edit]:
    """< to <= and >, == to != and so on."""
    node = place.node
    if not isinstance(node, ast.Compare):
        return
    operands = [node.left, *node.comparators]
    for left, right in pairwise(operands):
        words = [t for t in place.source.between(left, right) if t.text not in "()"]
        span = Span(words[0].start, words[-1].end)
        for changed in tables.COMPARISONS[" ".join(t.text for t in words)]:
            yield place.replaced(span, changed, "comparison", node)


def logic(place: Place) -> Iterator[Edit]:
    """`and` to `or` and back; `not`, - and ~ taken away."""
    node = place.node
    if isinstance(node, ast.BoolOp):
        for left, right in pairwise(node.values):
            word = next(t for t in place.source.between(left, right) if t.text in ("and", "or"))
            changed = "or" if word.text == "and" else "and"
            yield place.replaced(Span(word.start, word.end), changed, "and/or", node)
    elif isinstance(node, ast.UnaryOp) and not isinstance(node.op, ast.UAdd) and not place.names_an_axis:
        span = place.source.span(node)
        sign = place.source.within(span)[0]
        rest = place.source.text[sign.end : span.end].lstrip()
        shown = place.around if span.end - span.start < _SHORT else None
        yield place.replaced(span, rest, f"{sign.text} taken away", shown)


def condition(place: Place) -> Iterator[Edit]:
    """A condition negated, unless it is one comparison: those have flips of their own."""
    node, parent = place.node, place.parent
    if not isinstance(node, ast.expr) or isinstance(node, (ast.Compare, ast.Constant)):
        return
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not):
        return
    tested = isinstance(parent, (ast.If, ast.While, ast.IfExp)) and node is parent.test
    if tested or (isinstance(parent, ast.comprehension) and node in parent.ifs):
        span = place.source.span(node)
        text = place.source.text_of(span)
        shown = place.around if len(text) < _SHORT else None
        negated = f"not {text}" if isinstance(node, SHAPELESS) else f"not ({text})"
        yield place.replaced(span, negated, "condition", shown)

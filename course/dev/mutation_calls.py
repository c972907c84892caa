"""Mutations of calls and of what is taken from sequences."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from itertools import pairwise

from course.dev import mutation_tables as tables
from course.dev.mutation_places import (
    SHAPELESS,
    Edit,
    Place,
    called_name,
    counters,
    functions,
    is_library,
    known_names,
)
from course.dev.mutation_source import Span


def keyword(place: Place) -> Iterator[Edit]:
    """A keyword argument left out."""
    node = place.node
    if not isinstance(node, ast.Call):
        return
    whole = place.source.span
    positional = [place.source.bracketed(argument) for argument in node.args]
    spans = sorted([*positional, *map(whole, node.keywords)], key=lambda span: span.start)
    for argument in node.keywords:
        if argument.arg is None or _leaves_no_trace(argument, called_name(node)):
            continue
        span = whole(argument)
        index = spans.index(span)
        if index:
            span = Span(spans[index - 1].end, span.end)
        elif len(spans) > 1:
            span = Span(span.start, spans[1].start)
        yield place.replaced(span, "", f"{argument.arg} left out", node)


def _leaves_no_trace(argument: ast.keyword, called: str) -> bool:
    name, value = argument.arg, argument.value
    if name in tables.QUIET_KEYWORDS or (name in tables.SEED_KEYWORDS and isinstance(value, ast.Constant)):
        return True
    if name == "batch_size" and called in ("predict", "evaluate"):
        return True
    if name == "dtype" and called in tables.FLOAT_BY_DEFAULT:
        return isinstance(value, ast.Name) and value.id == "float"
    # Left out, an activation is linear: the mutation of its name says the same.
    return name == "activation" and isinstance(value, ast.Constant) and value.value in tables.LINEAR_INSTEAD


def function(place: Place) -> Iterator[Edit]:
    """Another function of the same family; roots, copies and transposes taken away."""
    node = place.node
    if isinstance(node, ast.Attribute) and node.attr == "T" and isinstance(node.ctx, ast.Load):
        span = place.source.span(node)
        yield place.replaced(span, place.source.text[span.start : _before_dot(place, node)], "not transposed")
    if not isinstance(node, ast.Call):
        return
    name = called_name(node)
    if not name:
        return
    called = place.source.span(node.func)
    changed = _other_function(place, node, name)
    if name in tables.SQUASHING:
        squashed = _other_squashing(place, name)
        if squashed:
            yield place.replaced(called, squashed, "function", node)
    elif changed and not _only_ranks(place, name):
        yield place.replaced(Span(called.end - len(name), called.end), changed, "function", node)
    span = place.source.span(node)
    if name in tables.UNWRAPPED and name not in functions(place.source):
        if len(node.args) == 1 and not node.keywords:
            kept = place.source.text_of(place.source.span(node.args[0]))
            kept = kept if isinstance(node.args[0], SHAPELESS) else f"({kept})"
            yield place.replaced(span, kept, f"without {name}")
        elif not node.args and isinstance(node.func, ast.Attribute):
            yield place.replaced(
                span, place.source.text[span.start : _before_dot(place, node.func)], f"without {name}"
            )


def _other_squashing(place: Place, name: str) -> str | None:
    """Sigmoid for tanh and back, as far as the module has the other."""
    other = "tanh" if name == "sigmoid" else "sigmoid"
    if other in functions(place.source):
        return other
    return "np.tanh" if other == "tanh" and {"np", "tanh"} <= known_names(place.source) else None


def _only_ranks(place: Place, name: str) -> bool:
    """Whether only the order of sums or means counts, which is the same: `votes.sum(axis=0).argmax()`."""
    ranked = isinstance(place.parent, ast.Attribute) and place.parent.attr in ("argmax", "argmin", "argsort")
    return ranked and name in ("sum", "mean")


def _before_dot(place: Place, node: ast.Attribute) -> int:
    end = place.source.span(node).end
    return place.source.text.rindex(".", 0, end - len(node.attr))


def _other_function(place: Place, node: ast.Call, name: str) -> str | None:
    known, own = known_names(place.source), functions(place.source)
    if isinstance(node.func, ast.Attribute):
        method = name in tables.ALSO_METHODS and not is_library(node.func)
        return None if method else tables.FUNCTIONS.get(name)
    if name in own:
        alike = [other for other, count in own.items() if count == own[name]]
        following = alike[(alike.index(name) + 1) % len(alike)]
        return following if following != name else None
    if name in tables.BUILTINS:
        return tables.BUILTINS[name]
    changed = tables.FUNCTIONS.get(name)
    return changed if changed in known else None


def arguments(place: Place) -> Iterator[Edit]:
    """Two arguments exchanged where their order matters; parts joined in reverse."""
    node = place.node
    if not isinstance(node, ast.Call):
        return
    name = called_name(node)
    at = tables.SWAPPED.get(name) or ((0, 1) if name in functions(place.source) else None)
    if at and len(node.args) > at[1] and not any(isinstance(a, ast.Starred) for a in node.args):
        yield from _exchanged(place, node.args[at[0]], node.args[at[1]], "arguments exchanged", node)
    if name in tables.JOINED and node.args and isinstance(node.args[0], (ast.List, ast.Tuple)):
        parts = node.args[0].elts
        if len(parts) > 1:
            yield from _exchanged(place, parts[0], parts[-1], "joined in another order", node)
    for argument in node.args:
        if isinstance(argument, ast.List) and all(isinstance(part, ast.Call) for part in argument.elts):
            yield from _part_left_out(place, argument)


def _exchanged(place: Place, first: ast.expr, second: ast.expr, what: str, shown: ast.expr) -> Iterator[Edit]:
    one, two = place.source.bracketed(first), place.source.bracketed(second)
    middle = place.source.text[one.end : two.start]
    changed = place.source.text_of(two) + middle + place.source.text_of(one)
    if place.source.text_of(one) != place.source.text_of(two):
        yield place.replaced(Span(one.start, two.end), changed, what, shown)


def _part_left_out(place: Place, parts: ast.List) -> Iterator[Edit]:
    for part, following in pairwise(parts.elts):
        span = Span(place.source.span(part).start, place.source.span(following).start)
        yield Edit(span, "", "left out", span)
    if len(parts.elts) > 1:
        span = Span(place.source.span(parts.elts[-2]).end, place.source.span(parts.elts[-1]).end)
        yield Edit(span, "", "left out", span)


def bounds(place: Place) -> Iterator[Edit]:
    """Slices, counted indices and ranges one off, unless a number in them changes anyway."""
    node = place.node
    if isinstance(node, ast.Slice):
        yield from _shifted(place, node.lower, " + 1", "slice", place.parents)
        yield from _shifted(place, node.upper, " - 1", "slice", place.parents)
    elif (
        isinstance(node, ast.Subscript)
        and isinstance(node.ctx, ast.Load)
        and isinstance(node.slice, ast.Name)
    ):
        if node.slice.id in counters(place.parents[-1]):
            yield from _shifted(place, node.slice, " - 1", "index", (node,))
    elif isinstance(node, ast.Call) and called_name(node) == "range" and node.args:
        first, *rest = node.args
        if rest:
            yield from _shifted(place, first, " + 1", "range", (node,))
        yield from _shifted(place, rest[0] if rest else first, " - 1", "range", (node,))


def clipped(place: Place) -> Iterator[Edit]:
    """A largest entry that is never below zero, a smallest never above: as where a loop starts from 0."""
    node = place.node
    if not isinstance(node, ast.Call) or "keepdims" in {keyword.arg for keyword in node.keywords}:
        return  # a shift by the largest entry, as in softmax, may be any other
    from_zero = {"max": "np.maximum", "min": "np.minimum"}.get(called_name(node))
    if from_zero is None or any(_holds_a_number(argument) or _counts(argument) for argument in node.args):
        return
    span = place.source.span(node)
    changed = f"{from_zero}({place.source.text_of(span)}, 0)"
    yield place.replaced(span, changed, "starts from zero", node)


def _counts(node: ast.expr) -> bool:
    return isinstance(node, ast.Call) and called_name(node) == "len"


def _shifted(
    place: Place, node: ast.expr | None, by: str, what: str, around: tuple[ast.AST, ...]
) -> Iterator[Edit]:
    if node is None or _holds_a_number(node):
        return
    span = place.source.span(node)
    written = place.source.text_of(span)
    changed = f"{written}{by}" if isinstance(node, (*SHAPELESS, ast.BinOp)) else f"({written}){by}"
    shown = next((p for p in around if isinstance(p, (ast.Subscript, ast.Call))), node)
    yield place.replaced(span, changed, f"{what} one off", shown)


def _holds_a_number(node: ast.expr) -> bool:
    match node:
        case ast.Constant() | ast.UnaryOp(operand=ast.Constant()):
            return True
        case ast.BinOp(op=ast.Add() | ast.Sub(), right=ast.Constant()):
            return True
    return False

"""Mutations of values: numbers, truth values, texts, axes and names."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from course.dev import mutation_tables as tables
from course.dev.mutation_places import Edit, Place

_MANY = 4


def number(place: Place) -> Iterator[Edit]:
    """One more; 0 for 1; one less where it is an index; for fractions the double."""
    match place.node:
        case ast.Constant(value=bool()):
            return
        case ast.Constant(value=int() | float() as value):
            if not (_is_quiet(place) or place.names_an_axis or _is_one_of_many(place)):
                changed = _other_fraction(value) if isinstance(value, float) else _other_integer(value, place)
                yield place.replaced(place.source.span(place.node), changed, "number", place.around)


def _other_integer(value: int, place: Place) -> str:
    if value and _is_index(place):
        return str(value - 1)
    counted = isinstance(place.parent, (ast.Call, ast.keyword, ast.Tuple, ast.UnaryOp))
    return "0" if value == 1 and not counted else str(value + 1)


def _is_index(place: Place) -> bool:
    parent, around = place.parents[:2]
    part = parent if isinstance(parent, ast.Tuple) else place.node
    subscript = around if part is parent else parent
    return isinstance(subscript, ast.Subscript) and part is subscript.slice


def _other_fraction(value: float) -> str:
    if value == 0 or value >= 1:
        return repr(value + 1)
    # A limit as small as 1e-7 may be doubled unseen.
    return repr(float(f"{value * (2 if value >= 1e-4 else 1e4):g}"))


def _is_one_of_many(place: Place) -> bool:
    match place.parent:
        case ast.List(elts=elements) | ast.Tuple(elts=elements) if len(elements) > _MANY:
            return place.node not in (elements[0], elements[-1])
    return False


def truth(place: Place) -> Iterator[Edit]:
    """True to False and back."""
    node = place.node
    if isinstance(node, ast.Constant) and isinstance(node.value, bool) and not _is_quiet(place):
        yield place.replaced(place.source.span(node), str(not node.value), "truth value", place.around)


def text(place: Place) -> Iterator[Edit]:
    """A word Keras or NumPy knows to another; any other text to a different one."""
    node = place.node
    if not isinstance(node, ast.Constant) or not isinstance(node.value, str) or _is_quiet(place):
        return
    span = place.source.span(node)
    written = place.source.text_of(span)
    changed = tables.STRINGS.get(node.value, f"{node.value}_")
    summed = re.fullmatch(r"(.*->)(\w{2,})", node.value)
    if summed:
        changed = summed[1] + summed[2][::-1]
    quoted = f'"{changed}"' if written.startswith('"') and repr(changed)[1:-1] == changed else repr(changed)
    yield place.replaced(span, quoted, "text", place.around)


def axis(place: Place) -> Iterator[Edit]:
    """The other axis; of several axes the first alone."""
    node = place.node
    if not isinstance(node, (ast.Constant, ast.UnaryOp, ast.Tuple)) or not place.names_an_axis:
        return
    if isinstance(place.parent, (ast.UnaryOp, ast.Tuple)):
        return
    span = place.source.span(node)
    if isinstance(node, ast.Tuple):
        changed: str | None = place.source.text_of(place.source.span(node.elts[0]))
    else:
        changed = {"0": "1", "1": "0", "-1": "0", "2": "1", "-2": "-1"}.get(place.source.text_of(span))
    if changed:
        yield place.replaced(span, changed, "axis", place.around)


def _is_quiet(place: Place) -> bool:
    """Whether a constant is the value of a keyword nothing depends on."""
    found = place.keyword
    return found is not None and found.arg in tables.QUIET_KEYWORDS | tables.SEED_KEYWORDS


def name(place: Place) -> Iterator[Edit]:
    """A parameter for its sibling: W_f for W_i, y_true for y_pred."""
    node = place.node
    if (
        not isinstance(node, ast.Name)
        or not isinstance(node.ctx, ast.Load)
        or node.id not in place.parameters
    ):
        return
    siblings = [other for other in place.parameters if _stem(other) == _stem(node.id)]
    if len(siblings) > 1:
        other = siblings[(siblings.index(node.id) + 1) % len(siblings)]
        yield place.replaced(place.source.span(node), other, "name", place.around)


def _stem(identifier: str) -> str:
    return re.sub(r"(_[^_]+|\d+)$", "", identifier)

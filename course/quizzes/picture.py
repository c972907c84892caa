"""A picture in a question: curves, a table of numbers as shades, or a plane with points and a line. Drawn from its numbers alone.

As SVG for pages, notebooks and exports, and as text for a terminal. No library is needed, and a draw's values are what is shown.
"""

from __future__ import annotations

import base64
import math
from collections.abc import Mapping
from html import escape
from typing import Any

from rich.cells import cell_len

from course.language import Words
from course.quizzes import expression, places
from course.quizzes.expression import Value

Picture = dict[str, Any]
"""`kind` (curves, cells, plane), `alt` by language, and numbers; texts by language. A form JSON can hold."""

KINDS = {
    "curves": {"kind", "alt", "x", "y", "from", "to", "lines"},
    "cells": {"kind", "alt", "rows", "left", "top", "shade"},
    "plane": {"kind", "alt", "points", "line", "box"},
}
_COLOURS = ("#0072B2", "#D55E00", "#009E73")
_DASHES = ("none", "7 4", "2 4")
_MARKS = "*o+"
_WIDTH, _HEIGHT, _MARGIN = 460, 250, 46


class PictureError(ValueError):
    """A picture that is not of the form docs/quiz.md gives."""


def drawn(spec: Mapping[str, Any], values: Mapping[str, Value]) -> Picture:
    """The picture with its numbers computed from a draw's values; raises PictureError, ExpressionError."""
    kind = str(spec.get("kind"))
    if kind not in KINDS or set(spec) - KINDS[kind]:
        raise PictureError(
            f"picture: kind {kind!r}, or fields that it has not: {sorted(set(spec) - KINDS.get(kind, set()))}"
        )
    picture: Picture = {"kind": kind, "alt": _filled(spec["alt"], values)}
    if kind == "curves":
        first, last = (int(_number(spec[name], values)) for name in ("from", "to"))
        picture |= {"x": spec["x"], "y": spec["y"], "from": first, "to": last, "lines": [
            {"name": line["name"], "y": [_number(line["y"], {**values, "t": t}) for t in range(first, last + 1)]}
            for line in spec["lines"]
        ]}  # fmt: skip
    elif kind == "cells":
        picture["rows"] = [[_number(cell, values) for cell in row] for row in spec["rows"]]
        picture |= {name: spec.get(name, []) for name in ("left", "top")} | {"shade": spec.get("shade", True)}
    else:
        picture["points"] = [
            {"x": _number(x, values), "y": _number(y, values), "class": int(_number(label, values))}
            for x, y, label in spec["points"]
        ]
        picture["line"] = [_number(part, values) for part in spec.get("line", [])]
        picture["box"] = [_number(part, values) for part in spec.get("box", [])]
    return picture


def svg(picture: Picture, code: str) -> str:
    """SVG text on a white ground, with its alternative text."""
    body = {"curves": _curves, "cells": _cells, "plane": _plane}[picture["kind"]](picture, code)
    height = _cells_height(picture) if picture["kind"] == "cells" else _HEIGHT
    alt = escape(described(picture, code))
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {height}" width="{_WIDTH}" height="{height}" '
        f'role="img" aria-label="{alt}" font-family="sans-serif" font-size="12">'
        f'<rect width="100%" height="100%" fill="#ffffff"/>{body}</svg>'
    )


def image(picture: Picture, code: str) -> str:
    """An HTML image that holds the picture itself, for documents that may bring no file along."""
    data = base64.b64encode(svg(picture, code).encode()).decode("ascii")
    return f'<img src="data:image/svg+xml;base64,{data}" alt="{escape(described(picture, code))}"/>'


def described(picture: Picture, code: str) -> str:
    """What is shown, and its numbers, for whoever hears the picture: enough to answer the question."""
    if picture["kind"] == "curves":
        first, ticks = picture["from"], _ticks(picture["from"], picture["to"])
        marks = _round_marks([value for line in picture["lines"] for value in line["y"]])
        parts = [
            (
                line["name"][code],
                [f"({t}, {_short(line['y'][t - first], marks[-1] - marks[0])})" for t in ticks],
            )
            for line in picture["lines"]
        ]
    elif picture["kind"] == "cells":
        names = [words[code] for words in picture["left"]] or [""] * len(picture["rows"])
        heads = ", ".join(words[code] for words in picture["top"])
        parts = [("", [heads])] if heads else []
        rows = [[places.shown(value) for value in row] for row in picture["rows"]]
        parts += list(zip(names, rows, strict=True))
    else:
        points = [
            (p["class"] > 0, f"({places.shown(p['x'])}, {places.shown(p['y'])})") for p in picture["points"]
        ]
        parts = [
            (mark, [at for dot, at in points if dot is kind]) for mark, kind in (("○", True), ("×", False))
        ]
    told = "; ".join(f"{name}: {', '.join(found)}" if name else ", ".join(found) for name, found in parts)
    return f"{picture['alt'][code]}. {told}"


def text(picture: Picture, code: str, width: int = 78) -> str:
    """The picture in characters, for a terminal and for formats without images; curves are drawn to the width."""
    if picture["kind"] == "curves":
        return _curves_text(picture, code, width)
    return (_cells_text if picture["kind"] == "cells" else _plane_text)(picture, code)


# --- SVG ------------------------------------------------------------------------------------------------------------------


def _curves(picture: Picture, code: str) -> str:
    lines = picture["lines"]
    marks = _round_marks([value for line in lines for value in line["y"]])
    low, high = marks[0], marks[-1]
    left, right, top, bottom = _MARGIN + 6, _WIDTH - 12, 30, _HEIGHT - 40
    first, last = picture["from"], picture["to"]

    def x(t: float) -> float:
        return float(left + (right - left) * (t - first) / max(last - first, 1))

    def y(value: float) -> float:
        return float(bottom - (bottom - top) * (value - low) / (high - low))

    parts = [_axis(left, top, right, bottom)]
    for value in marks:
        parts.append(_words(left - 5, y(value) + 4, _short(value, high - low), "end"))
        parts.append(f'<path d="M{left} {y(value):.1f}H{right}" stroke="#dddddd"/>')
    for t in _ticks(first, last):
        parts.append(_words(x(t), bottom + 15, str(t)))
        parts.append(f'<path d="M{x(t):.1f} {top}V{bottom}" stroke="#eeeeee"/>')
    for place, line in enumerate(lines):
        points = " ".join(f"{x(first + n):.1f},{y(value):.1f}" for n, value in enumerate(line["y"]))
        style = f'stroke="{_COLOURS[place % 3]}" stroke-dasharray="{_DASHES[place % 3]}"'
        parts.append(f'<polyline points="{points}" fill="none" stroke-width="2" {style}/>')
        at = left + 6 + place * 140
        parts.append(f'<path d="M{at} 16h26" stroke-width="2" {style}/>')
        parts.append(_words(at + 32, 20, line["name"][code], "start"))
    parts.append(_words((left + right) / 2, _HEIGHT - 8, picture["x"][code]))
    turned = f'<g transform="translate(12 {(top + bottom) / 2}) rotate(-90)">'
    return "".join([*parts, turned, _words(0, 0, picture["y"][code]), "</g>"])


def _cells(picture: Picture, code: str) -> str:
    rows = picture["rows"]
    high, low = max(max(row) for row in rows), min(min(row) for row in rows)
    left, top, size = _cells_frame(picture)
    parts = []
    for i, row in enumerate(rows):
        for j, value in enumerate(row):
            share = (value - low) / (high - low) if high > low and picture["shade"] else 0.0
            fill = f"rgb({255 - round(160 * share)},{255 - round(110 * share)},{255 - round(40 * share)})"
            at, to = left + j * size, top + i * size
            square = f'x="{at:.1f}" y="{to:.1f}" width="{size:.1f}" height="{size:.1f}"'
            parts.append(f'<rect {square} fill="{fill}" stroke="#666666"/>')
            parts.append(_words(at + size / 2, to + size / 2 + 5, places.shown(value)))
        if picture["left"]:
            parts.append(_words(left - 8, top + (i + 0.5) * size + 4, picture["left"][i][code], "end"))
    for j, words in enumerate(picture["top"]):
        parts.append(_words(left + (j + 0.5) * size, top - 8, words[code]))
    return "".join(parts)


def _cells_frame(picture: Picture) -> tuple[int, int, float]:
    """Where the cells begin, from the left and from above, and how wide each is."""
    rows = picture["rows"]
    left = 110 if picture["left"] else 20
    top = 34 if picture["top"] else 12
    return left, top, min((_WIDTH - left - 10) / len(rows[0]), (_HEIGHT - top - 10) / len(rows), 74)


def _cells_height(picture: Picture) -> int:
    _left, top, size = _cells_frame(picture)
    return int(top + size * len(picture["rows"]) + 10)


def _plane(picture: Picture, _code: str) -> str:
    left, right, top, bottom = 130, 350, 12, 232
    span = _reach(picture)

    def x(value: float) -> float:
        return left + (right - left) * (value + span) / (2 * span)

    def y(value: float) -> float:
        return bottom - (bottom - top) * (value + span) / (2 * span)

    parts = [f'<path d="M{left} {y(0):.1f}H{right}M{x(0):.1f} {top}V{bottom}" stroke="#999999"/>']
    for value in range(-int(span), int(span) + 1):
        if value:
            parts.append(_words(x(value), y(0) + 13, str(value)))
            parts.append(_words(x(0) - 4, y(value) + 4, str(value), "end"))
    for (x1, y1), (x2, y2) in _segments(picture, span):
        parts.append(
            f'<path d="M{x(x1):.1f} {y(y1):.1f}L{x(x2):.1f} {y(y2):.1f}" stroke="#222222" stroke-width="2"/>'
        )
    for point in picture["points"]:
        at, to = x(point["x"]), y(point["y"])
        if point["class"] > 0:
            parts.append(f'<circle cx="{at:.1f}" cy="{to:.1f}" r="6" fill="{_COLOURS[0]}"/>')
        else:
            parts.append(
                f'<path d="M{at - 5:.1f} {to - 5:.1f}l10 10m0 -10l-10 10" stroke="{_COLOURS[1]}" stroke-width="3"/>'
            )
    return "".join(parts)


def _words(at: float, to: float, words: str, anchor: str = "middle") -> str:
    return f'<text x="{at:.1f}" y="{to:.1f}" text-anchor="{anchor}">{escape(words)}</text>'


def _axis(left: float, top: float, right: float, bottom: float) -> str:
    return f'<path d="M{left} {top}V{bottom}H{right}" fill="none" stroke="#333333"/>'


# --- characters ------------------------------------------------------------------------------------------------------------


def _curves_text(picture: Picture, code: str, width: int) -> str:
    lines = picture["lines"]
    first: int = picture["from"]
    last: int = picture["to"]
    steps = max(last - first, 1)
    room, tall = max(width - 10, 12), 13
    # As many columns a step as there is room for; where there are more steps than columns, steps share one.
    wide = min(max(1, min(56, room - 1) // steps) * steps + 1, room)
    marks = _round_marks([value for line in lines for value in line["y"]])
    low, high = marks[0], marks[-1]
    grid = [[" "] * wide for _ in range(tall)]

    def column(t: int) -> int:
        return round((t - first) * (wide - 1) / steps)

    for place, line in enumerate(lines):
        own = {
            (tall - 1 - round((value - low) / (high - low) * (tall - 1)), column(first + step))
            for step, value in enumerate(line["y"])
        }
        for row, at in own:
            grid[row][at] = _MARKS[place % 3] if grid[row][at] == " " else "#"
    labels = {
        row: _short(high + (low - high) * row / (tall - 1), high - low) for row in (0, tall // 2, tall - 1)
    }
    shown = [f"{labels.get(row, ''):>7} |{''.join(cells).rstrip()}" for row, cells in enumerate(grid)]
    ticks = _ticks(first, last)
    while len(ticks) > 2 and column(ticks[1]) - column(ticks[0]) <= max(len(str(t)) for t in ticks):
        ticks = ticks[::2]
    under = [" "] * (wide + 4)
    for t in ticks:
        under[column(t) : column(t) + len(str(t))] = str(t)
    axis = [
        f"{'':>7} +{'-' * wide}",
        f"{'':>9}{''.join(under).rstrip()}",
        _right(picture["x"][code], 9 + wide),
    ]
    names = "   ".join(f"{_MARKS[place % 3]} {line['name'][code]}" for place, line in enumerate(lines))
    return "\n".join(
        [picture["y"][code], *shown, *axis, names, *_values_text(picture, code, width, high - low)]
    )


def _values_text(picture: Picture, code: str, width: int, span: float) -> list[str]:
    """The values at the marks of the axis, which characters are too coarse to show; in more than one table if it is narrow."""
    first, ticks = picture["from"], _ticks(picture["from"], picture["to"])
    heads = [picture["x"][code], *(_MARKS[place % 3] for place in range(len(picture["lines"])))]
    rows = [[str(t) for t in ticks]]
    rows += [[_short(line["y"][t - first], span) for t in ticks] for line in picture["lines"]]
    side, wide = max(map(cell_len, heads)), max(len(cell) for row in rows for cell in row) + 1
    each = max((width - side) // wide, 1)
    return [
        _right(head, side) + "".join(_right(cell, wide) for cell in row[start : start + each])
        for start in range(0, len(ticks), each)
        for head, row in zip(heads, rows, strict=True)
    ]


def _cells_text(picture: Picture, code: str) -> str:
    rows = [[places.shown(value) for value in row] for row in picture["rows"]]
    heads = [words[code] for words in picture["top"]]
    sides = [words[code] for words in picture["left"]] or [""] * len(rows)
    wide = max(cell_len(cell) for cell in [*heads, *(cell for row in rows for cell in row)]) + 2
    side = max(cell_len(words) for words in sides)
    table = [([" " * side] if side else []) + [_right(head, wide) for head in heads]] if heads else []
    table += [([words + " " * (side - cell_len(words))] if side else []) + [_right(cell, wide) for cell in row]
              for words, row in zip(sides, rows, strict=True)]  # fmt: skip
    return "\n".join("".join(row).rstrip() for row in table)


def _plane_text(picture: Picture, _code: str) -> str:
    span, tall = int(_reach(picture)), 4
    wide, high = 2 * span * tall + 1, 4 * span + 1
    grid = [[" "] * wide for _ in range(high)]

    def put(x: float, y: float, mark: str) -> None:
        column, row = round((x + span) * tall), round((span - y) * 2)
        if 0 <= column < wide and 0 <= row < high:
            grid[row][column] = mark

    for step in range(-span * tall, span * tall + 1):
        put(step / tall, 0, "-")
    for step in range(-span * 2, span * 2 + 1):
        put(0, step / 2, "|")
    for value in range(-span, span + 1):
        put(value, 0, "+")
        put(0, value, "+")
    for (x1, y1), (x2, y2) in _segments(picture, span):
        for n in range(4 * wide + 1):
            put(x1 + (x2 - x1) * n / (4 * wide), y1 + (y2 - y1) * n / (4 * wide), "#")
    for point in picture["points"]:
        put(point["x"], point["y"], "o" if point["class"] > 0 else "x")
    return "\n".join("".join(row).rstrip() for row in grid) + f"\n(-{span} … {span})"


def _right(words: str, wide: int) -> str:
    return " " * max(wide - cell_len(words), 0) + words


# --- both ------------------------------------------------------------------------------------------------------------------


def _segments(picture: Picture, span: float) -> list[tuple[tuple[float, float], tuple[float, float]]]:
    """The pieces of the boundary: of the line w1·x + w2·y + b = 0, or of a box' four sides."""
    if picture["line"]:
        first, second, bias = picture["line"]
        if abs(second) >= abs(first):
            ends = [(x, -(bias + first * x) / second) for x in (-span, span)]
        else:
            ends = [(-(bias + second * y) / first, y) for y in (-span, span)]
        return [(ends[0], ends[1])]
    if picture["box"]:
        x1, y1, x2, y2 = picture["box"]
        corners = [(x1, y1), (x2, y1), (x2, y2), (x1, y2)]
        return [(corners[n], corners[(n + 1) % 4]) for n in range(4)]
    return []


def _reach(picture: Picture) -> float:
    return 1.0 + max(
        2.0, *(abs(float(point[name])) for point in picture["points"] for name in ("x", "y")), 2.0
    )


def _round_marks(values: list[float]) -> list[float]:
    """Marks of an axis at round numbers, from 0 or below the least value to above the greatest."""
    low, high = min([*values, 0.0]), max([*values, 0.0])
    high = high if high > low else low + 1.0
    least = (high - low) / 6
    power = 10.0 ** math.floor(math.log10(least))
    step = next(part * power for part in (1, 2, 2.5, 5, 10) if part * power >= least * (1 - 1e-9))
    first, last = math.floor(low / step + 1e-9), math.ceil(high / step - 1e-9)
    return [n * step for n in range(first, last + 1)]


def _short(value: float, span: float) -> str:
    """To a thousandth of the axis: a sine's 1e-17 is 0."""
    return f"{round(value, 3 - round(math.log10(span))) + 0.0:.6g}"


def _ticks(first: int, last: int) -> list[int]:
    step = max(1, next((s for s in (1, 2, 5, 10, 20, 50, 100) if (last - first) / s <= 10), 200))
    start = first if step == 1 else -(-first // step) * step
    return list(range(start, last + 1, step))


def _number(value: Any, values: Mapping[str, Value]) -> float:
    return float(value) if isinstance(value, int | float) else float(expression.number(str(value), values))


def _filled(words: Words, values: Mapping[str, Value]) -> Words:
    return Words({code: places.fill(text, values) for code, text in words.items()})


def named(spec: Mapping[str, Any]) -> set[str]:
    """The names of drawn values that a picture needs; raises ExpressionError."""
    texts = [line.get("y", "") for line in spec.get("lines", [])]
    texts += [cell for row in (*spec.get("rows", []), *spec.get("points", [])) for cell in row]
    texts += [*spec.get("line", []), *spec.get("box", []), spec.get("from", 0), spec.get("to", 0)]
    return set().union(*(expression.names(text) for text in texts if isinstance(text, str))) - {"t"}

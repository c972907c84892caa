r"""Equations for the terminal: LaTeX in, readable Unicode text out.

Unicode's tables come from unicodeit; the structure (fractions, scripts, spacing, matrices) is worked out
here, because neither unicodeit nor pylatexenc keeps `x_{t-1}` and `\frac{a+b}{c}` readable at once.
"""

import re
from collections.abc import Collection, Iterable
from itertools import chain

from rich.cells import cell_len, chop_cells

from course.markup.equation_pieces import Kind, Piece, join
from course.markup.equation_reader import EquationReader, Grid
from course.markup.equation_symbols import (
    BIG_OPERATORS,
    BINARY,
    CLOSING,
    OPENING,
    RELATIONS,
    SUBSCRIPTS,
    SYMBOLS,
)

_ALIGNED = re.compile(r"\\begin\{((?:align|gather|split|equation)\w*\*?)\}(.*)\\end\{\1\}", re.DOTALL)
_BREAKS = RELATIONS | BINARY | BIG_OPERATORS | {"/", ":="}
_LETTER_BELOW = re.compile(r"(\\[a-zA-Z]+|[a-zA-Z])_(?:([a-zA-Z])|\{([a-zA-Z]{1,2})\})")
# In x_1, …, x_d the letter is the last index: no reason to write x_i otherwise than usual.
_LAST_INDICES = frozenset("dDNT")
_HANGING = "    "


def unicode_math(latex: str, *, one_line: bool = False, unlowered: Collection[str] = ()) -> str:
    """Unicode text of an equation (without its dollar signs); malformed LaTeX gives what can be read of it.

    A row of a matrix, of cases or of aligned equations takes a line, unless `one_line` asks for one in all.
    Symbols in `unlowered` keep x_i where they could have a small letter below.
    """
    reader = EquationReader(latex, one_line, unlowered)
    rows = reader.columns("aligned", reader.grid(())).rows
    return "\n".join(row.rstrip() for row in rows).strip("\n" if len(rows) > 1 else None)


def unlowered_symbols(equations: Iterable[str]) -> frozenset[str]:
    """Symbols with a label below that has no small form: beside W_f, W_i reads better than Wᵢ."""
    found = [match.groups() for latex in equations for match in _LETTER_BELOW.finditer(latex)]
    lowered = SUBSCRIPTS.keys() | _LAST_INDICES
    symbols = (symbol for symbol, bare, braced in found if not lowered >= set(bare or braced))
    return frozenset(SYMBOLS.get(symbol[1:], symbol) for symbol in symbols)


def equation_lines(latex: str, width: int, unlowered: Collection[str] = ()) -> list[str]:
    """The rows of a displayed equation, at most `width` cells: folded before operators if need be."""
    rows = unicode_math(latex, unlowered=unlowered).split("\n")
    if max(map(cell_len, rows)) <= width:
        return rows
    whole = _ALIGNED.fullmatch(latex.strip())
    inner = whole[2] if whole else latex
    tall = EquationReader(inner, False, unlowered).grid(())
    flat = EquationReader(inner, True, unlowered).grid(())
    lines: list[str] = []
    for tall_part, flat_part in zip(_parts(tall), _parts(flat), strict=True):
        box = join(tall_part)
        lines += box.rows if box.width <= width else _folded(join(flat_part).rows[0], width)
    return lines


def _parts(grid: Grid) -> list[list[Piece]]:
    """What a wide space or the end of a row sets apart."""
    parts: list[list[Piece]] = []
    for row in grid:
        parts.append([])
        for current in chain.from_iterable(row):
            if current.kind is Kind.SPACE and len(current.text) > 1:
                parts.append([])
            else:
                parts[-1].append(current)
    return [part for part in parts if part]


def break_points(text: str) -> list[tuple[int, int]]:
    """Where an equation's text may be broken: the index of the space, and how deep it lies in brackets."""
    depth = 0
    points = []
    for index, char in enumerate(text):
        depth += (char in OPENING) - (char in CLOSING)
        following = text[index + 1 :].split(" ", 1)[0]
        operator = following in _BREAKS or following[:1] in BIG_OPERATORS
        if char == " " and (operator or text[index - 1] in ",;"):
            points.append((index, depth))
    return points


def _folded(text: str, width: int) -> list[str]:
    lines: list[str] = []
    while cell_len(text) > width:
        lengths = range(round(width * 0.4), width + 1)
        fitting = [(at, depth) for at, depth in break_points(text) if cell_len(text[:at]) in lengths]
        spaces = [m.start() for m in re.finditer(r"(?<=\S) ", text) if cell_len(text[: m.start()]) <= width]
        if fitting:
            at = min(fitting, key=lambda point: (point[1], -point[0]))[0]
        else:
            at = spaces[-1] if spaces else len(chop_cells(text, width)[0])
        lines.append(text[:at])
        rest = text[at:].lstrip()
        text = (_HANGING if width > 2 * len(_HANGING) else "") + rest
    return [*lines, text]

"""Reads LaTeX mathematics into pieces and boxes of Unicode text, and what is malformed as far as it goes."""

import re
import unicodedata
from collections.abc import Collection, Sequence
from dataclasses import replace

from course.markup.equation_layout import Box, beside, bracketed, line, table
from course.markup.equation_pieces import (
    Kind,
    Piece,
    fraction,
    is_atom,
    is_call,
    join,
    piece,
    subscript,
    superscript,
)
from course.markup.equation_symbols import (
    ACCENTS,
    BLACKBOARD,
    CALLIGRAPHIC,
    DISCARDED,
    FUNCTIONS,
    SILENT,
    SPACES,
    SYMBOLS,
    TYPEFACES,
    UPRIGHT,
)

_TOKEN = re.compile(r"\\(?:[a-zA-Z]+\*?|.|$)|:=|\s+|.", re.DOTALL)
_MATRICES = {
    "matrix": ("", ""),
    "smallmatrix": ("", ""),
    "array": ("", ""),
    "bmatrix": ("[", "]"),
    "pmatrix": ("(", ")"),
    "Bmatrix": ("{", "}"),
    "vmatrix": ("|", "|"),
    "Vmatrix": ("‖", "‖"),
}
_FRACTIONS = ("frac", "dfrac", "tfrac", "cfrac")
_OPENERS = ("left", "bigl", "Bigl", "biggl", "Biggl")
_CLOSERS = ("right", "bigr", "Bigr", "biggr", "Biggr")
_ROOTS = {"3": "∛", "4": "∜"}

Grid = list[list[list[Piece]]]


class EquationReader:
    """One equation's tokens and the place reached in them."""

    def __init__(self, latex: str, one_line: bool, unlowered: Collection[str] = ()) -> None:
        self.tokens: list[str] = _TOKEN.findall(latex.strip())
        self.at = 0
        self.one_line = one_line
        self.unlowered = unlowered
        self.script_depth = 0

    # Reading tokens

    def _peek(self) -> str:
        return self.tokens[self.at] if self.at < len(self.tokens) else ""

    def _take(self) -> str:
        mark = self._peek()
        self.at += 1
        return mark

    def _skip_space(self) -> bool:
        start = self.at
        while self._peek().isspace():
            self.at += 1
        return self.at > start

    def _peek_past_space(self) -> str:
        beyond = self.at + self._peek().isspace()
        return self.tokens[beyond] if beyond < len(self.tokens) else ""

    def _raw_argument(self) -> str:
        """The text between braces as it is written."""
        self._skip_space()
        if self._peek() != "{":
            return self._take()
        depth, start = 0, self.at + 1
        while self.at < len(self.tokens):
            mark = self._take()
            depth += (mark == "{") - (mark == "}")
            if depth == 0:
                return "".join(self.tokens[start : self.at - 1])
        return "".join(self.tokens[start:])

    def _optional_argument(self) -> list[Piece]:
        self._skip_space()
        if self._peek() != "[":
            return []
        self._take()
        pieces = self._pieces(("]",))
        self._take()
        return pieces

    def _argument(self) -> list[Piece]:
        """The pieces between braces, or the one that follows."""
        self._skip_space()
        if self._peek() == "{":
            self._take()
            pieces = self._pieces(("}",))
            self._take()
            return pieces
        return self._atom(False) if self._peek() not in ("", "}", "&", r"\\", r"\end", r"\right") else []

    def _one_line_argument(self) -> list[Piece]:
        outer, self.one_line = self.one_line, True
        pieces = self._argument()
        self.one_line = outer
        return pieces

    # From tokens to pieces

    def grid(self, stops: Collection[str]) -> Grid:
        """Rows of cells of pieces, up to a stop."""
        rows: Grid = [[self._pieces((*stops, "&", r"\\", r"\cr"))]]
        while self._peek() and self._peek() not in stops:
            if self._take() == "&":
                rows[-1].append([])
            else:
                self._skip_row_height()
                rows.append([[]])
            rows[-1][-1] = self._pieces((*stops, "&", r"\\", r"\cr"))
        return [row for row in rows if any(row)] or [[[]]]

    def _skip_row_height(self) -> None:
        if self._peek() == "[" and "]" in self.tokens[self.at : self.at + 8]:
            self._optional_argument()

    def _pieces(self, stops: Collection[str]) -> list[Piece]:
        found: list[Piece] = []
        spaced = False
        while self._peek() and self._peek() not in stops:
            if self._peek() == "}" and not stops:
                self._take()
            elif self._peek() in ("^", "_", "'"):
                base = found.pop() if found and found[-1].kind is not Kind.SPACE else piece("")
                found.append(self._scripted(base))
            elif self._skip_space():
                spaced = not (
                    self.at > 1 and re.fullmatch(r"\\(?![a-z]?dots)[a-zA-Z]+", self.tokens[self.at - 2])
                )
                continue
            else:
                found.extend(self._atom(spaced))
            spaced = False
        return found

    def _scripted(self, base: Piece) -> Piece:
        """The piece with every prime, sub- and superscript that follows."""
        primes = lower = upper = ""
        while (mark := self._peek_past_space()) in ("'", "^", "_", r"\limits", r"\nolimits"):
            self._skip_space()
            self._take()
            if mark == "'":
                primes += "′"
            elif mark in ("^", "_"):
                self.script_depth += 1
                text = join(self._one_line_argument(), compact=True).rows[0]
                self.script_depth -= 1
                lower, upper = (lower + text, upper) if mark == "_" else (lower, upper + text)
        low, high = subscript(lower) if lower else "", superscript(upper) if upper else ""
        if base.text in self.unlowered and lower.isalpha():
            low = f"_{lower}"
        return _with_scripts(base, primes + low + high)

    def _atom(self, spaced: bool) -> list[Piece]:
        mark = self._take()
        if mark == "{":
            return self._group(spaced)
        if mark == "~":
            return [piece(" ", Kind.SPACE)]
        if not mark.startswith("\\"):
            return [piece(mark, spaced=spaced)]
        name = mark[1:]
        if not name.rstrip("*").isalpha():
            return self._escaped(name, spaced)
        pieces = self._command(name.rstrip("*"))
        return [replace(pieces[0], spaced=spaced), *pieces[1:]] if pieces else []

    def _group(self, spaced: bool) -> list[Piece]:
        pieces = self._pieces(("}",))
        self._take()
        if len(pieces) == 1:
            kind = pieces[0].kind if pieces[0].kind in (Kind.FRACTION, Kind.NAME) else Kind.ORDINARY
            return [replace(pieces[0], kind=kind, spaced=spaced)]
        if self._peek() in ("^", "_") and not is_call(pieces):
            pieces = [piece("("), *pieces, piece(")")]
        return [Piece(join(pieces, compact=self.script_depth > 0), Kind.ORDINARY, spaced)]

    def _escaped(self, name: str, spaced: bool) -> list[Piece]:
        if name in SPACES:
            return [piece(SPACES[name], Kind.SPACE)]
        if name in ("(", ")", "[", "]"):
            return []
        return [piece(SYMBOLS.get(name, name), spaced=spaced)]

    def _command(self, name: str) -> list[Piece]:
        if name in _FRACTIONS:
            over, under = self._one_line_argument(), self._one_line_argument()
            return [piece(fraction(over, under, self.script_depth > 0), Kind.FRACTION)]
        if name == "sqrt":
            return [self._root()]
        if name in ACCENTS:
            return [_accented(self._one_line_argument(), name)]
        if name in UPRIGHT:
            return self._upright(name)
        if name in ("mathbb", "mathcal"):
            letters = BLACKBOARD if name == "mathbb" else CALLIGRAPHIC
            text = self._raw_argument()
            return [piece(letters.get(text, text))]
        if name == "begin":
            return [self._environment(self._raw_argument())]
        if name in _OPENERS or name in _CLOSERS:
            return self._delimiter(Kind.OPENING if name in _OPENERS else Kind.CLOSING)
        if name in SILENT:
            return []
        return self._rarer_command(name)

    def _rarer_command(self, name: str) -> list[Piece]:
        if name in TYPEFACES:
            return self._argument()
        if name in DISCARDED or name == "end":
            self._raw_argument()
            return []
        if name in SPACES:
            return [piece(SPACES[name], Kind.SPACE)]
        if name in FUNCTIONS:
            return [piece(name, Kind.OPERATOR)]
        if name in ("lvert", "lVert", "rvert", "rVert"):
            return [piece(SYMBOLS[name], Kind.OPENING if name[0] == "l" else Kind.CLOSING)]
        if name == "mid":
            return [piece("|", Kind.RELATION)]
        if name == "not":
            return [_accented(self._argument(), "slash")]
        if name in ("binom", "dbinom", "tbinom"):
            over, under = (join(self._one_line_argument()).rows[0] for _ in "nk")
            return [piece(f"C({over}, {under})")]
        if name in ("overset", "stackrel", "underset"):
            script, base = join(self._one_line_argument(), compact=True).rows[0], self._argument()
            raised = subscript(script) if name == "underset" else superscript(script)
            return [*base[:-1], _with_scripts(base[-1], raised)] if base else []
        if name in ("underbrace", "overbrace"):
            return self._labelled()
        if name == "tag":
            return [piece(f"   ({self._raw_argument()})", Kind.SPACE)]
        if name == "bmod":
            return [piece("mod", Kind.BINARY)]
        if name == "substack":
            return [piece(_on_one_line(self._raw_argument()).replace(";", ","))]
        return [piece(SYMBOLS[name]) if name in SYMBOLS else piece(name, Kind.NAME)]

    def _root(self) -> Piece:
        degree = join(self._optional_argument(), compact=True).rows[0]
        pieces = self._one_line_argument()
        text = join(pieces, compact=self.script_depth > 0).rows[0]
        sign = _ROOTS.get(degree, (superscript(degree) if degree else "") + "√")
        bare = is_atom(pieces) or (is_call(pieces) and text.startswith("("))
        return piece(sign + text if bare else f"{sign}({text})")

    def _upright(self, name: str) -> list[Piece]:
        if name in ("mathrm", "operatorname", "rm"):
            text = join(self._one_line_argument()).rows[0]
            return [piece(text, Kind.OPERATOR if name == "operatorname" else Kind.NAME)]
        parts = self._raw_argument().split("$")
        written = (re.sub(r"\\([^a-zA-Z]|[a-zA-Z]+ ?)", _plain_escape, part) for part in parts)
        return [piece("".join(_on_one_line(t) if n % 2 else t for n, t in enumerate(written)), Kind.NAME)]

    def _delimiter(self, kind: Kind) -> list[Piece]:
        self._skip_space()
        if self._peek() == ".":
            self._take()
            return []
        return [replace(p, kind=kind) for p in self._atom(False)] if self._peek() else []

    def _labelled(self) -> list[Piece]:
        pieces = self._argument()
        if self._peek() not in ("_", "^"):
            return pieces
        self._take()
        label = join(self._one_line_argument()).rows[0]
        return [*pieces, piece(f" [{label.strip()}]", Kind.NAME)]

    # Rows and columns

    def _environment(self, name: str) -> Piece:
        name = name.rstrip("*")
        if name in ("array", "alignedat", "alignat"):
            self._raw_argument()
        self._skip_row_height()
        grid = self.grid((r"\end",))
        self._take()
        self._raw_argument()
        return Piece(self.columns(name, grid), Kind.ORDINARY)

    def columns(self, name: str, grid: Grid) -> Box:
        """The box of an environment's rows of cells."""
        aligned = name not in _MATRICES and "cases" not in name
        cells = [[join(cell, continued=aligned and n % 2 == 1) for n, cell in enumerate(row)] for row in grid]
        left, right = ("{", "") if "cases" in name else _MATRICES.get(name, ("", ""))
        if self.one_line:
            return _flattened(cells, aligned, left, right or "}" * bool(left))
        if aligned:
            return table(cells, "rl", 0)
        side, gap = ("l", 3) if "cases" in name else ("r", 2)
        return bracketed(table(cells, side, gap), left, right)


def _on_one_line(latex: str) -> str:
    reader = EquationReader(latex, one_line=True)
    return reader.columns("aligned", reader.grid(())).rows[0]


def _flattened(cells: list[list[Box]], aligned: bool, left: str, right: str) -> Box:
    texts = [[cell.rows[0] for cell in row] for row in cells]
    separator = "" if aligned else ", " if any(" " in text for row in texts for text in row) else " "
    return line(left + "; ".join(separator.join(row) for row in texts) + right)


def _with_scripts(base: Piece, scripts: str) -> Piece:
    box = base.box
    if base.kind is Kind.FRACTION:
        box = beside([line("("), box, line(")")])
    rows = (scripts, *[""] * (len(box.rows) - 1))
    kind = Kind.ORDINARY if base.kind is Kind.FRACTION else base.kind
    return replace(base, box=beside([box, Box(rows, box.axis)]), kind=kind)


def _accented(pieces: Sequence[Piece], name: str) -> Piece:
    text = join(pieces, compact=True).rows[0]
    accent = ACCENTS[name]
    if len(pieces) > 1:
        if "line" not in name and name != "bar":
            return piece(f"{name.removeprefix('wide')}({text})")
        text = accent.join(text) + accent
    elif text:
        text = text[0] + accent + text[1:]
    text = unicodedata.normalize("NFC", text)
    return piece(text, None if len(text) == 1 else Kind.ORDINARY)


def _plain_escape(match: re.Match[str]) -> str:
    name = match[1].rstrip()
    return SPACES.get(match[1], SYMBOLS.get(name, name))

"""The pieces of an equation and the spaces between them: TeX's classes, with gaps a terminal can show."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import Enum, auto

from course.markup.equation_layout import Box, beside, line
from course.markup.equation_symbols import (
    BIG_OPERATORS,
    BINARY,
    CLOSING,
    OPENING,
    PREFIXES,
    RELATIONS,
    ROOTS,
    SUBSCRIPTS,
    SUPERSCRIPTS,
    is_letter_or_digit,
)


class Kind(Enum):
    """What a piece is to its neighbours."""

    ORDINARY = auto()
    NAME = auto()
    OPERATOR = auto()
    SIGN = auto()
    BINARY = auto()
    RELATION = auto()
    OPENING = auto()
    CLOSING = auto()
    COMMA = auto()
    SPACE = auto()
    FRACTION = auto()


@dataclass(frozen=True)
class Piece:
    """One symbol, name or finished part; `spaced` when the author left a space before it."""

    box: Box
    kind: Kind
    spaced: bool = False

    @property
    def text(self) -> str:
        """The row level with the equation."""
        return self.box.rows[self.box.axis]


def piece(text: str, kind: Kind | None = None, spaced: bool = False) -> Piece:
    """A piece of one row, its kind told from the character unless given."""
    return Piece(line(text), kind or _kind(text), spaced)


def _kind(text: str) -> Kind:
    for characters, kind in (
        (BIG_OPERATORS, Kind.OPERATOR),
        (BINARY, Kind.BINARY),
        (RELATIONS | {":="}, Kind.RELATION),
        (OPENING, Kind.OPENING),
        (CLOSING, Kind.CLOSING),
        ({",", ";"}, Kind.COMMA),
    ):
        if text in characters:
            return kind
    return Kind.ORDINARY


_BEFORE_A_SIGN = {Kind.BINARY, Kind.RELATION, Kind.OPENING, Kind.COMMA, Kind.OPERATOR, Kind.SIGN}
_ENDS_A_VALUE = {Kind.ORDINARY, Kind.NAME, Kind.CLOSING, Kind.FRACTION}
_STARTS_A_VALUE = {Kind.ORDINARY, Kind.NAME, Kind.OPENING, Kind.FRACTION, Kind.OPERATOR}


def join(pieces: Sequence[Piece], *, compact: bool = False, continued: bool = False) -> Box:
    """Pieces in one box; `compact` inside scripts, `continued` when something stands to the left."""
    settled = _settled(pieces, continued)
    boxes = []
    previous = piece("") if continued else None
    for number, current in enumerate(settled):
        following = settled[number + 1] if number + 1 < len(settled) else None
        if previous is not None:
            boxes.append(line(_gap(previous, current, compact)))
        if current.kind is Kind.FRACTION and _beside_a_factor(previous, following):
            boxes += [line("("), current.box, line(")")]
        else:
            boxes.append(current.box)
        previous = current
    return beside([box for box in boxes if box.rows != ("",)])


def _settled(pieces: Sequence[Piece], continued: bool) -> list[Piece]:
    """Pieces with signs told from subtractions, and opening bars from closing ones."""
    settled: list[Piece] = []
    open_bars: set[str] = set()
    for current in pieces:
        if current.text == " " and settled and settled[-1].kind in (Kind.OPENING, Kind.SIGN):
            continue
        if current.kind is Kind.CLOSING and settled and settled[-1].text == " ":
            settled.pop()
        before = _kind_before(settled, continued)
        starts = before is None or before in _BEFORE_A_SIGN
        kind = current.kind
        if kind is Kind.BINARY and starts:
            kind = Kind.SIGN
        elif kind is Kind.ORDINARY and current.text in ("|", "‖"):
            kind = _kind_of_bar(current, starts, current.text in open_bars)
            open_bars = open_bars ^ ({current.text} if kind in (Kind.OPENING, Kind.CLOSING) else set())
        elif current.text == "." and settled and (current.spaced or not settled[-1].text.isdigit()):
            kind = Kind.COMMA
        settled.append(replace(current, kind=kind))
    return settled


def _kind_of_bar(bar: Piece, starts: bool, is_open: bool) -> Kind:
    if is_open:
        return Kind.CLOSING
    if starts:
        return Kind.OPENING
    return Kind.RELATION if bar.spaced else Kind.ORDINARY


def _kind_before(settled: Sequence[Piece], continued: bool) -> Kind | None:
    """What stands to the left, through narrow spaces; nothing after a wide one or after words and a colon."""
    for earlier in reversed(settled):
        if earlier.kind is Kind.NAME and earlier.text.rstrip().endswith(":"):
            return None
        if earlier.kind is not Kind.SPACE:
            return earlier.kind
        if len(earlier.text) > 1:
            return None
    return Kind.ORDINARY if continued else None


def _beside_a_factor(previous: Piece | None, following: Piece | None) -> bool:
    after_a_value = previous is not None and previous.kind in _ENDS_A_VALUE | {Kind.OPERATOR}
    return after_a_value or (following is not None and following.kind in _STARTS_A_VALUE)


def _gap(previous: Piece, current: Piece, compact: bool) -> str:
    kinds = {previous.kind, current.kind}
    both_words = _ends_in_word(previous.text) and _starts_with_word(current.text)
    if Kind.SPACE in kinds or previous.text.endswith(" ") or current.text.startswith(" "):
        return ""
    if compact:
        return " " if both_words and kinds & {Kind.NAME, Kind.OPERATOR} else ""
    if Kind.RELATION in kinds or Kind.BINARY in kinds:
        return " "
    if previous.kind in (Kind.SIGN, Kind.OPENING) or current.kind in (Kind.CLOSING, Kind.COMMA):
        return ""
    if previous.kind is Kind.COMMA:
        return " " if current.spaced or not current.text[:1].isdigit() else ""
    if previous.kind is Kind.OPERATOR:
        bracketed = current.kind in (Kind.OPENING, Kind.FRACTION)
        return "" if bracketed and previous.text[:1] not in BIG_OPERATORS else " "
    if current.kind is Kind.OPERATOR or Kind.FRACTION in kinds:
        return " "
    if both_words and (Kind.NAME in kinds or re.search(r"[_^]\w+$", previous.text)):
        return " "
    return " " if current.spaced else ""


def _ends_in_word(text: str) -> bool:
    return is_letter_or_digit(text[-1:] or " ")


def _starts_with_word(text: str) -> bool:
    return is_letter_or_digit(text[:1] or " ") or text[:1] in BIG_OPERATORS


def is_atom(pieces: Sequence[Piece]) -> bool:
    """Whether pieces stand as the denominator of a fraction or under a root without brackets."""
    while pieces and pieces[0].text in PREFIXES:
        pieces = pieces[1:]
    text = "".join(p.text for p in pieces)
    if re.fullmatch(r"[\d.,]+%?|[A-Z]{2,}(_\w+)?|d[a-zθ]", text):
        return True
    if len(pieces) == 1:
        return pieces[0].kind in (Kind.ORDINARY, Kind.NAME) and (" " not in text or text[0] in ROOTS)
    return is_call(pieces)


def is_call(pieces: Sequence[Piece]) -> bool:
    """Whether pieces are one bracketed part, perhaps with a name before it: (a + b), σ(x), ‖w‖."""
    settled = _settled(pieces, False)
    start = 0 if settled and settled[0].kind is Kind.OPENING else 1
    if len(settled) < start + 2 or settled[start].kind is not Kind.OPENING:
        return False
    if start and settled[0].kind not in (Kind.ORDINARY, Kind.NAME, Kind.OPERATOR):
        return False
    depth = 0
    for number, current in enumerate(settled[start:], start):
        depth += (current.kind is Kind.OPENING) - (current.kind is Kind.CLOSING)
        if depth == 0:
            return number == len(settled) - 1
    return False


def is_product(pieces: Sequence[Piece]) -> bool:
    """Whether pieces stand as a numerator without brackets: no sum, relation or function outside brackets."""
    depth = 0
    for current in _settled(pieces, False):
        depth += (current.kind is Kind.OPENING) - (current.kind is Kind.CLOSING)
        loose = current.kind in (Kind.RELATION, Kind.COMMA, Kind.OPERATOR, Kind.FRACTION) or (
            current.kind is Kind.BINARY and current.text in "+-−±∓"
        )
        if depth == 0 and loose:
            return False
    return not any(" " in p.text for p in pieces if p.kind is Kind.NAME)


def fraction(numerator: Sequence[Piece], denominator: Sequence[Piece], compact: bool) -> str:
    """a/b on one line, each side in brackets where it would read differently without."""
    over, under = join(numerator, compact=compact).rows[0], join(denominator, compact=compact).rows[0]
    if not (is_product(numerator) or is_call(numerator)):
        over = f"({over})"
    if not is_atom(denominator):
        under = f"({under})"
    wide = not compact and (" " in over or " " in under)
    return f"{over} / {under}" if wide else f"{over}/{under}"


def subscript(text: str) -> str:
    """A lowered text: in Unicode's small letters where all exist, else x_f, x_max or x_(i,j)."""
    return _script(text, "_", SUBSCRIPTS)


def superscript(text: str) -> str:
    """A raised text: in Unicode's small letters where that reads well, else x^q, x^new or x^(T-1)."""
    if len(text) > 1 and re.search(r"[A-Z]", text):
        return _script(text, "^", {})
    return _script(text, "^", SUPERSCRIPTS)


def _script(text: str, mark: str, small: dict[str, str]) -> str:
    in_brackets = re.fullmatch(r"\([^()]*\)", text) is not None
    exists = all(char in small for char in text) and (in_brackets or "(" not in text)
    if exists and not re.search(r"[^\W\d_]{3}", text):
        return "".join(small[char] for char in text)
    one_word = re.fullmatch(r"\d+(\.\d+)?|.|.[\u0300-\u036f]", text) or all(map(is_letter_or_digit, text))
    if in_brackets or one_word:
        return mark + text
    return f"{mark}({text})"

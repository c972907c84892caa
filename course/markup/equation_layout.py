"""Text that is more than one row high: matrices and cases beside the rest of an equation."""

from collections.abc import Sequence
from dataclasses import dataclass

from rich.cells import cell_len

# First row, middle row, last row, any other row, and the bracket of a single row.
_TALL_BRACKETS = {
    "[": "⎡⎢⎣⎢[",
    "]": "⎤⎥⎦⎥]",
    "(": "⎛⎜⎝⎜(",
    ")": "⎞⎟⎠⎟)",
    "{": "⎧⎨⎩⎪{",
    "}": "⎫⎬⎭⎪}",
    "|": "│││││",
    "‖": "‖‖‖‖‖",
}


@dataclass(frozen=True)
class Box:
    """Rows of text; row `axis` stands level with what is beside the box."""

    rows: tuple[str, ...]
    axis: int = 0

    @property
    def width(self) -> int:
        """Cells of the widest row."""
        return max(map(cell_len, self.rows))


def line(text: str) -> Box:
    """A box one row high."""
    return Box((text,))


def beside(boxes: Sequence[Box]) -> Box:
    """Boxes from left to right, their axes level."""
    above = max((box.axis for box in boxes), default=0)
    height = above + max((len(box.rows) - box.axis for box in boxes), default=1)
    rows = [""] * height
    for box in boxes:
        top = above - box.axis
        inner = range(top, top + len(box.rows))
        rows = [
            row + _padded(box.rows[number - top] if number in inner else "", box.width)
            for number, row in enumerate(rows)
        ]
    return Box(tuple(rows), above)


def stacked(boxes: Sequence[Box]) -> Box:
    """Boxes from top to bottom, level with the middle one."""
    rows = tuple(row for box in boxes for row in box.rows)
    return Box(rows, (len(rows) - 1) // 2)


def table(rows: Sequence[Sequence[Box]], sides: str, gap: int) -> Box:
    """Boxes in columns, each to the side ("l" or "r") that `sides` names in turn."""
    count = max(len(row) for row in rows)
    widths = [
        max((row[column].width for row in rows if column < len(row)), default=0) for column in range(count)
    ]
    lines = []
    for row in rows:
        cells: list[Box] = []
        for column, cell in enumerate(row):
            if column and gap:
                cells.append(line(" " * gap))
            side = sides[column % len(sides)]
            cells.append(Box(tuple(_padded(text, widths[column], side) for text in cell.rows), cell.axis))
        lines.append(beside(cells))
    return stacked(lines)


def bracketed(box: Box, left: str, right: str) -> Box:
    """A box between brackets as tall as itself; an empty name draws none."""
    parts = [_bracket(left, box), box, _bracket(right, box)]
    return beside([part for part in parts if part.width])


def _bracket(name: str, box: Box) -> Box:
    height = len(box.rows)
    if not name:
        return Box(("",) * height, box.axis)
    first, middle, last, other, single = tuple(_TALL_BRACKETS[name])
    if height == 1:
        return line(single)
    rows = [first, *[other] * (height - 2), last]
    if height > 2:
        rows[box.axis] = middle
    gap = " " if name in "{[(" else ""
    before = " " if name in ")]}" else ""
    return Box(tuple(before + row + gap for row in rows), box.axis)


def _padded(text: str, width: int, side: str = "l") -> str:
    spaces = " " * (width - cell_len(text))
    return text + spaces if side == "l" else spaces + text

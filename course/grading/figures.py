"""A Matplotlib figure as a grader sees it: what it holds, taken down in the worker. Its numbers are data like any array's."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from course.worker.figures import LONGEST_TEXT, MOST
from course.worker.wire import WireError

Array = np.ndarray[Any, Any]


@dataclass(frozen=True)
class Look:
    """By what a reader tells a line from others: colour (#rrggbb), kind of line and marker as Matplotlib writes them."""

    color: str
    style: str
    marker: str


@dataclass(frozen=True)
class Entry:
    """One entry of a legend."""

    text: str
    look: Look


@dataclass(frozen=True, eq=False)
class Line:
    """A line and its points, x and y of shape (points,); missing ones are NaN.

    `label` is the name it was given, "" for none. A `guide` is drawn across the axes rather than through data, as axvline does.
    """

    x: Array
    y: Array
    label: str
    guide: bool
    look: Look

    @property
    def upright(self) -> float | None:
        """Where a vertical line stands; None for another one."""
        upright = self.x.size > 0 and bool(np.all(self.x == self.x[0])) and (self.guide or self.x.size > 1)
        return float(self.x[0]) if upright else None


@dataclass(frozen=True, eq=False)
class Axes:
    """One coordinate system: texts ("" where there is none), lines in the order they were drawn, the legend's entries."""

    title: str
    xlabel: str
    ylabel: str
    lines: tuple[Line, ...]
    legend: tuple[Entry, ...]

    @property
    def curves(self) -> list[Line]:
        """The lines that are neither vertical nor drawn across the axes."""
        return [line for line in self.lines if not line.guide and line.upright is None and line.x.size > 1]


@dataclass(frozen=True, eq=False)
class Figure:
    """Axes in the order they are read, title of the whole ("" for none), and its own legend.

    `shown` says whether plt.show() was called for it. One that holds more than a check looks at has `excess`: what, how much,
    and the most there may be; nothing else is known of it then.
    """

    title: str
    axes: tuple[Axes, ...]
    legend: tuple[Entry, ...]
    shown: bool
    excess: tuple[tuple[str, int, int], ...]

    def __str__(self) -> str:
        parts = [
            f"{axes.title!r}: {len(axes.lines)}" if axes.title else f"{len(axes.lines)}" for axes in self.axes
        ]
        return f"figure (axes {len(self.axes)}; lines {', '.join(parts) or 0})"

    def called(self, axes: Axes, line: Line) -> str | None:
        """What the legend calls a line: the entry that looks like it, of those that look alike the one in its place."""
        entries = axes.legend or self.legend
        same = [entry for entry in entries if entry.look == line.look]
        alike = [each for each in axes.lines if each.look == line.look]
        place = next(place for place, each in enumerate(alike) if each is line)
        return same[place].text if place < len(same) else None


def from_wire(form: Any) -> Figure:
    """The figure a worker described; raises WireError where that is no description."""
    try:
        figure = Figure(
            _text(form["title"]),
            tuple(_axes(each) for each in _list(form["axes"], "axes")),
            _entries(form["legend"]),
            form["shown"] is True,
            tuple(
                (_text(what), int(count), int(most)) for what, count, most in _list(form["excess"], "axes")
            ),
        )
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise WireError(f"no figure: {error}") from error
    lines = [line for axes in figure.axes for line in axes.lines]
    if len(lines) > MOST["lines"] or sum(line.x.size for line in lines) > MOST["points"]:
        raise WireError("a figure too large")
    return figure


def _axes(form: Mapping[str, Any]) -> Axes:
    title, xlabel, ylabel = (_text(form[name]) for name in ("title", "xlabel", "ylabel"))
    lines = tuple(_line(each) for each in _list(form["lines"], "lines"))
    return Axes(title, xlabel, ylabel, lines, _entries(form["legend"]))


def _line(form: Mapping[str, Any]) -> Line:
    x, y = form["x"], form["y"]
    if not all(isinstance(part, np.ndarray) and part.ndim == 1 and part.dtype.kind == "f" for part in (x, y)):
        raise ValueError("a line without numbers")
    if len(x) != len(y):
        raise ValueError("a line with other numbers of x and y")
    return Line(x, y, _text(form["label"]), form["guide"] is True, _look(form))


def _entries(forms: Any) -> tuple[Entry, ...]:
    return tuple(Entry(_text(form["text"]), _look(form)) for form in _list(forms, "lines"))


def _look(form: Mapping[str, Any]) -> Look:
    return Look(_text(form["color"]), _text(form["style"]), _text(form["marker"]))


def _list(value: Any, what: str) -> Sequence[Any]:
    if not isinstance(value, list) or len(value) > MOST[what]:
        raise ValueError("no list, or too long a one")
    return value


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise TypeError("no text")
    return value[:LONGEST_TEXT]

"""Charts as inline SVG made on the server: a histogram, bars, a line over time, a calendar. They show values, compute none.

Widths are shares of what the page gives, so that text keeps its size from a telephone to a printed page. Colours are the CSS
variables --chart-ink, --chart-soft, --chart-grid, --chart-fill and --chart-level-0 to --chart-level-4, with a light theme's
values where a page sets none. Every chart is an image to a screen reader: its title, and all its values in words.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from xml.etree import ElementTree as ET

from rich.cells import cell_len, split_graphemes

from course.language import gettext
from course.language.messages import marked

_INK, _SOFT, _GRID = (
    "var(--chart-ink, #1f2937)",
    "var(--chart-soft, #5b6472)",
    "var(--chart-grid, #dfe3e8)",
)
_FILL = "var(--chart-fill, #0072b2)"
_LEVELS = ("#e8ebef", "#b9dcef", "#6fb6dd", "#2f8fc4", "#005b8f")
_TEXT = 13  # pixels
_SMALL = 11
_CELL = 0.56 * _TEXT  # a terminal's cell in pixels: Hangul takes two of them
_NARROWEST = 300  # pixels a chart has on the narrowest telephone
_LINE = 18
_MONTHS = (
    marked("Jan"),
    marked("Feb"),
    marked("Mar"),
    marked("Apr"),
    marked("May"),
    marked("Jun"),
    marked("Jul"),
    marked("Aug"),
    marked("Sep"),
    marked("Oct"),
    marked("Nov"),
    marked("Dec"),
)
_WEEKDAYS = {0: marked("Mon"), 2: marked("Wed"), 4: marked("Fri")}


class Svg(str):
    """SVG text that a template puts into a page as it is."""

    __slots__ = ()

    def __html__(self) -> str:
        """The text itself: it is markup already."""
        return str(self)


@dataclass(frozen=True)
class Value:
    """A labelled number, at least 0, and how it is written; by default as short as it goes."""

    label: str
    value: float
    text: str = ""

    @property
    def shown(self) -> str:
        """The number as written."""
        return self.text or f"{self.value:g}"


def histogram(bins: Sequence[Value], *, title: str, height: int = 160) -> Svg:
    """A column for each bin, its number on top and its label below; labels that would touch are left out.

    `height` is that of the tallest column, in pixels.
    """
    most = max((entry.value for entry in bins), default=0) or 1
    bottom = _LINE + height
    svg = _svg(title, bins, bottom + _LINE + 4)
    share = 100 / max(len(bins), 1)
    step = _every([entry.label for entry in bins])
    for number, entry in enumerate(bins):
        tall = height * entry.value / most
        middle = _percent((number + 0.5) * share)
        _rect(svg, _percent((number + 0.1) * share), bottom - tall, _percent(0.8 * share), tall, _FILL)
        if entry.value:
            _text(svg, entry.shown, middle, bottom - tall - 5, anchor="middle")
        if number % step == 0:
            _text(svg, entry.label, middle, bottom + _LINE, anchor="middle", fill=_SOFT)
    _line(svg, bottom, _INK)
    return _written(svg)


def bars(values: Sequence[Value], *, title: str, most: float | None = None) -> Svg:
    """A horizontal bar a value, under its label, `most` (by default the largest value) filling the width."""
    most = most or max((entry.value for entry in values), default=0) or 1
    drawn = []
    top = 0
    for entry in values:
        room = _NARROWEST - _width(entry.shown) - 2 * _CELL
        lines = _wrapped(entry.label, room)
        drawn.append((entry, lines, top))
        top += _LINE * len(lines) + 22
    svg = _svg(title, values, max(top - 8, 1))
    for entry, lines, start in drawn:
        for number, line in enumerate(lines):
            _text(svg, line, "0", start + 13 + number * _LINE)
        below = start + _LINE * len(lines)
        _text(svg, entry.shown, "100%", below - 5, anchor="end", fill=_SOFT)
        _rect(svg, "0", below, "100%", 8, _GRID, radius=4)
        if entry.value > 0:
            _rect(svg, "0", below, _percent(100 * min(entry.value / most, 1)), 8, _FILL, radius=4)
    return _written(svg)


def line(points: Sequence[tuple[date, float]], *, title: str, most: float = 0, height: int = 180) -> Svg:
    """A line over time through these points, in order of their days, from 0 to `most` (or the largest value)."""
    points = sorted(points)
    most = max([most, *(value for _day, value in points)]) or 1
    bottom = _LINE + height
    svg = _svg(title, [Value(day.isoformat(), value) for day, value in points], bottom + _LINE + 4)
    for share in (0, 0.5, 1):
        _line(svg, bottom - share * height, _GRID if share else _INK)
        if share:
            _text(svg, f"{share * most:g}", "0", bottom - share * height - 4, fill=_SOFT)
    if not points:
        return _written(svg)
    first, last = points[0][0], points[-1][0]
    days = (last - first).days or 1
    # Thousandths of the width; alone, a point stands at the right, where now is.
    places = [
        (1000 if first == last else 1000 * (day - first).days / days, bottom - height * value / most)
        for day, value in points
    ]
    plot = ET.SubElement(svg, "svg", {"width": "100%", "height": str(bottom), "preserveAspectRatio": "none"})
    plot.set("viewBox", f"0 0 1000 {bottom}")
    path = " ".join(f"{x:.1f},{y:.1f}" for x, y in places)
    under = f"{places[0][0]:.1f},{bottom} {path} {places[-1][0]:.1f},{bottom}"
    ET.SubElement(plot, "polygon", {"points": under, "fill": _FILL, "fill-opacity": "0.12"})
    stroke = {"fill": "none", "stroke": _FILL, "stroke-width": "2.5", "vector-effect": "non-scaling-stroke"}
    ET.SubElement(plot, "polyline", {"points": path, "stroke-linejoin": "round", **stroke})
    x, y = places[-1]
    ET.SubElement(svg, "circle", {"cx": _percent(x / 10), "cy": f"{y:.1f}", "r": "4.5", "fill": _FILL})
    if first != last:
        _text(svg, first.isoformat(), "0", bottom + _LINE, fill=_SOFT)
    _text(svg, last.isoformat(), "100%", bottom + _LINE, anchor="end", fill=_SOFT)
    return _written(svg)


def calendar(counts: Mapping[date, int], *, last: date, title: str, language: str, weeks: int = 26) -> Svg:
    """A square a day in a column a week, Monday on top, darker the more there was, up to `last`; 26 weeks fit a telephone."""
    side, left, top = 12, 30, 18
    monday = last - timedelta(days=last.weekday(), weeks=weeks - 1)
    shown = [monday + timedelta(days=n) for n in range((last - monday).days + 1)]
    values = [Value(day.isoformat(), counts[day]) for day in shown if counts.get(day)]
    width, height = left + weeks * side, top + 7 * side
    svg = _svg(title, values, height)
    svg.set("viewBox", f"0 0 {width} {height}")
    svg.set("width", str(width))
    most = max((value.value for value in values), default=1)
    for weekday, name in _WEEKDAYS.items():
        _text(svg, gettext(name, language), "0", top + weekday * side + 9, size=_SMALL, fill=_SOFT)
    free = 0.0
    for number, day in enumerate(shown):
        week, weekday = divmod(number, 7)
        x = left + week * side
        count = counts.get(day, 0)
        square = _rect(
            svg, str(x), top + weekday * side, str(side - 2), side - 2, _level(count, most), radius=2
        )
        ET.SubElement(square, "title").text = f"{day.isoformat()}: {count}"
        if day.day <= 7 and weekday == 0 and x >= free:
            name = gettext(_MONTHS[day.month - 1], language)
            if x + _width(name) <= width:
                _text(svg, name, str(x), 11, size=_SMALL, fill=_SOFT)
                free = x + _width(name) + _CELL
    return _written(svg)


def _level(count: int, most: float) -> str:
    level = -int(-4 * count // most)  # any at all is seen: rounded up
    return f"var(--chart-level-{level}, {_LEVELS[level]})"


def _svg(title: str, values: Iterable[Value], height: float) -> ET.Element:
    svg = ET.Element("svg", {"xmlns": "http://www.w3.org/2000/svg", "role": "img", "class": "chart"})
    svg.set("width", "100%")
    svg.set("overflow", "visible")
    svg.set("height", f"{height:g}")
    ET.SubElement(svg, "title").text = title
    ET.SubElement(svg, "desc").text = "; ".join(f"{entry.label}: {entry.shown}" for entry in values) or "-"
    return svg


def _rect(
    svg: ET.Element, x: str, y: float, width: str, height: float, fill: str, *, radius: int = 0
) -> ET.Element:
    rect = ET.SubElement(svg, "rect", {"x": x, "y": f"{y:g}", "width": width, "height": f"{height:g}"})
    rect.set("fill", fill)
    if radius:
        rect.set("rx", str(radius))
    return rect


def _line(svg: ET.Element, y: float, stroke: str) -> None:
    ET.SubElement(svg, "line", {"x1": "0", "x2": "100%", "y1": f"{y:g}", "y2": f"{y:g}", "stroke": stroke})


def _text(
    svg: ET.Element,
    text: str,
    x: str,
    y: float,
    *,
    anchor: str = "start",
    size: int = _TEXT,
    fill: str = _INK,
) -> None:
    place = {"x": x, "y": f"{y:g}", "text-anchor": anchor, "font-size": str(size), "fill": fill}
    ET.SubElement(svg, "text", place).text = text


def _percent(share: float) -> str:
    return f"{share:.2f}%"


def _width(text: str) -> float:
    """About how many pixels a label takes."""
    return cell_len(text) * _CELL


def _every(labels: Sequence[str]) -> int:
    """Each how many-th label can be shown without touching the next on the narrowest telephone."""
    widest = max(map(_width, labels), default=0) + _CELL
    return max(1, -int(-widest * len(labels) // _NARROWEST))


def _wrapped(text: str, room: float) -> list[str]:
    """The label in lines that fit: broken at spaces, and in words that are longer than a line."""
    lines = [""]
    for word in text.split():
        joined = f"{lines[-1]} {word}".strip()
        if _width(joined) <= room:
            lines[-1] = joined
            continue
        lines += [word] if lines[-1] else []
        lines[-1] = word
        while _width(lines[-1]) > room:
            fits = _fitting(lines[-1], room)
            lines[-1:] = [lines[-1][:fits], lines[-1][fits:]]
    return lines


def _fitting(word: str, room: float) -> int:
    """How many characters of a word fit, whole graphemes, at least one."""
    spans, _cells = split_graphemes(word)
    ends = [end for _start, end, _wide in spans]
    return max([end for end in ends if _width(word[:end]) <= room], default=ends[0])


def _written(svg: ET.Element) -> Svg:
    return Svg(ET.tostring(svg, encoding="unicode"))

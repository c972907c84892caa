"""What a Matplotlib figure holds, as a grader may ask for it; also the backend by which a worker's pyplot draws: nowhere.

Matplotlib is imported inside the functions: this module is loaded before a worker is confined, Matplotlib may be loaded after.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np

# What a check looks at: axes, lines and legend entries of one figure, points of all lines, characters of a text.
MOST = {"axes": 64, "lines": 400, "points": 1_000_000}
LONGEST_TEXT = 300
_SHOWN = "_shown_by_pyplot"


def __getattr__(name: str) -> Any:
    if name != "FigureCanvas":
        raise AttributeError(name)
    from matplotlib.backends.backend_agg import FigureCanvasAgg

    globals()[name] = FigureCanvasAgg  # pyplot looks here for the rest of a backend, too
    return FigureCanvasAgg


def show(*_: Any, **__: Any) -> None:
    """What plt.show() calls: there is no screen here, but a grader may ask whether it was called."""
    for manager in sys.modules["matplotlib.pyplot"]._pylab_helpers.Gcf.get_all_fig_managers():
        setattr(manager.canvas.figure, _SHOWN, True)


def current() -> Any:
    """The figure pyplot draws on, None where it has none."""
    pyplot = sys.modules.get("matplotlib.pyplot")
    return pyplot.gcf() if pyplot is not None and pyplot.get_fignums() else None


def of(value: Any) -> Any:
    """The one figure a value shows: a figure, what is drawn on one, or several such parts of the same; else None."""
    if "matplotlib.figure" not in sys.modules:
        return None
    if isinstance(value, np.ndarray) and value.dtype == object:
        value = value.ravel().tolist()
    if isinstance(value, str | bytes):
        return None
    if isinstance(value, Sequence):
        first = of(value[0]) if len(value) else None
        return first if first is not None and all(of(part) is first for part in value) else None
    if not isinstance(value, sys.modules["matplotlib.artist"].Artist):
        return None
    figure = value if hasattr(value, "subfigs") else getattr(value, "figure", None)
    while figure is not None and getattr(figure, "figure", figure) is not figure:
        figure = figure.figure  # a part of a larger one
    return figure


def describe(figure: Any) -> dict[str, Any]:
    """Axes in the order they are read, their lines, texts and legends; of a figure that holds too much only what that is."""
    axes = sorted((each for each in figure.axes if each.get_visible()), key=_place)
    lines = [list(_lines(each)) for each in axes]
    entries = [[*_entries(each.get_legend())] for each in axes]
    counts = {
        "axes": len(axes),
        "lines": max(sum(map(len, lines)), sum(map(len, entries))),
        "points": sum(len(y) for each in lines for _, (_, y), _ in each),
    }
    described = {
        "title": _text(getattr(figure, "_suptitle", None)),
        "shown": bool(getattr(figure, _SHOWN, False)),
        "legend": [entry for legend in figure.legends for entry in _entries(legend)][: MOST["lines"]],
        "axes": [],
        "excess": [[what, count, MOST[what]] for what, count in counts.items() if count > MOST[what]],
    }
    if not described["excess"]:
        described["axes"] = [
            {
                "title": _title(each),
                "xlabel": _text(each.xaxis.label) or _text(getattr(figure, "_supxlabel", None)),
                "ylabel": _text(each.yaxis.label) or _text(getattr(figure, "_supylabel", None)),
                "lines": [
                    {"x": x, "y": y, "guide": guide, "label": _text(line), **_looks(line)}
                    for line, (x, y), guide in drawn
                ],
                "legend": legend,
            }
            for each, drawn, legend in zip(axes, lines, entries, strict=True)
        ]
    return described


def _place(axes: Any) -> tuple[float, float]:
    box = axes.get_position()
    return -round(box.y1, 2), round(box.x0, 2)


def _lines(axes: Any) -> Iterator[tuple[Any, tuple[Any, Any], bool]]:
    """Visible lines with their points, and whether one is drawn across the axes rather than through data, as axvline does."""
    for line in axes.get_lines():
        if line.get_visible():
            yield line, _points(*line.get_data(orig=False)), line.get_transform() != axes.transData
    for drawn in axes.collections:
        if drawn.get_visible() and hasattr(drawn, "get_segments"):  # vlines and hlines
            for segment in drawn.get_segments():
                yield drawn, _points(*np.asarray(segment).T), False


def _points(x: Any, y: Any) -> tuple[Any, Any]:
    return _numbers(x), _numbers(y)


def _numbers(given: Any) -> Any:
    return np.ma.filled(np.ma.asarray(given, dtype=float), np.nan).ravel()


def _entries(legend: Any) -> Iterator[dict[str, Any]]:
    if legend is None or not legend.get_visible():
        return
    for text, handle in zip(legend.get_texts(), legend.legend_handles, strict=False):
        yield {"text": _text(text), **_looks(handle)}


def _looks(drawn: Any) -> dict[str, str]:
    """By what a reader tells it from others: colour, kind of line, marker."""
    from matplotlib import colors

    try:
        colour = np.atleast_2d(colors.to_rgba_array(drawn.get_color()))[0]
        shown = colors.to_hex(colour)
    except (AttributeError, ValueError, IndexError):
        shown = ""
    names = {"style": "get_linestyle", "marker": "get_marker"}
    return {"color": shown} | {
        name: str(getattr(drawn, method, str)())[:LONGEST_TEXT] for name, method in names.items()
    }


def _title(axes: Any) -> str:
    places = ("center", "left", "right")
    return next(filter(None, (axes.get_title(loc=place).strip()[:LONGEST_TEXT] for place in places)), "")


def _text(drawn: Any) -> str:
    """A text, or the name a line was given."""
    if drawn is None or not drawn.get_visible():
        return ""
    if hasattr(drawn, "get_text"):
        return str(drawn.get_text()).strip()[:LONGEST_TEXT]
    name = str(drawn.get_label())
    return "" if name.startswith("_") else name.strip()[:LONGEST_TEXT]  # what legends pass over

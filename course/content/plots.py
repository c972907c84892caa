"""Pictures of exercises, drawn with matplotlib from the reference solutions' own functions.

A picture is solutions/DAY/SLUG.plot.py: LABELS, its texts by language, and draw(figure, solution, labels).
"""

from __future__ import annotations

import io
import re
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING, Any

from course.content import courses
from course.content.catalog import Course, Exercise
from course.system import files, installation

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

SUFFIXES = (".png", ".svg", ".pdf")
INK = "#333333"
# Told apart with any kind of colour vision: Okabe & Ito (2008), "Color Universal Design".
PALETTE = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9")

# DejaVu Sans, which comes with matplotlib, has no Hangul: what Linux, Windows and macOS bring along or install.
FONTS = {
    "ko": (
        "NanumGothic",
        "NanumBarunGothic",
        "Noto Sans CJK KR",
        "Noto Sans KR",
        "Noto Sans CJK JP",
        "Pretendard",
        "Malgun Gothic",
        "Apple SD Gothic Neo",
        "AppleGothic",
        "UnDotum",
        "Baekmuk Dotum",
        "Source Han Sans KR",
        "Gulim",
    )
}
# A picture drawn twice is the same file.
_UNDATED = {".png": {}, ".svg": {"Date": None}, ".pdf": {"CreationDate": None}}


def available() -> bool:
    """Whether matplotlib is installed; it is not imported."""
    return installation.installed("matplotlib")


def pictured(catalog: Course) -> list[str]:
    """Slugs of the exercises that have a picture, in order."""
    return [exercise.slug for exercise in catalog if exercise.plot.is_file()]


def save(exercise: Exercise, code: str, path: Path) -> str:
    """Draw the picture into a file, its kind by the suffix; the language of its labels.

    That is English where there is no label, or no font, for the language asked for.
    """
    picture, solution = load(exercise), _run(exercise.solution)
    return write(path, picture.LABELS, code, lambda figure, labels: picture.draw(figure, solution, labels))


def write(path: Path, texts: Mapping[str, Any], code: str, draw: Callable[[Figure, Any], None]) -> str:
    """Have a figure drawn with the texts of a language and put it into a file; the language, as `save` chooses it."""
    from matplotlib import style
    from matplotlib.figure import Figure

    fonts = ["DejaVu Sans"]
    if code in FONTS:
        # It only fills in what DejaVu lacks: the minus signs of a log scale need a font that has them.
        found = font(code)
        code, fonts = ("en", fonts) if found is None else (code, [*fonts, found])
    if code not in texts:
        code = "en"
    with style.context([_style(fonts)], after_reset=True):
        figure = Figure()
        draw(figure, texts[code])
        drawn = io.BytesIO()
        kind = path.suffix.lower()
        figure.savefig(drawn, format=kind.removeprefix("."), metadata=_UNDATED[kind])
    files.write(path, _clips_numbered(drawn.getvalue()) if kind == ".svg" else drawn.getvalue())
    return code


def _clips_numbered(svg: bytes) -> bytes:
    """Name an SVG file's clip paths by their order: matplotlib derives some of the names from addresses in memory."""
    text = svg.decode("utf-8")
    for number, name in enumerate(re.findall(r'<clipPath id="(p[0-9a-f]{10})"', text)):
        text = text.replace(name, f"clip{number}")
    return text.encode("utf-8")


def load(exercise: Exercise) -> ModuleType:
    """The module that draws an exercise's picture."""
    courses.use_modules(courses.at(exercise.root))
    return _run(exercise.plot)


def font(code: str) -> str | None:
    """An installed font that can write a language; None where there is none."""
    from matplotlib import font_manager

    known = font_manager.fontManager
    found = _first(FONTS[code], {entry.name for entry in known.ttflist})
    if found is None:
        # matplotlib remembers its list of fonts; one may have been installed since.
        for path in set(font_manager.findSystemFonts()) - {entry.fname for entry in known.ttflist}:
            try:
                known.addfont(path)
            except (OSError, RuntimeError):  # not a font matplotlib can read
                continue
        found = _first(FONTS[code], {entry.name for entry in known.ttflist})
    return found


def cells(axes: Axes, values: Any, *, texts: Any = None, colours: Any = None, size: float = 14) -> None:
    """Draw a table, shape (rows, columns), as a grid of squares: row 0 on top, square (r, c) centred at x = c, y = r.

    `texts` replaces the numbers written into the squares, `colours` the white they are filled with; both have its shape.
    """
    from matplotlib.patches import Rectangle

    rows, columns = len(values), len(values[0])
    for r in range(rows):
        for c in range(columns):
            fill = "white" if colours is None else colours[r][c]
            axes.add_patch(Rectangle((c - 0.5, r - 0.5), 1, 1, facecolor=fill, edgecolor="#999999"))
            text = f"{values[r][c]:g}" if texts is None else texts[r][c]
            axes.text(c, r, text, ha="center", va="center", size=size)
    axes.set(xlim=(-0.6, columns - 0.4), ylim=(rows - 0.4, -0.6), aspect="equal")
    axes.axis("off")


def _first(names: tuple[str, ...], installed: set[str]) -> str | None:
    return next((name for name in names if name in installed), None)


def _style(fonts: list[str]) -> dict[str, Any]:
    """1000 × 600 pixels, light, without the lines that say nothing."""
    from cycler import cycler

    return {
        "figure.figsize": (10, 6),
        "figure.dpi": 100,
        "savefig.dpi": 100,
        "figure.constrained_layout.use": True,
        "figure.constrained_layout.h_pad": 0.1,
        "figure.constrained_layout.w_pad": 0.1,
        "figure.titlesize": 15,
        "font.family": fonts,
        "font.size": 12,
        "axes.titlesize": 13,
        "axes.prop_cycle": cycler(color=PALETTE),
        "axes.spines.top": False,
        "axes.spines.right": False,
        "axes.grid": True,
        "axes.axisbelow": True,
        "grid.color": "#E6E6E6",
        "lines.linewidth": 2.2,
        "legend.frameon": False,
        "text.color": INK,
        "axes.labelcolor": INK,
        "axes.edgecolor": INK,
        "xtick.color": INK,
        "ytick.color": INK,
        "svg.hashsalt": "course",
    }


class _Absent(ModuleType):
    """Stands in for Keras and pyplot: no picture needs them, and importing Keras takes seconds."""

    __path__: list[str] = []  # noqa: RUF012

    def __getattr__(self, name: str) -> _Absent:
        return _Absent(f"{self.__name__}.{name}")


def _run(path: Path) -> ModuleType:
    """A file as a module; nothing is written beside it."""
    module = ModuleType(path.stem)
    module.__file__ = str(path)
    absent = {name: _Absent(name) for name in ("keras", "keras.layers", "tensorflow", "matplotlib.pyplot")}
    before = {name: sys.modules.get(name) for name in absent}
    sys.modules.update(absent)
    try:
        exec(compile(path.read_text(encoding="utf-8"), path, "exec"), vars(module))  # noqa: S102
    finally:
        for name, known in before.items():
            if known is None:
                del sys.modules[name]
            else:
                sys.modules[name] = known
    return module

"""Draws the README's pictures of a terminal: `python docs/picture.py`, from a checkout with the course installed.

rich's own SVG export stretches each run of text to a computed width, which squeezes Korean; here that is left out.
"""

import io
import re
import tempfile
from pathlib import Path

from rich.console import Console
from rich.text import Text

from course import checking, language
from course.content.catalog import catalog
from course.terminal import screen

HERE = Path(__file__).parent / "pictures"
SLUGS = ("time_series_windows", "rnn_forward", "lstm_gates")


def submission(folder: Path) -> None:
    """The reference solutions, the last one with the output gate's tanh forgotten."""
    for slug in SLUGS:
        source = catalog().exercise(slug).solution.read_text(encoding="utf-8")
        (folder / f"{slug}.py").write_text(
            source.replace("return o * np.tanh(c), c", "return o * c, c"), encoding="utf-8"
        )


def draw(code: str, target: Path) -> None:
    """Write one picture."""
    language.choose(code)
    console = Console(record=True, width=88, file=io.StringIO(), force_terminal=True, highlight=False)
    with tempfile.TemporaryDirectory() as folder:
        submission(Path(folder))
        report = checking.check(SLUGS, submission=folder, seed=7, fresh=True)
    console.print(Text("$ course check " + " ".join(SLUGS), style="bold"))
    console.print(screen.day_heading("day10"))
    for result in report.exercises:
        console.print(screen.exercise(result, console))
    console.print()
    console.print(screen.summary(report))
    svg = console.export_svg(title="course")
    svg = re.sub(r'\s*textLength="[^"]*"', "", svg)
    svg = re.sub(r"@font-face \{.*?\}\s*", "", svg, flags=re.DOTALL)
    svg = svg.replace(
        "Fira Code", "ui-monospace, 'D2Coding', 'Noto Sans Mono CJK KR', Menlo, Consolas"
    ).replace("rich-", "course-")
    target.write_text(svg, encoding="utf-8")


if __name__ == "__main__":
    HERE.mkdir(exist_ok=True)
    draw("en", HERE / "check.svg")
    draw("ko", HERE / "check.ko.svg")

"""How results look in a terminal: calm, indented, right at any width, Korean included."""

from __future__ import annotations

from rich.box import Box
from rich.console import Console, Group, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from course import language
from course.content import catalog, texts
from course.language import gettext as _
from course.results import ExerciseResult, Kind, Report, Status, TestResult, status_word

_MARKS: dict[Status, tuple[str, str, str]] = {
    "passed": ("✓", "+", "green"),
    "failed": ("✗", "x", "red"),
    "error": ("!", "!", "red"),
    "timeout": ("⧖", "t", "red"),
    "todo": ("·", ".", "dim"),
    "missing": ("?", "?", "yellow"),
    "blocked": ("○", "o", "dim"),
    "ungraded": ("⊘", "-", "magenta"),
}
# Looks like Table.grid(padding=(0, 1, 0, 0)), which puts a Padding around each cell and takes half as long again.
_SPACES = Box("    \n" * 8, ascii=True)


def console() -> Console:
    """A console for this terminal."""
    return Console(highlight=False, soft_wrap=False, emoji=False)


def grid() -> Table:
    """Columns with a space between them."""
    return Table(box=_SPACES, show_header=False, show_edge=False, padding=0)


def mark(status: Status, target: Console) -> Text:
    """The coloured sign of a status."""
    sign, plain, style = _MARKS[status]
    return Text.assemble((sign if target.encoding.lower().startswith("utf") else plain, style))


def exercise(result: ExerciseResult, target: Console) -> RenderableType:
    """One exercise: a line, and where it is not all right the tests with what to do."""
    text = texts.text(catalog.catalog().exercise(result.slug), language.current())
    line = mark(result.status, target)
    line.append(f" {result.slug}", style="bold")
    line.append(f"  {text.title}  ")
    line.append(f"{result.points}/{result.max_points}", style="green" if result.status == "passed" else "")
    if result.status not in ("passed", "failed"):
        line.append(f"  {status_word(result.status)}", style="dim")
    if result.cached:
        line.append("  " + _("unchanged"), style="dim")
        if result.seed is not None and result.status != "passed":
            line.append(" · " + _("seed {seed}").format(seed=result.seed), style="dim")
    if result.status in ("passed", "todo", "missing"):
        return line
    parts: list[RenderableType] = [line]
    said: set[str] = set()
    for test in result.tests:
        parts.append(Padding(test_line(test, text.tests.get(test.name, test.name), target), (0, 0, 0, 2)))
        message = test.text()
        if test.status not in ("passed", "blocked") and message and message not in said:
            said.add(message)
            parts += [Padding(paragraph, (0, 0, 0, 6)) for paragraph in paragraphs(test)]
    return Group(*parts)


def test_line(test: TestResult, title: str, target: Console) -> RenderableType:
    """A test: its mark, what it checks, its points."""
    line = Text.assemble((title, "dim" if test.status == "blocked" else ""))
    line.append(f"  {test.points}/{test.max_points}", style="dim")
    if test.hidden:
        line.append("  " + _("hidden"), style="dim")
    # Two columns, so that a long title hangs under itself and not under its mark.
    row = grid()
    row.add_column(width=1)
    row.add_column(overflow="fold")
    row.add_row(mark(test.status, target), line)
    return row


_STYLES: dict[Kind, str] = {"fact": "default", "advice": "cyan", "printed": "dim"}


def paragraphs(test: TestResult) -> list[Text]:
    """What a test says: facts, then what to look at, then what the code printed."""
    return [Text(part.render(), style=_STYLES[kind]) for kind, part in test.paragraphs()]


def day_heading(slug: str) -> Text:
    """The heading over a day's exercises."""
    title = next(day for day in catalog.catalog().days if day.slug == slug).title(language.current())
    return Text(f"{slug} · {title}", style="bold")


def summary(report: Report) -> Text:
    """The last line of a check."""
    passed = sum(result.status == "passed" for result in report.exercises)
    text = _("{points} of {most} points · {passed} of {all} exercises passed · {seconds} s").format(
        points=report.points,
        most=report.max_points,
        passed=passed,
        all=len(report.exercises),
        seconds=f"{report.seconds:.1f}",
    )
    if report.drawn:
        text += " · " + _("seed {seed}").format(seed=report.seed)
    return Text(text, style="bold green" if report.passed else "bold")

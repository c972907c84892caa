"""`course data`: the data sets of the course, what is there and where."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import click

from course import language
from course.cli import completion
from course.cli.options import Translated, global_options, json_option, print_json
from course.content import courses
from course.content.catalog import Course, catalog
from course.content.declared import Dataset
from course.language import ByLanguage
from course.language import gettext as _


@click.command(cls=Translated)
@click.argument("name", required=False, metavar="[NAME]", shell_complete=completion.datasets)
@click.option(
    "--fetch", "fetching", is_flag=True, help="Download the original into your cache and verify it."
)
@click.option(
    "--path", metavar="FILE", help="Use this file; else the one that COURSE_ with the NAME in capitals says."
)
@json_option
@global_options
def data(name: str | None, fetching: bool, path: str | None, as_json: bool) -> None:
    """Show a data set of the course: which file is used, where it is and what it holds. Without NAME, list them.

    A file of yours comes first (--path or the variable), then the original once it is downloaded, then what the course makes up
    to stand in, which needs no network.
    """
    if fetching and path is not None:
        raise click.UsageError(_("--fetch downloads the original, --path uses a file of yours: give one."))
    course = catalog()
    if name is None:
        if fetching or path is not None:
            raise click.UsageError(
                _("Name the data set: {known}").format(known=", ".join(course.data) or "-")
            )
        _list(course, as_json=as_json)
        return
    from course.content.data import source
    from course.content.data.errors import BadData, NoFile, NotFetched

    chosen = source.named(course, name)
    try:
        if fetching:
            _fetch(course, chosen)
        used, frame = source.load(course, chosen, path)
    except NoFile as error:
        raise click.UsageError(str(error)) from error
    except (NotFetched, BadData, OSError) as error:
        click.secho(str(error), fg="red", err=True)
        sys.exit(1)
    facts, rows = _described(course, chosen, frame)
    told = {
        "source": used.kind,
        "text": used.text(),
        "path": str(used.path) if used.path is not None else None,
        **facts,
        "there": _there(course, used),
    }
    if as_json:
        print_json(told)
    else:
        _show(used, told["there"], rows)


def _list(course: Course, *, as_json: bool) -> None:
    code = language.current()
    if as_json:
        print_json([{"name": each.name, "title": each.title(code)} for each in course.data.values()])
        return
    if not course.data:
        click.echo(_("The course {title} has no data sets.").format(title=course.title(code)))
    width = max(map(len, course.data), default=0)
    for each in course.data.values():
        click.echo(f"{each.name:{width}}  {each.title(code)}")


def _fetch(course: Course, data: Dataset) -> None:
    """Download the original, with a bar where somebody watches."""
    from course.content.data import fetch

    if not sys.stderr.isatty():
        fetch.fetch(course, data)
        return
    from rich.console import Console
    from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn, TimeRemainingColumn

    columns = (TextColumn("{task.description}"), BarColumn(), DownloadColumn(), TimeRemainingColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as shown:
        fetch.fetch(course, data, _Bar(shown))


class _Bar:
    """A progress bar as pooch takes it, drawn by rich; `total` is set by pooch, in bytes."""

    def __init__(self, shown: Any) -> None:
        self._shown = shown
        self._task = shown.add_task(_("Downloading"), total=None)
        self.total = 0

    def update(self, size: int) -> None:
        """So many bytes more."""
        self._shown.update(self._task, total=self.total or None, advance=size)

    def reset(self) -> None:
        """Back to none: pooch does this before it fills the bar."""
        self._shown.reset(self._task, total=self.total or None)

    def close(self) -> None:
        """Nothing: the bar goes with its screen."""


def _described(course: Course, data: Dataset, frame: Any) -> tuple[dict[str, Any], list[tuple[str, str]]]:
    """What there is to say of the data: for programs by name, and as rows to show."""
    module = courses.module(course, data.module)
    facts: dict[str, Any] = {"rows": len(frame)}
    rows = [(_("rows"), f"{len(frame):,}")]
    columns = getattr(frame, "columns", None)
    if columns is not None:
        facts["columns"] = len(columns)
        rows.append((_("columns"), f"{len(columns)}"))
    if hasattr(module, "describe"):
        labels = ByLanguage[Any](module.LABELS)[language.current()]
        more, more_rows = module.describe(frame, labels)
        facts |= more
        rows += more_rows
    if columns is not None:
        missing = {str(name): int(count) for name, count in frame.isna().sum().items() if count}
        facts["missing"] = missing
        gaps = ", ".join(f"{name}: {count:,}" for name, count in missing.items())
        rows.append((_("missing values"), gaps or _("none")))
    return facts, rows


def _there(course: Course, used: Any) -> dict[str, str | None]:
    """The file of each kind, None where there is none."""
    from course.content.data import kept, source

    there = {"local": str(used.path) if used.kind == "local" else None}
    if used.data.url:
        there["original"] = _present(kept.original(course, used.data))
    there["generated"] = _present(source.generated(course, used.data))
    return there


def _present(path: Path) -> str | None:
    return str(path) if path.is_file() else None


def _show(used: Any, there: dict[str, str | None], rows: list[tuple[str, str]]) -> None:
    from rich.table import Table
    from rich.text import Text

    from course.terminal import screen

    absent = {
        "local": _("none; name one with --path FILE or {variable}").format(variable=used.data.variable),
        "original": _("not downloaded; {command}").format(command=f"course data {used.data.name} --fetch"),
        "generated": _("not built yet, or not kept"),
    }
    names = {"local": _("your file"), "original": _("original"), "generated": _("generated")}
    console = screen.console()
    console.print(Text(used.data.title(language.current()), style="bold"))
    places = Table.grid(padding=(0, 2, 0, 0))
    places.add_column(no_wrap=True)
    places.add_column(overflow="fold")
    for kind, path in there.items():
        here = kind == used.kind
        name = Text(("→ " if here else "  ") + names[kind], style="bold" if here else "")
        places.add_row(name, Text(path or absent[kind], style="" if path else "dim"))
    console.print(places)
    console.print()
    console.print(Text(used.text()))
    numbers = Table.grid(padding=(0, 2, 0, 0))
    numbers.add_column(no_wrap=True)
    numbers.add_column(overflow="fold")
    for name_, text in rows:
        numbers.add_row(name_, text)
    console.print(numbers)

"""`course data`: the tables of the course, what is there and where."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from course.airline import schema, source
from course.cli.options import Translated, TranslatedGroup, json_option, language_option
from course.language import gettext as _

if TYPE_CHECKING:
    import pandas


@click.group(cls=TranslatedGroup)
@language_option
def data() -> None:
    """Show or fetch the course's tables."""


@data.command(cls=Translated)
@click.option(
    "--fetch", "fetching", is_flag=True, help="Download the original into your cache and verify it."
)
@click.option("--path", metavar="FILE", help="Use this file; else the one COURSE_AIRLINE names.")
@json_option
@language_option
def airline(fetching: bool, path: str | None, as_json: bool) -> None:
    """Show which airline table is used, where it is and what it holds.

    A file of yours comes first (--path or COURSE_AIRLINE), then the original once it is downloaded, then a generated table
    that needs no network.
    """
    if fetching and path is not None:
        raise click.UsageError(_("--fetch downloads the original, --path uses a file of yours: give one."))
    from course.airline import read
    from course.airline.fetch import NotFetched

    try:
        if fetching:
            _fetch()
        used, frame = source.load(path)
    except source.NoFile as error:
        raise click.UsageError(str(error)) from error
    except (NotFetched, read.BadTable, OSError) as error:
        click.secho(str(error), fg="red", err=True)
        sys.exit(1)
    facts = _facts(used, frame)
    if as_json:
        click.echo(json.dumps(facts, ensure_ascii=False, indent=1))
    else:
        _show(used, facts)


def _fetch() -> None:
    """Download the original, with a bar where somebody watches."""
    from course.airline import fetch

    if not sys.stderr.isatty():
        fetch.fetch()
        return
    from rich.console import Console
    from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn, TimeRemainingColumn

    columns = (TextColumn("{task.description}"), BarColumn(), DownloadColumn(), TimeRemainingColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as shown:
        fetch.fetch(_Bar(shown))


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


def _facts(used: source.Source, frame: pandas.DataFrame) -> dict[str, Any]:
    """What --json prints and the screen shows."""
    satisfied = int((frame[schema.TARGET] == schema.SATISFIED).sum())
    missing = frame.isna().sum()
    return {
        "source": used.kind,
        "text": used.text(),
        "path": str(used.path) if used.path is not None else None,
        "rows": len(frame),
        "columns": len(frame.columns),
        "satisfied": satisfied,
        "satisfied_share": round(satisfied / len(frame), 6),
        "missing": {str(name): int(count) for name, count in missing.items() if count},
        "there": {
            "local": str(used.path) if used.kind == "local" else None,
            "original": _present(source.original()),
            "generated": _present(source.generated()),
        },
    }


def _present(path: Path) -> str | None:
    return str(path) if path.is_file() else None


def _show(used: source.Source, facts: dict[str, Any]) -> None:
    from rich.table import Table
    from rich.text import Text

    from course.cli import screen

    absent = {
        "local": _("none; name one with --path FILE or COURSE_AIRLINE"),
        "original": _("not downloaded; course data airline --fetch"),
        "generated": _("not built yet, or not kept"),
    }
    names = {"local": _("your file"), "original": _("original"), "generated": _("generated")}
    console = screen.console()
    console.print(Text(_("Airline passenger satisfaction"), style="bold"))
    places = Table.grid(padding=(0, 2, 0, 0))
    places.add_column(no_wrap=True)
    places.add_column(overflow="fold")
    for kind, path in facts["there"].items():
        here = kind == used.kind
        name = Text(("→ " if here else "  ") + names[kind], style="bold" if here else "")
        places.add_row(name, Text(path or absent[kind], style="" if path else "dim"))
    console.print(places)
    console.print()
    console.print(Text(used.text()))
    numbers = Table.grid(padding=(0, 2, 0, 0))
    numbers.add_column(no_wrap=True)
    numbers.add_column(overflow="fold")
    numbers.add_row(_("rows"), f"{facts['rows']:,}")
    numbers.add_row(_("columns"), f"{facts['columns']}")
    numbers.add_row(_("satisfied"), f"{facts['satisfied']:,} ({facts['satisfied_share']:.2%})")
    gaps = ", ".join(f"{name}: {count:,}" for name, count in facts["missing"].items())
    numbers.add_row(_("missing values"), gaps or _("none"))
    console.print(numbers)

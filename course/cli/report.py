"""`course report`."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

import click

from course.cli import writing
from course.cli.options import Translated, global_options, json_option
from course.language import gettext as _
from course.system import files


@click.command(cls=Translated)
@json_option
@click.option("--csv", "as_csv", is_flag=True, help="Print a table of all checks instead.")
@click.option(
    "--out",
    type=click.Path(dir_okay=False, path_type=Path),
    metavar="FILE",
    help="Where to write it; progress.html, while --json and --csv go to standard output.",
)
@click.option("--yes", is_flag=True, help="Overwrite the file without asking.")
@global_options
def report(as_json: bool, as_csv: bool, out: Path | None, yes: bool) -> None:
    """Write your progress into one HTML file, to keep, print or hand on.

    Activity, points over time, quiz mastery by topic, what took longest, and every exercise's history.
    """
    if as_json and as_csv:
        raise click.UsageError(_("Either --json or --csv."))
    if out is None and not (as_json or as_csv):
        out = Path("progress.html")
    if out is not None:
        writing.allow(out, overwrite=yes)
    from course.progress import report as reporting

    progress = reporting.load(datetime.now(UTC))
    if as_json:
        text = json.dumps(reporting.to_json(progress), indent=1) + "\n"
    elif as_csv:
        text = reporting.to_csv(progress)
    else:
        text = reporting.page(progress)
    if out is None:
        click.echo(text, nl=False)
        return
    try:
        files.write(out, text, newline="")
    except OSError as error:
        text = _("{path} cannot be written: {reason}").format(path=out, reason=error.strerror or error)
        raise click.UsageError(text) from error
    click.echo(str(out))

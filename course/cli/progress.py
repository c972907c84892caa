"""`course progress`: taking it to another machine."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import click

from course.cli.options import Translated, TranslatedGroup, global_options
from course.language import gettext as _
from course.system import files


@click.group("progress", cls=TranslatedGroup)
@global_options
def progress() -> None:
    """Take your progress to another machine, or bring two machines' together."""


@progress.command("export", cls=Translated)
@click.argument("file", type=click.Path(dir_okay=False, allow_dash=True, path_type=Path), metavar="FILE")
@click.option("--yes", is_flag=True, help="Overwrite the file without asking.")
@global_options
def export(file: Path, yes: bool) -> None:
    """Write all your progress into one JSON file; - writes it to standard output."""
    from course.learner.store import database
    from course.progress import transfer

    with database.opened() as connection:
        data = transfer.export(connection)
    text = json.dumps(data, indent=1) + "\n"
    if str(file) == "-":
        click.echo(text, nl=False)
        return
    if file.exists() and not yes:
        question = _("{path} exists. Overwrite it?").format(path=file)
        if not sys.stdin.isatty():
            raise click.UsageError(question + " " + _("Say --yes."))
        click.confirm(question, abort=True)
    try:
        files.write(file, text)
    except OSError as error:
        said = _("{path} cannot be written: {error}").format(path=file, error=error.strerror)
        raise click.ClickException(said) from error
    counts = _counts(len(data["attempts"]), _answers(data))
    click.echo(_("Written to {path}: {counts}").format(path=file, counts=counts))
    click.echo(_("On the other machine: {command}").format(command=f"course progress import {file.name}"))


@progress.command("import", cls=Translated)
@click.argument("file", type=click.Path(dir_okay=False, allow_dash=True, path_type=Path), metavar="FILE")
@global_options
def import_(file: Path) -> None:
    """Add an exported file to your progress.

    What both know counts once, however often it is imported. Reviews are scheduled anew from all answers.
    """
    from course.learner.store import database
    from course.progress import transfer

    try:
        with click.open_file(str(file), encoding="utf-8") as lines:
            data = json.load(lines)
    except (OSError, ValueError, RecursionError) as error:
        text = _("{path} does not read as JSON: {error}").format(path=file, error=error)
        raise click.UsageError(text) from error
    try:
        with database.opened() as connection:
            merged = transfer.merge(connection, data)
    except transfer.NewerProgress as error:
        text = _("{path} was written by a newer version of this program; update it to go on.")
        raise click.ClickException(text.format(path=file)) from error
    except transfer.OtherProgress as error:
        text = _(
            "{path} holds progress of the course {course}: course progress import {path} --course {course}"
        )
        raise click.UsageError(text.format(path=file, course=error)) from error
    except transfer.NotProgress as error:
        text = _("{path} is not a file that `course progress export` wrote, or it is damaged: {error}")
        raise click.UsageError(text.format(path=file, error=error)) from error
    if merged.attempts or merged.answers:
        click.echo(_("Added: {counts}").format(counts=_counts(merged.attempts, merged.answers)))
    else:
        click.echo(_("Nothing in it is new."))
    click.echo(_("Next: {command}").format(command="course status"))


def _answers(data: dict[str, list[dict[str, list[dict[str, object]]]]]) -> int:
    return sum(entry["given"] is not None for sitting in data["sittings"] for entry in sitting["entries"])


def _counts(attempts: int, answers: int) -> str:
    parts = [_("checks: {count}").format(count=attempts), _("answers: {count}").format(count=answers)]
    return ", ".join(parts)

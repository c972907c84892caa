"""`course export`: the course's questions for other programs."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from course import language
from course.cli.options import Translated, TranslatedGroup, language_option
from course.language import gettext as _
from course.quiz.export import FORMATS, ZIPPED, export
from course.quiz.export.item import MOST_VARIANTS, draw_all


@click.group("export", cls=TranslatedGroup)
@language_option
def export_() -> None:
    """For instructors: take the course's questions elsewhere."""


@export_.command("quiz", cls=Translated)
@click.argument("day", metavar="DAY")
@click.option("--to", required=True, type=click.Choice(list(FORMATS)), help="The format to write.")
@click.option(
    "--variants",
    type=click.IntRange(1, MOST_VARIANTS),
    default=5,
    help="How many variants to store of a question with parameters; 5 by default.",
)
@click.option(
    "--seed", type=click.IntRange(0, 10**9 - 1), default=0, help="Draw the values of this seed; else 0."
)
@click.option(
    "--out",
    type=click.Path(dir_okay=False, path_type=Path),
    metavar="FILE",
    help="The file to write; else standard output.",
)
@language_option
def export_quiz(day: str, to: str, variants: int, seed: int, out: Path | None) -> None:
    """Write a day's quiz with its key for another program; a topic or a single question does too.

    The questions are in the language in use. The same seed gives the same file. What the format cannot keep, and of which
    questions, is listed on standard error.
    """
    from course.quiz import bank

    day = day.strip("/")
    if out is None and to in ZIPPED and sys.stdout.isatty():
        raise click.UsageError(_("This format is a zip file: name it with --out FILE."))
    items = draw_all(bank.select([day]), language.current(), variants, seed)
    written = export(items, to, day)
    if out is None:
        sys.stdout.buffer.write(written.data)
    else:
        try:
            out.write_bytes(written.data)
        except OSError as error:
            text = _("{path} cannot be written: {error}")
            raise click.ClickException(text.format(path=out, error=error.strerror)) from error
    count = len({item.asked.id for item in items})
    text = _("questions: {count}, with variants: {all}")
    click.echo(text.format(count=count, all=len(items)), err=True)
    if written.losses:
        click.echo(_("What the format cannot keep:"), err=True)
    for reason, names in written.losses.items():
        click.echo(f"- {reason}\n    {', '.join(names)}", err=True)

"""`course export`: the course's questions for other programs."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from course import language
from course.cli import completion
from course.cli.options import Translated, TranslatedGroup, language_option
from course.cli.submissions import read_roster, roster_option
from course.language import gettext as _
from course.quiz.export import FORMATS, ZIPPED, export
from course.quiz.export.item import MOST_VARIANTS, draw_all


@click.group("export", cls=TranslatedGroup)
@language_option
def export_() -> None:
    """For instructors: take the course's questions, or a class's grades, elsewhere."""


@export_.command("quiz", cls=Translated)
@click.argument("day", metavar="DAY", shell_complete=completion.days)
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
    _write(written.data, out)
    count = len({item.asked.id for item in items})
    text = _("questions: {count}, with variants: {all}")
    click.echo(text.format(count=count, all=len(items)), err=True)
    if written.losses:
        click.echo(_("What the format cannot keep:"), err=True)
    for reason, names in written.losses.items():
        click.echo(f"- {reason}\n    {', '.join(names)}", err=True)


@export_.command("grades", cls=Translated)
@click.argument("folder", type=click.Path(path_type=Path), default=Path("grades"), metavar="[DIR]")
@click.option(
    "--to",
    required=True,
    type=click.Choice(["canvas", "moodle", "csv", "nbgrader"]),
    help="The format to write.",
)
@roster_option
@click.option(
    "--out",
    type=click.Path(dir_okay=False, path_type=Path),
    metavar="FILE",
    help="The file to write; else standard output.",
)
@language_option
def export_grades(folder: Path, to: str, roster: Path | None, out: Path | None) -> None:
    """Write the grades of a class as another program imports them.

    DIR is the folder that `course grade` wrote, by default `grades`. Canvas and Moodle know their students again when the
    class was graded with their own list (--roster), or when it is given here. csv has a line a student and exercise.
    """
    from course.classroom import export as formats
    from course.classroom.folder import ClassFolder, NotAClassFolder

    try:
        class_ = ClassFolder.open(folder).all()
    except NotAClassFolder as error:
        text = _("{path} is not a folder that `course grade` wrote.")
        raise click.UsageError(text.format(path=folder)) from error
    if not class_:
        raise click.UsageError(_("There are no grades in {path} yet.").format(path=folder))
    _write(formats.grades(class_, to, read_roster(roster)).encode("utf-8"), out)


def _write(data: bytes, out: Path | None) -> None:
    if out is None:
        sys.stdout.buffer.write(data)
        return
    try:
        out.write_bytes(data)
    except OSError as error:
        text = _("{path} cannot be written: {error}")
        raise click.ClickException(text.format(path=out, error=error.strerror)) from error

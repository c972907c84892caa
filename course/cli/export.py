"""`course export`: the course's questions for other programs."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from course import language
from course.cli import completion
from course.cli.class_folder import left_out, read_class
from course.cli.options import Translated, TranslatedGroup, global_options
from course.cli.submissions import read_roster, roster_option
from course.cli.term import read_term
from course.language import gettext as _
from course.quizzes.export import FORMATS, ZIPPED, export
from course.quizzes.export.item import MOST_VARIANTS, draw_all
from course.system import files


@click.group("export", cls=TranslatedGroup)
@global_options
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
@global_options
def export_quiz(day: str, to: str, variants: int, seed: int, out: Path | None) -> None:
    """Write a day's quiz with its key for another program; a topic, a single question or an assignment of a term does too.

    The questions are in the language in use. The same seed gives the same file. What the format cannot keep, and of which
    questions, is listed on standard error.
    """
    from course.quizzes import bank

    day = day.strip("/")
    if out is None and to in ZIPPED and sys.stdout.isatty():
        raise click.UsageError(_("This format is a zip file: name it with --out FILE."))
    term = read_term(None)
    own = [each for each in term.assignments if each.name == day] if term is not None else []
    names = [question for each in own for quiz in each.quizzes for question in quiz.asked]
    if own and not names:
        raise click.UsageError(_("The assignment {name} has no quiz.").format(name=day))
    items = draw_all(bank.select(names or [day]), language.current(), variants, seed)
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
@global_options
def export_grades(folder: Path, to: str, roster: Path | None, out: Path | None) -> None:
    """Write the grades of a class as another program imports them.

    DIR is the folder that `course grade` wrote, by default `grades`. Canvas and Moodle know their students again when the
    class was graded with their own list (--roster), or when it is given here. csv has a line a student and exercise.
    """
    from course.classroom import export as formats

    class_ = read_class(folder)
    if not class_.rows:
        raise click.UsageError(_("There are no grades in {path} yet.").format(path=folder))
    _write(formats.grades(class_, to, read_roster(roster)).encode("utf-8"), out)
    left_out(class_)


def _write(data: bytes, out: Path | None) -> None:
    if out is None:
        sys.stdout.buffer.write(data)
        return
    try:
        files.write(out, data)
    except OSError as error:
        text = _("{path} cannot be written: {error}")
        raise click.ClickException(text.format(path=out, error=error.strerror)) from error
    click.echo(_("written: {path}").format(path=out), err=True)

"""`course nbgrader`: a course folder for nbgrader, and its source notebooks."""

from __future__ import annotations

import shlex
from pathlib import Path

import click

from course.cli import completion
from course.cli.options import Translated, TranslatedGroup, language_option
from course.cli.submissions import read_roster, roster_option
from course.language import gettext as _
from course.notebook.answers import QUESTIONS


@click.group("nbgrader", cls=TranslatedGroup)
@language_option
def nbgrader_() -> None:
    """For instructors: run the course with nbgrader."""


@nbgrader_.command(cls=Translated)
@click.argument("folder", metavar="DIR", type=click.Path(path_type=Path))
@roster_option
@language_option
def init(folder: Path, roster: Path | None) -> None:
    """Make a course folder for nbgrader: settings, header, and with --roster the students.

    Files that are already there are left alone; students can be added later in the same way.
    """
    from course.notebook import coursedir

    _require_nbgrader()
    if folder.exists() and not folder.is_dir():
        raise click.UsageError(_("{path} is a file, not a folder.").format(path=folder))
    laid = coursedir.init(folder, read_roster(roster))
    for path in laid.written:
        click.echo(_("written: {path}").format(path=path))
    for path in laid.kept:
        click.echo(_("left as it was: {path}").format(path=path))
    if laid.students:
        click.echo(_("students in the gradebook: {count}").format(count=laid.students))
    command = f"cd {shlex.quote(str(folder))} && course nbgrader build day10"
    click.echo(_("Next: {command}").format(command=command))


@nbgrader_.command(cls=Translated)
@click.argument("days", nargs=-1, required=True, metavar="DAY...", shell_complete=completion.days)
@click.option(
    "--out",
    type=click.Path(path_type=Path, file_okay=False),
    default=Path(),
    metavar="DIR",
    help="The course folder; by default the current one.",
)
@click.option(
    "--questions",
    type=click.IntRange(min=0),
    default=QUESTIONS,
    help="How many questions the day's quiz has, 10 by default; with a large number all of them.",
)
@click.option("--force", is_flag=True, help="Replace notebooks that were edited by hand.")
@language_option
def build(days: tuple[str, ...], out: Path, questions: int, force: bool) -> None:
    """Write the source notebooks of days: text, solutions, tests and quiz, in the language in use.

    The same content gives the same file. A notebook edited by hand is not replaced.
    """
    from course.notebook import coursedir

    _require_nbgrader()
    try:
        built = coursedir.build(coursedir.days(days), out, questions, force=force)
    except coursedir.EditedByHand as error:
        text = _("{path} was edited by hand; --force replaces it.")
        raise click.ClickException(text.format(path=error)) from error
    except OSError as error:
        text = _("{path} cannot be written: {error}")
        raise click.ClickException(text.format(path=error.filename, error=error.strerror)) from error
    for each in built:
        text = _("{path}: {points} points") if each.written else _("{path}: {points} points, unchanged")
        click.echo(text.format(path=each.path, points=f"{each.max_points:g}"))
    if built:
        command = f"nbgrader generate_assignment {built[0].path.stem}"
        click.echo(_("Next: {command}").format(command=command))


def _require_nbgrader() -> None:
    from course.notebook import coursedir

    if not coursedir.installed():
        text = _("nbgrader is not installed: pip install {package}")
        raise click.ClickException(text.format(package="'deep-learning-course[instructor]'"))

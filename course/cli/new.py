"""`course new`."""

from __future__ import annotations

import re
from pathlib import Path

import click

from course import language
from course.cli.options import Translated, global_options
from course.content import courses
from course.language import gettext as _
from course.system import shell


@click.command(cls=Translated)
@click.argument("folder", type=click.Path(path_type=Path, file_okay=False), metavar="DIR")
@click.option("--name", help="What the course is called on command lines; by default as the folder.")
@click.option("--title", help="What it is called in texts; by default its name.")
@click.option(
    "--languages",
    metavar="CODES",
    help="The languages of its texts, such as en,ko; by default the one in use.",
)
@global_options
def new(folder: Path, name: str | None, title: str | None, languages: str | None) -> None:
    """Make a course of your own, with one exercise and two questions to start from.

    It is a folder, and a package that pip installs once you have built it. `course dev check` in it proves all it holds.
    """
    from course.dev import new_course

    called = name or re.sub(r"[^a-z0-9]+", "-", folder.resolve().name.lower()).strip("-")
    codes = [code.strip() for code in (languages or language.current()).split(",")]
    try:
        written = new_course.new(folder, called, title or called.replace("-", " ").capitalize(), codes)
    except new_course.NotLaidOut as error:
        raise click.UsageError(str(error)) from error
    for path in written:
        click.echo(path)
    click.echo(_("Next: {command}").format(command=shell.inside(str(folder), "course dev check")))
    start = f"course start {called}-workspace --course {shell.quoted([str(folder)])}"
    if courses.around(Path.cwd()) is None:
        click.echo(_("As a learner: {command}").format(command=start))

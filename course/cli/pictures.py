"""`course show EXERCISE --plot`: the picture of an exercise, into a file."""

from __future__ import annotations

from pathlib import Path

import click

from course import language
from course.cli import writing
from course.cli.options import print_json
from course.content import catalog, plots
from course.content.catalog import Exercise
from course.language import gettext as _
from course.system import installation


def draw(exercise: Exercise, path: Path, *, overwrite: bool, as_json: bool) -> None:
    """Draw it and print the path; what keeps it from being drawn is a usage error."""
    if not exercise.plot.is_file():
        others = ", ".join(plots.pictured(catalog.catalog()))
        text = _("{slug} has no picture. These have one: {others}.")
        raise click.UsageError(text.format(slug=exercise.slug, others=others))
    if not plots.available():
        raise click.UsageError(unavailable())
    if path.suffix.lower() not in plots.SUFFIXES:
        text = _("{path}: a picture's name ends in {suffixes}.")
        raise click.UsageError(text.format(path=path, suffixes=", ".join(plots.SUFFIXES)))
    writing.allow(path, overwrite=overwrite)
    try:
        code = plots.save(exercise, language.current(), path)
    except OSError as error:
        text = _("{path} cannot be written: {reason}").format(path=path, reason=error.strerror or error)
        raise click.UsageError(text) from error
    tell_language(code)
    if as_json:
        data = {"slug": exercise.slug, "picture": str(path), "language": code}
        print_json(data)
    else:
        click.echo(str(path))


def unavailable() -> str:
    """What to do where matplotlib is missing."""
    return _("Pictures need matplotlib: {command}").format(command=installation.command("matplotlib"))


def tell_language(code: str) -> None:
    """Say so where a picture's labels could not be in the language asked for."""
    asked = language.current()
    if code != asked and asked in plots.FONTS:
        text = _("The labels are in English: no font here can write this language ({font} could).")
        click.echo(text.format(font=plots.FONTS[asked][0]), err=True)

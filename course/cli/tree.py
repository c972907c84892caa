"""The tree of commands, in the order `course --help` lists them."""

from __future__ import annotations

import click

import course as package
from course.cli import checks, exercises, maintainer, places
from course.cli.options import TranslatedGroup, language_option


@click.group(cls=TranslatedGroup, invoke_without_command=True)
@click.version_option(package.__version__, prog_name="course")
@language_option
@click.pass_context
def course(ctx: click.Context) -> None:
    """An auto-graded course in deep learning.

    Without a command: where you are and what to do next.
    """
    if ctx.invoked_subcommand is None:
        places.where_you_are()


for _command in (
    places.start,
    places.list_,
    exercises.show,
    checks.check,
    exercises.hint,
    exercises.solution,
    exercises.diff,
    exercises.reset,
    places.next_,
    maintainer.dev,
):
    course.add_command(_command)

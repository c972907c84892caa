"""`course serve`."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

import click

from course.cli.options import Translated, global_options
from course.content import catalog, courses
from course.language import gettext as _
from course.learner import workspace
from course.system import installation, shell

if TYPE_CHECKING:
    from starlette.applications import Starlette

PORT = 8630


@click.command(cls=Translated)
@click.option(
    "--port",
    type=click.IntRange(0, 65535),
    default=PORT,
    help="Where to listen, by default 8630; 0 takes any that is free.",
)
@click.option("--no-open", is_flag=True, help="Do not open a browser.")
@click.option(
    "--class",
    "class_folder",
    type=click.Path(path_type=Path, file_okay=False),
    metavar="DIR",
    help="For instructors: the pages of the class in this folder that `course grade` wrote, to give marks of your own.",
)
@global_options
def serve(port: int, no_open: bool, class_folder: Path | None) -> None:
    """Learn in a browser: read, write code, check it, take quizzes.

    The pages are for this computer alone and need no network. They work on the files of your workspace, as editors and
    `course check` do; where there is no workspace they offer to make one. Ctrl-C ends it.
    """
    try:
        from course.web import jupyter, server
    except ModuleNotFoundError as error:
        text = _("The pages need {name}: {command}")
        command = installation.command_for("web")
        raise click.UsageError(text.format(name=error.name, command=command)) from error
    key = os.environ.get(jupyter.KEY_VARIABLE)
    if class_folder is not None:
        from course.cli.class_folder import read_class
        from course.web import marking

        read_class(class_folder)
        pages = marking.application(class_folder, key)
    else:
        pages = _own_pages(key)
    try:
        listening = server.listen(port)
    except server.PortTaken as error:
        text = _("Port {port} is in use. Another one: {command}")
        again = "course serve --port 0" + (
            f" --class {shell.quoted([str(class_folder)])}" if class_folder else ""
        )
        raise click.UsageError(text.format(port=port, command=again)) from error

    def started(address: str) -> None:
        click.echo(_("Your pages: {address}  (Ctrl-C ends it)").format(address=address))
        if not no_open:
            import webbrowser

            webbrowser.open(address)

    server.run(listening, pages, started)


def _own_pages(key: str | None) -> Starlette:
    """The pages for a learner's workspace."""
    from course.web import app

    proposal = Path.cwd() / catalog.catalog().name  # the workspace that the pages offer to make
    try:
        folder = workspace.find(proposal if (proposal / courses.MARKER).is_file() else None)
    except workspace.NoWorkspace:
        folder = None
        click.secho(_("No workspace here: the pages offer to make one."), fg="yellow", err=True)
    return app.application(folder, proposal, key)

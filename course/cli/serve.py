"""`course serve`."""

from __future__ import annotations

import click

from course import workspace
from course.cli.options import Translated, language_option
from course.language import gettext as _

PORT = 8630


@click.command(cls=Translated)
@click.option(
    "--port",
    type=click.IntRange(0, 65535),
    default=PORT,
    help="Where to listen, by default 8630; 0 takes any that is free.",
)
@click.option("--no-open", is_flag=True, help="Do not open a browser.")
@language_option
def serve(port: int, no_open: bool) -> None:
    """Show your progress, the texts and the quizzes as pages in a browser.

    The pages are for this computer alone and need no network. A result appears on its exercise's page as soon as `course
    check` or `course watch` has one. Ctrl-C ends it.
    """
    try:
        from course.web import server
    except ModuleNotFoundError as error:
        text = _("The pages need {name}: {command}")
        command = "pip install 'deep-learning-course[web]'"
        raise click.UsageError(text.format(name=error.name, command=command)) from error
    try:
        folder = workspace.find()
    except workspace.NoWorkspace:
        folder = None
        click.secho(_("No workspace here: the pages cannot name your files."), fg="yellow", err=True)
    try:
        listening = server.listen(port)
    except server.PortTaken as error:
        text = _("Port {port} is in use. Another one: {command}")
        raise click.UsageError(text.format(port=port, command="course serve --port 0")) from error
    address = f"http://{server.HOST}:{listening.getsockname()[1]}/"

    def started() -> None:
        click.echo(_("Your pages: {address}  (Ctrl-C ends it)").format(address=address))
        if not no_open:
            import webbrowser

            webbrowser.open(address)

    server.run(listening, folder, started)

"""The tree of commands, in the order `course --help` lists them. Only the one that is run is loaded."""

from __future__ import annotations

import importlib
from collections.abc import Iterator, MutableMapping

import click

import course as package
from course.cli.options import TranslatedGroup, language_option
from course.language import gettext as _

# Name: module in this package, and what the command is called there.
_COMMANDS = {
    "start": ("places", "start"),
    "list": ("places", "list_"),
    "show": ("exercises", "show"),
    "check": ("checks", "check"),
    "watch": ("watch", "watch"),
    "hint": ("exercises", "hint"),
    "solution": ("exercises", "solution"),
    "diff": ("exercises", "diff"),
    "reset": ("exercises", "reset"),
    "next": ("status", "next_"),
    "status": ("status", "status"),
    "quiz": ("quiz", "quiz"),
    "review": ("review", "review"),
    "progress": ("progress", "progress"),
    "report": ("report", "report"),
    "serve": ("serve", "serve"),
    "data": ("data", "data"),
    "grade": ("grade", "grade"),
    "similarity": ("similarity", "similarity"),
    "nbgrader": ("nbgrader", "nbgrader_"),
    "export": ("export", "export_"),
    "dev": ("maintainer", "dev"),
}


class _OnDemand(MutableMapping[str, click.Command]):
    """The commands by name, each loaded when it is asked for."""

    def __init__(self) -> None:
        self._added: dict[str, click.Command] = {}

    def __getitem__(self, name: str) -> click.Command:
        if name not in self._added:
            module, attribute = _COMMANDS[name]
            self._added[name] = getattr(importlib.import_module(f"course.cli.{module}"), attribute)
        return self._added[name]

    def __setitem__(self, name: str, command: click.Command) -> None:
        self._added[name] = command

    def __delitem__(self, name: str) -> None:
        del self._added[name]

    def __iter__(self) -> Iterator[str]:
        return iter(dict.fromkeys([*_COMMANDS, *self._added]))

    def __len__(self) -> int:
        return len({*_COMMANDS, *self._added})


def _print_version(ctx: click.Context, _option: click.Parameter, wanted: bool) -> None:
    # click's own option would look the version up at every start.
    if wanted and not ctx.resilient_parsing:
        text = _("%(prog)s, version %(version)s")
        click.echo(text % {"prog": "course", "version": package.__version__})
        ctx.exit()


@click.group(cls=TranslatedGroup, commands=_OnDemand(), invoke_without_command=True)
@click.option(
    "--version",
    is_flag=True,
    is_eager=True,
    expose_value=False,
    callback=_print_version,
    help="Show the version and exit.",
)
@language_option
@click.pass_context
def course(ctx: click.Context) -> None:
    """An auto-graded course in deep learning.

    Without a command: where you are and what to do next.
    """
    if ctx.invoked_subcommand is None:
        from course.cli import status

        status.where_you_are()

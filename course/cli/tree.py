"""The tree of commands, in the order `course --help` lists them. Only the one that is run is loaded."""

from __future__ import annotations

import importlib

import click

from course.cli.options import TranslatedGroup, global_options
from course.language import gettext as _
from course.system import program

# Name: module in this package, and what the command is called there.
_COMMANDS = {
    "start": ("workspace", "start"),
    "list": ("workspace", "list_"),
    "show": ("exercises", "show"),
    "check": ("checks", "check"),
    "watch": ("watch", "watch"),
    "hint": ("exercises", "hint"),
    "solution": ("exercises", "solution"),
    "diff": ("exercises", "diff"),
    "update": ("update", "update"),
    "reset": ("exercises", "reset"),
    "next": ("status", "next_"),
    "status": ("status", "status"),
    "quiz": ("quiz", "quiz"),
    "review": ("review", "review"),
    "progress": ("progress", "progress"),
    "report": ("report", "report"),
    "courses": ("courses", "courses_"),
    "doctor": ("doctor", "doctor"),
    "keep": ("keep", "keep"),
    "serve": ("serve", "serve"),
    "glossary": ("glossary", "glossary"),
    "data": ("data", "data"),
    "term": ("term", "term_"),
    "grade": ("grade", "grade"),
    "mark": ("mark", "mark"),
    "similarity": ("similarity", "similarity"),
    "nbgrader": ("nbgrader", "nbgrader_"),
    "export": ("export", "export_"),
    "new": ("new", "new"),
    "dev": ("dev", "dev"),
}


# What a learner types in a workspace: before these an upgrade of the course is told, once.
_TOLD_BEFORE = {
    None,
    "list",
    "show",
    "check",
    "watch",
    "hint",
    "solution",
    "diff",
    "next",
    "status",
    "quiz",
    "review",
}


class _OnDemand(TranslatedGroup):
    """Its commands, of which it knows the names, are loaded when they are asked for."""

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command of this name."""
        if cmd_name not in _COMMANDS:
            return None
        module, attribute = _COMMANDS[cmd_name]
        command: click.Command = getattr(importlib.import_module(f"course.cli.{module}"), attribute)
        return command


def _print_version(ctx: click.Context, _option: click.Parameter, wanted: bool) -> None:
    # click's own option would look the version up at every start.
    if wanted and not ctx.resilient_parsing:
        text = _("%(prog)s, version %(version)s")
        click.echo(text % {"prog": "course", "version": program.version()})
        ctx.exit()


@click.group(cls=_OnDemand, commands=[click.Command(name) for name in _COMMANDS], invoke_without_command=True)
@click.option(
    "--version",
    is_flag=True,
    is_eager=True,
    expose_value=False,
    callback=_print_version,
    help="Show the version and exit.",
)
@global_options
@click.pass_context
def course(ctx: click.Context) -> None:
    """Courses whose exercises grade themselves.

    Without a command: where you are and what to do next.
    """
    if ctx.invoked_subcommand in _TOLD_BEFORE:
        from course.cli import update

        update.tell()
    if ctx.invoked_subcommand is None:
        from course.cli import status

        status.where_you_are()

"""One exercise at a time: show, hint, solution, diff, reset."""

from __future__ import annotations

import difflib
import sys
from pathlib import Path

import click

from course import language
from course.cli import completion
from course.cli.options import Translated, global_options, json_option, print_json
from course.cli.workspace import known_result
from course.content import catalog, stub, texts
from course.content.catalog import Exercise
from course.language import gettext as _
from course.learner import workspace
from course.learner.subject import Unreadable

_slug = click.argument("slug", metavar="EXERCISE", shell_complete=completion.exercises)


@click.command(cls=Translated)
@_slug
@click.option(
    "--plot",
    is_flag=False,
    flag_value="",
    metavar="[FILE]",
    help="Draw its picture instead, into FILE (.png, .svg, .pdf; else EXERCISE.png).",
)
@click.option("--yes", is_flag=True, help="With --plot: overwrite the file without asking.")
@json_option
@global_options
def show(slug: str, plot: str | None, yes: bool, as_json: bool) -> None:
    """Show an exercise's text; once passed, its explanation too."""
    exercise = catalog.catalog().exercise(slug)
    if plot is not None:
        from course.cli import pictures

        pictures.draw(exercise, Path(plot or f"{slug}.png"), overwrite=yes, as_json=as_json)
        return
    text = texts.text(exercise, language.current())
    passed = _passed(exercise)
    if as_json:
        data = {
            "slug": slug,
            "day": exercise.day,
            "title": text.title,
            "prompt": text.prompt,
            "hints": len(text.hints),
        }
        data |= {"explanation": text.explanation} if passed else {}
        print_json(data)
        return
    from course.terminal import markdown, screen

    console = screen.console()
    body = f"# {text.title}\n\n{text.prompt}"
    if passed:
        body += f"\n\n## {_('Explanation')}\n\n{text.explanation}"
    console.print(markdown.render(body))
    folder = _workspace()
    if folder is not None or exercise.plot.is_file():
        console.print()
    if exercise.plot.is_file():
        console.print(_("picture: {command}").format(command=f"course show {slug} --plot"), style="dim")
    if folder is not None:
        console.print(_("file: {path}").format(path=workspace.locate(exercise, folder)), style="dim")


@click.command(cls=Translated)
@_slug
@click.argument("number", type=click.IntRange(min=1), default=1, metavar="[NUMBER]")
@json_option
@global_options
def hint(slug: str, number: int, as_json: bool) -> None:
    """Show a hint: the first nudge, or the one with this number."""
    hints = texts.text(catalog.catalog().exercise(slug), language.current()).hints
    if number > len(hints):
        raise click.UsageError(
            language.fill(_("{slug} has {count} {count:hint|hints}."), slug=slug, count=len(hints))
        )
    if as_json:
        print_json({"slug": slug, "number": number, "of": len(hints), "hint": hints[number - 1]})
        return
    from course.terminal import markdown, screen

    console = screen.console()
    console.print(_("Hint {number} of {count}").format(number=number, count=len(hints)), style="bold")
    console.print(markdown.render(hints[number - 1]))
    if number < len(hints):
        console.print(_("Next: {command}").format(command=f"course hint {slug} {number + 1}"), style="dim")


@click.command(cls=Translated)
@_slug
@click.option("--force", is_flag=True, help="Even before it has passed.")
@global_options
def solution(slug: str, force: bool) -> None:
    """Show the reference solution, once your own has passed."""
    exercise = catalog.catalog().exercise(slug)
    _allow_solution(exercise, force=force)
    from rich.syntax import Syntax

    from course.terminal import screen

    code = stub.without_markers(exercise.solution.read_text(encoding="utf-8"))
    screen.console().print(Syntax(code, "python", theme="ansi_light", background_color="default"))


@click.command(cls=Translated)
@_slug
@click.option(
    "--solution", "against_solution", is_flag=True, help="Compare with the reference solution instead."
)
@click.option("--force", is_flag=True, help="With --solution: even before it has passed.")
@global_options
def diff(slug: str, against_solution: bool, force: bool) -> None:
    """Show what you changed in the stub."""
    exercise = catalog.catalog().exercise(slug)
    if against_solution:
        _allow_solution(exercise, force=force)
    mine = workspace.locate(exercise, workspace.find())
    try:
        source = workspace.read(mine)
    except Unreadable as error:
        raise click.UsageError(error.message.render()) from error
    if source is None:
        raise click.UsageError(_("The file {path} does not exist.").format(path=mine) + " " + _restore(slug))
    other = exercise.solution if against_solution else exercise.stub
    old = other.read_text(encoding="utf-8").splitlines()
    label = _("solution") if against_solution else _("stub")
    lines = list(difflib.unified_diff(old, source.splitlines(), label, str(mine), lineterm=""))
    if not lines:
        click.echo(_("No difference."))
    colours = {"+": "green", "-": "red", "@": "cyan"}
    for line in lines:
        click.secho(line, fg=colours.get(line[:1]))


@click.command(cls=Translated)
@_slug
@click.option("--yes", is_flag=True, help="Do not ask.")
@global_options
def reset(slug: str, yes: bool) -> None:
    """Put the stub back; your file is kept as a backup."""
    exercise = catalog.catalog().exercise(slug)
    folder = workspace.find()
    path = workspace.locate(exercise, folder)
    if path.exists() and not yes:
        question = _("Put the stub back over {path}? A backup is kept.").format(path=path)
        if not sys.stdin.isatty():
            raise click.UsageError(question + " " + _("Say --yes."))
        click.confirm(question, abort=True)
    backup = workspace.reset(exercise, folder)
    click.echo(_("{path} is the stub again.").format(path=path))
    if backup is not None:
        click.echo(_("Your file is kept as {path}").format(path=backup))


def _passed(exercise: Exercise) -> bool:
    folder = _workspace()
    result = known_result(exercise, folder) if folder is not None else None
    return result is not None and result.status == "passed"


def _allow_solution(exercise: Exercise, *, force: bool) -> None:
    if not force and not _passed(exercise):
        text = _(
            "{slug} has not passed yet. `course hint {slug}` helps; --force shows the solution all the same."
        )
        raise click.UsageError(text.format(slug=exercise.slug))


def _restore(slug: str) -> str:
    return _("Next: {command}").format(command=f"course reset {slug}")


def _workspace() -> Path | None:
    try:
        return workspace.find()
    except workspace.NoWorkspace:
        return None

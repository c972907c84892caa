"""Where a learner stands and goes: `course status`, `course next`, and `course` alone."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from course import language
from course.cli.options import Translated, global_options, json_option, print_json, store_problem
from course.content import catalog
from course.language import gettext as _
from course.learner import workspace
from course.learner.store.errors import StoreUnusable

if TYPE_CHECKING:
    from course.progress.history import History
    from course.progress.next_step import Step
    from course.progress.summary import Summary


@click.command(cls=Translated)
@json_option
@global_options
def status(as_json: bool) -> None:
    """Show your progress: points, attempts, time spent, quiz mastery by topic, what is due and what comes next.

    Time spent is estimated from the moments at which you checked or answered something; breaks count for ten minutes at most.
    """
    from course.progress import history
    from course.progress.next_step import next_step

    summary = _summary(history.load())
    step = next_step(summary)
    if as_json:
        from course.progress import as_json as face

        print_json(face.summary(summary, step, language.current()))
        return
    from course.terminal import screen, status_screen

    console = screen.console()
    for part in status_screen.parts(summary, console):
        console.print(part)
        console.print()
    _say(step, _workspace())


@click.command("next", cls=Translated)
@json_option
@global_options
def next_(as_json: bool) -> None:
    """Name the one thing to do now, and why."""
    folder = workspace.find()
    _found, step = _now()
    if as_json:
        from course.progress import as_json as face

        print_json(face.step(step, language.current()))
        return
    _say(step, folder)


def where_you_are() -> None:
    """What bare `course` prints."""
    folder = _workspace()
    if folder is None:
        click.echo(_("No workspace here yet. Make one, then work through it a day at a time:"))
        name = catalog.catalog().name
        click.echo(f"\n    course start {name}\n    cd {name}\n    course\n")
        click.echo(_("`course list` shows the exercises, `course --help` all commands."))
        return
    summary, step = _now()
    text = _("{folder}: {passed} of {all} exercises passed.")
    click.echo(text.format(folder=folder, passed=summary.passed, all=len(summary.exercises)))
    if summary.streak.days > 1:
        click.echo(_("days in a row: {count}").format(count=summary.streak.days))
    _say(step, folder)


def _now() -> tuple[Summary, Step]:
    """Progress and what follows from it; without a usable store a note, and as if nothing had been done."""
    from course.progress import history
    from course.progress.next_step import next_step

    try:
        found = history.load()
    except StoreUnusable as problem:
        click.secho(store_problem(problem), fg="yellow", err=True)
        found = history.History()
    summary = _summary(found)
    return summary, next_step(summary)


def _summary(found: History) -> Summary:
    from course.progress import summary

    return summary.current(found, datetime.now(UTC))


def _say(step: Step, folder: Path | None) -> None:
    from course.progress import wording

    click.echo(_("Next: {command}").format(command=wording.what(step)))
    click.secho(wording.why(step), dim=True)
    begun = True
    if step.exercise is not None and folder is not None:
        subject = workspace.subject(step.exercise.exercise, folder)
        begun = not subject.untouched
    for command in wording.commands(step, begun=begun):
        click.echo(f"    {command}")
    if step.exercise is not None and folder is not None:
        click.echo("    " + _("file: {path}").format(path=subject.path))


def _workspace() -> Path | None:
    try:
        return workspace.find()
    except workspace.NoWorkspace:
        return None

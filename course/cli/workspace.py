"""The workspace and what is in it: start, list."""

from __future__ import annotations

from pathlib import Path

import click

from course import language
from course.checking import cache
from course.cli.options import Translated, global_options, json_option, print_json, submission_option
from course.content import catalog, texts
from course.content.catalog import Exercise
from course.language import gettext as _
from course.learner import workspace
from course.results import ExerciseResult
from course.system import shell


@click.command(cls=Translated)
@click.argument("folder", required=False, type=click.Path(path_type=Path), metavar="[DIR]")
@global_options
def start(folder: Path | None) -> None:
    """Make a workspace: a folder with the stubs to fill in.

    Files that are already there are left alone, so it also brings new exercises into an old workspace. With --course it is
    a workspace of that course, and remembers it.
    """
    folder = folder or Path(catalog.catalog().name)
    if folder.exists() and not folder.is_dir():
        raise click.UsageError(_("{path} is a file, not a folder.").format(path=folder))
    done = workspace.start(folder)
    text = _("{folder}: {written} {written:file|files} written, {kept} left as they were.")
    click.echo(language.fill(text, folder=done.folder, written=len(done.written), kept=len(done.kept)))
    click.echo(_("Next: {command}").format(command=shell.inside(str(folder), "course")))


@click.command("list", cls=Translated)
@submission_option
@json_option
@global_options
def list_(submission: str | None, as_json: bool) -> None:
    """List days and exercises, in a workspace with where each stands."""
    folder = Path(submission) if submission is not None else _workspace()
    known = {exercise.slug: known_result(exercise, folder) for exercise in catalog.catalog()}
    if as_json:
        print_json([_day_json(day, known) for day in catalog.catalog().days])
        return
    from rich.table import Table
    from rich.text import Text

    from course.terminal import screen

    console = screen.console()
    for day in catalog.catalog().days:
        console.print(screen.day_heading(day.slug))
        table = Table.grid(padding=(0, 2, 0, 0))
        for exercise in day.exercises:
            result = known[exercise.slug]
            sign = screen.mark(result.status, console) if result is not None else Text(" ")
            points = (
                f"{result.points}/{result.max_points}" if result is not None and result.max_points else ""
            )
            table.add_row(
                sign, exercise.slug, texts.title(exercise, language.current()), Text(points, style="dim")
            )
        console.print(table)
        console.print()


def known_result(exercise: Exercise, folder: Path | None) -> ExerciseResult | None:
    """What the last check of the file as it is now said, or None."""
    if folder is None:
        return None
    return cache.load(workspace.subject(exercise, folder), None)


def _workspace() -> Path | None:
    try:
        return workspace.find()
    except workspace.NoWorkspace:
        return None


def _day_json(day: catalog.Day, known: dict[str, ExerciseResult | None]) -> dict[str, object]:
    rows = []
    for exercise in day.exercises:
        result = known[exercise.slug]
        rows.append(
            {
                "slug": exercise.slug,
                "title": texts.title(exercise, language.current()),
                "runtime": exercise.runtime,
                "status": result.status if result is not None else None,
                "points": result.points if result is not None else None,
                "max_points": result.max_points if result is not None else None,
            }
        )
    return {"day": day.slug, "title": day.title(language.current()), "exercises": rows}

"""What the commands on a class's submissions share: where they are, whose they are, which exercises."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from course.catalog import Exercise, catalog
from course.cli import completion
from course.language import gettext as _

if TYPE_CHECKING:
    from course.classroom.roster import Roster
    from course.classroom.submissions import Upload

submissions_argument = click.argument("submissions", type=click.Path(path_type=Path), metavar="SUBMISSIONS")
day_option = click.option(
    "--day",
    "days",
    multiple=True,
    metavar="DAY|EXERCISE",
    shell_complete=completion.days_and_exercises,
    help="A day or an exercise, can be repeated; by default the days that were handed in.",
)
roster_option = click.option(
    "--roster",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="CSV",
    help="The list of students: Canvas' gradebook, Moodle's grading worksheet, nbgrader's list, or a table of your own.",
)


def read_roster(path: Path | None) -> Roster:
    """The roster, an empty one where none is named."""
    from course.classroom import roster

    if path is None:
        return roster.Roster()
    try:
        return roster.read(path)
    except roster.RosterError as error:
        text = _("The list of students {path} cannot be used: {reason}.")
        raise click.UsageError(text.format(path=path, reason=error.reason.render())) from error


def read_uploads(submissions: Path, roster: Path | None) -> list[Upload]:
    """What every student handed in."""
    from course.classroom import submissions as uploads
    from course.classroom.archive import ArchiveError

    students = read_roster(roster)
    if not submissions.exists():
        raise click.UsageError(_("There is no {path}.").format(path=submissions))
    try:
        return uploads.find(submissions, students)
    except ArchiveError as error:
        text = _("{file} cannot be read: {reason}")
        raise click.UsageError(text.format(file=submissions, reason=error.reason.render())) from error
    except uploads.OneSubmission as error:
        text = _("{path} looks like one submission. Name the folder above it, or grade it alone: {command}")
        command = f"course check --submission {submissions}"
        raise click.UsageError(text.format(path=submissions, command=command)) from error
    except uploads.NoSubmissions as error:
        text = _(
            "{path} holds no submissions: a folder for each student with .py files or notebooks is needed."
        )
        raise click.UsageError(text.format(path=submissions)) from error
    except OSError as error:
        text = _("{path} cannot be read: {error}")
        raise click.UsageError(text.format(path=submissions, error=error.strerror)) from error


def chosen(uploads: Sequence[Upload], days: Sequence[str]) -> list[Exercise]:
    """The exercises named, else those of every day that somebody handed in."""
    if days:
        return catalog().select(days)
    from course.classroom import submissions

    found = submissions.days(uploads)
    exercises = [exercise for exercise in catalog() if exercise.day in found]
    if not exercises:
        raise click.UsageError(_("No file is named after an exercise or a day: say which with --day."))
    return exercises

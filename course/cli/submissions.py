"""What the commands on a class's submissions share: where they are, whose they are, which exercises."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from course.cli import completion
from course.content.catalog import Exercise, catalog
from course.language import gettext as _

if TYPE_CHECKING:
    from course.classroom.layout import Upload
    from course.term.roster import Roster
    from course.term.term import Term

_SHOWN = 5

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
    from course.term import roster

    if path is None:
        return roster.Roster()
    try:
        return roster.read(path)
    except roster.RosterError as error:
        text = _("The list of students {path} cannot be used: {reason}.")
        raise click.UsageError(text.format(path=path, reason=error.reason.render())) from error


def read_uploads(
    submissions: Path, roster: Path | None, term: Term | None = None, *, alone: bool = True
) -> list[Upload]:
    """What every student handed in; with a term the students are those of its list.

    alone: whether the command would do for one student, who is then told by which other one.
    """
    from course.classroom import layout
    from course.classroom.archive import ArchiveError

    students = read_roster(roster)
    if term is not None:
        students = _one_roster(students, roster, term)
    if not submissions.exists():
        raise click.UsageError(_("There is no {path}.").format(path=submissions))
    try:
        found = layout.find(
            submissions, students, [each.name for each in term.assignments] if term is not None else []
        )
    except ArchiveError as error:
        text = _("{file} cannot be read: {reason}")
        raise click.UsageError(text.format(file=submissions, reason=error.reason.render())) from error
    except layout.OneSubmission as error:
        text = (
            _(
                "{path} looks like one submission: {seen} lies at its top. Name the folder above it, or grade it alone: {command}"
            )
            if alone
            else _("{path} looks like one submission: {seen} lies at its top. Name the folder above it.")
        )
        command = f"course check --submission {submissions}"
        raise click.UsageError(text.format(path=submissions, seen=error, command=command)) from error
    except layout.NoSubmissions as error:
        text = _(
            "{path} holds no submissions: a folder for each student with .py files or notebooks is needed."
        )
        raise click.UsageError(text.format(path=submissions)) from error
    except OSError as error:
        text = _("{path} cannot be read: {error}")
        raise click.UsageError(text.format(path=submissions, error=error.strerror)) from error
    if found.within:
        text = _("The students' work is taken from {folder} in it.")
        click.echo(text.format(folder=found.within), err=True)
    if found.beside:
        shown = ", ".join(found.beside[:_SHOWN]) + (" …" if len(found.beside) > _SHOWN else "")
        text = _("Nobody's, and not looked at: {files}")
        click.echo(text.format(files=shown), err=True)
    return found.uploads


def _one_roster(students: Roster, path: Path | None, term: Term) -> Roster:
    """The term's list of students, where both are there they must agree."""
    if path is None or not term.roster.students:
        return term.roster if term.roster.students else students
    here, there = ({student.id for student in each.students} for each in (students, term.roster))
    for names, file, other in (
        (here - there, path, term.roster_path),
        (there - here, term.roster_path, path),
    ):
        if names:
            shown = ", ".join(sorted(names)[:_SHOWN]) + (" …" if len(names) > _SHOWN else "")
            text = _(
                "Two lists of students differ: {names} are in {file} and not in {other}. Use one of them, or make them agree."
            )
            raise click.UsageError(text.format(names=shown, file=file, other=other))
    return students


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

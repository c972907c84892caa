"""`course nbgrader`: a course folder for nbgrader, and its source notebooks."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from course.cli import completion
from course.cli.options import Translated, TranslatedGroup, global_options
from course.cli.submissions import read_roster, roster_option
from course.cli.term import read_term, term_option
from course.content import courses
from course.content.catalog import catalog
from course.language import current, using
from course.language import gettext as _
from course.quizzes.answers import QUESTIONS
from course.system import installation, shell

if TYPE_CHECKING:
    from course.term.term import Assignment, Term


@click.group("nbgrader", cls=TranslatedGroup)
@global_options
def nbgrader_() -> None:
    """For instructors: run the course with nbgrader."""


@nbgrader_.command(cls=Translated)
@click.argument("folder", metavar="DIR", type=click.Path(path_type=Path))
@roster_option
@global_options
def init(folder: Path, roster: Path | None) -> None:
    """Make a course folder for nbgrader: settings, header, and with --roster or a term the students.

    Files that are already there are left alone; students can be added later in the same way.
    """
    from course.classroom import coursedir

    _require_nbgrader()
    if folder.exists() and not folder.is_dir():
        raise click.UsageError(_("{path} is a file, not a folder.").format(path=folder))
    term = read_term(None, folder)
    students = term.roster if term is not None and roster is None else read_roster(roster)
    laid = coursedir.init(folder, students)
    for path in laid.written:
        click.echo(_("written: {path}").format(path=path))
    for path in laid.kept:
        click.echo(_("left as it was: {path}").format(path=path))
    if laid.students:
        click.echo(_("students in the gradebook: {count}").format(count=laid.students))
    first = term.assignments[0].name if term is not None else catalog().days[0].slug
    command = shell.inside(str(folder), f"course nbgrader build {first}")
    click.echo(_("Next: {command}").format(command=command))


@nbgrader_.command(cls=Translated)
@click.argument("names", nargs=-1, metavar="ASSIGNMENT|DAY...", shell_complete=completion.days)
@term_option
@click.option(
    "--out",
    type=click.Path(path_type=Path, file_okay=False),
    default=Path(),
    metavar="DIR",
    help="The course folder; by default the current one.",
)
@click.option(
    "--questions",
    type=click.IntRange(min=0),
    help="How many questions the day's quiz has, 10 by default; with a large number all of them.",
)
@click.option("--force", is_flag=True, help="Replace notebooks that were edited by hand.")
@global_options
def build(
    names: tuple[str, ...], term_path: Path | None, out: Path, questions: int | None, force: bool
) -> None:
    """Write the source notebooks of a term's assignments, or of days: text, solutions, tests and quiz.

    With a term (`course term`) the names are its assignments, by default all, in the term's language, and for students with
    another language in theirs. Without one they are days, in the language in use. The same content gives the same file. A
    notebook edited by hand is not replaced.
    """
    from course.classroom import coursedir

    _require_nbgrader()
    term = read_term(term_path, out)
    for course in courses.held():  # the notebooks call it by its name
        courses.keep(course)
    assignments = _of_term(term, names, questions) if term is not None else _of_days(names, questions)
    languages = (term.languages if term is not None else []) or [current()]
    for code in languages:
        source = coursedir.SOURCE if code == languages[0] else f"{coursedir.SOURCE}-{code}"
        try:
            with using(code):
                built = coursedir.build(assignments, out, force=force, source=source)
        except coursedir.EditedByHand as error:
            text = _("{path} was edited by hand; --force replaces it.")
            raise click.ClickException(text.format(path=error)) from error
        except OSError as error:
            text = _("{path} cannot be written: {error}")
            raise click.ClickException(text.format(path=error.filename, error=error.strerror)) from error
        for each in built:
            text = _("{path}: {points} points") if each.written else _("{path}: {points} points, unchanged")
            click.echo(text.format(path=each.path, points=f"{each.max_points:g}"))
    for code in languages:
        command = f"nbgrader generate_assignment {assignments[0].name}"
        if code != languages[0]:
            # Its cells are those of the first, which the gradebook knows already.
            command += (f" --no-db --CourseDirectory.source_directory=source-{code}"
                        f" --CourseDirectory.release_directory=release-{code}")  # fmt: skip
        click.echo(_("Next: {command}").format(command=command))


def _of_term(term: Term, names: tuple[str, ...], questions: int | None) -> list[Assignment]:
    if questions is not None:
        text = _("{path} says how many questions there are: change it there.")
        raise click.UsageError(text.format(path=term.path))
    known = {assignment.name: assignment for assignment in term.assignments}
    for name in names:
        if name not in known:
            text = _("The term has no assignment {name}. It has {known}.")
            raise click.UsageError(text.format(name=name, known=", ".join(known)))
    return [known[name] for name in known if name in names or not names]


def _of_days(names: tuple[str, ...], questions: int | None) -> list[Assignment]:
    from course.classroom import coursedir

    if not names:
        raise click.UsageError(
            _("Name a day: {known}; or make a term of assignments: course term new").format(
                known=", ".join(day.slug for day in catalog().days)
            )
        )
    days = {day.slug for day in catalog().days}
    chosen = coursedir.days(names)
    for name in names:
        if Path(name).stem not in days and name.strip("/") not in days:
            text = _(
                "{name} is an exercise, and a notebook holds a day. Exercises of your choice are a term's: {command}"
            )
            raise click.UsageError(text.format(name=name, command=f"course term new --day {name}"))
    return [coursedir.of_day(day, QUESTIONS if questions is None else questions) for day in chosen]


def _require_nbgrader() -> None:
    from course.classroom import coursedir

    if not coursedir.installed():
        text = _("nbgrader is not installed: {command}")
        raise click.ClickException(text.format(command=installation.command_for("instructor")))

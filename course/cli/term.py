"""`course term`: what a term's file says, and a new one."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from course.cli import completion
from course.cli.options import Translated, TranslatedGroup, global_options, json_option, print_json
from course.cli.submissions import read_roster
from course.content import courses
from course.content.catalog import Exercise, catalog
from course.language import current, fill
from course.language import gettext as _
from course.system import files, shell

if TYPE_CHECKING:
    from course.term.late import Late
    from course.term.term import Assignment, Exceptions, Term


def term_option(function: Callable[..., Any]) -> Callable[..., Any]:
    """Add --term: the file of the term, by default the one around."""
    option = click.option(
        "--term",
        "term_path",
        type=click.Path(path_type=Path, dir_okay=False),
        metavar="term.toml",
        help="The term's file; by default term.toml in this folder or one above it.",
    )
    wrapped: Callable[..., Any] = option(function)
    return wrapped


def read_term(path: Path | None, *folders: Path) -> Term | None:
    """The term of this file, else of one in these folders or above the current one, else None; strictly read."""
    from course.term import read

    named = path is not None
    if path is None:
        path = read.find(Path(), *(folder for folder in folders if folder.is_dir()))
    if path is None:
        return None
    here = Path().resolve()
    try:
        return read.read(path, anywhere=named or path.resolve().parent in (here, *here.parents))
    except read.TermError as error:
        raise click.UsageError("\n".join([_("The term cannot be used:"), *error.lines()])) from error


@click.group("term", cls=TranslatedGroup, invoke_without_command=True)
@term_option
@json_option
@global_options
@click.pass_context
def term_(ctx: click.Context, term_path: Path | None, as_json: bool) -> None:
    """For instructors: a term's assignments, dates and exceptions, from its file term.toml.

    Without a command: what the file says, each thing that is wrong in it with its line. `course term new` makes one.
    """
    if ctx.invoked_subcommand is not None:
        return
    found = read_term(term_path)
    if found is None:
        text = _("There is no term.toml here or in a folder above: {command}")
        raise click.UsageError(text.format(command="course term new"))
    if as_json:
        print_json(_json(found))
    else:
        _show(found)


@term_.command("new", cls=Translated)
@click.argument("folder", required=False, default=".", type=click.Path(path_type=Path), metavar="[DIR]")
@click.option(
    "--day",
    "days",
    multiple=True,
    metavar="DAY|EXERCISE",
    shell_complete=completion.days_and_exercises,
    help="What is handed in, can be repeated: an assignment for each day; by default the whole course.",
)
@click.option(
    "--zone", metavar="PLACE", help="The term's time zone, as Asia/Seoul; by default this machine's."
)
@click.option(
    "--roster",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="CSV",
    help="The list of students: Canvas' gradebook, Moodle's grading worksheet, nbgrader's list, or a table of your own.",
)
@global_options
def new(folder: Path, days: tuple[str, ...], zone: str | None, roster: Path | None) -> None:
    """Write a new term.toml into a folder, to be read and changed by you.

    Every key is explained in it, in the language in use. A file that is there is left alone.
    """
    from course.checking.worth import worth
    from course.quizzes import answers, bank
    from course.term import dates
    from course.term import new as made
    from course.term.term import FILE

    path = folder / FILE
    if path.exists():
        text = _("{path} is there already, and was left as it is. What it says: {command}")
        raise click.UsageError(text.format(path=path, command=shell.inside(str(folder), "course term")))
    try:
        own = dates.zone(zone or _machine_zone())
    except dates.NoTime as error:
        text = _("There is no time zone {name}: name a place, such as Asia/Seoul.")
        raise click.UsageError(text.format(name=error)) from error
    exercises = catalog().select(days)
    if roster is not None:
        read_roster(roster)
    asked = {each.strip("/") for each in days}
    topics = [
        (day, min(answers.QUESTIONS, len(bank.load(day))))
        for day in bank.days()
        if any(exercise.day == day for exercise in exercises) and (not asked or day in asked)
    ]
    known = worth(exercises)
    listed = _beside(roster, folder) if roster is not None else ""
    own_course = catalog()
    text = made.text(
        [(exercise, known[exercise.slug].max_points) for exercise in exercises],
        topics,
        zone=own,
        now=datetime.now(UTC),
        course=own_course.name if courses.keep(own_course) else _beside(own_course.root, folder),
        roster=listed,
    )
    files.write(path, text)
    click.echo(_("written: {path}").format(path=path))
    click.echo(_("Next: {command}").format(command=shell.inside(str(folder), "course term")))


def _beside(path: Path, folder: Path) -> str:
    """A path as the term's file names it: what lies in the term's folder, from there."""
    try:
        return path.resolve().relative_to(folder.resolve()).as_posix()
    except ValueError:
        return path.resolve().as_posix()


def _machine_zone() -> str:
    """The zone this machine is set to, UTC where it does not say by name."""
    import os

    named = os.environ.get("TZ", "").lstrip(":")
    if named:
        return named
    place = Path("/etc/localtime")
    parts = place.resolve().parts if place.exists() else ()
    name = "/".join(parts[parts.index("zoneinfo") + 1 :]) if "zoneinfo" in parts else "UTC"
    return "UTC" if name in ("Etc/UTC", "Etc/UCT", "UCT") else name


def _points(assignment: Assignment) -> tuple[float, float, float]:
    """What code, quiz and reports are worth."""
    code = sum(each.points or 0 for each in assignment.work)
    return code, sum(quiz.points for quiz in assignment.quizzes), sum(each.report for each in assignment.work)


def _rule(late: Late) -> str:
    """A late rule in words."""
    if late.per == "none":
        return _("nothing off")
    each = _("{percent} % a day") if late.per == "day" else _("{percent} % an hour")
    words = [each.format(percent=f"{late.percent:g}")]
    if late.most < 100:
        words.append(_("at most {percent} %").format(percent=f"{late.most:g}"))
    if late.grace:
        words.append(_("{time} grace").format(time=_duration(late.grace)))
    return ", ".join(words)


def _duration(time: timedelta) -> str:
    minutes = int(time.total_seconds() // 60)
    if minutes % 1440 == 0:
        return _("{count} d").format(count=minutes // 1440)
    if minutes % 60 == 0:
        return _("{count} h").format(count=minutes // 60)
    return _("{count} min").format(count=minutes)


def _show(term: Term) -> None:
    from rich.table import Table
    from rich.text import Text

    from course.term import dates
    from course.terminal import screen

    console = screen.console()
    if term.title:
        console.print(Text(term.title, style="bold"))
    console.print(_("course: {name}").format(name=", ".join(term.courses)))
    students = len(term.roster.students)
    where = term.roster_path.name if term.roster_path is not None else ""
    console.print(
        fill(_("{count} {count:student|students} in {file}"), count=students, file=where)
        if where
        else _("No list of students: set roster in the file.")
    )
    for assignment in term.assignments:
        console.print()
        heading = Text(assignment.name, style="bold")
        title = assignment.title(current())
        heading.append(f"  {title}" if title != assignment.name else "")
        console.print(heading)
        code, quiz, report = _points(assignment)
        due = dates.shown(assignment.due, term.zone)
        text = _("  due {time} · late work: {rule}") if due else _("  no due date · late work: {rule}")
        console.print(text.format(time=due, rule=_rule(assignment.late)))
        rows = [
            (each.exercise.slug, each.points or 0, dates.shown(each.due, term.zone))
            for each in assignment.work
        ]
        rows += [(_("report: {name}").format(name=each.exercise.slug), each.report, "") for each in assignment.work
                 if each.report]  # fmt: skip
        asks = _("{count} {count:question|questions}")
        rows += [(_("quiz: {name}").format(name=each.name), each.points, fill(asks, count=len(each.asked)))
                 for each in assignment.quizzes]  # fmt: skip
        table = Table.grid(padding=(0, 2, 0, 0))
        table.add_column()
        table.add_column(justify="right")
        table.add_column(style="dim")
        for name, points, note in rows:
            table.add_row(f"  {name}", f"{points:g}", note)
        table.add_row("  " + _("total"), f"{code + quiz + report:g}", "", style="bold")
        if assignment.drop_lowest:
            text = _("the weakest {count} do not count").format(count=assignment.drop_lowest)
            table.add_row("", "", text)
        console.print(table)
    if term.drop_lowest:
        console.print()
        text = _("Of the assignments a student's weakest {count} do not count.")
        console.print(text.format(count=term.drop_lowest))
    if term.students:
        console.print()
        console.print(Text(_("Exceptions"), style="bold"))
        table = Table.grid(padding=(0, 2, 0, 0))
        for student, own in term.students.items():
            table.add_row(f"  {student}", "\n".join(_exceptions(own, term)))
        console.print(table)


def _exceptions(own: Exceptions, term: Term) -> list[str]:
    from course.term import dates

    told = []
    if own.language:
        told.append(_("language: {code}").format(code=own.language))
    told += [_("exempt: {name}").format(name=name) for name in sorted(own.exempt)]
    for name, given in own.extensions.items():
        if isinstance(given, timedelta):
            told.append(_("{name}: {time} more").format(name=name, time=_duration(given)))
        else:
            told.append(_("{name}: until {time}").format(name=name, time=dates.shown(given, term.zone)))
    for name, time in own.handed_in.items():
        told.append(_("{name}: handed in {time}").format(name=name, time=dates.shown(time, term.zone)))
    return told


def _json(term: Term) -> dict[str, Any]:
    return {
        "file": str(term.path),
        "title": term.title,
        "course": term.courses[0],
        "courses": list(term.courses),
        "time_zone": term.zone.key if term.zone is not None else None,
        "language": term.language or None,
        "roster": str(term.roster_path) if term.roster_path is not None else None,
        "drop_lowest": term.drop_lowest,
        "assignments": [_assignment_json(each) for each in term.assignments],
        "students": {student: _student_json(own) for student, own in term.students.items()},
    }


def _assignment_json(assignment: Assignment) -> dict[str, Any]:
    code, quiz, report = _points(assignment)
    late = assignment.late
    return {
        "name": assignment.name,
        "title": assignment.title(current()),
        "due": assignment.due.isoformat() if assignment.due is not None else None,
        "late": {"per": late.per, "percent": late.percent, "most": late.most,
                 "grace_seconds": late.grace.total_seconds()},
        "drop_lowest": assignment.drop_lowest,
        "max_points": code + quiz + report,
        "exercises": [_work_json(each.exercise, each.points, each.report, each.due) for each in assignment.work],
        "quiz": [{"name": q.name, "questions": len(q.asked), "max_points": q.points} for q in assignment.quizzes],
    }  # fmt: skip


def _work_json(
    exercise: Exercise, points: float | None, report: float, due: datetime | None
) -> dict[str, Any]:
    return {
        "slug": exercise.slug,
        "day": exercise.day,
        "max_points": points,
        "report": report,
        "due": due.isoformat() if due is not None else None,
    }


def _student_json(own: Exceptions) -> dict[str, Any]:
    return {
        "language": own.language or None,
        "exempt": sorted(own.exempt),
        "extensions": {
            name: {"seconds": given.total_seconds()} if isinstance(given, timedelta) else given.isoformat()
            for name, given in own.extensions.items()
        },
        "handed_in": {name: time.isoformat() for name, time in own.handed_in.items()},
    }

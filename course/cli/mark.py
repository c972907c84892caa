"""`course mark`: points and notes that a person gives."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from course.cli.class_folder import read_class, readable
from course.cli.options import Translated, global_options, json_option, print_json
from course.language import gettext as _

if TYPE_CHECKING:
    from course.classroom.ledger import Row
    from course.classroom.marks import Mark

_FOLDER = "grades"


@click.command(cls=Translated)
@click.argument("student", required=False, metavar="[STUDENT]")
@click.argument("item", required=False, metavar="[EXERCISE]")
@click.option("--points", type=float, help="The points that count instead of the graders'.")
@click.option("--note", default="", metavar="TEXT", help="Why; the student reads it in the feedback.")
@click.option("--remove", is_flag=True, help="Take the mark back: what the graders say counts again.")
@click.option("--by", default="", metavar="NAME", help="Who gives it; by default the name of your account.")
@click.option(
    "--in",
    "folder",
    type=click.Path(path_type=Path, file_okay=False),
    metavar="DIR",
    help="The folder that `course grade` wrote; by default this one, or `grades` in it.",
)
@json_option
@global_options
def mark(
    student: str | None,
    item: str | None,
    points: float | None,
    note: str,
    remove: bool,
    by: str,
    folder: Path | None,
    as_json: bool,
) -> None:
    """For instructors: give points or a note yourself, kept through every regrade.

    EXERCISE is an exercise, its report (EXERCISE-report), a quiz of the term, or `late` for what is taken off. Without it:
    what the student has; without STUDENT: all marks that people gave. Who gave a mark, when, why and what the graders had said
    is kept, and stands in feedback, tables, exports and, after `course grade --gradebook`, in nbgrader.
    """
    path = folder or _around()
    if item is None or student is None:
        if points is not None or note or remove:
            raise click.UsageError(_("Say whose and what: course mark STUDENT EXERCISE --points 8"))
        _list(path, student, as_json=as_json)
        return
    if not (points is not None or note or remove):
        raise click.UsageError(_("Say what: --points, --note, or --remove."))
    if remove and (points is not None or note):
        raise click.UsageError(_("Either --remove, or --points and --note."))
    from course.classroom import account, marking

    with readable(path):
        try:
            given = marking.give(path, student, item, points=points, note=note, by=by, remove=remove)
        except marking.NotMarked as error:
            raise click.UsageError(error.reason.render()) from error
    kept = given.mark
    if as_json:
        print_json({"student": given.row.student.id, **_json(kept), "total": given.after.total})
        return
    said = account.shown(kept.machine) or "–"
    who = given.row.student.title
    if kept.removed:
        click.echo(_("{student}, {item}: the mark is taken back").format(student=who, item=kept.item))
    elif kept.points is None:
        click.echo(_("{student}, {item}: a note").format(student=who, item=kept.item))
    else:
        text = _("{student}, {item}: {points} of {most}; the graders say {machine}")
        click.echo(text.format(student=who, item=kept.item, points=account.shown(kept.points),
                               most=account.shown(kept.most), machine=said))  # fmt: skip
    text = _("{assignment}: {before} → {after} of {most}")
    shown = [account.shown(own.total) or "–" for own in (given.before, given.after)]
    click.echo(text.format(assignment=given.after.assignment, before=shown[0], after=shown[1],
                           most=account.shown(given.after.most)))  # fmt: skip


def _around() -> Path:
    """The folder of grades that this is, or `grades` in it."""
    from course.classroom import ledger
    from course.classroom.folder import NotAClassFolder

    with readable(Path()):
        try:
            ledger.folders(Path())
        except NotAClassFolder:
            return Path(_FOLDER)
    return Path()


def _list(path: Path, student: str | None, *, as_json: bool) -> None:
    from course.classroom import ledger, marking, marks

    with readable(path):
        class_ = read_class(path)
        rows = list(class_.rows)
        if student is not None:
            try:
                who = marking.find_student(path, ledger.folders(path), student)
            except marking.NotMarked as error:
                raise click.UsageError(error.reason.render()) from error
            rows = [class_.row(who)]
    if as_json:
        print_json(
            [
                {"student": row.student.id, "marks": [_json(each) for each in row.marks], **_sums(row)}
                for row in rows
            ]
        )
        return
    if student is not None:
        _show(rows[0])
    given = [(row, each) for row in rows for each in marks.current(row.marks).values()]
    for row, each in given:
        click.echo(_told(row, each))
    if not given:
        click.echo(_("Nobody has given a mark here."))


def _told(row: Row, mark: Mark) -> str:
    from course.classroom import account, pages

    text = _("{student}, {item}: {points} of {most}; the graders said {machine}. {by}, {time}. {note}")
    return text.format(student=row.student.title, item=mark.item, points=account.shown(mark.points) or "–",
                       most=account.shown(mark.most), machine=account.shown(mark.machine) or "–", by=mark.by,
                       time=pages.when(mark), note=mark.note).rstrip()  # fmt: skip


def _show(row: Row) -> None:
    from rich.table import Table
    from rich.text import Text

    from course.classroom import account, pages
    from course.terminal import screen

    console = screen.console()
    for own in row.accounts:
        name, lines, figures = pages.accounted(own)
        total = account.shown(own.total) or "–"
        console.print(Text(f"{row.student.title}  {name}  {total}/{account.shown(own.most)}", style="bold"))
        table = Table.grid(padding=(0, 2, 0, 0))
        for number in range(5):
            table.add_column(justify="left" if number in (0, 4) else "right")
        for item, line in zip(own.items, lines, strict=True):
            table.add_row(f"  {item.name}", f"{line.points}/{line.most}", line.late, line.machine, line.note)
        console.print(table)
        if figures:
            console.print("  " + " · ".join(f"{figure} {points}" for figure, points in figures), style="dim")


def _json(mark: Mark) -> dict[str, Any]:
    return {"item": mark.item, "points": mark.points, "note": mark.note, "by": mark.by, "at": mark.at,
            "graders": mark.machine, "max_points": mark.most, "removed": mark.removed}  # fmt: skip


def _sums(row: Row) -> dict[str, Any]:
    return {
        "assignments": [
            {"name": own.assignment, "total": own.total, "max_points": own.most} for own in row.accounts
        ]
    }

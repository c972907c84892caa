"""`course grade`."""

from __future__ import annotations

import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from course import seeds, zygotes
from course.catalog import Exercise
from course.cli.options import Translated, language_option
from course.cli.submissions import chosen, day_option, read_uploads, roster_option, submissions_argument
from course.language import gettext as _

if TYPE_CHECKING:
    from course.classroom.folder import ClassFolder, Graded
    from course.classroom.jobs import Pool
    from course.classroom.submissions import Upload


@click.command(cls=Translated)
@submissions_argument
@day_option
@click.option(
    "--out",
    type=click.Path(path_type=Path, file_okay=False),
    default=Path("grades"),
    metavar="DIR",
    help="The folder for the grades; by default `grades`.",
)
@roster_option
@click.option("--jobs", type=click.IntRange(1, 256), help="Exercises graded at once; by default one a core.")
@click.option(
    "--seed",
    type=click.IntRange(0, 10**9 - 1),
    help="Seed of the random inputs, the same for the whole class.",
)
@click.option(
    "--gradebook",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="gradebook.db",
    help="Write the scores into nbgrader's gradebook as well.",
)
@click.option("--scheduler", metavar="tcp://HOST:PORT", help="Grade on this dask.distributed cluster.")
@click.option(
    "--trust",
    is_flag=True,
    help="Grade even where submissions cannot be confined: their code can do all you can.",
)
@language_option
def grade(
    submissions: Path,
    days: tuple[str, ...],
    out: Path,
    roster: Path | None,
    jobs: int | None,
    seed: int | None,
    gradebook: Path | None,
    scheduler: str | None,
    trust: bool,
) -> None:
    """Grade the submissions of a whole class.

    SUBMISSIONS is a folder with a folder for each student, nbgrader's `submitted` folder or its course, or the zip that
    Moodle or Canvas makes of all submissions. Python files, notebooks and zips of them are graded. A run that was stopped
    goes on with the same command; what has not changed is not graded again.

    Exit status: 0 everything was graded, 1 something could not be read or graded, 2 wrong usage.
    """
    if not zygotes.confined() and not scheduler and not trust:
        text = _(
            "This system cannot confine the submissions' code. Grade on Linux, or add --trust if you know it is harmless."
        )
        raise click.UsageError(text)
    if gradebook is not None:
        _check_gradebook(gradebook)
    uploads = read_uploads(submissions, roster)
    exercises = chosen(uploads, days)
    folder = _folder(out, exercises, seed)
    text = _("{count} students, {exercises} exercises, seed {seed}")
    click.echo(text.format(count=len(uploads), exercises=len(exercises), seed=folder.seed))
    class_ = _graded(uploads, exercises, folder, jobs, scheduler)
    _finish(class_, folder, gradebook)
    sys.exit(0 if all(graded.complete for graded in class_) else 1)


def _folder(out: Path, exercises: Sequence[Exercise], seed: int | None) -> ClassFolder:
    from course.classroom.folder import ClassFolder, NotAClassFolder

    try:
        return ClassFolder.begin(out, (exercise.slug for exercise in exercises), seed, seeds.new_seed())
    except NotAClassFolder as error:
        if error.slugs:
            text = _("{path} holds the grades of other exercises ({names}): name another folder with --out.")
            names = ", ".join(error.slugs[:3]) + (" …" if len(error.slugs) > 3 else "")
            raise click.UsageError(text.format(path=out, names=names)) from error
        text = _("{path} holds other files than grades: name another folder with --out.")
        raise click.UsageError(text.format(path=out)) from error
    except OSError as error:
        text = _("{path} cannot be written: {error}")
        raise click.UsageError(text.format(path=out, error=error.strerror)) from error


def _graded(
    uploads: Sequence[Upload],
    exercises: Sequence[Exercise],
    folder: ClassFolder,
    jobs: int | None,
    scheduler: str | None,
) -> list[Graded]:
    from course.classroom import grading, pages
    from course.classroom.jobs import NotComparable

    runtimes = {exercise.runtime for exercise in exercises}
    class_: list[Graded] = []
    pool = _pool(runtimes, jobs, scheduler)
    try:
        with _Progress(len(uploads)) as progress:
            for graded, new in grading.grade(uploads, exercises, folder, pool):
                class_.append(graded)
                folder.write(pages.feedback_name(graded.student.id), pages.feedback(graded))
                progress.tell(graded, new=new)
    except NotComparable as error:
        text = _(
            "The cluster has another version of the course or of its content: its workers graded another {exercise}."
        )
        raise click.ClickException(text.format(exercise=error)) from error
    except OSError as error:
        text = _("{path} cannot be written: {error}")
        raise click.ClickException(text.format(path=folder.path, error=error.strerror)) from error
    except KeyboardInterrupt:
        text = _("Stopped: {done} of {all} are graded. The same command goes on.")
        raise click.ClickException(text.format(done=len(class_), all=len(uploads))) from None
    finally:
        pool.close()
    return sorted(class_, key=lambda graded: graded.student.id)


def _pool(runtimes: set[str], jobs: int | None, scheduler: str | None) -> Pool:
    if scheduler is not None:
        try:
            from course.classroom.cluster import ClusterPool
        except ImportError as error:
            text = _("--scheduler needs dask.distributed: pip install {package}")
            raise click.UsageError(text.format(package="'deep-learning-course[cluster]'")) from error
        try:
            return ClusterPool(scheduler, runtimes)
        except (OSError, ValueError) as error:
            text = _("There is no scheduler at {address}: {error}")
            raise click.UsageError(text.format(address=scheduler, error=error)) from error
    from course.classroom.jobs import LocalPool, cores

    return LocalPool(jobs or cores(), runtimes)


def _finish(class_: Sequence[Graded], folder: ClassFolder, gradebook: Path | None) -> None:
    from course.classroom import pages, table

    written = [
        folder.write(table.NAME, table.grades(class_)),
        folder.write(pages.SUMMARY, pages.summary(class_)),
    ]
    folder.finish(class_)
    for path in written:
        click.echo(path)
    for graded in class_:
        for problem in graded.problems:
            click.echo(f"{graded.student.title}: {problem.render()}", err=True)
    if gradebook is not None:
        _write_gradebook(gradebook, class_)


def _write_gradebook(path: Path, class_: Sequence[Graded]) -> None:
    from course.classroom import gradebook

    try:
        count = gradebook.write(path, class_)
    except gradebook.NoAssignment as error:
        text = _("{path} has no assignment {day} yet: {command}")
        command = f"nbgrader generate_assignment {error.day}"
        raise click.ClickException(text.format(path=path, day=error.day, command=command)) from error
    except gradebook.NotAGradebook as error:
        text = _("{path} cannot be used as nbgrader's gradebook: {reason}")
        raise click.ClickException(text.format(path=path, reason=error)) from error
    click.echo(_("{path}: {count} scores written").format(path=path, count=count))


def _check_gradebook(path: Path) -> None:
    """Before anything is graded: what would fail at the end."""
    from course.notebook import coursedir

    if not path.is_file():
        text = _("There is no gradebook {path}; `nbgrader generate_assignment` makes it.")
        raise click.UsageError(text.format(path=path))
    if not coursedir.installed():
        text = _("nbgrader is not installed: pip install {package}")
        raise click.UsageError(text.format(package="'deep-learning-course[instructor]'"))


class _Progress:
    """A bar with submissions a minute and the time left; where there is no terminal, a line a submission."""

    def __init__(self, total: int) -> None:
        from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

        from course.cli import screen

        console = screen.console()
        self._total = total
        self._done = self._new = 0
        self._begin = time.monotonic()
        self._lines = not console.is_terminal
        self._bar = Progress(
            TextColumn("{task.description}"),
            BarColumn(bar_width=24),
            MofNCompleteColumn(),
            TextColumn("{task.fields[pace]}"),
            console=console,
            transient=True,
            disable=self._lines,
        )
        self._task = self._bar.add_task(_("grading"), total=total, pace="")

    def __enter__(self) -> _Progress:
        self._bar.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._bar.stop()

    def tell(self, graded: Graded, *, new: bool) -> None:
        """One more is done."""
        self._done += 1
        self._new += new
        pace = self._pace()
        self._bar.update(self._task, advance=1, pace=pace)
        if self._lines and new:
            points = f"{graded.report.points}/{graded.report.max_points}"
            click.echo(f"{self._done}/{self._total}  {graded.student.id}  {points}  {pace}")

    def _pace(self) -> str:
        elapsed = time.monotonic() - self._begin
        if not self._new or elapsed <= 0:
            return ""
        a_minute = self._new / elapsed * 60
        left = (self._total - self._done) / a_minute * 60
        text = _("{count} a minute, {left} left")
        return text.format(count=f"{a_minute:.0f}", left=f"{int(left) // 60}:{int(left) % 60:02d}")

"""`course grade`."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from course.checking import protection
from course.cli import class_folder
from course.cli.options import Translated, global_options, print_json
from course.cli.submissions import chosen, day_option, read_uploads, roster_option, submissions_argument
from course.cli.term import read_term, term_option
from course.content.catalog import Exercise
from course.language import fill
from course.language import gettext as _
from course.processes import seeds
from course.system import installation

if TYPE_CHECKING:
    from course.classroom.changes import Change
    from course.classroom.folder import ClassFolder, Graded
    from course.classroom.jobs import Pool
    from course.classroom.layout import Upload
    from course.term.term import Assignment, Term


@click.command(cls=Translated)
@submissions_argument
@day_option
@term_option
@click.option(
    "--assignment",
    "assignments",
    multiple=True,
    metavar="NAME",
    help="An assignment of the term, can be repeated; by default those that were handed in.",
)
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
    type=click.IntRange(0, seeds.MOST - 1),
    help="Seed of the random inputs, the same for the whole class.",
)
@click.option(
    "--gradebook",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="gradebook.db",
    help="Write the scores into nbgrader's gradebook as well.",
)
@click.option("--scheduler", metavar="tcp://HOST:PORT", help="Grade on this dask.distributed cluster.")
@click.option("--fallback", is_flag=True, help="Where the cluster is lost, go on on this machine.")
@click.option(
    "--trust",
    is_flag=True,
    help="Grade even where submissions cannot be confined: their code can do all you can.",
)
@click.option(
    "--dry-run",
    is_flag=True,
    help="Write nothing: say whose points grading again would change, and by how much.",
)
@click.option("--json", "as_json", is_flag=True, help="With --dry-run: print JSON for programs.")
@global_options
def grade(
    submissions: Path,
    days: tuple[str, ...],
    term_path: Path | None,
    assignments: tuple[str, ...],
    out: Path,
    roster: Path | None,
    jobs: int | None,
    seed: int | None,
    gradebook: Path | None,
    scheduler: str | None,
    fallback: bool,
    trust: bool,
    dry_run: bool,
    as_json: bool,
) -> None:
    """Grade the submissions of a whole class.

    SUBMISSIONS is a folder with a folder for each student, nbgrader's `submitted` folder or its course, or the zip that
    Moodle or Canvas makes of all submissions. Python files, notebooks and zips of them are graded. A run that was stopped
    goes on with the same command; what has not changed is not graded again.

    With a term (`course term`) its assignments are graded, each into a folder of its own below --out: points, quiz, reports and
    late work as the term says, and what people gave with `course mark`.

    Exit status: 0 everything was graded, 1 something could not be read or graded, 2 wrong usage.
    """
    if not trust and (not scheduler or fallback) and (reason := protection.reason()) is not None:
        text = _(
            "This system cannot confine the submissions' code ({reason}), and nothing was written. Grade on another one, or"
            " add --trust if you know whose code it is: it can do all you can. `course doctor` says more."
        )
        raise click.UsageError(text.format(reason=reason))
    if gradebook is not None:
        _check_gradebook(gradebook)
    if as_json and not dry_run:
        raise click.UsageError(_("--json goes with --dry-run."))
    term = read_term(term_path, submissions)
    if term is not None and days:
        text = _("{path} says what is graded: name assignments with --assignment.")
        raise click.UsageError(text.format(path=term.path))
    if term is None and assignments:
        raise click.UsageError(
            _("There is no term.toml here or in a folder above: {command}").format(command="course term new")
        )
    from course.classroom.jobs import Lost

    uploads = read_uploads(submissions, roster, term)
    parts = _parts(uploads, days, term, assignments)
    run = _Run(term, out, seed, gradebook, dry_run=dry_run, quiet=as_json)
    folders = [run.folder(part) for part in parts]
    runtimes = {exercise.runtime for part in parts for exercise in part.exercises}
    pool = _pool(runtimes, jobs, scheduler, trust=trust)
    complete = True
    changed: list[Change] = []
    try:
        for part, folder in zip(parts, folders, strict=True):
            try:
                class_ = run.graded(part, folder, pool)
            except Lost as error:
                text = _("The scheduler at {address} is gone.")
                if not fallback:
                    text += " " + _(
                        "What is graded is kept: the same command goes on; with --fallback on this machine."
                    )
                    raise click.ClickException(text.format(address=error)) from error
                click.echo(text.format(address=error) + " " + _("Going on here."), err=True)
                pool.close()
                pool = _pool(runtimes, jobs, None, trust=trust)
                class_ = run.graded(part, folder, pool)
            complete &= run.finish(class_, folder, changed)
    finally:
        pool.close()
    if dry_run:
        _tell(changed, as_json=as_json)
        sys.exit(0 if complete else 1)
    if term is not None:
        complete &= run.close(term)
    sys.exit(0 if complete else 1)


@dataclass(frozen=True)
class _Part:
    """What is graded into one folder: an assignment of a term, or without one the exercises."""

    uploads: list[Upload]
    exercises: list[Exercise]
    assignment: Assignment | None = None


def _parts(
    uploads: list[Upload], days: Sequence[str], term: Term | None, names: Sequence[str]
) -> list[_Part]:
    if term is None:
        return [_Part(uploads, chosen(uploads, days))]
    from course.classroom import submissions

    known = {assignment.name: assignment for assignment in term.assignments}
    for name in names:
        if name not in known:
            text = _("The term has no assignment {name}. It has {known}.")
            raise click.UsageError(text.format(name=name, known=", ".join(known)))
    found = [known[name] for name in known if name in names] or submissions.assignments(
        uploads, term.assignments
    )
    if not found:
        text = _(
            "No file is named after an assignment or an exercise of the term: say which with --assignment."
        )
        raise click.UsageError(text)
    # Of a class that hands in one assignment at a time no file need say which.
    whole = len(names) == 1
    return [
        _Part(
            uploads if whole else [submissions.part(upload, each, term.assignments) for upload in uploads],
            each.exercises,
            each,
        )
        for each in found
    ]


class _Run:
    """One run of the command over the parts it grades."""

    def __init__(
        self,
        term: Term | None,
        out: Path,
        seed: int | None,
        gradebook: Path | None,
        *,
        dry_run: bool,
        quiet: bool,
    ) -> None:
        self._term, self._out, self._seed, self._gradebook = term, out, seed, gradebook
        self._dry, self._quiet = dry_run, quiet
        self._new_seed = seeds.new_seed()

    def folder(self, part: _Part) -> ClassFolder:
        """The folder of a part's grades, begun."""
        from course.classroom.folder import ClassFolder, NotAClassFolder, Trial

        name = part.assignment.name if part.assignment is not None else ""
        path = self._out / name
        kind = Trial if self._dry else ClassFolder
        slugs = [exercise.slug for exercise in part.exercises]
        term = self._term.path if self._term is not None else None
        try:
            return kind.begin(path, slugs, self._seed, self._new_seed, assignment=name, term=term)
        except NotAClassFolder as error:
            if error.slugs:
                text = _(
                    "{path} holds the grades of other exercises ({names}): name another folder with --out."
                )
                names = ", ".join(error.slugs[:3]) + (" …" if len(error.slugs) > 3 else "")
                raise click.UsageError(text.format(path=path, names=names)) from error
            text = _("{path} holds other files than grades: name another folder with --out.")
            raise click.UsageError(text.format(path=path)) from error
        except OSError as error:
            text = _("{path} cannot be written: {error}")
            raise click.UsageError(text.format(path=error.filename or path, error=error.strerror)) from error

    def graded(self, part: _Part, folder: ClassFolder, pool: Pool) -> list[Graded]:
        """Every student's results."""
        from course.classroom import grading, written
        from course.classroom.jobs import NotComparable
        from course.cli.grade_progress import Progress

        if not self._quiet:
            text = _(
                "{count} {count:student|students}, {exercises} {exercises:exercise|exercises}, seed {seed}"
            )
            said = fill(text, count=len(part.uploads), exercises=len(part.exercises), seed=folder.seed)
            click.echo(f"{part.assignment.name}: {said}" if part.assignment is not None else said)
        class_: list[Graded] = []
        try:
            with Progress(len(part.uploads), folder.assignment, pool, quiet=self._quiet) as progress:
                for graded, new in grading.grade(part.uploads, part.exercises, folder, pool, part.assignment):
                    class_.append(graded)
                    if not self._dry:
                        written.write_feedback(folder, graded, self._term)
                    progress.tell(graded, new=new)
        except NotComparable as error:
            text = _(
                "The cluster has another version of the course or of its content: its workers graded another {exercise}."
            )
            raise click.ClickException(text.format(exercise=error)) from error
        except OSError as error:
            text = _("{path} cannot be written: {error}")
            raise click.ClickException(
                text.format(path=error.filename or folder.path, error=error.strerror)
            ) from error
        except KeyboardInterrupt:
            text = _("Stopped: {done} of {all} are graded. The same command goes on.")
            raise click.ClickException(text.format(done=len(class_), all=len(part.uploads))) from None
        return sorted(class_, key=lambda graded: graded.student.id)

    def finish(self, class_: list[Graded], folder: ClassFolder, changed: list[Change]) -> bool:
        """Write what is of the class as a whole; whether all of it could be."""
        from course.classroom import changes, ledger, written

        before = changes.told(folder)
        if self._dry:
            changed += changes.compare(before, ledger.of(folder, class_, self._term))
            return all(graded.complete for graded in class_)
        count, failed = 0, None
        if self._gradebook is not None:
            try:
                count, class_ = _write_gradebook(self._gradebook, folder, class_, self._term)
            except click.ClickException as error:  # once the tables are written
                failed = error
        whole = ledger.of(folder, class_, self._term)
        new = changes.compare(before, whole)
        now = datetime.now().astimezone()
        for path in written.write(folder, whole, new, now):
            click.echo(path)
        folder.finish(class_)
        for row in whole.rows:
            for problem in row.problems:
                click.echo(f"{row.student.title}: {problem.render()}", err=True)
        if failed is not None:
            raise failed
        if self._gradebook is not None:
            text = _("{path}: {count} {count:score|scores} written")
            click.echo(fill(text, path=self._gradebook, count=count))
        if new:
            text = _(
                "Points that changed: {count} {count:student|students}. A message for each is in {folder}."
            )
            click.echo(fill(text, count=len(new), folder=folder.path / changes.messages_name(now)))
        class_folder.left_out(whole)
        return all(graded.complete for graded in class_)

    def close(self, term: Term) -> bool:
        """Write the term's table; whether the term is still as it was when the run began."""
        from course.classroom import written

        click.echo(written.write_term(self._out, class_folder.read_class(self._out)))
        if term.text != term.path.read_bytes():
            text = _(
                "{path} was changed while the class was graded: grade again, so that all goes by what it says now."
            )
            click.echo(text.format(path=term.path), err=True)
            return False
        return True


def _tell(changed: list[Change], *, as_json: bool) -> None:
    from course.classroom import changes

    if as_json:
        print_json(changes.to_json(changed))
        return
    for line in changes.lines(changed):
        click.echo(line)
    text = _(
        "Grading again would change the points of {count} {count:student|students}; nothing was written."
    )
    click.echo(fill(text, count=len({change.student.id for change in changed})) if changed
               else _("Grading again would change no points; nothing was written."))  # fmt: skip


def _pool(runtimes: set[str], jobs: int | None, scheduler: str | None, *, trust: bool) -> Pool:
    if scheduler is not None:
        try:
            from course.classroom import cluster
        except ImportError as error:
            text = _("--scheduler needs dask.distributed: {command}")
            raise click.UsageError(text.format(command=installation.command_for("cluster"))) from error
        try:
            pool = cluster.ClusterPool(scheduler, runtimes)
        except cluster.NoCertificate as error:
            text = _(
                "{address} asks for a certificate, and dask's settings name none: set DASK_CONFIG to the file that does (the"
                " instructor's guide has one)."
            )
            raise click.UsageError(text.format(address=scheduler)) from error
        except cluster.NoWorkers as error:
            text = _("The scheduler at {address} has no workers: {command}")
            raise click.UsageError(text.format(address=error, command=f"dask worker {scheduler}")) from error
        except cluster.OtherVersion as error:
            text = _(
                "Workers hold another version of the course than this machine: {workers}. Install the same one everywhere."
            )
            raise click.UsageError(text.format(workers=error)) from error
        except (OSError, ValueError) as error:
            text = _("There is no scheduler at {address}: {error}")
            raise click.UsageError(text.format(address=scheduler, error=error)) from error
        if cluster.is_exposed(scheduler):
            text = _(
                "{address} is not encrypted: whoever reaches it can read the submissions and run code on the workers. The"
                " instructor's guide says how to start a cluster that lets nobody else in."
            )
            click.echo(text.format(address=scheduler), err=True)
        return pool
    from course.classroom.jobs import LocalPool
    from course.processes import cores

    return LocalPool(jobs or cores(), runtimes, trust=trust)


def _write_gradebook(
    path: Path, folder: ClassFolder, class_: list[Graded], term: Term | None
) -> tuple[int, list[Graded]]:
    """Write them; how many there are, and the class with what could not be written."""
    from course.classroom import gradebook

    try:
        return gradebook.write(path, folder, class_, term)
    except gradebook.NoAssignment as error:
        text = _("{path} has no assignment {day} yet: {command}")
        command = f"nbgrader generate_assignment {error.day}"
        raise click.ClickException(text.format(path=path, day=error.day, command=command)) from error
    except gradebook.NotAGradebook as error:
        text = _("{path} cannot be used as nbgrader's gradebook: {reason}")
        raise click.ClickException(text.format(path=path, reason=error)) from error


def _check_gradebook(path: Path) -> None:
    """Before anything is graded: what would fail at the end."""
    from course.classroom import coursedir

    if not path.is_file():
        text = _("There is no gradebook {path}; `nbgrader generate_assignment` makes it.")
        raise click.UsageError(text.format(path=path))
    if not coursedir.installed():
        text = _("nbgrader is not installed: {command}")
        raise click.UsageError(text.format(command=installation.command_for("instructor")))

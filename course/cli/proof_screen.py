"""What `course dev check` prints: how long it will take, a line for each exercise, what is open, and the sum."""

from __future__ import annotations

from collections.abc import Iterator
from types import TracebackType

import click
from rich.progress import BarColumn, TaskProgressColumn, TextColumn, TimeRemainingColumn
from rich.progress import Progress as Bar

from course.content.catalog import catalog
from course.dev import variants
from course.dev.kept import Count, Proof
from course.dev.proof import MOST_EQUIVALENT, Progress
from course.terminal import screen


class Screen:
    """Prints proofs as they come, over a bar with the time that is left."""

    def __init__(self, *, vary: bool, mutate: bool) -> None:
        self._vary = vary
        self._mutate = mutate
        self._syntax, self._behaviour = Count(), Count()
        self._problems = self._coinciding = self._again = 0
        console = screen.console()
        columns = TextColumn("proving"), BarColumn(bar_width=24), TaskProgressColumn(), TimeRemainingColumn()
        self._bar = Bar(*columns, console=console, transient=True, disable=not console.is_terminal)
        self._task = self._bar.add_task("", total=None)

    def __enter__(self) -> Screen:
        self._bar.start()
        return self

    def __exit__(
        self, _type: type[BaseException] | None, _error: BaseException | None, _: TracebackType | None
    ) -> None:
        self._bar.stop()

    def progress(self, progress: Progress) -> None:
        """So much is done of what was expected."""
        if not progress.done and progress.gradings:
            minutes = progress.seconds / 60
            click.echo(
                f"{progress.gradings} gradings, about {f'{minutes:.0f} min' if minutes >= 1 else 'a minute'}"
            )
        self._bar.update(self._task, completed=progress.done, total=progress.seconds)

    def proved(self, found: Proof) -> None:
        """One exercise's line, and below it what does not hold."""
        parts = [f"{found.slug}: {found.tests} tests, {found.max_points} points"]
        if not found.tests:
            parts = [f"{found.slug}: nothing is graded until this is put right"]
        elif self._mutate and not found.syntax.made:
            parts.append("variants and mutants follow when this is put right")
        elif self._vary:
            parts.append(f"{found.variants} variants")
        if self._mutate and found.syntax.made:
            parts += [
                _counted(found.syntax, "syntax mutants"),
                _counted(found.behaviour, "behaviour mutants"),
            ]
            parts.append(f"{len(found.coinciding)} coinciding diagnoses")
        if found.again:
            parts.append("unchanged since")
            self._again += 1
        bad = [
            *found.problems,
            *(f"mutant survives: {name}" for name in (*found.syntax.open, *found.behaviour.open)),
            *(f"diagnosis: {what}" for what in found.coinciding),
        ]
        click.secho("; ".join(parts), fg="red" if bad else None)
        for problem in [*bad, *_next(found)]:
            click.secho(f"    {problem}", fg="red")
        self._problems += len(bad)
        self._coinciding += len(found.coinciding)
        _add(self._syntax, found.syntax)
        _add(self._behaviour, found.behaviour)

    def finish(self, problems: int, *, whole: bool) -> int:
        """Print the sum, after so many problems found elsewhere; all problems of the exercises."""
        share = self._syntax.recorded / max(1, self._syntax.made)
        if whole and share > MOST_EQUIVALENT:
            click.secho(
                f"{share:.1%} of the syntax mutants are recorded as equivalent: more than 3%", fg="red"
            )
            self._problems += 1
        if self._mutate:
            click.echo(_counted(self._syntax, "syntax mutants"))
            click.echo(_counted(self._behaviour, "behaviour mutants"))
            click.echo(f"{self._coinciding} coinciding diagnoses")
        if self._again:
            click.echo(
                f"{self._again} exercises had not changed since they were proved (--fresh proves them again)"
            )
        click.echo(f"problems: {problems + self._problems}")
        return self._problems


def _next(found: Proof) -> Iterator[str]:
    """What to do about mutants that survive."""
    exercise = catalog().exercise(found.slug)
    kinds = ("syntax", found.syntax, "equivalent"), ("behaviour", found.behaviour, "unpromised")
    for kind, count, table in kinds:
        if count.open:
            yield (
                f"{kind}: test what a survivor breaks in {exercise.grader}; where nobody would expect it, [[{table}]] in "
                f"{variants.path(exercise)} says why (docs/authoring.md: Mutants)"
            )


def _counted(count: Count, what: str) -> str:
    return f"{count.made} {what}: {count.killed} killed, {count.recorded} recorded, {len(count.open)} open"


def _add(sum_: Count, count: Count) -> None:
    sum_.made += count.made
    sum_.killed += count.killed
    sum_.recorded += count.recorded
    sum_.open += count.open

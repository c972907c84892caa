"""What is seen while a class is graded."""

from __future__ import annotations

import time

import click

from course.classroom.folder import Graded
from course.classroom.jobs import Pool
from course.language import gettext as _


class Progress:
    """A bar with submissions a minute and the time left; where there is no terminal, a line a submission."""

    def __init__(self, total: int, name: str = "", pool: Pool | None = None, *, quiet: bool = False) -> None:
        from rich import progress as rich_progress

        from course.terminal import screen

        console = screen.console()
        self._total = total
        self._where = getattr(pool, "where", dict)  # a cluster's workers, and what each has at hand
        self._done = self._new = 0
        self._begin = time.monotonic()
        self._lines = not console.is_terminal and not quiet
        self._bar = rich_progress.Progress(
            rich_progress.TextColumn("{task.description}"),
            rich_progress.BarColumn(bar_width=24),
            rich_progress.MofNCompleteColumn(),
            rich_progress.TextColumn("{task.fields[pace]}"),
            console=console,
            transient=True,
            disable=quiet or not console.is_terminal,
        )
        self._task = self._bar.add_task(name or _("grading"), total=total, pace="")

    def __enter__(self) -> Progress:
        self._bar.start()
        return self

    def __exit__(self, *_error: object) -> None:
        self._bar.stop()

    def tell(self, graded: Graded, *, new: bool) -> None:
        """One more is done."""
        self._done += 1
        self._new += new
        pace = self._pace()
        self._bar.update(self._task, advance=1, pace=pace)
        if self._lines and new:
            points = f"{graded.report.points}/{graded.report.max_points}"
            at = ", ".join(
                f"{worker.rpartition('/')[2]}: {count}"
                for worker, count in sorted(self._where().items())
                if count
            )
            click.echo(f"{self._done}/{self._total}  {graded.student.id}  {points}  {pace}  {at}".rstrip())

    def _pace(self) -> str:
        elapsed = time.monotonic() - self._begin
        if not self._new or elapsed <= 0:
            return ""
        a_minute = self._new / elapsed * 60
        left = (self._total - self._done) / a_minute * 60
        text = _("{count} a minute, {left} left")
        return text.format(count=f"{a_minute:.0f}", left=f"{int(left) // 60}:{int(left) % 60:02d}")

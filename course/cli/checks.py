"""`course check`."""

from __future__ import annotations

import contextlib
import importlib
import sys
from collections.abc import Callable
from pathlib import Path

import click

from course import language
from course.cli import completion
from course.cli.options import (
    Translated,
    global_options,
    json_option,
    print_json,
    say_unkept,
    submission_option,
)
from course.content import catalog, texts
from course.language import gettext as _
from course.processes import seeds
from course.results import ExerciseResult, Report


@click.command(cls=Translated)
@click.argument("names", nargs=-1, metavar="[DAY|EXERCISE]...", shell_complete=completion.days_and_exercises)
@submission_option
@click.option(
    "--seed", type=click.IntRange(0, seeds.MOST - 1), help="Seed of the random inputs, to repeat a check."
)
@click.option("--fresh", is_flag=True, help="Grade unchanged exercises again too.")
@click.option("--jobs", type=click.IntRange(1, 256), help="Exercises graded at once; by default one a core.")
@click.option(
    "--full",
    is_flag=True,
    help="Run the course's project, your files together on the whole of its data, and draw its pictures.",
)
@click.option("--path", metavar="FILE", help="With --full: use this file, not the data in use.")
@click.option("--pictures", metavar="DIR", help="With --full: put the pictures there, not beside your days.")
@json_option
@global_options
def check(
    names: tuple[str, ...],
    submission: str | None,
    seed: int | None,
    fresh: bool,
    jobs: int | None,
    full: bool,
    path: str | None,
    pictures: str | None,
    as_json: bool,
) -> None:
    """Grade exercises, by default all of them.

    Exit status: 0 all passed, 1 something did not, 2 wrong usage.
    """
    if full:
        from course.cli import project

        sys.exit(0 if project.run(names, submission, path, pictures, seed, as_json=as_json) else 1)
    if path is not None or pictures is not None:
        raise click.UsageError(_("--path and --pictures go with --full."))
    from course import checking
    from course.learner.store.recorder import Recorder

    recorder = Recorder("check")
    folder = Path(submission) if submission is not None else None
    with contextlib.ExitStack() as stack:
        shown = _Quiet() if as_json else _Screen(names, stack)
        report = checking.check(
            names,
            submission=folder,
            seed=seed,
            fresh=fresh,
            jobs=jobs,
            on_start=shown.start,
            on_event=shown.event,
            recorder=recorder,
        )
    if as_json:
        print_json(report.to_json())
    else:
        shown.finish(report)
    if recorder.problem is not None:
        say_unkept(recorder.problem)
    sys.exit(0 if report.passed else 1)


class _Quiet:
    """Shows nothing."""

    def start(self) -> None:
        """Nothing yet."""

    def event(self, event: object) -> None:
        """Ignore it."""

    def finish(self, report: Report) -> None:
        """Nothing to add."""


class _Screen(_Quiet):
    """Prints exercises in the catalog's order as soon as those before are done, with a live line below until `stack` ends."""

    def __init__(self, names: tuple[str, ...], stack: contextlib.ExitStack) -> None:
        self._names = names
        self._stack = stack

    def start(self) -> None:
        # These take a while to import; by now the graders are at work.
        from course.terminal import screen

        exercises = catalog.catalog().select(self._names)
        # What the end needs; that of one exercise is its explanation.
        explained = ["course.terminal.markdown"] if len(exercises) == 1 else []
        for module in ("course.learner.store.attempts", *explained):
            importlib.import_module(module)
        self._screen = screen
        self._console = screen.console()
        self._order = [exercise.slug for exercise in exercises]
        self._done: dict[str, ExerciseResult] = {}
        self._printed = 0
        self._day = ""
        quick = len(exercises) == 1 and not exercises[0].heavy  # done before a bar is drawn
        self._advance = self._bar(len(exercises)) if self._console.is_terminal and not quick else lambda: None

    def _bar(self, total: int) -> Callable[[], None]:
        """A bar below what is printed; to call when an exercise is done."""
        from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

        columns = TextColumn("{task.description}"), BarColumn(bar_width=24), MofNCompleteColumn()
        bar = Progress(*columns, console=self._console, transient=True)
        task = bar.add_task(_("grading"), total=total)
        self._stack.enter_context(bar)
        return lambda: bar.advance(task)

    def event(self, event: object) -> None:
        from course.checking import Event

        assert isinstance(event, Event)
        if event.result is None:
            return
        self._done[event.slug] = event.result
        self._advance()
        while self._printed < len(self._order) and self._order[self._printed] in self._done:
            self._print(self._done[self._order[self._printed]])
            self._printed += 1

    def _print(self, result: ExerciseResult) -> None:
        if result.day != self._day:
            self._day = result.day
            self._console.print(self._screen.day_heading(result.day))
        self._console.print(self._screen.exercise(result, self._console))

    def finish(self, report: Report) -> None:
        self._console.print()
        self._console.print(self._screen.summary(report))
        if any(result.unsettled for result in report.exercises):
            note = _("What a crash or a limit has ended is not kept and counts as no attempt.")
            self._console.print(note, style="dim")
        from course.checking import protection

        if (missing := protection.note(report.lacking)) is not None:
            self._console.print(missing, style="dim")
        first = next((result for result in report.exercises if result.status != "passed"), None)
        if first is not None:
            step = "hint" if first.status == "failed" else "show"
            self._console.print(
                _("Next: {command}").format(command=f"course {step} {first.slug}"), style="dim"
            )
        elif len(report.exercises) == 1 and not report.exercises[0].cached:
            self._explain(report.exercises[0].slug)

    def _explain(self, slug: str) -> None:
        from course.terminal import markdown

        explanation = texts.text(catalog.catalog().exercise(slug), language.current()).explanation
        self._console.print()
        self._console.print(markdown.render(explanation))

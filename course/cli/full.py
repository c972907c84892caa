"""`course check --full`: the four airline files on the whole table."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from course import language, plots, workspace
from course.airline import EXERCISES
from course.cli import pictures
from course.language import gettext as _

if TYPE_CHECKING:
    from rich.progress import Progress

    from course.airline.full import FullResult, Stage


def run(
    names: tuple[str, ...],
    submission: str | None,
    path: str | None,
    target: str | None,
    seed: int | None,
    *,
    as_json: bool,
) -> bool:
    """Run, show and draw it; whether the network is as good as it should be."""
    if not {Path(name).stem for name in names} <= set(EXERCISES):
        text = _("--full runs {slugs} one after the other; no other exercise can be named with it.")
        raise click.UsageError(text.format(slugs=", ".join(EXERCISES)))
    folder = Path(submission) if submission is not None else workspace.find()
    if not folder.is_dir():
        raise workspace.NotAFolder(str(folder))
    drawn_in = Path(target) if target is not None else folder
    if not drawn_in.is_dir():
        raise click.UsageError(_("There is no folder {path}.").format(path=drawn_in))

    from course.airline import full, read, source

    try:
        used, table = source.load(path)
    except source.NoFile as error:
        raise click.UsageError(str(error)) from error
    except (read.BadTable, OSError) as error:
        click.secho(str(error), fg="red", err=True)
        return False
    if not as_json:
        click.echo(used.text())
    try:
        with _progress(quiet=as_json) as shown:
            seed = full.RANDOM_STATE if seed is None else seed
            result = full.full_run(folder, used, table, on_stage=shown.stage, on_epoch=shown.epoch, seed=seed)
    except full.Stopped as stopped:
        click.secho(stopped.slug, fg="red", bold=True, err=True)
        for message in stopped.message:
            click.echo("  " + message.render(), err=True)
        click.echo(_("Next: {command}").format(command=f"course check {stopped.slug}"), err=True)
        return False
    drawn = _draw(result, drawn_in)
    if as_json:
        data = {**result.to_json(), "pictures": [str(each) for each in drawn]}
        click.echo(json.dumps(data, ensure_ascii=False, indent=1))
    else:
        _show(result, drawn)
    return result.passed


def _draw(result: FullResult, folder: Path) -> list[Path]:
    if not plots.available():
        click.echo(pictures.unavailable(), err=True)
        return []
    from course.airline import charts

    try:
        paths, code = charts.save(result, folder, language.current())
    except OSError as error:
        text = _("{path} cannot be written: {reason}").format(path=folder, reason=error.strerror or error)
        click.echo(text, err=True)
        return []
    pictures.tell_language(code)
    return paths


class _Quiet:
    """Shows nothing."""

    def stage(self, name: Stage) -> None:
        """Ignore it."""

    def epoch(self, numbers: Mapping[str, float]) -> None:
        """Ignore it."""


class _Shown(_Quiet):
    """A bar of epochs with the numbers of the last one; where nobody watches, a line every ten epochs."""

    def __init__(self, bar: Progress, most: int) -> None:
        self._bar = bar
        self._task = bar.add_task("", total=most, numbers="")

    def stage(self, name: Stage) -> None:
        text = {"preprocess": _("preparing"), "train": _("training"), "evaluate": _("judging")}[name]
        if self._bar.disable:
            click.echo(text)
        self._bar.update(self._task, description=text)

    def epoch(self, numbers: Mapping[str, float]) -> None:
        count = int(numbers.get("epoch", 0))
        epoch = _("epoch {epoch}").format(epoch=count)
        shown = _("loss {loss}, val. accuracy {accuracy}").format(
            loss=_number(numbers, "loss"), accuracy=_number(numbers, "val_accuracy")
        )
        if self._bar.disable and count % 10 == 1:
            click.echo(f"  {epoch}: {shown}")
        self._bar.update(self._task, completed=count, description=epoch, numbers=shown)


def _number(numbers: Mapping[str, float], name: str) -> str:
    return f"{numbers[name]:.4f}" if name in numbers else "-"


@contextmanager
def _progress(*, quiet: bool) -> Iterator[_Quiet]:
    if quiet:
        yield _Quiet()
        return
    from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

    from course.airline.full import EPOCHS
    from course.cli import screen

    console = screen.console()
    texts = (TextColumn("{task.description}"), TextColumn("{task.fields[numbers]}"))
    columns = (texts[0], BarColumn(bar_width=24), texts[1], TimeElapsedColumn())
    with Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as bar:
        yield _Shown(bar, EPOCHS)


def _show(result: FullResult, drawn: list[Path]) -> None:
    from rich.table import Table
    from rich.text import Text

    from course.cli import screen

    console = screen.console()
    train, val, test = (f"{size:,}" for size in result.sizes)
    text = _("{train} rows for training, {val} for validation, {test} for testing; {features} features.")
    console.print(text.format(train=train, val=val, test=test, features=result.features))
    text = _("Trained for {epochs} epochs; the best was epoch {best}. All of it took {seconds} s.")
    epochs = len(result.history["val_loss"])
    console.print(text.format(epochs=epochs, seconds=f"{result.seconds:.0f}", best=result.best_epoch))
    console.print()
    matrix = Table(box=None, padding=(0, 2, 0, 0), title=_("Confusion matrix"), title_justify="left")
    for heading in ("", _("predicted 0"), _("predicted 1")):
        matrix.add_column(heading, justify="right" if heading else "left")
    for name, row in zip((_("true 0"), _("true 1")), result.matrix, strict=True):
        matrix.add_row(name, *(f"{count:,}" for count in row))
    console.print(matrix)
    console.print()
    console.print(_report(result.report))
    console.print()
    line = Text(
        _("Accuracy on the test rows: {accuracy}").format(accuracy=f"{result.accuracy:.4f}"), style="bold"
    )
    if result.due is not None:
        due = _("at least {due} is due").format(due=f"{result.due:.2f}")
        line.append(f" ({due})", style="green" if result.passed else "red")
    console.print(line)
    for path in drawn:
        console.print(_("Picture: {path}").format(path=path), style="dim", soft_wrap=True)


def _report(report: Mapping[str, Any]) -> Any:
    """The report as scikit-learn prints it; its words are the same in every language."""
    from rich.table import Table

    table = Table(box=None, padding=(0, 2, 0, 0))
    names = ("precision", "recall", "f1-score", "support")
    for heading in ("", *names):
        table.add_column(heading, justify="right" if heading else "left")
    for row in ("dissatisfied", "satisfied", "macro avg", "weighted avg"):
        scores = [f"{report[row][name]:.2f}" for name in names[:-1]]
        table.add_row(row, *scores, f"{report[row]['support']:.0f}")
    return table

"""`course check --full`: a project of the course, on the whole of its data."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from course import language
from course.cli import pictures
from course.cli.options import print_json
from course.content import catalog, courses, plots
from course.content.declared import Project
from course.language import gettext as _
from course.learner import workspace

if TYPE_CHECKING:
    from rich.progress import Progress

    from course.checking.project import Result


def run(
    names: tuple[str, ...],
    submission: str | None,
    path: str | None,
    target: str | None,
    seed: int | None,
    *,
    as_json: bool,
) -> bool:
    """Run, show and draw it; whether it is as good as it should be."""
    course = catalog.catalog()
    chosen = _chosen(course, names)
    if path is not None and chosen.data is None:
        raise click.UsageError(_("{name} uses no data set: leave --path out.").format(name=chosen.name))
    folder = Path(submission) if submission is not None else workspace.find()
    if not folder.is_dir():
        raise workspace.NotAFolder(str(folder))
    drawn_in = Path(target) if target is not None else folder
    if not drawn_in.is_dir():
        raise click.UsageError(_("There is no folder {path}.").format(path=drawn_in))

    from course.checking import project
    from course.content.data import source
    from course.content.data.errors import BadData, NoFile

    module = courses.module(course, chosen.module)
    used, data = None, None
    if chosen.data is not None:
        try:
            used, data = source.load(course, chosen.data, path)
        except NoFile as error:
            raise click.UsageError(str(error)) from error
        except (BadData, OSError) as error:
            click.secho(str(error), fg="red", err=True)
            return False
        if not as_json:
            click.echo(used.text())
    labels = project.labels(module)
    try:
        with _progress(labels, getattr(module, "EPOCHS", None), quiet=as_json) as shown:
            result = project.run(
                course, chosen, folder, used, data, on_stage=shown.stage, on_epoch=shown.epoch, seed=seed
            )
    except project.Stopped as stopped:
        click.secho(stopped.slug, fg="red", bold=True, err=True)
        for message in stopped.message:
            click.echo("  " + message.render(), err=True)
        click.echo(_("Next: {command}").format(command=f"course check {stopped.slug}"), err=True)
        return False
    drawn = _draw(result, module.LABELS, drawn_in)
    if as_json:
        print_json({**result.to_json(), "pictures": [str(each) for each in drawn]})
    else:
        _show(result, labels, drawn)
    return result.passed


def _chosen(course: catalog.Course, names: tuple[str, ...]) -> Project:
    """The project of these names, its own or those of exercises in it; the only one where there is none."""
    if not course.projects:
        text = _("The course {title} has no project to run with --full.")
        raise click.UsageError(text.format(title=course.title(language.current())))
    if len(names) == 1 and names[0] in course.projects:
        return course.projects[names[0]]
    stems = {Path(name).stem for name in names}
    found = [project for project in course.projects.values() if stems <= set(project.exercises)]
    if len(found) == 1:
        return found[0]
    if len(course.projects) == 1:
        [only] = course.projects.values()
        text = _("--full runs {slugs} one after the other; no other exercise can be named with it.")
        raise click.UsageError(text.format(slugs=", ".join(only.exercises)))
    text = _("Say which project --full is to run: {known}")
    raise click.UsageError(text.format(known=", ".join(course.projects)))


def _draw(result: Result, texts: Mapping[str, Any], folder: Path) -> list[Path]:
    if not result.pictures:
        return []
    if not plots.available():
        click.echo(pictures.unavailable(), err=True)
        return []
    used = language.current()
    try:
        for name, draw in result.pictures.items():
            used = plots.write(folder / name, texts, language.current(), draw)
    except OSError as error:
        text = _("{path} cannot be written: {reason}").format(path=folder, reason=error.strerror or error)
        click.echo(text, err=True)
        return []
    pictures.tell_language(used)
    return [folder / name for name in result.pictures]


class _Quiet:
    """Shows nothing."""

    def stage(self, name: str) -> None:
        """Ignore it."""

    def epoch(self, numbers: Mapping[str, float]) -> None:
        """Ignore it."""


class _Shown(_Quiet):
    """A bar of epochs with the numbers of the last one; where nobody watches, a line every ten epochs."""

    def __init__(self, bar: Progress, labels: Any, most: int | None) -> None:
        self._bar = bar
        self._labels = labels
        self._task = bar.add_task("", total=most, numbers="")

    def stage(self, name: str) -> None:
        text = self._labels["stages"][name]
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
def _progress(labels: Any, most: int | None, *, quiet: bool) -> Iterator[_Quiet]:
    if quiet:
        yield _Quiet()
        return
    from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

    from course.terminal import screen

    console = screen.console()
    texts = (TextColumn("{task.description}"), TextColumn("{task.fields[numbers]}"))
    columns = (texts[0], BarColumn(bar_width=24), texts[1], TimeElapsedColumn())
    with Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as bar:
        yield _Shown(bar, labels, most)


def _show(result: Result, labels: Any, drawn: list[Path]) -> None:
    from course.terminal import screen

    console = screen.console()
    for part in result.show(labels):
        console.print(part)
    for path in drawn:
        console.print(_("Picture: {path}").format(path=path), style="dim", soft_wrap=True)

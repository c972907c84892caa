"""`course update`, and the word that a workspace needs it."""

from __future__ import annotations

from collections.abc import Sequence

import click

from course.cli.options import Translated, global_options
from course.language import gettext as _
from course.language.messages import marked
from course.learner import upgrade, workspace
from course.learner.upgrade import Change, Kind

_WORDS: dict[Kind, str] = {
    "new": marked("new: {names}"),
    "replaced": marked("stub changed, yours was still the old one: {names}"),
    "changed": marked("stub changed, your work stays: {names}"),
    "renamed": marked("renamed: {names}"),
    "moved": marked("moved to another day: {names}"),
    "gone": marked("no longer part of the course, your file stays: {names}"),
}


@click.command(cls=Translated)
@click.option("--dry-run", is_flag=True, help="Only say what would be done.")
@global_options
def update(dry_run: bool) -> None:
    """Bring the workspace up to date after an upgrade of the course.

    New stubs come in, old ones nobody touched are replaced, files of renamed exercises are renamed. What you have written stays;
    where its stub has changed the difference is shown. Your passes go with a renamed exercise.
    """
    folder = workspace.find()
    found = upgrade.changes(folder)
    if not dry_run:
        upgrade.apply(folder, found)
    if not found:
        click.echo(_("{folder} is up to date.").format(folder=folder))
        return
    for line in lines(found):
        click.echo(line)
    for change in found:
        if change.kind == "changed":
            click.echo()
            click.echo(_("What changed in the stub of {path}:").format(path=change.path))
            click.echo(change.diff)
    click.echo()
    click.echo(_("Nothing was written.") if dry_run else _("{folder} is up to date.").format(folder=folder))


def tell() -> None:
    """Say once on standard error what an upgrade has brought, where there is a workspace and something to say."""
    try:
        found = upgrade.unsaid(workspace.find())
    except (workspace.NoWorkspace, OSError):
        return
    if found:
        text = "\n".join([_("The course was upgraded since this folder was made:"), *lines(found),
                          _("Next: {command}").format(command="course update")])  # fmt: skip
        click.secho(text, fg="yellow", err=True)


def lines(found: Sequence[Change]) -> list[str]:
    """One for each kind of change."""
    said = []
    for kind, text in _WORDS.items():
        names = [_name(change) for change in found if change.kind == kind]
        said += ["  " + _(text).format(names=", ".join(names))] if names else []
    return said


def _name(change: Change) -> str:
    if change.kind == "renamed" and change.before is not None:
        return f"{change.before.stem} → {change.slug}"
    return f"{change.slug} ({change.path.parent.name})" if change.kind == "moved" else change.slug

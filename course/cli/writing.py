"""Files a command writes: never into nowhere, never over another without asking."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from course.language import gettext as _


def allow(path: Path, *, overwrite: bool) -> None:
    """Ask before a file is written over; what keeps it from being written is a usage error."""
    if not path.parent.is_dir():
        raise click.UsageError(_("There is no folder {path}.").format(path=path.parent))
    if path.exists() and not overwrite:
        question = _("Overwrite {path}?").format(path=path)
        if not sys.stdin.isatty():
            raise click.UsageError(question + " " + _("Say --yes."))
        click.confirm(question, abort=True)

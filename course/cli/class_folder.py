"""A folder that `course grade` wrote, as commands read it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import click

from course.language import gettext as _

if TYPE_CHECKING:
    from course.classroom.ledger import Ledger


@contextmanager
def readable(folder: Path) -> Iterator[None]:
    """Turn what is wrong with the folder, its term or its marks into usage errors."""
    from course.classroom import marks
    from course.classroom.folder import NotAClassFolder
    from course.term import read

    try:
        yield
    except NotAClassFolder as error:
        text = _("{path} is not a folder that `course grade` wrote.")
        raise click.UsageError(text.format(path=folder)) from error
    except read.TermError as error:
        raise click.UsageError("\n".join([_("The term cannot be used:"), *error.lines()])) from error
    except marks.MarkError as error:
        text = _("{path} is no mark that can be read: mend it, or take the file away.")
        raise click.UsageError(text.format(path=error)) from error


def read_class(folder: Path) -> Ledger:
    """The class of such a folder."""
    from course.classroom import ledger

    with readable(folder):
        return ledger.open_(folder)


def left_out(class_: Ledger) -> None:
    """Say on standard error what the points are without."""
    if class_.term is None:
        click.echo(_("The points are those of the code. Quiz, reports and late work are counted where there is a"
                     " term.toml: course term new"), err=True)  # fmt: skip
    waiting = sum(bool(own.waits) for row in class_.rows for own in row.accounts)
    if waiting:
        text = _("Not in the points: {count} reports that nobody has graded yet (course mark).")
        click.echo(text.format(count=waiting), err=True)

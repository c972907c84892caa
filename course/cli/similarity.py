"""`course similarity`."""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from course.cli.options import Translated, language_option
from course.cli.submissions import chosen, day_option, read_uploads, roster_option, submissions_argument
from course.language import gettext as _

if TYPE_CHECKING:
    from course.classroom.fingerprints import Pair

_SHOWN_PLACES = 4


@click.command(cls=Translated)
@submissions_argument
@day_option
@roster_option
@click.option(
    "--threshold",
    type=click.FloatRange(0.1, 1.0),
    default=0.6,
    help="Show pairs that share at least this part of what is their own; 0.6 by default.",
)
@click.option("--json", "as_json", is_flag=True, help="Print JSON for programs.")
@language_option
def similarity(
    submissions: Path, days: tuple[str, ...], roster: Path | None, threshold: float, as_json: bool
) -> None:
    """Find pairs of suspiciously similar submissions.

    Names, numbers, comments and layout do not count, nor does what stands in the stub or the reference solution, or what
    many of the class wrote. A high share is a reason to read both, not a proof.

    Exit status: 0 no pair was found, 1 some were, 2 wrong usage.
    """
    from course.classroom import fingerprints
    from course.classroom.submissions import subjects

    uploads = read_uploads(submissions, roster)
    exercises = chosen(uploads, days)
    stubs = [path.read_text(encoding="utf-8") for e in exercises for path in (e.stub, e.solution)]
    class_ = {}
    for upload in uploads:
        offered, _problems = subjects(upload, exercises)
        texts = {
            subject.path: subject.source for subject in offered if subject.source and not subject.untouched
        }
        class_[upload.student.title] = list(texts.items())
    found = fingerprints.pairs(class_, fingerprints.expected(stubs), threshold)
    if as_json:
        click.echo(json.dumps([_json(pair) for pair in found], ensure_ascii=False, indent=1))
    else:
        _print(found)
    sys.exit(1 if found else 0)


def _json(pair: Pair) -> dict[str, object]:
    return {
        "students": [pair.first, pair.second],
        "similarity": round(pair.similarity, 3),
        "shared": pair.shared,
        "places": [[[place.path, place.line] for place in both] for both in pair.places],
    }


def _print(found: Sequence[Pair]) -> None:
    for pair in found:
        click.echo(f"{pair.similarity:4.0%}  {pair.first} — {pair.second}")
        for text in _passages(pair)[:_SHOWN_PLACES]:
            click.echo(f"      {text}")
    text = _("{count} pairs to read. A high share is a reason to look, not a proof.") if found else ""
    click.echo(text.format(count=len(found)) or _("No pair is suspiciously similar."))


def _passages(pair: Pair) -> list[str]:
    """The files with the lines that agree, first student's and second's."""
    lines: dict[tuple[str, str], list[tuple[int, int]]] = {}
    for first, second in pair.places:
        lines.setdefault((first.path, second.path), []).append((first.line, second.line))
    most = sorted(lines.items(), key=lambda entry: -len(entry[1]))
    return [
        f"{first}:{min(a for a, _b in at)}-{max(a for a, _b in at)}"
        f"   {second}:{min(b for _a, b in at)}-{max(b for _a, b in at)}"
        for (first, second), at in most
    ]

"""`course similarity`."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from course.cli import writing
from course.cli.options import Translated, global_options, print_json
from course.cli.submissions import chosen, day_option, read_uploads, roster_option, submissions_argument
from course.language import fill
from course.language import gettext as _
from course.system import files

if TYPE_CHECKING:
    from course.classroom.similarity import Pair, Passage

_SHOWN_PASSAGES, _SHOWN_NAMES = 4, 5


@click.command(cls=Translated)
@submissions_argument
@day_option
@roster_option
@click.option(
    "--threshold",
    type=click.FloatRange(-100, 1000),
    metavar="EVIDENCE",
    help="Show pairs with at least this evidence; by default what finds nine copies of ten, with nine of ten pairs copied.",
)
@click.option(
    "--out",
    type=click.Path(dir_okay=False, path_type=Path),
    metavar="FILE.html",
    help="Write a page with both sides of every pair beside each other.",
)
@click.option("--yes", is_flag=True, help="Overwrite the file without asking.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON for programs.")
@global_options
def similarity(
    submissions: Path,
    days: tuple[str, ...],
    roster: Path | None,
    threshold: float | None,
    out: Path | None,
    yes: bool,
    as_json: bool,
) -> None:
    """Find pairs of suspiciously similar submissions.

    Two students are compared over all exercises together: the more exercises, the surer. Names, numbers, comments, layout and
    order do not count, nor does what stands in the stub or the reference solution, or what many of the class wrote. A pair is
    a reason to read both, not a proof; of one short exercise nobody can tell, and this program says so.

    Exit status: 0 no pair was found, 1 some were, 2 wrong usage.
    """
    if out is not None:
        writing.allow(out, overwrite=yes)
    from course.classroom import similar_page
    from course.classroom import similarity as similar

    uploads = read_uploads(submissions, roster, alone=False)
    exercises = chosen(uploads, days)
    class_ = similar.of_class(uploads, exercises)
    found, little = class_.pairs(threshold), class_.too_little(threshold)
    if out is not None:
        try:
            files.write(out, similar_page.page(class_, found, exercises, little))
        except OSError as error:
            text = _("{path} cannot be written: {reason}").format(path=out, reason=error.strerror or error)
            raise click.UsageError(text) from error
    if as_json:
        print_json({"pairs": [_json(pair) for pair in found], "too_little": little})
    else:
        _print(found, little)
        if out is not None:
            click.echo(str(out))
    sys.exit(1 if found else 0)


def _json(pair: Pair) -> dict[str, object]:
    return {
        "students": [pair.first, pair.second],
        "evidence": round(pair.evidence, 2),
        "share": round(pair.share, 3),
        "functions": [
            {
                "exercise": each.exercise,
                "name": each.name,
                "evidence": round(each.evidence, 2),
                "places": [
                    [[a, one.first, one.last], [b, other.first, other.last]]
                    for a, one, b, other in each.places
                ],
            }
            for each in pair.passages
        ],
    }


def _print(found: Sequence[Pair], little: Sequence[str]) -> None:
    for pair in found:
        text = _("evidence {evidence}, {share} in common")
        figures = text.format(evidence=f"{pair.evidence:.1f}", share=f"{pair.share:.0%}")
        click.echo(f"{pair.first} — {pair.second}   {figures}")
        for passage in [each for each in pair.passages if each.places][:_SHOWN_PASSAGES]:
            click.echo(f"      {_lines(passage)}")
    text = _("{count} {count:pair|pairs} to read: a reason to look, not a proof.") if found else ""
    click.echo(fill(text, count=len(found)) or _("No pair is suspiciously similar."))
    if little:
        names = ", ".join(little[:_SHOWN_NAMES]) + (" …" if len(little) > _SHOWN_NAMES else "")
        text = _(
            "{count} {count:student|students} wrote too little of their own to be judged: {names}. "
            "Compare more exercises together."
        )
        click.echo(fill(text, count=len(little), names=names))


def _lines(passage: Passage) -> str:
    """A function, and the lines that agree, first student's and second's."""
    path, _one, other_path, _other = passage.places[0]
    here = [one for file, one, _file, _place in passage.places if file == path]
    there = [other for _file, _place, file, other in passage.places if file == other_path]
    return (
        f"{passage.name or passage.exercise}   "
        f"{path}:{min(each.first for each in here)}-{max(each.last for each in here)}   "
        f"{other_path}:{min(each.first for each in there)}-{max(each.last for each in there)}"
    )

"""`course glossary`."""

from __future__ import annotations

import json
import sys

import click

from course import language
from course.cli.options import Translated, global_options, json_option
from course.language import gettext as _


@click.command(cls=Translated)
@click.argument("term", required=False, metavar="[TERM]")
@json_option
@global_options
def glossary(term: str | None, as_json: bool) -> None:
    """The course's terms in both languages, with their meaning; with TERM those it is part of.

    Exit status: 0 something was found, 1 nothing was.
    """
    from course.content import glossary as terms

    found = terms.load()
    if term:
        found = terms.find(found, term)
    if as_json:
        data = {"format": 1, "terms": [one.to_json() for one in found]}
        click.echo(json.dumps(data, indent=1))
    elif found:
        from rich.table import Table

        from course.terminal import screen

        code = language.current()
        table = Table.grid(padding=(0, 2, 0, 0))
        for _column in range(3):
            table.add_column(overflow="fold")
        for one in found:
            first, *others = [one.words[code], *(word for key, word in one.words.items() if key != code)]
            other = "" if others == [first] else ", ".join(others)
            meaning = one.meaning[code]
            if term and one.avoid.get(code):
                meaning += "\n" + _("not used here: {words}").format(words=", ".join(one.avoid[code]))
            table.add_row(f"[bold]{first}[/bold]", other, meaning)
        screen.console().print(table)
    else:
        click.echo(
            _("The glossary has no {term!r}. `course glossary` lists all its terms.").format(term=term)
        )
    sys.exit(0 if found else 1)

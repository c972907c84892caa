"""`course doctor`."""

from __future__ import annotations

import dataclasses
import sys

import click

from course.cli.options import Translated, global_options, json_option, print_json
from course.language import gettext as _

_SIGNS = {"ok": ("✓", "+", "green"), "note": ("·", ".", "yellow"), "gap": ("✗", "x", "red")}


@click.command(cls=Translated)
@json_option
@global_options
def doctor(as_json: bool) -> None:
    """Show what this machine offers, try a check, and say what to do about each gap.

    It is what to paste when you ask for help. Exit status: 0 a check works here, 1 something is missing.
    """
    from course.checking.doctor import findings

    if as_json:
        found = list(findings())
        ok = all(each.state != "gap" for each in found)
        print_json({"format": 1, "ok": ok, "findings": [dataclasses.asdict(each) for each in found]})
    else:
        ok = _show()
    sys.exit(0 if ok else 1)


def _show() -> bool:
    from rich.padding import Padding
    from rich.text import Text

    from course.checking.doctor import findings
    from course.terminal import screen

    console = screen.console()
    utf, ok = console.encoding.lower().startswith("utf"), True
    for each in findings():
        sign, plain, style = _SIGNS[each.state]
        line = Text.assemble((sign if utf else plain, style), " ", (each.title, "bold"), f"  {each.value}")
        console.print(line, soft_wrap=True)
        if each.advice:
            console.print(Padding(Text(each.advice, style="cyan"), (0, 0, 0, 4)))
        ok = ok and each.state != "gap"
    console.print()
    console.print(_("A check works here.") if ok else _("Something is missing here: see the lines with {sign}.").format(
        sign=_SIGNS["gap"][0 if utf else 1]))  # fmt: skip
    return ok

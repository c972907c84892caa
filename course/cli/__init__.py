"""The command `course`."""

from __future__ import annotations

import sys

from course import language


def main() -> None:
    """Run the command line. The language is settled first: help texts are translated when they are shown."""
    language.choose(_asked_language(sys.argv[1:]))
    from course.cli.tree import course

    course(prog_name="course")


def _asked_language(arguments: list[str]) -> str | None:
    for place, argument in enumerate(arguments):
        name, _, value = argument.partition("=")
        if name == "--lang":
            code = value or (arguments[place + 1] if place + 1 < len(arguments) else "")
            return code if code in language.languages() else None
    return None

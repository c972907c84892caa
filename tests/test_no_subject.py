"""The program knows no subject: nothing in it names an exercise, a day, a data set or a project of the course it comes with."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest

from course.content.courses import bundled
from course.content.declared import TAKEN
from course.system.program import PACKAGE

COURSE = bundled()
SLUGS = {exercise.slug for exercise in COURSE} | {slug for exercise in COURSE for slug in exercise.former}
NAMES = {day.slug for day in COURSE.days} | {*COURSE.data, *COURSE.projects}
# A slug that is a word of the language (losses, dropout) is meant where it stands as a file or as what a command gets.
WORDS = {slug for slug in SLUGS if re.fullmatch("[a-z]+", slug)}
ANYWHERE = re.compile(
    rf"(?<![a-z0-9_])(?:{'|'.join(sorted(NAMES | SLUGS - WORDS))})(?![a-z0-9_])", re.IGNORECASE
)
ADDRESSED = re.compile(
    rf"(?:\bcourse\s+\w+\s+|[a-z0-9_]/)(?:{'|'.join(sorted(WORDS))})\b|\b(?:{'|'.join(sorted(WORDS))})\.(?:py|ipynb|[a-z]+\.md)\b"
)
# Not our texts: libraries for the pages, and the message catalogs in the form that Python reads.
FOREIGN = re.compile(r"\.min\.js$|/bundled/|\.(?:mo|pyc|woff2|png|ico)$|\.LICENSE\.txt$")


def hits(text: str) -> Iterator[tuple[int, str]]:
    """Lines that name something of the course."""
    for number, line in enumerate(text.splitlines(), 1):
        if found := ANYWHERE.search(line) or ADDRESSED.search(line):
            yield number, found[0]


FILES = [
    path for path in sorted(PACKAGE.rglob("*")) if path.is_file() and not FOREIGN.search(path.as_posix())
]


def test_nothing_of_the_course_is_in_the_program():
    assert len(FILES) > 200
    found = [
        f"{path.relative_to(PACKAGE)}:{number}: {name}"
        for path in FILES
        for number, name in hits(path.read_text(encoding="utf-8"))
    ]
    assert not found


@pytest.mark.parametrize(
    ("line", "found"),
    [
        *((f"see {name}, for example", name) for name in sorted(NAMES | SLUGS - WORDS)),
        *((f"Next: course check {slug}", f"course check {slug}") for slug in sorted(WORDS)),
        *((f"open day/{slug}.py", f"y/{slug}") for slug in sorted(WORDS)),
        ("the losses of a model with dropout", None),
    ],
)
def test_what_counts_as_naming(line, found):
    assert [name for _number, name in hits(line)] == ([found] if found else [])


def test_a_data_set_cannot_take_a_variable_of_the_program():
    used = {
        name.removeprefix("COURSE_").lower()
        for path in PACKAGE.rglob("*.py")
        if "bundled" not in path.parts
        for name in re.findall(r"\bCOURSE_[A-Z][A-Z_]*[A-Z]\b", path.read_text(encoding="utf-8"))
    }
    assert used == TAKEN

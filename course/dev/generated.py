"""Files that are made from others: the stubs, the released quizzes, and the compiled message catalogs."""

from __future__ import annotations

from pathlib import Path

from course.content.catalog import Course
from course.content.stub import MarkerError, stub
from course.quizzes import bank, release
from course.system.files import write


def expected(catalog: Course) -> tuple[dict[Path, str], list[str]]:
    """Every generated text file with what it should hold, and what kept others from being made."""
    files: dict[Path, str] = {}
    problems: list[str] = []
    for exercise in catalog:
        try:
            files[exercise.stub] = stub(exercise.solution.read_text(encoding="utf-8"))
        except (OSError, MarkerError) as error:
            problems.append(f"{exercise.solution}: {error}")
    for day in bank.days(catalog.root):
        questions, unread = bank.read(day, catalog.root)
        problems += unread
        if not unread:
            files[bank.released(day, catalog.root)] = release.render(questions, day)
    return files, problems


def build(catalog: Course) -> tuple[list[Path], list[str]]:
    """Write what is not up to date; the files written, and problems."""
    files, problems = expected(catalog)
    written = []
    for path, text in files.items():
        if not path.is_file() or path.read_text(encoding="utf-8") != text:
            write(path, text, newline="\n")
            written.append(path)
    return written, problems

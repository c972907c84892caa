"""Courses made for tests: by `course new`, with exercises written into them."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from course.content import courses
from course.content.manifest import Course
from course.dev import generated, new_course

PROJECT = Path(__file__).parents[1]


def lay_out(folder: Path, languages: Sequence[str] = ("en",), name: str = "statistics") -> Course:
    """What `course new` makes."""
    new_course.new(folder, name, name.capitalize(), languages)
    return courses.at(folder.resolve())


def add(root: Path, slug: str, solution: str, grader: str, runtime: str = "numpy", extra: str = "") -> None:
    """One more exercise on the first day, with a text in every language of the course; `extra` goes to the manifest's end."""
    manifest = root / "exercises" / "manifest.toml"
    text = manifest.read_text(encoding="utf-8")
    end = text.index("\n]", text.index("[[days]]"))
    line = f'\n    {{ slug = "{slug}", runtime = "{runtime}" }},'
    manifest.write_text(text[:end] + line + text[end:] + "\n" + extra, encoding="utf-8")
    courses.at.cache_clear()
    course = courses.at(root)
    exercise = course.exercise(slug)
    tests = [line[9:].split("(")[0] for line in grader.splitlines() if line.startswith("def test_")]
    words = "".join(f"- {name}: Works\n" for name in tests)
    for code in course.languages:
        exercise.text(code).write_text(
            f"# {slug} ({code})\n\nWrite it.\n\n## Hints\n\n1. Try.\n\n## Explanation\n\nSo.\n\n## Tests\n\n{words}",
            encoding="utf-8",
        )
    exercise.solution.write_text(solution, encoding="utf-8")
    exercise.grader.write_text(grader, encoding="utf-8")
    _written, problems = generated.build(course)
    assert not problems, problems


def run(
    *arguments: str, cwd: Path, status: int = 0, lang: str = "en", typed: str = "", **variables: str
) -> str:
    """What a command prints, on either stream; it has to end with this status."""
    environment = {**os.environ, "COURSE_LANG": lang, "COLUMNS": "120", **variables}
    environment["PYTHONPATH"] = os.pathsep.join(filter(None, [variables.get("PYTHONPATH"), str(PROJECT)]))
    done = subprocess.run([sys.executable, "-P", "-m", "course", *arguments], cwd=cwd, env=environment, input=typed,
                          capture_output=True, encoding="utf-8", check=False)  # fmt: skip
    assert done.returncode == status, f"{arguments}: {done.returncode}\n{done.stdout}\n{done.stderr}"
    return done.stdout + done.stderr

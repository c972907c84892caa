"""A new exercise laid out: every file it needs, with what to fill in, and its line in the manifest."""

from __future__ import annotations

import re
from pathlib import Path

from course import language
from course.catalog import Catalog, Exercise
from course.dev import variants

_SOLUTION = '''"""{title}."""

import numpy as np


def {slug}(x):
    """Summary in English, one line.

    한국어 요약 한 줄.

    Args:
        x: array of shape (n,).

    Returns:
        array of shape (n,).
    """
    ### BEGIN SOLUTION
    return np.asarray(x)
    ### END SOLUTION
'''
_GRADER = '''"""Grader of {day}/{slug}."""

from course.grading import assert_close, graded


@graded(points=1)
def test_{slug}(submission, rng):
    x = rng.normal(size=5)
    assert_close(submission.{slug}(x), x, mistakes={{"zero": 0 * x}})


@graded(points=1, after=["{slug}"], hidden=True)
def test_longer(submission, rng):
    x = rng.normal(size=50)
    assert_close(submission.{slug}(x), x)
'''
_TEXT = """# {title}

The idea, why it matters, the equation, an example with numbers, and what exactly to write.

## Hints

1. A first nudge.
2. A bigger one.

## Explanation

Shown after passing.

## Tests

- {slug}: What this test checks
- {slug}/zero: What the learner probably did, and what to do instead.
- longer: It also holds for more values
"""
_VARIANT = """[[correct]]
name = "correct {number}"
code = '''
def {slug}(x):
    return [{expression} for v in x]
'''

"""
_MISTAKE = """[[mistake]]
name = "mistake {number}"
replace = [["np.asarray(x)", "{expression}"]]
fails = ["{slug}"]

"""
_CORRECT = ("v", "+v", "v * 1", "v + 0")
_WRONG = ("0 * x", "-x", "x + 1", "2 * x", "x[::-1]", "x.sum()")


class ScaffoldError(ValueError):
    """An exercise that cannot be laid out: the name is not usable, or the day is not there."""


def new(catalog: Catalog, slug: str, day: str, *, runtime: str) -> list[Path]:
    """Write the files and the manifest line; the paths written. No existing file is touched."""
    if not re.fullmatch(r"[a-z][a-z0-9_]*", slug):
        raise ScaffoldError(f"{slug}: a slug is lower-case letters, digits and underscores")
    if slug in {exercise.slug for exercise in catalog}:
        raise ScaffoldError(f"{slug} is in the manifest already")
    if day not in {entry.slug for entry in catalog.days}:
        raise ScaffoldError(f"there is no {day}; add it to exercises/manifest.toml first")
    exercise = Exercise(slug, day, runtime, 60, 10, catalog.root)
    names = {"slug": slug, "day": day, "title": slug.replace("_", " ").capitalize()}
    files = {exercise.solution: _SOLUTION.format(**names), exercise.grader: _GRADER.format(**names)}
    files |= {exercise.text(code): _TEXT.format(**names) for code in language.languages()}
    table = [_VARIANT.format(number=n, expression=e, **names) for n, e in enumerate(_CORRECT, start=1)]
    table += [_MISTAKE.format(number=n, expression=e, **names) for n, e in enumerate(_WRONG, start=1)]
    files[variants.path(exercise)] = "".join(table)
    taken = [path for path in files if path.exists()]
    if taken:
        raise ScaffoldError(f"{taken[0]} is there already")
    for path, text in files.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    _add_line(catalog.root / "exercises" / "manifest.toml", slug, day, runtime)
    return [*files, catalog.root / "exercises" / "manifest.toml"]


def _add_line(manifest: Path, slug: str, day: str, runtime: str) -> None:
    """Add the exercise at the end of its day."""
    text = manifest.read_text(encoding="utf-8")
    start = text.index(f'slug = "{day}"')
    end = text.index("\n]", start)
    keras = ', runtime = "keras"' if runtime == "keras" else ""
    manifest.write_text(f'{text[:end]}\n    {{ slug = "{slug}"{keras} }},{text[end:]}', encoding="utf-8")

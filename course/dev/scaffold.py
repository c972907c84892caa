"""A new exercise laid out: every file it needs, with what to fill in, and its line in the manifest."""

from __future__ import annotations

import keyword
import re
from pathlib import Path

from course.content.catalog import Course, Exercise
from course.dev import variants
from course.system.files import write

_SOLUTION = '''"""{title}."""

import numpy as np


def {slug}(x):
    """Summary in English, one line.

    한국어 요약 한 줄.

    Args:
        x: array of shape (n,).
            모양 (n,)의 배열.

    Returns:
        array of shape (n,).
        모양 (n,)의 배열.
    """
    ### BEGIN SOLUTION
    return np.asarray(x)
    ### END SOLUTION
'''
# Left out of a course that is not held to Korean.
_KOREAN = re.compile(r"^    [가-힣].*\n\n|^ +[가-힣].*\n", re.MULTILINE)
_GRADER = '''"""Grader of {day}/{slug}."""

from course.grading import assert_close, forms, graded


@graded(points=1)
def test_{slug}(submission, rng):
    x = rng.normal(size=5)
    assert_close(submission.{slug}(x), x, mistakes={{"zero": 0 * x}})
    for n in (1, 4):
        for (x,) in forms(rng, (n,)):
            assert_close(submission.{slug}(x), x)


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
# What a text may not still hold once its exercise is written.
PLACEHOLDERS = (
    "The idea, why it matters, the equation, an example",
    "A first nudge.",
    "What the learner probably did, and",
)
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
{told}

"""
_CORRECT = ("v", "+v", "v * 1", "v + 0")
_WRONG = {
    "0 * x": 'says = "zero"',
    "-x": 'also = ["sign"]',
    "x + 1": 'also = ["offset"]',
    "2 * x": 'also = ["factor"]',
    "x[::-1]": 'also = ["reversed"]',
    "x.sum()": 'also = ["collapsed"]',
}


class ScaffoldError(ValueError):
    """An exercise that cannot be laid out: the name is not usable, or the day is not there."""


def new(catalog: Course, slug: str, day: str, *, runtime: str, after: str | None = None) -> list[Path]:
    """Write the files and the manifest line, `after` an exercise of that day or at its end; the paths written.

    No existing file is touched.
    """
    if not re.fullmatch(r"[a-z][a-z0-9_]*", slug):
        raise ScaffoldError(f"{slug}: a slug is lower-case letters, digits and underscores")
    if keyword.iskeyword(slug):
        raise ScaffoldError(f"{slug} is a word of Python's own; no function can be called so")
    if slug in {exercise.slug for exercise in catalog}:
        raise ScaffoldError(f"{slug} is in the manifest already")
    if slug in {entry.slug for entry in catalog.days}:
        raise ScaffoldError(f"{slug} is a day's name")
    if runtime not in catalog.runtimes:
        raise ScaffoldError(f"there is no runtime {runtime}; there are {', '.join(catalog.runtimes)}")
    if day not in {entry.slug for entry in catalog.days}:
        raise ScaffoldError(f"there is no {day}; add it to exercises/manifest.toml first")
    if after is not None and after not in {exercise.slug for exercise in catalog if exercise.day == day}:
        raise ScaffoldError(f"{day} has no exercise {after}")
    exercise = Exercise(slug, day, catalog.runtimes[runtime], 60, 10, catalog.root)
    names = {"slug": slug, "day": day, "title": slug.replace("_", " ").capitalize()}
    solution = _SOLUTION if "ko" in catalog.languages else _KOREAN.sub("", _SOLUTION)
    files = {exercise.solution: solution.format(**names), exercise.grader: _GRADER.format(**names)}
    files |= {exercise.text(code): _TEXT.format(**names) for code in catalog.languages}
    table = [_VARIANT.format(number=n, expression=e, **names) for n, e in enumerate(_CORRECT, start=1)]
    table += [
        _MISTAKE.format(number=number, expression=expression, told=told, **names)
        for number, (expression, told) in enumerate(_WRONG.items(), start=1)
    ]
    files[variants.path(exercise)] = "".join(table)
    taken = [path for path in files if path.exists()]
    if taken:
        raise ScaffoldError(f"{taken[0]} is there already")
    for path, text in files.items():
        write(path, text, newline="\n")
    _add_line(catalog.manifest, slug, day, runtime, after or _last_to_learn(catalog, day))
    return [*files, catalog.manifest]


def _last_to_learn(catalog: Course, day: str) -> str | None:
    """The day's last exercise before what a person grades, such as a project of all that was learned."""
    mine = [exercise for exercise in catalog if exercise.day == day]
    while mine and mine[-1].report:
        mine.pop()
    return mine[-1].slug if mine else None


def _add_line(manifest: Path, slug: str, day: str, runtime: str, after: str | None) -> None:
    """Add the exercise after another one of its day, or at the day's end."""
    text = manifest.read_text(encoding="utf-8")
    end = text.index("\n]", text.index(f'slug = "{day}"'))
    if after is not None:
        end = text.index("\n", text.index(f'slug = "{after}"'))
    named = f', runtime = "{runtime}"' if runtime != "numpy" else ""
    added = f'\n    {{ slug = "{slug}"{named} }},'
    write(manifest, f"{text[:end]}{added}{text[end:]}", newline="\n")

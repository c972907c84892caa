"""Correct-but-unusual solutions and typical mistakes of an exercise, kept as data beside the tests."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from course.content.catalog import Exercise
from course.grading import diagnosis
from course.language.messages import Message
from course.results import ExerciseResult

FEWEST_CORRECT, FEWEST_MISTAKES = 4, 6


class VariantError(ValueError):
    """A variants file does not read as one."""


@dataclass(frozen=True)
class Variant:
    """A changed solution: what it is called, its source, and, for a mistake, the tests that must fail and what is said.

    It begins at `line` of its file.

    `says` is the key that names the mistake, `also` keys and general hints (course.grading.diagnosis.HINTS) that are as true
    of it. Nothing else may be named.
    """

    name: str
    source: str
    correct: bool
    fails: tuple[str, ...] = ()
    says: str = ""
    also: tuple[str, ...] = ()
    line: int = 0

    def verdict(self, result: ExerciseResult) -> str | None:
        """What is wrong with how it was judged, or None."""
        failed = {test.name: test for test in result.tests if test.status not in ("passed", "blocked")}
        if self.correct:
            if result.status == "passed":
                return None
            first = next(iter(failed.values()), None)
            return f"a correct solution does not pass: {f'{first.name}: {first.text()}' if first else result.status}"
        unexpected = [name for name in self.fails if name not in failed]
        if unexpected or not failed:
            return (
                f"passes {', '.join(unexpected) or 'everything'}; failing: {', '.join(failed) or 'nothing'}"
            )
        told = {name for test in failed.values() for message in test.message if (name := _mistake(message))}
        texts = "; ".join(f"{test.name}: {test.text()}" for test in failed.values())
        if self.says and self.says not in told:
            return f"the learner is not told {self.says!r} but: {texts}"
        misled = sorted(told - {self.says, *self.also})
        if misled:
            keys = ", ".join(f'"{key}"' for key in misled)
            return f"the learner is told of a mistake that is not this one (if it is as true: also = [{keys}]): {texts}"
        return None


_HINTS = {text: name for name, text in diagnosis.HINTS.items()}


def _mistake(message: Message) -> str | None:
    """The key or the general hint by which a message names a mistake."""
    return message.id.partition("/")[2] if message.exercise else _HINTS.get(message.id)


def path(exercise: Exercise) -> Path:
    """Where an exercise's variants are kept in a checkout."""
    return exercise.root / "tests" / "variants" / exercise.day / f"{exercise.slug}.toml"


def load(exercise: Exercise) -> list[Variant]:
    """All variants of an exercise; raises VariantError naming the file and the entry."""
    file = path(exercise)
    try:
        data = tomllib.loads(file.read_text(encoding="utf-8"))
    except (OSError, tomllib.TOMLDecodeError) as error:
        raise VariantError(f"{file}: {error}") from error
    reference = exercise.solution.read_text(encoding="utf-8")
    lines = _lines(file.read_text(encoding="utf-8"))
    found = [_variant(entry, reference, correct=True, file=file) for entry in data.get("correct", [])]
    found += [_variant(entry, reference, correct=False, file=file) for entry in data.get("mistake", [])]
    names = [variant.name for variant in found]
    for name in names:
        if names.count(name) > 1:
            raise VariantError(f"{file}: {name!r} occurs twice")
    correct = sum(variant.correct for variant in found)
    if correct < FEWEST_CORRECT or len(found) - correct < FEWEST_MISTAKES:
        raise VariantError(f"{file}: {correct} correct and {len(found) - correct} mistakes; "
                           f"at least {FEWEST_CORRECT} and {FEWEST_MISTAKES} are needed")  # fmt: skip
    return [replace(variant, line=lines.get(variant.name, 1)) for variant in found]


def _lines(text: str) -> dict[str, int]:
    """The line of each name."""
    named = re.compile(r"name\s*=\s*(['\"])(.*)\1\s*$")
    found = [(named.match(line), number) for number, line in enumerate(text.splitlines(), start=1)]
    return {match[2]: number for match, number in found if match}


def _variant(entry: dict[str, Any], reference: str, *, correct: bool, file: Path) -> Variant:
    unknown = set(entry) - {"name", "code", "replace", "fails", "says", "also"}
    if unknown or "name" not in entry or (not correct and not entry.get("fails")):
        raise VariantError(
            f"{file}: {entry.get('name', 'an entry')!r}: unknown {sorted(unknown)} or missing name or fails"
        )
    source = reference
    for old, new in entry.get("replace", []):
        if source.count(old) != 1:
            raise VariantError(
                f"{file}: {entry['name']!r}: {old!r} occurs {source.count(old)} times in the solution"
            )
        source = source.replace(old, new)
    source += "\n\n" + entry["code"] if "code" in entry else ""
    if source == reference:
        raise VariantError(f"{file}: {entry['name']!r} changes nothing")
    try:
        compile(source, entry["name"], "exec", dont_inherit=True)
    except SyntaxError as error:
        raise VariantError(
            f"{file}: {entry['name']!r} is no Python, line {error.lineno}: {error.msg}"
        ) from error
    fails, also = tuple(entry.get("fails", ())), tuple(entry.get("also", ()))
    return Variant(entry["name"], source, correct, fails, entry.get("says", ""), also)

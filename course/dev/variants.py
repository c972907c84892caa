"""Correct-but-unusual solutions and typical mistakes of an exercise, kept as data beside the tests."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from course.catalog import Exercise
from course.results import ExerciseResult

FEWEST_CORRECT, FEWEST_MISTAKES = 4, 6


class VariantError(ValueError):
    """A variants file does not read as one."""


@dataclass(frozen=True)
class Variant:
    """A changed solution: what it is called, its source, and, for a mistake, the tests that must fail and what is said."""

    name: str
    source: str
    correct: bool
    fails: tuple[str, ...] = ()
    says: str = ""

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
        told = {
            message.id.partition("/")[2]
            for test in failed.values()
            for message in test.message
            if message.exercise
        }
        if self.says and self.says not in told:
            texts = "; ".join(f"{test.name}: {test.text()}" for test in failed.values())
            return f"the learner is not told {self.says!r} but: {texts}"
        return None


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
    return found


def _variant(entry: dict[str, Any], reference: str, *, correct: bool, file: Path) -> Variant:
    unknown = set(entry) - {"name", "code", "replace", "fails", "says"}
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
    return Variant(entry["name"], source, correct, tuple(entry.get("fails", ())), entry.get("says", ""))

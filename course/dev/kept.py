"""Green proofs, kept by a digest of everything they depend on: a developer proves only what has changed since."""

from __future__ import annotations

import contextlib
import dataclasses
import functools
import hashlib
import json
from dataclasses import dataclass, field
from pathlib import Path

from course.checking import cache
from course.content import catalog
from course.content.catalog import Exercise
from course.dev import records, variants
from course.system import files


@dataclass
class Count:
    """Mutants of one kind: how many were made, lost points on every seed, are recorded, and which are open."""

    made: int = 0
    killed: int = 0
    recorded: int = 0
    open: list[str] = field(default_factory=list)


@dataclass
class Proof:
    """What was found out about one exercise; `again` where it was kept from an earlier proof."""

    slug: str
    problems: list[str] = field(default_factory=list)
    max_points: int = 0
    tests: int = 0
    variants: int = 0
    syntax: Count = field(default_factory=Count)
    behaviour: Count = field(default_factory=Count)
    coinciding: list[str] = field(default_factory=list)
    again: bool = False

    @property
    def green(self) -> bool:
        """Whether everything holds."""
        return not (self.problems or self.syntax.open or self.behaviour.open or self.coinciding)


def key(exercise: Exercise, *parts: object) -> str:
    """A digest of the exercise's files, the program, and what else the proof was asked for."""
    digest = hashlib.sha256(
        repr((exercise.course, exercise.slug, cache.program(), cache.shared(exercise.root), parts)).encode()
    )
    texts = exercise.texts().values()
    recorded = variants.path(exercise), records.everywhere(exercise.root)
    for path in (exercise.solution, exercise.grader, exercise.stub, *recorded, *texts):
        digest.update(path.read_bytes() if path.is_file() else b"\0")
    digest.update(_tools())
    return digest.hexdigest()


def load(key: str) -> Proof | None:
    """The green proof that was kept, or None."""
    try:
        data = json.loads(_path(key).read_text(encoding="utf-8"))
        counts = {name: Count(**data.pop(name)) for name in ("syntax", "behaviour")}
        return Proof(**{**data, **counts, "again": True})
    except (OSError, ValueError, KeyError, TypeError):
        return None


def store(key: str, proof: Proof) -> None:
    """Keep a green one; where that cannot be written it is proved again next time."""
    with contextlib.suppress(OSError):
        files.write(_path(key), json.dumps(dataclasses.asdict(proof)), lasting=False)


def _path(key: str) -> Path:
    return cache.root() / "proofs" / f"{key}.json"


@functools.cache
def _tools() -> bytes:
    """The proof's own code."""
    digest = hashlib.sha256()
    for path in sorted((catalog.PACKAGE / "dev").glob("*.py")):
        digest.update(path.read_bytes())
    return digest.digest()

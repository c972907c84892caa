"""Results kept from earlier checks, under a key made of everything that could change them."""

from __future__ import annotations

import contextlib
import functools
import hashlib
import json
import sys
from pathlib import Path

from course.content import catalog
from course.learner.subject import Subject
from course.processes import zygotes
from course.results import ExerciseResult, as_cached, dump_tests, load_tests
from course.system import files, folders
from course.worker import imports

# A hang, a crash or a check that could not run may be the machine's fault: try again next time.
_KEPT = ("passed", "failed", "todo")
_ROOMS = (
    "content",
    "grading",
    "language",
    "learner",
    "processes",
    "results",
    "system",
    "worker",
)
_COMPUTES_WITH = ("numpy-", "pandas-", "keras-", "tensorflow-", "tensorflow_cpu-", "pytest-")


def root() -> Path:
    """Where everything is kept that can be made again; raises course.system.folders.NoHome."""
    return folders.cache()


def folder() -> Path:
    """Where results are kept."""
    return root() / "results"


def key(subject: Subject, seed: int | None) -> str:
    """A digest of the learner's file, the grader, the manifest, the program and the seed policy (None: drawn anew)."""
    exercise = subject.exercise
    digest = hashlib.sha256()
    limits = (
        exercise.course,
        exercise.slug,
        exercise.day,
        exercise.runtime,
        exercise.seconds,
        exercise.call_seconds,
    )
    common = shared(exercise.root)
    for part in (
        subject.source,
        subject.problem,
        subject.path,
        limits,
        seed,
        zygotes.confined(),
        program(),
        common,
    ):
        digest.update(repr(part).encode("utf-8", "surrogatepass"))
    with contextlib.suppress(OSError):  # without its grader nothing is graded, and nothing kept
        digest.update(exercise.grader.read_bytes())
    return digest.hexdigest()


def load(subject: Subject, seed: int | None) -> ExerciseResult | None:
    """The kept result, or None; an unreadable one is as good as none."""
    try:
        data = json.loads((folder() / f"{key(subject, seed)}.json").read_text(encoding="utf-8"))
        exercise = subject.exercise
        tests = load_tests(data["tests"])
        result = ExerciseResult(exercise.slug, exercise.day, tests, data["seconds"], seed=data["seed"])
    except (OSError, ValueError, KeyError, TypeError):
        return None
    return as_cached(result)


def store(subject: Subject, seed: int | None, result: ExerciseResult) -> None:
    """Keep a result; a full or read-only disk only costs the next check its time."""
    if result.status not in _KEPT or result.unsettled:
        return
    data = {"tests": dump_tests(result.tests), "seconds": result.seconds, "seed": result.seed}
    with contextlib.suppress(OSError):
        files.write(folder() / f"{key(subject, seed)}.json", json.dumps(data), lasting=False)


@functools.cache
def shared(root: Path) -> str:
    """What the graders of a course share."""
    digest = hashlib.sha256()
    for path in sorted((root / "graders").rglob("*.py")):
        if not path.name.startswith("test_"):
            digest.update(path.read_bytes())
    return digest.hexdigest()


@functools.cache
def program() -> str:
    """What of the program a verdict rests on, and the versions of what learners' code and graders compute with."""
    digest = hashlib.sha256(sys.version.encode())
    for folder_name in _ROOMS:
        for path in sorted((catalog.PACKAGE / folder_name).glob("*.py")):
            digest.update(path.read_bytes())
    installed = (path.name for entry in imports.search_path() for path in Path(entry).glob("*.dist-info"))
    for name in sorted(installed):  # asking importlib.metadata takes twenty times as long
        if name.startswith(_COMPUTES_WITH):
            digest.update(name.encode())
    return digest.hexdigest()

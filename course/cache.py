"""Results kept from earlier checks, under a key made of everything that could change them."""

from __future__ import annotations

import functools
import hashlib
import json
import os
import sys
import sysconfig
from pathlib import Path

from course import catalog, zygotes
from course.results import ExerciseResult, as_cached, dump_tests, load_tests
from course.subject import Subject

# A hang, a crash or a check that could not run may be the machine's fault: try again next time.
_KEPT = ("passed", "failed", "todo")
_COMPUTES_WITH = ("numpy-", "pandas-", "keras-", "tensorflow-", "tensorflow_cpu-", "pytest-")


def root() -> Path:
    """Where everything is kept that can be made again: COURSE_CACHE, or the user's cache folder."""
    named = os.environ.get("COURSE_CACHE")
    if named:
        return Path(named)
    import platformdirs

    return platformdirs.user_cache_path("course")


def folder() -> Path:
    """Where results are kept."""
    return root() / "results"


def key(subject: Subject, seed: int | None) -> str:
    """A digest of the learner's file, the grader, the manifest, the program and the seed policy (None: drawn anew)."""
    exercise = subject.exercise
    digest = hashlib.sha256()
    limits = (exercise.slug, exercise.day, exercise.runtime, exercise.seconds, exercise.call_seconds)
    for part in (subject.source, subject.path, limits, seed, zygotes.confined(), _program()):
        digest.update(repr(part).encode("utf-8", "surrogatepass"))
    digest.update(exercise.grader.read_bytes() if exercise.grader.is_file() else b"")
    return digest.hexdigest()


def load(subject: Subject, seed: int | None) -> ExerciseResult | None:
    """The kept result, or None; an unreadable one is as good as none."""
    try:
        data = json.loads((folder() / f"{key(subject, seed)}.json").read_text(encoding="utf-8"))
        exercise = subject.exercise
        result = ExerciseResult(exercise.slug, exercise.day, load_tests(data["tests"]), data["seconds"])
    except (OSError, ValueError, KeyError, TypeError):
        return None
    return as_cached(result)


def store(subject: Subject, seed: int | None, result: ExerciseResult) -> None:
    """Keep a result; a full or read-only disk only costs the next check its time."""
    if result.status not in _KEPT:
        return
    target = folder() / f"{key(subject, seed)}.json"
    part = target.with_suffix(f".{os.getpid()}.part")
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        part.write_text(
            json.dumps({"tests": dump_tests(result.tests), "seconds": result.seconds}), encoding="utf-8"
        )
        part.replace(target)
    except OSError:
        part.unlink(missing_ok=True)


@functools.cache
def _program() -> str:
    """The program's own files, and the versions of what learners' code and graders compute with."""
    digest = hashlib.sha256(sys.version.encode())
    for folder_name in ("", "airline", "grading", "worker", "reference"):
        for path in sorted((catalog.PACKAGE / folder_name).glob("*.py")):
            digest.update(path.read_bytes())
    installed = sorted(path.name for path in Path(sysconfig.get_path("purelib")).glob("*.dist-info"))
    for name in installed:  # asking importlib.metadata takes twenty times as long
        if name.startswith(_COMPUTES_WITH):
            digest.update(name.encode())
    return digest.hexdigest()

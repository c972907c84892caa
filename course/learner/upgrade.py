"""What an upgrade of the course means for a workspace: stubs that changed, exercises that are new, renamed, moved or gone.

A workspace keeps a copy of every stub as it was given (`.course/stubs`), so that an old stub is told from a learner's work.
"""

from __future__ import annotations

import contextlib
import difflib
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from course.content import catalog
from course.content.catalog import Exercise
from course.system import files

GIVEN = ".course/stubs"
_TOLD = ".course/told"

Kind = Literal["new", "replaced", "changed", "renamed", "moved", "gone"]


@dataclass(frozen=True)
class Change:
    """One exercise's. `path` is the learner's file as it is to be, `before` where it is now if that differs.

    replaced: the stub changed and the learner's file is still the old one; changed: the same where it holds work, which
    stays, with `diff` from the old stub to the new one.
    """

    kind: Kind
    slug: str
    path: Path
    before: Path | None = None
    diff: str = ""


def given(exercise: Exercise, folder: Path) -> str | None:
    """The stub as this workspace was given it, None where that is not known."""
    return _read(folder / GIVEN / f"{exercise.slug}.py")


def remember(exercise: Exercise, folder: Path) -> None:
    """Keep a copy of the stub that is given now."""
    files.write(folder / GIVEN / f"{exercise.slug}.py", exercise.stub.read_bytes(), lasting=False)


def changes(folder: Path) -> list[Change]:
    """What is not yet as the course has it now, in its order, what is gone last. Nothing is touched."""
    known = {path.stem for path in (folder / GIVEN).glob("*.py")}
    found: list[Change] = []
    for exercise in catalog.catalog():
        path = _file(folder, exercise.day, exercise.slug)
        place = path or folder / exercise.day / f"{exercise.slug}.py"
        former = next((slug for slug in exercise.former if slug in known), None)
        if exercise.slug in known:
            known.discard(exercise.slug)
            old = given(exercise, folder) or ""
            if path is None:
                elsewhere = _elsewhere(folder, exercise.slug)
                if elsewhere is not None:
                    found.append(Change("moved", exercise.slug, place, elsewhere))
        elif former is not None and path is None and (before := _elsewhere(folder, former)) is not None:
            known.discard(former)
            found.append(Change("renamed", exercise.slug, place, before))
            old, path = _read(folder / GIVEN / f"{former}.py") or "", before
        elif path is None:
            found.append(Change("new", exercise.slug, place))
            continue
        else:
            continue  # a file of a workspace older than its copies: nobody knows what it began as
        now = exercise.stub.read_text(encoding="utf-8")
        if path is not None and old != now:
            kind: Kind = "replaced" if _read(path) == old else "changed"
            found.append(Change(kind, exercise.slug, place, diff=_diff(old, now, exercise.slug)))
    current = {exercise.slug for exercise in catalog.catalog()}
    for slug in sorted(known - current):
        left = _elsewhere(folder, slug)
        if left is not None:
            found.append(Change("gone", slug, left))
    return found


def apply(folder: Path, wanted: list[Change]) -> None:
    """Bring the workspace up to date. A file with a learner's work is renamed or moved at most, never written over."""
    for change in wanted:
        if change.before is not None and not change.path.exists():
            change.path.parent.mkdir(parents=True, exist_ok=True)
            change.before.rename(change.path)
    for change in wanted:
        if change.kind == "gone":
            (folder / GIVEN / f"{change.slug}.py").unlink(missing_ok=True)
            continue
        exercise = catalog.catalog().exercise(change.slug)
        if change.kind == "replaced" or (change.kind == "new" and not change.path.exists()):
            files.copy(exercise.stub, change.path)
        for former in exercise.former:
            (folder / GIVEN / f"{former}.py").unlink(missing_ok=True)
        remember(exercise, folder)
    for exercise in catalog.catalog():  # of a workspace older than its copies, what is still the stub
        path = _file(folder, exercise.day, exercise.slug)
        if (
            path is not None
            and given(exercise, folder) is None
            and _read(path) == exercise.stub.read_text(encoding="utf-8")
        ):
            remember(exercise, folder)


def unsaid(folder: Path) -> list[Change]:
    """The changes, where they have not been told yet; from then on they count as told."""
    if not (folder / GIVEN).is_dir():
        return []
    found = changes(folder)
    if not found:
        return []
    import hashlib  # loads OpenSSL, for which no other command need wait

    digest = hashlib.sha256(repr(found).encode("utf-8", "surrogatepass")).hexdigest()
    if _read(folder / _TOLD) == digest:
        return []
    with contextlib.suppress(OSError):
        files.write(folder / _TOLD, digest, lasting=False)
    return found


def _file(folder: Path, day: str, slug: str) -> Path | None:
    places = (folder / day / f"{slug}.py", folder / f"{slug}.py")
    return next((path for path in places if path.is_file()), None)


def _elsewhere(folder: Path, slug: str) -> Path | None:
    found = sorted(folder.glob(f"*/{slug}.py")) + sorted(folder.glob(f"{slug}.py"))
    return found[0] if found else None


def _read(path: Path) -> str | None:
    try:
        return path.read_bytes().decode("utf-8", "replace").replace("\r\n", "\n")
    except OSError:
        return None


def _diff(old: str, new: str, slug: str) -> str:
    lines = difflib.unified_diff(old.splitlines(), new.splitlines(), f"{slug}.py", f"{slug}.py", lineterm="")
    return "\n".join(lines)

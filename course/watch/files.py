"""Which exercises' files changed. watchfiles says when to look; what changed is found by looking."""

from __future__ import annotations

import ast
import threading
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import watchfiles

from course.content.catalog import Exercise
from course.learner import workspace

# Milliseconds without a further change after which a save counts as finished, and the longest to wait for that.
_QUIET, _LONGEST = 10, 100
# Looking anyway, for what no event tells of: a day's folder put back, a network file system.
_LOOK_EVERY = 2_000


@dataclass(frozen=True)
class Change:
    """Exercises whose file was written, replaced, deleted or put back, and those of them whose code is another now.

    A notebook holds many exercises: saved, it concerns them all, but few of them were rewritten.
    """

    exercises: list[Exercise]
    rewritten: list[Exercise]


class Watched:
    """The files of these exercises in a workspace. Whatever changes from its making on is told, by `changes`."""

    def __init__(self, folder: Path, exercises: Sequence[Exercise]) -> None:
        self._folder = folder
        self._exercises = exercises
        self._days = sorted({exercise.day for exercise in exercises})
        self._seen = {exercise.slug: _files(exercise, folder) for exercise in exercises}
        self._code = {exercise.slug: _code(exercise, folder) for exercise in exercises}
        self._emptied: set[str] = set()

    def changes(self, stop: threading.Event) -> Iterator[Change]:
        """What changed, each time something did, until `stop` is set."""
        while not stop.is_set():
            watched = self._folders()
            if not watched:
                stop.wait(_LOOK_EVERY / 1000)
                continue
            for _ in watchfiles.watch(
                *watched,
                recursive=False,
                watch_filter=None,
                debounce=_LONGEST,
                step=_QUIET,
                rust_timeout=_LOOK_EVERY,
                yield_on_timeout=True,
                stop_event=stop,
                raise_interrupt=False,
            ):
                found = [exercise for exercise in self._exercises if self._changed(exercise)]
                if found:
                    yield Change(found, [exercise for exercise in found if self._rewritten(exercise)])
                if watched != self._folders():
                    break

    def _folders(self) -> list[Path]:
        # Not what lies below: there may be a virtual environment in a workspace.
        return [path for path in (self._folder, *(self._folder / day for day in self._days)) if path.is_dir()]

    def _changed(self, exercise: Exercise) -> bool:
        before, now = self._seen[exercise.slug], _files(exercise, self._folder)
        if _emptied(before, now) and exercise.slug not in self._emptied:
            self._emptied.add(exercise.slug)  # about to be written, most likely: the next look tells
            return False
        self._emptied.discard(exercise.slug)
        self._seen[exercise.slug] = now
        return now != before

    def _rewritten(self, exercise: Exercise) -> bool:
        before, now = self._code[exercise.slug], _code(exercise, self._folder)
        self._code[exercise.slug] = now
        return now != before


_State = tuple[str, int, int, int]


def _emptied(before: Sequence[_State], now: Sequence[_State]) -> bool:
    """Whether a file that held something is empty: many editors save by emptying it first."""
    held = {path for path, _, size, _ in before if size}
    return any(path in held and not size for path, _, size, _ in now)


def _files(exercise: Exercise, folder: Path) -> list[_State]:
    """What tells one state of an exercise's files from another, without reading them."""
    found = []
    for path in (workspace.locate(exercise, folder), *workspace.notebooks(exercise, folder)):
        try:
            state = path.stat()
        except OSError:
            continue
        found.append((str(path), state.st_mtime_ns, state.st_size, state.st_ino))
    return found


def _code(exercise: Exercise, folder: Path) -> tuple[str, object]:
    """The code for an exercise; of a notebook what it asks for, whatever else is in there."""
    subject = workspace.subject(exercise, folder)
    defined = subject.definitions
    if defined is None:
        return subject.path, subject.source
    found = [defined.get(name) for name in subject.wanted]
    return subject.path, [ast.dump(each) if each is not None else None for each in found]

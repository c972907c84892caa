"""Which exercises' files changed. watchfiles says when to look; what changed is found by looking."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Sequence
from pathlib import Path

import watchfiles

from course import workspace
from course.catalog import Exercise

# Milliseconds without a further change after which a save counts as finished, and the longest to wait for that.
_QUIET, _LONGEST = 10, 100
# Looking anyway, for what no event tells of: a day's folder put back, a network file system.
_LOOK_EVERY = 2_000


class Watched:
    """The files of these exercises in a workspace. Whatever changes from its making on is told, by `changes`."""

    def __init__(self, folder: Path, exercises: Sequence[Exercise]) -> None:
        self._folder = folder
        self._exercises = exercises
        self._days = sorted({exercise.day for exercise in exercises})
        self._seen = {exercise.slug: _signature(exercise, folder) for exercise in exercises}

    def changes(self, stop: threading.Event) -> Iterator[list[Exercise]]:
        """The exercises whose file was written, replaced, deleted or put back, each time some were, until `stop` is set."""
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
                    yield found
                if watched != self._folders():
                    break

    def _folders(self) -> list[Path]:
        # Not what lies below: there may be a virtual environment in a workspace.
        return [path for path in (self._folder, *(self._folder / day for day in self._days)) if path.is_dir()]

    def _changed(self, exercise: Exercise) -> bool:
        before, now = self._seen[exercise.slug], _signature(exercise, self._folder)
        self._seen[exercise.slug] = now
        return now != before


def _signature(exercise: Exercise, folder: Path) -> tuple[str, int, int, int] | None:
    path = workspace.locate(exercise, folder)
    try:
        found = path.stat()
    except OSError:
        return None
    return str(path), found.st_mtime_ns, found.st_size, found.st_ino

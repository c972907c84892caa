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

_Signature = tuple[str, int, int, int]


def changes(folder: Path, exercises: Sequence[Exercise], stop: threading.Event) -> Iterator[list[Exercise]]:
    """The exercises whose file was written, replaced, deleted or put back, each time some were, until `stop` is set."""
    seen = {exercise.slug: _signature(exercise, folder) for exercise in exercises}
    days = sorted({exercise.day for exercise in exercises})
    while not stop.is_set():
        # Not the folders below: a virtual environment may lie in a workspace.
        watched = [path for path in (folder, *(folder / day for day in days)) if path.is_dir()]
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
            found = []
            for exercise in exercises:
                signature = _signature(exercise, folder)
                if signature != seen[exercise.slug]:
                    seen[exercise.slug] = signature
                    found.append(exercise)
            if found:
                yield found
            if watched != [path for path in (folder, *(folder / day for day in days)) if path.is_dir()]:
                break


def _signature(exercise: Exercise, folder: Path) -> _Signature | None:
    path = workspace.locate(exercise, folder)
    try:
        found = path.stat()
    except OSError:
        return None
    return str(path), found.st_mtime_ns, found.st_size, found.st_ino

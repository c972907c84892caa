"""A worker's scratch folder, the only place where learners' code may write: whatever it holds, it is bounded and cleared away."""

from __future__ import annotations

import contextlib
import os
import stat
import tempfile
from collections.abc import Iterator
from pathlib import Path

# By these names programs look for a place to write, on one system or another.
VARIABLES = ("HOME", "USERPROFILE", "TMPDIR", "TMP", "TEMP")
# Looked at twice a second while a call runs.
DISK_LIMIT, FILES_LIMIT, DEPTH_LIMIT = 256 << 20, 2_000, 50


@contextlib.contextmanager
def made() -> Iterator[Path]:
    """A new folder in which scratch folders are made, cleared away at the end; raises OSError."""
    folder = Path(tempfile.mkdtemp(prefix="course-"))
    try:
        yield folder
    finally:
        clear(folder)


def floods(folder: Path, held: int = 0) -> bool:
    """Whether it holds more than a worker may write: bytes (those reserved, too), entries, folders within folders.

    `held` are bytes of removed files that count as well.
    """
    size, count = held, 0
    pending = [(str(folder), 0)]
    while pending:
        path, depth = pending.pop()
        entries = _entries(path)
        count += 1 + len(entries)
        if depth > DEPTH_LIMIT or count > FILES_LIMIT:
            return True
        for entry in entries:
            with contextlib.suppress(OSError):
                found = entry.stat(follow_symlinks=False)
                size += max(found.st_size, getattr(found, "st_blocks", 0) * 512)
                if stat.S_ISDIR(found.st_mode):
                    pending.append((entry.path, depth + 1))
        if size > DISK_LIMIT:
            return True
    return False


def clear(folder: Path) -> None:
    """Remove it, whatever names, modes and depth its contents have.

    What lies in a folder within is moved up before that folder is removed, so that no path gets long and nothing recurses.
    """
    moved = 0
    while entries := _entries(str(folder)):
        before = moved
        for entry in entries:
            with contextlib.suppress(OSError):
                if not entry.is_dir(follow_symlinks=False):
                    Path(entry.path).unlink()
                    moved += 1
                    continue
                for inner in _entries(entry.path):
                    if inner.is_dir(follow_symlinks=False):
                        _open(inner.path)  # a closed one cannot be moved
                    Path(inner.path).rename(folder / f".{moved}.cleared")
                    moved += 1
                Path(entry.path).rmdir()
                moved += 1
        if moved == before:
            return  # what cannot be removed goes with the folder around it, or stays
    with contextlib.suppress(OSError):
        folder.rmdir()


def _entries(path: str) -> list[os.DirEntry[str]]:
    """What a folder holds; one that was closed to its owner is opened first."""
    _open(path)
    try:
        with os.scandir(path) as found:
            return list(found)
    except OSError:
        return []


def _open(path: str) -> None:
    with contextlib.suppress(OSError):
        if os.lstat(path).st_mode & 0o700 != 0o700:
            Path(path).chmod(0o700)

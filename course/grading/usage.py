"""What a running worker uses beyond what the kernel's limits count: threads, memory, files that no folder shows any more.

Looked at from outside while the worker lives. Between two looks it may go on: a tenth of a second for threads and memory,
half a second for files.
"""

from __future__ import annotations

import contextlib
import os
import re
import stat
from pathlib import Path

from course.language.messages import marked
from course.worker import scratch
from course.worker.sandbox import Limits

FILES = marked("{call} wrote more files than a check allows.")
THREADS = marked("{call} started more threads than a check allows.")
MEMORY = marked("{call} used more memory than a check allows.")

THREADS_LIMIT = 512 + 4 * (os.cpu_count() or 1)  # a training starts a dozen on two cores
# Memory that was written once and cannot be written any more, as libraries have it, is not in the kernel's data limit.
_READ_ONLY = 512 << 20
_LOOK_SECONDS, _LOOKS_AT_FILES = 0.1, 5
_NUMBERS = re.compile(r"^(Threads|RssAnon|RssShmem|VmSwap):\s+(\d+)", re.MULTILINE)


class Usage:
    """One worker's, from its process id, its scratch folder and its data limit in bytes."""

    interval = _LOOK_SECONDS

    def __init__(self, pid: int, folder: Path, data: int) -> None:
        self._process = Path("/proc") / str(pid)
        self._folder = folder
        self._data = data
        # A line of maps(5): ADDRESSES PERMISSIONS OFFSET DEVICE INODE PATH (deleted)
        place = re.escape(os.fsencode(os.path.realpath(folder)))
        self._removed = re.compile(rb"^\S+ \S+ \S+ \S+ (\d+) +" + place + rb"/.* \(deleted\)$", re.MULTILINE)
        self._looks = 0

    def excess(self) -> str | None:
        """FILES, THREADS or MEMORY where there is too much of it now; to be asked every `interval` seconds."""
        self._looks += 1
        status = self._status()
        if status.get("Threads", 0) > THREADS_LIMIT:
            return THREADS
        if (
            sum(status.get(name, 0) for name in ("RssAnon", "RssShmem", "VmSwap")) * 1024
            > self._data + _READ_ONLY
        ):
            return MEMORY
        if self._looks % _LOOKS_AT_FILES == 0 and scratch.floods(self._folder, self._held()):
            return FILES
        return None

    def _status(self) -> dict[str, int]:
        # There is no such folder on other systems, and none any more for a process that has ended.
        with contextlib.suppress(OSError):
            text = (self._process / "status").read_text(encoding="utf-8", errors="replace")
            return {name: int(value) for name, value in _NUMBERS.findall(text)}
        return {}

    def _held(self) -> int:
        """Bytes of removed files that are still open, or mapped: of these only a bound is known."""
        held: dict[int, int] = {}
        with contextlib.suppress(OSError):
            for name in os.listdir(self._process / "fd"):
                with contextlib.suppress(OSError):
                    found = (self._process / "fd" / name).stat()
                    if stat.S_ISREG(found.st_mode) and not found.st_nlink:
                        held[found.st_ino] = max(found.st_size, found.st_blocks * 512)
        with contextlib.suppress(OSError):
            maps = (self._process / "maps").read_bytes()
            for inode in self._removed.findall(maps):
                held.setdefault(int(inode), Limits.file_size)
        return sum(held.values())

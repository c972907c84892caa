"""The process that graders are forked from, and how it is told of each. Imports little: a command starts it before all else.

What graders import takes longer than what a command does until it knows what to grade.
"""

from __future__ import annotations

import contextlib
import json
import os
import socket
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from course.worker import imports

_MODULE = "course.grading.process"
_ahead: Source | None = None


class Source:
    """A process that has imported what graders import, or is at it, and forks itself for each line that it is handed."""

    def __init__(self, *, late: bool = False) -> None:
        """Start it; raises OSError. `late` has it import beforehand what NumPy loads when it is first used."""
        self.control, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        with theirs:
            words = ["--control", str(theirs.fileno()), *(["--late"] if late else [])]
            null = subprocess.DEVNULL
            self.process = _started(words, pass_fds=[theirs.fileno()], stdin=null, stdout=null)

    def fork(
        self, tasks: int, events: int, zygotes: Mapping[str, int], folder: Path, *, strict: bool
    ) -> None:
        """Have a grader take tasks in and tell events; where the process has ended, so have they."""
        with contextlib.suppress(OSError):
            message = line(list(zygotes), folder, strict=strict)
            socket.send_fds(self.control, [message], [tasks, events, *zygotes.values()])


def line(runtimes: Sequence[str], folder: Path, *, strict: bool) -> bytes:
    """What a source is told of a grader, with descriptors: its tasks, its events, a control socket of each runtime's zygote."""
    return json.dumps(
        {"op": "fork", "runtimes": list(runtimes), "folder": str(folder), "strict": strict}
    ).encode()


def ahead() -> None:
    """Start a source for whatever this command will grade, where graders are forked; it ends with the command."""
    global _ahead
    if sys.platform == "linux" and os.environ.get("COURSE_START") != "alone":
        with contextlib.suppress(OSError):  # then there is none when it is wanted, either, and that is told
            _ahead = Source()


def source() -> Source:
    """The one started ahead, once; else a new one. Raises OSError."""
    global _ahead
    found, _ahead = _ahead, None
    return found or Source()


def alone(folder: Path, *, strict: bool) -> subprocess.Popen[bytes]:
    """A grader by itself, where nothing forks: tasks go into its input, events come out of its output."""
    words = ["--folder", str(folder), *(["--strict"] if strict else [])]
    return _started(words, stdin=subprocess.PIPE, stdout=subprocess.PIPE)


def _started(words: Sequence[str], **streams: Any) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [*imports.command(_MODULE), "--parent", str(os.getpid()), *words],
        stderr=None if os.environ.get("COURSE_DEBUG") else subprocess.DEVNULL,
        env={
            **os.environ,
            "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1",
            "OPENBLAS_NUM_THREADS": "1",
            "PYTHONUTF8": "1",
        },
        **streams,
    )

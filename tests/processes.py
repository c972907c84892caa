"""The processes a command has started: zygotes, workers and graders, seen from outside, coming and going."""

from __future__ import annotations

import contextlib
import itertools

import psutil


def started_by(parent: int, module: str = "") -> set[psutil.Process]:
    """Running ones that name PARENT as theirs on their command line, and those that these started."""
    found = {
        process
        for process in psutil.process_iter(["cmdline"])
        if (line := process.info["cmdline"])
        and ("--parent", str(parent)) in itertools.pairwise(line)
        and any(module in word for word in line)
        and running(process)
    }
    return found.union(*(started_by(process.pid, module) for process in found if process.pid != parent))


def running(process: psutil.Process) -> bool:
    """Whether it has not ended; one that nobody has waited for yet has."""
    with contextlib.suppress(psutil.NoSuchProcess):
        return process.is_running() and process.status() != psutil.STATUS_ZOMBIE
    return False

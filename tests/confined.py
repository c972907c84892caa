"""Code in a confined process of its own, as the user of the tests and as an ordinary one, and what it brings back."""

from __future__ import annotations

import ctypes
import json
import os
import select
import signal
import tempfile
import traceback
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from course.worker import sandbox, standins

NOBODY = 65534
_SECONDS = 120
_PR_SET_DUMPABLE = 4


def users() -> list[str]:
    """Who the tests can be: root also stands for an ordinary user."""
    return ["root", "ordinary"] if os.geteuid() == 0 else ["ordinary"]


def become(user: str) -> None:
    """Be an ordinary user from now on, where root is asked to."""
    if user == "ordinary" and os.geteuid() == 0:
        os.setgroups([])
        os.setgid(NOBODY)
        os.setuid(NOBODY)
        ctypes.CDLL(None).prctl(_PR_SET_DUMPABLE, 1, 0, 0, 0)  # as after exec: /proc/self is its own


def open_folder(user: str) -> Path:
    """A new folder of that user's, wherever another user may pass; skips the test where there is none."""
    if user == "root" or os.geteuid() != 0:
        return Path(tempfile.mkdtemp())
    for parent in (tempfile.gettempdir(), "/tmp", "/var/tmp"):
        if all(place.stat().st_mode & 0o001 for place in (Path(parent), *Path(parent).resolve().parents)):
            folder = Path(tempfile.mkdtemp(dir=parent))
            os.chown(folder, NOBODY, NOBODY)
            return folder
    pytest.skip("no folder for temporary files is open to other users here")


def forked(code: Callable[[], Any], *, user: str) -> Any:
    """What `code` returns in a process of its own, by way of JSON; what it raises fails the test."""
    read_end, write_end = os.pipe()
    child = os.fork()
    if child == 0:
        try:
            os.close(read_end)
            try:
                become(user)
                said = {"value": code()}
            except BaseException:
                said = {"error": traceback.format_exc()}
            with os.fdopen(write_end, "w") as pipe:
                json.dump(said, pipe)
        finally:
            os._exit(0)
    os.close(write_end)
    with os.fdopen(read_end) as pipe:
        if not select.select([pipe], [], [], _SECONDS)[0]:
            os.kill(child, signal.SIGKILL)
        text = pipe.read()
    status = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    assert status == 0, f"the process ended with {status}"
    said = json.loads(text)
    assert "error" not in said, said["error"]
    return said["value"]


def confined(
    code: Callable[[], Any],
    scratch: Path,
    *,
    user: str,
    readable: Path,
    landlock: int | None = None,
) -> Any:
    """What `code` returns in a sandbox with this scratch folder and another folder to read."""

    allowed = [*sandbox.readable_paths([]), (str(readable), True)]

    def run() -> Any:
        os.chdir(scratch)
        tempfile.tempdir = str(scratch)
        standins.install()
        sandbox.apply(sandbox.Limits(data=2 << 30, cpu_seconds=_SECONDS), scratch, allowed, landlock)
        return code()

    return forked(run, user=user)

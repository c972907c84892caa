"""Command lines as this system's shells take them, to be typed by a learner."""

from __future__ import annotations

import shlex
import subprocess
import sys
from collections.abc import Sequence

WINDOWS = sys.platform == "win32"


def quoted(words: Sequence[str]) -> str:
    """One command; cmd and PowerShell know double quotes only."""
    return subprocess.list2cmdline(words) if WINDOWS else shlex.join(words)


def inside(folder: str, command: str) -> str:
    """A command in a folder; alone where one is there already.

    cmd and PowerShell 5.1 share no sign for one after the other: there it is two lines.
    """
    if folder == ".":
        return command
    moved = quoted(["cd", folder])
    return f"\n    {moved}\n    {command}" if WINDOWS else f"{moved} && {command}"

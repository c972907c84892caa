"""`course serve` as its user starts it: a process in a workspace of its own."""

from __future__ import annotations

import contextlib
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

_COMMAND = [sys.executable, "-m", "course"]


@contextlib.contextmanager
def serving(folder: Path, *, workspace: bool = True, work_is_there: bool = False) -> Iterator[str]:
    """The address that it prints, with its key; ended on exit.

    The store is in FOLDER/data, the workspace in FOLDER/work; without one it is started in FOLDER, and one that
    is there already is taken as it is.
    """
    environment = {
        **os.environ,
        "COURSE_DATA": str(folder / "data"),
        "COURSE_CACHE": str(folder / "cache"),
        "COURSE_LANG": "en",
        "PYTHONUNBUFFERED": "1",
    }
    if workspace and not work_is_there:
        start = [*_COMMAND, "start", str(folder / "work")]
        subprocess.run(start, env=environment, check=True, capture_output=True)
    server = subprocess.Popen(
        [*_COMMAND, "serve", "--port", "0", "--no-open"],
        cwd=folder / "work" if workspace else folder,
        env=environment,
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        line = server.stdout.readline()
        yield next(word for word in line.split() if word.startswith("http")).rstrip("/")
    finally:
        server.terminate()
        server.communicate()

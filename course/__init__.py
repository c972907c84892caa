"""An auto-graded course in deep learning: exercises, graders one can trust, and the command `course`."""

from __future__ import annotations

from importlib.metadata import PackageNotFoundError, version
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

    from course.results import Report

try:
    __version__ = version("deep-learning-course")
except PackageNotFoundError:  # run from a source tree that was never installed
    __version__ = "0"

__all__ = ["__version__", "check"]


def check(
    *names: str, submission: str | Path | None = None, seed: int | None = None, fresh: bool = False
) -> Report:
    """Grade days or exercises of a workspace, as `course check` does, and return the report.

    Args:
        names: days ("day10") or exercises ("lstm_gates"); none means everything.
        submission: a folder of solutions; by default the workspace around the current folder.
        seed: for the graders' random inputs; drawn anew by default.
        fresh: grade unchanged exercises again too.

    Raises:
        course.catalog.UnknownName: a name is neither a day nor an exercise.
        course.workspace.NoWorkspace: no workspace was found and no submission named.
    """
    from course.checking import check as run

    return run(names, submission=submission, seed=seed, fresh=fresh)

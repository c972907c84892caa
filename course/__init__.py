"""An auto-graded course in deep learning: exercises, graders one can trust, and the command `course`."""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pathlib import Path

    from course.results import Report

    __version__: str

    def quiz(*names: str, count: int | None = None, seed: int | None = None, new: bool = False) -> None:
        """Take a quiz; see course.quiz.notebook.take."""


__all__ = ["__version__", "check", "quiz"]


def check(
    *names: str, submission: str | Path | None = None, seed: int | None = None, fresh: bool = False
) -> Report:
    """Grade days or exercises, as `course check` does, and return the report.

    In a notebook what its cells have defined so far is graded, elsewhere the workspace.

    Args:
        names: days ("day10") or exercises ("lstm_gates"); none means everything, in a notebook all that it defines.
        submission: a folder of solutions or a notebook's file; by default the running notebook, or the workspace around
            the current folder.
        seed: for the graders' random inputs; drawn anew by default.
        fresh: grade unchanged exercises again too.

    Raises:
        course.catalog.UnknownName: a name is neither a day nor an exercise.
        course.workspace.NoWorkspace: no workspace was found and no submission named.
    """
    from course.notebook import live

    if submission is None and live.shell() is not None:
        return live.check(names, seed=seed, fresh=fresh)
    from course.checking import check as run

    return run(names, submission=submission, seed=seed, fresh=fresh)


def __getattr__(name: str) -> Any:
    """What takes a while to load, when it is first used: `course.quiz`, a package that can be called, and the version."""
    if name == "quiz":
        return importlib.import_module("course.quiz")
    if name == "__version__":
        return _version()
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def _version() -> str:
    from importlib.metadata import PackageNotFoundError, version

    try:
        return version("deep-learning-course")
    except PackageNotFoundError:  # run from a source tree that was never installed
        return "0"

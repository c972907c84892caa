"""Courses whose exercises grade themselves: graders one can trust, and the command `course`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pathlib import Path

    from course.results import Report

    __version__: str


__all__ = ["__version__", "check", "quiz"]


def check(
    *names: str, submission: str | Path | None = None, seed: int | None = None, fresh: bool = False
) -> Report:
    """Grade days or exercises, as `course check` does, and return the report.

    In a notebook what its cells have defined so far is graded, elsewhere the workspace.

    Args:
        names: days or exercises, by their names in `course list`; none means everything, in a notebook all that it defines.
        submission: a folder of solutions or a notebook's file; by default the running notebook, or the workspace around
            the current folder.
        seed: for the graders' random inputs; drawn anew by default.
        fresh: grade unchanged exercises again too.

    Raises:
        course.content.catalog.UnknownName: a name is neither a day nor an exercise.
        course.learner.workspace.NoWorkspace: no workspace was found and no submission named.
    """
    from course.notebook import live

    if live.shell() is not None:
        live.show_reports()
    if submission is None and live.shell() is not None:
        return live.check(names, seed=seed, fresh=fresh)
    from course.checking import check as run

    return run(names, submission=submission, seed=seed, fresh=fresh)


def quiz(*names: str, count: int | None = None, seed: int | None = None, new: bool = False) -> None:
    """Take a quiz on days, topics or everything; answers are kept as by `course quiz`.

    Args:
        names: days or topics; none means everything.
        count: how many questions; 10 by default.
        seed: chooses and draws the questions of this seed.
        new: begin again, even where an earlier quiz on these names was not finished.

    Raises:
        course.quizzes.errors.UnknownQuiz: a name is neither a day nor a topic.
    """
    from course.notebook.quiz import take

    take(*names, count=count, seed=seed, new=new)


def __getattr__(name: str) -> Any:
    """The version, looked up when it is asked for."""
    if name == "__version__":
        from course.system import program

        return program.version()
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")

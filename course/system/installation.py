"""What is installed beside the program, and how more is installed in the way the program itself was."""

from __future__ import annotations

import functools
import importlib.machinery
import importlib.util
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from course.language.messages import Message, marked, say
from course.system import program, shell
from course.system.program import NAME

if TYPE_CHECKING:
    from packaging.requirements import Requirement


def kind() -> str:
    """How the program was installed: pipx, uv-tool, checkout (also an editable installation) or wheel."""
    prefix = Path(sys.prefix).as_posix()
    if "/pipx/venvs/" in prefix:
        return "pipx"
    if "/uv/tools/" in prefix:
        return "uv-tool"
    return "checkout" if program.CONTENT != program.PACKAGE / "bundled" else "wheel"


def command(*libraries: str) -> str:
    """The command that installs libraries where this program finds them: what to type, in this system's shell."""
    words = {
        "pipx": ["pipx", "inject", NAME],
        "uv-tool": ["uv", "pip", "install", "--python", sys.executable],
    }.get(kind())
    if words is None:
        words = (
            [sys.executable, "-m", "pip", "install"]
            if has_pip()
            else ["uv", "pip", "install", "--python", sys.executable]
        )
    return shell.quoted([*words, *libraries])


def command_for(extra: str) -> str:
    """The same for the libraries of one of the course's extras, such as `web`; of a checkout, as it was installed."""
    if kind() == "checkout":
        return command("-e", f"{program.CONTENT}[{extra}]")
    return command(*_libraries(extra))


def installed(name: str) -> bool:
    """Whether a library can be imported, without doing so."""
    try:
        return importlib.util.find_spec(name) is not None
    except (ImportError, ValueError):
        return False


def has_pip() -> bool:
    """Whether there is pip. Setuptools takes being asked for it as pip running: this process could not import nbgrader after."""
    return importlib.machinery.PathFinder.find_spec("pip") is not None


class Runtime(Protocol):
    """What of a runtime (course.worker.runtimes) says what it needs: a module, and what to install for it."""

    @property
    def needs(self) -> str:
        """The module."""

    @property
    def distribution(self) -> str:
        """The package that brings it."""


@functools.cache
def missing(runtime: Runtime) -> Message | None:
    """What keeps a runtime's exercises from being checked and what to do about it, or None."""
    name = runtime.distribution
    if installed(runtime.needs.partition(".")[0]):
        return None
    if name != "tensorflow" or has_wheels():
        needs = marked("{library} is not installed, and this exercise needs it: {command}")
        return say(needs, library=name, command=command(f"{name}>=2.18" if name == "tensorflow" else name))
    return say(
        "This exercise needs TensorFlow, which has no version for this system or this Python (it has for Python 3.11 to 3.13 on"
        " Linux, Windows with an x64 processor and Macs with Apple silicon). All other exercises and the quizzes work."
    )


def has_wheels() -> bool:
    """Whether TensorFlow is required here: where it has wheels."""
    needed = _requirements()
    return needed is None or any(
        each.name == "tensorflow" and (each.marker is None or each.marker.evaluate()) for each in needed
    )


def _requirements() -> list[Requirement] | None:
    """What the installed program asks for; None where it is not installed."""
    from importlib import metadata  # takes longer than a whole NumPy exercise

    from packaging.requirements import Requirement

    try:
        return [Requirement(line) for line in metadata.requires(NAME) or []]
    except metadata.PackageNotFoundError:
        return None


def _libraries(extra: str) -> list[str]:
    needed = _requirements()
    if needed is None:
        return [f"{program.CONTENT}[{extra}]"]
    return [
        f"{each.name}{each.specifier}"
        for each in needed
        if each.marker is not None and not each.marker.evaluate() and each.marker.evaluate({"extra": extra})
    ]

"""What a learner's code ran without, on a system that cannot confine it wholly: said once, then only when it changes."""

from __future__ import annotations

import contextlib
from collections.abc import Collection

from course.language import gettext as _
from course.language.messages import marked
from course.processes import zygotes
from course.system import files, folders

# As course.worker.sandbox.apply names them.
_WORDS = {
    "confinement": marked("any confinement (COURSE_SANDBOX=off)"),
    "limits": marked("limits on memory, processor time and disk space"),
    "privileges": marked("giving up privileges"),
    "landlock": marked("closing off your files (Landlock)"),
    "seccomp": marked("closing off the network and other processes (seccomp)"),
}

# As course.worker.sandbox.problem and course.processes.zygotes.problem name them; nothing there speaks a language.
_REASONS = (
    marked("the kernel has no Landlock (Linux 5.13 or newer, with landlock among its security modules)"),
    marked("the kernel has no seccomp filters, or a container denies them"),
    marked("this system is not Linux"),
)
_SAID = "protection.txt"


def reason() -> str | None:
    """Why other people's code cannot be confined here, in the language in use, or None."""
    found = zygotes.problem()
    return found if found not in _REASONS else _(found)


def words(lacking: Collection[str]) -> str:
    """What is missing, in the language in use."""
    return ", ".join(_(text) for name, text in _WORDS.items() if name in lacking)


def note(lacking: Collection[str]) -> str | None:
    """What to tell a learner of it; None where nothing is missing or this has been said before."""
    missing = " ".join(sorted(lacking))
    before = ""
    with contextlib.suppress(OSError, UnicodeDecodeError):
        before = (folders.cache() / _SAID).read_text(encoding="utf-8")
    if not missing or missing == before:
        return None
    with contextlib.suppress(OSError):
        files.write(folders.cache() / _SAID, missing)
    text = _(
        "Your code is checked as a process of its own with a time limit, but this system does without: {missing}. That is fine"
        " for your own code; other people's is graded only where nothing is missing. `course doctor` says more."
    )
    return text.format(missing=words(lacking))

"""What a worker gives up before it reads a learner's code: limits, capabilities, files, network, processes.

Linux only, no privileges needed. Everything here fails closed unless it is asked to do in part: what cannot be set up raises
SandboxError. Landlock takes away files; seccomp leaves the system calls that are listed with a reason, and of those what
concerns the worker itself.

What one worker can still let another know, as no table can take it away: when a file was last read, which pages are in memory or
waited at, the load, which process ids are taken. That is bearable, as no worker holds anything that is of use to another one:
each submission's data is drawn for it alone.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from pathlib import Path

from course.worker.sandbox import filter as calls_filter
from course.worker.sandbox import kernel, landlock, limits
from course.worker.sandbox.kernel import AVAILABLE, SandboxError, die_with_parent, ends_with_parent
from course.worker.sandbox.landlock import readable_paths
from course.worker.sandbox.landlock import version as landlock_version
from course.worker.sandbox.limits import Limits, limit_memory

__all__ = [
    "AVAILABLE",
    "Limits",
    "SandboxError",
    "apply",
    "die_with_parent",
    "ends_with_parent",
    "has_seccomp",
    "landlock_version",
    "limit_memory",
    "prepare",
    "problem",
    "readable_paths",
]

_PR_SET_NO_NEW_PRIVS = 38


def apply(
    allowed: Limits,
    scratch: Path,
    readable: list[tuple[str, bool]],
    landlock_version: int | None = None,
    *,
    partly: bool = False,
) -> list[str]:
    """Confine this process for good. `readable` comes from readable_paths(); `scratch` is the one writable folder.

    What cannot be had raises SandboxError, or `partly` is listed by name: limits, privileges, landlock, seccomp.
    `landlock_version` acts as an older kernel would, for tests.
    """
    steps: dict[str, Callable[[], None]] = {
        "limits": lambda: limits.impose(allowed),
        "privileges": _give_up_privileges,
        "landlock": lambda: landlock.restrict(scratch, readable, landlock_version),
        "seccomp": calls_filter.install,
    }
    lacking = []
    for name, step in steps.items():
        try:
            step()
        except (SandboxError, OSError, ValueError, ImportError) as error:
            if not partly:
                raise SandboxError(str(error)) from error
            lacking.append(name)
    return lacking


def _give_up_privileges() -> None:
    limits.drop_capabilities()
    if kernel.prctl(_PR_SET_NO_NEW_PRIVS, 1):
        raise SandboxError("no_new_privs was refused")


def prepare() -> None:
    """Have ready what all workers have in common: each would take a millisecond for it."""
    if AVAILABLE:
        with contextlib.suppress(SandboxError):  # which each worker is told itself
            calls_filter.prepared()


def has_seccomp() -> bool:
    """Whether system calls can be filtered here."""
    try:
        return AVAILABLE and calls_filter.available()
    except SandboxError:
        return False


def problem() -> str | None:
    """Why a worker cannot be confined here, or None."""
    if not AVAILABLE:
        return "this system is not Linux"
    try:
        kernel.machine()
    except SandboxError as error:
        return str(error)
    if landlock.version() < 1:
        return "the kernel has no Landlock (Linux 5.13 or newer, with landlock among its security modules)"
    if not has_seccomp():
        return "the kernel has no seccomp filters, or a container denies them"
    return None

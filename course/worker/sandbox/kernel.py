"""Raw system calls, and which machine this is."""

from __future__ import annotations

import ctypes
import os
import platform
import sys

AVAILABLE = sys.platform == "linux"
# Where a call's number stands in the tables: x86_64 first, aarch64 second.
MACHINES = {"x86_64": 0, "aarch64": 1}

_PRCTL = (157, 167)
_PR_SET_PDEATHSIG = 1

_libc = ctypes.CDLL(None, use_errno=True) if AVAILABLE else None


class SandboxError(RuntimeError):
    """The system cannot confine a worker."""


def machine() -> int:
    """The column of this machine in the tables; raises SandboxError where there is none."""
    which = MACHINES.get(platform.machine())
    if which is None:
        raise SandboxError(f"no system call table for {platform.machine()}")
    return which


def die_with_parent(parent: int) -> None:
    """Ask the kernel to kill this process when its parent ends; leave at once where it already has."""
    if not AVAILABLE:
        return  # a worker there ends when its channel closes
    prctl(_PR_SET_PDEATHSIG, 9)
    if os.getppid() != parent:
        os._exit(1)


def ends_with_parent() -> bool:
    """Whether die_with_parent() does anything here."""
    return AVAILABLE and prctl(_PR_SET_PDEATHSIG, 0) == 0


def prctl(option: int, value: int) -> int:
    """Set or read one option of this process, as prctl does; 0 or more on success."""
    return syscall(_PRCTL[MACHINES.get(platform.machine(), 0)], option, value, 0, 0, 0)


def syscall(number: int, *arguments: bytes | int | None) -> int:
    """One system call; -1 where it failed. Raises SandboxError on other systems."""
    if _libc is None:
        raise SandboxError("this system is not Linux")
    converted = [ctypes.c_char_p(a) if isinstance(a, bytes) else ctypes.c_long(a or 0) for a in arguments]
    _libc.syscall.restype = ctypes.c_long
    return int(_libc.syscall(ctypes.c_long(number), *converted))

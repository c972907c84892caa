"""Landlock: the one folder where a worker may write, and what it may read. See landlock(7).

What version 1 does not govern, the filter denies: truncating by path (version 3), devices (5), TCP (4), signals and abstract
sockets (6).
"""

from __future__ import annotations

import os
import struct
import sys
import sysconfig
from pathlib import Path

from course.worker import imports
from course.worker.sandbox import kernel

_CREATE, _ADD, _RESTRICT = 444, 445, 446
_WRITE_FILE, _READ_FILE, _READ_DIR = 1 << 1, 1 << 2, 1 << 3
_REMOVE_DIR, _REMOVE_FILE, _MAKE_DIR, _MAKE_REG = 1 << 4, 1 << 5, 1 << 7, 1 << 8
_REFER, _TRUNCATE = 1 << 13, 1 << 14
_FILES_OF_FIRST = (1 << 13) - 1
# Rights over files, over TCP ports, over signals and abstract sockets, by the version that brought them
_FILES = {2: _REFER, 3: _TRUNCATE, 5: 1 << 15}
_TCP, _SCOPES = (4, 3), (6, 3)


def version() -> int:
    """The kernel's, 0 where it has none."""
    return max(0, kernel.syscall(_CREATE, None, 0, 1)) if kernel.AVAILABLE else 0


def restrict(scratch: Path, readable: list[tuple[str, bool]], at_most: int | None = None) -> None:
    """Confine this process for good; `at_most` acts as a kernel of that version would. Raises SandboxError."""
    known = version() if at_most is None else min(version(), at_most)
    if known < 1:
        raise kernel.SandboxError("the kernel has no Landlock")
    if len(os.listdir("/proc/self/task")) > 1:
        raise kernel.SandboxError("a thread was started before, which Landlock would not confine")
    files = _FILES_OF_FIRST
    for since, right in _FILES.items():
        files |= right if known >= since else 0
    attributes = struct.pack("=Q", files)
    for since, rights in (_TCP, _SCOPES):
        attributes += struct.pack("=Q", rights) if known >= since else b""
    ruleset = kernel.syscall(_CREATE, attributes, len(attributes), 0)
    if ruleset < 0:
        raise kernel.SandboxError("Landlock refused a rule set")
    write = (_WRITE_FILE | _TRUNCATE) & files
    own = write | _READ_FILE | _READ_DIR | _REMOVE_DIR | _REMOVE_FILE | _MAKE_DIR | _MAKE_REG | _REFER & files
    for path, whole in readable:
        _allow(ruleset, path, _READ_FILE | _READ_DIR if whole else _READ_DIR)
    _allow(ruleset, f"/proc/{os.getpid()}", _READ_FILE | _READ_DIR)
    _allow(ruleset, "/dev/null", _READ_FILE | write)
    _allow(ruleset, str(scratch), own)
    if kernel.syscall(_RESTRICT, ruleset, 0):
        raise kernel.SandboxError("Landlock refused to restrict this process")
    os.close(ruleset)


def readable_paths(secrets: list[Path]) -> list[tuple[str, bool]]:
    """Files and folders a worker may read, each with whether everything below it counts too.

    That is Python, its packages and the system's libraries, less the folders `secrets`, wherever they lie.
    """
    names = ("stdlib", "platstdlib", "purelib", "platlib")
    roots = {sysconfig.get_path(name) for name in names}
    roots |= imports.importable(sys.path)
    roots |= {os.path.join(sys.base_prefix, "lib"), os.path.join(sys.base_prefix, "lib64")}
    roots |= {
        "/lib",
        "/lib64",
        "/usr/lib",
        "/usr/lib64",
        "/usr/local/lib",
        "/usr/share/zoneinfo",
        "/sys/devices/system",
    }
    roots |= {
        "/etc/ld.so.cache",
        "/etc/localtime",
        "/proc/cpuinfo",
        "/proc/meminfo",
        "/dev/urandom",
        "/dev/random",
    }
    granted: dict[str, bool] = {}
    hidden = [str(secret.resolve()) for secret in secrets]
    for root in sorted({os.path.realpath(root) for root in roots}):
        _grant(root, hidden, granted)
    return sorted(granted.items())


def _grant(path: str, hidden: list[str], granted: dict[str, bool]) -> None:
    if not os.path.exists(path) or any(
        path == secret or path.startswith(secret + os.sep) for secret in hidden
    ):
        return
    if any(granted.get(str(above)) for above in Path(path).parents):
        return  # with what is around it; each rule costs every worker its time
    if not any(secret.startswith(path + os.sep) for secret in hidden):
        granted[path] = True
        return
    # A hidden folder lies below: its names can be listed (imports need the listing), its files cannot be read.
    granted[path] = False
    for entry in os.scandir(path):
        _grant(os.path.realpath(entry.path), hidden, granted)


def _allow(ruleset: int, path: str, access: int) -> None:
    try:
        target = os.open(path, os.O_PATH | os.O_CLOEXEC)
    except OSError:
        return  # gone since it was listed: then there is nothing to allow
    try:
        if not os.path.isdir(path):
            access &= ~_READ_DIR
        if access and kernel.syscall(_ADD, ruleset, 1, struct.pack("=Qi", access, target), 0):
            raise kernel.SandboxError(f"Landlock refused a rule for {path}")
    finally:
        os.close(target)

"""Where a user's keepers are, told without importing anything of the program: a command may have nothing else to do.

Each keeper listens in a folder of its own (course.processes.keeper.address). Beside these stands one socket for each program and
environment, on which whole commands are handed over.
"""

from __future__ import annotations

import contextlib
import os
import stat
import sys
import zlib
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import socket

MINUTES = 10.0
# As long as any answer may take: one that hangs costs a command this much, once.
SECONDS = 1.0
_ANY = ("COURSE_LANG", "COURSE_KEEP", "COURSE_DATA", "COURSE_DEBUG")
_PACKAGE = __file__.rsplit(os.sep, 3)[0]


def minutes() -> float:
    """How long a keeper stays without work: COURSE_KEEP, else ten minutes, and none where nobody comes back (CI)."""
    given = os.environ.get("COURSE_KEEP", "")
    with contextlib.suppress(ValueError):
        found = float(given)
        return found if found > 0 else 0.0  # nan is not above 0
    return 0.0 if os.environ.get("CI") else MINUTES


def root() -> str:
    """The user's folder of keepers, there or not; raises OSError where what is there is not theirs alone."""
    base = os.environ.get("XDG_RUNTIME_DIR")
    if not base:
        import tempfile

        base = tempfile.gettempdir()
    folder = os.path.join(base, f"course-{os.getuid()}")
    try:
        found = os.lstat(folder)
    except FileNotFoundError:
        return folder
    if not stat.S_ISDIR(found.st_mode) or found.st_uid != os.getuid() or found.st_mode & 0o077:
        raise PermissionError(f"{folder} is not a folder of this user alone")
    return folder


def settings() -> list[tuple[str, str]]:
    """What of the environment decides how this program's processes are made."""
    return sorted(
        (name, value)
        for name, value in os.environ.items()
        if name in ("HOME", "LD_LIBRARY_PATH")
        or (name.startswith(("COURSE_", "PYTHON")) and name not in _ANY)
    )


def commands() -> str:
    """The socket for whole commands of this program in this environment; who listens there looks closer."""
    told = repr((sys.executable, sys.version, _PACKAGE, settings())).encode("utf-8", "surrogatepass")
    return os.path.join(root(), f"commands-{zlib.crc32(told):08x}")


def taken_in() -> bool:
    """Whether somebody may be there who runs whole commands; a command that finds nobody has lost no time."""
    try:
        return sys.platform == "linux" and minutes() > 0 and os.path.exists(commands())
    except OSError:
        return False


def connect(address: str) -> socket.socket | None:
    """A connection to what listens there, if it is this user's."""
    import socket

    connection = socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    connection.settimeout(SECONDS)
    try:
        connection.connect(address)
        if peer(connection)[1] == os.getuid():
            return connection
    except OSError:
        pass
    connection.close()
    return None


def peer(connection: socket.socket) -> tuple[int, int]:
    """Process and user at the other end."""
    import socket
    import struct

    size = struct.calcsize("3i")
    pid, uid, _gid = struct.unpack("3i", connection.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, size))
    return pid, uid

"""Where a user's keepers listen: in a folder that is theirs alone, one for each program, environment and settings."""

from __future__ import annotations

import contextlib
import hashlib
import math
import os
import stat
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from course.content import catalog
from course.processes import zygotes
from course.worker import imports

MINUTES = 10.0
SOCKET = "socket"
_LONGEST = 100  # a socket's address holds 107 bytes
_ANY = ("COURSE_LANG", "COURSE_KEEP", "COURSE_DATA", "COURSE_DEBUG")
_SITES = ("site-packages", "dist-packages")


def minutes() -> float:
    """How long a keeper stays without work: COURSE_KEEP, else ten minutes, and none where nobody comes back (CI)."""
    given = os.environ.get("COURSE_KEEP", "")
    with contextlib.suppress(ValueError):
        found = float(given)
        return found if found > 0 and not math.isnan(found) else 0.0
    return 0.0 if os.environ.get("CI") else MINUTES


def wanted() -> bool:
    """Whether commands are to use a keeper here."""
    return zygotes.forks() and minutes() > 0


def root() -> Path:
    """The user's folder of keepers, there or not; raises OSError where what is there is not theirs alone."""
    base = os.environ.get("XDG_RUNTIME_DIR") or tempfile.gettempdir()
    folder = Path(base) / f"course-{os.getuid()}"
    try:
        found = folder.lstat()
    except FileNotFoundError:
        return folder
    if not stat.S_ISDIR(found.st_mode) or found.st_uid != os.getuid() or found.st_mode & 0o077:
        raise PermissionError(f"{folder} is not a folder of this user alone")
    return folder


def folder() -> Path:
    """Where the keeper of this program and environment listens; raises OSError."""
    found = root() / key()
    if len(os.fsencode(found / SOCKET)) > _LONGEST:
        raise OSError(f"{found} is too long an address")
    return found


def key() -> str:
    """A digest of what its processes were made of: they are of no use once any of it has changed."""
    digest = hashlib.sha256()
    for part in (
        sys.executable,
        sys.version,
        str(catalog.catalog().root),
        imports.search_path(),
        _settings(),
        *_stamps(),
    ):
        digest.update(repr(part).encode("utf-8", "surrogatepass"))
    return digest.hexdigest()[:16]


def _settings() -> list[tuple[str, str]]:
    return sorted(
        (name, value)
        for name, value in os.environ.items()
        if name in ("HOME", "LD_LIBRARY_PATH")
        or (name.startswith(("COURSE_", "PYTHON")) and name not in _ANY)
    )


def _stamps() -> Iterator[tuple[str, int, int]]:
    """The program's files, what the graders share, and the folders of packages, each with when it was changed."""
    course = catalog.catalog()
    paths = [str(course.manifest), *map(str, course.shared), *_modules(str(catalog.PACKAGE))]
    paths += [entry for entry in imports.search_path() if entry.endswith(_SITES)]
    for path in sorted(paths):
        with contextlib.suppress(OSError):
            found = os.stat(path)
            yield path, found.st_mtime_ns, 0 if stat.S_ISDIR(found.st_mode) else found.st_size


def _modules(folder: str) -> Iterator[str]:
    with os.scandir(folder) as entries:
        for entry in entries:
            if entry.name.endswith(".py"):
                yield entry.path
            elif entry.is_dir(follow_symlinks=False) and entry.name not in (
                "__pycache__",
                "locale",
                "bundled",
            ):
                yield from _modules(entry.path)

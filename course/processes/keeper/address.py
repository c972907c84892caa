"""Where a user's keepers listen: in a folder that is theirs alone, one for each program, environment and settings."""

from __future__ import annotations

import contextlib
import hashlib
import os
import stat
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

from course.content import catalog
from course.processes import zygotes
from course.processes.keeper import place
from course.worker import imports

SOCKET = "socket"
_LONGEST = 100  # a socket's address holds 107 bytes
_SITES = ("site-packages", "dist-packages")


def wanted() -> bool:
    """Whether commands are to use a keeper here."""
    return zygotes.forks() and place.minutes() > 0


def root() -> Path:
    """The user's folder of keepers, there or not; raises OSError where what is there is not theirs alone."""
    return Path(place.root())


def folder() -> Path:
    """Where the keeper of this program and environment listens; raises OSError."""
    found = root() / key()
    if len(os.fsencode(found / SOCKET)) > _LONGEST:
        raise OSError(f"{found} is too long an address")
    return found


def key() -> str:
    """A digest of what its processes were made of: they are of no use once any of it has changed."""
    course = catalog.catalog()
    return _digest(program(), str(course.root), *_stamps([str(course.manifest), *map(str, course.shared)]))


def program() -> str:
    """The same of all that is no course's: this Python, its settings, the program's files and the folders of packages."""
    path = imports.search_path()
    files = [*_modules(str(catalog.PACKAGE)), *(entry for entry in path if entry.endswith(_SITES))]
    return _digest(sys.executable, sys.version, path, place.settings(), *_stamps(files))


def _digest(*parts: object) -> str:
    digest = hashlib.sha256()
    for part in parts:
        digest.update(repr(part).encode("utf-8", "surrogatepass"))
    return digest.hexdigest()[:16]


def _stamps(paths: Iterable[str]) -> Iterator[tuple[str, int, int]]:
    """Files and folders, and when each was changed."""
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

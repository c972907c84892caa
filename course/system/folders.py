"""Where a user's things are: what can be made again, and what cannot."""

from __future__ import annotations

import os
from pathlib import Path


class NoHome(OSError):
    """The user has no home folder, and no variable names another."""

    def __init__(self, variable: str) -> None:
        super().__init__(f"this user has no home folder; set {variable} to a folder that may be written")


def cache() -> Path:
    """For what can be made again: COURSE_CACHE, or the user's cache folder; raises NoHome."""
    return _folder("COURSE_CACHE", "user_cache_path")


def data() -> Path:
    """For the progress store: COURSE_DATA, or the user's data folder; raises NoHome."""
    return _folder("COURSE_DATA", "user_data_path")


def _folder(variable: str, kind: str) -> Path:
    if named := os.environ.get(variable):
        return Path(named)
    if not os.path.isabs(os.path.expanduser("~")):  # noqa: PTH111, PTH117  where nobody knows it, it is left as it is
        raise NoHome(variable)
    import platformdirs

    found: Path = getattr(platformdirs, kind)("course")
    return found

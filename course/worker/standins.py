"""Stand-ins for what Python's library expects of a system and a confined worker does not have."""

from __future__ import annotations

import os
import threading
from multiprocessing.context import BaseContext
from typing import Any


def install() -> None:
    """Put them in place, for good."""
    # Locks of multiprocessing are locks among threads here, as there are no further processes: thread pools need them.
    for name in ("Lock", "RLock", "Semaphore", "BoundedSemaphore"):
        made = getattr(threading, name)
        setattr(BaseContext, name, lambda _context, *arguments, made=made: made(*arguments))
    # Modes and times of files stay as they are, which the system's filter answers with success, even for a file that is not
    # there; Path.touch makes a file because the change of its times has failed.
    for name in ("chmod", "utime"):
        setattr(os, name, _existing)


def _existing(path: Any, *_: Any, dir_fd: int | None = None, follow_symlinks: bool = True, **__: Any) -> None:
    os.stat(path, dir_fd=dir_fd, follow_symlinks=follow_symlinks)

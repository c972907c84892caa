"""What can go wrong with the store; apart from it, so that naming these does not load SQLite."""

from __future__ import annotations

from pathlib import Path
from typing import Any


class StoreUnusable(OSError):
    """The store cannot be read or written; the text says why."""

    def __init__(self, path: Path, reason: str) -> None:
        super().__init__(f"{path}: {reason}")
        self.path = path
        self.reason = reason

    def __reduce__(self) -> tuple[Any, ...]:
        return StoreUnusable, (self.path, self.reason)  # also from another process


class NewerStore(StoreUnusable):
    """The store was written by a newer version of the program."""

    def __init__(self, path: Path, version: int, known: int) -> None:
        super().__init__(path, f"its version is {version}, this program knows up to {known}")
        self.version = version
        self.known = known

    def __reduce__(self) -> tuple[Any, ...]:
        return NewerStore, (self.path, self.version, self.known)

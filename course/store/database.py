"""Opening the progress store: where it is, its version, its migrations, and transactions."""

from __future__ import annotations

import contextlib
import os
import sqlite3
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from course.store.errors import NewerStore, StoreUnusable
from course.store.migrations import LATEST, STEPS

_BUSY_SECONDS = 15.0
# STRICT tables came with it.
_OLDEST_SQLITE = (3, 37, 0)


def path() -> Path:
    """Where it is: in the folder COURSE_DATA names, or in the user's data folder."""
    named = os.environ.get("COURSE_DATA")
    if named:
        return Path(named) / "progress.sqlite3"
    import platformdirs

    return platformdirs.user_data_path("course") / "progress.sqlite3"


@contextlib.contextmanager
def opened(place: Path | None = None, *, patience: float = _BUSY_SECONDS) -> Iterator[sqlite3.Connection]:
    """The store, made or migrated where it has to be, closed afterwards; raises StoreUnusable, NewerStore.

    While another command writes it waits, at most `patience` seconds.
    """
    place = place or path()
    with _explained(place):
        place.parent.mkdir(parents=True, exist_ok=True)
        connection = sqlite3.connect(place, timeout=patience, isolation_level=None)
    try:
        with _explained(place):
            _prepare(connection, place, patience)
        with _explained(place):
            yield connection
    finally:
        connection.close()


@contextlib.contextmanager
def transaction(connection: sqlite3.Connection) -> Iterator[None]:
    """All or nothing, and nobody else writes in between: what is read inside holds until the end."""
    connection.execute("BEGIN IMMEDIATE")
    try:
        yield
    except BaseException:
        connection.execute("ROLLBACK")
        raise
    connection.execute("COMMIT")


def _prepare(connection: sqlite3.Connection, place: Path, patience: float) -> None:
    if sqlite3.sqlite_version_info < _OLDEST_SQLITE:
        raise StoreUnusable(place, f"needs SQLite 3.37 or newer, this is {sqlite3.sqlite_version}")
    # Before anything is written: a newer store is left exactly as it is.
    found = _version(connection, place)
    connection.execute("PRAGMA foreign_keys = ON")
    connection.execute("PRAGMA synchronous = FULL")
    _use_wal(connection, patience)
    if found == LATEST:
        return
    with transaction(connection):
        found = _version(connection, place)  # another command may have been faster
        if 0 < found < LATEST:
            _back_up(place, found)
        for step in STEPS[found:]:
            for statement in step:
                connection.execute(statement)
        connection.execute(f"PRAGMA user_version = {LATEST}")


def _version(connection: sqlite3.Connection, place: Path) -> int:
    version = int(connection.execute("PRAGMA user_version").fetchone()[0])
    if version > LATEST:
        raise NewerStore(place, version, LATEST)
    return version


def _use_wal(connection: sqlite3.Connection, patience: float) -> None:
    # Changing the mode needs the file alone, and SQLite does not wait for that by itself.
    end = time.monotonic() + patience
    while True:
        try:
            if connection.execute("PRAGMA journal_mode").fetchone()[0] != "wal":
                connection.execute("PRAGMA journal_mode = WAL")
            return
        except sqlite3.OperationalError as error:
            if "locked" not in str(error) or time.monotonic() > end:
                raise
            time.sleep(0.02)


def _back_up(place: Path, version: int) -> None:
    """A copy beside it, whole or not there at all; called while no one else can write."""
    stamp = datetime.now(UTC).strftime("%Y%m%d-%H%M%S")
    target = place.with_name(f"{place.stem}.v{version}.{stamp}{place.suffix}")
    part = target.with_suffix(f".{os.getpid()}.part")
    with (
        contextlib.closing(sqlite3.connect(place, timeout=_BUSY_SECONDS)) as source,
        contextlib.closing(sqlite3.connect(part)) as copy,
    ):
        source.backup(copy)
    part.replace(target)


@contextlib.contextmanager
def _explained(place: Path) -> Iterator[None]:
    try:
        yield
    except StoreUnusable:
        raise
    except (sqlite3.Error, OSError) as error:
        raise StoreUnusable(place, str(error)) from error

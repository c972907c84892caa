"""Opening the progress store: where it is, its version, its migrations, and transactions."""

from __future__ import annotations

import contextlib
import os
import sqlite3
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from course.content import courses
from course.learner.store.errors import NewerStore, StoreUnusable
from course.learner.store.migrations import LATEST, STEPS
from course.system import folders

_BUSY_SECONDS = 15.0
# STRICT tables came with it.
_OLDEST_SQLITE = (3, 37, 0)


def path() -> Path:
    """Where that of the course in use is; raises StoreUnusable where there is no place for it.

    The course that comes with the program has the file in which all progress was before there were others.
    """
    course = courses.current().name
    name = "progress.sqlite3" if course == courses.bundled().name else f"progress-{course}.sqlite3"
    try:
        return folders.data() / name
    except folders.NoHome as error:
        raise StoreUnusable(Path(name), str(error)) from error


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
        with _explained(place, (sqlite3.Error,)):  # an OSError in there is somebody else's
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
        _check_course(connection, place)
        return
    with transaction(connection):
        found = _version(connection, place)  # another command may have been faster
        if 0 < found < LATEST:
            _back_up(place, found)
        for step in STEPS[found:]:
            for statement in step:
                connection.execute(statement)
        if connection.execute("SELECT 1 FROM store_of").fetchone() is None:
            connection.execute("INSERT INTO store_of VALUES (?)", (courses.current().name,))
        connection.execute(f"PRAGMA user_version = {LATEST}")
    _check_course(connection, place)


def of_course(connection: sqlite3.Connection) -> str:
    """The name of the course whose progress a store holds."""
    return str(connection.execute("SELECT course FROM store_of").fetchone()[0])


def _check_course(connection: sqlite3.Connection, place: Path) -> None:
    """Two courses' questions and exercises may have the same names: nothing of one is written into the other's store."""
    held, used = of_course(connection), courses.current().name
    if held != used:
        raise StoreUnusable(place, f"it holds the progress of the course {held}, not of {used}")


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
def _explained(place: Path, kinds: tuple[type[Exception], ...] = (sqlite3.Error, OSError)) -> Iterator[None]:
    try:
        yield
    except StoreUnusable:
        raise
    except kinds as error:
        raise StoreUnusable(place, str(error)) from error

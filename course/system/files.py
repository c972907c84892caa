"""Writing files that somebody owns: whole or not at all, whatever happens to the disk, the process or the machine meanwhile."""

from __future__ import annotations

import contextlib
import os
import shutil
import tempfile
from pathlib import Path


def write(path: Path, content: str | bytes, *, newline: str | None = None, lasting: bool = True) -> None:
    """Write a file beside its place, then put it there; text in UTF-8, its line ends as `newline` of open() has it.

    Folders above it are made. A file that is there keeps its mode, and its content until the new one is complete; of a link
    the file that it leads to is written. What can be made again need not be `lasting`, over a loss of power too. Raises
    OSError with this path, and leaves nothing behind then.
    """
    try:
        _write(
            Path(os.path.realpath(path)),
            content if isinstance(content, bytes) else _encoded(content, newline),
            lasting,
        )
    except OSError as error:
        error.filename = str(path)
        raise


def _write(place: Path, data: bytes, lasting: bool) -> None:
    if place.exists() and not place.is_file():
        place.write_bytes(data)  # a device or a pipe
        return
    place.parent.mkdir(parents=True, exist_ok=True)
    number, name = tempfile.mkstemp(prefix=f".{place.name[:40]}.", suffix=".part", dir=place.parent)
    try:
        with os.fdopen(number, "wb") as file:
            file.write(data)
            if lasting:
                file.flush()
                os.fsync(file.fileno())
        with contextlib.suppress(OSError):
            Path(name).chmod(_mode(place))
        os.replace(name, place)  # noqa: PTH105
    except BaseException:
        with contextlib.suppress(OSError):
            Path(name).unlink()
        raise


def copy(source: Path, path: Path) -> None:
    """Put a copy of a file there, in the same way."""
    write(path, source.read_bytes())


def keep(path: Path, folder: Path, name: str) -> Path:
    """A copy of a file, times included, in a folder of backups; NAME and a number where there is such a one already."""
    target = keep_content(path.read_bytes(), folder, name)
    shutil.copystat(path, target)
    return target


def keep_content(content: str | bytes, folder: Path, name: str) -> Path:
    """The same of what may not be in a file yet; text as `write` has it, its lines ending in a line feed."""
    folder.mkdir(parents=True, exist_ok=True)
    stem, suffix = os.path.splitext(name)  # noqa: PTH122
    number = 1
    while True:
        target = folder / (name if number == 1 else f"{stem}-{number}{suffix}")
        try:
            target.open("xb").close()
        except FileExistsError:
            number += 1
            continue
        try:
            write(target, content, newline="\n")
        except BaseException:
            with contextlib.suppress(OSError):
                target.unlink()
            raise
        return target


def _encoded(text: str, newline: str | None) -> bytes:
    ends = os.linesep if newline is None else newline
    return (text if ends in ("", "\n") else text.replace("\n", ends)).encode("utf-8")


def _mode(place: Path) -> int:
    try:
        return place.stat().st_mode & 0o7777
    except OSError:
        mask = os.umask(0)
        os.umask(mask)
        return 0o666 & ~mask

"""The files of a folder or a zip, as a flat list. Nothing is unpacked to disk, nothing is followed out of the folder."""

from __future__ import annotations

import io
import os
import stat
import unicodedata
import zipfile
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from course.messages import Message, say

# A notebook with pictures in its outputs takes a few megabytes.
MOST_BYTES = 20 << 20
MOST_FILES = 500_000
_PACKED = (".rar", ".7z", ".tar", ".gz", ".tgz", ".xz", ".bz2")
_KINDS = (".py", ".ipynb", ".zip", *_PACKED)
_SKIPPED = ("__pycache__", "__MACOSX", "node_modules", "site-packages")


class ArchiveError(ValueError):
    """A zip or a file that cannot be read; `reason` says why."""

    def __init__(self, reason: Message) -> None:
        super().__init__(reason.render("en"))
        self.reason = reason


@dataclass(frozen=True)
class File:
    """A file by its path from the top; `read` gives its bytes, or raises ArchiveError."""

    path: PurePosixPath
    read: Callable[[], bytes]


def files(source: Path) -> Iterator[File]:
    """The Python files, notebooks, zips and small notes of a folder or a zip, in order; raises ArchiveError."""
    return _in_folder(source) if source.is_dir() else in_zip(source.read_bytes, source)


def _in_folder(top: Path) -> Iterator[File]:
    for name in sorted(filter(_wanted, os.listdir(top))):
        # A student's folder may be a link; below it one could point at another's file, or at a solution.
        if (top / name).is_dir():
            for parent, folders, names in os.walk(top / name):
                folders[:] = sorted(filter(_wanted, folders))
                inside = Path(name) / Path(parent).relative_to(top / name)
                yield from _plain_files(Path(parent), inside, names)
        else:
            yield from _plain_files(top, Path(), [name])


def _plain_files(folder: Path, inside: Path, names: list[str]) -> Iterator[File]:
    for name in sorted(filter(_wanted, names)):
        path = folder / name
        if _kind(name) and stat.S_ISREG(path.lstat().st_mode):
            yield File(_normal(inside / name), _reader(path))


def _reader(path: Path) -> Callable[[], bytes]:
    def read() -> bytes:
        try:
            with path.open("rb") as source:
                return _capped(source.read(MOST_BYTES + 1))
        except OSError as error:
            raise ArchiveError(say("{error}", error=error.strerror or str(error))) from error

    return read


def in_zip(source: Callable[[], bytes], path: Path | None = None) -> Iterator[File]:
    """The same of a zip, given by its path or by its bytes; raises ArchiveError."""
    try:
        archive = zipfile.ZipFile(path if path is not None else io.BytesIO(source()))
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError) as error:
        raise ArchiveError(say("it is not a readable zip ({error})", error=str(error))) from error
    members = [member for member in archive.infolist() if not member.is_dir()]
    if len(members) > MOST_FILES:
        raise ArchiveError(say("it holds more than {count} files", count=MOST_FILES))
    for member in sorted(members, key=_member_name):
        name = PurePosixPath(_member_name(member))
        link = stat.S_ISLNK(member.external_attr >> 16)
        outside = name.is_absolute() or ".." in name.parts or ":" in name.parts[0]
        if link or outside or not all(map(_wanted, name.parts)) or not _kind(name.name):
            continue
        yield File(_normal(name), _member_reader(archive, member))


def _member_reader(archive: zipfile.ZipFile, member: zipfile.ZipInfo) -> Callable[[], bytes]:
    def read() -> bytes:
        try:
            with archive.open(member) as source:
                return _capped(
                    source.read(MOST_BYTES + 1)
                )  # what the zip claims its size to be is not trusted
        except (
            zipfile.BadZipFile,
            OSError,
            EOFError,
            RuntimeError,
            NotImplementedError,
            zlib.error,
        ) as error:
            raise ArchiveError(say("it is damaged or encrypted ({error})", error=str(error))) from error

    return read


def _member_name(member: zipfile.ZipInfo) -> str:
    """The name; one written without the UTF-8 flag is the bytes of the system that packed it, Korean Windows' mostly."""
    name = member.filename
    if not member.flag_bits & 0x800:
        raw = name.encode("cp437", "replace")
        for encoding in ("utf-8", "cp949"):
            try:
                name = raw.decode(encoding)
                break
            except UnicodeDecodeError:
                continue
    return name.replace("\\", "/")


def is_packed(path: PurePosixPath) -> bool:
    """Whether it is an archive of another kind than zip, which is not looked into."""
    return path.name.lower().endswith(_PACKED)


def _normal(path: Path | PurePosixPath) -> PurePosixPath:
    # macOS takes Hangul apart in file names.
    return PurePosixPath(unicodedata.normalize("NFC", path.as_posix()))


def _capped(data: bytes) -> bytes:
    if len(data) > MOST_BYTES:
        raise ArchiveError(say("it is larger than {size} MB", size=MOST_BYTES >> 20))
    return data


def _wanted(name: str) -> bool:
    return not name.startswith(".") and name not in _SKIPPED


def _kind(name: str) -> bool:
    return name.lower().endswith(_KINDS) or name == "timestamp.txt"

"""The files of a folder or a zip, as a flat list: names and what reads them. Nothing is unpacked to disk or followed out.

Whatever a student's part holds, it is bounded: entries, depth, the size of a file, what a zip says its members are. What is
not read is still listed, and reading it says why.
"""

from __future__ import annotations

import functools
import io
import itertools
import os
import stat
import unicodedata
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Never

from course.language.messages import Message, raised, say
from course.learner.subject import Unreadable, regular

# A notebook with pictures in its outputs takes a few megabytes.
MOST_BYTES = 20_000_000
MOST_FILES = 500_000  # of a class
MOST_ENTRIES, MOST_DEPTH = 20_000, 40  # of one entry of it
# A zip within a zip within what was handed in; deeper ones are told, not opened.
MOST_NESTED = 3
_PACKED = (".rar", ".7z", ".tar", ".gz", ".tgz", ".xz", ".bz2")
_SKIPPED = ("__pycache__", "__MACOSX", "node_modules", "site-packages")
_METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
_NAMED_IN_UTF8, _ENCRYPTED = 0x800, 0x1
_DIRECTORY_ENTRY = b"PK\x01\x02"


class ArchiveError(ValueError):
    """A zip or a file that cannot be read; `reason` says why."""

    def __init__(self, reason: Message) -> None:
        super().__init__(reason.render("en"))
        self.reason = reason


@dataclass(frozen=True)
class File:
    """A file by its path from the top; `read` gives its bytes, or raises ArchiveError.

    A zip that was opened is a folder of the path. `refused` marks what is known not to be read.
    """

    path: PurePosixPath
    read: Callable[[], bytes]
    refused: bool = False


def files(source: Path) -> list[File]:
    """Every file of a folder or a zip, with those of zips in them, ordered by path; raises ArchiveError, OSError."""
    found = _in_folder(source) if source.is_dir() else _class_zip(source)
    opened = itertools.chain.from_iterable(_opened(file, 0) for file in found)
    return sorted(opened, key=lambda file: file.path.parts)


def folders(source: Path) -> set[str]:
    """The folders at the top of a folder or a zip, empty ones too."""
    if not source.is_dir():
        listed = [_parts(_member_name(member)) for member in _open(_Zip(None, source)).infolist()]
        return {_shown(parts[0]) for parts in listed if len(parts) > 1 and all(map(_wanted, parts))} - {".."}
    return {_name(name) for name in filter(_wanted, os.listdir(source)) if (source / name).is_dir()}


def _in_folder(top: Path) -> Iterator[File]:
    for name in filter(_wanted, os.listdir(top)):
        # A student's folder may be a link; below it one could point at another's file, or at a solution.
        if (top / name).is_dir():
            yield from _walk(top / name, PurePosixPath(_name(name)))
        else:
            yield _entry(top / name, PurePosixPath(_name(name)))


def _walk(top: Path, inside: PurePosixPath) -> Iterator[File]:
    pending, room = [(str(top), inside)], MOST_ENTRIES
    while pending:
        folder, path = pending.pop()
        try:
            with os.scandir(folder) as found:
                entries = list(itertools.islice(found, room + 1))
        except OSError as error:
            yield _refused(path, raised(error) if error.strerror is None else _system(error))
            continue
        room -= len(entries)
        if room < 0:
            yield _refused(inside, say("it holds more than {count} files", count=MOST_ENTRIES))
            return
        for entry in filter(lambda entry: _wanted(entry.name), entries):
            own = path / _name(entry.name)
            if not entry.is_dir(follow_symlinks=False):
                yield _entry(Path(entry.path), own)
            elif len(own.parts) > MOST_DEPTH:
                yield _refused(own, say("it lies more than {count} folders deep", count=MOST_DEPTH))
            else:
                pending.append((entry.path, own))


def _entry(path: Path, name: PurePosixPath) -> File:
    try:
        mode = path.lstat().st_mode
    except OSError as error:
        return _refused(name, _system(error))
    if stat.S_ISLNK(mode):
        return _refused(name, say("it is a link: hand in the file itself"))
    if not stat.S_ISREG(mode):
        return _refused(name, say("it is not a regular file"))

    def read() -> bytes:
        try:
            return regular(path, MOST_BYTES)
        except Unreadable as error:
            raise ArchiveError(error.message) from error
        except OSError as error:
            raise ArchiveError(_system(error)) from error

    return File(name, read)


def _opened(file: File, depth: int) -> Iterator[File]:
    """The file, or those of a zip in its place."""
    if file.path.suffix.lower() != ".zip" or file.refused:
        yield file
        return
    if depth == MOST_NESTED:
        yield _refused(file.path, say("a zip in a zip in a zip is not opened"))
        return
    archive = _Zip(file.read)
    try:
        members = archive.members()
    except ArchiveError as error:
        yield _refused(file.path, error.reason)
        return
    except Exception as error:  # what a zip made by hand leads to costs its owner alone
        yield _refused(file.path, raised(error))
        return
    if not members:
        yield _refused(file.path, say("it is an empty zip"))
    for member in members:
        inner = File(file.path / member.path, member.read, member.refused)
        yield from _opened(inner, depth + 1)


def _class_zip(source: Path) -> list[File]:
    try:
        return _Zip(None, source).members()
    except MemoryError as error:
        raise ArchiveError(raised(error)) from error


class _Zip:
    """A zip of which only names are kept: one of the latest that were read is at hand, any other is read again."""

    def __init__(self, data: Callable[[], bytes] | None, path: Path | None = None) -> None:
        self._data = data
        self._path = path

    def members(self) -> list[File]:
        """Its files; raises ArchiveError."""
        most = MOST_ENTRIES if self._path is None else MOST_FILES
        listed = _members(_open(self))
        if len(listed) > most:
            raise ArchiveError(say("it holds more than {count} files", count=most))
        named = [(_member_name(member), number, member) for number, member in enumerate(listed)]
        return [self._file(*each) for each in named if all(map(_wanted, _parts(each[0])))]

    def _file(self, name: str, number: int, member: zipfile.ZipInfo) -> File:
        parts = [_shown(part) for part in _parts(name)]
        path = PurePosixPath(*(part for part in parts if part != "..")) if parts else PurePosixPath("?")
        if path == PurePosixPath():
            path = PurePosixPath("?")
        if not parts or ".." in parts or name.startswith("/") or ":" in parts[0]:
            return _refused(
                path, say("its name in the zip is no place for a file: {name}", name=_shown(name))
            )
        if stat.S_ISLNK(member.external_attr >> 16):
            return _refused(path, say("it is a link: hand in the file itself"))
        if member.flag_bits & _ENCRYPTED:
            return _refused(path, say("it is encrypted"))
        if member.compress_type not in _METHODS:
            # The others cannot be read piece by piece: a few bytes could become gigabytes.
            return _refused(path, say("it is packed in a way that is not opened: pack it as an ordinary zip"))
        return File(path, functools.partial(self._read, number))

    def _read(self, number: int) -> bytes:
        try:
            archive = _open(self)
            member = _members(archive)[number]
            with archive.open(member) as source:
                data = source.read(MOST_BYTES + 1)  # what the zip claims its size to be is not trusted
        except ArchiveError:
            raise
        except Exception as error:  # a damaged zip raises whatever its bytes lead to
            raise ArchiveError(say("it is damaged ({error})", error=raised(error))) from error
        if len(data) > MOST_BYTES:
            raise ArchiveError(say("it is larger than {size} MB", size=MOST_BYTES // 1_000_000))
        return data

    def open(self) -> zipfile.ZipFile:
        """Open it; raises ArchiveError."""
        try:
            if self._path is not None:
                return zipfile.ZipFile(self._path)
            assert self._data is not None
            data = self._data()
            if data.count(_DIRECTORY_ENTRY) > MOST_ENTRIES:
                raise ArchiveError(say("it holds more than {count} files", count=MOST_ENTRIES))
            return zipfile.ZipFile(io.BytesIO(data))
        except ArchiveError:
            raise
        except Exception as error:
            raise ArchiveError(say("it is not a readable zip ({error})", error=raised(error))) from error


def _members(archive: zipfile.ZipFile) -> list[zipfile.ZipInfo]:
    return [member for member in archive.infolist() if not member.filename.endswith("/")]


@functools.lru_cache(maxsize=4)
def _open(archive: _Zip) -> zipfile.ZipFile:
    return archive.open()


def _member_name(member: zipfile.ZipInfo) -> str:
    """The name; one written without the UTF-8 flag is the bytes of the system that packed it, Korean Windows' mostly."""
    name = member.filename
    if not member.flag_bits & _NAMED_IN_UTF8:
        raw = name.encode("cp437", "replace")
        for encoding in ("utf-8", "cp949"):
            try:
                name = raw.decode(encoding)
                break
            except UnicodeDecodeError:
                continue
    return name.replace("\\", "/")


def _parts(name: str) -> list[str]:
    return [part for part in name.split("/") if part not in ("", ".")]


def is_packed(path: PurePosixPath) -> bool:
    """Whether it is an archive of another kind than zip, which is not looked into."""
    return path.name.lower().endswith(_PACKED)


def _name(name: str) -> str:
    """A file's name as text; one that is not UTF-8 comes from an older Korean system, or is shown by its bytes."""
    try:
        return _shown(os.fsencode(name).decode("utf-8"))
    except UnicodeDecodeError:
        try:
            return _shown(os.fsencode(name).decode("cp949"))
        except UnicodeDecodeError:
            return _shown(name)


def _shown(name: str) -> str:
    """A name that can be printed, compared and written: macOS takes Hangul apart, others hide controls in names."""
    whole = unicodedata.normalize("NFC", name)
    return "".join(
        letter if letter.isprintable() else letter.encode("unicode_escape").decode("ascii")
        for letter in whole
    )


def _refused(path: PurePosixPath, reason: Message) -> File:
    def read() -> Never:
        raise ArchiveError(reason)

    return File(path, read, refused=True)


def _system(error: OSError) -> Message:
    return say("{error}", error=error.strerror or str(error))


def _wanted(name: str) -> bool:
    return not (name.startswith(".") and name.strip(".")) and name not in _SKIPPED

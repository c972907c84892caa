"""A learner's file as an editor sees it: opened with what tells its version, saved only over the version one started from."""

from __future__ import annotations

import codecs
import contextlib
import ctypes
import errno
import functools
import hashlib
import io
import os
import secrets
import sys
import tokenize
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from course.content.catalog import Exercise
from course.language.messages import say
from course.learner import workspace
from course.learner.subject import Unreadable, regular
from course.system import files

_EXCHANGE, _HERE = 2, -100  # RENAME_EXCHANGE and AT_FDCWD of Linux


@dataclass(frozen=True)
class Version:
    """The text of a file, lines ending as Python has them, and the digest of its bytes: "" where there is no file."""

    text: str
    digest: str


class Changed(Exception):
    """The file on disk is not the version that was to be replaced; it was left as it is."""


def opened(exercise: Exercise, folder: Path) -> Version:
    """The file as it is now; raises Unreadable, also for one that lies outside of the folder by a link."""
    path = _inside(exercise, folder)
    try:
        data = regular(path, workspace.MOST_BYTES)
    except FileNotFoundError:
        return Version("", "")
    except OSError as error:
        reason = error.strerror or str(error)
        raise Unreadable(say("{name} cannot be read: {reason}", name=path.name, reason=reason)) from error
    return Version(workspace.text(data, path.name), _digest(data))


def saved(exercise: Exercise, folder: Path, text: str, started_from: str) -> Version:
    """Put a text into the file in one step, as long as it is the version with this digest.

    Line ends, encoding and a byte order mark stay as the file has them. On Linux not even a write between looking and
    replacing is lost: the two files change places, and change back if what came out is another version.

    Raises:
        Changed: where it is another version; the file is untouched.
        Unreadable: what there is cannot be read, or the text cannot be written in the file's encoding, or is too long.
        OSError: the disk said no.
    """
    path = _inside(exercise, folder)
    try:
        before = regular(path, workspace.MOST_BYTES)
    except FileNotFoundError:
        before = None
    if started_from != (_digest(before) if before is not None else ""):
        raise Changed
    data = _encoded(text, before, path.name)
    if data == before:
        return Version(text, started_from)
    part = path.with_name(f".{path.name}.{secrets.token_hex(8)}.part")
    try:
        files.write(part, data)
        if before is None:
            _put_new(part, path)
        else:
            part.chmod(path.stat().st_mode & 0o777)
            for unseen in _replace(part, path, before, data):
                kept(exercise, folder, unseen)
    finally:
        part.unlink(missing_ok=True)
    return Version(text, _digest(data))


def kept(exercise: Exercise, folder: Path, text: str | bytes) -> Path:
    """Keep a text that is about to give way among the backups; where."""
    return files.keep_content(text, folder / workspace.BACKUPS, workspace.backup_name(exercise))


def _inside(exercise: Exercise, folder: Path) -> Path:
    path = workspace.locate(exercise, folder)
    if not path.resolve().is_relative_to(folder.resolve()):
        raise Unreadable(say("{name} leads outside of the workspace.", name=path.name))
    return path


def _digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def _encoded(text: str, before: bytes | None, name: str) -> bytes:
    """The text as the file's bytes: encoding by its own coding line, the rest as it was."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    encoding = "utf-8"
    with contextlib.suppress(SyntaxError):
        encoding, _ = tokenize.detect_encoding(io.BytesIO(text.encode("utf-8", "surrogatepass")).readline)
    if before is not None and b"\r\n" in before:
        text = text.replace("\n", "\r\n")
    try:
        data = text.encode(encoding)
    except UnicodeEncodeError as error:
        written = say(
            "{name} cannot be written in the encoding that it names: {encoding}.",
            name=name,
            encoding=encoding,
        )
        raise Unreadable(written) from error
    if before is not None and before.startswith(codecs.BOM_UTF8) and encoding == "utf-8":
        data = codecs.BOM_UTF8 + data
    if len(data) > workspace.MOST_BYTES:
        size = f"{workspace.MOST_BYTES / 1e6:g}"
        raise Unreadable(
            say("{name} is larger than {size} MB: keep data out of the code.", name=name, size=size)
        )
    return data


def _put_new(part: Path, path: Path) -> None:
    try:
        os.link(part, path)
    except FileExistsError as error:
        raise Changed from error
    except OSError:  # a file system without hard links
        try:
            with path.open("xb") as file:
                file.write(part.read_bytes())
        except FileExistsError as error:
            raise Changed from error


def _replace(part: Path, path: Path, before: bytes, data: bytes) -> Iterator[bytes]:
    """Let the two change places; where what comes out is not `before`, the newest of the others' versions goes back.

    Yields what had to give way to that and that its writer has not seen; raises Changed behind it.
    """
    swap = exchange()
    try:
        if swap is None or not swap(part, path):
            part.replace(path)
            return
    except FileNotFoundError as error:  # deleted meanwhile
        raise Changed from error
    placed, came = data, part.read_bytes()
    if came == before:
        return
    with contextlib.suppress(FileNotFoundError):
        while swap(part, path):
            placed, came, last = came, part.read_bytes(), placed
            if came == last:  # nobody wrote in between: the newest lies there
                break
    if came != data:
        yield came
    raise Changed


@functools.cache
def exchange() -> Callable[[Path, Path], bool] | None:
    """Linux's exchange of two names in one step: whether the file system did it; raises FileNotFoundError where one is none."""
    if sys.platform != "linux":
        return None
    with contextlib.suppress(OSError, AttributeError):
        call = ctypes.CDLL(None, use_errno=True).renameat2
        call.argtypes = [ctypes.c_int, ctypes.c_char_p, ctypes.c_int, ctypes.c_char_p, ctypes.c_uint]
        return functools.partial(_exchanged, call)
    return None


def _exchanged(call: Callable[..., int], one: Path, other: Path) -> bool:
    if call(_HERE, os.fsencode(one), _HERE, os.fsencode(other), _EXCHANGE) == 0:
        return True
    if ctypes.get_errno() == errno.ENOENT:
        raise FileNotFoundError(errno.ENOENT, os.strerror(errno.ENOENT), str(other))
    return False

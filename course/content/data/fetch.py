"""Fetching the original table: whole and verified, or not at all."""

from __future__ import annotations

import hashlib
import io
import os
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit

from course.content.catalog import Course
from course.content.data import kept
from course.content.data.errors import NotFetched
from course.content.declared import Dataset
from course.language.messages import Message, say

# Without a byte for so long, in seconds, the network counts as gone.
_PATIENCE: Final = 30
# A server that sends without end is left.
_MOST_BYTES: Final = 1 << 30
_SHOWN: Final = 12


def url(data: Dataset) -> str:
    """Where the original is fetched from: the variable names another server, for a classroom's mirror and for the tests."""
    base = os.environ.get(f"{data.variable}_URL")
    return f"{base.rstrip('/')}{urlsplit(data.url).path}" if base else data.url


def is_original(data: Dataset, content: bytes) -> bool:
    """Whether these are the bytes of the original."""
    return digest(data.digest.partition(":")[0], content) == data.digest


def digest(kind: str, content: bytes) -> str:
    """The digest of these bytes as the manifest writes it: "sha256:…", or "git:…", the id git gives a file of them."""
    if kind == "git":
        found = hashlib.sha1(b"blob %d\0" % len(content) + content, usedforsecurity=False)
    else:
        found = hashlib.sha256(content)
    return f"{kind}:{found.hexdigest()}"


def fetch(course: Course, data: Dataset, progress: Any = False) -> Path:
    """Download the original into the user's cache and return its path; raises NotFetched.

    `progress` is a progress bar as pooch takes it. The bytes stay in memory until they are verified, so that neither a broken
    transfer nor an interruption leaves a part behind. What is there already and is right is kept.
    """
    if not data.url:
        raise NotFetched(say("{name} has no original to download.", name=data.name))
    path = kept.original(course, data)
    if path.is_file() and is_original(data, path.read_bytes()):
        return path
    place = url(data)
    content = _download(place, progress)
    if not is_original(data, content):
        kind, _colon, expected = data.digest.partition(":")
        found = digest(kind, content).partition(":")[2]
        names = {"git": "git blob id", "sha256": "SHA-256"}
        raise NotFetched(
            say(
                "{url} sent {size} bytes that are not the original file ({kind} {found}, not {expected})."
                " Nothing was kept.",
                url=place,
                size=f"{len(content):,}",
                kind=names[kind],
                found=found[:_SHOWN],
                expected=expected[:_SHOWN],
            )
        )
    if not kept.keep(path, content):
        raise NotFetched(say("{path} can't be written. Nothing was kept.", path=str(path)))
    return path


class _Bounded(io.BytesIO):
    """Memory for a download; refuses one that does not end."""

    def write(self, data: Any, /) -> int:
        if self.tell() + len(data) > _MOST_BYTES:
            raise OSError(f"> {_MOST_BYTES:,} bytes")
        return super().write(data)


def _download(place: str, progress: Any) -> bytes:
    import requests
    from pooch import HTTPDownloader

    memory = _Bounded()
    answers: list[requests.Response] = []
    try:
        # Compressed on the way, a cut-off transfer could look whole: ask for the plain bytes.
        get = HTTPDownloader(
            progressbar=progress,
            chunk_size=1 << 16,
            timeout=_PATIENCE,
            headers={"Accept-Encoding": "identity"},
            hooks={"response": lambda answer, **_: answers.append(answer)},
        )
        get(place, memory, None)
    except (requests.RequestException, OSError, ValueError) as error:
        raise NotFetched(_reason(place, error)) from error
    finally:
        for answer in answers:  # pooch leaves a broken one open
            answer.close()
    return memory.getvalue()


def _reason(place: str, error: Exception) -> Message:
    import requests

    if isinstance(error, requests.HTTPError) and error.response is not None:
        return say(
            "{url} answered {status}. Nothing was kept.", url=place, status=str(error.response.status_code)
        )
    if isinstance(error, requests.exceptions.ChunkedEncodingError):
        return say("The transfer from {url} was cut off. Nothing was kept; try again.", url=place)
    if isinstance(error, (requests.ConnectionError, requests.Timeout)):
        return say(
            "{url} can't be reached: is there a network? Nothing was kept. What is made up to stand in needs none; a copy of"
            " your own is used with --path FILE.",
            url=place,
        )
    return say(
        "The transfer from {url} failed: {reason}. Nothing was kept.",
        url=place,
        reason=str(error) or type(error).__name__,
    )

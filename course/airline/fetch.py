"""Fetching the original table: whole and verified, or not at all."""

from __future__ import annotations

import hashlib
import io
import os
from pathlib import Path
from typing import Any, Final

from course.airline import source
from course.messages import Message, say

# The file's git blob id at kgpark88/bigdata on GitHub: it identifies the exact bytes.
BLOB: Final = "4ba088833bc025169884bd6ba2d49ec5bef8d992"
PLACE: Final = "kgpark88/bigdata/main/code/Invistico_Airline.csv"
BASE: Final = "https://raw.githubusercontent.com"
# Another server with the same file, for a classroom's mirror and for the tests.
VARIABLE: Final = "COURSE_AIRLINE_URL"
# Without a byte for so long, in seconds, the network counts as gone.
_PATIENCE: Final = 30
# The original has 12-13 MB; a server that sends without end is left.
_MOST_BYTES: Final = 64 << 20


class NotFetched(Exception):
    """The original could not be had; `message` says why and what to do, in the learner's language. Nothing was kept."""

    def __init__(self, message: Message) -> None:
        super().__init__(message)
        self.message = message

    def __str__(self) -> str:
        return self.message.render()


def url() -> str:
    """Where the original is fetched from."""
    return f"{(os.environ.get(VARIABLE) or BASE).rstrip('/')}/{PLACE}"


def blob_id(data: bytes) -> str:
    """The id git gives a file of these bytes."""
    return hashlib.sha1(b"blob %d\0" % len(data) + data, usedforsecurity=False).hexdigest()


def fetch(progress: Any = False) -> Path:
    """Download the original into the user's cache and return its path; raises NotFetched.

    `progress` is a progress bar as pooch takes it. The bytes stay in memory until they are verified, so that neither a broken
    transfer nor an interruption leaves a part behind. What is there already and is right is kept.
    """
    path = source.original()
    if path.is_file() and blob_id(path.read_bytes()) == BLOB:
        return path
    data = _download(progress)
    if blob_id(data) != BLOB:
        raise NotFetched(
            say(
                "{url} sent {size} bytes that are not the original file (git blob id {found}, not {expected})."
                " Nothing was kept.",
                url=url(),
                size=f"{len(data):,}",
                found=blob_id(data)[:12],
                expected=BLOB[:12],
            )
        )
    if not source.keep(path, data):
        raise NotFetched(say("{path} can't be written. Nothing was kept.", path=str(path)))
    return path


class _Bounded(io.BytesIO):
    """Memory for a download; refuses one that does not end."""

    def write(self, data: Any, /) -> int:
        if self.tell() + len(data) > _MOST_BYTES:
            raise OSError(f"> {_MOST_BYTES:,} bytes")
        return super().write(data)


def _download(progress: Any) -> bytes:
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
        get(url(), memory, None)
    except (requests.RequestException, OSError, ValueError) as error:
        raise NotFetched(_reason(error)) from error
    finally:
        for answer in answers:  # pooch leaves a broken one open
            answer.close()
    return memory.getvalue()


def _reason(error: Exception) -> Message:
    import requests

    if isinstance(error, requests.HTTPError) and error.response is not None:
        return say(
            "{url} answered {status}. Nothing was kept.", url=url(), status=str(error.response.status_code)
        )
    if isinstance(error, requests.exceptions.ChunkedEncodingError):
        return say("The transfer from {url} was cut off. Nothing was kept; try again.", url=url())
    if isinstance(error, (requests.ConnectionError, requests.Timeout)):
        return say(
            "{url} can't be reached: is there a network? Nothing was kept. The generated table needs none; a copy of"
            " your own is used with --path FILE.",
            url=url(),
        )
    return say(
        "The transfer from {url} failed: {reason}. Nothing was kept.",
        url=url(),
        reason=str(error) or type(error).__name__,
    )

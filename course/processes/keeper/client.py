"""A command's side: asks the user's keeper for graders, and leaves a keeper behind where there is none."""

from __future__ import annotations

import contextlib
import functools
import json
import os
import select
import signal
import socket
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from course.content.catalog import catalog
from course.processes import zygotes
from course.processes.keeper import address, place
from course.worker import imports

_MODULE = "course.processes.keeper.server"
_MOST_BYTES = 65_536


def graders(runtimes: Sequence[str], ends: Sequence[tuple[int, int]]) -> socket.socket | None:
    """Have graders forked for these ends of a task's and an event's pipe each; None where no keeper does it.

    They end with their pipes. The connection is to be held open as long as they are used. Where TensorFlow is due, whose import
    takes a hundred times as long as a keeper's start, one is started.
    """
    if not address.wanted():
        return None
    heavy = any(catalog().runtimes[runtime].heavy for runtime in runtimes)
    try:
        where = _place()
        connection = _connected(where)
        if connection is None and heavy and _started(where, runtimes):
            connection = _connected(where)
    except OSError:
        return None
    if connection is None:
        return None
    reply = _ask(
        connection, {"op": "graders", "runtimes": list(runtimes)}, [fd for pair in ends for fd in pair]
    )
    if reply is None or not reply.get("ok"):
        connection.close()
        return None
    return connection


def leave(runtimes: Sequence[str]) -> None:
    """Leave a keeper behind that imports what these runtimes need, unless there is one; nobody waits for it."""
    if not address.wanted():
        return
    with contextlib.suppress(OSError):
        where = _place()
        connection = _connected(where)
        if connection is None:
            _spawn(where, runtimes, None)
        else:
            connection.close()


def known() -> Iterator[Mapping[str, Any]]:
    """What each of the user's keepers says of itself, of whatever program; `pid` alone where one does not answer."""
    for where in _folders():
        connection = _connected(where)
        if connection is not None:
            pid = place.peer(connection)[0]
            yield _ask(connection, {"op": "status"}, [], stubborn=False) or {"pid": pid}
            connection.close()


def stop() -> int:
    """End all of the user's keepers; how many there were."""
    stopped = 0
    for where in _folders():
        connection = _connected(where)
        if connection is not None:
            _ask(connection, {"op": "stop"}, [])
            with contextlib.suppress(OSError):
                connection.recv(1)  # it closes the connection last
            connection.close()
            stopped += 1
    return stopped


@functools.cache
def _place() -> Path:
    """Where the keeper of the program listens that this process has loaded, whatever is installed meanwhile."""
    return address.folder()


def _folders() -> list[Path]:
    if not zygotes.forks():
        return []
    try:
        return sorted(path for path in address.root().iterdir() if path.is_dir())
    except OSError:
        return []


def _connected(where: Path) -> socket.socket | None:
    return place.connect(str(where / address.SOCKET))


def _ask(
    connection: socket.socket, request: Mapping[str, Any], fds: Sequence[int], *, stubborn: bool = True
) -> dict[str, Any] | None:
    """Its answer; one that does not answer in time is ended, so that it costs nobody else the same."""
    try:
        socket.send_fds(connection, [json.dumps(request).encode()], fds)
        reply: dict[str, Any] = json.loads(connection.recv(_MOST_BYTES))
    except TimeoutError:
        if stubborn:
            _end(place.peer(connection)[0])
        return None
    except (OSError, ValueError):
        return None
    return reply


def _end(pid: int) -> None:
    """Kill a keeper, and nothing that has got its number since."""
    with contextlib.suppress(OSError):
        if _MODULE.encode() in Path(f"/proc/{pid}/cmdline").read_bytes():
            os.kill(pid, signal.SIGKILL)


def _started(where: Path, runtimes: Sequence[str]) -> bool:
    """Start one; whether it listens, or another one does, before long."""
    ready, told = os.pipe()
    try:
        os.set_inheritable(told, True)
        _spawn(where, runtimes, told)
        os.close(told)
        return bool(select.select([ready], [], [], place.SECONDS)[0])
    finally:
        os.close(ready)


def _spawn(where: Path, runtimes: Sequence[str], told: int | None) -> None:
    """Start one in a session of its own; it closes `told` when it listens, or ends."""
    words = [
        *imports.command(_MODULE),
        str(where),
        "--course",
        str(catalog().root),
        "--minutes",
        str(place.minutes()),
        "--commands",
        place.commands(),
    ]
    words += [word for runtime in runtimes for word in ("--runtime", runtime)]
    words += ["--ready", str(told)] if told is not None else []
    null = [(os.POSIX_SPAWN_OPEN, fd, os.devnull, os.O_RDWR, 0) for fd in range(3)]
    with contextlib.suppress(NotImplementedError):  # a C library that opens no session: no keeper
        os.posix_spawn(words[0], words, os.environ, file_actions=null, setsid=True)

"""Runs whole commands for others of this user's: python -m course.cli.forwarded, started by the keeper.

It imports what the quick commands need and nothing of any course; then each command is run by a process forked from it, which
becomes what the command's own would be (course.cli.forwarding).
"""

from __future__ import annotations

import argparse
import atexit
import contextlib
import gc
import importlib
import io
import json
import os
import pkgutil
import selectors
import signal
import socket
import sys
import threading
import time
from typing import Any

from course.cli import forwarding, run
from course.processes.keeper import address, place
from course.worker import imports
from course.worker.control import DONE

# What the quick commands import, much of it only when they come to it: modules, and rooms with all that is in them.
_MODULES = ("tree", "checks", "exercises", "status", "update", "workspace")
_ROOMS = ("course.markup", "course.progress", "course.learner.store", "course.terminal")
_OTHERS = ("course.checking.protection", "encodings.ascii", "rich.progress", "unicodeit")
_MOST_BYTES = 1 << 20


def main() -> None:
    """Fork a process for each command until the keeper ends; in such a process, run the command."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--listener", type=int, required=True)
    parser.add_argument("--control", type=int, required=True)
    options = parser.parse_args()
    made_of = address.program()
    prepare()
    gc.enable()
    gc.freeze()  # what is here stays: a collection would look through it all, and copy pages that forks share
    listener, control = socket.socket(fileno=options.listener), socket.socket(fileno=options.control)
    connection = _command(listener, control)
    told = _Told(connection)
    _become(connection, made_of)
    atexit.register(told.tell)
    threading.Thread(target=told.end_with_its_user, daemon=True).start()
    try:
        run()
        told.status = 0
    except SystemExit as ended:
        told.status = _status(ended)


def prepare() -> None:
    """Import what the quick commands need."""
    for name in (*(f"course.cli.{each}" for each in _MODULES), *_OTHERS, *_ROOMS):
        module = importlib.import_module(name)
        for inner in pkgutil.iter_modules(module.__path__) if name in _ROOMS else ():
            importlib.import_module(f"{name}.{inner.name}")


def _command(listener: socket.socket, control: socket.socket) -> socket.socket:
    """The connection of each process forked from this one, which goes on forking until the keeper ends."""
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # nobody waits for them
    selector = selectors.DefaultSelector()
    for each in (listener, control):
        selector.register(each, selectors.EVENT_READ)
    while True:
        ready = [key.fileobj for key, _ in selector.select()]
        if control in ready:
            if not control.recv(_MOST_BYTES):
                os._exit(0)
            control.send(DONE)
        if listener in ready:
            connection, _ = listener.accept()
            with contextlib.suppress(OSError):  # no process can be had: who asked sees the connection end
                if os.fork() == 0:
                    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
                    selector.close()
                    listener.close()
                    control.close()
                    return connection
            connection.close()


class _Told:
    """The exit status, told at the very end; and the end of a command whose user has gone."""

    def __init__(self, connection: socket.socket) -> None:
        self.status = 1
        self._connection = connection
        self._over = False

    def tell(self) -> None:
        """After all that is registered while the command runs."""
        self._over = True
        for stream in (sys.stdout, sys.stderr):
            try:
                stream.flush()
            except (OSError, ValueError):
                self.status = 120  # as Python itself ends then
        with contextlib.suppress(OSError):
            self._connection.send(str(self.status).encode())

    def end_with_its_user(self) -> None:
        """As a terminal that is closed ends it."""
        with contextlib.suppress(OSError):
            self._connection.recv(1)
        if not self._over:
            os.kill(os.getpid(), signal.SIGTERM)


def _become(connection: socket.socket, made_of: str) -> None:
    """Be as the process that asks; or end, where that cannot be, having said so."""
    try:
        connection.settimeout(place.SECONDS)
        connection.send(b"?")
        message, fds, _, _ = socket.recv_fds(connection, _MOST_BYTES, 4)
        request = json.loads(message)
        if place.peer(connection)[1] != os.getuid() or len(fds) != 4:
            raise PermissionError
        os.fchdir(fds[3])
        os.close(fds[3])
        _settle(request)
        if address.program() != made_of or forwarding.surroundings() != request["surroundings"]:
            raise PermissionError
        connection.send(json.dumps({"pid": os.getpid()}).encode())
    except (OSError, ValueError, KeyError, TypeError):
        with contextlib.suppress(OSError):
            connection.send(b"{}")
        os._exit(0)
    connection.settimeout(None)
    _take_streams(fds[:3], request["streams"])


def _settle(request: dict[str, Any]) -> None:
    import resource

    os.environ.clear()
    os.environ.update(request["environment"])
    time.tzset()
    sys.argv[:] = request["words"]
    sys.path[:] = imports.cleaned(request["path"], request["words"][0], safe=request["safe"])
    os.umask(request["umask"])
    for kind, limit in request["limits"].items():
        resource.setrlimit(int(kind), limit)
    os.setpriority(os.PRIO_PROCESS, 0, request["priority"])
    if request["cores"]:
        os.sched_setaffinity(0, request["cores"])
    for name in forwarding.PASSED_ON:
        ignored = name in request["ignored"]
        signal.signal(getattr(signal, name), signal.SIG_IGN if ignored else signal.SIG_DFL)
    if "SIGINT" not in request["ignored"]:
        signal.signal(signal.SIGINT, signal.default_int_handler)


def _take_streams(fds: list[int], settings: list[tuple[str, str, bool, bool]]) -> None:
    """Make these the standard streams, as Python makes them when it starts."""
    made = []
    for number, (fd, (encoding, errors, by_line, at_once)) in enumerate(zip(fds, settings, strict=True)):
        os.dup2(fd, number)
        os.close(fd)
        binary = open(  # noqa: SIM115 - as long as the process
            number, "rb" if number == 0 else "wb", 0 if at_once and number else -1, closefd=False
        )
        made.append(io.TextIOWrapper(binary, encoding, errors, None, by_line, at_once))
    sys.stdin, sys.stdout, sys.stderr = made
    sys.__stdin__, sys.__stdout__, sys.__stderr__ = made  # type: ignore[misc]


def _status(ended: SystemExit) -> int:
    """As Python takes what a program ends with."""
    if ended.code is None or isinstance(ended.code, int):
        return ended.code or 0
    print(ended.code, file=sys.stderr)
    return 1


if __name__ == "__main__":
    main()

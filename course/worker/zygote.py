"""The zygote: imports what is slow once, then forks one confined worker for each request on its control sockets.

It reads no learner code, builds no model and runs no TensorFlow operation: every later child would hang on the threads
that did not survive the fork.
"""

from __future__ import annotations

import argparse
import contextlib
import gc
import importlib
import itertools
import json
import os
import selectors
import signal
import socket
import sys
import tempfile
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import NamedTuple

from course.worker import sandbox, serve, standins
from course.worker.control import BROKEN, DONE
from course.worker.scratch import VARIABLES
from course.worker.wire import Channel

# Others' code is confined or not run at all; one's own is confined as far as the system can, or not if that is asked for.
CONFINE = ("wholly", "partly", "not")


class Confinement(NamedTuple):
    """How far workers are confined (see CONFINE), and what they may read then."""

    how: str
    readable: list[tuple[str, bool]]


def main() -> None:
    """Serve `--control` sockets until all of them are closed."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--import", dest="imports", action="append", required=True)
    parser.add_argument("--control", type=int, action="append", required=True)
    parser.add_argument("--secret", type=Path, action="append", required=True)
    parser.add_argument("--parent", type=int, required=True)
    parser.add_argument("--confine", choices=CONFINE, required=True)
    options = parser.parse_args()
    sandbox.die_with_parent(options.parent)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    readable = sandbox.readable_paths(options.secret)
    sandbox.prepare()
    preload(options.imports)
    Zygote(options.control, Confinement(options.confine, readable)).run()


def preload(imports: Iterable[str]) -> None:
    """Import a runtime's libraries, for good."""
    for name in imports:
        importlib.import_module(name)
    gc.freeze()
    gc.enable()


class Zygote:
    """The control loop. A request is one JSON datagram.

    These are fork (with two descriptors), kill, wait (for a worker's end), forget (the same, without an answer), admit (of
    a further control socket) and ping, both answered. A worker is known by a number that is never used again, unlike a
    process' own.
    """

    def __init__(self, controls: list[int], confinement: Confinement) -> None:
        self._confinement = confinement
        self._selector = selectors.DefaultSelector()
        self._children: dict[int, dict[int, int]] = {}  # of each control socket: process by number
        self._numbers = itertools.count()
        self._dying: set[int] = set()
        for fd in controls:
            self._admit(fd)

    def run(self) -> None:
        """Until the last control socket closes."""
        while self._selector.get_map():
            for key, _ in self._selector.select():
                control = key.fileobj
                assert isinstance(control, socket.socket)
                message, fds, _, _ = socket.recv_fds(control, 65536, 2)
                if message:
                    self._handle(control, json.loads(message), fds)
                else:
                    self._forget(control)

    def _admit(self, fd: int) -> None:
        self._selector.register(socket.socket(fileno=fd), selectors.EVENT_READ)
        self._children[fd] = {}

    def _handle(self, control: socket.socket, request: dict[str, object], fds: list[int]) -> None:
        if request["op"] in ("admit", "ping"):
            for fd in fds:
                self._admit(fd)
            control.send(DONE)
            return
        children = self._children[control.fileno()]
        if request["op"] != "fork":
            self._end(control, children, str(request["op"]), int(str(request["number"])))
            return
        # A large process takes as long to end as to fork: nobody waits for it.
        self._dying = {pid for pid in self._dying if os.waitpid(pid, os.WNOHANG)[0] == 0}
        try:
            pid = os.fork()
            if pid == 0:
                self._become_worker(request, fds)
            number = next(self._numbers)
            children[number] = pid
            reply: dict[str, object] = {"pid": pid, "number": number}
        except OSError as error:  # the system allows no more processes
            reply = {"error": error.strerror}
        for fd in fds:
            os.close(fd)
        control.send(json.dumps(reply).encode())

    def _end(self, control: socket.socket, children: dict[int, int], how: str, number: int) -> None:
        pid = children.get(number)
        if pid is not None:
            os.kill(pid, signal.SIGKILL)
        if how == "forget" and pid is not None:
            self._dying.add(children.pop(number))
        if how == "wait":
            status = (
                os.waitstatus_to_exitcode(os.waitpid(children.pop(number), 0)[1]) if pid is not None else 0
            )
            control.send(json.dumps({"status": status}).encode())

    def _forget(self, control: socket.socket) -> None:
        for pid in self._children.pop(control.fileno()).values():
            os.kill(pid, signal.SIGKILL)
            os.waitpid(pid, 0)
        self._selector.unregister(control)
        control.close()

    def _become_worker(self, request: dict[str, object], fds: list[int]) -> None:
        try:
            channel_fd, output_fd = fds
            with contextlib.suppress(OSError):
                os.sched_setaffinity(0, request["cores"])  # type: ignore[arg-type]
            start_worker(
                os.getppid(),
                [channel_fd, channel_fd],
                output_fd,
                Path(str(request["scratch"])),
                request,
                self._confinement,
            )
        finally:
            os._exit(BROKEN)


def start_worker(
    parent: int,
    channel_fds: list[int],
    output_fd: int,
    scratch: Path,
    request: dict[str, object],
    confinement: Confinement,
    once_confined: Callable[[], None] = lambda: None,
) -> None:
    """Confine this process, then serve the channel; never returns. A thread may start only once it is confined."""
    read_fd, write_fd, output_fd = _keep_only(channel_fds[0], channel_fds[1], output_fd)
    if hasattr(os, "setsid") and os.getsid(0) != os.getpid():
        with contextlib.suppress(OSError):
            os.setsid()
    sandbox.die_with_parent(parent)
    os.chdir(scratch)
    sys.argv = [""]
    sys.dont_write_bytecode = (
        True  # what was imported until now has left its bytecode; a learner's code leaves none
    )
    os.environ.update(dict.fromkeys([*VARIABLES, "MPLCONFIGDIR"], str(scratch)))
    tempfile.tempdir = str(scratch)  # the libraries' imports have made it remember another folder
    channel = Channel(read_fd, write_fd)
    lacking = ["confinement"]
    if confinement.how != "not":
        standins.install()
        limits = sandbox.Limits(data=int(str(request["data"])), cpu_seconds=int(str(request["cpu_seconds"])))
        try:
            lacking = sandbox.apply(limits, scratch, confinement.readable, partly=confinement.how == "partly")
        except sandbox.SandboxError as error:
            channel.send({"refused": str(error)})
            os._exit(71)
    once_confined()
    channel.send({"lacking": lacking})
    with contextlib.suppress(BrokenPipeError):
        serve.serve(channel, output_fd)
    os._exit(0)


def _keep_only(*wanted: int) -> tuple[int, ...]:
    """Duplicates of these descriptors, every other one closed and the standard three on the null device."""
    null = os.open(os.devnull, os.O_RDWR)
    kept = [os.dup(fd) for fd in wanted]
    for fd in range(3):
        os.dup2(null, fd)
    low = 3
    for fd in sorted(kept):
        os.closerange(low, fd)
        low = fd + 1
    os.closerange(low, _open_limit())
    return tuple(kept)


def _open_limit() -> int:
    # Duplicates take the lowest free numbers, so what is open lies below the count of open descriptors plus a margin.
    try:
        return max(int(name) for name in os.listdir("/proc/self/fd")) + 1
    except OSError:
        return 4096


if __name__ == "__main__":
    main()

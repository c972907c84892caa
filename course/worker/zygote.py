"""The zygote: imports what is slow once, then forks one confined worker for each request on its control sockets.

It reads no learner code, builds no model and runs no TensorFlow operation: every later child would hang on the threads
that did not survive the fork.
"""

from __future__ import annotations

import argparse
import contextlib
import gc
import importlib
import json
import os
import selectors
import signal
import socket
import sys
import tempfile
from pathlib import Path

from course.worker import sandbox, serve
from course.worker.wire import Channel

# NumPy loads its submodules when they are first used: without this every worker would do it anew.
PRELOAD = {
    "numpy": ["numpy", "numpy.random", "numpy.linalg", "numpy.ma"],
    "keras": ["numpy", "tensorflow", "keras"],
}


def main() -> None:
    """Serve `--control` sockets until all of them are closed."""
    parser = argparse.ArgumentParser()
    parser.add_argument("runtime", choices=sorted(PRELOAD))
    parser.add_argument("--control", type=int, action="append", required=True)
    parser.add_argument("--secret", type=Path, action="append", required=True)
    parser.add_argument("--parent", type=int, required=True)
    parser.add_argument("--unconfined", action="store_true")
    options = parser.parse_args()
    sandbox.die_with_parent(options.parent)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    readable = None if options.unconfined else sandbox.readable_paths(options.secret)
    gc.disable()  # a fifth of TensorFlow's import would go into collections
    for name in PRELOAD[options.runtime]:
        importlib.import_module(name)
    gc.freeze()
    gc.enable()
    Zygote(options.control, readable).run()


class Zygote:
    """The control loop. A request is one JSON datagram.

    These are fork (with two descriptors), wait (for a worker's end) and forget (the same, without an answer).
    """

    def __init__(self, controls: list[int], readable: list[tuple[str, bool]] | None) -> None:
        self._readable = readable
        self._selector = selectors.DefaultSelector()
        self._children: dict[int, set[int]] = {}
        self._dying: set[int] = set()
        for fd in controls:
            self._selector.register(socket.socket(fileno=fd), selectors.EVENT_READ)
            self._children[fd] = set()

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

    def _handle(self, control: socket.socket, request: dict[str, object], fds: list[int]) -> None:
        children = self._children[control.fileno()]
        if request["op"] == "wait":
            pid = int(str(request["pid"]))
            status = os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) if pid in children else 0
            children.discard(pid)
            control.send(json.dumps({"status": status}).encode())
            return
        if request["op"] == "forget":
            self._dying |= children & {int(str(request["pid"]))}
            children -= self._dying
            return
        # A large process takes as long to end as to fork: nobody waits for it.
        self._dying = {pid for pid in self._dying if os.waitpid(pid, os.WNOHANG)[0] == 0}
        pid = os.fork()
        if pid == 0:
            self._become_worker(request, fds)
        for fd in fds:
            os.close(fd)
        children.add(pid)
        handle = os.pidfd_open(pid)
        socket.send_fds(control, [json.dumps({"pid": pid}).encode()], [handle])
        os.close(handle)

    def _forget(self, control: socket.socket) -> None:
        for pid in self._children.pop(control.fileno()):
            with contextlib.suppress(ProcessLookupError):
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
                self._readable,
            )
        finally:
            os._exit(70)


def start_worker(
    parent: int,
    channel_fds: list[int],
    output_fd: int,
    scratch: Path,
    request: dict[str, object],
    readable: list[tuple[str, bool]] | None,
) -> None:
    """Confine this process, then serve the channel; never returns."""
    read_fd, write_fd, output_fd = _keep_only(channel_fds[0], channel_fds[1], output_fd)
    if hasattr(os, "setsid") and os.getsid(0) != os.getpid():
        os.setsid()
    sandbox.die_with_parent(parent)
    os.chdir(scratch)
    sys.argv = [""]
    os.environ.update(HOME=str(scratch), TMPDIR=str(scratch), MPLCONFIGDIR=str(scratch))
    tempfile.tempdir = str(scratch)  # the libraries' imports have made it remember another folder
    channel = Channel(read_fd, write_fd)
    if readable is not None:
        limits = sandbox.Limits(data=int(str(request["data"])), cpu_seconds=int(str(request["cpu_seconds"])))
        try:
            sandbox.apply(limits, scratch, readable)
        except (sandbox.SandboxError, OSError) as error:
            channel.send({"confined": False, "reason": str(error)})
            os._exit(71)
    channel.send({"confined": readable is not None})
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

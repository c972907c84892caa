"""Starting and ending workers: forked from a warm zygote where the system can, alone in a fresh process elsewhere."""

from __future__ import annotations

import contextlib
import ctypes
import functools
import json
import os
import shutil
import signal
import socket
import subprocess
import tempfile
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, Protocol

from course import zygotes
from course.messages import Message, say
from course.worker.wire import Channel, WireError

# What a worker may hold, by runtime: TensorFlow itself maps about 0.6 GB.
DATA_LIMIT = {"numpy": 2 << 30, "keras": 4 << 30}
START_SECONDS = 120.0
OUTPUT_KEPT = 8_000
# Looked at twice a second while a call runs.
DISK_LIMIT, FILES_LIMIT = 256 << 20, 2_000


class WorkerStartError(RuntimeError):
    """No worker could be started; the messages say why and what to do."""

    def __init__(self, *message: Message) -> None:
        super().__init__(*message)
        self.message = list(message)


class Process(Protocol):
    """The system's side of a worker."""

    def kill(self) -> None:
        """End it at once."""

    def wait(self) -> int | None:
        """Its exit status, negative for a signal; the process has ended or been killed before."""

    def forget(self) -> None:
        """The same where nobody asks how it ended."""


class Worker:
    """A running worker: its channel, the learner's output, and a deadline that ends it."""

    def __init__(self, channel: Channel, output_fd: int, process: Process, scratch: Path) -> None:
        self.channel = channel
        self.late = False
        self.flooded = False
        self._process = process
        self._scratch = scratch
        self._output_fd = output_fd
        self._output = bytearray()
        self._drain = threading.Thread(target=self._read_output, daemon=True)
        self._drain.start()
        self._deadline: float | None = None
        self._armed = threading.Event()
        threading.Thread(target=self._watch, daemon=True).start()

    def arm(self, seconds: float) -> None:
        """Kill the worker unless disarm() is called within this time."""
        self._deadline = time.monotonic() + seconds
        if not self._armed.is_set():
            self._armed.set()

    def disarm(self) -> None:
        """The worker answered in time."""
        self._deadline = None

    def end(self) -> tuple[int | None, str]:
        """Kill it if it still runs; its exit status and the beginning of its output."""
        self._process.kill()
        status = self._process.wait()
        self.channel.close()
        self._drain.join(timeout=5)
        self._deadline = -1.0
        self._armed.set()
        shutil.rmtree(self._scratch, ignore_errors=True)
        return status, bytes(self._output).decode("utf-8", "replace")

    def discard(self) -> None:
        """Kill it; how it ends is of no interest."""
        self._process.kill()
        self._process.forget()
        self.channel.close()
        self._deadline = -1.0
        self._armed.set()
        shutil.rmtree(self._scratch, ignore_errors=True)

    def _watch(self) -> None:
        # Sleeps until the earliest deadline it knows of; a later one set meanwhile only makes it sleep again.
        while True:
            self._armed.wait()
            deadline = self._deadline
            if deadline is None:
                self._armed.clear()
                if self._deadline is None:
                    continue
                self._armed.set()
                continue
            if deadline < 0:
                return
            left = deadline - time.monotonic()
            if left > 0:
                time.sleep(min(left, 0.5))
                if _floods(self._scratch):
                    self.flooded = True
                    self._process.kill()
                    return
            elif self._deadline == deadline:
                self.late = True
                self._process.kill()
                return

    def _read_output(self) -> None:
        with contextlib.suppress(OSError):
            while data := os.read(self._output_fd, 65536):
                self._output += data[: max(0, OUTPUT_KEPT - len(self._output))]
        os.close(self._output_fd)


def _floods(folder: Path) -> bool:
    """Whether a scratch folder holds more than a worker may write."""
    size = count = 0
    for parent, _, names in os.walk(folder):
        for name in names:
            with contextlib.suppress(OSError):
                size += os.stat(os.path.join(parent, name), follow_symlinks=False).st_size
        count += 1 + len(names)
        if size > DISK_LIMIT or count > FILES_LIMIT:
            return True
    return False


class Launcher(Protocol):
    """Starts workers for one grader."""

    def start(self, runtime: str, cpu_seconds: float) -> Worker:
        """A confined worker that waits for requests; raises WorkerStartError."""


class ForkLauncher:
    """Asks zygotes, one a runtime. `connect` gives the control socket of a runtime's zygote."""

    def __init__(self, connect: Callable[[str], socket.socket], folder: Path) -> None:
        self._connect = functools.cache(connect)
        self._folder = folder
        self._cores = os.sched_getaffinity(0)

    def start(self, runtime: str, cpu_seconds: float) -> Worker:
        """Have one forked; raises WorkerStartError."""
        control = self._connect(runtime)
        scratch = Path(tempfile.mkdtemp(prefix="worker-", dir=self._folder))
        ours, theirs = socket.socketpair()
        read_end, write_end = os.pipe()
        # Taking turns is five times as quick on one core; a model's training needs its core for itself.
        cores = _this_core() if runtime == "numpy" else self._cores
        try:
            request = {"op": "fork", "cores": sorted(cores), **_request(runtime, cpu_seconds, scratch)}
            socket.send_fds(control, [json.dumps(request).encode()], [theirs.fileno(), write_end])
            reply, fds, _, _ = socket.recv_fds(control, 65536, 1)
        except OSError:
            reply, fds = b"", []
        finally:
            theirs.close()
            os.close(write_end)
        if not reply:
            raise WorkerStartError(
                say(
                    "The process that prepares {runtime} workers ended; see whether `import {runtime}` works.",
                    runtime=runtime,
                )
            )
        process = _Forked(json.loads(reply)["pid"], fds[0], control, self._cores)
        _move(cores)
        fd = ours.detach()
        return _greeted(Worker(Channel(fd, os.dup(fd)), read_end, process, scratch))


class _Forked:
    """A worker, and the cores this process may go back to when it has ended."""

    def __init__(self, pid: int, handle: int, control: socket.socket, cores: set[int]) -> None:
        self._pid = pid
        self._handle = handle
        self._control = control
        self._cores = cores
        self._lock = threading.Lock()

    def kill(self) -> None:
        with self._lock, contextlib.suppress(ProcessLookupError):
            if self._handle >= 0:
                signal.pidfd_send_signal(self._handle, signal.SIGKILL)

    def wait(self) -> int | None:
        self._let_go()
        try:
            self._control.send(json.dumps({"op": "wait", "pid": self._pid}).encode())
            reply = self._control.recv(65536)
        except OSError:
            return None
        return int(json.loads(reply)["status"]) if reply else None

    def forget(self) -> None:
        self._let_go()
        with contextlib.suppress(OSError):
            self._control.send(json.dumps({"op": "forget", "pid": self._pid}).encode())

    def _let_go(self) -> None:
        _move(self._cores)
        with self._lock:
            os.close(self._handle)
            self._handle = -1


class AloneLauncher:
    """One fresh process a worker."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def start(self, runtime: str, cpu_seconds: float) -> Worker:
        """Start a process; raises WorkerStartError."""
        scratch = Path(tempfile.mkdtemp(prefix="worker-", dir=self._folder))
        request = json.dumps(_request(runtime, cpu_seconds, scratch))
        arguments = [*zygotes.command("course.worker.alone"), "--request", request]
        process = subprocess.Popen(
            arguments,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            env=zygotes.environment(scratch),
            cwd=scratch,
        )
        assert process.stdin is not None
        assert process.stdout is not None
        assert process.stderr is not None
        channel = Channel(os.dup(process.stdout.fileno()), os.dup(process.stdin.fileno()))
        output = os.dup(process.stderr.fileno())
        for stream in (process.stdin, process.stdout, process.stderr):
            stream.close()
        return _greeted(Worker(channel, output, _Alone(process), scratch))


class _Alone:
    def __init__(self, process: subprocess.Popen[bytes]) -> None:
        self._process = process

    def kill(self) -> None:
        self._process.kill()

    def wait(self) -> int | None:
        return self._process.wait()

    def forget(self) -> None:
        self._process.wait()


def _this_core() -> set[int]:
    """The core the scheduler has this process on."""
    return {ctypes.CDLL(None).sched_getcpu()}


def _move(cores: set[int]) -> None:
    with contextlib.suppress(OSError):  # a container may forbid it: then it is only slower
        os.sched_setaffinity(0, cores)


def launcher(connect: Callable[[str], socket.socket], folder: Path) -> Launcher:
    """The launcher for this system; `connect` is used only where workers are forked."""
    return ForkLauncher(connect, folder) if zygotes.forks() else AloneLauncher(folder)


def _request(runtime: str, cpu_seconds: float, scratch: Path) -> dict[str, Any]:
    return {"data": DATA_LIMIT[runtime], "cpu_seconds": int(cpu_seconds) + 5, "scratch": str(scratch)}


def _greeted(worker: Worker) -> Worker:
    """The worker after its first frame, which says whether it is confined."""
    worker.arm(START_SECONDS)
    try:
        greeting, _ = worker.channel.receive()
    except (EOFError, WireError, OSError):
        _, output = worker.end()
        said = output[-500:].strip()
        told = [say("It had printed: {output}", output=said)] if said else []
        raise WorkerStartError(say("The worker ended before its first word."), *told) from None
    worker.disarm()
    if zygotes.confined() and greeting.get("confined") is not True:
        worker.end()
        raise WorkerStartError(
            say("This system cannot confine a worker ({reason}).", reason=str(greeting.get("reason"))),
            say("To check your own code without protection, set COURSE_SANDBOX=off."),
        )
    return worker

"""Starting and ending workers: forked from a warm zygote where the system can, alone in a fresh process elsewhere."""

from __future__ import annotations

import contextlib
import ctypes
import functools
import json
import math
import os
import socket
import subprocess
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, Protocol

from course.content import courses
from course.grading.usage import Usage
from course.language.messages import Message, raised, say
from course.processes import zygotes
from course.worker import scratch
from course.worker.runtimes import Runtime
from course.worker.wire import Channel, WireError

START_SECONDS = 120.0
OUTPUT_KEPT = 8_000


class WorkerStartError(RuntimeError):
    """No worker could be started; the messages say why and what to do."""

    def __init__(self, *message: Message) -> None:
        super().__init__(*message)
        self.message = list(message)


class Process(Protocol):
    """The system's side of a worker."""

    @property
    def pid(self) -> int:
        """Its number on this machine."""

    def kill(self) -> None:
        """End it at once."""

    def wait(self) -> int | None:
        """Its exit status, negative for a signal; the process has ended or been killed before."""

    def forget(self) -> None:
        """The same where nobody asks how it ended."""


class Worker:
    """A running worker: its channel, the learner's output, and what ends it: a deadline, or the use of too much.

    `late` and `excess` say so afterwards; the latter is the text that names what there was too much of.
    """

    def __init__(self, channel: Channel, output_fd: int, process: Process, folder: Path, data: int) -> None:
        self.channel = channel
        self.late = False
        self.excess: str | None = None
        self._process = process
        self._scratch = folder
        self._output_fd = output_fd
        self._output = bytearray()
        self._drain = threading.Thread(target=self._read_output, daemon=True)
        self._drain.start()
        self._deadline: float | None = None
        self._usage = Usage(process.pid, folder, data)
        self._over = threading.Event()
        threading.Thread(target=self._watch, daemon=True).start()

    def arm(self, seconds: float) -> None:
        """Kill the worker unless disarm() is called within this time."""
        self._deadline = time.monotonic() + seconds

    def disarm(self) -> None:
        """The worker answered in time."""
        self._deadline = None

    def kill(self) -> None:
        """End it, from another thread: who waits for its answer finds that it has gone."""
        self._process.kill()

    def end(self) -> tuple[int | None, str]:
        """Kill it if it still runs; its exit status and the beginning of its output."""
        self._over.set()
        self._process.kill()
        status = self._process.wait()
        self.channel.close()
        self._drain.join(timeout=5)
        scratch.clear(self._scratch)
        return status, bytes(self._output).decode("utf-8", "replace")

    def discard(self) -> None:
        """Kill it; how it ends is of no interest."""
        self._over.set()
        self._process.kill()
        self._process.forget()
        self.channel.close()
        scratch.clear(self._scratch)

    def _watch(self) -> None:
        wait = self._usage.interval
        while not self._over.wait(wait):
            deadline = self._deadline
            left = deadline - time.monotonic() if deadline is not None else math.inf
            if left <= 0 and self._deadline == deadline:
                self.late = True
            else:
                self.excess = self._usage.excess()
            if self.late or self.excess:
                self._process.kill()
                return
            wait = min(max(left, 0.0), self._usage.interval)

    def _read_output(self) -> None:
        with contextlib.suppress(OSError):
            while data := os.read(self._output_fd, 65536):
                self._output += data[: max(0, OUTPUT_KEPT - len(self._output))]
        os.close(self._output_fd)


class Launcher(Protocol):
    """Starts workers for one grader. `lacking` names the protections that those started so far have not had.

    `quick` says that nothing is imported for one.
    """

    lacking: frozenset[str]
    quick: bool

    def start(self, runtime: Runtime, cpu_seconds: float) -> Worker:
        """A confined worker that waits for requests; raises WorkerStartError."""

    def abandon(self) -> None:
        """End what still runs, from another thread and for good."""


class ForkLauncher:
    """Asks zygotes, one a runtime. `connect` gives the control socket of a runtime's zygote."""

    quick = True

    def __init__(self, connect: Callable[[str], socket.socket], folder: Path, *, strict: bool) -> None:
        self._connect = functools.cache(connect)
        self._folder = folder
        self._strict = strict
        self._cores = os.sched_getaffinity(0)
        self._lock = threading.Lock()
        self.lacking: frozenset[str] = frozenset()

    def start(self, runtime: Runtime, cpu_seconds: float) -> Worker:
        """Have one forked; raises WorkerStartError."""
        with _starting():
            return self._fork(runtime, cpu_seconds)

    def _fork(self, runtime: Runtime, cpu_seconds: float) -> Worker:
        with self._lock:
            control = self._connect(runtime.name)
        folder = Path(tempfile.mkdtemp(prefix="worker-", dir=self._folder))
        ours, theirs = socket.socketpair()
        read_end, write_end = os.pipe()
        # Taking turns is five times as quick on one core; a model's training needs its core for itself.
        cores = self._cores if runtime.heavy else _this_core()
        try:
            request = {"op": "fork", "cores": sorted(cores), **_request(runtime, cpu_seconds, folder)}
            with self._lock:
                socket.send_fds(control, [json.dumps(request).encode()], [theirs.fileno(), write_end])
                reply = control.recv(65536)
        except OSError:
            reply = b""
        finally:
            theirs.close()
            os.close(write_end)
        if not reply:
            raise WorkerStartError(
                say(
                    "The process that prepares {runtime} workers ended; see whether `import {runtime}` works.",
                    runtime=runtime.needs,
                )
            )
        answer = json.loads(reply)
        if "error" in answer:
            raise WorkerStartError(
                say("The system allows no further process: {reason}.", reason=answer["error"])
            )
        process = _Forked(answer["pid"], answer["number"], control, self._lock, self._cores)
        _move(cores)
        fd = ours.detach()
        worker = Worker(Channel(fd, os.dup(fd)), read_end, process, folder, runtime.data)
        self.lacking |= _greeted(worker, strict=self._strict)
        return worker

    def abandon(self) -> None:
        """Nothing to do: the zygote ends its workers when this process' control socket closes."""


class _Forked:
    """A worker, and the cores this process may go back to when it has ended. Its zygote, its parent, ends it."""

    def __init__(
        self, pid: int, number: int, control: socket.socket, lock: threading.Lock, cores: set[int]
    ) -> None:
        self.pid = pid
        self._number = number
        self._control = control
        self._lock = lock
        self._cores = cores

    def kill(self) -> None:
        with contextlib.suppress(OSError):
            self._ask("kill")

    def wait(self) -> int | None:
        _move(self._cores)
        try:
            with self._lock:
                self._ask("wait")
                reply = self._control.recv(65536)
        except OSError:
            return None
        return int(json.loads(reply)["status"]) if reply else None

    def forget(self) -> None:
        _move(self._cores)
        with contextlib.suppress(OSError):
            self._ask("forget")

    def _ask(self, how: str) -> None:
        self._control.send(json.dumps({"op": how, "number": self._number}).encode())


class AloneLauncher:
    """One fresh process a worker."""

    quick = False

    def __init__(self, folder: Path, *, strict: bool) -> None:
        self._folder = folder
        self._strict = strict
        self._started: list[_Alone] = []
        self._lock = threading.Lock()
        self._abandoned = False
        self.lacking: frozenset[str] = frozenset()

    def start(self, runtime: Runtime, cpu_seconds: float) -> Worker:
        """Start a process; raises WorkerStartError."""
        with _starting():
            return self._spawn(runtime, cpu_seconds)

    def _spawn(self, runtime: Runtime, cpu_seconds: float) -> Worker:
        folder = Path(tempfile.mkdtemp(prefix="worker-", dir=self._folder))
        request = json.dumps(_request(runtime, cpu_seconds, folder))
        arguments = [
            *zygotes.command("course.worker.alone", courses.current(), strict=self._strict),
            "--request",
            request,
        ]
        try:
            with self._lock:
                if self._abandoned:
                    raise OSError("the command has ended")
                process = subprocess.Popen(
                    arguments,
                    stdin=subprocess.PIPE,
                    stdout=subprocess.PIPE,
                    stderr=subprocess.PIPE,
                    env=zygotes.environment(folder),
                    cwd=folder,
                )
                alone = _Alone(process)
                self._started = [each for each in self._started if each.runs()] + [alone]
        except OSError as error:
            reason = error.strerror or str(error)
            raise WorkerStartError(
                say("The system allows no further process: {reason}.", reason=reason)
            ) from error
        assert process.stdin is not None
        assert process.stdout is not None
        assert process.stderr is not None
        channel = Channel(os.dup(process.stdout.fileno()), os.dup(process.stdin.fileno()))
        output = os.dup(process.stderr.fileno())
        for stream in (process.stdin, process.stdout, process.stderr):
            stream.close()
        worker = Worker(channel, output, alone, folder, runtime.data)
        self.lacking |= _greeted(worker, strict=self._strict)
        return worker

    def abandon(self) -> None:
        """Kill them: nobody else knows of them where a process does not end with its parent."""
        with self._lock:
            self._abandoned = True
            for each in self._started:
                each.kill()


class _Alone:
    def __init__(self, process: subprocess.Popen[bytes]) -> None:
        self._process = process
        self.pid = process.pid

    def runs(self) -> bool:
        return self._process.poll() is None

    def kill(self) -> None:
        self._process.kill()

    def wait(self) -> int | None:
        return self._process.wait()

    def forget(self) -> None:
        self._process.wait()


@contextlib.contextmanager
def _starting() -> Iterator[None]:
    """What the system refuses while a worker is started is no fault of the submission's."""
    try:
        yield
    except (OSError, MemoryError, ValueError, KeyError) as error:
        raise WorkerStartError(raised(error)) from error


def _this_core() -> set[int]:
    """The core the scheduler has this process on."""
    return {ctypes.CDLL(None).sched_getcpu()}


def _move(cores: set[int]) -> None:
    with contextlib.suppress(OSError):  # a container may forbid it: then it is only slower
        os.sched_setaffinity(0, cores)


def launcher(connect: Callable[[str], socket.socket], folder: Path, *, strict: bool) -> Launcher:
    """The launcher for this system; `connect` is used only where workers are forked.

    With `strict` no worker starts that cannot be confined wholly; else each is confined as far as the system can.
    """
    if zygotes.forks():
        return ForkLauncher(connect, folder, strict=strict)
    return AloneLauncher(folder, strict=strict)


@contextlib.contextmanager
def of_its_own() -> Iterator[Launcher]:
    """A launcher with zygotes and scratch folders that end with it, for one's own code outside of a check."""
    with contextlib.ExitStack() as opened:
        folder = opened.enter_context(scratch.made())
        warm = zygotes.Zygotes(folder, strict=False)
        opened.callback(warm.close)
        yield launcher(lambda runtime: opened.enter_context(warm.start(runtime, 1)[0]), folder, strict=False)


def _request(runtime: Runtime, cpu_seconds: float, folder: Path) -> dict[str, Any]:
    return {
        "imports": runtime.imports,
        "data": runtime.data,
        "cpu_seconds": int(cpu_seconds) + 5,
        "scratch": str(folder),
    }


def _greeted(worker: Worker, *, strict: bool) -> set[str]:
    """What the worker's first frame says it lacks of its protections; raises WorkerStartError."""
    worker.arm(START_SECONDS)
    try:
        greeting, _ = worker.channel.receive()
    except (EOFError, WireError, OSError):
        _, output = worker.end()
        said = output[-500:].strip()
        told = [say("It had printed: {output}", output=said)] if said else []
        raise WorkerStartError(say("The worker ended before its first word."), *told) from None
    worker.disarm()
    lacking = set(greeting.get("lacking", ["confinement"]))
    if strict and zygotes.confined() and lacking:
        worker.end()
        reason = str(greeting.get("refused", ", ".join(sorted(lacking))))
        raise WorkerStartError(say("This system cannot confine a worker ({reason}).", reason=reason))
    return lacking

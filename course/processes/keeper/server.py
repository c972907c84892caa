"""The keeper's own process: python -m course.processes.keeper.server FOLDER, started by course.processes.keeper.client."""

from __future__ import annotations

import argparse
import contextlib
import fcntl
import gc
import json
import os
import select
import selectors
import signal
import socket
import struct
import subprocess
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from course.content import courses
from course.processes import starting, zygotes
from course.processes.keeper import address, place
from course.worker import imports, scratch
from course.worker.control import FAILED

# How often it looks whether it is still of use.
_LOOK_SECONDS = 30.0
_MOST_BYTES, _MOST_FDS = 65_536, 250
# Seconds in which a process that has imported everything answers; one that does not is replaced.
_PATIENCE = 0.4
_GRADERS, _COMMANDS = "graders", "commands"
# With less than this share of the machine's memory left, or so many bytes if that is less, others need it more.
_LEAST_SHARE, _LEAST_BYTES = 0.05, 512 << 20
MEMORY, CONTAINER = Path("/proc/meminfo"), Path("/sys/fs/cgroup")


class _Ended(Exception):
    """Time to go."""


def main() -> None:
    """Listen until there is nothing to keep any more."""
    parser = argparse.ArgumentParser()
    parser.add_argument("folder", type=Path)
    parser.add_argument("--course", type=Path, required=True)
    parser.add_argument("--minutes", type=float, required=True)
    parser.add_argument("--runtime", action="append", default=[])
    parser.add_argument("--commands", type=Path, required=True)
    parser.add_argument("--ready", type=int)
    options = parser.parse_args()
    gc.enable()
    for number in (signal.SIGINT, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, _leave)
    courses.choose(lambda: courses.at(options.course))
    os.chdir("/")
    os.umask(0o077)
    with contextlib.suppress(OSError, _Ended), contextlib.ExitStack() as held:
        listener = held.enter_context(_listening(options.folder, held))
        commands = held.enter_context(_Commands(options.commands))
        keeper = held.enter_context(Keeper(listener, options.folder, commands, options.minutes * 60))
        if options.ready is not None:
            os.close(options.ready)
        keeper.warm(options.runtime)
        keeper.run()


def _leave(*_: object) -> None:
    raise _Ended


def _listening(folder: Path, held: contextlib.ExitStack) -> socket.socket:
    """The listening socket, with the folder locked as long as this process lives; raises OSError where another one has it."""
    for each in (folder.parent, folder):
        each.mkdir(mode=0o700, exist_ok=True)
    address.root()  # somebody else may have been quicker
    held.callback(_remove, folder.parent)
    lock = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    held.callback(os.close, lock)
    fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    held.callback(_remove, folder)
    path = folder / address.SOCKET
    path.unlink(missing_ok=True)  # of one that was killed
    listener = socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    listener.bind(str(path))
    held.callback(_unlink, path, path.stat().st_ino)
    listener.listen(64)
    return listener


class _Commands:
    """The socket for whole commands, which one of a program's keepers has; another takes it over when that one has ended."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._inode = 0
        self.listener: socket.socket | None = None

    def __enter__(self) -> _Commands:
        return self

    def __exit__(self, *_: object) -> None:
        if self.listener is not None:
            self.listener.close()
            _unlink(self._path, self._inode)

    def held(self) -> bool:
        """Whether it is this keeper's."""
        with contextlib.suppress(OSError):
            if self.listener is not None and self._path.stat().st_ino == self._inode:
                return True
        if self.listener is not None:
            return False
        if (others := place.connect(str(self._path))) is not None:
            others.close()
            return False
        self._path.unlink(missing_ok=True)  # of one that was killed
        listener = socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        listener.bind(str(self._path))
        listener.listen(64)
        self._inode, self.listener = self._path.stat().st_ino, listener
        return True

    def process(self, control: socket.socket) -> subprocess.Popen[bytes]:
        """One that takes commands in, as long as `control` is open."""
        assert self.listener is not None
        fds = [self.listener.fileno(), control.fileno()]
        words = ["--listener", str(fds[0]), "--control", str(fds[1])]
        return subprocess.Popen(
            [*imports.command("course.cli.forwarded"), *words],
            pass_fds=fds,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=None if os.environ.get("COURSE_DEBUG") else subprocess.DEVNULL,
        )


def _unlink(path: Path, inode: int) -> None:
    with contextlib.suppress(OSError):
        if path.stat().st_ino == inode:  # else it is another keeper's by now
            path.unlink()


def _remove(folder: Path) -> None:
    with contextlib.suppress(OSError):  # somebody else's keepers are in it
        folder.rmdir()


class _Child:
    """A process that others are forked from, and the socket on which it answers every message, once it has imported all."""

    def __init__(self, process: subprocess.Popen[bytes], control: socket.socket) -> None:
        self.process = process
        self._control = control
        self._ready = False
        self._unanswered = 0
        self.send(b'{"op": "ping"}')

    def send(self, message: bytes, fds: Sequence[int] = ()) -> None:
        """Ask it for something; raises OSError where it has gone."""
        socket.send_fds(self._control, [message], list(fds))
        self._unanswered += 1

    def answers(self) -> bool:
        """Whether it has done what it was asked for, or is still importing."""
        while self._unanswered:
            if not select.select([self._control], [], [], _PATIENCE if self._ready else 0)[0]:
                return not self._ready and _goes_on(self.process.pid)
            if self._control.recv(_MOST_BYTES) in (b"", FAILED):
                return False
            self._ready = True
            self._unanswered -= 1
        return True

    def well(self) -> bool:
        """Whether it is there and answers."""
        try:
            self.send(b'{"op": "ping"}')
            return self.answers()
        except OSError:
            return False

    def close(self) -> None:
        """End it."""
        self._control.close()
        self.process.kill()
        self.process.wait()


class Keeper:
    """Forks graders for whoever connects, from one that has imported what graders need, and has zygotes take them in."""

    def __init__(
        self, listener: socket.socket, folder: Path, commands: _Commands, idle_seconds: float
    ) -> None:
        self._listener = listener
        self._commands = commands
        self._path = folder / address.SOCKET
        self._idle_seconds = idle_seconds
        self._began = time.time()
        self._worked = time.monotonic()
        self._stack = contextlib.ExitStack()
        self._scratch = self._stack.enter_context(scratch.made())
        self._children: dict[
            str, _Child
        ] = {}  # a zygote by its runtime; those that fork graders and run commands under names of their own
        self._clients: set[socket.socket] = set()
        self._forked = 0
        self._selector = selectors.DefaultSelector()
        self._selector.register(listener, selectors.EVENT_READ)
        self._key = address.key()
        self._inode = self._path.stat().st_ino

    def __enter__(self) -> Keeper:
        return self

    def __exit__(self, *_: object) -> None:
        for child in self._children.values():
            child.close()
        self._stack.close()
        for client in self._clients:
            client.close()

    def warm(self, runtimes: Sequence[str]) -> None:
        """Have what these need imported."""
        for name in (_GRADERS, *runtimes):
            self._child(name)
        self._take_commands()

    def run(self) -> None:
        """Until it has been idle for long, or is of no use any more."""
        while True:
            ready = self._selector.select(min(_LOOK_SECONDS, max(self._idle_left(), 0.0)))
            for key, _ in ready:
                assert isinstance(key.fileobj, socket.socket)
                if key.fileobj is self._listener:
                    self._take_in()
                else:
                    self._serve(key.fileobj)
            if not ready and not self._clients and (self._idle_left() <= 0 or self._useless()):
                return

    def _idle_left(self) -> float:
        return self._idle_seconds - (time.monotonic() - self._worked) if not self._clients else _LOOK_SECONDS

    def _useless(self) -> bool:
        """Whether the program, the packages or the socket are no longer those it began with, or memory is short."""
        try:
            there = self._path.stat().st_ino == self._inode
        except OSError:
            there = False
        return not there or address.key() != self._key or memory_is_short()

    def _take_in(self) -> None:
        client, _ = self._listener.accept()
        peer = client.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, struct.calcsize("3i"))
        if struct.unpack("3i", peer)[1] != os.getuid():
            client.close()
            return
        self._clients.add(client)
        self._selector.register(client, selectors.EVENT_READ)

    def _serve(self, client: socket.socket) -> None:
        try:
            message, fds, _, _ = socket.recv_fds(client, _MOST_BYTES, _MOST_FDS)
        except OSError:
            message, fds = b"", []
        try:
            if message:
                client.send(json.dumps(self._answer(json.loads(message), fds)).encode())
                return
        except (OSError, ValueError, KeyError, TypeError):
            pass
        finally:
            for fd in fds:
                os.close(fd)
        self._let_go(client)

    def _let_go(self, client: socket.socket) -> None:
        self._selector.unregister(client)
        self._clients.remove(client)
        client.close()
        self._worked = time.monotonic()
        if not self._clients:
            for left in self._scratch.iterdir():  # by graders that were killed
                scratch.clear(left)
        self._take_commands()

    def _take_commands(self) -> None:
        """Have a process that whole commands are handed to, unless another keeper of the program has one."""
        with contextlib.suppress(OSError):
            if self._commands.held():
                self._child(_COMMANDS)

    def _answer(self, request: dict[str, Any], fds: Sequence[int]) -> dict[str, Any]:
        match request["op"]:
            case "graders" if not self._scratch.is_dir():
                raise _Ended  # somebody has cleared it away
            case "graders":
                runtimes = [str(runtime) for runtime in request["runtimes"]]
                for tasks, events in zip(fds[::2], fds[1::2], strict=True):
                    self._fork(runtimes, tasks, events)
                return {"ok": True}
            case "stop":
                raise _Ended
            case _:
                return {
                    "pid": os.getpid(),
                    "since": self._began,
                    "runtimes": sorted(self._children.keys() - {_GRADERS, _COMMANDS}),
                    "users": len(self._clients) - 1,  # who asks is none
                    "graders": self._forked,
                    "memory": sum(
                        map(_memory, (os.getpid(), *(each.process.pid for each in self._children.values())))
                    ),
                    "minutes": self._idle_seconds / 60,
                }

    def _fork(self, runtimes: Sequence[str], tasks: int, events: int) -> None:
        """One grader, with a control socket of its own to each zygote; raises OSError."""
        source = self._child(_GRADERS)
        pairs = [socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET) for _ in runtimes]
        try:
            for runtime, (_, theirs) in zip(runtimes, pairs, strict=True):
                self._child(runtime).send(b'{"op": "admit"}', [theirs.fileno()])
            ends = [tasks, events, *(ours.fileno() for ours, _ in pairs)]
            source.send(starting.line(runtimes, self._scratch, strict=False), ends)
            if not source.answers():
                raise OSError("no grader was forked")
            self._forked += 1
        finally:
            for pair in pairs:
                for end in pair:
                    end.close()

    def _child(self, name: str) -> _Child:
        """One that answers: started where there is none, or none any more."""
        known = self._children.get(name)
        if known is not None and known.well():
            return known
        if known is not None:
            self._children.pop(name).close()
        if name == _GRADERS:
            source = starting.Source(late=True)
            self._children[name] = _Child(source.process, source.control)
            return self._children[name]
        ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        with theirs:
            if name == _COMMANDS:
                process = self._commands.process(theirs)
            else:
                process = zygotes.start_zygote(courses.current(), name, [theirs], self._scratch, strict=False)
        self._children[name] = _Child(process, ours)
        return self._children[name]


def _goes_on(pid: int) -> bool:
    """Whether a process has neither ended nor been stopped."""
    try:
        stat = Path(f"/proc/{pid}/stat").read_bytes()
    except OSError:
        return False
    return stat.rpartition(b")")[2].split()[0] not in (b"T", b"t", b"Z", b"X")


def memory_is_short() -> bool:
    """Whether the machine, or the container this is in, has little left."""
    return any(left < min(_LEAST_BYTES, _LEAST_SHARE * total) for left, total in _room())


def _room() -> Iterator[tuple[float, float]]:
    """Bytes left and in all, wherever there is a limit that can be read."""
    with contextlib.suppress(OSError, ValueError, KeyError, IndexError):
        lines = MEMORY.read_text(encoding="ascii").splitlines()
        sizes = {
            name: int(rest.split()[0]) << 10 for name, _, rest in (line.partition(":") for line in lines)
        }
        yield sizes["MemAvailable"], sizes["MemTotal"]
    with contextlib.suppress(OSError, ValueError, KeyError):
        most, used = (
            int((CONTAINER / name).read_text(encoding="ascii")) for name in ("memory.max", "memory.current")
        )
        stat = dict(
            line.split() for line in (CONTAINER / "memory.stat").read_text(encoding="ascii").splitlines()
        )
        yield most - used + int(stat["inactive_file"]), most


def _memory(pid: int) -> int:
    """Bytes of a process, those it shares with others in parts."""
    with contextlib.suppress(OSError, ValueError, IndexError):
        for line in Path(f"/proc/{pid}/smaps_rollup").read_text(encoding="ascii").splitlines():
            if line.startswith("Pss:"):
                return int(line.split()[1]) << 10
    return 0


if __name__ == "__main__":
    main()

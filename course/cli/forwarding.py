"""A command handed over to a process that has imported all it needs (course.cli.forwarded), where the user's keeper has one.

That process runs it as this one would: with its terminal, folder, environment, limits and language. This one imports nothing of
the program, passes signals on and ends as the command did. Where anything is missing or other than there, it runs the command
itself.
"""

from __future__ import annotations

import contextlib
import io
import json
import os
import signal
import site
import socket
import sys
from collections.abc import Iterator
from types import FrameType
from typing import Any

from course.processes.keeper import place

# What asks nothing and is soon done.
_QUICK = ("check", "status", "next", "list", "show", "hint")
_MOST_BYTES = 65_536
# What a terminal, a shell or another program sends to a command. Stopping is a matter of its own.
PASSED_ON = ("SIGINT", "SIGTERM", "SIGHUP", "SIGWINCH")


def run(words: list[str]) -> int | None:
    """Have the command run; its exit status, None where nobody does it."""
    if not (_quick(words) and _plain()):
        return None
    with contextlib.ExitStack() as stack:
        try:
            connection = place.connect(place.commands())
            if connection is None:
                return None
            stack.callback(connection.close)
            pid = _taken(connection)
            if pid is None:
                return None
            stack.enter_context(_signals_passed_on(pid))
            connection.settimeout(None)
            told = connection.recv(_MOST_BYTES)
        except (OSError, ValueError):
            return None
    return int(told) if told else None  # it was killed


def _quick(words: list[str]) -> bool:
    """Whether the command is one of these; on somebody else's work it uses nothing that is kept."""
    others = any(word.startswith("--submission") for word in words)
    return bool(words) and words[0] in _QUICK and not others


def _plain() -> bool:
    """Whether this Python runs as any does, for itself."""
    flags = sys.flags
    plain = not (
        flags.optimize or flags.dev_mode or flags.inspect or flags.verbose or flags.ignore_environment
    )
    watched = sys.gettrace() is not None or sys.getprofile() is not None
    return plain and not watched and not sys.warnoptions and not sys._xoptions and len(_streams()) == 3


def _streams() -> list[io.TextIOWrapper]:
    """The standard streams that are as Python makes them."""
    found = (sys.stdin, sys.stdout, sys.stderr)
    return [each for each in found if isinstance(each, io.TextIOWrapper)]


def _taken(connection: socket.socket) -> int | None:
    """The process that runs it; None where it is to be run here."""
    connection.recv(_MOST_BYTES)  # somebody is there: what nobody takes would keep our pipes open
    here = os.open(".", os.O_RDONLY | os.O_DIRECTORY)
    try:
        socket.send_fds(connection, [json.dumps(_request()).encode()], [0, 1, 2, here])
        reply: dict[str, int] = json.loads(connection.recv(_MOST_BYTES))
    finally:
        os.close(here)
    return reply.get("pid")


def _request() -> dict[str, Any]:
    import resource

    kinds = [value for name, value in vars(resource).items() if name.startswith("RLIMIT_")]
    umask = os.umask(0o077)
    os.umask(umask)
    return {
        "words": sys.argv,
        "environment": dict(os.environ),
        "path": sys.path,
        "safe": bool(sys.flags.safe_path),
        "streams": [
            [each.encoding, each.errors, each.line_buffering, each.write_through] for each in _streams()
        ],
        "limits": {kind: resource.getrlimit(kind) for kind in set(kinds)},
        "umask": umask,
        "priority": os.getpriority(os.PRIO_PROCESS, 0),
        "cores": sorted(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else [],
        "ignored": [name for name in PASSED_ON if signal.getsignal(getattr(signal, name)) is signal.SIG_IGN],
        "surroundings": surroundings(),
    }


def surroundings() -> list[str]:
    """What a process has got for good, and must have in common with one that acts for it: rights, namespaces, encodings."""
    found = [sys.getfilesystemencoding(), str(site.ENABLE_USER_SITE)]
    found += [os.readlink(f"/proc/self/ns/{space}") for space in ("mnt", "net", "pid", "user")]  # noqa: PTH115 - no import
    with open("/proc/self/status", encoding="ascii", errors="replace") as lines:
        wanted = ("Uid:", "Gid:", "Groups:", "Cap", "NoNewPrivs:", "Seccomp")
        found += [line for line in lines if line.startswith(wanted)]
    return found


@contextlib.contextmanager
def _signals_passed_on(pid: int) -> Iterator[None]:
    def passed_on(number: int, _frame: FrameType | None) -> None:
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, number)

    def stopped(number: int, frame: FrameType | None) -> None:
        passed_on(signal.SIGSTOP, frame)
        signal.signal(number, signal.SIG_DFL)
        os.kill(os.getpid(), number)  # the shell has its prompt, until it lets this go on
        signal.signal(number, stopped)
        passed_on(signal.SIGCONT, frame)

    before = {}
    for name in (*PASSED_ON, "SIGTSTP"):
        number = getattr(signal, name)
        if signal.getsignal(number) is not signal.SIG_IGN:
            before[number] = signal.signal(number, stopped if name == "SIGTSTP" else passed_on)
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)

"""A terminal taken over for a while: one full screen, single keys, its size; given back whatever happens."""

from __future__ import annotations

import contextlib
import os
import re
import signal
import sys
import threading
from collections.abc import Callable, Iterator
from types import FrameType

_NAMED = {
    "\x1b": "escape",
    "\r": "enter",
    "\n": "enter",
    "\x1b[A": "up",
    "\x1bOA": "up",
    "\x1b[B": "down",
    "\x1bOB": "down",
    "\x1b[5~": "pageup",
    "\x1b[6~": "pagedown",
}
_KEY = re.compile(r"\x1b(?:\[[0-9;]*[A-Za-z~]|O[A-Za-z])?|.", re.DOTALL)
_ENTER = "\x1b[?1049h\x1b[?25l"  # the alternate screen, without a cursor
_LEAVE = "\x1b[?25h\x1b[?1049l"


@contextlib.contextmanager
def taken(on_key: Callable[[str], None], on_resize: Callable[[], None]) -> Iterator[None]:
    """Take the terminal over: keys are told by name from a thread of their own, changes of size by signal.

    It is given back at the end of the block, and while the process is stopped (Ctrl-Z).
    """
    with _signals(on_resize), _single_keys(), contextlib.ExitStack() as stack:
        stack.callback(_write, _LEAVE)
        _write(_ENTER)
        threading.Thread(target=_read, args=(on_key,), daemon=True).start()
        yield


def draw(lines: list[str]) -> None:
    """Put these lines on the screen, in one piece and without clearing it first, so that nothing flickers."""
    _write("\x1b[H" + "\x1b[K\r\n".join(lines) + "\x1b[K\x1b[J")


def size() -> tuple[int, int]:
    """Columns and rows as they are now."""
    found = os.get_terminal_size(sys.stdout.fileno())
    return max(found.columns, 20), max(found.lines, 6)


def keys(text: str) -> list[str]:
    """What was pressed, by name or as its character."""
    return [_NAMED.get(part, part) for part in _KEY.findall(text)]


def _write(text: str) -> None:
    sys.stdout.write(text)
    sys.stdout.flush()


if sys.platform == "win32":
    import msvcrt

    _WINDOWS = {"H": "up", "P": "down", "I": "pageup", "Q": "pagedown"}

    @contextlib.contextmanager
    def _single_keys() -> Iterator[None]:
        os.system("")  # noqa: S605, S607  switches the console's escape sequences on
        yield

    @contextlib.contextmanager
    def _signals(_on_resize: Callable[[], None]) -> Iterator[None]:
        yield

    def _read(on_key: Callable[[str], None]) -> None:
        while True:
            key = msvcrt.getwch()
            on_key(_WINDOWS.get(msvcrt.getwch(), "") if key in "\0\xe0" else keys(key)[0])

else:
    import termios
    import tty

    @contextlib.contextmanager
    def _single_keys() -> Iterator[None]:
        before = termios.tcgetattr(sys.stdin)
        try:
            tty.setcbreak(sys.stdin)
            yield
        finally:
            termios.tcsetattr(sys.stdin, termios.TCSADRAIN, before)

    @contextlib.contextmanager
    def _signals(on_resize: Callable[[], None]) -> Iterator[None]:
        """Being stopped gives the terminal back until the process goes on."""

        def stop(_number: int, _frame: FrameType | None) -> None:
            ours = termios.tcgetattr(sys.stdin)
            _write(_LEAVE)
            termios.tcsetattr(sys.stdin, termios.TCSADRAIN, before)
            os.kill(os.getpid(), signal.SIGSTOP)
            termios.tcsetattr(sys.stdin, termios.TCSADRAIN, ours)
            _write(_ENTER)
            on_resize()

        before = termios.tcgetattr(sys.stdin)
        handlers = {
            signal.SIGTSTP: stop,
            signal.SIGWINCH: lambda *_: on_resize(),
        }
        old = {number: signal.signal(number, handler) for number, handler in handlers.items()}
        try:
            yield
        finally:
            for number, handler in old.items():
                signal.signal(number, handler)

    def _read(on_key: Callable[[str], None]) -> None:
        import codecs

        decoder = codecs.getincrementaldecoder("utf-8")("ignore")
        with contextlib.suppress(OSError):
            while found := os.read(sys.stdin.fileno(), 1024):
                for key in keys(decoder.decode(found)):
                    on_key(key)
        on_key("q")  # nobody is there any more

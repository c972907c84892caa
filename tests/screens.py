"""A command in a pseudo-terminal whose screen can be read."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from pathlib import Path

import pexpect
import pyte


class Terminal:
    """Runs `course …` in a terminal of this size; what is on its screen is in `rows`."""

    def __init__(
        self, *arguments: str, folder: Path, width: int, height: int, first: str = "", **environment: str
    ) -> None:
        """`first` is Python to run before the command."""
        self._screen = pyte.Screen(width, height)
        self._stream = pyte.Stream(self._screen)
        self.raw = ""
        self.child = pexpect.spawn(
            sys.executable,
            ["-c", f"{first}\nfrom course.cli import main; main()", *arguments],
            cwd=str(folder),
            env={**os.environ, "TERM": "xterm-256color", "PYTHONIOENCODING": "utf-8", **environment},
            dimensions=(height, width),
            encoding="utf-8",
            timeout=30,
        )

    @property
    def rows(self) -> list[str]:
        """The screen's rows, as they stand."""
        return [row.rstrip() for row in self._screen.display]

    @property
    def text(self) -> str:
        """The same in one piece."""
        return "\n".join(self.rows)

    def until(self, shown: str | Callable[[Terminal], bool]) -> Terminal:
        """Read on until this is on the screen; fails, with the screen, where it never is."""
        there = shown if callable(shown) else lambda terminal: shown in terminal.text
        while not there(self):
            try:
                self._feed(self.child.read_nonblocking(65536, timeout=30))
            except (pexpect.TIMEOUT, pexpect.EOF) as error:
                raise AssertionError(f"never shown: {shown}\n{self.text}") from error
        return self

    def press(self, key: str) -> Terminal:
        """Press a key."""
        self.child.send(key)
        return self

    def resize(self, width: int, height: int) -> None:
        """Make the terminal another size."""
        self._screen.resize(height, width)
        self.child.setwinsize(height, width)

    def read_all(self) -> None:
        """Read until it has ended."""
        try:
            while True:
                self._feed(self.child.read_nonblocking(65536, timeout=30))
        except pexpect.EOF:
            pass

    def end(self) -> int | None:
        """Read to the end; the exit status, or minus the signal's number."""
        self.read_all()
        self.child.close()
        return self.child.exitstatus if self.child.signalstatus is None else -self.child.signalstatus

    def _feed(self, text: str) -> None:
        self.raw += text
        self._stream.feed(text)

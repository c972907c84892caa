"""Standard input, output and error that somebody closed before this process began. Imports nothing of the program."""

from __future__ import annotations

import os


def open_closed() -> None:
    """Open what is closed of them: it would be the next thing opened, which a process that is started takes for its own."""
    for descriptor in range(3):
        try:
            os.fstat(descriptor)
        except OSError:
            os.open(os.devnull, os.O_RDWR)  # it is given the lowest number that is free: this one

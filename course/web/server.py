"""Serving the pages on this machine, for this machine."""

from __future__ import annotations

import contextlib
import os
import socket
from collections.abc import Callable
from pathlib import Path

import uvicorn

from course.web.app import application

HOST = "127.0.0.1"


class PortTaken(OSError):
    """Another program listens on the port."""


def listen(port: int) -> socket.socket:
    """A socket on the loopback interface, on any free port for 0; raises PortTaken."""
    made = socket.socket()
    # A port just given up may be used again at once; on Windows this would share one that is in use.
    if os.name == "posix":
        made.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        made.bind((HOST, port))
    except OSError as error:
        made.close()
        raise PortTaken(port) from error
    made.listen(128)
    return made


def run(listening: socket.socket, workspace: Path | None, started: Callable[[], None]) -> None:
    """Serve until Ctrl-C; `started` is called once pages can be had."""

    class Server(uvicorn.Server):
        async def startup(self, sockets: list[socket.socket] | None = None) -> None:
            await super().startup(sockets)
            started()

    config = uvicorn.Config(
        application(workspace), log_level="warning", access_log=False, server_header=False, lifespan="off"
    )
    with contextlib.suppress(KeyboardInterrupt):
        Server(config).run([listening])

"""Serving the pages on this machine, for this machine."""

from __future__ import annotations

import asyncio
import contextlib
import os
import socket
from collections.abc import Callable

import uvicorn
from starlette.applications import Starlette

from course.web.security import KEY

HOST = "127.0.0.1"
# A browser opens six; more than this without a request are somebody's mistake or malice.
MOST_CONNECTIONS = 100


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


class _Server(uvicorn.Server):
    """Tells when it has started, and does not let connections without a request pile up."""

    def __init__(
        self, config: uvicorn.Config, started: Callable[[], None], ended: Callable[[], None]
    ) -> None:
        super().__init__(config)
        self._tell, self._ended = started, ended

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self._tell()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        await asyncio.to_thread(self._ended)  # with what runs end the streams that tell of it
        await super().shutdown(sockets)

    async def on_tick(self, counter: int) -> bool:
        connections = self.server_state.connections
        if len(connections) > MOST_CONNECTIONS:
            idle = [each for each in connections if getattr(each, "cycle", None) is None]
            for each in idle:
                each.transport.abort()
        return await super().on_tick(counter)


def run(listening: socket.socket, app: Starlette, started: Callable[[str], None]) -> None:
    """Serve until Ctrl-C; `started` is called with the address once pages can be had."""
    address = f"http://{HOST}:{listening.getsockname()[1]}/?{KEY}={app.state.key}"
    config = uvicorn.Config(
        app,
        log_level="warning",
        access_log=False,
        server_header=False,
        lifespan="off",
        limit_concurrency=2 * MOST_CONNECTIONS,
        timeout_graceful_shutdown=5,
    )

    def ended() -> None:
        if app.state.checks is not None:
            app.state.checks.close()

    with contextlib.suppress(KeyboardInterrupt):
        _Server(config, lambda: started(address), ended).run([listening])

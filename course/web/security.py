"""What keeps the pages private: loopback hosts only, a token in every form, and headers that allow nothing from elsewhere."""

from __future__ import annotations

import secrets
from collections.abc import Awaitable, Callable
from urllib.parse import parse_qs

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import MutableHeaders
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

# Of every other name the request is refused, though it may lead here: DNS rebinding.
HOSTS = ("127.0.0.1", "localhost")
TOKEN = "token"  # noqa: S105  the field's name
_LONGEST_FORM = 64_000
_HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; font-src 'self'; connect-src 'self'; "
        "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    ),
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
}

Form = dict[str, list[str]]


class Headers:
    """Adds the headers to every answer: a page shows the store as it is now, a style is only asked whether it changed."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """ASGI."""
        kept = "no-cache" if scope.get("path", "").startswith("/static/") else "no-store"

        async def with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                headers.update(_HEADERS)
                headers.setdefault("Cache-Control", kept)
            await send(message)

        await self.app(scope, receive, with_headers)


def new_token() -> str:
    """A token that no page from elsewhere can know; one for each start of the server."""
    return secrets.token_urlsafe(32)


def posted(handler: Callable[[Request, Form], Response]) -> Callable[[Request], Awaitable[Response]]:
    """An endpoint for a form: it reads the fields, requires the token, and runs the handler in a thread."""

    async def endpoint(request: Request) -> Response:
        body = b""
        async for chunk in request.stream():
            body += chunk
            if len(body) > _LONGEST_FORM:
                raise HTTPException(413)
        try:
            form = parse_qs(body.decode("ascii"), keep_blank_values=True, max_num_fields=200)
        except ValueError as error:
            raise HTTPException(400) from error
        sent = form.get(TOKEN, [""])[0]
        if not secrets.compare_digest(sent.encode(), request.app.state.token.encode()):
            raise HTTPException(403)
        return await run_in_threadpool(handler, request, form)

    return endpoint

"""What keeps the pages private.

A key in the address that `course serve` opens, as Jupyter does: other users of the machine have none. Loopback hosts only, a
token in every form, and headers that allow nothing from elsewhere.
"""

from __future__ import annotations

import hashlib
import re
import secrets
from collections.abc import Awaitable, Callable
from urllib.parse import parse_qs

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import MutableHeaders
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import PlainTextResponse, RedirectResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from course.language import gettext as _

# Of every other name the request is refused, though it may lead here: DNS rebinding.
HOSTS = ("127.0.0.1", "localhost")
TOKEN = "token"  # noqa: S105  the field's name
_LONGEST_FORM = 64_000
# The editor makes its styles while it runs: a nonce, new for every answer, lets it.
_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self' 'nonce-{nonce}'; img-src 'self'; font-src 'self'; "
    "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
_HEADERS = {
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
}

KEY = "key"
_KEPT_DAYS = 7
_PREFIX = re.compile(r"(/[\w.~@%+-]+)+")

Form = dict[str, list[str]]


def base(request: Request) -> str:
    """What stands before every path where a proxy, such as jupyter-server-proxy, serves the pages below one of its own."""
    prefix = request.headers.get("x-forwarded-prefix", "").rstrip("/")
    return prefix if _PREFIX.fullmatch(prefix) else ""


class Key:
    """Answers only who comes with the key: once in the address, then in a cookie of this server's own."""

    def __init__(self, app: ASGIApp, key: str) -> None:
        self.app = app
        self._key = key
        # Cookies know hosts, not ports: two servers on one machine must not take each other's.
        self._cookie = f"course-key-{hashlib.sha256(key.encode()).hexdigest()[:8]}"

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """ASGI."""
        request = Request(scope)
        if self._knows(request.cookies.get(self._cookie, "")):
            await self.app(scope, receive, send)
            return
        answer: Response
        if self._knows(request.query_params.get(KEY, "")):
            there = request.url.remove_query_params(KEY)
            answer = RedirectResponse(f"{there.path}?{there.query}".rstrip("?"), 303)
            seconds = _KEPT_DAYS * 24 * 3600
            # On a hub other people's servers are below the same host: they are not sent it.
            path = base(request) or "/"
            answer.set_cookie(
                self._cookie, self._key, max_age=seconds, path=path, httponly=True, samesite="lax"
            )
        else:
            text = _("These pages are for whoever started `course serve`: open the address that it printed.")
            answer = PlainTextResponse(text + "\n", 403)
        await answer(scope, receive, send)

    def _knows(self, given: str) -> bool:
        return secrets.compare_digest(given.encode(), self._key.encode())


class Headers:
    """Adds the headers to every answer: a page shows the store as it is now, a style is only asked whether it changed."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """ASGI."""
        path = scope.get("path", "")
        kept = "no-cache" if path.startswith("/static/") else "no-store"
        nonce = scope["course.nonce"] = secrets.token_urlsafe(16)

        async def with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                headers.update(_HEADERS)
                headers["Content-Security-Policy"] = _POLICY.format(nonce=nonce)
                headers.setdefault("Cache-Control", kept)
                if headers.get("location", "").startswith("/") and base(Request(scope)):
                    # Some proxies put their own path before one from the root, others do not.
                    headers["location"] = "../" * (path.count("/") - 1) + "." + headers["location"]
            await send(message)

        await self.app(scope, receive, with_headers)


def new_token() -> str:
    """A token that no page from elsewhere can know; one for each start of the server."""
    return secrets.token_urlsafe(32)


def posted(
    handler: Callable[[Request, Form], Response], longest: int = _LONGEST_FORM
) -> Callable[[Request], Awaitable[Response]]:
    """An endpoint for a form of so many bytes: it reads the fields, requires the token, and runs the handler in a thread."""

    async def endpoint(request: Request) -> Response:
        body = bytearray()
        async for chunk in request.stream():
            body += chunk
            if len(body) > longest:
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

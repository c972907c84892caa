"""A page: a template in the reader's language and colours, which two cookies remember."""

from __future__ import annotations

import functools
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from course import language, texts
from course.messages import marked
from course.web import text

LANGUAGE, THEME = "course-language", "course-theme"
THEMES = ("system", "light", "dark")


class Language:
    """Has every request answered in its reader's language: the one chosen on a page, else the command's."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """ASGI."""
        chosen = Request(scope).cookies.get(LANGUAGE, "") if scope["type"] == "http" else ""
        with language.using(chosen if chosen in language.languages() else language.current()):
            await self.app(scope, receive, send)


def theme(request: Request) -> str:
    """The reader's colours: the system's, light or dark."""
    chosen = request.cookies.get(THEME, "")
    return chosen if chosen in THEMES else THEMES[0]


def page(request: Request, template: str, *, status: int = 200, **values: Any) -> HTMLResponse:
    """The template filled in."""
    values |= {
        "path": request.url.path,
        "code": language.current(),
        "theme": theme(request),
        "token": request.app.state.token,
    }
    return HTMLResponse(_environment().get_template(template).render(values), status)


def see(path: str) -> RedirectResponse:
    """After a form: go and look there, so that reloading sends nothing twice."""
    return RedirectResponse(path, 303)


@functools.cache
def _environment() -> Environment:
    made = Environment(
        loader=FileSystemLoader(Path(__file__).parent / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.globals |= {
        "_": language.gettext,
        # Each catalog translates the word by its own language's name.
        "languages": {known: language.gettext(marked("English"), known) for known in language.languages()},
        "title_of": lambda exercise: texts.title(exercise, language.current()),
    }
    made.filters |= {"markdown": text.rendered, "inline": text.inline}
    return made

"""A page: a template in the reader's language and colours, which two cookies remember."""

from __future__ import annotations

import functools
from typing import Any

from jinja2 import Environment, PackageLoader
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from course import language
from course.content import courses, texts
from course.content.catalog import Exercise, UnknownName, catalog
from course.html import markdown, result
from course.html.environment import environment
from course.language.messages import marked
from course.progress import effort, wording
from course.results import status_word
from course.web.security import base

LANGUAGE, THEME = "course-language", "course-theme"
THEMES = ("system", "light", "dark")


class Language:
    """Has every request answered in its reader's language: the one chosen on a page, else the command's."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """ASGI."""
        chosen = Request(scope).cookies.get(LANGUAGE, "") if scope["type"] == "http" else ""
        with language.using(chosen if chosen in courses.languages() else language.current()):
            await self.app(scope, receive, send)


def theme(request: Request) -> str:
    """The reader's colours: the system's, light or dark."""
    chosen = request.cookies.get(THEME, "")
    return chosen if chosen in THEMES else THEMES[0]


def page(request: Request, template: str, *, status: int = 200, **values: Any) -> HTMLResponse:
    """The template filled in."""
    path, query = request.url.path, request.url.query
    values |= {
        "base": base(request),
        "path": path,
        "back": f"{path}?{query}" if query else path,
        "theme": theme(request),
        "token": request.app.state.token,
        "nonce": request.scope["course.nonce"],
    }
    return HTMLResponse(fragment(template, **values), status)


def fragment(template: str, **values: Any) -> str:
    """A piece of a page: the template alone."""
    return _environment(language.current()).get_template(template).render(values)


def exercise_named(request: Request) -> Exercise:
    """The exercise in the address; 404 where there is none of that name."""
    try:
        return catalog().exercise(request.path_params["slug"])
    except UnknownName as error:
        raise HTTPException(404) from error


def see(path: str) -> RedirectResponse:
    """After a form: go and look there, so that reloading sends nothing twice."""
    return RedirectResponse(path, 303)


@functools.cache
def _environment(code: str) -> Environment:
    shared = environment(code)
    made = shared.overlay(loader=PackageLoader("course.web"))
    made.globals = shared.globals | {
        # Each catalog translates the word by its own language's name.
        "languages": {
            known: language.gettext(marked("English"), known) if known in language.languages() else known
            for known in courses.languages()
        },
        "duration": wording.duration,
        "effort": effort.estimate,
        "shown": result.exercise,
        "status_word": status_word,
        "title_of": lambda exercise: texts.title(exercise, code),
    }
    made.filters = shared.filters | {"markdown": markdown.rendered, "inline": markdown.inline}
    return made

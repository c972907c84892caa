"""A page: a template in the reader's language and colours, which two cookies remember."""

from __future__ import annotations

import functools
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse

from course import language
from course.messages import marked
from course.web import text

_TEMPLATES = Path(__file__).parent / "templates"
LANGUAGE, THEME = "course-language", "course-theme"
THEMES = ("system", "light", "dark")


def code(request: Request) -> str:
    """The reader's language: the one chosen on a page, else the command's."""
    chosen = request.cookies.get(LANGUAGE, "")
    return chosen if chosen in language.languages() else language.current()


def theme(request: Request) -> str:
    """The reader's colours: the system's, light or dark."""
    chosen = request.cookies.get(THEME, "")
    return chosen if chosen in THEMES else THEMES[0]


def page(request: Request, template: str, *, status: int = 200, **values: Any) -> HTMLResponse:
    """The template filled in."""
    values |= {"request": request, "theme": theme(request), "token": request.app.state.token}
    return HTMLResponse(_environment(code(request)).get_template(template).render(values), status)


def see(path: str) -> RedirectResponse:
    """After a form: go and look there, so that reloading sends nothing twice."""
    return RedirectResponse(path, 303)


@functools.cache
def _environment(code: str) -> Environment:
    environment = Environment(
        loader=FileSystemLoader(_TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.globals |= {
        "_": lambda message: language.gettext(message, code),
        "code": code,
        # Each catalog translates the word by its own language's name.
        "languages": {known: language.gettext(marked("English"), known) for known in language.languages()},
        "themes": THEMES,
    }
    environment.filters |= {"markdown": text.rendered, "inline": text.inline}
    return environment

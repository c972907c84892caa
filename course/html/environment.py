"""The Jinja2 environment of the course's HTML: escaped, and in one language."""

from __future__ import annotations

import functools

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from course import language
from course.content.catalog import catalog


@functools.cache
def environment(code: str) -> Environment:
    """The templates in course/html/templates in a language.

    `_` translates, `code` is the language's code, `course_title()` what the course in use is called in it.
    """
    made = Environment(
        loader=PackageLoader("course.html"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.globals |= {
        "_": functools.partial(language.gettext, code=code),
        "code": code,
        "course_title": lambda: catalog().title(code),
    }
    return made


def render(template: str, code: str | None = None, **values: object) -> Markup:
    """A template in a language, the current one by default; what it is given is escaped, what comes back is HTML."""
    text = environment(code or language.current()).get_template(template).render(**values)
    return Markup(text)  # noqa: S704  autoescaped

"""A page of one file: its styles are inside, there is nothing to fetch and nothing to run."""

from __future__ import annotations

from importlib import resources

from markupsafe import Markup

from course.html import environment, result


def document(template: str, code: str | None = None, **values: object) -> Markup:
    """A template that extends document.html, in a language, the current one by default."""
    style = resources.files("course.html").joinpath("page.css").read_text(encoding="utf-8")
    styles = {"page_style": Markup(style), "result_style": result.style()}  # noqa: S704  a file of this program
    return environment.render(template, code, **styles, **values)

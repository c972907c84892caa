"""Results as HTML: one Jinja2 environment and the fragments that notebooks, feedback pages and the web share."""

from __future__ import annotations

import functools
from importlib import resources

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from course import catalog, language, texts
from course.results import ExerciseResult, Report, status_word


@functools.cache
def environment() -> Environment:
    """The templates in course/html/templates: autoescaped, translated into the language in use when they are rendered."""
    made = Environment(
        loader=PackageLoader("course.html"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        extensions=["jinja2.ext.i18n"],
    )
    made.policies["ext.i18n.trimmed"] = True
    made.install_gettext_callables(  # type: ignore[attr-defined]
        lambda text: language.gettext(text), language.ngettext_plain, newstyle=True
    )
    made.globals.update(current_language=language.current, exercise_text=_text, status_word=status_word)
    return made


def render(template: str, **values: object) -> Markup:
    """A template in the language in use; what it is given is escaped, what it returns is HTML."""
    return Markup(environment().get_template(template).render(**values))  # noqa: S704  autoescaped


def style() -> Markup:
    """The style sheet of the fragments, for a page's or a notebook's own <style>."""
    return Markup(resources.files("course.html").joinpath("course.css").read_text(encoding="utf-8"))  # noqa: S704


def exercise(result: ExerciseResult, *, hints: bool = False) -> Markup:
    """One exercise: status, points, every test with what it says; hidden tests by title alone.

    Args:
        result: what to show.
        hints: also the exercise's hints, folded, where it has not passed.
    """
    return render("exercise.html", result=result, hints=hints)


def report(shown: Report, *, hints: bool = False) -> Markup:
    """A whole check."""
    return render("report.html", report=shown, hints=hints)


def standalone(shown: Report) -> Markup:
    """A whole check with its own style, for a notebook's output."""
    return Markup("<style>{}</style>{}").format(style(), report(shown))


def _text(slug: str) -> texts.Text:
    return texts.text(catalog.catalog().exercise(slug), language.current())

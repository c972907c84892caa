"""Results as HTML fragments, the same in notebooks, feedback pages and on the web."""

from __future__ import annotations

from collections.abc import Sequence
from importlib import resources

from markupsafe import Markup

from course import language
from course.content import catalog, texts
from course.html.environment import render
from course.results import ExerciseResult, Report, Status, TestResult, status_word

_MARKS: dict[Status, str] = {
    "passed": "✓", "failed": "✗", "error": "!", "timeout": "⧖", "todo": "·", "missing": "?", "blocked": "○", "ungraded": "⊘",
}  # fmt: skip


def style() -> Markup:
    """The style sheet of the fragments, for a page's own <style>; light and dark."""
    sheet = resources.files("course.html").joinpath("result.css").read_text(encoding="utf-8")
    return Markup("<style>\n{}</style>").format(Markup(sheet))  # noqa: S704  a file of this program


def exercise(
    result: ExerciseResult, code: str | None = None, *, hints: Sequence[Markup] = (), level: int = 3
) -> Markup:
    """One exercise: status, points, and every test with what it says; hidden tests say their title and nothing of inputs.

    Args:
        result: what to show.
        code: the language, the current one by default.
        hints: rendered hints to offer, folded, below the tests.
        level: of the heading.
    """
    code = code or language.current()
    text = texts.text(catalog.catalog().exercise(result.slug), code)
    words = {status: status_word(status, code) for status in _MARKS}
    return render(
        "exercise.html", code, result=result, text=text, hints=hints, level=level, marks=_MARKS, words=words
    )


def one_test(slug: str, shown: TestResult, code: str | None = None) -> Markup:
    """One test of an exercise as an item of its list, for results that come one by one."""
    code = code or language.current()
    text = texts.text(catalog.catalog().exercise(slug), code)
    words = {status: status_word(status, code) for status in _MARKS}
    return render("test.html", code, test=shown, text=text, marks=_MARKS, words=words)


def report(shown: Report, code: str | None = None, note: str | None = None) -> Markup:
    """A whole check: its exercises and the sum of points; `note` is what else there is to say of it."""
    code = code or language.current()
    parts = [exercise(result, code) for result in shown.exercises]
    passed = sum(result.status == "passed" for result in shown.exercises)
    return render("report.html", code, report=shown, exercises=parts, passed=passed, note=note)


def standalone(shown: Report, note: str | None = None) -> Markup:
    """A whole check with its style sheet, for a notebook's output."""
    return style() + report(shown, note=note)

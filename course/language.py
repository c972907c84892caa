"""The learner's language: chosen once, from --lang, then COURSE_LANG, then the locale; English where nothing fits.

A language is a gettext catalog in course/locale and a text per exercise; English is what the code itself is written in.
"""

from __future__ import annotations

import contextlib
import functools
import gettext as _gettext
import os
from collections.abc import Iterator
from contextvars import ContextVar
from pathlib import Path

LOCALE = Path(__file__).parent / "locale"
_VARIABLES = ("COURSE_LANG", "LC_ALL", "LC_MESSAGES", "LANG")

_chosen: str | None = None
_here: ContextVar[str | None] = ContextVar("course_language", default=None)


@functools.cache
def languages() -> tuple[str, ...]:
    """Codes of all languages the program speaks, English first."""
    return ("en", *sorted(entry.parent.parent.name for entry in LOCALE.glob("*/LC_MESSAGES/course.po")))


def choose(code: str | None) -> None:
    """Use this language from now on (None: what the environment says); also for click's own messages."""
    global _chosen
    _chosen = code
    os.environ["LANGUAGE"] = current()
    _gettext.bindtextdomain("course", str(LOCALE))
    _gettext.textdomain("course")


@contextlib.contextmanager
def using(code: str) -> Iterator[None]:
    """Use this language inside, whatever others in the process use: one request of a server, say."""
    before = _here.set(code)
    try:
        yield
    finally:
        _here.reset(before)


def current() -> str:
    """The code of the language in use."""
    here = _here.get()
    if here is not None:
        return here
    if _chosen is not None:
        return _chosen
    for variable in _VARIABLES:
        code = os.environ.get(variable, "").split(":")[0].split("_")[0].split(".")[0].lower()
        if code in languages():
            return code
        if code:
            return "en"
    return "en"


@functools.cache
def _catalog(code: str) -> _gettext.NullTranslations:
    return _gettext.translation("course", str(LOCALE), languages=[code], fallback=True)


def gettext(text: str, code: str | None = None) -> str:
    """The text in a language, the current one by default."""
    return _catalog(code or current()).gettext(text) if text else ""


def ngettext(one: str, many: str, count: int) -> str:
    """The text for a count, in the current language, with {count} filled in."""
    return _catalog(current()).ngettext(one, many, count).format(count=count)

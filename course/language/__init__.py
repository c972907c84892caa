"""The learner's language: chosen once, from --lang, then COURSE_LANG, then the locale; English where nothing fits.

A language is a gettext catalog in course/locale and a text per exercise; English is what the code itself is written in.
"""

from __future__ import annotations

import contextlib
import functools
import gettext as _gettext
import locale
import os
import re
import sys
from collections.abc import Iterable, Iterator
from contextvars import ContextVar
from pathlib import Path
from typing import Any, TypeVar

T = TypeVar("T")


class ByLanguage(dict[str, T]):
    """Something in several languages. In one that is not there it is given in the first, which stands in."""

    def __missing__(self, code: str) -> T:
        if not self:
            raise KeyError(code)
        return next(iter(self.values()))


Words = ByLanguage[str]
_CODE = re.compile("[a-z]{2,3}")


def spoken(value: Any) -> Any:
    """A nested value in which every table of texts by language is one that falls back (ByLanguage)."""
    if isinstance(value, list):
        return [spoken(entry) for entry in value]
    if not isinstance(value, dict):
        return value
    if value and all(_CODE.fullmatch(key) and isinstance(text, str) for key, text in value.items()):
        return Words(value)
    return {key: spoken(entry) for key, entry in value.items()}


LOCALE = Path(__file__).parents[1] / "locale"
_VARIABLES = ("COURSE_LANG", "LC_ALL", "LC_MESSAGES", "LANG")

_chosen: str | None = None
_offered: set[str] = set()
_here: ContextVar[str | None] = ContextVar("course_language", default=None)


@functools.cache
def languages() -> tuple[str, ...]:
    """Codes of all languages the program speaks, English first."""
    return ("en", *sorted(entry.parent.parent.name for entry in LOCALE.glob("*/LC_MESSAGES/course.po")))


def offer(codes: Iterable[str]) -> None:
    """A course is written in these: they can be asked for, though the program itself may not speak them."""
    _offered.update(codes)


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
    code = of_environment()
    return code if code in languages() or code in _offered else "en"


def of_environment() -> str:
    """The code that COURSE_LANG, else the locale, else the system's own settings ask for, whoever speaks it; often `c`."""
    for variable in _VARIABLES:
        code = os.environ.get(variable, "").split(":")[0].split("_")[0].split(".")[0].lower()
        if code:
            return code
    return _of_system()


@functools.cache
def _of_system() -> str:
    """What the system's own settings say where no variable does: on Windows always, on a Mac outside its terminal."""
    if sys.platform not in ("win32", "darwin"):
        return "en"
    import ctypes
    import subprocess

    named = ""
    with contextlib.suppress(OSError, AttributeError, subprocess.SubprocessError):
        if sys.platform == "win32":
            named = of_windows(ctypes.windll.kernel32.GetUserDefaultUILanguage())
        elif sys.platform == "darwin":
            asked = ["defaults", "read", "-g", "AppleLanguages"]
            named = of_mac(
                subprocess.run(asked, capture_output=True, text=True, check=True, timeout=5).stdout
            )
    return named or "en"


def of_windows(identifier: int) -> str:
    """The language code of a Windows language identifier: 0x0412 is ko."""
    return locale.windows_locale.get(identifier, "").split("_")[0].lower()


def of_mac(listed: str) -> str:
    """The first language of a Mac's list, such as ("ko-KR", "en-KR")."""
    found = re.search(r"[A-Za-z]+", listed)
    return found[0].lower() if found else ""


@functools.cache
def _catalog(code: str) -> _gettext.NullTranslations:
    return _gettext.translation("course", str(LOCALE), languages=[code], fallback=True)


def gettext(text: str, code: str | None = None) -> str:
    """The text in a language, the current one by default."""
    return _catalog(code or current()).gettext(text) if text else ""


# A value, or the first of two words where that value is 1, else the second.
_PLACE = re.compile(r"\{([a-z_]+)(?::([^{}|]*)\|([^{}|]*))?\}")


def fill(text: str, /, **values: object) -> str:
    """The text with its places filled. `{count} {count:row is|rows are} left` has the word that goes with the number."""

    def filled(match: re.Match[str]) -> str:
        name, one, many = match.groups()
        if name not in values:
            return match[0]
        value = str(values[name])
        return value if one is None else one if value == "1" else many

    return _PLACE.sub(filled, text)


def unwrapped(text: str) -> str:
    """A docstring's paragraphs, each on one line: the form in which help is translated."""
    return "\n\n".join(" ".join(part.split()) for part in text.split("\n\n"))

"""A new course laid out: one worked exercise, two questions, a package, and what proves it all."""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Sequence
from pathlib import Path
from string import Template
from typing import Any

from course import language
from course.content import courses
from course.dev import generated
from course.language import gettext as _
from course.quizzes.release import toml
from course.system import program
from course.system.files import write

TEMPLATE = Path(__file__).parent / "template"
_NAME = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*")
_CODE = re.compile(r"[a-z]{2,3}")
_HANGUL = re.compile("[가-힣]")
_DAY = {"en": "The first day", "ko": "첫째 날"}


class NotLaidOut(ValueError):
    """A course that cannot be made so; the text, in the language in use, says why and what to do."""


def new(folder: Path, name: str, title: str, languages: Sequence[str]) -> list[Path]:
    """Lay a course out in a folder that is not there yet or empty; the files written. Raises NotLaidOut, OSError."""
    if not _NAME.fullmatch(name):
        text = _(
            "{name}: a course's name is lower-case letters, digits and hyphens: say another one with --name"
        )
        raise NotLaidOut(text.format(name=name))
    if not languages or not all(_CODE.fullmatch(code) for code in languages):
        raise NotLaidOut(_("Languages are codes with a comma between them, such as en,ko"))
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise NotLaidOut(
            _("{folder} is there already, and not empty: name another folder").format(folder=folder)
        )
    if taken := [place.told for place in courses.places() if place.name == name]:
        text = _("There is a course called {name} already ({place}): say another name with --name")
        raise NotLaidOut(text.format(name=name, place=taken[0]))
    files = _files(name, title, tuple(dict.fromkeys(languages)))
    for place, text in files.items():
        path = folder / place
        write(path, text, newline="\n")
    (folder / ".ci" / "run").chmod(0o755)
    written, _problems = generated.build(courses.at(folder.resolve()))
    return [*(folder / place for place in files), *written]


def _files(name: str, title: str, languages: tuple[str, ...]) -> dict[str, str]:
    package = f"{name.replace('-', '_')}_course"
    version = program.version()
    words = {"name": name, "title": title, "package": package, "version": version if version != "0" else "0.1.0",
             "languages": json.dumps(languages), "titles": toml(dict.fromkeys(languages, title)),
             "day": toml({code: _DAY.get(code, _DAY["en"]) for code in languages})}  # fmt: skip
    spoken = language.current() if (TEMPLATE / f"README.{language.current()}.md").is_file() else "en"
    files = {
        "exercises/manifest.toml": Template(_read("manifest.toml")).substitute(words),
        "pyproject.toml": Template(_read("package.toml")).substitute(words),
        "README.md": Template(_read(f"README.{spoken}.md")).substitute(words),
        ".ci/run": _read("dot-ci/run"),
        ".gitignore": _read("dot-gitignore"),
        "graders/conftest.py": _read("graders/conftest.py"),
        "graders/day01/test_weighted_mean.py": _read("graders/day01/test_weighted_mean.py"),
        "solutions/day01/weighted_mean.py": _spoken(_read("solutions/day01/weighted_mean.py"), languages),
        "solutions/day01/quiz.toml": _translated("solutions/day01/quiz.toml", "question", languages),
        "solutions/topics.toml": _translated("solutions/topics.toml", "topic", languages),
        "tests/variants/unpromised.toml": _read("tests/variants/unpromised.toml"),
        "tests/variants/day01/weighted_mean.toml": _read("tests/variants/day01/weighted_mean.toml"),
    }
    for code in languages:
        known = code if (TEMPLATE / f"exercises/day01/weighted_mean.{code}.md").is_file() else "en"
        files[f"exercises/day01/weighted_mean.{code}.md"] = _read(f"exercises/day01/weighted_mean.{known}.md")
    return files


def _read(place: str) -> str:
    return (TEMPLATE / place).read_text(encoding="utf-8")


def _spoken(source: str, languages: Sequence[str]) -> str:
    """A solution whose docstrings speak Korean only in a course that does."""
    if "ko" in languages:
        return source
    kept = [line for line in source.split("\n") if not _HANGUL.search(line)]
    return re.sub(r"\n\n\n(    )", r"\n\n\1", "\n".join(kept))


def _translated(place: str, table: str, languages: Sequence[str]) -> str:
    """A list of tables with its texts in these languages, in English where the template has no other."""

    def mine(value: Any) -> Any:
        if isinstance(value, list):
            return [mine(entry) for entry in value]
        if not isinstance(value, dict):
            return value
        others = {key: mine(entry) for key, entry in value.items() if key not in ("en", "ko")}
        return (
            {code: value.get(code, value["en"]) for code in languages} | others if "en" in value else others
        )

    source = _read(place)
    head = "".join(line + "\n" for line in source.split("\n") if line.startswith("#"))
    tables = [
        "\n".join([f"[[{table}]]", *(f"{key} = {toml(value)}" for key, value in mine(entry).items()), ""])
        for entry in tomllib.loads(source)[table]
    ]
    return "\n".join(filter(None, [head, *tables]))

"""The message catalogs: what there is to translate, brought into every language's .po, compiled and checked."""

from __future__ import annotations

import ast
import contextlib
import inspect
import io
import re
from collections.abc import Iterator
from pathlib import Path

from babel.messages import Catalog as Messages
from babel.messages import mofile, pofile
from babel.messages.extract import extract_from_dir

from course import language
from course.content import glossary
from course.content.catalog import PACKAGE
from course.dev import wording
from course.system import files

_KEYWORDS = {"_": None, "say": None, "marked": None}
_PLACE = re.compile(r"\{[a-z_!]+\}")
# What click itself says to a learner; the rest of its messages concern programmers, and vary between its versions.
_CLICK = (
    "%(prog)s, version %(version)s",
    "Aborted!",
    "Commands",
    "Error: {message}",
    "Invalid value for {param_hint}: {message}",
    "Missing argument",
    "Missing option",
    "Missing command.",
    "No such command {name!r}.",
    "No such option {name!r}.",
    "Options",
    "Show the version and exit.",
    "Show this message and exit.",
    "Try '{command} {option}' for help.",
    "Usage:",
    "required",
    "{value!r} is not a valid {number_type}.",
    "{value} is not in the range {range}.",
)


def wanted() -> dict[str, str]:
    """Every text to translate, with where it stands."""
    found: dict[str, str] = {}
    # Babel warns of every f-string among the arguments; ruff refuses those that are texts (INT).
    with contextlib.redirect_stderr(io.StringIO()):
        texts = list(
            extract_from_dir(
                str(PACKAGE), [("**.py", "python"), ("**/templates/**.html", "jinja2")], keywords=_KEYWORDS
            )
        )
    for name, _line, message, *_rest in texts:
        if isinstance(message, str) and not name.startswith("bundled"):
            found.setdefault(message, f"course/{name}")
    for text in _help():
        found.setdefault(text, "course/cli")
    found.update(dict.fromkeys(_CLICK, "click"))
    return found


def update() -> list[Path]:
    """Bring new texts into every .po, drop those no longer used, compile; the files that changed."""
    changed = []
    texts = wanted()
    for path in _catalogs():
        before = path.read_bytes()
        old = _read(path)
        new = Messages(locale=old.locale, charset="utf-8", header_comment="#", project="course", fuzzy=False)
        for text, place in sorted(texts.items(), key=lambda item: (item[1] == "click", item[1], item[0])):
            known = old.get(text)
            new.add(text, known.string if known is not None else "", locations=[(place, None)])  # type: ignore[list-item]
        source, compiled = io.BytesIO(), io.BytesIO()
        pofile.write_po(source, new, width=110, omit_header=False, ignore_obsolete=True, include_lineno=False)
        mofile.write_mo(compiled, new)
        files.write(path, _steady_header(source.getvalue()))
        files.write(path.with_suffix(".mo"), compiled.getvalue())
        if path.read_bytes() != before:
            changed.append(path)
    return changed


def problems() -> list[str]:
    """Texts that are not translated, lost one of their places, or are not worded as the course words things."""
    texts, terms = wanted(), glossary.load()
    found = []
    for path in _catalogs():
        known = _read(path)
        for text in texts:
            entry = known.get(text)
            if entry is None or not entry.string or entry.fuzzy:
                found.append(f"{path}: not translated: {text!r}")
            elif sorted(_PLACE.findall(text)) != sorted(_PLACE.findall(str(entry.string))):
                found.append(f"{path}: the places in braces differ: {text!r}")
        code = path.parent.parent.name
        found += [
            f"{path}: {problem}"
            for entry in known
            if isinstance(entry.string, str)
            for problem in wording.problems(entry.string, code, terms)
        ]
        found += [
            f"{path}: no longer used: {entry.id!r}" for entry in known if entry.id and entry.id not in texts
        ]
    return found


def _help() -> Iterator[str]:
    """What the commands say of themselves and their options, read from their source: nothing imports the command."""
    for path in sorted((PACKAGE / "cli").glob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.FunctionDef) and any(map(_makes_command, node.decorator_list)):
                text = inspect.cleandoc(ast.get_docstring(node) or "")
                yield from (language.unwrapped(text), text.split("\n")[0])
            if isinstance(node, ast.keyword) and node.arg == "help" and isinstance(node.value, ast.Constant):
                yield str(node.value.value)


def _makes_command(decorator: ast.expr) -> bool:
    return (
        isinstance(decorator, ast.Call)
        and isinstance(decorator.func, ast.Attribute)
        and decorator.func.attr in ("command", "group")
    )


def _catalogs() -> list[Path]:
    return [
        language.LOCALE / code / "LC_MESSAGES" / "course.po" for code in language.languages() if code != "en"
    ]


def _read(path: Path) -> Messages:
    with path.open("rb") as source:
        return pofile.read_po(source, locale=path.parent.parent.name)


def _steady_header(catalog: bytes) -> bytes:
    """Without dates, the same texts give the same bytes."""
    dated = re.compile(rb'"(POT-Creation|PO-Revision)-Date|"(Generated-By|Last-Translator)')
    return b"".join(line for line in catalog.splitlines(keepends=True) if not dated.match(line))

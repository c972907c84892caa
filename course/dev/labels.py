"""LABELS, the texts by language of pictures, data sets and projects: every language says as much, with the same values."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path
from string import Formatter
from typing import Any

from course.content.catalog import Course


def problems(course: Course) -> list[str]:
    """What is wrong with them, with file and line."""
    files = [*course.shared, *(exercise.plot for exercise in course if exercise.plot.is_file())]
    return [problem for path in files for problem in _of_file(path, course.languages)]


def _of_file(path: Path, languages: tuple[str, ...]) -> Iterator[str]:
    try:
        tree = ast.parse(path.read_bytes())
    except SyntaxError as error:
        yield f"{path}:{error.lineno}: {error.msg}"
        return
    for node in tree.body:
        targets = node.targets if isinstance(node, ast.Assign) else [getattr(node, "target", None)]
        if not any(isinstance(target, ast.Name) and target.id == "LABELS" for target in targets):
            continue
        place = f"{path}:{node.lineno}: LABELS"
        try:
            labels = ast.literal_eval(node.value)  # type: ignore[attr-defined]
        except ValueError:
            yield f"{place} is not written out: a dict of texts by language, without calls or names"
            continue
        yield from _unequal(place, labels, languages)


def _unequal(place: str, labels: Any, languages: tuple[str, ...]) -> Iterator[str]:
    if not isinstance(labels, dict) or not labels:
        yield f"{place} is a dict of texts by language"
        return
    yield from [f"{place} has nothing in {code}" for code in languages if code not in labels]
    first = next((code for code in languages if code in labels), next(iter(labels)))
    wanted = dict(_texts(labels[first]))
    for code in labels:
        given = dict(_texts(labels[code]))
        for key in wanted.keys() | given.keys():
            if wanted.get(key) != given.get(key):
                missing = next((each for each in (code, first) if key not in dict(_texts(labels[each]))), "")
                reason = (
                    f"is missing in {missing}" if missing else f"has other values in {code} than in {first}"
                )
                yield f"{place}: {key} {reason}"


def _texts(value: Any, key: str = "") -> Iterator[tuple[str, tuple[str, ...]]]:
    """Every text by where it stands, as the values that are filled into it."""
    if isinstance(value, dict | list | tuple):
        pairs = value.items() if isinstance(value, dict) else enumerate(value)
        for name, inner in pairs:
            yield from _texts(inner, f"{key}.{name}".lstrip("."))
    else:
        try:
            names = sorted({name for _text, name, *_rest in Formatter().parse(str(value)) if name})
        except ValueError:  # a brace of mathematics: nothing is filled in
            names = []
        yield key, tuple(names)

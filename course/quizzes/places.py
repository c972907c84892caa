"""How values are shown, and how {name} places in a question's texts are filled."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping

from course.quizzes.expression import Value

_PLACE = re.compile(r"\{\{|\}\}|\{([A-Za-z_][A-Za-z0-9_]*)\}")
_EQUATION = re.compile(r"(\$[^$]*\$)")
# Inside these a brace is not ours: equations, and code in a line.
_FOREIGN = re.compile(r"\$[^$]*\$|`[^`]*`")


def shown(value: Value) -> str:
    """A value as a learner reads it: whole numbers whole, others to four figures or two decimals, whichever is longer."""
    if isinstance(value, list):
        return "[" + ", ".join(shown(entry) for entry in value) + "]"
    if isinstance(value, bool | str):
        return str(value)
    if isinstance(value, int):
        return str(value)
    if value == 0 or not math.isfinite(value):
        return "0" if value == 0 else str(value)
    size = math.floor(math.log10(abs(value)))
    if size < -6 or size > 15:
        return f"{value:.4g}"
    text = f"{value:.{max(2, 3 - size)}f}".rstrip("0").rstrip(".")
    return "0" if text == "-0" else text


def fill(text: str, values: Mapping[str, Value], *, code: bool = False) -> str:
    """The text with its places filled; doubled braces become single ones in a text that opens one doubled.

    A brace around anything but a known name stays, so that equations and code can be written as they are. In equations a
    value keeps its braces: $2^{n}$ is $2^{12}$.
    """
    doubled = "{{" in text

    def filled(part: str) -> str:
        form = "{{{}}}" if part.startswith("$") and not code else "{}"

        def replace(match: re.Match[str]) -> str:
            if match[1] is None:
                return match[0][0] if doubled else match[0]
            return form.format(shown(values[match[1]])) if match[1] in values else match[0]

        return _PLACE.sub(replace, part)

    return filled(text) if code else "".join(filled(part) for part in _EQUATION.split(text))


def unknown(text: str, names: set[str]) -> set[str]:
    """Places outside equations and inline code that no name fills: typing mistakes, most likely."""
    outside = _FOREIGN.sub("", text)
    return {match[1] for match in _PLACE.finditer(outside) if match[1]} - names


def named(text: str) -> set[str]:
    """The names in the places of a text."""
    return {match[1] for match in _PLACE.finditer(text) if match[1]}

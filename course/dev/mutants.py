"""Wrong versions of a reference solution, one small change each: a grader must notice every one."""

from __future__ import annotations

import ast
import re
from collections import Counter
from dataclasses import dataclass

from course.dev import mutation_calls as calls
from course.dev import mutation_operators as operators
from course.dev import mutation_statements as statements
from course.dev import mutation_values as values
from course.dev.mutation_places import Edit, places
from course.dev.mutation_source import Source, Span

BEGIN, END = "### BEGIN SOLUTION", "### END SOLUTION"
_LONGEST = 44
_OPERATORS = (
    operators.arithmetic,
    operators.comparison,
    operators.logic,
    operators.condition,
    values.number,
    values.truth,
    values.text,
    values.axis,
    values.name,
    calls.keyword,
    calls.function,
    calls.arguments,
    calls.bounds,
    calls.clipped,
    statements.left_out,
    statements.updated,
    statements.returned,
    statements.ended,
)


@dataclass(frozen=True)
class Mutant:
    """One change of a solution, `what` in words; its id names the function and the change: edits elsewhere leave it alone."""

    id: str
    line: int
    what: str
    source: str


def mutants(source: str) -> list[Mutant]:
    """Every mutant of the parts between the solution markers, in the order of the lines.

    Raises:
        SyntaxError: the source is no Python.
    """
    module = Source(source)
    parts = _marked(source)
    found = [
        (edit, place.name)
        for place in places(module)
        for operator in _OPERATORS
        for edit in operator(place)
        if any(part.start <= edit.span.start and edit.span.end <= part.end for part in parts)
    ]
    found.sort(key=lambda pair: (pair[0].span.start, pair[0].span.end, pair[0].text))
    known = {ast.dump(module.tree)}
    occurrences: Counter[str] = Counter()
    made = []
    for edit, function in found:
        changed = source[: edit.span.start] + edit.text + source[edit.span.end :]
        meaning = _meaning(changed)
        if meaning is None or meaning in known:
            continue
        known.add(meaning)
        snippet = _snippet(module, edit)
        occurrences[f"{function}: {snippet}"] += 1
        identity = f"{function}: {snippet} #{occurrences[f'{function}: {snippet}']}"
        line = module.line(edit.span.start)
        made.append(Mutant(identity, line, edit.what, changed))
    return made


def _meaning(source: str) -> str | None:
    """What distinguishes one module from another; None where an edit left no Python."""
    try:
        return ast.dump(ast.parse(source))
    except SyntaxError:
        return None


def _marked(source: str) -> list[Span]:
    pattern = rf"^[ \t]*{BEGIN}[ \t]*$(.*?)^[ \t]*{END}[ \t]*$"
    return [Span(*match.span(1)) for match in re.finditer(pattern, source, re.MULTILINE | re.DOTALL)]


def _snippet(module: Source, edit: Edit) -> str:
    """Before → after, with only as much around the change as one line can hold."""
    shown = Span(min(edit.shown.start, edit.span.start), max(edit.shown.end, edit.span.end))
    before = module.text[shown.start : edit.span.start]
    after = module.text[edit.span.end : shown.end]
    room = max(_LONGEST - max(len(module.text_of(edit.span)), len(edit.text)), 0) // 2
    before, after = _ending(_spaced(before), room), _beginning(_spaced(after), room)
    old, new = (
        _cut(f"{before}{_spaced(text)}{after}".strip()) for text in (module.text_of(edit.span), edit.text)
    )
    return f"{old} → {new}" if new.strip("…, ") else f"{old.strip(', ')} → nothing"


def _spaced(text: str) -> str:
    return re.sub(r"\s+", " ", text)


def _ending(text: str, room: int) -> str:
    return text if len(text) <= room else "…" + re.sub(r"^\w+", "", text[len(text) - room :])


def _beginning(text: str, room: int) -> str:
    return text if len(text) <= room else re.sub(r"\w+$", "", text[:room]) + "…"


def _cut(text: str) -> str:
    return text if len(text) <= _LONGEST + 8 else f"{text[:30]}…{text[-14:]}"

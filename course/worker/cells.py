"""A notebook's code cells as one text, and how a worker runs of it only what an exercise needs.

The text is Python with a marker line over each cell, so it travels wherever a file's source does. Of its statements those
are run that define the exercise's functions, what these use, and so on: a training loop elsewhere in the notebook costs
nothing, and a cell that fails hides nothing that is defined outside it.
"""

from __future__ import annotations
import __future__

import ast
import dis
import functools
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from types import CodeType
from typing import Any

HEADER = "# %% notebook"
_MARKER = re.compile(r"^# %% (?P<name>cell \d+|In \[\d+\])(?: for (?P<exercise>\w+))?$", re.MULTILINE)
_BROKEN_DEFINITION = re.compile(r"^(?:async\s+def|def|class)\s+(\w+)", re.MULTILINE)
_FUTURE_FLAGS = {name: getattr(__future__, name).compiler_flag for name in __future__.all_feature_names}


@dataclass(frozen=True)
class Cell:
    """A code cell: what it is called ("cell 3", "In [3]"), the exercise it is for ("" for any), its source.

    In a joined text the source begins on line `first`.
    """

    name: str
    exercise: str
    source: str
    first: int = 0


def join(cells: Iterable[Cell]) -> str:
    """The cells as one text."""
    parts = [HEADER]
    for cell in cells:
        purpose = f" for {cell.exercise}" if cell.exercise else ""
        source = re.sub(r"\r\n?", "\n", cell.source)
        # A line that happens to look like a marker must not end the cell.
        parts += [f"# %% {cell.name}{purpose}", _MARKER.sub(lambda match: "#" + match[0][2:], source)]
    return "\n".join(parts) + "\n"


def is_notebook(text: str) -> bool:
    """Whether a source is such a text."""
    return text.startswith(HEADER + "\n")


@functools.lru_cache(maxsize=8)
def split(text: str) -> tuple[Cell, ...]:
    """The inverse of join."""
    marks = list(_MARKER.finditer(text))
    ends = [mark.start() - 1 for mark in marks[1:]] + [len(text) - 1]
    return tuple(
        Cell(
            mark["name"],
            mark["exercise"] or "",
            text[mark.end() + 1 : end],
            text.count("\n", 0, mark.end()) + 2,
        )
        for mark, end in zip(marks, ends, strict=False)  # without cells there is one end too many
    )


def place(text: str, line: int) -> tuple[str, int]:
    """The cell's name and the line in it of a line of the text; raises ValueError for a line above the first cell."""
    for cell in reversed(split(text)):
        if cell.first <= line:
            return cell.name, line - cell.first + 1
    raise ValueError(f"line {line} lies above the first cell")


@functools.lru_cache(maxsize=8)
def parsed(text: str) -> tuple[tuple[Cell, list[ast.stmt] | None], ...]:
    """Every cell with its statements, None for one that is not valid Python. The same notebook is asked for many times."""
    return tuple((cell, _statements(cell.source)) for cell in split(text))


def _statements(source: str) -> list[ast.stmt] | None:
    try:
        return ast.parse(source).body
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None


def definitions(text: str, exercise: str) -> dict[str, ast.stmt | None]:
    """The last definition of every function and class at the cells' top level; None where its cell is not valid Python.

    A cell for another exercise counts only where no other defines the name.
    """
    found: dict[str, ast.stmt | None] = {}
    for cell, statements in sorted(parsed(text), key=lambda each: each[0].exercise in ("", exercise)):
        if statements is None:
            found.update(dict.fromkeys(_BROKEN_DEFINITION.findall(cell.source)))
            continue
        for statement in statements:
            if isinstance(statement, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
                found[statement.name] = statement
    return found


@dataclass(frozen=True)
class Step:
    """A statement at the top level of a cell: names it binds, changes (x[0] = …, x.append(…)) and uses, or its error."""

    foreign: bool
    code: CodeType | None
    binds: frozenset[str]
    changes: frozenset[str] = frozenset()
    uses: frozenset[str] = frozenset()
    error: Exception | None = None
    imports: bool = False


def run(
    text: str, path: str, exercise: str, wanted: Iterable[str], namespace: dict[str, Any]
) -> dict[str, BaseException]:
    """Run what binds the wanted names and what that needs, in order, going on after a failure.

    Returns for every name that a statement should have bound and did not what was raised.
    """
    failures: dict[str, BaseException] = {}
    steps = list(_steps(text, path, exercise))
    for index in sorted(_needed(steps, wanted)):
        step = steps[index]
        try:
            if step.error is not None:
                raise step.error
            assert step.code is not None
            exec(step.code, namespace)  # noqa: S102
        except BaseException as error:
            failures.update({name: error for name in step.binds if name not in namespace})
        else:
            for name in step.binds:
                failures.pop(name, None)
    return failures


def _needed(steps: list[Step], wanted: Iterable[str]) -> set[int]:
    binding: dict[str, list[int]] = {}
    changing: dict[str, list[int]] = {}
    for index, step in enumerate(steps):
        for names, places in ((step.binds, binding), (step.changes, changing)):
            for name in names:
                places.setdefault(name, []).append(index)
    # What `from x import *` binds cannot be known.
    chosen = {index for index, step in enumerate(steps) if "*" in step.binds}
    known = set(wanted)
    pending = list(known)
    while pending:
        name = pending.pop()
        providers = binding.get(name, [])
        own = [index for index in providers if not steps[index].foreign]
        changes = [index for index in changing.get(name, []) if not (own and steps[index].foreign)]
        if all(steps[index].imports for index in providers):
            changes = []  # plt.plot(…) does not make plt what it is
        for index in {*(own or providers), *changes} - chosen:
            chosen.add(index)
            new = steps[index].uses - known
            known |= new
            pending += new
    return chosen


def _steps(text: str, path: str, exercise: str) -> Iterator[Step]:
    flags = 0
    for cell in split(text):
        foreign = cell.exercise not in ("", exercise)
        try:
            # Compiled as a whole first: an error then has its place in the text.
            tree = ast.parse("\n" * (cell.first - 1) + cell.source, path)
        except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
            broken = frozenset(_BROKEN_DEFINITION.findall(cell.source))
            yield Step(foreign, None, broken, error=error)
            continue
        for statement in tree.body:
            if isinstance(statement, ast.ImportFrom) and statement.module == "__future__":
                flags |= sum(_FUTURE_FLAGS.get(alias.name, 0) for alias in statement.names)
                continue
            yield _step(statement, path, foreign, flags)


def _step(statement: ast.stmt, path: str, foreign: bool, flags: int) -> Step:
    try:
        module = ast.Module([statement], type_ignores=[])
        code = compile(module, path, "exec", flags, dont_inherit=True)
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        named = getattr(statement, "name", None)
        return Step(foreign, None, frozenset([named] if named else []), error=error)
    names = _Names()
    names.read(code)
    imports = isinstance(statement, ast.Import | ast.ImportFrom)
    star = isinstance(statement, ast.ImportFrom) and statement.names[0].name == "*"
    binds = frozenset(["*"] if star else names.binds)
    return Step(foreign, code, binds, frozenset(_changed(statement)), frozenset(names.uses), imports=imports)


@dataclass
class _Names:
    """The global names that a piece of code binds and uses, from its instructions."""

    binds: set[str] = field(default_factory=set)
    uses: set[str] = field(default_factory=set)

    def read(self, code: CodeType, *, module: bool = True) -> None:
        for instruction in dis.get_instructions(code):
            name = instruction.opname
            if name == "STORE_GLOBAL" or (module and name in ("STORE_NAME", "DELETE_NAME")):
                self.binds.add(instruction.argval)
            elif name in ("LOAD_NAME", "LOAD_GLOBAL", "LOAD_FROM_DICT_OR_GLOBALS"):
                self.uses.add(instruction.argval)
        for constant in code.co_consts:
            if isinstance(constant, CodeType):
                self.read(constant, module=False)


def _changed(statement: ast.stmt) -> Iterator[str]:
    """Names whose values a statement changes when it is run; what stands in a function's body is not run."""
    pending: list[ast.AST] = [statement]
    while pending:
        node = pending.pop()
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef | ast.Lambda):
            continue
        target: ast.AST | None = None
        if isinstance(node, ast.Subscript | ast.Attribute) and not isinstance(node.ctx, ast.Load):
            target = node
        elif isinstance(node, ast.Expr) and isinstance(node.value, ast.Call):
            target = node.value.func if isinstance(node.value.func, ast.Attribute) else None
        while isinstance(target, ast.Subscript | ast.Attribute):
            target = target.value
        if isinstance(target, ast.Name):
            yield target.id
        pending += ast.iter_child_nodes(node)

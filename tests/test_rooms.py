"""What the program's rooms may know of each other: imports run one way, from the faces down to what a course is."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from course.system.program import PACKAGE

# From the ground up: a room imports only rooms that stand before it. `course` itself, what `import course` offers, is on top.
ORDER = (
    "worker", "language", "system", "markup", "content", "processes", "results", "learner", "grading", "checking", "quizzes",
    "html", "progress", "watch", "terminal", "term", "notebook", "classroom", "web", "dev", "cli", "",
)  # fmt: skip
FACES = {"cli", "web"}
# What a course is, in which language, and on which system: the ground that every room may stand on, taken as one.
GROUND = {"content", "language", "markup", "system"}
MOST_PAIRS, MOST_ABOVE_THE_GROUND = 117, 90


def module(path: Path) -> str:
    """Its dotted name below `course`."""
    return ".".join(path.relative_to(PACKAGE).with_suffix("").parts).removesuffix("__init__").strip(".")


MODULES = {
    module(path): path
    for path in sorted(PACKAGE.rglob("*.py"))
    if "bundled" not in path.relative_to(PACKAGE).parts and path.name != "__main__.py"
}


def imported(path: Path) -> Iterator[tuple[int, str]]:
    """The program's modules that a module imports anywhere in it, with the line."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom):
            assert not node.level, f"{path}:{node.lineno}: names of this program are written out"
            names = [f"{node.module}.{alias.name}" for alias in node.names]
        elif isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        else:
            continue
        for name in names:
            top, _, rest = name.partition(".")
            while rest and rest not in MODULES:
                rest = rest.rpartition(".")[0]
            if top == "course":
                yield node.lineno, rest


def room(name: str) -> str:
    return name.partition(".")[0]


def test_every_module_has_a_room_and_every_room_says_what_it_is_for():
    assert {room(name) for name in MODULES} == set(ORDER)
    assert [entry.name for entry in PACKAGE.glob("*.py")] in (
        ["__init__.py", "__main__.py"],
        ["__main__.py", "__init__.py"],
    )
    for name in ORDER:
        assert ast.get_docstring(ast.parse((PACKAGE / name / "__init__.py").read_text(encoding="utf-8"))), (
            name
        )


def test_imports_run_down():
    place = {name: number for number, name in enumerate(ORDER)}
    upwards = [
        f"{path.relative_to(PACKAGE)}:{line}: {room(name) or 'course'} imports {room(other) or 'course'}"
        for name, path in MODULES.items()
        for line, other in imported(path)
        if room(other) != room(name) and place[room(other)] > place[room(name)]
    ]
    assert not upwards


def test_rooms_know_few_others():
    """Each pair of rooms of which one imports the other is something to keep in mind: a new pair takes the place of another."""
    known = {(room(name), room(other)) for name, path in MODULES.items() for _line, other in imported(path)}
    pairs = {pair for pair in known if pair[0] and pair[0] != pair[1]}
    assert len(pairs) <= MOST_PAIRS
    on_the_ground = {tuple("content" if name in GROUND else name for name in pair) for pair in pairs}
    assert len({pair for pair in on_the_ground if pair[0] != pair[1]}) <= MOST_ABOVE_THE_GROUND


@pytest.mark.parametrize("face", sorted(FACES))
def test_nothing_imports_a_face(face):
    users = {
        room(name) for name, path in MODULES.items() for _line, other in imported(path) if room(other) == face
    }
    # `course serve` is a command.
    assert users <= {face} | ({"cli"} if face == "web" else set())


def test_no_module_imports_itself_by_a_detour():
    below = {
        name: {other for _line, other in imported(path) if other != name} for name, path in MODULES.items()
    }
    done: set[str] = set()
    while ready := {name for name in below if name not in done and below[name] <= done}:
        done |= ready
    # What only hangs above a circle is not in one.
    left = {name: below[name] - done for name in below if name not in done}
    while loose := {name for name in left if not any(name in others for others in left.values())}:
        left = {name: others for name, others in left.items() if name not in loose}
    assert not left


def written(path: Path) -> Iterator[int]:
    """The lines that write a file in its place, where somebody who reads it meanwhile finds a part of it, or nothing."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Attribute | ast.Name):
            continue
        name = node.func.attr if isinstance(node.func, ast.Attribute) else node.func.id
        given = [*node.args, *(keyword.value for keyword in node.keywords)]
        modes = {value.value for value in given if isinstance(value, ast.Constant)}
        if (
            name == "write_bytes"
            or (name == "write_text" and any(keyword.arg == "encoding" for keyword in node.keywords))
            or (
                name == "open"
                and modes & {"w", "wb", "a", "ab", "wt", "w+", "wb+"}
                and "os.devnull" not in ast.unparse(node)
            )
        ):
            yield node.lineno


def test_one_module_writes_files_and_writes_them_whole():
    beside = {"system.files", "worker.keras_operations"}  # the latter within a task's own folder
    assert not [
        f"{path.relative_to(PACKAGE)}:{line}"
        for name, path in MODULES.items()
        if name not in beside
        for line in written(path)
    ]
    assert list(written(MODULES["system.files"]))  # they are seen

"""What can be seen of an exercise without running anything: its files, titles, keys, hints."""

from __future__ import annotations

import ast
import importlib.util
from collections.abc import Iterator
from pathlib import Path

import course.grading
from course.content import glossary, texts
from course.content.catalog import Exercise
from course.content.stub import MarkerError, stub, unwritten
from course.dev import scaffold, variants, wording
from course.grading import diagnosis


def problems(exercise: Exercise) -> list[str]:
    """Every condition that does not hold, a sentence each."""
    needed = [exercise.solution, exercise.grader, *exercise.texts().values()]
    missing = [f"{path} does not exist" for path in needed if not path.is_file()]
    if missing:
        return missing
    unread = [problem for path in needed[:2] if (problem := _unread(path)) is not None]
    if unread:
        return unread
    tree = ast.parse(exercise.grader.read_text(encoding="utf-8"))
    functions = {node.name: node for node in tree.body if isinstance(node, ast.FunctionDef)}
    tests = {name.removeprefix("test_") for name in functions if name.startswith("test_")}
    mistaken = [name for name in functions if name.startswith("test") and not name.startswith("test_")]
    found = [f"{exercise.grader}: pytest takes {name} for a test: rename it" for name in mistaken]
    found += [
        *_solution(exercise),
        *_twice(exercise.solution),
        *_twice(exercise.grader),
        *_imports(exercise.grader, exercise.root),
        *_marks(exercise.grader, functions),
    ]
    nodes = [node for part in (tree, *_shared(exercise, tree)) for node in ast.walk(part)]
    asserts = [node.lineno for node in ast.walk(tree) if isinstance(node, ast.Assert)]
    if asserts or any(isinstance(node, ast.Assert) for node in nodes):
        found.append(
            f"{exercise.grader}:{asserts[0] if asserts else 1}: a bare assert tells a learner nothing"
        )
    strings = {node.value for node in nodes if isinstance(node, ast.Constant) and isinstance(node.value, str)}
    used = dict(_keys(tree))
    return [
        *found,
        *_texts(exercise, tests, strings, used),
        *_variants(exercise, tests, strings),
        *_wording(exercise),
    ]


def _unread(path: Path) -> str | None:
    """Why a file is no Python, with its line."""
    try:
        ast.parse(path.read_text(encoding="utf-8"))
    except SyntaxError as error:
        return f"{path}:{error.lineno}: is no Python: {error.msg}"
    except ValueError as error:  # not UTF-8, or a zero byte
        return f"{path}: cannot be read: {error}"
    return None


def _solution(exercise: Exercise) -> Iterator[str]:
    path = exercise.solution
    source = path.read_text(encoding="utf-8")
    try:
        shown = stub(source)
    except MarkerError as error:
        yield f"{path}:{error}"
        return
    asked = {name.rpartition(".")[2] for name in unwritten(shown)}
    if not asked:
        yield f"{path}: nothing is left to write: put a body between ### BEGIN SOLUTION and ### END SOLUTION"
    for node in ast.walk(ast.parse(shown)):
        if isinstance(node, ast.ImportFrom):
            for name in sorted({each.name for each in node.names} & asked):
                yield f"{path}:{node.lineno}: the stub imports {name}, which is to be written: import it in the body"
    yield from _imports(path, exercise.root)


def _twice(path: Path) -> Iterator[str]:
    """Functions and classes that another of the same name replaces."""
    seen: set[str] = set()
    for node in ast.parse(path.read_text(encoding="utf-8")).body:
        if isinstance(node, ast.FunctionDef | ast.ClassDef):
            if node.name in seen:
                yield f"{path}:{node.lineno}: {node.name} stands above already: give one of them another name"
            seen.add(node.name)


def _imports(path: Path, root: Path) -> Iterator[str]:
    """What a file imports at its top and nobody has."""
    for node in ast.parse(path.read_text(encoding="utf-8")).body:
        names = [each.name for each in node.names] if isinstance(node, ast.Import) else []
        if isinstance(node, ast.ImportFrom) and node.module:
            names = [node.module]
            if node.module == course.grading.__name__:
                absent = [each.name for each in node.names if not hasattr(course.grading, each.name)]
                yield from (f"{path}:{node.lineno}: course.grading has no {name}" for name in absent)
        for name in names:
            first = name.partition(".")[0]
            if not (root / first).is_dir() and importlib.util.find_spec(first) is None:
                yield f"{path}:{node.lineno}: there is no module {first}: install it, or correct the name"


def _marks(path: Path, functions: dict[str, ast.FunctionDef]) -> Iterator[str]:
    """Tests without `@graded`, and those that wait for a test that is not there."""
    for name, node in functions.items():
        if not name.startswith("test_"):
            continue
        marks = [each for each in node.decorator_list if "graded" in ast.unparse(each)]
        if not marks:
            yield f"{path}:{node.lineno}: {name} is worth nothing: put @graded(points=1) before it"
        for mark in marks:
            for keyword in mark.keywords if isinstance(mark, ast.Call) else []:
                if keyword.arg == "after" and isinstance(keyword.value, ast.List | ast.Tuple):
                    waits = [str(each.value) for each in keyword.value.elts if isinstance(each, ast.Constant)]
                    for other in waits:
                        if f"test_{other}" not in functions:
                            yield f"{path}:{mark.lineno}: {name} waits for {other}, and there is no test_{other}"


def _keys(tree: ast.Module) -> Iterator[tuple[str, int]]:
    """The keys by which a grader names mistakes, each with its line: where `mistakes` is written out, of `require` and `fail`."""
    for function in [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)]:
        calls = [node for node in ast.walk(function) if isinstance(node, ast.Call)]
        given = [word.value for call in calls for word in call.keywords if word.arg == "mistakes"]
        given += [
            node.value for each in given if isinstance(each, ast.Call) and isinstance(each.func, ast.Name)
            for made in tree.body if isinstance(made, ast.FunctionDef) and made.name == each.func.id
            for node in ast.walk(made) if isinstance(node, ast.Return) and node.value is not None
        ]  # fmt: skip
        names = {each.id for each in given if isinstance(each, ast.Name)}
        given += [
            node.value for node in ast.walk(function) if isinstance(node, ast.Assign)
            and any(isinstance(target, ast.Name) and target.id in names for target in node.targets)
        ]  # fmt: skip
        for each in given:
            for key in each.keys if isinstance(each, ast.Dict) else []:
                if isinstance(key, ast.Constant):
                    yield str(key.value), key.lineno
        for call in calls:
            place = {"require": 1, "fail": 0}.get(getattr(call.func, "id", ""))
            if place is not None and len(call.args) > place:
                key = call.args[place]
                if isinstance(key, ast.Constant) and isinstance(key.value, str):
                    yield key.value, key.lineno


def _variants(exercise: Exercise, tests: set[str], strings: set[str]) -> Iterator[str]:
    path = variants.path(exercise)
    if not path.is_file():
        return
    try:
        found = variants.load(exercise)
    except variants.VariantError:  # told where they are graded
        return
    for variant in found:
        for name in sorted(set(variant.fails) - tests):
            yield f"{path}:{variant.line}: {variant.name!r} should fail {name}, which is no test of the grader"
        for key in sorted({*variant.also, variant.says} - strings - set(diagnosis.HINTS) - {""}):
            yield f"{path}:{variant.line}: {variant.name!r} names {key}, which is no key of the grader and no general hint"


def _wording(exercise: Exercise) -> list[str]:
    terms = glossary.load(exercise.root)
    found = [
        problem
        for code, path in exercise.texts().items()
        for problem in wording.of_markdown(path, code, terms)
    ]
    return found + wording.of_docstrings(exercise.solution, exercise.languages, terms)


def _texts(exercise: Exercise, tests: set[str], strings: set[str], used: dict[str, int]) -> list[str]:
    found = []
    keys: dict[Path, set[str]] = {}
    hints: dict[Path, int] = {}
    for path in exercise.texts().values():
        try:
            text = texts.parse(path.read_text(encoding="utf-8"), path)
        except texts.TextError as error:
            found.append(str(error))
            continue
        keys[path], hints[path] = set(text.tests), len(text.hints)
        titled = {key for key in text.tests if "/" not in key}
        found += [f"{path}: no title for test_{name}" for name in sorted(tests - titled)]
        found += [f"{path}: {name} is no test of the grader" for name in sorted(titled - tests)]
        for key in sorted(keys[path] - titled):
            name, _, rest = key.partition("/")
            if name not in tests or rest not in strings:
                found.append(f"{path}: nothing uses {key}")
        if not text.prompt or not text.hints or not all(text.hints):
            found.append(f"{path}: the prompt or a hint is empty")
        left = [line for line in scaffold.PLACEHOLDERS if line in path.read_text(encoding="utf-8")]
        found += [f"{path}: still holds what `course dev new` wrote: {line}" for line in left]
    known = {key.partition("/")[2] for mine in keys.values() for key in mine}
    found += [
        f"{exercise.grader}:{line}: no text says what {key} means: add `- TEST/{key}: …` under Tests"
        for key, line in used.items()
        if key not in known
    ]
    most = max(hints.values(), default=0)
    found += [
        f"{path}: {count} hints, in another language there are {most}"
        for path, count in hints.items()
        if count < most
    ]
    # What nothing uses is wrong where it stands, not missing where it does not.
    everywhere = {
        key for mine in keys.values() for key in mine if "/" not in key or key.partition("/")[2] in strings
    }
    return found + [
        f"{path}: {key} is missing" for path, mine in keys.items() for key in sorted(everywhere - mine)
    ]


def _shared(exercise: Exercise, grader: ast.Module) -> list[ast.Module]:
    """The modules beside the graders from which a grader imports something."""
    names = [node.module or "" for node in grader.body if isinstance(node, ast.ImportFrom)]
    paths = [exercise.root.joinpath(*name.split(".")).with_suffix(".py") for name in names]
    return [
        ast.parse(path.read_text(encoding="utf-8"))
        for name, path in zip(names, paths, strict=True)
        if name.startswith("graders.") and path.is_file()
    ]

"""Behaviour mutants: a reference solution in which one function breaks one promise on some inputs.

Which breakers apply follows from what the grader's calls of the function looked like (course.grading.profile) and from its
signature; no author has to say it.
"""

from __future__ import annotations

import ast
import functools
import inspect
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from course.dev import breakers
from course.grading.profile import Profile

_SEQUENCE = ("single", "empty", "all equal", "equal entries")
_NUMBERS = ("negative entry", "all negative", "zero entry", "sliced", "read-only")
_EDGES = ("zero", "negative", "negative entry", "zero entry")


@dataclass(frozen=True)
class Behaviour:
    """One broken promise; its id names the function, the parameter where it concerns one, and the promise."""

    id: str
    function: str
    source: str
    odd: bool = False  # whatever the inputs, so that one seed shows it


@dataclass(frozen=True)
class _Parameter:
    place: int
    name: str
    default: object
    kinds: frozenset[str]


_NO_DEFAULT = object()

# The name of a function in course.dev.breakers and its arguments after the function to break.
Breaker = tuple[object, ...]


def behaviours(source: str, profiles: Mapping[str, Profile], *, odd: bool = True) -> list[Behaviour]:
    """Every broken version of the functions a grader called, in the order of the source.

    Among them, if asked for, are those whose odd results no grader may stumble over.
    """
    made = []
    for node in ast.parse(source).body:
        if isinstance(node, ast.FunctionDef) and node.name in profiles:
            profile = profiles[node.name]
            for what, breaker in _applying(_parameters(node, profile), profile, odd=odd):
                odd_result = breaker[0] in ("returns", "result_as")
                broken = _with(source, node.name, breaker)
                made.append(Behaviour(f"{node.name}: {what}", node.name, broken, odd_result))
    return made


def _with(source: str, name: str, breaker: Breaker) -> str:
    """The solution followed by the breakers, in a namespace of their own, and the function exchanged for a broken one."""
    arguments = ", ".join([name, *map(repr, breaker[1:])])
    lines = [
        "_breakers = {'__name__': 'breakers'}",
        f"exec({_source(str(breaker[0]))!r}, _breakers)",
        f"{name} = _breakers[{breaker[0]!r}]({arguments})",
    ]
    return "\n".join([source, "", *lines, ""])


@functools.cache
def _source(breaker: str) -> str:
    """The part of course.dev.breakers that one breaker needs: each mutant has it compiled anew."""
    body = ast.parse(inspect.getsource(breakers)).body
    needed, known = {breaker}, 0
    while len(needed) > known:
        known = len(needed)
        needed |= {
            name.id
            for node in body
            if not needed.isdisjoint(_defined(node))
            for name in ast.walk(node)
            if isinstance(name, ast.Name)
        }
    imports = (ast.Import, ast.ImportFrom)
    return "\n".join(
        ast.unparse(node)
        for node in body
        if isinstance(node, imports) or not needed.isdisjoint(_defined(node))
    )


def _defined(node: ast.stmt) -> set[str]:
    """Names that a statement of a module defines."""
    if isinstance(node, ast.FunctionDef | ast.ClassDef):
        return {node.name}
    targets = node.targets if isinstance(node, ast.Assign) else ()
    return {target.id for target in targets if isinstance(target, ast.Name)}


def _parameters(node: ast.FunctionDef, profile: Profile) -> list[_Parameter]:
    names = [argument.arg for argument in node.args.args]
    defaults: list[object] = [_NO_DEFAULT] * (len(names) - len(node.args.defaults))
    for default in node.args.defaults:
        try:
            defaults.append(ast.literal_eval(default))
        except ValueError:
            defaults.append(_NO_DEFAULT)
    seen = [*profile.parameters, *[set()] * len(names)]
    return [
        _Parameter(place, name, default, frozenset(kinds))
        for place, (name, default, kinds) in enumerate(zip(names, defaults, seen, strict=False))
    ]


def _applying(parameters: list[_Parameter], profile: Profile, *, odd: bool) -> Iterator[tuple[str, Breaker]]:
    """What is broken, and the breaker."""
    remembers = any("model" in parameter.kinds for parameter in parameters)
    for parameter in parameters:
        for what, breaker in _of_parameter(parameter):
            # Only calls without models are repeated with slices (course.grading.repeat); no array arrives as one otherwise.
            if not (remembers and what.endswith(" sliced")):
                yield what, breaker
    flags = [parameter for parameter in parameters if "boolean" in parameter.kinds]
    for flag in flags:
        for state in ("true", "false"):
            for other in parameters:
                for edge in [name for name in _EDGES if name in _conditions(other)]:
                    both = (flag.place, state), (other.place, edge)
                    yield f"{flag.name} {state} and {other.name} {edge}", ("where", *both)
    yield from _of_result(profile)
    if odd:
        yield from _odd(profile)


def _of_parameter(parameter: _Parameter) -> Iterator[tuple[str, Breaker]]:
    place, name, kinds = parameter.place, parameter.name, parameter.kinds
    for condition in _conditions(parameter):
        yield f"{name} {condition}", ("where", (place, condition))
    if any(kind.startswith("array") for kind in kinds) or kinds & {"list", "dict", "frame", "series"}:
        yield f"{name} altered", ("altered", place)
    if kinds and "generator" not in kinds:
        yield f"{name} frozen", ("frozen", place)
    if "generator" in kinds:
        for kind in ("own", "fresh", "unequal", "exact"):
            yield f"{name} {kind}", ("chance", place, kind)
    other = _other(parameter.default)
    if other is not None:
        yield f"{name} other default", ("other_default", place, other)


def _conditions(parameter: _Parameter) -> list[str]:
    kinds = parameter.kinds
    found: list[str] = []
    if any(kind.startswith("array") for kind in kinds) or "list" in kinds:
        found += _SEQUENCE
    elif kinds & {"frame", "series"}:
        found += ("single", "empty")
    if "array of several axes" in kinds:
        found.append("single column")
    if "array of floats" in kinds:
        found += ["integers", "float32", *_NUMBERS]
    elif "array of integers" in kinds:
        found += _NUMBERS
    if kinds & {"integer", "float"}:
        found += ["zero", "negative", "one"]
    if "float" in kinds:
        found.append("whole number")
    if "boolean" in kinds:
        found += ["true", "false"]
    return found


def _other(default: object) -> object:
    """A value near a default, None where there is none."""
    if isinstance(default, bool):
        return not default
    if isinstance(default, int):
        return default + 1
    return (default / 10 or 0.1) if isinstance(default, float) else None


def _of_result(profile: Profile) -> Iterator[tuple[str, Breaker]]:
    kinds = _kinds(profile)
    arrays = any(kind.startswith("array of") for kind in kinds)
    for change, shows in {
        "float": kinds & {"integer", "array of integers"},
        "bool": kinds & {"integer", "array of integers"} and "integers above 1" not in kinds,
        "float32": kinds & {"float", "array of floats"},
        "float64": "float32" in kinds,
        "rounded": "fractions" in kinds,
        "list": arrays,
        "squeezed": "axis of one" in kinds,
    }.items():
        if shows:
            yield f"result {change}", ("result_as", change)
    if arrays or kinds & {"frame", "series"}:
        yield "result reused", ("reused",)
    yield "result remembered", ("remembered",)
    if "model" in kinds:
        for kind in ("same", "uncompiled", "rate", "frozen", "zero weights"):
            yield f"model {kind}", ("model", kind)
    if "figure" in kinds:
        for kind in ("title", "xlabel", "ylabel", "legend", "values", "places", "line", "more"):
            yield f"figure {kind}", ("figure", kind)
    if profile.raises:
        yield "other exception", ("other_exception",)
        yield "no exception", ("no_exception",)


def _odd(profile: Profile) -> Iterator[tuple[str, Breaker]]:
    """Numbers that nobody expects, and something of another kind altogether."""
    kinds = _kinds(profile)
    if kinds & {"integer", "float", "array of integers", "array of floats"}:
        for change in ("zeros", "minus ones", "large"):
            yield f"result {change}", ("result_as", change)
    if kinds & {"float", "array of floats"}:
        yield "result nan", ("result_as", "nan")
    for what in breakers.STRANGE:
        if not (what == "nothing" and what in kinds):
            yield f"returns {what}", ("returns", what)


def _kinds(profile: Profile) -> set[str]:
    """Kinds of results and of their parts."""
    return {kind.removeprefix("part ").removeprefix("part ") for kind in profile.results}

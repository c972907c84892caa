"""What a grader's calls looked like: kinds of arguments and results by function, and whether their inputs were drawn.

The proof reads it to know which promises a function can break (course.dev.behaviour); nothing of it reaches a learner.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from course.grading.context import Call
from course.grading.figures import Figure
from course.worker.wire import Code, ModelRef, pandas_kind

_ARRAYS = {"f": "floats", "i": "integers", "u": "integers", "b": "booleans", "U": "texts", "O": "objects"}


@dataclass
class Profile:
    """Of a function's calls: the kinds seen for each parameter in order and for the result, and the exceptions raised."""

    parameters: list[set[str]] = field(default_factory=list)
    results: set[str] = field(default_factory=set)
    raises: set[str] = field(default_factory=set)

    def to_json(self) -> dict[str, Any]:
        """A form JSON can hold."""
        kinds = [sorted(kinds) for kinds in self.parameters]
        return {"parameters": kinds, "results": sorted(self.results), "raises": sorted(self.raises)}

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Profile:
        """The inverse of to_json."""
        return cls([set(kinds) for kinds in data["parameters"]], set(data["results"]), set(data["raises"]))


class Recorder:
    """Takes in the calls of one test after the other."""

    def __init__(self) -> None:
        self._functions: dict[str, Profile] = {}
        self._inputs: dict[str, str] = {}
        self._called: dict[str, list[str]] = {}
        self._shares: dict[str, list[str]] = {}
        self._seconds: dict[str, float] = {}

    def add(self, test: str, calls: Sequence[Call], seconds: float = 0.0, shares: Iterable[str] = ()) -> None:
        """The calls a test made, how long it took, and the fixtures that it shares with others."""
        digest = hashlib.sha256()
        for call in calls:
            profile = self._functions.setdefault(call.name, Profile())
            for place, argument in enumerate(call.arguments):
                if place == len(profile.parameters):
                    profile.parameters.append(set())
                profile.parameters[place] |= kinds(argument)
            if call.raised:
                profile.raises.add(call.raised)
            else:
                profile.results |= kinds(call.result) | traits(call.result)
            _digest(digest, (call.name, call.arguments, call.keywords))
        self._inputs[test] = digest.hexdigest()
        self._called[test] = sorted({call.name for call in calls})
        self._shares[test] = sorted(shares)
        self._seconds[test] = seconds

    def to_json(self) -> dict[str, Any]:
        """Profiles by function, and by test a digest of all its calls' inputs, what it called, shares and takes."""
        functions = {name: profile.to_json() for name, profile in self._functions.items()}
        return {
            "functions": functions,
            "inputs": self._inputs,
            "called": self._called,
            "shares": self._shares,
            "seconds": self._seconds,
        }


def kinds(value: Any) -> set[str]:
    """The kind of a value; of a tuple, list or dict also those of its parts, as `part …`."""
    if isinstance(value, bool | np.bool_):
        return {"boolean"}
    if isinstance(value, np.ndarray) and value.ndim:
        kind = _ARRAYS.get(value.dtype.kind, "other")
        return {f"array of {kind}", *(["array of several axes"] if value.ndim > 1 else [])}
    if isinstance(value, int | np.integer):
        return {"integer"}
    if isinstance(value, float | np.floating | np.ndarray):
        return {"float"}
    if isinstance(value, list | tuple | dict):
        parts = list(value.values()) if isinstance(value, dict) else value
        inner = {f"part {kind}" for part in parts[:20] for kind in kinds(part)}
        return {type(value).__name__, *inner}
    named = {str: "text", Code: "function", np.random.Generator: "generator", type(None): "nothing"}
    if isinstance(value, ModelRef):
        return {"model"}
    if isinstance(value, Figure):
        return {"figure"}
    return {named.get(type(value), pandas_kind(value) or "other")}


def traits(result: Any) -> set[str]:
    """What else a change of a result needs to show: integers above 1, fractions, float32, an axis of length 1."""
    if isinstance(result, list | tuple | dict):
        parts = result.values() if isinstance(result, dict) else result
        return set().union(*(traits(part) for part in parts))
    values = np.asarray(result) if isinstance(result, int | float | np.generic | np.ndarray) else None
    if values is None or isinstance(result, bool) or values.dtype.kind not in "iuf":
        return set()
    found = {"float32"} if values.dtype == np.float32 else set()
    if values.dtype.kind in "iu" and not np.all((values == 0) | (values == 1)):
        found.add("integers above 1")
    if values.dtype.kind == "f" and np.any(values != np.round(values, 3)):
        found.add("fractions")
    if 1 in values.shape:
        found.add("axis of one")
    return found


def _digest(digest: Any, value: Any) -> None:
    if isinstance(value, np.ndarray):
        digest.update(repr((value.shape, value.dtype.str)).encode())
        digest.update(value.tobytes() if value.dtype.kind != "O" else repr(value.tolist()).encode())
    elif isinstance(value, list | tuple):
        digest.update(f"{type(value).__name__}{len(value)}".encode())
        for part in value:
            _digest(digest, part)
    elif isinstance(value, dict):
        _digest(digest, list(value.items()))
    elif isinstance(value, np.random.Generator):
        digest.update(repr(value.bit_generator.state).encode())
    elif pandas_kind(value):
        _digest(digest, [value.to_csv()])
    else:
        digest.update(repr(value).encode())

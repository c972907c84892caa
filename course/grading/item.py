"""A grader's test as pytest's item: one that takes `submission` and `rng`, as nearly all do, needs nothing of its fixtures."""

from __future__ import annotations

import inspect
import types
from typing import Any, Protocol

import pytest

TAKEN = frozenset({"submission", "rng"})


class Runner(Protocol):
    """Runs the tests, and ends what they share."""

    def run(self, item: GraderTest) -> None:
        """Run one; raises what it raises."""

    def close(self, item: GraderTest) -> None:
        """The last test of its file has ended."""


class GraderTest(pytest.Item):
    """A test function that is called with what it takes of TAKEN. Setting up fixtures costs as much as many such tests do."""

    def __init__(self, *, obj: types.FunctionType, runner: Runner, **settings: Any) -> None:
        super().__init__(**settings)
        self.obj = obj
        self.takes = parameters(obj)
        self._runner = runner
        self.own_markers.extend(marks_of(obj))
        self.keywords.update((mark.name, mark) for mark in self.own_markers)

    def setup(self) -> None:
        """See that the worker ends with the file's last test."""
        module = self.getparent(pytest.Module)
        assert module is not None
        module.addfinalizer(lambda: self._runner.close(self))

    def runtest(self) -> None:
        """Run it."""
        self._runner.run(self)

    def reportinfo(self) -> tuple[Any, int, str]:
        """Where it stands."""
        return self.path, self.obj.__code__.co_firstlineno - 1, self.name


def marks_of(obj: object) -> list[pytest.Mark]:
    """What a function is marked with."""
    return list(getattr(obj, "pytestmark", []))


def parameters(obj: types.FunctionType) -> frozenset[str]:
    """The names of a function's parameters."""
    code = obj.__code__
    return frozenset(code.co_varnames[: code.co_argcount + code.co_kwonlyargcount])


def made(module: pytest.Module, name: str, obj: object, runner: Runner) -> GraderTest | None:
    """The item of a graded test; None where it needs other fixtures, too, or has other marks: then it is pytest's to make.

    Raises pytest.UsageError where one apart from the others does.
    """
    marks = marks_of(obj)
    if not inspect.isfunction(obj) or "graded" not in [mark.name for mark in marks]:
        return None
    others = parameters(obj) - TAKEN
    if others and any(mark.kwargs.get("apart") for mark in marks):
        raise pytest.UsageError(f"{name}: a test apart takes no {', '.join(sorted(others))}")
    unasked = module.session._fixturemanager._getautousenames(module)
    if others or len(marks) > 1 or any(True for _ in unasked):
        return None
    return GraderTest.from_parent(module, name=name, obj=obj, runner=runner)

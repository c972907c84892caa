"""The test that is running: what comparisons need to know to say what was called."""

from __future__ import annotations

import ast
import functools
import threading
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from course.grading.describe import show_call

MOST_PRINTED = 4_000


@dataclass(slots=True)
class Call:
    """One call of a learner's function."""

    name: str
    arguments: tuple[Any, ...]
    keywords: dict[str, Any]
    module: str = ""
    result: Any = None
    raised: str = ""
    conversions: tuple[str, ...] = ()

    def __str__(self) -> str:
        return show_call(self.name, self.arguments, self.keywords)


class Received(NamedTuple):
    """A value that came from a worker, or the exception raised there: of which function or operation, of which call."""

    of: str
    value: Any
    call: Call | None = None


@dataclass
class Audit:
    """What a proof learns of the mistakes that comparisons list: each by test and key.

    `right` are those that give the right value, `pairs` two that give the same, `hints` the general hint ("" for none) that
    a mistake's value would bring.
    """

    right: set[tuple[str, str]] = field(default_factory=set)
    pairs: set[tuple[str, str, str]] = field(default_factory=set)
    hints: set[tuple[str, str, str]] = field(default_factory=set)

    def to_json(self) -> dict[str, Any]:
        """A form JSON can hold."""
        return {name: sorted(found) for name, found in vars(self).items()}


@dataclass(eq=False)
class Running(threading.local):
    """The running test's exercise and name, the calls it made so far, what was printed, and in a proof an audit.

    `received` is what came from workers, in order, of calls and of models. Each thread runs a test of its own.
    """

    slug: str = ""
    test: str = ""
    calls: list[Call] = field(default_factory=list)
    received: list[Received] = field(default_factory=list)
    printed: str = ""
    audit: Audit | None = None
    source: str = ""

    def returned_method(self, function: str) -> str | None:
        """The method whose result a learner's function returns, where that method gives None."""
        return returned_methods(self.source).get(function)

    def print(self, text: str) -> None:
        """What the learner's code printed during an exchange; so much of it is kept."""
        self.printed = (self.printed + text)[:MOST_PRINTED]

    def call_of(self, result: Any) -> Call | None:
        """The call that returned this very object, or held it in what it returned; else the last one."""
        for call in reversed(self.calls):
            if call.result is result:
                return call
        for call in reversed(self.calls):
            if isinstance(call.result, tuple | list) and any(part is result for part in call.result):
                return call
        return self.calls[-1] if self.calls else None


_GIVE_NOTHING = {
    "add", "append", "build", "clear", "compile", "extend", "fill", "insert", "partition", "remove", "reverse", "set_weights",
    "shuffle", "sort", "summary", "update",
}  # fmt: skip


@functools.lru_cache(maxsize=4)
def returned_methods(source: str) -> dict[str, str]:
    """Of a source's functions those that end in `return x.method(...)` with a method known to give None."""
    try:
        functions = [node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.FunctionDef)]
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return {}
    found = {}
    for function in functions:
        for node in ast.walk(function):
            called = (
                node.value.func if isinstance(node, ast.Return) and isinstance(node.value, ast.Call) else None
            )
            if isinstance(called, ast.Attribute) and called.attr in _GIVE_NOTHING:
                found[function.name] = called.attr
    return found


running = Running()


def begin(slug: str, test: str, source: str = "") -> None:
    """A test of a submission starts."""
    running.slug, running.test, running.source = slug, test, source
    running.calls.clear()
    running.received.clear()
    running.printed = ""


def adopt(other: dict[str, Any]) -> None:
    """Go on with a test that has run in another thread: the variables of what it had for `running`."""
    vars(running).update(other)


def receive(label: Call | str, value: Any) -> None:
    """A value came from a worker, of this call or operation."""
    call = label if isinstance(label, Call) else None
    running.received.append(Received(call.name if call is not None else str(label), value, call))

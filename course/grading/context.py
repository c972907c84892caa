"""The test that is running: what comparisons need to know to say what was called."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from course.grading.describe import show_call


@dataclass
class Call:
    """One call of a learner's function."""

    name: str
    arguments: tuple[Any, ...]
    keywords: dict[str, Any]
    module: str = ""
    result: Any = None
    conversions: tuple[str, ...] = ()

    def __str__(self) -> str:
        return show_call(self.name, self.arguments, self.keywords)


@dataclass
class Running:
    """The running test's exercise and name, and the calls it made so far."""

    slug: str = ""
    test: str = ""
    calls: list[Call] = field(default_factory=list)

    def call_of(self, result: Any) -> Call | None:
        """The call that returned this very object, or held it in what it returned; else the last one."""
        for call in reversed(self.calls):
            if call.result is result:
                return call
        for call in reversed(self.calls):
            if isinstance(call.result, tuple | list) and any(part is result for part in call.result):
                return call
        return self.calls[-1] if self.calls else None


running = Running()


def begin(slug: str, test: str) -> None:
    """A test starts."""
    running.slug, running.test = slug, test
    running.calls.clear()

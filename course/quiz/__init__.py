"""The quiz: a bank of questions in two languages, drawn, judged, released without its key, and kept in order.

The package itself can be called, `course.quiz("day10")`: in a notebook that is how one takes a quiz.
"""

from __future__ import annotations

import sys
from types import ModuleType


class _Callable(ModuleType):
    def __call__(
        self, *names: str, count: int | None = None, seed: int | None = None, new: bool = False
    ) -> None:
        """Take a quiz; see course.quiz.notebook.take."""
        from course.quiz import notebook

        notebook.take(*names, count=count, seed=seed, new=new)


# A submodule takes its function's place in the package as soon as it is imported, so it has to be that function too.
sys.modules[__name__].__class__ = _Callable

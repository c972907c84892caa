"""A test in a worker of its own, which may run while others do (see course.grading.marks)."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from typing import Any

from course.grading import context
from course.grading.submission import Submission

_ENDING_SECONDS = 0.05


class Ahead:
    """A test by its name and function that runs in another thread from now on, with what it takes, `submission` among it.

    It is one of the exercise of which a test is running.
    """

    def __init__(
        self, test: str, function: Callable[..., object], submission: Submission, taken: Mapping[str, Any]
    ) -> None:
        self._test = test
        self._function = function
        self._submission = submission
        self._taken = taken
        self._about = context.running.slug, context.running.source
        self._error: BaseException | None = None
        self._context: dict[str, Any] = {}
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()

    def _run(self) -> None:
        slug, source = self._about
        context.begin(slug, self._test, source)
        try:
            self._function(**self._taken)
        except BaseException as error:
            self._error = error
        self._context = dict(vars(context.running))

    def result(self) -> None:
        """Wait for its end, and go on as though it had run here: raises what it raised."""
        self._thread.join()
        self._submission.close()
        context.adopt(self._context)
        if self._error is not None:
            raise self._error

    def stop(self) -> None:
        """End it: nobody asks for its result any more."""
        while self._thread.is_alive():
            self._submission.kill()
            self._thread.join(_ENDING_SECONDS)
        self._submission.close()

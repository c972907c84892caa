"""Writing checks down while they run. The learner's result never depends on it: what goes wrong is kept as `problem`."""

from __future__ import annotations

from course.learner.store.errors import StoreUnusable
from course.learner.subject import Subject
from course.results import ExerciseResult

# Somebody waits for the next result: a store that is held longer than this is given up for this command.
_PATIENCE_SECONDS = 5.0


class Recorder:
    """Keeps the attempts of one command; `how` names it. After a first problem nothing more is tried."""

    def __init__(self, how: str) -> None:
        self._how = how
        self._passed: set[str] | None = None
        self.problem: StoreUnusable | None = None

    def graded(self, subject: Subject, result: ExerciseResult, seed: int) -> None:
        """Write down a result just graded. A stub nobody has touched is no attempt, nor is what a crash or a limit ended."""
        if not subject.untouched and result.status != "ungraded" and not result.unsettled:
            self._record(result, seed)

    def repeated(self, result: ExerciseResult, seed: int) -> None:
        """Told of a result kept from an earlier check: no new attempt, unless a pass has not got into the store yet."""
        if result.status == "passed" and (self._passed is None or result.slug not in self._passed):
            self._record(result, seed, unless_passed=True)

    def _record(self, result: ExerciseResult, seed: int, *, unless_passed: bool = False) -> None:
        if self.problem is not None:
            return
        from course.learner.store import (  # SQLite is loaded where there is something to write
            attempts,
            database,
        )

        try:
            with database.opened(patience=_PATIENCE_SECONDS) as connection:
                if unless_passed:
                    self._passed = attempts.passed(connection)
                    if result.slug in self._passed:
                        return
                attempts.record(connection, result, seed, self._how)
        except StoreUnusable as problem:
            self.problem = problem

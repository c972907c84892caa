"""Checks asked for on a page: one at a time in processes that stay warm, and what is heard of each while it runs."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path

from course.content.catalog import Exercise
from course.learner import workspace
from course.learner.store.errors import StoreUnusable
from course.learner.subject import Subject
from course.results import ExerciseResult, TestResult
from course.watch.grading import Broke, Graded, Grading, News, Stopped, Tested, Unkept, Unprotected


class Check:
    """One check: its tests so far, then its result; None for good where it was stopped."""

    def __init__(self, subject: Subject) -> None:
        self.subject = subject
        self.tests: list[TestResult] = []
        self.result: ExerciseResult | None = None
        self.ended: datetime | None = None

    @property
    def over(self) -> bool:
        """Whether no more comes."""
        return self.ended is not None

    def end(self, result: ExerciseResult | None = None) -> None:
        """With its result, or without one."""
        self.result, self.ended = result, datetime.now(UTC)


class Checks:
    """What is checked in one workspace. The processes start with the first that is asked for and end with `close`."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._lock = threading.Lock()
        self._grading: Grading | None = None
        self._latest: dict[str, Check] = {}
        self._followers: list[tuple[asyncio.AbstractEventLoop, asyncio.Event]] = []
        self.unkept: StoreUnusable | None = None
        self.lacking: frozenset[str] = frozenset()

    def warm(self, exercise: Exercise) -> None:
        """Have ready what checking this exercise needs."""
        self._started().warm(exercise.runtime)

    def begin(self, exercise: Exercise) -> Check:
        """Check the exercise's file as it is now; an older check of it gives way."""
        check = Check(workspace.subject(exercise, self._folder))
        grading = self._started()
        with self._lock:
            before = self._latest.get(exercise.slug)
            self._latest[exercise.slug] = check
            grading.grade(check.subject, saved=True)
            if before is not None and not before.over:
                before.end()
        self._stir()
        return check

    def stop(self, exercise: Exercise) -> None:
        """Give the check of this exercise up, if there is one."""
        if self._grading is not None:
            self._grading.stop(exercise.slug)

    def latest(self, exercise: Exercise) -> Check | None:
        """The latest check of this exercise, under way or over."""
        return self._latest.get(exercise.slug)

    async def heard(self, check: Check) -> AsyncIterator[TestResult]:
        """A check's tests, those so far and the others as they end, until it is over."""
        stirred = asyncio.Event()
        follower = (asyncio.get_running_loop(), stirred)
        with self._lock:
            self._followers.append(follower)
        told = 0
        try:
            while True:
                stirred.clear()
                over = check.over
                for test in check.tests[told:]:
                    told += 1
                    yield test
                if over:
                    return
                await stirred.wait()
        finally:
            with self._lock:
                self._followers.remove(follower)

    def close(self) -> None:
        """End everything that was started."""
        with self._lock:
            grading, self._grading = self._grading, None
        if grading is not None:
            grading.__exit__()

    def _started(self) -> Grading:
        with self._lock:
            if self._grading is None:
                self._grading = Grading(self._told, "web").__enter__()
            return self._grading

    def _told(self, news: News) -> None:
        """In the grading's own thread."""
        match news:
            case Tested(slug, test, subject) if (check := self._of(slug, subject)) is not None:
                check.tests.append(test)
            case Graded(result, _, subject) if (check := self._of(result.slug, subject)) is not None:
                check.end(result)
            case Stopped(subject) if (check := self._of(subject.exercise.slug, subject)) is not None:
                check.end()
            case Unkept(problem):
                self.unkept = problem
            case Unprotected(lacking):
                self.lacking = lacking
            case Broke():
                # What is under way will not end; the next check starts afresh.
                with self._lock:
                    self._grading = None
                    for check in self._latest.values():
                        if not check.over:
                            check.end()
        self._stir()

    def _of(self, slug: str, subject: Subject) -> Check | None:
        check = self._latest.get(slug)
        return check if check is not None and check.subject is subject else None

    def _stir(self) -> None:
        with self._lock:
            for loop, stirred in self._followers:
                loop.call_soon_threadsafe(stirred.set)

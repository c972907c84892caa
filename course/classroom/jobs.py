"""Graders that stay warm: each thread that grades has a grader process of its own, for many submissions."""

from __future__ import annotations

import contextlib
import os
import socket
import tempfile
import threading
from collections.abc import Iterable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from typing import Protocol

from course import zygotes
from course.checking import Graders, Task
from course.messages import Message, say
from course.results import COULD_NOT_RUN, ExerciseResult, TestResult

_ATTEMPTS = 2
# More would wait for each other: a zygote forks one worker at a time.
_SHARE = 4


class NotComparable(RuntimeError):
    """Another version of the course or its content would grade some of the class."""


class Pool(Protocol):
    """Where submissions are graded: here, or on a cluster."""

    def width(self) -> int:
        """How many are graded at once."""

    def submit(self, tasks: Sequence[Task]) -> Future[list[ExerciseResult]]:
        """Have one student's tasks graded; results in their order."""

    def close(self) -> None:
        """End at once, whatever still runs."""


class Jobs:
    """Warm graders for every thread that asks, up to `count` of them; a few share a zygote, which holds half a gigabyte."""

    def __init__(self, runtimes: Iterable[str], count: int) -> None:
        self._runtimes = sorted(set(runtimes))
        self._count = count
        self._own = threading.local()
        self._lock = threading.Lock()
        self._open: list[Graders] = []
        self._zygotes = contextlib.ExitStack()
        self._controls: list[dict[str, socket.socket]] = []
        self._closed = False

    def grade(self, tasks: Sequence[Task]) -> list[ExerciseResult]:
        """Grade tasks one after the other; where a grader itself ended, once more with a new one."""
        results: dict[int, ExerciseResult] = {}
        for _ in range(_ATTEMPTS):
            left = [task for task in tasks if id(task) not in results or not was_graded(results[id(task)])]
            if not left:
                break
            graders = self._warm()
            for event in graders.run(left):
                if event.result is not None:
                    results[id(event.task)] = event.result
            if not all(was_graded(results[id(task)]) for task in left):
                self._replace(graders)
        return [results[id(task)] for task in tasks]

    def rest(self) -> None:
        """End all of them; the next task starts new ones."""
        with self._lock:
            while self._open:
                self._open.pop().__exit__()
            self._forget_controls()
            self._zygotes.close()

    def close(self) -> None:
        """End all of them for good, and with them what they are grading."""
        self._closed = True
        self.rest()

    def _warm(self) -> Graders:
        with self._lock:
            if self._closed:
                raise InterruptedError
            graders: Graders | None = getattr(self._own, "graders", None)
            if graders is None or graders not in self._open:
                graders = self._own.graders = Graders(1, self._runtimes, self._control()).__enter__()
                self._open.append(graders)
            return graders

    def _control(self) -> list[dict[str, socket.socket]] | None:
        """Control sockets for one grader process; where there are none left, of new zygotes."""
        if not zygotes.forks():
            return None
        if not self._controls:
            made = tempfile.TemporaryDirectory(prefix="course-", ignore_cleanup_errors=True)
            warm = zygotes.Zygotes(Path(self._zygotes.enter_context(made)))
            self._zygotes.callback(warm.close)
            count = min(self._count, _SHARE)
            ends = {runtime: warm.start(runtime, count) for runtime in self._runtimes}
            self._controls = [{runtime: ends[runtime][n] for runtime in ends} for n in range(count)]
        return [self._controls.pop()]

    def _forget_controls(self) -> None:
        for control in self._controls:
            for end in control.values():
                end.close()
        self._controls = []

    def _replace(self, graders: Graders) -> None:
        with self._lock:
            self._forget_controls()  # their zygote may be what ended
            if graders in self._open:
                self._open.remove(graders)
                graders.__exit__()


class LocalPool:
    """So many threads of this process, each with a grader process of its own."""

    def __init__(self, count: int, runtimes: Iterable[str]) -> None:
        self._count = count
        self._jobs = Jobs(runtimes, count)
        self._threads = ThreadPoolExecutor(count, thread_name_prefix="grading")

    def width(self) -> int:
        """The number of threads."""
        return self._count

    def submit(self, tasks: Sequence[Task]) -> Future[list[ExerciseResult]]:
        """Grade on the next free thread."""
        return self._threads.submit(self._jobs.grade, tasks)

    def close(self) -> None:
        """Kill the graders, so that the threads end."""
        self._threads.shutdown(wait=False, cancel_futures=True)
        self._jobs.close()
        with contextlib.suppress(RuntimeError):
            self._threads.shutdown(wait=True)


def was_graded(result: ExerciseResult) -> bool:
    """Whether the tests were run; if not, the machine is to blame and not the submission."""
    return bool(result.tests) and not any(
        test.max_points == 0 or any(part.id == COULD_NOT_RUN for part in test.message)
        for test in result.tests
    )


def not_graded(task: Task, error: Exception) -> ExerciseResult:
    """The result of a task that nothing is known of."""
    exercise = task.subject.exercise
    reason = (Message(COULD_NOT_RUN), say("{error}", error=f"{type(error).__name__}: {error}"))
    return ExerciseResult(exercise.slug, exercise.day, (TestResult("grader", "error", 0, 0, message=reason),))


def cores() -> int:
    """How many this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1

"""Graders that stay warm: each thread that grades has a grader process of its own, for many submissions."""

from __future__ import annotations

import bisect
import contextlib
import operator
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
# Of so many submissions one core grades the NumPy exercises while another imports TensorFlow.
_MEANWHILE = 100
# In the time a call may last the others grade about as many submissions' Keras exercises.
_EARLIER = 10


class NotComparable(RuntimeError):
    """Another version of the course or its content would grade some of the class."""


class Pool(Protocol):
    """Where submissions are graded: here, or on a cluster."""

    def ahead(self) -> int:
        """How many students' tasks it wants to have at hand."""

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
    """So many threads of this process, each with a grader process of its own; they share one queue of tasks."""

    def __init__(self, count: int, runtimes: Iterable[str]) -> None:
        self._count = count
        self._jobs = Jobs(runtimes, count)
        self._threads = ThreadPoolExecutor(count, thread_name_prefix="grading")
        self._queue = _Queue(earlier=_EARLIER * (count - 1))

    def ahead(self) -> int:
        """Two for each thread, and where one of several waits for TensorFlow, as many as keep the others busy meanwhile."""
        return 2 * self._count + (_MEANWHILE if self._count > 1 else 0)

    def submit(self, tasks: Sequence[Task]) -> Future[list[ExerciseResult]]:
        """Have them graded by whichever thread is free."""
        work = _Work(tasks)
        self._queue.put(work)
        for _ in tasks:
            self._threads.submit(self._grade_next)
        return work.future

    def close(self) -> None:
        """Kill the graders, so that the threads end."""
        self._threads.shutdown(wait=False, cancel_futures=True)
        self._jobs.close()
        with contextlib.suppress(RuntimeError):
            self._threads.shutdown(wait=True)

    def _grade_next(self) -> None:
        task, work = self._queue.take()
        try:
            [result] = self._jobs.grade([task])
        except Exception as error:
            result = not_graded(task, error)
        self._queue.done(task)
        work.finish(task, result)


class _Work:
    """One student's tasks, graded by whichever thread is free."""

    def __init__(self, tasks: Sequence[Task]) -> None:
        self.tasks = tasks
        self.future: Future[list[ExerciseResult]] = Future()
        self._results: dict[int, ExerciseResult] = {}
        self._lock = threading.Lock()

    def finish(self, task: Task, result: ExerciseResult) -> None:
        """Keep a result; with the last one the future has them all, in the tasks' order."""
        with self._lock:
            self._results[id(task)] = result
            if len(self._results) == len(self.tasks):
                self.future.set_result([self._results[id(each)] for each in self.tasks])


class _Queue:
    """Tasks as they came, but NumPy exercises some students `earlier`: one that never returns must not be the last.

    While a thread waits until the first Keras worker can be forked, the others go on with NumPy exercises.
    """

    def __init__(self, earlier: int) -> None:
        self._earlier = earlier
        self._students = 0
        self._lock = threading.Lock()
        self._waiting: list[tuple[int, Task, _Work]] = []
        self._warm: set[str] = set()
        self._awaited: set[str] = set()

    def put(self, work: _Work) -> None:
        """Queue all tasks of one more student."""
        with self._lock:
            self._students += 1
            for task in sorted(work.tasks, key=_is_long):
                place = self._students + (self._earlier if _is_long(task) else 0)
                bisect.insort(self._waiting, (place, task, work), key=operator.itemgetter(0))

    def take(self) -> tuple[Task, _Work]:
        """The next one that need not wait for a zygote; where all must, the next one."""
        with self._lock:
            needed = (_zygote(task) for _, task, _ in self._waiting)
            number = next((n for n, zygote in enumerate(needed) if zygote not in self._awaited), 0)
            _, task, work = self._waiting.pop(number)
            if _zygote(task) not in self._warm:
                self._awaited.add(_zygote(task))
            return task, work

    def done(self, task: Task) -> None:
        """Once it has forked a worker, a zygote forks the others at once."""
        with self._lock:
            self._warm.add(_zygote(task))
            self._awaited.discard(_zygote(task))


def _zygote(task: Task) -> str:
    """The runtime whose zygote it needs, if any."""
    return "" if task.subject.untouched else task.subject.exercise.runtime


def _is_long(task: Task) -> bool:
    return _zygote(task) == "keras"


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

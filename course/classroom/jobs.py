"""Graders that stay warm: each thread that grades has a grader process of its own, for many submissions."""

from __future__ import annotations

import bisect
import contextlib
import operator
import socket
import threading
from collections.abc import Iterable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Protocol

from course.checking import Graders, Task
from course.content.catalog import Course, catalog
from course.language.messages import raised
from course.processes import zygotes
from course.results import ExerciseResult, ungraded
from course.worker import scratch

_ATTEMPTS = 2
# More would wait for each other: a zygote forks one worker at a time.
_SHARE = 4
# Of so many submissions one core grades the NumPy exercises while another imports TensorFlow.
_MEANWHILE = 100
# In the time a call may last the others grade about as many submissions' Keras exercises.
_EARLIER = 10


class NotComparable(RuntimeError):
    """Another version of the course or its content would grade some of the class."""


class Lost(RuntimeError):
    """The cluster is gone; the text is its address. What is graded is kept."""


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

    def __init__(
        self, runtimes: Iterable[str], count: int, *, trust: bool = False, course: Course | None = None
    ) -> None:
        self._course = course or catalog()
        self._strict = not trust
        self._runtimes = sorted(set(runtimes))
        self._count = count
        self._own = threading.local()
        self._lock = threading.Lock()
        self._open: list[Graders] = []
        self._zygotes = contextlib.ExitStack()
        self._controls: list[dict[str, socket.socket]] = []
        self._closed = False

    def grade(self, tasks: Sequence[Task]) -> list[ExerciseResult]:
        """Grade tasks one after the other; what could not be graded, once more with a new grader."""
        return [self._grade(task) for task in tasks]

    def _grade(self, task: Task) -> ExerciseResult:
        result: ExerciseResult | None = None
        for _ in range(_ATTEMPTS):
            try:
                graders = self._warm()
            except OSError as error:  # no folder, no process, no memory for one
                result = not_graded(task, error)
                continue
            [result] = [event.result for event in graders.run([task]) if event.result is not None]
            if result.status != "ungraded":
                break
            self._replace(graders)
        assert result is not None
        return result

    def pids(self) -> list[int]:
        """The graders' processes."""
        with self._lock:
            return [pid for graders in self._open for pid in graders.pids()]

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
                graders = self._own.graders = Graders(
                    1, self._runtimes, self._control(), strict=self._strict, course=self._course
                ).__enter__()
                self._open.append(graders)
            return graders

    def _control(self) -> list[dict[str, socket.socket]] | None:
        """Control sockets for one grader process; where there are none left, of new zygotes."""
        if not zygotes.forks():
            return None
        if not self._controls:
            warm = zygotes.Zygotes(
                self._zygotes.enter_context(scratch.made()), strict=self._strict, course=self._course
            )
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

    def __init__(self, count: int, runtimes: Iterable[str], *, trust: bool = False) -> None:
        self._count = count
        self._jobs = Jobs(runtimes, count, trust=trust)
        self._threads = ThreadPoolExecutor(count, thread_name_prefix="grading")
        self._queue = Queue(earlier=_EARLIER * (count - 1))

    def ahead(self) -> int:
        """Two for each thread, and where one of several waits for TensorFlow, as many as keep the others busy meanwhile."""
        return 2 * self._count + (_MEANWHILE if self._count > 1 else 0)

    def submit(self, tasks: Sequence[Task]) -> Future[list[ExerciseResult]]:
        """Have them graded by whichever thread is free."""
        work = Work(tasks)
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


class Work:
    """One student's tasks, graded by whichever thread is free."""

    def __init__(self, tasks: Sequence[Task]) -> None:
        self.tasks = tasks
        self.future: Future[list[ExerciseResult]] = Future()
        self._results: dict[Task, ExerciseResult] = {}
        self._lock = threading.Lock()

    def finish(self, task: Task, result: ExerciseResult) -> None:
        """Keep a result; with the last one the future has them all, in the tasks' order."""
        with self._lock:
            self._results[task] = result
            if len(self._results) == len(self.tasks):
                self.future.set_result([self._results[each] for each in self.tasks])


class Queue:
    """Tasks as they came, but NumPy exercises some students `earlier`: one that never returns must not be the last.

    While a thread waits until the first Keras worker can be forked, the others go on with NumPy exercises.
    """

    def __init__(self, earlier: int) -> None:
        self._earlier = earlier
        self._students = 0
        self._lock = threading.Lock()
        self._waiting: list[tuple[int, Task, Work]] = []
        self._warm: set[str] = set()
        self._awaited: set[str] = set()

    def put(self, work: Work) -> None:
        """Queue all tasks of one more student."""
        with self._lock:
            self._students += 1
            for task in sorted(work.tasks, key=_is_long):
                place = self._students + (self._earlier if _is_long(task) else 0)
                bisect.insort(self._waiting, (place, task, work), key=operator.itemgetter(0))

    def take(self) -> tuple[Task, Work]:
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
    return not task.subject.untouched and task.subject.exercise.heavy


def not_graded(task: Task, error: BaseException) -> ExerciseResult:
    """The result of a task that nothing is known of."""
    return ungraded(task.subject.exercise, raised(error))

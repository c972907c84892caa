"""Grading on a dask.distributed cluster: every worker process keeps graders of its own warm.

Sources go out as text and results come back as plain values; the learner's code runs confined, below the worker.
"""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterable, Sequence
from concurrent.futures import Future
from typing import Any

from distributed import Client, Worker, WorkerPlugin, get_worker
from distributed.comm import get_address_host_port

from course import cache
from course.catalog import catalog
from course.checking import Task
from course.classroom.jobs import Jobs, NotComparable
from course.results import ExerciseResult, dump_tests, load_tests
from course.subject import Subject

CONNECT_SECONDS = 15
# Between two runs on the same cluster the graders stay warm for so long, and no longer: they hold a gigabyte.
IDLE_SECONDS = 600.0


class ClusterPool:
    """The workers of a cluster, those that join later too. A lost worker's submissions go to another."""

    def __init__(self, address: str, runtimes: Iterable[str]) -> None:
        """Connect to a scheduler; raises OSError and ValueError where there is none at this address."""
        # A client keeps trying and ends with noise; whether anybody listens is soon known.
        with socket.create_connection(get_address_host_port(address), CONNECT_SECONDS):
            self._client = Client(address, timeout=CONNECT_SECONDS, set_as_default=False)
        plugin = WarmGraders(runtimes)
        self._name = plugin.name
        self._client.register_plugin(plugin)
        self._executor = self._client.get_executor()

    def ahead(self) -> int:
        """Two for each thread of all workers there are now."""
        threads: dict[str, int] = self._client.nthreads()
        return 2 * max(1, sum(threads.values()))

    def submit(self, tasks: Sequence[Task]) -> Future[list[ExerciseResult]]:
        """Send one student's tasks."""
        plain = [
            (task.subject.exercise.slug, task.subject.path, task.subject.source, task.seed) for task in tasks
        ]
        answer = self._executor.submit(grade_on_worker, self._name, plain)
        result: Future[list[ExerciseResult]] = Future()
        answer.add_done_callback(lambda done: _hand_over(done, tasks, result))
        return result

    def close(self) -> None:
        """Take back what is not graded yet; the cluster stays as it is."""
        self._executor.shutdown(wait=False)
        self._client.close()


def _hand_over(
    answer: Future[list[dict[str, Any]]], tasks: Sequence[Task], result: Future[list[ExerciseResult]]
) -> None:
    try:
        result.set_result([_read(data, task) for data, task in zip(answer.result(), tasks, strict=True)])
    except BaseException as error:
        result.set_exception(error)


def _read(data: dict[str, Any], task: Task) -> ExerciseResult:
    exercise = task.subject.exercise
    if data["key"] != cache.key(task.subject, task.seed):
        raise NotComparable(exercise.slug)
    return ExerciseResult(
        exercise.slug, exercise.day, load_tests(data["tests"]), data["seconds"], missing=data["missing"]
    )


class WarmGraders(WorkerPlugin):  # type: ignore[misc]
    """The graders of one worker process."""

    idempotent = True

    def __init__(self, runtimes: Iterable[str]) -> None:
        self.runtimes = sorted(set(runtimes))
        self.name = f"course graders {' '.join(self.runtimes)}"

    def setup(self, worker: Worker) -> None:
        """Dask calls this once in every worker."""
        self._jobs = Jobs(self.runtimes, worker.state.nthreads)
        self._lock = threading.Lock()
        self._busy = 0
        self._idle = threading.Timer(0, lambda: None)

    def teardown(self, worker: Worker) -> None:
        """Dask calls this when the worker closes."""
        self._idle.cancel()
        self._jobs.close()

    def grade(self, tasks: Sequence[Task]) -> list[ExerciseResult]:
        """Grade one student's tasks."""
        with self._lock:
            self._busy += 1
            self._idle.cancel()
        try:
            return self._jobs.grade(tasks)
        finally:
            with self._lock:
                self._busy -= 1
                if not self._busy:
                    self._idle = threading.Timer(IDLE_SECONDS, self._jobs.rest)
                    self._idle.daemon = True
                    self._idle.start()


def grade_on_worker(plugin: str, plain: Sequence[tuple[str, str, str | None, int]]) -> list[dict[str, Any]]:
    """In a worker: grade these (slug, path, source, seed) and say by its key what each was graded from."""
    tasks = [
        Task(Subject(catalog().exercise(slug), path, source), seed) for slug, path, source, seed in plain
    ]
    graders: WarmGraders = get_worker().plugins[plugin]
    results = graders.grade(tasks)
    return [
        {
            "key": cache.key(task.subject, task.seed),
            "tests": dump_tests(result.tests),
            "seconds": result.seconds,
            "missing": result.missing,
        }
        for task, result in zip(tasks, results, strict=True)
    ]

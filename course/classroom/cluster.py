"""Grading on a dask.distributed cluster: every worker process keeps graders of its own warm.

Sources go out as text and results come back as plain values; the learner's code runs confined, below the worker.
"""

from __future__ import annotations

import ipaddress
import logging
import socket
import threading
from collections.abc import Iterable, Sequence
from concurrent.futures import CancelledError, Future
from pathlib import Path
from typing import Any

from distributed import Client, Worker, WorkerPlugin, get_worker
from distributed.comm import get_address_host_port
from distributed.security import Security

from course.checking import Task, cache
from course.classroom.jobs import Jobs, Lost, NotComparable
from course.content import courses
from course.content.catalog import Course, catalog
from course.content.joint import joint
from course.content.manifest import manifest
from course.language.messages import Message
from course.learner.subject import Subject
from course.results import ExerciseResult, dump_tests, load_tests

CONNECT_SECONDS = 15
# Between two runs on the same cluster the graders stay warm for so long, and no longer: they hold a gigabyte.
IDLE_SECONDS = 600.0


class NoWorkers(RuntimeError):
    """The scheduler has no workers; the text is its address."""


class OtherVersion(RuntimeError):
    """Workers hold another version of the course; the text names them."""


class NoCertificate(ValueError):
    """The scheduler asks for a certificate, and dask's settings name none."""


def is_encrypted(address: str) -> bool:
    """Whether what goes to this address is."""
    return address.startswith("tls://")


def is_exposed(address: str) -> bool:
    """Whether it is beyond this machine, and neither encrypted nor closed to those without a certificate."""
    host, _ = get_address_host_port(address)
    try:
        local = ipaddress.ip_address(host).is_loopback
    except ValueError:
        local = host == "localhost"
    return not (local or is_encrypted(address))


class ClusterPool:
    """The workers of a cluster, those that join later too. A lost worker's submissions go to another."""

    def __init__(self, address: str, runtimes: Iterable[str]) -> None:
        """Connect to a scheduler and its workers.

        Raises:
            OSError, ValueError: there is no scheduler at this address, or no certificate for it.
            NoWorkers, OtherVersion: what its workers are.
        """
        # A client keeps trying and ends with noise; whether anybody listens is soon known.
        with socket.create_connection(get_address_host_port(address), CONNECT_SECONDS):
            pass
        _quiet()
        security = Security()
        if is_encrypted(address) and security.get_connection_args("client")["ssl_context"] is None:
            raise NoCertificate(address)
        self._client = Client(address, timeout=CONNECT_SECONDS, set_as_default=False, security=security)
        self._address = address
        try:
            self._look_at_workers()
        except BaseException:
            self._client.close()
            raise
        plugin = WarmGraders(runtimes)
        self._name = plugin.name
        self._client.register_plugin(plugin)
        self._executor = self._client.get_executor()

    def _look_at_workers(self) -> None:
        """Wait for one, and ask all which version they hold."""
        try:
            self._client.wait_for_workers(1, timeout=CONNECT_SECONDS)
        except TimeoutError as error:
            raise NoWorkers(self._address) from error
        try:
            held: dict[str, str] = self._client.run(program)
        except (AttributeError, ImportError) as error:  # one that does not know even this
            raise OtherVersion(self._address) from error
        others = sorted(worker for worker, version in held.items() if version != program())
        if others:
            raise OtherVersion(", ".join(others))

    def where(self) -> dict[str, int]:
        """How many students' tasks each worker has at hand now, by its address; nothing where the scheduler does not answer."""
        try:
            busy: dict[str, Sequence[str]] = self._client.processing()
        except Exception:  # only told: grading itself says what is wrong
            return {}
        return {worker: len(tasks) for worker, tasks in busy.items()}

    def ahead(self) -> int:
        """Two for each thread of all workers there are now; raises course.classroom.jobs.Lost."""
        try:
            threads: dict[str, int] = self._client.nthreads()
        except Exception as error:
            raise Lost(self._address) from error
        return 2 * max(1, sum(threads.values()))

    def submit(self, tasks: Sequence[Task]) -> Future[list[ExerciseResult]]:
        """Send one student's tasks."""
        plain = [
            {
                "slug": task.subject.exercise.slug,
                "path": task.subject.path,
                "source": task.subject.source,
                "problem": task.subject.problem.to_json() if task.subject.problem is not None else None,
                "seed": task.seed,
            }
            for task in tasks
        ]
        try:
            answer = self._executor.submit(grade_on_worker, self._name, plain)
        except Exception as error:
            raise Lost(self._address) from error
        result: Future[list[ExerciseResult]] = Future()
        answer.add_done_callback(lambda done: self._hand_over(done, tasks, result))
        return result

    def _hand_over(
        self,
        answer: Future[list[dict[str, Any]]],
        tasks: Sequence[Task],
        result: Future[list[ExerciseResult]],
    ) -> None:
        try:
            result.set_result([_read(data, task) for data, task in zip(answer.result(), tasks, strict=True)])
        except BaseException as error:
            gone = isinstance(error, CancelledError) or self._client.status != "running"
            result.set_exception(
                Lost(self._address) if gone and not isinstance(error, NotComparable) else error
            )

    def close(self) -> None:
        """Take back what is not graded yet; the cluster stays as it is."""
        self._executor.shutdown(wait=False)
        self._client.close()


def _read(data: dict[str, Any], task: Task) -> ExerciseResult:
    exercise = task.subject.exercise
    if data["key"] != cache.key(task.subject, task.seed):
        raise NotComparable(exercise.slug)
    return ExerciseResult(
        exercise.slug,
        exercise.day,
        load_tests(data["tests"]),
        data["seconds"],
        missing=data["missing"],
        seed=task.seed,
    )


class WarmGraders(WorkerPlugin):  # type: ignore[misc]
    """The graders of one worker process."""

    idempotent = True

    def __init__(self, runtimes: Iterable[str]) -> None:
        self.courses = list(zip(catalog().names, map(str, catalog().roots), strict=True))
        self.runtimes = sorted(set(runtimes))
        self.name = (
            f"course graders {' '.join((*(word for each in self.courses for word in each), *self.runtimes))}"
        )

    def setup(self, worker: Worker) -> None:
        """Dask calls this once in every worker."""
        self._jobs = Jobs(self.runtimes, worker.state.nthreads, course=_held(self.courses))
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


def grade_on_worker(plugin: str, plain: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """In a worker: grade these tasks, plain values, and say by its key what each was graded from."""
    graders: WarmGraders = get_worker().plugins[plugin]
    course = _held(graders.courses)
    tasks = [_task(course, **each) for each in plain]
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


def _task(
    course: Course, slug: str, path: str, source: str | None, problem: dict[str, Any] | None, seed: int
) -> Task:
    message = Message.from_json(problem) if problem is not None else None
    return Task(Subject(course.exercise(slug), path, source, message), seed)


def _held(known: Iterable[tuple[str, str]]) -> Course:
    """The courses of these names and folders on this machine, as one."""
    return joint(tuple(_course(name, root) for name, root in known))


def _course(name: str, root: str) -> Course:
    """The course on this machine: in the same folder, where that is shared, else the installed one."""
    shared = Path(root)
    if manifest(shared).is_file() and courses.at(shared).name == name:
        return courses.at(shared)
    return courses.named(name)


def program() -> str:
    """What a machine grades with: the course's own files and the versions of what they compute with."""
    return cache.program()


def _quiet() -> None:
    """Keep dask's own log from between the command's lines: what is wrong the command says itself."""
    for name in list(logging.root.manager.loggerDict):
        if name.partition(".")[0] in ("distributed", "tornado"):
            logging.getLogger(name).setLevel(logging.CRITICAL + 1)

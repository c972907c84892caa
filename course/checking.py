"""One check from end to end: kept results, grader processes and zygotes for the rest, a report in the catalog's order."""

from __future__ import annotations

import contextlib
import io
import json
import os
import queue
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any, NamedTuple

from course import cache, workspace, zygotes
from course.catalog import catalog
from course.messages import say
from course.results import ExerciseResult, Report, TestResult, load_tests
from course.seeds import new_seed
from course.store.recorder import Recorder
from course.subject import Subject

_NUMPY_PER_GRADER = 8


@dataclass(frozen=True)
class Task:
    """A subject to grade. `stop_early` ends at the first test that does not pass."""

    subject: Subject
    seed: int
    stop_early: bool = False


@dataclass(frozen=True)
class Event:
    """Something happened to a task (None: its result was kept): a test ended, or with `result` the whole exercise."""

    slug: str
    task: Task | None = None
    test: TestResult | None = None
    result: ExerciseResult | None = None


def check(
    names: Iterable[str] = (),
    *,
    submission: str | Path | None = None,
    seed: int | None = None,
    fresh: bool = False,
    jobs: int | None = None,
    on_start: Callable[[], None] = lambda: None,
    on_event: Callable[[Event], None] = lambda _: None,
    recorder: Recorder | None = None,
) -> Report:
    """Grade exercises of a submission (see course.check).

    `on_start` is called once the graders are starting, `on_event` then told of results as they come.

    The learner's own work, where no submission is named, is written into the progress store by the recorder.

    Raises:
        course.catalog.UnknownName, course.workspace.NoWorkspace, course.workspace.NotAFolder.
    """
    folder = Path(submission) if submission is not None else workspace.find()
    subjects = workspace.subjects(catalog().select(names), folder)
    own = (recorder or Recorder("python")) if submission is None else None
    return check_subjects(
        subjects,
        str(folder),
        seed=seed,
        fresh=fresh,
        jobs=jobs,
        on_start=on_start,
        on_event=on_event,
        recorder=own,
    )


def check_subjects(
    subjects: Sequence[Subject],
    submission: str,
    *,
    seed: int | None = None,
    fresh: bool = False,
    jobs: int | None = None,
    on_start: Callable[[], None] = lambda: None,
    on_event: Callable[[Event], None] = lambda _: None,
    recorder: Recorder | None = None,
) -> Report:
    """Grade subjects that were read already; `submission` says in the report where they came from."""
    begin = time.monotonic()
    drawn = new_seed() if seed is None else seed
    results: dict[str, ExerciseResult] = {}
    for subject in subjects:
        kept = None if fresh else cache.load(subject, seed)
        if kept is not None:
            results[subject.exercise.slug] = kept
    tasks = [Task(subject, drawn) for subject in subjects if subject.exercise.slug not in results]
    with Graders.for_tasks(tasks, jobs) as graders:
        on_start()
        for kept in results.values():
            on_event(Event(kept.slug, result=kept))
            if recorder is not None:
                recorder.repeated(kept, drawn)
        for event in graders.run(tasks):
            if event.result is not None and event.task is not None:
                results[event.slug] = event.result
                cache.store(event.task.subject, seed, event.result)  # an interrupted check keeps what it has
            on_event(event)
            if recorder is not None and event.result is not None and event.task is not None:
                recorder.graded(event.task.subject, event.result, drawn)
    ordered = tuple(results[subject.exercise.slug] for subject in subjects)
    return Report(submission, drawn, ordered, time.monotonic() - begin, zygotes.confined())


class Graders:
    """So many grader processes and the zygotes they share, for these runtimes; started on entry, ended on exit.

    With `controls`, a control socket by runtime for each process, they use zygotes that somebody else keeps.
    """

    def __init__(
        self,
        count: int,
        runtimes: Iterable[str],
        controls: Sequence[dict[str, socket.socket]] | None = None,
    ) -> None:
        self._count = count
        self._controls = controls
        self._runtimes = sorted(set(runtimes))
        self._processes: list[subprocess.Popen[bytes]] = []
        self._lines: list[_Line] = []

    @classmethod
    def for_tasks(cls, tasks: Sequence[Task], jobs: int | None = None) -> Graders:
        """As many as pay off: one for each model to train, one for every few quick ones, at most one a core."""
        touched = [task.subject.exercise.runtime for task in tasks if not task.subject.untouched]
        wanted = touched.count("keras") + -(-touched.count("numpy") // _NUMPY_PER_GRADER)
        return cls(max(1, min(jobs or _cores(), wanted)) if tasks else 0, touched)

    def __enter__(self) -> Graders:
        self._stack = contextlib.ExitStack()
        if not self._count:
            return self
        folder = Path(
            self._stack.enter_context(
                tempfile.TemporaryDirectory(prefix="course-", ignore_cleanup_errors=True)
            )
        )
        controls = self._controls or [{} for _ in range(self._count)]
        if zygotes.forks() and self._controls is None:
            warm = zygotes.Zygotes(folder)
            self._stack.callback(warm.close)
            for runtime in self._runtimes:
                for control, end in zip(controls, warm.start(runtime, self._count), strict=True):
                    control[runtime] = end
        if zygotes.forks():
            self._keep(*_fork_graders(controls, folder))
        else:
            for _ in controls:
                process = _start_grader(["0:1"], folder, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
                assert process.stdin is not None
                assert process.stdout is not None
                ends = io.TextIOWrapper(process.stdin, "utf-8"), io.TextIOWrapper(process.stdout, "utf-8")
                self._keep(process, [_Line(*ends)])
        return self

    def _keep(self, process: subprocess.Popen[bytes], lines: list[_Line]) -> None:
        self._processes.append(process)
        self._lines += lines
        self._stack.callback(_stop, process, lines)

    def __exit__(self, *_: object) -> None:
        self._stack.close()

    def pids(self) -> list[int]:
        """The processes started: a grader's own, or the one from which several were forked and with which they end."""
        return [process.pid for process in self._processes]

    def run(self, tasks: Sequence[Task]) -> Iterator[Event]:
        """Grade the tasks, events as they come; every task ends in one event with a result."""
        waiting: queue.SimpleQueue[Task] = queue.SimpleQueue()
        # Short ones first: they are done while the zygote of the long ones still imports.
        for task in sorted(tasks, key=lambda task: task.subject.exercise.runtime == "keras"):
            waiting.put(task)
        events: queue.SimpleQueue[Event | None] = queue.SimpleQueue()
        threads = [
            threading.Thread(target=_feed, args=(line, waiting, events), daemon=True) for line in self._lines
        ]
        for thread in threads:
            thread.start()
        running = len(threads)
        while running:
            event = events.get()
            if event is None:
                running -= 1
            else:
                yield event
        while not waiting.empty():
            yield _lost(waiting.get())


class _Line(NamedTuple):
    """Our ends of what leads to one grader."""

    tasks: IO[str]
    events: IO[str]


def _feed(grader: _Line, waiting: queue.SimpleQueue[Task], events: queue.SimpleQueue[Event | None]) -> None:
    """Hand tasks to one grader until none is left; its own end costs the task it had."""
    while True:
        try:
            task = waiting.get_nowait()
        except queue.Empty:
            break
        subject = task.subject
        told = {
            "slug": subject.exercise.slug,
            "path": subject.path,
            "source": subject.source,
            "seed": task.seed,
            "stop_early": task.stop_early,
            "limits": {"seconds": subject.exercise.seconds, "call_seconds": subject.exercise.call_seconds},
        }
        try:
            grader.tasks.write(json.dumps(told) + "\n")
            grader.tasks.flush()
            result = _follow(grader.events, task, events)
        except OSError:
            result = None
        if result is None:
            events.put(_lost(task))
            break
        events.put(Event(subject.exercise.slug, task, result=result))
    events.put(None)


def _follow(
    lines: Iterable[str], task: Task, events: queue.SimpleQueue[Event | None]
) -> ExerciseResult | None:
    subject, exercise = task.subject, task.subject.exercise
    for line in lines:
        data: dict[str, Any] = json.loads(line)
        tests = load_tests(data["tests"])
        if data["event"] == "done":
            missing = subject.source is None
            if not tests:
                return _broken(subject, data["seconds"])
            return ExerciseResult(exercise.slug, exercise.day, tests, data["seconds"], missing=missing)
        events.put(Event(exercise.slug, task, test=tests[0]))
    return None


def _lost(task: Task) -> Event:
    return Event(task.subject.exercise.slug, task, result=_broken(task.subject, 0.0))


def _broken(subject: Subject, seconds: float) -> ExerciseResult:
    message = say(
        "The grader itself failed: run pytest on {path} to see why.", path=str(subject.exercise.grader)
    )
    test = TestResult("grader", "error", 0, 0, message=(message,))
    return ExerciseResult(subject.exercise.slug, subject.exercise.day, (test,), seconds)


def _fork_graders(
    controls: Sequence[dict[str, socket.socket]], folder: Path
) -> tuple[subprocess.Popen[bytes], list[_Line]]:
    """One process that forks itself for each line: what graders import is imported once."""
    lines, texts, theirs = [], [], []
    for control in controls:
        tasks, tasks_in = os.pipe()
        events_out, events = os.pipe()
        lines.append(
            _Line(os.fdopen(tasks_in, "w", encoding="utf-8"), os.fdopen(events_out, encoding="utf-8"))
        )
        ends = {runtime: end.detach() for runtime, end in control.items()}
        texts.append(":".join([f"{tasks}:{events}", *(f"{runtime}={end}" for runtime, end in ends.items())]))
        theirs += [tasks, events, *ends.values()]
    process = _start_grader(
        texts, folder, pass_fds=theirs, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL
    )
    for fd in theirs:
        os.close(fd)
    return process, lines


def _start_grader(lines: Sequence[str], folder: Path, **streams: Any) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-P", "-m", "course.grading.process"]
    command += ["--parent", str(os.getpid()), "--folder", str(folder)]
    for line in lines:
        command += ["--line", line]
    return subprocess.Popen(
        command,
        stderr=None if os.environ.get("COURSE_DEBUG") else subprocess.DEVNULL,
        env={
            **os.environ,
            "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1",
            "OPENBLAS_NUM_THREADS": "1",
            "PYTHONUTF8": "1",
        },
        **streams,
    )


def _stop(process: subprocess.Popen[bytes], lines: Sequence[_Line]) -> None:
    process.kill()
    process.wait()
    for line in lines:
        for stream in line:
            with contextlib.suppress(OSError):
                stream.close()


def _cores() -> int:
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1

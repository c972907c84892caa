"""One check from end to end: kept results, grader processes and zygotes for the rest, a report in the catalog's order."""

from __future__ import annotations

import contextlib
import io
import json
import os
import queue
import socket
import subprocess
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any, NamedTuple

from course.checking import cache
from course.content.catalog import Course, catalog
from course.language.messages import Message, raised, say
from course.learner import workspace
from course.learner.store.recorder import Recorder
from course.learner.subject import Subject
from course.processes import cores, descriptors, starting, zygotes
from course.processes.keeper import client as keeper
from course.processes.seeds import new_seed
from course.results import ExerciseResult, Report, TestResult, load_tests, ungraded
from course.system import installation
from course.worker import scratch

_QUICK_PER_GRADER = 8
# So often graders may be started anew without one of them grading anything.
_MOST_VAIN = 3
_ENDING_SECONDS = 10.0


@dataclass(frozen=True, eq=False)
class Task:
    """A subject to grade, once: another task of the same is another. Nobody knows the seed before, unless one is given.

    The rest is for proofs. `stop_early` ends at the first test that does not pass; `leading` are tests to begin with, before what
    they wait for: all that a change in a right solution reaches, so that what they wait for passes anyway; `alone`, no others
    are run. `observe` fills Event.seen.
    """

    subject: Subject
    seed: int = field(default_factory=new_seed)
    stop_early: bool = False
    leading: tuple[str, ...] = ()
    alone: bool = False
    observe: bool = False


@dataclass(frozen=True)
class Event:
    """Something happened to a task (None: its result was kept): a test ended, or with `result` the whole exercise.

    `seen` is what an observed task's grader did: course.grading.profile.Recorder and course.grading.context.Audit as JSON.
    `lacking` names protections that its worker has not had.
    """

    slug: str
    task: Task | None = None
    test: TestResult | None = None
    result: ExerciseResult | None = None
    seen: Mapping[str, Any] | None = None
    lacking: frozenset[str] = frozenset()


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

    `on_start` is called once the graders are at work, `on_event` then told of results as they come.

    The learner's own work, where no submission is named, is written into the progress store by the recorder.

    Raises:
        course.content.catalog.UnknownName, course.learner.workspace.NoWorkspace, course.learner.workspace.NotAFolder.
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
    known = list(results.values())

    def begun() -> None:
        on_start()
        for kept in known:
            on_event(Event(kept.slug, result=kept))
            if recorder is not None:
                recorder.repeated(kept, drawn if kept.seed is None else kept.seed)

    with Graders.for_tasks(tasks, jobs, keep=recorder is not None) as graders:
        for event in graders.run(tasks, begun):
            if event.result is not None and event.task is not None:
                results[event.slug] = event.result
                cache.store(event.task.subject, seed, event.result)  # an interrupted check keeps what it has
            on_event(event)
            if recorder is not None and event.result is not None and event.task is not None:
                recorder.graded(event.task.subject, event.result, drawn)
    ordered = tuple(results[subject.exercise.slug] for subject in subjects)
    return Report(submission, drawn, ordered, time.monotonic() - begin, tuple(sorted(graders.lacking)))


class Graders:
    """So many grader processes and the zygotes they share, for these runtimes; started on entry, ended on exit.

    With `controls`, a control socket by runtime for each process, they use zygotes that somebody else keeps; who keeps
    them tries again what could not be graded. Else it is done here, with new processes. Not `strict`, for one's own code,
    they do with what protection there is; `lacking` then names what was missing. With `keep` they come from the user's keeper
    (course.processes.keeper), and where there is none, one is left behind. `course` is by default the one in use.
    """

    def __init__(
        self,
        count: int,
        runtimes: Iterable[str],
        controls: Sequence[dict[str, socket.socket]] | None = None,
        *,
        strict: bool = True,
        keep: bool = False,
        course: Course | None = None,
    ) -> None:
        self._course = course or catalog()
        self.count = count
        self._keep = keep
        self._strict = strict
        self.lacking: set[str] = set()
        self._controls = controls
        self._runtimes = sorted(set(runtimes))
        self._processes: list[subprocess.Popen[bytes]] = []
        self._lines: list[_Line] = []
        self._killed = False

    @classmethod
    def for_tasks(
        cls, tasks: Sequence[Task], jobs: int | None = None, *, beyond_cores: int = 0, keep: bool = False
    ) -> Graders:
        """For one's own code, as many as pay off: one a model to train, one for every few quick ones.

        At most there are `jobs`, by default one a core and so many `beyond_cores`.
        """
        touched = [
            task.subject.exercise
            for task in tasks
            if not task.subject.untouched and _cannot_run(task) is None
        ]
        heavy = sum(exercise.heavy for exercise in touched)
        wanted = heavy + -(-(len(touched) - heavy) // _QUICK_PER_GRADER)
        count = max(1, min(jobs or cores() + beyond_cores, wanted)) if tasks else 0
        return cls(count, [exercise.runtime for exercise in touched], strict=False, keep=keep)

    def __enter__(self) -> Graders:
        self._stack = contextlib.ExitStack()
        if not self.count:
            return self
        self._trouble: OSError | None = None
        try:
            self._start()
        except OSError as error:  # no folder, no process: nothing is graded, and the results say so
            self._stack.close()
            self._processes, self._lines, self._trouble = [], [], error
        return self

    def _start(self) -> None:
        descriptors.open_closed()
        if self._keep and self._runtimes and self._start_kept():
            return
        folder = self._stack.enter_context(scratch.made())
        controls = self._controls or [{} for _ in range(self.count)]
        if zygotes.forks() and self._controls is None:
            warm = zygotes.Zygotes(folder, strict=self._strict, course=self._course)
            self._stack.callback(warm.close)
            for runtime in self._runtimes:
                for control, end in zip(controls, warm.start(runtime, self.count), strict=True):
                    control[runtime] = end
        if zygotes.forks():
            source = starting.source()
            self._stack.callback(source.control.close)
            self._hold(source.process, _fork_graders(source, controls, folder, strict=self._strict))
        else:
            for _ in controls:
                process = starting.alone(folder, strict=self._strict)
                assert process.stdin is not None
                assert process.stdout is not None
                ends = io.TextIOWrapper(process.stdin, "utf-8"), io.TextIOWrapper(process.stdout, "utf-8")
                self._hold(process, [_Line(*ends)])

    def _start_kept(self) -> bool:
        """Graders of the keeper's, which end with their pipes; whether there are some."""
        lines, theirs = zip(*(_pipes() for _ in range(self.count)), strict=True)
        connection = keeper.graders(self._runtimes, theirs)
        for pair in theirs:
            for fd in pair:
                os.close(fd)
        if connection is None:
            _close(lines)
            return False
        self._stack.callback(connection.close)
        self._stack.callback(_close, lines)
        self._lines += lines
        return True

    def _hold(self, process: subprocess.Popen[bytes], lines: list[_Line]) -> None:
        self._processes.append(process)
        self._lines += lines
        self._stack.callback(_stop, process, lines)

    def __exit__(self, *_: object) -> None:
        self._stack.close()
        if self._keep and self._processes and not self._killed:
            keeper.leave(self._runtimes)

    def pids(self) -> list[int]:
        """The processes started: a grader's own, or the one from which several were forked and with which they end."""
        return [process.pid for process in self._processes]

    def kill(self) -> None:
        """End them from another thread, whatever runs: what is not graded by then stays ungraded."""
        self._killed = True
        for line in self._lines:  # without it a grader ends its worker, and itself
            with contextlib.suppress(OSError, ValueError):
                line.tasks.close()

    def run(self, tasks: Sequence[Task], begun: Callable[[], None] = lambda: None) -> Iterator[Event]:
        """Grade the tasks, events as they come; every task ends in one event with a result.

        `begun` is called once, before the first event and when the first tasks are on their way: what it does takes no time of
        their grading. What the machine or a grader failed at is tried once more with new processes. After that its result is
        ungraded.
        """
        refused = {task: why for task in tasks if (why := _cannot_run(task)) is not None}
        # Short ones first: they are done while the zygote of the long ones still imports.
        left = sorted(
            (task for task in tasks if task not in refused), key=lambda task: task.subject.exercise.heavy
        )
        waiting, events = self._set_going(left)
        begun()
        for task in tasks:
            if (why := refused.get(task)) is not None:
                yield Event(task.subject.exercise.slug, task, result=ungraded(task.subject.exercise, why))
        failed: dict[Task, Event] = {}
        vain = 0
        while left:
            again, vain = [], vain + 1
            for event in self._heard(events):
                if event.result is not None and event.result.status != "ungraded":
                    vain = 0
                elif event.result is not None and event.task not in failed and self._renewable:
                    assert event.task is not None
                    again.append(event.task)
                    failed[event.task] = event
                    continue
                yield event
            left = []
            while not waiting.empty():  # no grader lived to begin these
                left.append(waiting.get())
            left += again
            if left and (vain == _MOST_VAIN or not self._renew()):
                yield from (failed.get(task) or _lost(task, self._trouble) for task in left)
                return
            waiting, events = self._set_going(left)

    @property
    def _renewable(self) -> bool:
        return self._controls is None and not self._killed

    def _renew(self) -> bool:
        """New processes in place of these; False where there can be none."""
        if not self._renewable:
            return False
        self._stack.close()
        self._processes, self._lines, self._keep = [], [], False
        self.__enter__()
        return not self._killed

    def _set_going(
        self, tasks: Sequence[Task]
    ) -> tuple[queue.SimpleQueue[Task], queue.SimpleQueue[Event | None]]:
        """Have every grader take tasks until none is left: those not taken yet, and what is heard of the others."""
        waiting: queue.SimpleQueue[Task] = queue.SimpleQueue()
        for task in tasks:
            waiting.put(task)
        events: queue.SimpleQueue[Event | None] = queue.SimpleQueue()
        for line in self._lines:
            threading.Thread(
                target=_feed, args=(line, waiting, events, self._course.roots), daemon=True
            ).start()
        return waiting, events

    def _heard(self, events: queue.SimpleQueue[Event | None]) -> Iterator[Event]:
        """What is heard, as long as a grader lives."""
        running = len(self._lines)
        while running:
            event = events.get()
            if event is None:
                running -= 1
                continue
            self.lacking |= event.lacking
            yield event


def _with_others(root: Path, roots: Sequence[Path]) -> list[Path]:
    """An exercise's own course, and behind it the others of which there is work to grade."""
    return list(dict.fromkeys([root, *(roots if root in roots else ())]))


def _cannot_run(task: Task) -> Message | None:
    """What is not installed that the task needs, if anything."""
    subject = task.subject
    idle = subject.untouched or subject.problem is not None
    return None if idle else installation.missing(subject.exercise.kind)


class _Line(NamedTuple):
    """Our ends of what leads to one grader."""

    tasks: IO[str]
    events: IO[str]


def _feed(
    grader: _Line,
    waiting: queue.SimpleQueue[Task],
    events: queue.SimpleQueue[Event | None],
    roots: Sequence[Path],
) -> None:
    """Hand tasks to one grader until none is left; its own end costs the task it had."""
    while True:
        try:
            task = waiting.get_nowait()
        except queue.Empty:
            break
        subject = task.subject
        told = {
            "courses": [str(root) for root in _with_others(subject.exercise.root, roots)],
            "slug": subject.exercise.slug,
            "path": subject.path,
            "source": subject.source,
            "seed": task.seed,
            "problem": subject.problem.to_json() if subject.problem is not None else None,
            "stop_early": task.stop_early,
            "leading": task.leading,
            "alone": task.alone,
            "observe": task.observe,
            "limits": {"seconds": subject.exercise.seconds, "call_seconds": subject.exercise.call_seconds},
        }
        try:
            grader.tasks.write(json.dumps(told) + "\n")
            grader.tasks.flush()
            last = _follow(grader.events, task, events)
        except Exception:  # also half a line, of one that was killed in the midst of it
            last = None
        events.put(last or _lost(task))
        if last is None:
            break
    events.put(None)


def _follow(lines: Iterable[str], task: Task, events: queue.SimpleQueue[Event | None]) -> Event | None:
    """Pass on a task's events up to its last, which is returned; None where the grader ended before."""
    subject, exercise = task.subject, task.subject.exercise
    for line in lines:
        data: dict[str, Any] = json.loads(line)
        tests = load_tests(data["tests"])
        if data["event"] == "done":
            if not tests:
                return _lost(task)
            missing = subject.source is None
            result = ExerciseResult(
                exercise.slug, exercise.day, tests, data["seconds"], missing=missing, seed=task.seed
            )
            return Event(
                exercise.slug,
                task,
                result=result,
                seen=data.get("seen"),
                lacking=frozenset(data["lacking"]),
            )
        events.put(Event(exercise.slug, task, test=tests[0]))
    return None


def _lost(task: Task, trouble: OSError | None = None) -> Event:
    exercise = task.subject.exercise
    why = say("The grader itself failed: run pytest on {path} to see why.", path=str(exercise.grader))
    if trouble is not None:
        why = raised(trouble)
    return Event(exercise.slug, task, result=ungraded(exercise, why))


def _pipes() -> tuple[_Line, tuple[int, int]]:
    """Our ends and a grader's: of its tasks, and of its events."""
    tasks, tasks_in = os.pipe()
    events_out, events = os.pipe()
    ours = _Line(os.fdopen(tasks_in, "w", encoding="utf-8"), os.fdopen(events_out, encoding="utf-8"))
    return ours, (tasks, events)


def _fork_graders(
    source: starting.Source, controls: Sequence[dict[str, socket.socket]], folder: Path, *, strict: bool
) -> list[_Line]:
    """One for each of these controls, forked from one process: what graders import is imported once."""
    lines = []
    for control in controls:
        line, theirs = _pipes()
        lines.append(line)
        source.fork(*theirs, {name: end.fileno() for name, end in control.items()}, folder, strict=strict)
        for fd in theirs:
            os.close(fd)
        for end in control.values():
            end.close()
    return lines


def _stop(process: subprocess.Popen[bytes], lines: Sequence[_Line]) -> None:
    for line in lines:
        with contextlib.suppress(OSError):
            line.tasks.close()
    if not zygotes.forks():
        # It ends its worker, which nobody else knows of, and then itself.
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(_ENDING_SECONDS)
    process.kill()
    process.wait()
    for line in lines:
        with contextlib.suppress(OSError):
            line.events.close()


def _close(lines: Iterable[_Line]) -> None:
    for line in lines:
        for end in line:
            with contextlib.suppress(OSError):
                end.close()

"""Grading in the background, one exercise at a time, by graders and zygotes that stay warm."""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable
from dataclasses import dataclass
from typing import Self

from course.checking import Graders, Task, cache
from course.learner.store.errors import StoreUnusable
from course.learner.store.recorder import Recorder
from course.learner.subject import Subject
from course.results import ExerciseResult, TestResult

# Seconds that grading may go on after its file was saved anew, before it is given up: an endless loop, most likely.
_PATIENCE = 2.0


@dataclass(frozen=True)
class Tested:
    """A test of an exercise ended."""

    slug: str
    test: TestResult
    subject: Subject


@dataclass(frozen=True)
class Graded:
    """An exercise was graded, because its file was saved or because the learner went to it."""

    result: ExerciseResult
    saved: bool
    subject: Subject


@dataclass(frozen=True)
class Stopped:
    """Grading a subject was given up."""

    subject: Subject


@dataclass(frozen=True)
class Unkept:
    """A result did not get into the progress store."""

    problem: StoreUnusable


@dataclass(frozen=True)
class Unprotected:
    """The code ran without these protections: course.worker.sandbox.apply names them."""

    lacking: frozenset[str]


@dataclass(frozen=True)
class Broke:
    """The thread itself ended, by a defect or for want of the machine's resources."""

    error: BaseException


News = Tested | Graded | Stopped | Unkept | Unprotected | Broke


@dataclass(frozen=True, eq=False)
class _Wanted:
    subject: Subject
    saved: bool


class Grading:
    """A thread that grades what it is given; `tell` is called, in that thread, with what there is to say.

    `how` names in the store who graded.
    """

    def __init__(self, tell: Callable[[News], None], how: str = "watch") -> None:
        self._tell = tell
        self._how = how
        self._waiting: queue.SimpleQueue[_Wanted | str | None] = queue.SimpleQueue()
        self._newest: dict[str, _Wanted] = {}
        self._graders: dict[str, Graders] = {}
        self._lock = threading.Lock()
        self._running: _Wanted | None = None
        self._given_up = False
        self._thread = threading.Thread(target=self._work, daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._newest.clear()
        self._waiting.put(None)
        self._give_up(self._running)
        # The graders end in the thread that started them: theirs is the end a child waits for.
        self._thread.join()

    def warm(self, runtime: str) -> None:
        """Have a runtime imported by the time it is needed."""
        self._waiting.put(runtime)

    def grade(self, subject: Subject, *, saved: bool) -> None:
        """Grade this next; an older version still being graded is given up after a moment."""
        running = self._running
        wanted = _Wanted(subject, saved)
        self._newest[subject.exercise.slug] = wanted
        self._waiting.put(wanted)
        if running is not None and running.subject.exercise.slug == subject.exercise.slug:
            timer = threading.Timer(_PATIENCE, self._give_up, [running])
            timer.daemon = True
            timer.start()

    def stop(self, slug: str) -> None:
        """Give up grading this exercise at once, whether it is being graded or waits."""
        running = self._running
        waiting = self._newest.pop(slug, None)
        if running is not None and running.subject.exercise.slug == slug:
            self._give_up(running)
        elif waiting is not None:
            self._tell(Stopped(waiting.subject))

    def _give_up(self, wanted: _Wanted | None) -> None:
        with self._lock:
            if wanted is None or self._running is not wanted:
                return
            self._given_up = True
            graders = self._graders.get(wanted.subject.exercise.runtime)
            if graders is not None:
                graders.kill()

    def _work(self) -> None:
        try:
            while (wanted := self._waiting.get()) is not None:
                if isinstance(wanted, str):
                    self._ready(wanted)
                elif self._newest.get(wanted.subject.exercise.slug) is wanted:
                    self._grade(wanted)
        except BaseException as error:
            self._tell(Broke(error))
        finally:
            for graders in self._graders.values():
                graders.__exit__()

    def _ready(self, runtime: str) -> Graders:
        if runtime not in self._graders:
            self._graders[runtime] = Graders(1, [runtime], strict=False, keep=True).__enter__()
        return self._graders[runtime]

    def _grade(self, wanted: _Wanted) -> None:
        subject = wanted.subject
        recorder, task = Recorder(self._how), Task(subject)
        kept = cache.load(subject, None)
        result = kept if kept is not None else self._fresh(wanted, task)
        if result is None:
            self._tell(Stopped(subject))
            return
        if kept is not None:
            recorder.repeated(result, task.seed)
        else:
            cache.store(subject, None, result)
            recorder.graded(subject, result, task.seed)
        # Who hears of a result may ask the store at once: what passing opens depends on it.
        if self._newest.get(subject.exercise.slug) is wanted:
            self._tell(Graded(result, wanted.saved, subject))
        if recorder.problem is not None:
            self._tell(Unkept(recorder.problem))

    def _fresh(self, wanted: _Wanted, task: Task) -> ExerciseResult | None:
        """Grade it; None where it was given up."""
        runtime = wanted.subject.exercise.runtime
        graders = self._ready(runtime)
        with self._lock:
            self._running, self._given_up = wanted, False
        if self._newest.get(wanted.subject.exercise.slug) is not wanted:  # stopped, or saved anew, meanwhile
            self._running = None
            return None
        result = None
        for event in graders.run([task]):
            if event.test is not None:
                self._tell(Tested(event.slug, event.test, wanted.subject))
            result = event.result or result
        with self._lock:
            self._running = None
            given_up = self._given_up
        if graders.lacking:
            self._tell(Unprotected(frozenset(graders.lacking)))
        if given_up:
            self._graders.pop(runtime).__exit__()
        return None if given_up else result

"""The grader process: runs grader files with pytest, one task a line in, events a line out, until its input ends.

It never imports TensorFlow, nor any learner's code.
"""

from __future__ import annotations

import argparse
import contextlib
import dataclasses
import gc
import importlib
import itertools
import json
import os
import queue
import signal
import socket
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Container, Iterator, Sequence
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple, TextIO

import pytest
from _pytest.runner import runtestprotocol

from course.content import courses
from course.content.catalog import Exercise
from course.content.joint import joint
from course.grading import context
from course.grading.launch import Launcher, launcher
from course.grading.plugin import Collected, GradingPlugin, in_order, name_of
from course.grading.stumble import place
from course.language.messages import Message, raised
from course.learner.subject import Subject
from course.processes import cores
from course.results import TestResult, dump_tests, ungraded
from course.worker import sandbox
from course.worker.control import DONE, FAILED

# What a grader file does not use costs time, at the start and around every test.
_WITHOUT = (
    "assertion", "cacheprovider", "capture", "debugging", "doctest", "faulthandler", "junitxml", "legacypath", "logging",
    "monkeypatch", "pastebin", "recwarn", "setuponly", "setupplan", "skipping", "stepwise", "subtests", "terminal",
    "threadexception", "tmpdir", "unittest", "unraisableexception", "warnings",
)  # fmt: skip
_ARGUMENTS = ["-c", os.devnull, "--noconftest", "--import-mode=importlib",
              "-p", "course.grading.plugin", *(word for name in _WITHOUT for word in ("-p", f"no:{name}"))]  # fmt: skip
# NumPy loads these when they are first used: each grader forked for a keeper would do it anew.
_LATE = ("numpy.ma", "numpy.random")
_TASKS_A_SESSION = 200
_NOWHERE = ("", None, "")
# What a grader's own arithmetic and the start of a slow runtime may take, beside the time a submission has.
_SPARE_SECONDS = 600.0
# A frame may become 768 MB (course.worker.wire), and a comparison makes a few arrays of that size.
MEMORY_LIMIT = 4 << 30


def main() -> None:
    """Serve the graders' lines until all of them have ended."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--parent", type=int, required=True)
    given = parser.add_mutually_exclusive_group(required=True)
    given.add_argument(
        "--control", type=int, help="a socket from which lines come, a grader to be forked for each"
    )
    given.add_argument(
        "--folder", type=Path, help="for its workers' scratch folders, where input and output are the line"
    )
    parser.add_argument("--strict", action="store_true")
    parser.add_argument("--late", action="store_true")
    options = parser.parse_args()
    sandbox.die_with_parent(options.parent)
    sandbox.limit_memory(MEMORY_LIMIT)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    if options.control is not None:
        await_line = partial(_forked_line, socket.socket(fileno=options.control))
    else:
        # Events go out on a descriptor of their own: nothing a grader prints can get between them.
        await_line = partial(Line, 0, os.dup(1), {}, options.folder, strict=options.strict)
    with open(os.devnull, "w", encoding="utf-8") as null:
        os.dup2(null.fileno(), 1)
        with contextlib.redirect_stdout(null):
            tasks = TaskLoop(await_line, late=options.late)
            while not tasks.over and tasks.run():
                pass


class Line(NamedTuple):
    """Descriptors of one grader: tasks come in, events go out, and each runtime's zygote is asked for workers.

    Their scratch folders are made in `folder`; with `strict` none starts that cannot be confined wholly.
    """

    tasks: int
    events: int
    controls: dict[str, int]
    folder: Path
    strict: bool


class TaskLoop:
    """Takes the place of pytest's own collection and run: each task's grader file is collected and run as the task comes.

    One pytest session serves many tasks, as starting one costs more than most exercises; it is renewed now and then, because
    pytest keeps what it has collected. `await_line` is called once all is imported and configured, and may return in a process
    forked from this one. With `late` what NumPy loads when it is first used is imported before.
    """

    def __init__(self, await_line: Callable[[], Line], *, late: bool) -> None:
        self._await_line = await_line
        self._late = late
        self._plugin = GradingPlugin(self._report)
        self._tasks: Iterator[dict[str, Any]] | None = None
        self._events: TextIO
        self._launcher: Launcher
        self._strict = False
        self.over = False

    def run(self) -> bool:
        """Serve one session's tasks; whether pytest itself got through. `over` then says that the last task has come."""
        ended = pytest.main([*_ARGUMENTS, f"--rootdir={tempfile.gettempdir()}"], plugins=[self._plugin, self])
        return ended not in (pytest.ExitCode.INTERNAL_ERROR, pytest.ExitCode.USAGE_ERROR)

    def pytest_collection(self) -> bool:
        """Nothing yet."""
        return True

    def pytest_exception_interact(
        self, call: pytest.CallInfo[Any], report: pytest.CollectReport | pytest.TestReport
    ) -> None:
        """A grader file that raises while it is imported ends its task, with what it raised."""
        if isinstance(report, pytest.CollectReport) and call.excinfo is not None:
            raise call.excinfo.value.__cause__ or call.excinfo.value

    def pytest_runtest_makereport(
        self, item: pytest.Item, call: pytest.CallInfo[None]
    ) -> pytest.TestReport | None:
        """Of what went well nobody reads a report: it need not say where the test stands."""
        if call.excinfo is not None or call.when == "collect":
            return None
        return pytest.TestReport(item.nodeid, _NOWHERE, {}, "passed", None, call.when)

    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        """Grade as tasks come."""
        if self._tasks is None:
            self._open()
        assert self._tasks is not None
        for number, task in enumerate(self._tasks, start=1):
            if not self._grade(session, task) or number == _TASKS_A_SESSION:
                return True
        self.over = True
        return True

    def _open(self) -> None:
        if self._late:
            for name in _LATE:
                importlib.import_module(name)
        gc.freeze()  # what is here stays: a collection would look through it all, and copy pages that forks share
        gc.enable()
        line = self._await_line()
        self._strict = line.strict
        self._plugin.launcher = self._launcher = launcher(
            lambda runtime: socket.socket(fileno=line.controls[runtime]), line.folder, strict=line.strict
        )
        self._tasks = map(json.loads, _lines(line.tasks, self._launcher.abandon))
        self._events = os.fdopen(line.events, "w", encoding="utf-8")

    def _grade(self, session: pytest.Session, task: dict[str, Any]) -> bool:
        """Grade a task and tell what came of it; whether this session is fit for another one."""
        course = joint(tuple(courses.at(Path(root)) for root in task["courses"]))
        courses.choose(lambda: course)
        courses.use_modules(course)
        exercise = dataclasses.replace(course.exercise(task["slug"]), **task["limits"])
        if hasattr(
            signal, "alarm"
        ):  # nobody waits for ever: it ends this process, and the task is tried in another
            signal.alarm(int(_SPARE_SECONDS + 2 * exercise.seconds))
        try:
            self._run_tests(session, task, exercise)
        except BaseException as error:
            failed = ungraded(exercise, *place(error, course.root), raised(error))
            self._done(exercise, failed.tests, 0.0)
            return False
        finally:
            if hasattr(signal, "alarm"):
                signal.alarm(0)
        return True

    def _run_tests(self, session: pytest.Session, task: dict[str, Any], exercise: Exercise) -> None:
        begin = time.monotonic()
        problem = Message.from_json(task["problem"]) if task["problem"] else None
        self._plugin.begin(
            lambda _: Subject(exercise, task["path"], task["source"], problem),
            task["seed"],
            trusting=task["leading"],
        )
        if task["observe"]:
            self._plugin.observe()
        leading = task["leading"]
        only = leading if task["alone"] else None
        collected = self._go_through(
            session,
            exercise,
            leading=leading,
            stop_early=task["stop_early"],
            only=only,
            # A whole class keeps all cores busy as it is, and a proof looks at one test at a time.
            look_ahead=not (self._strict or leading or task["stop_early"] or task["observe"]),
        )
        seen = {}
        if self._plugin.profile is not None and context.running.audit is not None:
            seen["seen"] = self._plugin.profile.to_json() | {"audit": context.running.audit.to_json()}
        if collected.stumbles:
            self._settle(session, exercise, collected)
        seconds = time.monotonic() - begin
        self._done(exercise, collected.tests, seconds, **seen)

    def _go_through(
        self,
        session: pytest.Session,
        exercise: Exercise,
        *,
        leading: Sequence[str] = (),
        stop_early: bool = False,
        only: Container[str] | None = None,
        look_ahead: bool = False,
    ) -> Collected:
        """Run the exercise's tests, all or only these."""
        # A grader's module-level state must not reach the next submission.
        for name in [name for name in sys.modules if name.endswith(f"test_{exercise.slug}")]:
            del sys.modules[name]
        module = pytest.Module.from_parent(session, path=exercise.grader)
        items = [item for item in session.genitems(module) if only is None or name_of(item) in only]
        items = in_order(items, leading)
        if exercise.heavy and look_ahead and cores() > 1:
            self._plugin.look_ahead(items)
        for item, following in itertools.zip_longest(items, items[1:]):
            runtestprotocol(item, log=False, nextitem=following)
            if stop_early and self._plugin.of(exercise.grader).tests[-1].status != "passed":
                item.ihook.pytest_runtest_teardown(item=item, nextitem=None)
                break
        return self._plugin.of(exercise.grader)

    def _settle(self, session: pytest.Session, exercise: Exercise, collected: Collected) -> None:
        """Have the reference solution go through the tests that the grader stumbled in, and tell what came of them."""
        source = exercise.solution.read_text(encoding="utf-8")
        self._plugin.compare(lambda _: Subject(exercise, str(exercise.solution), source), collected)
        reference = self._go_through(session, exercise, only=collected.stumbles)
        for number, test in enumerate(collected.tests):
            if test.name in collected.stumbles:
                collected.tests[number] = collected.settled(test.name, reference)
                self._report(exercise.slug, collected.tests[number])

    def _report(self, slug: str, test: TestResult) -> None:
        self._tell({"event": "test", "slug": slug, "tests": dump_tests([test])})

    def _done(self, exercise: Exercise, tests: Sequence[TestResult], seconds: float, **seen: Any) -> None:
        self._tell({"event": "done", "slug": exercise.slug, "tests": dump_tests(tests), "seconds": seconds,
                    "lacking": sorted(self._launcher.lacking), **seen})  # fmt: skip

    def _tell(self, event: dict[str, Any]) -> None:
        self._events.write(json.dumps(event) + "\n")
        self._events.flush()


def _forked_line(control: socket.socket) -> Line:
    """The line of each process forked from this one, which goes on forking until nobody is left to ask for it."""
    starter = os.getpid()
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # nobody waits for them
    while True:
        message, fds, _, _ = socket.recv_fds(control, 65536, 128)
        if not message:
            os._exit(0)
        request, child = json.loads(message), 0
        if request["op"] == "fork":
            try:
                child = os.fork()
            except OSError:
                child = -1
            if child == 0:
                sandbox.die_with_parent(starter)
                signal.signal(signal.SIGCHLD, signal.SIG_DFL)
                control.close()
                zygotes = dict(zip(request["runtimes"], fds[2:], strict=True))
                return Line(fds[0], fds[1], zygotes, Path(request["folder"]), strict=request["strict"])
        for fd in fds:
            os.close(fd)
        with contextlib.suppress(BlockingIOError):  # who does not read answers needs none
            control.send(DONE if child >= 0 else FAILED, socket.MSG_DONTWAIT)


def _lines(fd: int, abandon: Callable[[], None]) -> Iterator[str]:
    """Lines as they come. Where they end the command has, too: then this process leaves at once, whatever it is doing."""
    waiting: queue.SimpleQueue[str] = queue.SimpleQueue()

    def read() -> None:
        with os.fdopen(fd, encoding="utf-8") as lines:
            for line in lines:
                waiting.put(line)
        abandon()
        os._exit(0)

    threading.Thread(target=read, daemon=True).start()
    while True:
        yield waiting.get()


if __name__ == "__main__":
    main()

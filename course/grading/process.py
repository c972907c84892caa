"""The grader process: runs grader files with pytest, one task a line in, events a line out, until its input ends.

It never imports TensorFlow, nor any learner's code.
"""

from __future__ import annotations

import argparse
import contextlib
import dataclasses
import gc
import itertools
import json
import os
import signal
import socket
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple, TextIO

import pytest

from course import catalog
from course.grading.launch import launcher
from course.grading.plugin import GradingPlugin
from course.results import TestResult, dump_tests
from course.subject import Subject
from course.worker import sandbox

# What a grader file does not use costs time, at the start and around every test.
_WITHOUT = (
    "assertion", "cacheprovider", "capture", "debugging", "doctest", "faulthandler", "junitxml", "legacypath", "logging",
    "monkeypatch", "pastebin", "recwarn", "setuponly", "setupplan", "skipping", "stepwise", "subtests", "terminal",
    "threadexception", "tmpdir", "unittest", "unraisableexception", "warnings",
)  # fmt: skip
_ARGUMENTS = ["-c", os.devnull, f"--rootdir={catalog.CONTENT}", "--noconftest", "--import-mode=importlib",
              "-p", "course.grading.plugin", *(word for name in _WITHOUT for word in ("-p", f"no:{name}"))]  # fmt: skip
_TASKS_A_SESSION = 200


def main() -> None:
    """Serve the graders' lines until all of them have ended."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--parent", type=int, required=True)
    parser.add_argument("--folder", type=Path, required=True)
    parser.add_argument("--line", action="append", type=Line.read, required=True, help="one for each grader")
    options = parser.parse_args()
    sandbox.die_with_parent(options.parent)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    # Events go out on a descriptor of their own: nothing a grader prints can get between them.
    lines = [line._replace(events=os.dup(line.events)) if line.events == 1 else line for line in options.line]
    with open(os.devnull, "w", encoding="utf-8") as null:
        os.dup2(null.fileno(), 1)
        with contextlib.redirect_stdout(null):
            tasks = TaskLoop(lines, options.folder)
            while not tasks.over:
                tasks.run()


class Line(NamedTuple):
    """Descriptors of one grader: tasks come in, events go out, and each runtime's zygote is asked for workers."""

    tasks: int
    events: int
    controls: dict[str, int]

    @classmethod
    def read(cls, text: str) -> Line:
        """From TASKS:EVENTS followed by :RUNTIME=CONTROL for each runtime."""
        tasks, events, *controls = text.split(":")
        pairs = (control.split("=") for control in controls)
        return cls(int(tasks), int(events), {runtime: int(fd) for runtime, fd in pairs})

    def close(self) -> None:
        """Leave it to another process."""
        for fd in (self.tasks, self.events, *self.controls.values()):
            os.close(fd)


class TaskLoop:
    """Takes the place of pytest's own collection and run: each task's grader file is collected and run as the task comes.

    One pytest session serves many tasks, as starting one costs more than most exercises; it is renewed now and then, because
    pytest keeps what it has collected. With several lines each is served by a process forked from this one, so that they
    import and configure pytest once.
    """

    def __init__(self, lines: list[Line], folder: Path) -> None:
        self._lines = lines
        start = launcher(lambda runtime: socket.socket(fileno=self._lines[0].controls[runtime]), folder)
        self._plugin = GradingPlugin(start, self._report)
        self._tasks: Iterator[dict[str, Any]] | None = None
        self._events: TextIO
        self.over = False

    def run(self) -> None:
        """Serve one session's tasks; `over` afterwards says whether the last task has come."""
        pytest.main(_ARGUMENTS, plugins=[self._plugin, self])

    def pytest_collection(self) -> bool:
        """Nothing yet."""
        return True

    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        """Grade as tasks come."""
        if self._tasks is None:
            self._open()
        assert self._tasks is not None
        for number, task in enumerate(self._tasks, start=1):
            self._grade(session, task)
            if number == _TASKS_A_SESSION:
                return True
        self.over = True
        return True

    def _open(self) -> None:
        gc.freeze()  # what is here stays: a collection would look through it all, and copy pages that forks share
        line = self._lines[0] if len(self._lines) == 1 else self._own_line()
        self._lines = [line]
        self._tasks = map(json.loads, os.fdopen(line.tasks, encoding="utf-8"))
        self._events = os.fdopen(line.events, "w", encoding="utf-8")

    def _own_line(self) -> Line:
        """The line of each process forked from this one, which itself only waits for their ends."""
        starter, children = os.getpid(), []
        for number, line in enumerate(self._lines, start=1):
            child = os.fork()
            if child == 0:
                sandbox.die_with_parent(starter)
                for other in self._lines[number:]:
                    other.close()
                return line
            children.append(child)
            line.close()
        for child in children:
            os.waitpid(child, 0)
        os._exit(0)

    def _grade(self, session: pytest.Session, task: dict[str, Any]) -> None:
        exercise = dataclasses.replace(catalog.catalog().exercise(task["slug"]), **task["limits"])
        begin = time.monotonic()
        self._plugin.begin(lambda _: Subject(exercise, task["path"], task["source"]), task["seed"])
        module = pytest.Module.from_parent(session, path=exercise.grader)
        items = list(session.genitems(module))
        for item, following in itertools.zip_longest(items, items[1:]):
            item.ihook.pytest_runtest_protocol(item=item, nextitem=following)
            if task["stop_early"] and self._plugin.of(exercise.grader).tests[-1].status != "passed":
                item.ihook.pytest_runtest_teardown(item=item, nextitem=None)
                break
        collected = self._plugin.collected.get(exercise.slug)
        tests = collected.tests if collected is not None else []
        seconds = time.monotonic() - begin
        self._tell({"event": "done", "slug": exercise.slug, "tests": dump_tests(tests), "seconds": seconds})
        # A grader's module-level state must not reach the next submission.
        for name in [name for name in sys.modules if name.endswith(f"test_{exercise.slug}")]:
            del sys.modules[name]

    def _report(self, slug: str, test: TestResult) -> None:
        self._tell({"event": "test", "slug": slug, "tests": dump_tests([test])})

    def _tell(self, event: dict[str, Any]) -> None:
        self._events.write(json.dumps(event) + "\n")
        self._events.flush()


if __name__ == "__main__":
    main()

"""The grader process: runs grader files with pytest, one task a line in, events a line out, until its input ends.

It never imports TensorFlow, nor any learner's code.
"""

from __future__ import annotations

import argparse
import contextlib
import dataclasses
import itertools
import json
import os
import signal
import socket
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any, TextIO

import pytest

from course import catalog
from course.grading.launch import Launcher, launcher
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
    """Serve tasks from standard input."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--parent", type=int, required=True)
    parser.add_argument("--folder", type=Path, required=True)
    parser.add_argument(
        "--control", action="append", default=[], help="RUNTIME=FD of a zygote's control socket"
    )
    options = parser.parse_args()
    sandbox.die_with_parent(options.parent)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    controls = dict(entry.split("=") for entry in options.control)
    start = launcher(lambda runtime: socket.socket(fileno=int(controls[runtime])), options.folder)
    # Events go out on a descriptor of their own: nothing a grader prints can get between them.
    with (
        os.fdopen(os.dup(1), "w", encoding="utf-8") as events,
        open(os.devnull, "w", encoding="utf-8") as null,
    ):
        os.dup2(null.fileno(), 1)
        with contextlib.redirect_stdout(null):
            tasks = TaskLoop(map(json.loads, sys.stdin), start, events)
            while not tasks.over:
                tasks.run()


class TaskLoop:
    """Takes the place of pytest's own collection and run: each task's grader file is collected and run as the task comes.

    One pytest session serves many tasks, as starting one costs more than most exercises; it is renewed now and then, because
    pytest keeps what it has collected.
    """

    def __init__(self, tasks: Iterator[dict[str, Any]], start: Launcher, events: TextIO) -> None:
        self._tasks = tasks
        self._events = events
        self._plugin = GradingPlugin(start, self._report)
        self.over = False

    def run(self) -> None:
        """Serve one session's tasks; `over` afterwards says whether the last task has come."""
        pytest.main(_ARGUMENTS, plugins=[self._plugin, self])

    def pytest_collection(self) -> bool:
        """Nothing yet."""
        return True

    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        """Grade as tasks come."""
        for number, task in enumerate(self._tasks, start=1):
            self._grade(session, task)
            if number == _TASKS_A_SESSION:
                return True
        self.over = True
        return True

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

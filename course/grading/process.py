"""The grader process: runs grader files with pytest, one task a line in, events a line out, until its input ends.

It never imports TensorFlow, nor any learner's code.
"""

from __future__ import annotations

import argparse
import contextlib
import dataclasses
import json
import os
import signal
import socket
import sys
import time
from pathlib import Path
from typing import Any, TextIO

import pytest

from course import catalog
from course.grading.launch import Launcher, launcher
from course.grading.plugin import GradingPlugin
from course.results import TestResult, dump_tests
from course.subject import Subject
from course.worker import sandbox

# What a grader file does not use costs start-up time.
_WITHOUT = ("cacheprovider", "junitxml", "doctest", "pastebin", "stepwise", "logging", "faulthandler", "unraisableexception",
            "threadexception", "setuponly", "setupplan", "debugging", "tmpdir", "monkeypatch", "recwarn", "unittest")  # fmt: skip


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
            for line in sys.stdin:
                _grade(json.loads(line), start, events)


def _grade(task: dict[str, Any], start: Launcher, events: TextIO) -> None:
    exercise = dataclasses.replace(catalog.catalog().exercise(task["slug"]), **task["limits"])
    begin = time.monotonic()

    def tell(event: dict[str, Any]) -> None:
        events.write(json.dumps(event) + "\n")
        events.flush()

    def report(slug: str, test: TestResult) -> None:
        tell({"event": "test", "slug": slug, "tests": dump_tests([test])})

    plugin = GradingPlugin(
        lambda _: Subject(exercise, task["path"], task["source"]), start, task["seed"], report
    )
    arguments = [str(exercise.grader), "-q", "-c", os.devnull, "--noconftest", "--assert=plain", "--capture=no",
                 "--import-mode=importlib", "-p", "course.grading.plugin", f"--rootdir={exercise.grader.parent}"]  # fmt: skip
    arguments += [argument for name in _WITHOUT for argument in ("-p", f"no:{name}")]
    if task.get("stop_early"):
        arguments.append("-x")
    pytest.main(arguments, plugins=[plugin])
    collected = plugin.collected.get(exercise.slug)
    tests = collected.tests if collected is not None else []
    tell(
        {
            "event": "done",
            "slug": exercise.slug,
            "tests": dump_tests(tests),
            "seconds": time.monotonic() - begin,
        }
    )
    # A grader's module-level state must not reach the next submission.
    for name, module in list(sys.modules.items()):
        if getattr(module, "__file__", None) == str(exercise.grader):
            del sys.modules[name]


if __name__ == "__main__":
    main()

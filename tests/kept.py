"""A user whose checks leave a keeper behind, in a folder of the test's own."""

from __future__ import annotations

import contextlib
import json
import os
import random
import shutil
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import psutil

from course.content.catalog import catalog
from tests.conftest import solution
from tests.processes import running


class Person:
    """A user with a workspace, whose commands leave a keeper in a folder of this test's own."""

    def __init__(self, folder: Path, **variables: str) -> None:
        self.work = folder / "work"
        self.runtime = folder / "run"
        self.runtime.mkdir()
        self.environment = {**os.environ, "COURSE_KEEP": "10", "XDG_RUNTIME_DIR": str(self.runtime),
                            "TMPDIR": str(self.runtime), **variables}  # fmt: skip
        self.environment.pop("CI", None)
        (self.work / "day07").mkdir(parents=True)
        (self.work / "course.toml").write_text("version = 1\n", encoding="utf-8")
        self.write("activations", solution("activations"))

    def write(self, slug: str, source: str) -> None:
        path = self.work / catalog().exercise(slug).day / f"{slug}.py"
        path.parent.mkdir(exist_ok=True)
        path.write_text(source, encoding="utf-8")

    def popen(self, *arguments: str, **others: Any) -> subprocess.Popen[str]:
        return subprocess.Popen([sys.executable, "-m", "course", *arguments], cwd=self.work, env=self.environment,
                                stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, **others)  # fmt: skip

    def run(self, *arguments: str) -> str:
        done = self.popen(*arguments)
        said, errors = done.communicate(timeout=300)
        assert "Traceback" not in said + errors, errors
        return said

    def check(self, *names: str, seed: int | None = None) -> list[dict]:
        options = ["--seed", str(seed)] if seed is not None else []
        said = self.run("check", *names, "--json", "--fresh", *options)
        return json.loads(said)["exercises"]

    def passes(self) -> bool:
        [result] = self.check("activations")
        return result["status"] == "passed"

    def kept(self) -> list[dict]:
        return json.loads(self.run("keep", "--json"))["kept"]

    def keepers(self) -> list[psutil.Process]:
        """Those of this folder, whoever started them; a keeper takes a moment to listen."""
        return [
            process
            for process in psutil.process_iter(["cmdline"])
            if any(str(self.runtime) in word for word in process.info["cmdline"] or [])
            and "course.processes.keeper.server" in process.info["cmdline"]
            and running(process)
        ]

    def left_behind(self) -> psutil.Process:
        """The keeper, once it answers."""
        wait_for(lambda: len(self.kept()) == 1)
        [process] = self.keepers()
        return process


def descendants(process: psutil.Process) -> set[psutil.Process]:
    return {child for child in process.children(recursive=True) if running(child)}


def wait_for(true: Callable[[], bool]) -> None:
    for _ in range(600):
        if true():
            return
        threading.Event().wait(0.05)
    raise AssertionError("it did not come to be")


@contextlib.contextmanager
def person(tmp_path: Path) -> Iterator[Person]:
    """One whose keepers end with the test."""
    # The address of a socket is short.
    folder = Path(tmp_path.parent.parent, f"k{os.getpid()}-{random.randrange(10**6)}")
    folder.mkdir()
    made = Person(folder, COURSE_CACHE=str(tmp_path / "cache"), COURSE_DATA=str(tmp_path / "data"))
    yield made
    made.run("keep", "--stop")
    for process in made.keepers():
        process.kill()
    shutil.rmtree(folder)

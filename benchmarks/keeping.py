"""What a check costs where a keeper has everything imported, and what it holds."""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import psutil

from course.content.catalog import catalog


class Kept:
    """A workspace with the reference solutions, and a keeper of its own."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        for exercise in catalog():
            path = folder / exercise.day / f"{exercise.slug}.py"
            path.parent.mkdir(exist_ok=True)
            shutil.copy(exercise.solution, path)
        (folder / "course.toml").write_text("version = 1\n", encoding="utf-8")
        self.environment = {**os.environ, "COURSE_KEEP": "10", "XDG_RUNTIME_DIR": str(folder), "TMPDIR": str(folder),
                            "COURSE_CACHE": f"{folder}/cache", "COURSE_DATA": f"{folder}/data",
                            "PYTHONDONTWRITEBYTECODE": ""}  # fmt: skip
        self.environment.pop("CI", None)

    def run(self, *arguments: str) -> str:
        """The output of a command."""
        return subprocess.run([sys.executable, "-m", "course", *arguments], cwd=self.folder, env=self.environment,
                              stdin=subprocess.DEVNULL, capture_output=True, text=True, check=True).stdout  # fmt: skip

    def edited(self, slug: str) -> float:
        """Seconds of a check of an exercise whose file has just been changed."""
        path = self.folder / catalog().exercise(slug).day / f"{slug}.py"
        path.write_text(path.read_text(encoding="utf-8") + "\n# edited\n", encoding="utf-8")
        begin = time.perf_counter()
        self.run("check", slug)
        return time.perf_counter() - begin

    def kept(self) -> dict[str, object] | None:
        """What the keeper says of itself, None where there is none yet."""
        return next(iter(json.loads(self.run("keep", "--json"))["kept"]), None)

    @contextlib.contextmanager
    def user(self) -> Iterator[None]:
        """A command that goes on for long and has graded a model, such as `course watch`."""
        words = [sys.executable, "-m", "course", "watch", "keras_models"]
        with subprocess.Popen(words, cwd=self.folder, env=self.environment, stdin=subprocess.DEVNULL,
                              stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as process:  # fmt: skip
            assert process.stdout is not None
            while "keras_models" not in process.stdout.readline():
                pass
            yield
            process.terminate()  # Ctrl-C may be ignored where this runs in the background

    def holds(self) -> float:
        """Megabytes of the keeper and all it has started, what they share counted once."""
        kept = self.kept()
        assert kept is not None
        keeper = psutil.Process(int(str(kept["pid"])))
        return sum(_proportional(each) for each in [keeper, *keeper.children(recursive=True)]) / 1e6


def _proportional(process: psutil.Process) -> int:
    with contextlib.suppress(psutil.Error):
        return int(process.memory_full_info().pss)
    return 0


@contextlib.contextmanager
def kept(*runtimes: str) -> Iterator[Kept]:
    """One that has imported what these need."""
    with tempfile.TemporaryDirectory(prefix="k") as name:
        found = Kept(Path(name))
        for runtime in runtimes:
            found.edited("activations" if runtime == "numpy" else "keras_models")
        while found.kept() is None:
            time.sleep(0.1)
        for runtime in runtimes:  # its imports have ended when it has graded one
            found.edited("activations" if runtime == "numpy" else "keras_models")
        try:
            yield found
        finally:
            found.run("keep", "--stop")

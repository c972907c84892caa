"""From saving a file to its result on the screen of `course watch`, and what the file itself takes."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from course.content.catalog import catalog
from course.processes import zygotes
from tests.screens import Terminal

# What the learner's functions take by themselves, in a process that has imported everything: called as the grader calls them.
_CALLS = {
    "activations": """
x = numpy.random.default_rng(0).normal(size=(4, 5))
for f in (sigmoid, relu, tanh, softmax): f(x)
for kind in ("sigmoid", "relu", "tanh"): derivative(kind, x)
softmax_jacobian(x[0])
""",
    "keras_models": """
x = numpy.random.default_rng(0).normal(size=(20, 4))
for build in (sequential_from_list, sequential_with_add, functional, subclassed):
    for _ in range(2):
        build().predict(x, verbose=0)
""",
}
_BARE = """
import os, sys, time, numpy, {library}
for _ in range({runs}):
    if os.fork():
        os.wait()
        continue
    begin = time.perf_counter()
    exec({source!r} + {calls!r}, {{"numpy": numpy}})
    os.write(1, b"%f\\n" % (time.perf_counter() - begin))
    os._exit(0)
"""


def saved(slug: str, runs: int) -> list[float]:
    """Seconds from saving a changed solution to seeing on the screen that it passed, everything warm."""
    source = catalog().exercise(slug).solution.read_text(encoding="utf-8")
    found = []
    with tempfile.TemporaryDirectory() as name:
        work = Path(name) / "work"
        own = {"COURSE_CACHE": f"{name}/cache", "COURSE_DATA": f"{name}/data", "COURSE_LANG": "en"}
        start = [sys.executable, "-m", "course", "start", str(work)]
        subprocess.run(start, check=True, env={**os.environ, **own}, stdout=subprocess.DEVNULL)
        terminal = Terminal("watch", slug, folder=work, width=80, height=24, **own)
        terminal.until("to do")
        path = work / catalog().exercise(slug).day / f"{slug}.py"
        for number in range(runs + 1):
            part = path.with_suffix(".part")
            part.write_text(f"{source}\n# {number}\n", encoding="utf-8")
            before = len(terminal.raw)
            begin = time.perf_counter()
            part.replace(path)
            # The screen is drawn twice: that it is graded, then the result.
            shown = re.compile(f"{slug}.py · .*grading.*{slug} passed", re.DOTALL)
            terminal.until(lambda t, before=before, shown=shown: bool(shown.search(t.raw, before)))
            found.append(time.perf_counter() - begin)
            terminal.until("to do")  # of the next exercise, which has begun
        terminal.press("q")
        terminal.end()
    return found[1:]  # the first waits for the imports


def bare(slug: str, runs: int) -> list[float]:
    """Seconds that the file and calls of its functions take, in a process forked after the imports."""
    exercise = catalog().exercise(slug)
    script = _BARE.format(
        library=exercise.runtime,
        runs=runs,
        source=exercise.solution.read_text(encoding="utf-8"),
        calls=_CALLS[slug],
    )
    with tempfile.TemporaryDirectory() as home:
        done = subprocess.run(
            [sys.executable, "-c", script],
            check=True,
            capture_output=True,
            text=True,
            env=zygotes.environment(Path(home)),
        )
    return [float(line) for line in done.stdout.split()]

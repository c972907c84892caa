"""What is measured. Times are whole processes by the wall clock unless a name says otherwise."""

from __future__ import annotations

import contextlib
import os
import random
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from course.content.catalog import CONTENT, Exercise, catalog
from course.grading.launch import Launcher
from course.worker.runtimes import RUNTIMES

LECTURE = Path(__file__).parent / "lecture"


@dataclass
class Row:
    """One ratio: our times (or megabytes), those beside them, and the most the ratio may be."""

    title: str
    ours: list[float]
    beside: list[float]
    bound: float | None = None
    unit: str = "s"


def numpy_exercise(runs: int) -> Iterator[Row]:
    """(a) One NumPy exercise, cold, against the imports alone; the slowest alone, and all NumPy exercises at once."""
    everything = [e.slug for e in catalog() if e.runtime == "numpy" and not _uses_pandas(e)]
    one: list[float] = []
    most: list[float] = []
    every: list[float] = []
    bare: list[float] = []
    _check(*everything)  # compiles what was edited since the last run
    slowest = max(everything, key=lambda slug: min(_check(slug) for _ in range(3)))
    for _ in range(runs):
        bare.append(_run([sys.executable, "-c", "import numpy, pytest"]))
        one.append(_check("activations"))
        most.append(_check(slowest))
        every.append(_check(*everything))
    yield Row("(a) check activations / import numpy, pytest", one, bare, 2.5)
    yield Row(f"    check {slowest}, the slowest alone", most, bare, 2.5)
    yield Row("    every NumPy exercise / import numpy, pytest", every, bare, 6)


def keeper(runs: int) -> Iterator[Row]:
    """(k) An exercise after an edit where a keeper is warm, against the imports alone; what three users of it hold."""
    from benchmarks import keeping

    with keeping.kept("numpy", "keras") as found:
        for slug, names, bound in (
            ("activations", "numpy, pytest", 0.9),
            ("keras_models", "tensorflow", 0.15),
        ):
            ours, bare = zip(*((found.edited(slug), _importing(names)) for _ in range(2 * runs)), strict=True)
            yield Row(f"(k) kept, {slug} edited / import {names}", list(ours), list(bare), bound)
        alone = found.holds()
        with contextlib.ExitStack() as users:
            for _ in range(3):  # a watch, a notebook and a check
                users.enter_context(found.user())
            yield Row("    held, MB: with three users / alone", [found.holds()], [alone], 1.2, unit="MB")
        models = [found.edited(slug) for slug in ("rnn_model", "lstm_model", "gru_model")]
    yield Row(
        "    kept, the dearest model of day 10 edited / the lecture's", [max(models)], [_lecture()], 0.025
    )


def day10(_runs: int) -> Iterator[Row]:
    """(b) day10, cold, and (c) again after an edit, against the lecture's three scripts one after the other."""
    with tempfile.TemporaryDirectory() as name:
        folder, cache = Path(name) / "solutions", Path(name) / "cache"
        shutil.copytree(CONTENT / "solutions" / "day10", folder / "day10")
        cold = _check("day10", submission=folder, cache=cache)
        _touch(folder / "day10" / "lstm_gates.py")
        numpy = _check("day10", submission=folder, cache=cache)
        _touch(folder / "day10" / "lstm_model.py")
        keras = _check("day10", submission=folder, cache=cache)
    lecture = _lecture()
    yield Row("(b) check day10, cold / the lecture's scripts", [cold], [lecture], 0.25)
    yield Row("(c) again, one NumPy exercise edited", [numpy], [lecture], 0.02)
    yield Row("(c) again, one model exercise edited", [keras], [lecture], 0.12)


def airline(_runs: int) -> Iterator[Row]:
    """(g) The four airline exercises, cold, against one bare script that trains the same network on as many rows."""
    from graders.data.airline import generated

    names = [exercise.slug for exercise in catalog() if exercise.slug.startswith("airline_")]
    with tempfile.TemporaryDirectory() as folder:
        table = Path(folder) / "table.csv"
        table.write_bytes(generated.csv(generated.small()))
        bare = _run([sys.executable, str(LECTURE / "airline.py"), str(table), f"{folder}/best.keras"])
    yield Row("(g) check the airline exercises / one bare script", [_check(*names)], [bare], 3)


def call(runs: int) -> Iterator[Row]:
    """(d) A proxied call against a direct one, on five numbers."""
    import numpy as np

    from course.grading.submission import Submission

    source = catalog().exercise("activations").solution.read_text(encoding="utf-8")
    namespace: dict[str, object] = {}
    exec(source, namespace)
    direct = namespace["sigmoid"]
    x = np.linspace(-1, 1, 5)
    with _launcher("numpy") as launcher:
        exercise = catalog().exercise("activations")
        submission = Submission(exercise, source, "activations.py", launcher, 0)
        submission.sigmoid(x)
        ours = [_loop(lambda: submission.sigmoid(x), 2000) for _ in range(runs)]
        submission.close()
    yield Row(
        "(d) a proxied call / a direct call", ours, [_loop(lambda: direct(x), 2000) for _ in range(runs)]
    )  # type: ignore[operator]


def worker(runs: int) -> Iterator[Row]:
    """(e) One more confined worker, up to its first answer, against importing TensorFlow anew."""
    with _launcher("keras") as launcher:
        launcher.start(RUNTIMES["keras"], 10).end()
        ours = []
        for _ in range(4 * runs):
            begin = time.perf_counter()
            started = launcher.start(RUNTIMES["keras"], 10)
            ours.append(time.perf_counter() - begin)
            started.end()
    anew = [_run([sys.executable, "-c", "import tensorflow"]) for _ in range(min(runs, 3))]
    yield Row("(e) one more worker / import tensorflow", ours, anew, 0.02)


def quiz(runs: int) -> Iterator[Row]:
    """(f) The bank loaded, a quiz begun, its first question on the screen, against importing what a terminal needs."""
    bare: list[float] = []
    first: list[float] = []
    again: list[float] = []
    with tempfile.TemporaryDirectory() as name:
        environment = {"COURSE_CACHE": f"{name}/cache", "COURSE_DATA": f"{name}/data"}
        command = [sys.executable, "-m", "course", "quiz"]
        _run(command, ok=(1,), **environment)  # reads the bank's TOML, once after every edit
        for _ in range(4 * runs):
            bare.append(_run([sys.executable, "-c", "import click, rich"]))
            # No input: it shows the first question, waits, and stops, with status 1.
            first.append(_run([*command, "--new"], ok=(1,), **environment))
            again.append(_run(command, ok=(1,), **environment))
    yield Row("(f) the first question / import click, rich", first, bare, 4)
    yield Row("    going on with a quiz / import click, rich", again, bare, 4)


def watch(runs: int) -> Iterator[Row]:
    """(s) From saving a file to its result on the screen of a warm `course watch`, against the file's own work, imported."""
    from benchmarks import watching

    numpy = watching.saved("activations", 2 * runs)
    yield Row(
        "(s) saved, to its result: NumPy / import numpy",
        numpy,
        [_importing("numpy") for _ in range(runs)],
        3.5,
    )
    yield Row("    the same / its functions alone", numpy, watching.bare("activations", runs))
    keras = watching.saved("keras_models", 2 * runs)
    # 1.2 s at most where the exercise itself takes from 0.3 s.
    yield Row("    saved, to its result: Keras / its models", keras, watching.bare("keras_models", runs), 4)


def browser(runs: int) -> Iterator[Row]:
    """(u) From saving in the editor of a warm `course serve` to the result on the page, against the file's own work, imported."""
    from benchmarks import browsing, watching

    for slug, title in (
        ("activations", "(u) on a page: NumPy / its functions alone"),
        ("keras_models", "    on a page: Keras / its models"),
    ):
        bare = watching.bare(slug, runs)
        yield Row(title, browsing.saved(slug, 2 * runs), bare, None if slug == "activations" else 4.4)


def status(runs: int) -> Iterator[Row]:
    """(t) `course status` with 10,000 attempts in the store, cold, against importing what a terminal needs."""
    from course.learner.store import database
    from tests import made_history

    bare: list[float] = []
    ours: list[float] = []
    with tempfile.TemporaryDirectory() as name:
        environment = {"COURSE_CACHE": f"{name}/cache", "COURSE_DATA": f"{name}/data"}
        with database.opened(Path(name) / "data" / "progress.sqlite3") as connection:
            end = datetime.now(UTC) - timedelta(days=1)
            made_history.add_attempts(connection, 10_000, random.Random(1), end)
            made_history.add_answers(
                connection, ["day07", "day10"], random.Random(1), end - timedelta(days=9)
            )
        command = [sys.executable, "-m", "course", "status"]
        _run(command, **environment)  # reads the bank's TOML, once after every edit
        for _ in range(4 * runs):
            bare.append(_importing("click, rich"))
            ours.append(_run(command, **environment))
    yield Row("(t) status, 10,000 attempts / import click, rich", ours, bare, 4)


def classroom(_runs: int) -> Iterator[Row]:
    """(h) A class of a hundred, right, wrong and hostile mixed, against nbgrader autograde, a submission each."""
    from benchmarks import classroom as measured

    with measured.folder() as folder:
        found = measured.eight(folder)
    each = [seconds / measured.SUBMISSIONS for seconds in found.two]
    yield Row("(h) grade, one of 100 / nbgrader autograde, one", each, [found.autograde], 0.05)
    # Both import TensorFlow once, and both end with a submission that never returns: a run over the last few takes off both.
    two = [whole - few for whole, few in zip(found.two, found.few_two, strict=True)]
    one = [whole - few for whole, few in zip(found.one, found.few_one, strict=True)]
    yield Row("    two jobs / one, without start and end", two, one, 1 / 1.7)
    yield Row("    the class with two jobs / with one", found.two, found.one, 1 / 1.7)
    autograde = [found.memory_autograde]
    yield Row("    peak memory, MB: two jobs / nbgrader", [found.memory_two], autograde, unit="MB")
    yield Row("    peak memory, MB: one job / nbgrader", [found.memory_one], autograde, unit="MB")


def trained(_runs: int) -> Iterator[Row]:
    """(i) Day 10's three models trained, against a notebook that trains them as the lecture's scripts do."""
    from benchmarks import classroom as measured

    count = 12
    with measured.folder() as folder:
        ours, autograde = measured.trained(folder, count)
    yield Row("(i) grade, 3 models trained / nbgrader autograde", [ours / count], [autograde], 0.06)


ALL: dict[str, Callable[[int], Iterator[Row]]] = {
    "numpy": numpy_exercise,
    "keeper": keeper,
    "day10": day10,
    "call": call,
    "worker": worker,
    "quiz": quiz,
    "classroom": classroom,
    "trained": trained,
    "airline": airline,
    "watch": watch,
    "browser": browser,
    "status": status,
}


def _lecture() -> float:
    """The lecture's three scripts, one after the other."""
    return sum(_run([sys.executable, str(LECTURE / f"{kind}.py")]) for kind in ("rnn", "lstm", "gru"))


def _uses_pandas(exercise: Exercise) -> bool:
    return "import pandas" in exercise.solution.read_text(encoding="utf-8")


def _importing(names: str) -> float:
    return _run([sys.executable, "-c", f"import {names}"])


def _run(command: list[str], ok: tuple[int, ...] = (0,), **environment: str) -> float:
    begin = time.perf_counter()
    done = subprocess.run(
        command,
        check=False,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        # As installed: Python keeps what it has compiled, whatever this shell says.
        env={**os.environ, "PYTHONDONTWRITEBYTECODE": "", **environment},
    )
    if done.returncode not in ok:
        raise subprocess.CalledProcessError(done.returncode, command)
    return time.perf_counter() - begin


def _check(*names: str, submission: Path = CONTENT / "solutions", cache: Path | None = None) -> float:
    with tempfile.TemporaryDirectory() as fresh:
        command = [sys.executable, "-m", "course", "check", *names, "--submission", str(submission)]
        return _run(command, COURSE_CACHE=str(cache or fresh))


def _touch(path: Path) -> None:
    path.write_text(path.read_text(encoding="utf-8") + "\n# edited\n", encoding="utf-8")


def _loop(function: Callable[[], object], times: int) -> float:
    begin = time.perf_counter()
    for _ in range(times):
        function()
    return (time.perf_counter() - begin) / times


@contextlib.contextmanager
def _launcher(runtime: str) -> Iterator[Launcher]:
    from course.grading import launch
    from course.processes import zygotes

    with tempfile.TemporaryDirectory() as name:
        warm = zygotes.Zygotes(Path(name), strict=True)

        def connect(which: str) -> socket.socket:
            return warm.start(which, 1)[0]

        try:
            yield launch.launcher(connect, Path(name), strict=True)
        finally:
            warm.close()

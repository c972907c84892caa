"""A class on all of day 10: `python -m benchmarks.day [--submissions 200] [--cluster 100]`.

Prints what `course grade` takes with two jobs, and on two dask workers of this machine, from which it reckons a thousand.
A student hands in each exercise as one of its right variants (three of five), as a mistake (a quarter) or untouched; none
of it is kept from before.
"""

from __future__ import annotations

import argparse
import contextlib
import os
import random
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

from benchmarks.classroom import folder, graded, memory
from course.content.catalog import Exercise, catalog
from course.dev import variants

DAY = "day10"
RIGHT, MISTAKEN = 0.6, 0.25
PLANNED = 1000


def main() -> None:
    """A line for each way, as soon as it is measured."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--submissions", type=int, default=200)
    parser.add_argument("--cluster", type=int, default=100)
    options = parser.parse_args()
    os.environ["COURSE_KEEP"] = "0"
    print(f"{'':<20} submissions    minutes  s a submission  peak memory", flush=True)
    with folder() as place:
        _write(place / "alone", options.submissions)
        seconds, most = _measured(place, place / "alone", "--jobs", "2")
        _tell("two jobs", options.submissions, seconds, most)
    with folder() as place, _cluster() as address:
        _write(place / "cluster", options.cluster)
        seconds, most = _measured(place, place / "cluster", "--scheduler", address)
        _tell("two dask workers", options.cluster, seconds, most)
        print(f"{PLANNED} submissions on them: about {seconds / options.cluster * PLANNED / 3600:.1f} hours")


def _write(class_: Path, count: int) -> None:
    chance = random.Random(20)
    exercises = [exercise for exercise in catalog() if exercise.day == DAY]
    for number in range(count):
        target = class_ / f"s{number:04}" / DAY
        target.mkdir(parents=True)
        for exercise in exercises:
            (target / f"{exercise.slug}.py").write_text(_handed_in(chance, exercise), encoding="utf-8")


def _handed_in(chance: random.Random, exercise: Exercise) -> str:
    known = variants.load(exercise)
    drawn = chance.random()
    if drawn > RIGHT + MISTAKEN:
        return exercise.stub.read_text(encoding="utf-8")
    return chance.choice([each.source for each in known if each.correct == (drawn < RIGHT)])


def _measured(place: Path, class_: Path, *options: str) -> tuple[float, float]:
    """Seconds, and the most megabytes of everything below this process."""
    with memory(every=5) as held:
        return graded(place, class_, f"--day={DAY}", *options), max(held)


def _tell(way: str, count: int, seconds: float, most: float) -> None:
    print(f"{way:<20} {count:>11} {seconds / 60:>10.1f} {seconds / count:>15.2f} {most:>9.0f} MB", flush=True)


@contextlib.contextmanager
def _cluster() -> Iterator[str]:
    """A scheduler and two workers that listen on this machine alone; the scheduler's address."""
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        address = f"tcp://127.0.0.1:{found.getsockname()[1]}"
    quiet = ["--no-dashboard", "--dashboard-address", "127.0.0.1:0"]
    scheduler = ["scheduler", "--host", address, *quiet]
    worker = ["worker", address, "--host", "127.0.0.1", "--nworkers", "2", "--nthreads", "1", *quiet]
    with contextlib.ExitStack() as stack:
        for (name, *options), ready in ((scheduler, ["Scheduler at:"]), (worker, ["Registered to"] * 2)):
            process = stack.enter_context(
                subprocess.Popen(
                    [sys.executable, "-m", f"distributed.cli.dask_{name}", *options],
                    stderr=subprocess.PIPE,
                    text=True,
                )
            )
            stack.callback(process.terminate)
            assert process.stderr is not None
            for said in ready:
                assert any(said in line for line in process.stderr), f"dask {name} has not begun"
            threading.Thread(target=process.stderr.read, daemon=True).start()  # a full pipe would stop it
        yield address


if __name__ == "__main__":
    main()

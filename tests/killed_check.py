"""Run by test_recording in a process of its own: writes checks down in a loop, and is killed, many times over.

python -m tests.killed_check STORES ROUNDS SEED prints how many writes were acknowledged and what was lost.
"""

from __future__ import annotations

import contextlib
import json
import os
import random
import signal
import sys
import time
from pathlib import Path

from course.language.messages import say
from course.learner.store import attempts, database
from course.results import ExerciseResult, TestResult

TESTS = tuple(TestResult(f"part_{n}", "failed", 0, 1, message=(say("No."),)) for n in range(5))


def write_for_ever(store: Path, acknowledge: int) -> None:
    """Write; the id of what the store has confirmed goes to the descriptor, in one piece."""
    while True:
        with database.opened(store) as connection:
            written = attempts.record(connection, ExerciseResult("mlp", "day07", TESTS), 1, "check")
        os.write(acknowledge, written.id.encode() + b"\n")


def one_round(store: Path, source: random.Random) -> list[str]:
    """Start, kill at a random moment; what had been acknowledged by then."""
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(reading)
        with contextlib.suppress(BaseException):
            write_for_ever(store, writing)
        os._exit(70)
    os.close(writing)
    said = b""
    with os.fdopen(reading, "rb", buffering=0) as pipe:
        wanted = source.choice([0, source.randint(1, 8)])
        while said.count(b"\n") < wanted:
            said += pipe.read(4096)
        time.sleep(source.uniform(0, 0.006))
        os.kill(child, signal.SIGKILL)
        _, status = os.waitpid(child, 0)
        assert os.WIFSIGNALED(status), "writing ended by itself"
        said += pipe.read()
    return said.decode().split()


def check(store: Path, acknowledged: list[str]) -> list[str]:
    """What is wrong with the store afterwards."""
    with database.opened(store) as connection:
        problems = [row[0] for row in connection.execute("PRAGMA integrity_check") if row[0] != "ok"]
        problems += [str(row) for row in connection.execute("PRAGMA foreign_key_check")]
        tests = attempts.all_tests(connection)
        there = {attempt.id for attempt in attempts.attempts(connection)}
        problems += [f"lost: {one}" for one in acknowledged if one not in there]
        problems += [f"torn: {one}" for one in there if tuple(tests.get(one, ())) != TESTS]
    return problems


def main() -> None:
    """Rounds in one store, every tenth in a fresh one, so that its making is hit too."""
    folder, rounds, source = Path(sys.argv[1]), int(sys.argv[2]), random.Random(int(sys.argv[3]))
    problems: list[str] = []
    total = 0
    for number in range(rounds):
        store = folder / (f"fresh{number}.sqlite3" if number % 10 == 9 else "progress.sqlite3")
        acknowledged = one_round(store, source)
        total += len(acknowledged)
        problems += check(store, acknowledged)
    print(json.dumps({"rounds": rounds, "acknowledged": total, "problems": problems}))


if __name__ == "__main__":
    main()

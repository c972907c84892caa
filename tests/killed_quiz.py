"""Run by test_store in a process of its own: answers in a loop, and is killed, many times over.

python -m tests.killed_quiz CONTENT STORE ROUNDS SEED prints how many answers were acknowledged and what was lost.
"""

from __future__ import annotations

import contextlib
import json
import os
import random
import signal
import sqlite3
import sys
import time
from pathlib import Path

from course.learner.store import database, quizzes
from course.quizzes import sitting
from tests.quiz_bank import random_answer


def answer_for_ever(content: Path, store: Path, seed: int, acknowledge: int) -> None:
    """Answer quiz after quiz; what the store has confirmed is written to the descriptor, in one piece."""
    source = random.Random(seed)
    while True:
        with database.opened(store) as connection:
            current = sitting.sit(connection, ["day10"], folder=content)
            while (entry := current.next()) is not None:
                answer = random_answer(entry.asked, source)
                verdict = current.answer(entry, answer)
                assert verdict is not None
                line = json.dumps([current.session.id, entry.position, answer, verdict.credit])
                os.write(acknowledge, line.encode() + b"\n")
            current.finish()


def one_round(content: Path, store: Path, seed: int, source: random.Random) -> list[list[object]]:
    """Start, kill at a random moment; what had been acknowledged by then."""
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(reading)
        with contextlib.suppress(BaseException):
            answer_for_ever(content, store, seed, writing)
        os._exit(70)
    os.close(writing)
    said = b""
    with os.fdopen(reading, "rb", buffering=0) as pipe:
        # From the very beginning, or from some answer on: then a moment later.
        wanted = source.choice([0, source.randint(1, 12)])
        while said.count(b"\n") < wanted:
            said += pipe.read(4096)
        time.sleep(source.uniform(0, 0.006))
        os.kill(child, signal.SIGKILL)
        _, status = os.waitpid(child, 0)
        assert os.WIFSIGNALED(status), "the quiz ended by itself"
        said += pipe.read()
    return [json.loads(line) for line in said.decode().splitlines()]


def check(store: Path, acknowledged: list[list[object]]) -> list[str]:
    """What is wrong with the store afterwards."""
    with database.opened(store) as connection:
        problems = [row[0] for row in connection.execute("PRAGMA integrity_check") if row[0] != "ok"]
        problems += [str(row) for row in connection.execute("PRAGMA foreign_key_check")]
        for session, position, answer, credit in acknowledged:
            found = [
                entry.given for entry in quizzes.entries(connection, session) if entry.position == position
            ]
            if (
                found != []
                and found[0] is not None
                and (found[0].answer, found[0].credit) == (answer, credit)
            ):
                continue
            problems.append(f"session {session}, question {position}: {answer} became {found}")
        answered = connection.execute(
            "SELECT count(DISTINCT question) FROM quiz_answer JOIN quiz_question USING (session, position)"
        )
        cards = connection.execute("SELECT count(*) FROM review_card")
        if answered.fetchone() != cards.fetchone():
            problems.append("answers without a schedule, or a schedule without answers")
    return problems


def main() -> None:
    """Rounds in one store, every tenth in a fresh one, so that its making is hit too."""
    content, store, rounds, seed = Path(sys.argv[1]), Path(sys.argv[2]), int(sys.argv[3]), int(sys.argv[4])
    source = random.Random(seed)
    with database.opened(store / "warm.sqlite3") as connection:  # imports everything once
        warm = sitting.sit(connection, ["day10"], folder=content)
        warm.answer(warm.entries()[0], None)
    problems: list[str] = []
    total = 0
    for number in range(rounds):
        place = store / (f"fresh{number}.sqlite3" if number % 10 == 9 else "progress.sqlite3")
        acknowledged = one_round(content, place, seed + number, source)
        total += len(acknowledged)
        problems += check(place, acknowledged)
    connection = sqlite3.connect(store / "progress.sqlite3")
    kept = connection.execute("SELECT count(*) FROM quiz_answer").fetchone()[0]
    connection.close()
    print(json.dumps({"rounds": rounds, "acknowledged": total, "kept": kept, "problems": problems}))


if __name__ == "__main__":
    main()

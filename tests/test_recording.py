"""Checks written into the progress store: which, what of them, and that a store in trouble costs no result."""

from __future__ import annotations

import contextlib
import json
import multiprocessing
import os
import queue
import sqlite3
import subprocess
import sys
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

import pytest

from course.content.catalog import catalog
from course.language.messages import say
from course.learner import workspace
from course.learner.store import attempts, database, migrations, quizzes
from course.quizzes import sitting
from course.results import ExerciseResult, TestResult
from course.watch import grading
from tests.conftest import solution

PROJECT = Path(__file__).parents[1]
WRONG = "\n\ndef sigmoid(x):\n    return x + 0.25\n"


@pytest.fixture
def work(tmp_path):
    """A workspace with a passing and a failing exercise, the rest untouched."""
    folder = tmp_path / "work"
    run("start", str(folder), folder=tmp_path)
    (folder / "day07" / "activations.py").write_text(solution("activations"), encoding="utf-8")
    (folder / "day07" / "perceptron.py").write_text("def step(z):\n    return z\n", encoding="utf-8")
    return folder


def run(*arguments, folder, expect=0, **environment):
    done = subprocess.run([sys.executable, "-m", "course", *arguments], cwd=folder, capture_output=True, text=True,
                          check=False, env={**os.environ, **environment})  # fmt: skip
    assert done.returncode == expect, done.stdout + done.stderr
    assert "Traceback" not in done.stderr
    return done.stdout + done.stderr


def kept():
    with database.opened() as connection:
        return attempts.attempts(connection)


def test_what_is_written(work):
    report = json.loads(run("check", "activations", "perceptron", "mlp", "--json", folder=work, expect=1))
    found = {attempt.exercise: attempt for attempt in kept()}
    assert set(found) == {"activations", "perceptron"}  # mlp is still the stub
    for exercise in report["exercises"][:1] + report["exercises"][2:]:
        attempt = found[exercise["slug"]]
        assert (attempt.status, attempt.points, attempt.max_points) == (
            exercise["status"], exercise["points"], exercise["max_points"],
        )  # fmt: skip
        assert (attempt.how, attempt.seed, attempt.day) == ("check", report["seed"], "day07")
        with database.opened() as connection:
            tests = attempts.tests(connection, attempt)
        assert [(t.name, t.status, t.points, t.hidden, t.text("en")) for t in tests] == [
            (t["name"], t["status"], t["points"], t["hidden"], t["message"]) for t in exercise["tests"]
        ]


def test_a_repeated_check_is_no_attempt(work):
    run("check", "activations", folder=work)
    run("check", "activations", folder=work)
    assert len(kept()) == 1
    run("check", "activations", "--fresh", folder=work)
    assert len(kept()) == 2


def test_others_work_is_not_the_learners(work):
    run("check", "activations", "--submission", str(work), folder=work)
    assert not database.path().exists()


def test_from_python(work, monkeypatch):
    import course

    monkeypatch.chdir(work)
    course.check("activations")
    assert [attempt.how for attempt in kept()] == ["python"]


def test_a_locked_store_costs_a_note(work):
    """The result is there, with its exit status; the pass gets into the store with the next check, unchanged as it is."""
    with database.opened() as connection:
        connection.execute("BEGIN IMMEDIATE")
        said = run("check", "activations", folder=work)
        assert "✓ activations" in said
        assert "not added to your progress" in said
        connection.execute("ROLLBACK")
    assert kept() == []
    assert "unchanged" in run("check", "activations", folder=work)
    assert [attempt.status for attempt in kept()] == ["passed"]


@pytest.mark.parametrize("trouble", ["broken", "newer", "a file for a folder", "read-only"])
def test_a_store_in_trouble_costs_a_note(work, tmp_path, trouble):
    store = database.path()
    if trouble == "a file for a folder":
        store.parent.write_text("")
    else:
        with database.opened():
            pass
    if trouble == "broken":
        store.write_bytes(b"this is no database " * 100)
    if trouble == "newer":
        connection = sqlite3.connect(store)
        connection.execute(f"PRAGMA user_version = {migrations.LATEST + 1}")
        connection.close()
    if trouble == "read-only":
        if os.name == "nt" or os.geteuid() == 0:
            pytest.skip("root may write everywhere")
        store.chmod(0o400)
        store.parent.chmod(0o500)
    said = run("check", "activations", folder=work)
    assert "✓ activations" in said
    assert said.count("not added to your progress") == 1
    data = json.loads(subprocess.run([sys.executable, "-m", "course", "check", "activations", "--json", "--fresh"],
                                     cwd=work, capture_output=True, check=True).stdout)  # fmt: skip
    assert data["exercises"][0]["status"] == "passed"
    assert "Next:" in run("next", folder=work)
    assert "Next:" in run(folder=work)


def test_a_text_utf8_cannot_hold(tmp_path):
    result = ExerciseResult(
        "mlp", "day07", (TestResult("a", "failed", 0, 1, message=(say("{x}", x="\ud800"),)),)
    )
    with database.opened() as connection:
        attempt = attempts.record(connection, result, 1, "check")
        assert attempts.tests(connection, attempt) == result.tests
        assert attempts.result(connection, attempt) == result


def test_a_store_of_the_first_version(root):
    """Made by the program before it kept attempts: everything in it is still there, beside a backup of how it was."""
    database.path().parent.mkdir(parents=True)
    with contextlib.closing(sqlite3.connect(database.path(), isolation_level=None)) as connection:
        for statement in migrations.STEPS[0]:
            connection.execute(statement)
        for number in range(3):
            connection.execute(
                "INSERT INTO quiz_session (kind, names, seed, started) VALUES ('quiz', '[]', ?, ?)",
                (number, f"2026-03-0{number + 1}T09:00:00+00:00"),
            )
        connection.execute("PRAGMA user_version = 1")
    with database.opened() as connection:
        assert [session.seed for session in quizzes.sessions(connection)] == [0, 1, 2]
        uuids = connection.execute("SELECT uuid FROM quiz_session").fetchall()
        assert len({uuid for (uuid,) in uuids if len(uuid) == 32}) == 3
        attempts.record(
            connection, ExerciseResult("mlp", "day07", (TestResult("a", "passed", 1, 1),)), 1, "check"
        )
        sitting.sit(connection, ["day10"], folder=root)
    [backup] = database.path().parent.glob("progress.v1.*.sqlite3")
    connection = sqlite3.connect(backup)
    assert connection.execute("SELECT count(*) FROM quiz_session").fetchone() == (3,)
    connection.close()


def write_many(arguments):
    """In a process of its own: checks, or a quiz, or reads as a page would."""
    kind, count, root = arguments
    from course.learner.store import recorder as recording
    from course.learner.store.recorder import Recorder
    from course.learner.subject import Subject
    from course.progress import history

    exercise = catalog().exercise("activations")
    tests = (TestResult("a", "passed", 1, 1), TestResult("b", "failed", 0, 1, message=(say("No."),)))
    if kind == "read":
        for _ in range(count):
            history.load()
        return kind, None
    if kind == "quiz":
        given = 0
        with database.opened() as connection:
            while given < count:
                current = sitting.sit(connection, ["day10"], new=True, seed=given, folder=Path(root))
                while (entry := current.next()) is not None:
                    given += current.answer(entry, entry.asked.key) is not None
        return kind, given
    recording._PATIENCE_SECONDS = 60.0  # no learner writes as many at once, on a machine as busy as a test's
    recorder = Recorder(kind)
    for number in range(count):
        recorder.graded(
            Subject(exercise, "x.py", "x = 1"), ExerciseResult("activations", "day07", tests), number
        )
        assert recorder.problem is None, recorder.problem
    return kind, count


def test_two_thousand_writes_at_once(root):
    """Two checks and a quiz write, a page reads, all on one store that is not there yet: nothing is lost."""
    work = [("check", 800, ""), ("watch", 800, ""), ("quiz", 400, str(root)), ("read", 50, "")]
    with ProcessPoolExecutor(4, multiprocessing.get_context("spawn")) as pool:
        done = dict(pool.map(write_many, work))
    assert done["quiz"] == 400
    with database.opened() as connection:
        found = attempts.attempts(connection)
        for kind in ("check", "watch"):
            assert sorted(a.seed for a in found if a.how == kind) == list(range(800))
        assert sum(map(len, attempts.all_tests(connection).values())) == 3200
        assert len(quizzes.answers(connection)) == 400
        assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork")
def test_killed_at_200_moments(tmp_path):
    """kill -9 while checks are written, the making of the store included: it opens, whole, with all that was confirmed."""
    command = [sys.executable, "-m", "tests.killed_check", str(tmp_path), "200", "1"]
    done = subprocess.run(command, cwd=PROJECT, capture_output=True, text=True, check=False, timeout=300)
    assert done.returncode == 0, done.stderr
    said = json.loads(done.stdout)
    assert said["problems"] == []
    assert said["rounds"] == 200
    assert said["acknowledged"] > 200


def test_who_hears_of_a_result_finds_it_in_the_store(work):
    """A page that is told of a pass asks the store at once what that opens."""
    exercise, heard = catalog().exercise("activations"), queue.SimpleQueue()

    def tell(news):
        heard.put((news, [attempt.status for attempt in kept()]))

    for expected in (["passed"], ["passed"]):  # graded, then kept from before
        with grading.Grading(tell) as running:
            running.grade(workspace.subject(exercise, work), saved=True)
            while not isinstance((heard_now := heard.get(timeout=60))[0], grading.Graded):
                pass
        assert heard_now[1] == expected

"""The keeper: what a check leaves behind, what uses it, and that whatever befalls it costs no verdict."""

from __future__ import annotations

import json
import os
import queue
import random
import shutil
import signal
import socket
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from course.content.catalog import PACKAGE, catalog
from course.processes import zygotes
from course.processes.keeper import address
from tests.conftest import solution
from tests.kept import Person, descendants, person, wait_for
from tests.processes import running

pytestmark = pytest.mark.skipif(not zygotes.forks(), reason="only where workers are forked")


@pytest.fixture(name="person")
def _person(tmp_path: Path) -> Iterator[Person]:
    with person(tmp_path) as made:
        yield made


def test_a_check_leaves_one_behind_that_the_next_ones_use(person):
    assert person.passes()
    keeper = person.left_behind()
    [told] = person.kept()
    assert (told["pid"], told["runtimes"], told["users"]) == (keeper.pid, ["numpy"], 0)
    before = descendants(keeper)
    assert person.passes()
    assert person.left_behind() == keeper
    wait_for(lambda: descendants(keeper) == before)  # nothing of the check's is left
    assert "NumPy" in person.run("keep")
    assert person.run("keep", "--stop").strip() == "It has ended."
    assert person.run("keep").strip() == "Nothing is kept."
    assert not running(keeper)
    assert list(person.runtime.iterdir()) == []


def test_its_checks_find_the_same_mistakes_and_leave_nothing(person):
    person.passes()
    keeper = person.left_behind()
    person.write("activations", solution("activations") + "\n\ndef sigmoid(x):\n    return x\n")
    [wrong] = person.check("activations", seed=3)
    person.environment["COURSE_KEEP"] = "0"
    [again] = person.check("activations", seed=3)
    assert [test["message"] for test in wrong["tests"]] == [test["message"] for test in again["tests"]]
    assert wrong["status"] == "failed"
    person.environment["COURSE_KEEP"] = "10"
    person.write(
        "activations", solution("activations") + "\n\ndef sigmoid(x):\n    while True:\n        pass\n"
    )
    [endless] = person.check("activations")
    assert "timeout" in [test["status"] for test in endless["tests"]]
    [scratch] = [
        path
        for path in person.runtime.iterdir()
        if path.name.startswith("course-") and path.name != f"course-{os.getuid()}"
    ]
    wait_for(lambda: list(scratch.iterdir()) == [])
    assert running(keeper)


def test_every_exercise_has_the_same_result_with_and_without_it(person):
    """COURSE_EVERY=1 asks it of those that train models, too, which takes minutes."""
    exercises = [
        exercise
        for exercise in catalog()
        if exercise.runtime != "keras" or exercise.slug == "keras_models" or "COURSE_EVERY" in os.environ
    ]
    for exercise in exercises:
        person.write(exercise.slug, solution(exercise.slug))
    # One mistake in each third, so that messages are compared as well.
    for exercise in exercises[::3]:
        source = solution(exercise.slug)
        name = source.split("\ndef ", 1)[1].split("(", 1)[0]
        person.write(
            exercise.slug, f"{source}\n\n_kept = {name}\n\ndef {name}(*args):\n    return _kept(*args), 1\n"
        )
    person.passes()
    person.left_behind()
    slugs = [exercise.slug for exercise in exercises]
    with_it = person.check(*slugs, seed=7)
    assert person.kept()[0]["runtimes"] == sorted({exercise.runtime for exercise in exercises})
    person.environment["COURSE_KEEP"] = "0"
    without = person.check(*slugs, seed=7)
    for one, other in zip(with_it, without, strict=True):
        for result in (one, other):
            result.pop("seconds")
            for test in result["tests"]:
                test.pop("seconds", None)
        assert one == other


def test_killed_at_any_moment_it_costs_no_verdict(person):
    chance = random.Random(5)
    for _ in range(int(os.environ.get("COURSE_KILLS", "20"))):
        assert person.passes()
        keeper = person.left_behind()
        victim = chance.choice([keeper, *keeper.children()])
        timer = threading.Timer(chance.uniform(0, 0.6), lambda v=victim: v.kill() if v.is_running() else None)
        timer.start()
        assert person.passes()
        timer.join()


def test_one_that_hangs_is_done_without_and_ended(person):
    person.passes()
    keeper = person.left_behind()
    keeper.suspend()
    assert f"Process {keeper.pid} does not answer" in person.run("keep")
    assert person.passes()
    wait_for(lambda: not running(keeper))
    assert person.left_behind() != keeper


def test_those_it_forks_from_are_replaced_where_they_hang(person):
    person.passes()
    keeper = person.left_behind()
    for _ in range(2):
        for child in keeper.children():
            child.suspend()
            assert person.passes()
            wait_for(lambda child=child: not running(child))
            assert person.left_behind() == keeper


def test_where_its_scratch_folder_was_cleared_away_another_one_begins(person):
    person.passes()
    keeper = person.left_behind()
    [scratch] = [path for path in person.runtime.iterdir() if path.name != f"course-{os.getuid()}"]
    shutil.rmtree(scratch)
    assert person.passes()
    wait_for(lambda: not running(keeper))
    assert person.left_behind() != keeper


def test_one_whose_folder_was_cleared_away_leaves_its_successor_alone(person):
    person.passes()
    old = person.left_behind()
    shutil.rmtree(person.runtime / f"course-{os.getuid()}")
    assert person.passes()
    wait_for(lambda: len(person.kept()) == 1)
    old.terminate()
    wait_for(lambda: not running(old))
    [told] = person.kept()
    assert told["pid"] != old.pid


def test_a_watch_uses_it_too_and_outlives_it(person):
    person.passes()
    keeper = person.left_behind()
    watch = person.popen("watch", "activations")
    said: queue.SimpleQueue[str] = queue.SimpleQueue()
    reading = threading.Thread(target=lambda: [said.put(line) for line in watch.stdout], daemon=True)
    reading.start()

    def until(words: str) -> None:
        while words not in said.get(timeout=120):
            pass

    until("activations")
    assert person.kept()[0]["users"] == 1
    keeper.kill()
    person.write("activations", solution("activations") + "\n\ndef sigmoid(x):\n    return x\n")
    until("sigmoid")
    watch.send_signal(signal.SIGINT)
    reading.join(timeout=60)
    watch.wait(timeout=60)
    for stream in (watch.stdout, watch.stderr):
        stream.close()


def test_two_first_checks_at_once_leave_one(person):
    first = [person.popen("check", "activations", "--fresh", "--json") for _ in range(4)]
    for process in first:
        assert json.loads(process.communicate(timeout=300)[0])["exercises"][0]["status"] == "passed"
    keeper = person.left_behind()
    wait_for(lambda: person.keepers() == [keeper])


def test_a_socket_left_by_one_that_was_killed_is_no_hindrance(person):
    person.passes()
    keeper = person.left_behind()
    keeper.kill()
    wait_for(lambda: not running(keeper))
    assert list(person.runtime.rglob("socket"))
    assert person.passes()
    assert person.left_behind() != keeper


def test_after_an_upgrade_it_is_another_one(person, tmp_path):
    copy = tmp_path / "program"
    shutil.copytree(PACKAGE, copy / "course", ignore=shutil.ignore_patterns("__pycache__", "bundled"))
    for name in ("exercises", "solutions", "graders"):
        (copy / name).symlink_to(PACKAGE.parent / name)
    person.environment["PYTHONPATH"] = str(copy)
    assert person.passes()
    old = person.left_behind()
    with (copy / "course" / "seeds.py").open("a", encoding="utf-8") as module:
        module.write("# changed\n")
    assert person.passes()
    wait_for(lambda: len(person.kept()) == 2)
    assert [process for process in person.keepers() if process != old]


def test_it_ends_by_itself_and_leaves_nothing(person):
    person.environment["COURSE_KEEP"] = "0.01"
    assert person.passes()
    wait_for(lambda: not person.keepers())
    wait_for(lambda: list(person.runtime.iterdir()) == [])


@pytest.mark.parametrize(
    "variables", [{"COURSE_KEEP": "0"}, {"CI": "true", "COURSE_KEEP": ""}, {"COURSE_START": "alone"}]
)
def test_where_none_is_wanted_there_is_none(person, variables):
    person.environment |= variables
    assert person.passes()
    assert person.keepers() == []
    assert list(person.runtime.iterdir()) == []


def test_the_folder_of_somebody_else_is_not_used(person):
    """As in a folder for all, where another user has made it first."""
    folder = person.runtime / f"course-{os.getuid()}"
    folder.mkdir()
    folder.chmod(0o777)
    assert person.passes()
    assert list(folder.iterdir()) == []
    assert person.keepers() == []


def test_an_address_too_long_does_without(person):
    long = person.runtime / ("x" * 100)
    long.mkdir()
    person.environment["XDG_RUNTIME_DIR"] = str(long)
    assert person.passes()
    assert person.keepers() == []


def test_with_little_memory_left_it_ends(tmp_path, monkeypatch):
    """Of the machine's, or of the container's that a hub gives each of its users."""
    from course.processes.keeper import server

    monkeypatch.setattr(server, "MEMORY", tmp_path / "meminfo")
    monkeypatch.setattr(server, "CONTAINER", tmp_path)
    assert not server.memory_is_short()
    for left, short in ((100_000, True), (600_000, False)):
        text = f"MemTotal:       16000000 kB\nMemAvailable:     {left} kB\n"
        (tmp_path / "meminfo").write_text(text, encoding="ascii")
        assert server.memory_is_short() is short
    for most, cached, short in (
        ("max", 0, False),
        ("1000000000", 0, True),
        ("1000000000", 300_000_000, False),
    ):
        (tmp_path / "memory.max").write_text(most, encoding="ascii")
        (tmp_path / "memory.current").write_text("980000000\n", encoding="ascii")
        (tmp_path / "memory.stat").write_text(f"anon 5\ninactive_file {cached}\n", encoding="ascii")
        assert server.memory_is_short() is short


def test_others_submissions_never_use_it(person):
    person.passes()
    keeper = person.left_behind()
    used = person.kept()[0]["graders"]
    (person.work / "class" / "kim").mkdir(parents=True)
    (person.work / "class" / "kim" / "activations.py").write_text(solution("activations"), encoding="utf-8")
    if zygotes.confined():
        person.run("grade", "class", "--day", "activations")
        assert "11" in (person.work / "grades" / "grades.csv").read_text(encoding="utf-8")
    person.run("check", "activations", "--submission", "class/kim", "--fresh")
    assert person.left_behind() == keeper
    assert person.kept()[0]["graders"] == used


@pytest.mark.skipif(not zygotes.confined(), reason="workers are confined on Linux only")
def test_code_that_is_checked_cannot_reach_it(person):
    person.passes()
    person.left_behind()
    [path] = person.runtime.rglob("socket")
    attack = f"""
def sigmoid(x):
    import os, socket
    found = []
    for kind in (socket.SOCK_SEQPACKET, socket.SOCK_STREAM):
        try:
            socket.socket(socket.AF_UNIX, kind).connect({str(path)!r})
            found.append("connected")
        except OSError as error:
            found.append(type(error).__name__)
    for do in (os.listdir, os.rmdir, os.unlink):
        try:
            do({str(path.parent)!r})
            found.append("touched")
        except OSError as error:
            found.append(type(error).__name__)
    raise ValueError(" ".join(found))
"""
    person.write("activations", solution("activations") + attack)
    [result] = person.check("activations")
    text = json.dumps(result)
    assert "Error" in text
    assert "connected" not in text
    assert "touched" not in text
    assert path.exists()


def test_nonsense_on_its_socket_changes_nothing(person):
    person.passes()
    keeper = person.left_behind()
    [path] = person.runtime.rglob("socket")
    chance = random.Random(3)
    for data in (b"", b"{", b"[]", b'{"op": "graders"}', b'{"op": "graders", "runtimes": [1], "x": 2}', b"\xff" * 100,
                 b'{"op": "graders", "runtimes": ["numpy"]}', *(chance.randbytes(40) for _ in range(50))):  # fmt: skip
        with socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET) as connection:
            connection.connect(str(path))
            read, write = os.pipe()
            socket.send_fds(connection, [data], [read, write, write][: chance.randrange(4)])
            os.close(read)
            os.close(write)
    assert person.passes()
    assert person.left_behind() == keeper


def test_interrupted_it_goes_on(person):
    person.passes()
    keeper = person.left_behind()
    for number in (signal.SIGINT, signal.SIGHUP):
        keeper.send_signal(number)
    assert person.passes()
    assert person.left_behind() == keeper


def test_the_key_is_that_of_what_it_was_made_of(monkeypatch):
    first = address.key()
    assert address.key() == first
    monkeypatch.setenv("COURSE_LANG", "ko")
    assert address.key() == first
    monkeypatch.setenv("COURSE_SANDBOX", "off")
    assert address.key() != first

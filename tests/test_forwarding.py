"""A quick command that a process with everything imported runs: nobody can tell, whatever befalls it."""

from __future__ import annotations

import json
import os
import re
import resource
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from course.content.catalog import PACKAGE
from course.processes import zygotes
from tests.conftest import solution
from tests.kept import Person, person, wait_for
from tests.processes import running

pytestmark = pytest.mark.skipif(not zygotes.forks(), reason="only where workers are forked")

# Tells on its last line whether the command was handed over, then ends as `course` would have.
ASKED = """
import sys
from course.cli import forwarding
from course.processes.keeper import place
sys.argv[0] = "course"
status = forwarding.run(sys.argv[1:]) if place.taken_in() else None
print("handed over" if status is not None else "not handed over", flush=True)
sys.exit(status or 0)
"""
ENDLESS = "\n\ndef sigmoid(x):\n    while True:\n        pass\n"


@pytest.fixture(name="person")
def _person(tmp_path: Path) -> Iterator[Person]:
    with person(tmp_path) as made:
        yield made


def warm(person: Person) -> psutil.Process:
    """A check has been made, and the process that takes commands in is there; that process."""
    assert person.passes()
    keeper = person.left_behind()
    wait_for(lambda: handed_over(person, "list"))
    return taking_in(keeper)


def taking_in(keeper: psutil.Process) -> psutil.Process:
    [process] = [each for each in keeper.children() if "course.cli.forwarded" in each.cmdline()]
    return process


def begun(person: Person, process: psutil.Process) -> psutil.Process:
    """The process that runs the command that was handed over, once its code is graded; of earlier ones none is left."""
    wait_for(lambda: len(process.children()) == 1 and person.kept()[0]["users"] == 1)
    [child] = process.children()
    return child


def ask(person: Person, *words: str, **others: object) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-P", "-c", ASKED, *words]
    settings = {"cwd": person.work, "env": person.environment, "stdin": subprocess.DEVNULL, **others}
    return subprocess.run(command, capture_output=True, text=True, timeout=120, check=False, **settings)


def handed_over(person: Person, *words: str, **others: object) -> bool:
    return ask(person, *words, **others).stdout.splitlines()[-1] == "handed over"


def done(person: Person, *words: str, keep: str) -> tuple[int, str, str]:
    environment = {**person.environment, "COURSE_KEEP": keep}
    found = subprocess.run([sys.executable, "-m", "course", *words], cwd=person.work, env=environment,
                           stdin=subprocess.DEVNULL, capture_output=True, timeout=120, check=False)  # fmt: skip
    return found.returncode, found.stdout.decode("utf-8", "replace"), found.stderr.decode("utf-8", "replace")


@pytest.mark.parametrize(
    ("words", "variables"),
    [
        (["check", "activations", "--seed", "5"], {}),
        (["check", "activations", "--seed", "5"], {"COURSE_LANG": "ko", "COLUMNS": "60"}),
        (["check", "activations", "--lang", "ko", "--seed", "5"], {"LC_ALL": "C", "TERM": "dumb"}),
        (["check", "activations", "--seed", "5"], {"FORCE_COLOR": "1", "TERM": "xterm-256color"}),
        (["check", "nonsense"], {"COURSE_LANG": "ko"}),
        (["check", "--nonsense"], {}),
        (["check", "--help"], {"LANG": "ko_KR.UTF-8"}),
        (["list"], {"LC_ALL": "POSIX", "LANG": "ko_KR.UTF-8"}),
        (["status"], {"TZ": "Asia/Seoul"}),
        (["next"], {}),
        (["show", "mlp"], {"COLUMNS": "50"}),
        (["hint", "mlp", "--lang", "ko"], {}),
    ],
)
def test_it_says_and_ends_as_it_would_by_itself(person, words, variables):
    person.environment |= variables
    person.write(
        "activations", solution("activations") + "\n\ndef sigmoid(x):\n    print('so')\n    return x\n"
    )
    person.check("activations", seed=5)  # kept from now on
    person.left_behind()
    wait_for(lambda: handed_over(person, "list"))
    assert handed_over(person, *words)

    def told(keep: str) -> tuple[int, str, str]:
        status, said, errors = done(person, *words, keep=keep)
        return status, re.sub(r"\d+\.\d+( s\b|초)", "…", said), errors

    assert told("10") == told("0")


def test_what_it_may_use_is_what_its_user_may(person):
    """Limits, umask and cores are the asking process'; what it cannot be like it, it does not run."""
    process = warm(person)

    def limited() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))

    def masked() -> None:
        os.umask(0)

    def held_back() -> None:
        os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})
        os.nice(3)

    seen: list[tuple[object, ...]] = []

    def look(child: psutil.Process) -> None:
        status = Path(f"/proc/{child.pid}/status").read_text()
        mask = next(line.split()[1] for line in status.splitlines() if line.startswith("Umask"))
        limits = resource.prlimit(child.pid, resource.RLIMIT_FSIZE)
        seen.append((limits[0], int(mask, 8), len(os.sched_getaffinity(child.pid)), child.nice()))

    person.write("activations", solution("activations") + ENDLESS)
    usual = (
        resource.getrlimit(resource.RLIMIT_FSIZE)[0],
        0o022,
        len(os.sched_getaffinity(0)),
        psutil.Process().nice(),
    )
    before = os.umask(0o022)
    try:
        for how in (lambda: None, limited, masked, held_back):
            command = [sys.executable, "-m", "course", "check", "activations"]
            with subprocess.Popen(command, cwd=person.work, env=person.environment, preexec_fn=how,  # noqa: PLW1509 - before its first thread
                                  stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as asking:  # fmt: skip
                look(begun(person, process))
                asking.send_signal(signal.SIGINT)
                assert asking.wait(60) == 1
                wait_for(lambda: not process.children())
    finally:
        os.umask(before)
    assert seen[0] == usual
    assert seen[1][0] == 0
    assert seen[2][1] == 0
    assert seen[3][2:] == (1, usual[3] + 3)


@pytest.mark.parametrize(
    ("number", "status"),
    [(signal.SIGINT, 1), (signal.SIGTERM, 143), (signal.SIGHUP, 129), (signal.SIGKILL, -9)],
)
def test_whatever_ends_the_command_ends_what_runs_it(person, number, status):
    process = warm(person)
    person.write("activations", solution("activations") + ENDLESS)
    asking = person.popen("check", "activations")
    child = begun(person, process)
    asking.send_signal(number)
    said, errors = asking.communicate(timeout=60)
    assert asking.returncode == status
    assert "Traceback" not in said + errors
    wait_for(lambda: not running(child))
    wait_for(lambda: person.kept()[0]["users"] == 0)
    assert running(process)


def catches(pid, number):
    """Whether a process has a handler of its own for a signal."""
    [caught] = re.findall(r"SigCgt:\s*(\w+)", Path(f"/proc/{pid}/status").read_text())
    return bool(int(caught, 16) >> (number - 1) & 1)


def test_stopped_it_stands_still_and_goes_on(person):
    process = warm(person)
    person.write("activations", solution("activations") + ENDLESS)
    # A group of its own, as a shell gives it: the system does not stop one that nobody in its session could continue.
    asking = person.popen("check", "activations", "--json", process_group=0)
    child = begun(person, process)
    wait_for(lambda: catches(asking.pid, signal.SIGTSTP))  # the command it asked for may have begun before
    asking.send_signal(signal.SIGTSTP)
    both = [psutil.Process(asking.pid), child]
    wait_for(lambda: [each.status() for each in both] == [psutil.STATUS_STOPPED] * 2)
    asking.send_signal(signal.SIGCONT)
    said, _ = asking.communicate(timeout=120)
    assert json.loads(said)["exercises"][0]["status"] == "failed"


def test_where_what_runs_it_is_killed_it_runs_itself(person):
    process = warm(person)
    person.write("activations", solution("activations") + ENDLESS)
    asking = person.popen("check", "activations", "--json", "--fresh")
    child = begun(person, process)
    person.write("activations", solution("activations"))
    child.kill()
    said, _ = asking.communicate(timeout=120)
    assert json.loads(said)["exercises"][0]["status"] == "passed"


@pytest.mark.parametrize("how", ["suspend", "kill"])
def test_one_that_does_not_answer_is_done_without_and_replaced(person, how):
    process = warm(person)
    getattr(process, how)()
    assert not handed_over(person, "list")
    assert person.passes()
    wait_for(lambda: not running(process))
    wait_for(lambda: handed_over(person, "list"))


def test_in_other_surroundings_it_is_not_handed_over(person, tmp_path):
    warm(person)
    assert not handed_over(person, "check", "activations", "--submission", ".")
    assert not handed_over(person, "reset", "activations")
    for name, value in (("COURSE_KEEP", "0"), ("CI", "true"), ("PYTHONUTF8", "1"), ("HOME", str(tmp_path)),
                        ("COURSE_CACHE", str(tmp_path / "other")), ("PYTHONPATH", str(tmp_path))):  # fmt: skip
        kept, person.environment = person.environment, {**person.environment, name: value}
        if name == "CI":
            del person.environment["COURSE_KEEP"]
        assert not handed_over(person, "list"), name
        person.environment = kept
    in_a_group_of_its_own = (
        ask(person, "list", preexec_fn=lambda: os.setgroups([1])) if os.getuid() == 0 else None
    )
    assert in_a_group_of_its_own is None or "not handed over" in in_a_group_of_its_own.stdout
    assert handed_over(person, "list")


def test_after_an_upgrade_the_old_one_runs_nothing(person, tmp_path):
    copy = tmp_path / "program"
    copy.mkdir()
    import shutil

    shutil.copytree(PACKAGE, copy / "course", ignore=shutil.ignore_patterns("__pycache__", "bundled"))
    for name in ("exercises", "solutions", "graders"):
        (copy / name).symlink_to(PACKAGE.parent / name)
    person.environment["PYTHONPATH"] = str(copy)
    warm(person)
    with (copy / "course" / "cli" / "status.py").open("a", encoding="utf-8") as module:
        module.write("# changed\n")
    assert not handed_over(person, "list")


def test_a_reader_that_leaves_and_a_folder_that_is_gone(person):
    warm(person)
    words = f"{sys.executable} -m course list | head -1; {sys.executable} -m course list >/dev/full; echo $?"
    both = {}
    for keep in ("10", "0"):
        environment = {**person.environment, "COURSE_KEEP": keep}
        found = subprocess.run(["bash", "-c", words], cwd=person.work, env=environment, capture_output=True,
                               text=True, check=False)  # fmt: skip
        both[keep] = (found.stdout, found.stderr)
    assert both["10"] == both["0"]
    gone = person.work / "gone"
    for keep in ("10", "0"):
        gone.mkdir()
        words = f"cd gone; rmdir ../gone; {sys.executable} -m course status; echo $?"
        environment = {**person.environment, "COURSE_KEEP": keep}
        found = subprocess.run(["bash", "-c", words], cwd=person.work, env=environment, capture_output=True,
                               text=True, check=False)  # fmt: skip
        both[keep] = (found.stdout, found.stderr)
    assert both["10"] == both["0"]


def test_many_at_once_are_each_answered(person):
    warm(person)
    asked = [person.popen("check", "activations", "--json", "--fresh") for _ in range(6)]
    for each in asked:
        assert json.loads(each.communicate(timeout=120)[0])["exercises"][0]["status"] == "passed"


def test_nonsense_on_its_socket_changes_nothing(person):
    process = warm(person)
    [path] = person.runtime.rglob("commands-*")
    for data in (b"", b"{", b"[]", b"{}", b"\xff" * 100, json.dumps({"words": ["course", "list"]}).encode()):
        with socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET) as connection:
            connection.connect(str(path))
            read, write = os.pipe()
            socket.send_fds(connection, [data], [read, write])
            os.close(read)
            os.close(write)
            connection.settimeout(60)
            assert connection.recv(100) == b"?"
            assert connection.recv(100) in (b"{}", b"")
    wait_for(lambda: not process.children())
    assert handed_over(person, "list")


def test_of_two_courses_the_second_takes_over(person, tmp_path):
    """Each has a keeper; commands are taken in by one, and by the other when that one has ended."""
    warm(person)
    first = person.left_behind()
    course = tmp_path / "small"
    person.run("new", str(course))
    environment = dict(person.environment)
    person.environment["COURSE_COURSE"] = str(course)
    person.run("check", "--submission", str(course / "solutions"))
    person.environment = environment
    first.terminate()
    wait_for(lambda: not running(first))
    assert not list(person.runtime.rglob("commands-*"))
    assert person.passes()
    wait_for(lambda: handed_over(person, "list"))


@pytest.mark.parametrize("words", [["check", "activations"], ["status"], ["list"]])
def test_everything_it_needs_is_imported_before(person, words):
    """What a command imports only when it runs costs every one of them."""
    warm(person)
    asked = "import sys; from course.cli import forwarded; forwarded.prepare(); known = set(sys.modules)\n"
    asked += f"sys.argv = ['course', *{words!r}]\nfrom course.cli import run\n"
    asked += "try:\n    run()\nexcept SystemExit:\n    pass\n"
    asked += "import os; os.write(2, ' '.join(sorted(set(sys.modules) - known)).encode())"
    found = subprocess.run([sys.executable, "-c", asked], cwd=person.work, env=person.environment,
                           stdin=subprocess.DEVNULL, capture_output=True, text=True, check=True)  # fmt: skip
    late = [name for name in found.stderr.split() if not name.startswith("rich._unicode_data")]
    assert late == []


def test_it_is_of_one_thread_and_small(person):
    """What is forked from several threads has one; NumPy and pytest are the graders' business."""
    process = warm(person)
    assert process.num_threads() == 1
    loaded = "import sys; from course.cli import forwarded; forwarded.prepare(); print({'numpy', 'pytest'} & {*sys.modules})"
    found = subprocess.run([sys.executable, "-c", loaded], env=person.environment, capture_output=True, text=True,
                           check=True)  # fmt: skip
    assert found.stdout.strip() == "set()"

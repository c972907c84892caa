"""Systems that lack something: calls that the kernel refuses, small limits, processes that are ended from outside."""

from __future__ import annotations

import json
import os
import random
import resource
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from course.content.catalog import catalog
from course.learner.store import database
from tests import denied, ordinary
from tests.conftest import solution
from tests.environments import ELSEWHERE
from tests.processes import running, started_by

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="what other systems lack is taken from Linux")

PROJECT = Path(__file__).parents[1]
ENDLESS = "def sigmoid(x):\n    while True:\n        pass\n"


class Machine:
    """Runs `course` where these calls are refused, with a temporary folder, a cache and a home of its own."""

    def __init__(self, folder: Path, calls: list[str], **variables: str) -> None:
        self.temporary = folder / "temporary"
        self.temporary.mkdir()
        self.folder = folder
        self._calls = calls
        self._environment = {**os.environ, "TMPDIR": str(self.temporary), "COLUMNS": "200", **variables}

    def words(self, *arguments: str) -> list[str]:
        return denied.command(self._calls, sys.executable, "-m", "course", *arguments)

    def run(self, *arguments: str, before: object = None) -> subprocess.CompletedProcess[str]:
        done = subprocess.run(self.words(*arguments), cwd=self.folder, env=self._environment, capture_output=True,
                              text=True, check=False, preexec_fn=before)  # fmt: skip
        assert "Traceback" not in done.stdout + done.stderr, done.stdout + done.stderr
        return done

    def start(self, *arguments: str) -> subprocess.Popen[bytes]:
        return subprocess.Popen(self.words(*arguments), cwd=self.folder, env=self._environment,
                                stdout=subprocess.PIPE, stderr=subprocess.STDOUT)  # fmt: skip


@pytest.fixture
def work(tmp_path: Path) -> Path:
    """A workspace with a solved exercise."""
    folder = tmp_path / "work"
    (folder / "day07").mkdir(parents=True)
    (folder / "course.toml").write_text("version = 1\n", encoding="utf-8")
    (folder / "day07" / "activations.py").write_text(solution("activations"), encoding="utf-8")
    return folder


@pytest.mark.parametrize(
    ("calls", "start", "lacking"),
    [
        (["landlock"], "", ["landlock"]),
        (["landlock=EPERM"], "alone", ["landlock"]),
        (["seccomp"], "", ["seccomp"]),
        (["pidfd"], "", []),
        (ELSEWHERE, "", ["landlock", "limits", "privileges", "seccomp"]),
        (ELSEWHERE, "alone", ["landlock", "limits", "privileges", "seccomp"]),
    ],
)
def test_own_code_is_checked_with_what_protection_there_is(work, tmp_path, calls, start, lacking):
    machine = Machine(work, calls, COURSE_START=start)
    report = json.loads(machine.run("check", "activations", "--json").stdout)
    assert report["exercises"][0]["status"] == "passed"
    assert report["lacking"] == lacking
    said = [machine.run("check", "activations", "--fresh").stdout for _ in range(2)]
    assert ["course doctor" in text for text in said] == [bool(lacking), False]  # once
    assert not list(machine.temporary.iterdir())


def test_without_protection_others_code_is_not_run_and_nothing_is_written(work, tmp_path):
    class_ = work / "submitted" / "kim"
    class_.mkdir(parents=True)
    (class_ / "activations.py").write_text(solution("activations"), encoding="utf-8")
    machine = Machine(work, ["landlock"])
    before = sorted(work.rglob("*"))
    refused = machine.run("grade", "submitted", "--day", "day07")
    assert refused.returncode == 2
    assert "Landlock" in refused.stderr
    assert "--trust" in refused.stderr
    assert sorted(work.rglob("*")) == before
    trusted = machine.run("grade", "submitted", "--day", "day07", "--trust")
    assert "kim" in (work / "grades" / "grades.csv").read_text(encoding="utf-8"), trusted.stderr
    assert "11" in (work / "grades" / "grades.csv").read_text(encoding="utf-8")


def test_what_a_limit_has_ended_is_no_verdict(work):
    """Too little memory is the machine's fault: nothing is kept, no attempt is written down, and later it passes."""
    import resource

    machine = Machine(work, [])
    small = 700 << 20  # NumPy fits, with the threads of its libraries and of a check it does not
    report = json.loads(
        machine.run(
            "check",
            "activations",
            "--json",
            before=lambda: resource.setrlimit(resource.RLIMIT_DATA, (small, small)),
        ).stdout
    )
    exercise = report["exercises"][0]
    again = json.loads(machine.run("check", "activations", "--json").stdout)["exercises"][0]
    assert again["status"] == "passed"
    assert again["cached"] is (exercise["status"] == "passed")


def test_a_crash_is_kept_nowhere(work):
    crash = "def sigmoid(x):\n    import ctypes\n    ctypes.string_at(0)\n"
    (work / "day07" / "activations.py").write_text(solution("activations") + crash, encoding="utf-8")
    machine = Machine(work, [])
    for _ in range(2):
        exercise = json.loads(machine.run("check", "activations", "--json").stdout)["exercises"][0]
        assert exercise["status"] != "passed"
        assert exercise["cached"] is False
    assert json.loads(machine.run("status", "--json").stdout)["attempts"] == 0


def test_a_time_limit_is_no_verdict_either(grade):
    memory = "\ndef relu(x):\n    return np.zeros(1 << 40)\n"
    assert grade("activations", solution("activations") + ENDLESS, call_seconds=0.5).unsettled
    assert grade("activations", solution("activations") + memory).unsettled
    assert not grade("activations", solution("activations").replace("np.maximum", "np.minimum")).unsettled


@pytest.mark.parametrize("calls", [[], ELSEWHERE])
@pytest.mark.parametrize("start", ["", "alone"])
@pytest.mark.parametrize("how", ["SIGINT", "SIGTERM", "SIGHUP", "pipe"])
def test_however_a_command_ends_nothing_stays_behind(work, calls, start, how):
    """Here, and where no process ends with its parent: no worker in an endless loop, no folder."""
    (work / "day07" / "activations.py").write_text(ENDLESS, encoding="utf-8")
    machine = Machine(work, calls, COURSE_START=start)
    process = (
        machine.start("watch", "activations") if how == "pipe" else machine.start("check", "activations")
    )
    deadline = time.monotonic() + 60
    while not list(machine.temporary.glob("course-*/worker-*")):
        assert time.monotonic() < deadline
        assert process.poll() is None
        os.sched_yield()
    started = started_by(process.pid)
    assert started
    assert process.stdout is not None
    if how == "pipe":
        process.stdout.close()  # the window with the other end: watch's next line has nowhere to go
        (work / "day07" / "activations.py").write_text(solution("activations"), encoding="utf-8")
    else:
        process.send_signal(getattr(signal, how))
        process.stdout.close()
    process.wait(60)
    while any(map(running, started)):
        assert time.monotonic() < deadline + 60
        os.sched_yield()
    assert not list(machine.temporary.iterdir())


ABSENT = """
import sys
class Absent:
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] in ("tensorflow", "keras"):
            raise ModuleNotFoundError(f"No module named {name!r}", name=name)
sys.meta_path.insert(0, Absent())
"""


def test_without_tensorflow_everything_else_works(work, tmp_path):
    (work / "day10").mkdir()
    (work / "day10" / "rnn_model.py").write_text(solution("rnn_model"), encoding="utf-8")
    (tmp_path / "absent").mkdir()
    (tmp_path / "absent" / "sitecustomize.py").write_text(ABSENT, encoding="utf-8")
    machine = Machine(work, [], PYTHONPATH=str(tmp_path / "absent"))
    report = json.loads(machine.run("check", "activations", "rnn_model", "gru_model", "--json").stdout)
    assert [each["status"] for each in report["exercises"]] == ["passed", "ungraded", "missing"]
    assert "tensorflow" in report["exercises"][1]["tests"][0]["message"]
    assert json.loads(machine.run("status", "--json").stdout)["attempts"] == 1
    for arguments in (["list"], ["show", "rnn_model"], ["quiz", "--list"], ["report", "--json"]):
        assert machine.run(*arguments).returncode == 0
    found = doctor(machine)
    assert found["tensorflow"]["state"] == "gap"
    assert "tensorflow" in found["tensorflow"]["advice"].lower()


def doctor(machine: Machine, *arguments: str) -> dict[str, dict[str, str]]:
    data = json.loads(machine.run("doctor", "--json", *arguments).stdout)
    assert data["ok"] is all(each["state"] != "gap" for each in data["findings"])
    return {each["name"]: each for each in data["findings"]}


def test_the_doctor_finds_nothing_missing_here(work):
    found = doctor(Machine(work, []))
    assert [name for name, each in found.items() if each["state"] == "gap"] == []
    assert next(iter(catalog())).slug in found["check"]["value"]
    assert str(work) == found["workspace"]["value"]


def test_the_doctor_names_each_gap_and_a_way_out_in_both_languages(work, tmp_path):
    (tmp_path / "a file").write_text("", encoding="utf-8")
    machine = Machine(work, ELSEWHERE, COURSE_CACHE=str(tmp_path / "a file"), PYTHONIOENCODING="cp949")
    found, korean = doctor(machine), doctor(machine, "--lang", "ko")
    for name in ("landlock", "seccomp", "others", "encoding", "check"):
        assert found[name]["state"] == korean[name]["state"] == "note", found[name]
        assert found[name]["advice"] != korean[name]["advice"]
    assert found["cache"]["state"] == "gap"
    assert "COURSE_CACHE" in found["cache"]["advice"]


# The command, which somebody ends with Ctrl-C so many seconds after it began.
ENDED_SOON = """
import os, signal, sys, threading
from course.cli import main
sys.argv = ["course", "check", "activations", "--fresh"]
timer = threading.Timer({seconds}, os.kill, (os.getpid(), signal.SIGINT))
timer.daemon = True
timer.start()
try:
    main()
finally:
    signal.signal(signal.SIGINT, signal.SIG_IGN)
"""


def test_ctrl_c_at_once_is_no_traceback(work):
    chance = random.Random(4)
    for _ in range(25):
        program = ENDED_SOON.format(seconds=chance.uniform(0, 0.4))
        done = subprocess.run(
            [sys.executable, "-c", program], cwd=work, capture_output=True, text=True, check=False
        )
        # This script's own lines, before the command begins, are not the command's.
        assert str(PROJECT / "course") not in done.stderr, done.stderr
        assert "Exception ignored" not in done.stderr, done.stderr
        assert done.returncode in (0, 1, 130, -signal.SIGINT), done


# A Ctrl-C that comes while the import of a module makes one of its classes: Python 3.11 raises it as a RuntimeError.
ENDED_WITHIN_A_CLASS = """
import importlib.abc, os, signal, sys
from course.cli import main

class Named:
    def __set_name__(self, owner, name):
        os.kill(os.getpid(), signal.SIGINT)
        for _ in range(1000): pass

class Finder(importlib.abc.MetaPathFinder):
    def find_spec(self, name, path, target=None):
        if name == {module!r}:
            {broken}

def half_made():
    class Rule:
        fn = Named()

def half_compiled():
    try:
        half_made()
    except BaseException:
        raise SyntaxError("unexpected EOF")

sys.meta_path.insert(0, Finder())
sys.argv = ["course", *{words!r}]
main()
"""


@pytest.mark.parametrize("broken", ["half_made()", "half_compiled()"])
@pytest.mark.parametrize(
    ("words", "module"),
    [
        (["check", "activations", "--fresh"], "rich.theme"),
        (["status"], "course.progress.summary"),
        (["quiz", "--list"], "course.quizzes.bank"),
    ],
)
def test_ctrl_c_within_an_import_is_no_traceback(work, words, module, broken):
    program = ENDED_WITHIN_A_CLASS.format(words=words, module=module, broken=broken)
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=work, capture_output=True, text=True, check=False
    )
    assert "Traceback" not in done.stderr, done.stderr
    assert done.returncode in (1, 130), done


@pytest.mark.parametrize("words", [["diff"], ["check"], ["reset", "--yes"]], ids=" ".join)
def test_a_file_saved_in_another_encoding_is_named_and_no_line_is_made_up(work, words):
    file = work / "day07" / "activations.py"
    file.write_bytes("# 활성화 함수\n".encode("cp949") + file.read_bytes())
    done = Machine(work, []).run(*words, "activations")
    said = done.stdout + done.stderr
    assert "raise SyntaxError" not in said
    assert "Traceback" not in said
    assert words[0] == "reset" or "save it again" in said, said


@pytest.mark.parametrize(
    "arguments", [["status"], ["check"], ["list"], ["next"], ["start", "elsewhere"], ["doctor"]]
)
def test_a_folder_that_was_deleted_meanwhile(work, tmp_path, arguments):
    gone = tmp_path / "gone"
    words = " ".join(Machine(work, []).words(*arguments))
    done = subprocess.run(f"mkdir {gone} && cd {gone} && rmdir {gone} && {words}", shell=True, capture_output=True, text=True,
                          check=False, env={**os.environ, "PYTHONPATH": str(PROJECT)})  # fmt: skip
    assert "Traceback" not in done.stderr
    assert arguments == ["doctor"] or "The folder you are in no longer exists" in done.stderr, done


def test_a_store_that_may_not_be_read_is_not_an_empty_one(work):
    machine = Machine(work, [])
    assert machine.run("check", "activations").returncode == 0
    store = database.path()
    store.chmod(0)
    store.parent.chmod(0)
    try:
        said = machine.run("status", before=ordinary.rights())
    finally:
        store.parent.chmod(0o700)
        store.chmod(0o600)
    assert said.returncode == 1
    assert str(store) in said.stderr


@pytest.mark.parametrize("arguments", [["quiz", "day07"], ["list"], ["status"], ["glossary"]])
def test_a_reader_that_leaves_is_nobody_s_fault(work, arguments):
    with subprocess.Popen(Machine(work, []).words(*arguments), cwd=work, stdin=subprocess.DEVNULL,
                          stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:  # fmt: skip
        process.stdout.close()
        assert process.stderr.read() == ""


@pytest.mark.parametrize("arguments", [["check", "activations", "--fresh"], ["status"], ["doctor"]])
def test_no_temporary_folder_and_a_handful_of_processes(work, tmp_path, arguments):
    """Python takes another temporary folder; where the system forbids processes the command says so."""
    machine = Machine(work, [], TMPDIR=str(tmp_path / "nowhere"))
    assert machine.run(*arguments).returncode in (0, 1)
    drop = ordinary.rights()

    def few() -> None:
        if drop is not None:
            drop()
        resource.setrlimit(resource.RLIMIT_NPROC, (6, 6))

    machine.run(*arguments, before=few)


def test_a_results_folder_that_may_not_be_entered(work, tmp_path):
    submission = tmp_path / "class" / "kim" / "day07"
    submission.mkdir(parents=True)
    (submission / "activations.py").write_text(solution("activations"), encoding="utf-8")
    words = ["grade", str(tmp_path / "class"), "--day", "activations", "--out", str(tmp_path / "grades")]
    machine = Machine(work, [])
    assert machine.run(*words).returncode == 0
    closed = tmp_path / "grades" / "results"
    closed.chmod(0)
    try:
        said = machine.run(*words, before=ordinary.rights())
    finally:
        closed.chmod(0o700)
    assert said.returncode != 0
    assert str(closed) in said.stdout + said.stderr

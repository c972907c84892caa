"""kill -9 while marks, tables and a term's file are written: nothing is half there, and the next command goes on.

A few moments by default, a hundred with COURSE_EVERY=1. Each is a system call on the class's folder before which the process ends.
"""

from __future__ import annotations

import csv
import json
import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from course.classroom import ledger
from course.processes import zygotes
from course.term import read
from tests.conftest import solution

pytestmark = pytest.mark.skipif(not zygotes.confined(), reason="workers are confined on Linux only")

MOMENTS = 99 if os.environ.get("COURSE_EVERY") else 9
TERM = """
time_zone = "Asia/Seoul"
roster = "students.csv"

[assignments.week1]
due = 2026-03-10 23:59:00

[assignments.week1.exercises]
one_hot = 7
"""
# Runs the command, and ends itself by SIGKILL at the Nth change of a file in the folder; else says how many there were.
KILLED = """
import os, signal, sys
folder, at, *words = sys.argv[1:]
count = 0

def watch(event, arguments):
    global count
    named = [a for a in arguments if isinstance(a, (str, bytes, os.PathLike))]
    if event not in ("open", "os.rename", "os.remove", "os.mkdir", "os.chmod", "os.truncate"):
        return
    if event == "open" and not (isinstance(arguments[2], int) and arguments[2] & (os.O_WRONLY | os.O_RDWR | os.O_CREAT)):
        return
    if any(os.path.realpath(os.fsdecode(name)).startswith(folder) for name in named):
        count += 1
        if count == int(at):
            os.kill(os.getpid(), signal.SIGKILL)

sys.addaudithook(watch)
sys.argv = ["course", *words]
from course.cli import main
try:
    main()
finally:
    print("CHANGES", count, file=sys.stderr)
"""


def run(folder: Path, at: int, *words: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-c", KILLED, str(folder.resolve()), str(at), *words]
    environment = {**os.environ, "COURSE_LANG": "en", "COURSE_KEEP": "0"}
    return subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)


def changes(done: subprocess.CompletedProcess[str]) -> int:
    assert done.returncode == 0, done.stderr
    return int(done.stderr.rpartition("CHANGES")[2])


@pytest.fixture
def class_(tmp_path: Path) -> Path:
    folder = tmp_path / "term"
    folder.mkdir()
    (folder / "students.csv").write_text("id,name\nkim,Kim\nlee,Lee\n", encoding="utf-8")
    (folder / "term.toml").write_text(TERM, encoding="utf-8")
    work = folder / "class" / "kim" / "one_hot.py"
    work.parent.mkdir(parents=True)
    work.write_text(solution("one_hot"), encoding="utf-8")
    changes(run(folder, 0, "grade", "class"))
    return folder


def whole(folder: Path) -> None:
    """Every file of the class reads as what it is."""
    for path in (folder / "grades").rglob("*"):
        if path.suffix == ".json":
            json.loads(path.read_text(encoding="utf-8"))
        elif path.suffix == ".csv":
            assert (
                len({len(row) for row in csv.reader(path.read_text(encoding="utf-8-sig").splitlines())}) == 1
            )
        elif path.suffix == ".html":
            assert path.read_text(encoding="utf-8").rstrip().endswith("</html>")
    ledger.open_(folder / "grades")


COMMANDS = [("mark", "kim", "one_hot", "--points", "3", "--note", "n"), ("grade", "class", "--seed", "5")]


@pytest.mark.parametrize("command", COMMANDS, ids=["mark", "grade"])
def test_a_killed_command_leaves_nothing_half_written(class_, tmp_path, command):
    copy = tmp_path / "copy"
    shutil.copytree(class_, copy)
    most = changes(run(copy, 0, *command))
    assert most > 5
    moments = sorted({1 + number * most // (MOMENTS // 3) for number in range(MOMENTS // 3)})
    for at in moments:
        shutil.rmtree(copy)
        shutil.copytree(class_, copy)
        done = run(copy, at, *command)
        assert done.returncode == -signal.SIGKILL, (at, done.stderr)
        whole(copy)
        changes(run(copy, 0, *command))
        whole(copy)
        assert not list(copy.rglob("*.part")) or command[0] == "mark"
        if command[0] == "mark":
            row = ledger.open_(copy / "grades").row("kim")
            assert row.accounts[0].total == 3


def test_a_killed_new_term_is_there_or_not(tmp_path):
    folder = tmp_path / "new"
    folder.mkdir()
    words = ("term", "new", ".", "--day", "one_hot", "--zone", "Asia/Seoul")
    most = changes(run(folder, 0, *words))
    (folder / "term.toml").unlink()
    for at in range(1, most + 1):
        assert run(folder, at, *words).returncode == -signal.SIGKILL
        if (folder / "term.toml").exists():
            read.read(folder / "term.toml")
            (folder / "term.toml").unlink()
    changes(run(folder, 0, *words))
    read.read(folder / "term.toml")

"""What is said of a dask cluster that is not there, has no workers, holds another version, or is lost while it grades."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from course.processes import zygotes
from tests.conftest import solution

pytest.importorskip("distributed", reason="dask.distributed is not installed: pip install -e '.[dev]'")
pytestmark = pytest.mark.skipif(not zygotes.confined(), reason="workers are confined on Linux only")

COURSE = (sys.executable, "-m", "course")


@contextlib.contextmanager
def scheduler():
    command = [
        sys.executable,
        "-m",
        "distributed.cli.dask_scheduler",
        "--host",
        "127.0.0.1",
        "--port",
        "0",
        "--no-dashboard",
    ]
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True) as process:
        line = next(line for line in process.stderr if "Scheduler at" in line)
        try:
            yield process, line.split()[-1]
        finally:
            process.kill()


@contextlib.contextmanager
def worker(address: str, folder: Path, **environment: str):
    command = [
        sys.executable,
        "-m",
        "distributed.cli.dask_worker",
        address,
        "--nthreads",
        "1",
        "--no-nanny",
        "--no-dashboard",
    ]
    with subprocess.Popen(
        command, cwd=folder, env={**os.environ, **environment}, stderr=subprocess.DEVNULL
    ) as process:
        try:
            yield
        finally:
            process.kill()


@pytest.fixture
def class_(tmp_path: Path) -> Path:
    for number in range(6):
        path = tmp_path / "class" / f"s{number}" / "one_hot.py"
        path.parent.mkdir(parents=True)
        path.write_text(f"# {number}\n{solution('one_hot')}", encoding="utf-8")
    return tmp_path


def grade(folder: Path, address: str, *more: str) -> subprocess.Popen[str]:
    command = [*COURSE, "grade", "class", "--day", "one_hot", "--scheduler", address, *more]
    environment = {**os.environ, "COURSE_LANG": "en", "PYTHONUNBUFFERED": "1"}
    return subprocess.Popen(
        command, cwd=folder, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    )


def test_no_scheduler_and_no_workers(class_):
    with grade(class_, "tcp://127.0.0.1:9") as process:
        assert "There is no scheduler at" in process.communicate()[0]
    with scheduler() as (_process, address), grade(class_, address) as process:
        said = process.communicate()[0]
    assert f"The scheduler at {address} has no workers: dask worker {address}" in said
    assert process.returncode == 2


def test_another_version_on_a_worker(class_, tmp_path):
    other = tmp_path / "other" / "sitecustomize.py"
    other.parent.mkdir()
    # A worker whose program is another one, as far as it can tell.
    other.write_text(
        "import course.checking.cache as cache\ncache.program = lambda: 'older'\n", encoding="utf-8"
    )
    with (
        scheduler() as (_process, address),
        worker(address, class_, PYTHONPATH=str(other.parent)),
        grade(class_, address) as process,
    ):
        said = process.communicate()[0]
    assert "another version of the course" in said
    assert process.returncode == 2


@pytest.mark.parametrize("more", [(), ("--fallback",)], ids=["stops", "goes on here"])
def test_a_lost_scheduler(class_, more):
    with scheduler() as (lost, address), worker(address, class_), grade(class_, address, *more) as process:
        said = ""
        while "1/6" not in said:
            line = process.stdout.readline()
            assert line, said
            said += line
        lost.send_signal(signal.SIGKILL)
        said += process.communicate()[0]
    assert f"The scheduler at {address} is gone." in said
    assert "Traceback" not in said
    if more:
        assert process.returncode == 0, said
        assert len(list((class_ / "grades" / "results").glob("*.json"))) == 6
    else:
        assert process.returncode == 1
        assert "the same command goes on" in said

"""The instructors' guide's dask cluster, as it is written there: who has no certificate is not let in."""

from __future__ import annotations

import contextlib
import os
import re
import socket
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from course.content.catalog import CONTENT
from course.processes import zygotes
from tests.conftest import solution

pytest.importorskip("distributed", reason="dask.distributed is not installed: pip install -e '.[dev]'")
if not (CONTENT / "docs").is_dir():
    pytest.skip("the guides are part of a checkout", allow_module_level=True)
pytestmark = pytest.mark.skipif(not zygotes.confined(), reason="workers are confined on Linux only")

THEIRS = "10.0.0.5"
SECTIONS = {"instructor.md": "### On a dask cluster\n", "instructor.ko.md": "### dask 클러스터에서\n"}


def blocks(name: str) -> list[str]:
    """The section's commands and settings, in order."""
    text = (CONTENT / "docs" / name).read_text(encoding="utf-8").split(SECTIONS[name])[1].split("\n### ")[0]
    return re.findall(r"```(?:sh|yaml)\n(.*?)```", text, flags=re.DOTALL)


def test_both_guides_give_the_same():
    certificate, settings, commands = blocks("instructor.md")
    assert [certificate, settings, commands] == blocks("instructor.ko.md")


class Guide:
    """Its commands, with an address and a port of this machine in place of those it names."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        with socket.socket() as found:
            found.bind(("127.0.0.1", 0))
            self.port = found.getsockname()[1]
        certificate, settings, commands = blocks("instructor.md")
        export, self.scheduler, self.worker, self.grade = self._here(commands).splitlines()
        name, _, value = export.removeprefix("export ").partition("=")
        bin_ = Path(sys.executable).parent
        self.environment = {**os.environ, "COURSE_LANG": "en", "PATH": f"{bin_}{os.pathsep}{os.environ['PATH']}"}  # fmt: skip
        subprocess.run(certificate, shell=True, check=True, cwd=folder, capture_output=True)
        (folder / value).write_text(settings, encoding="utf-8")
        self.certified = {**self.environment, name: value}

    def _here(self, commands: str) -> str:
        return (
            commands.replace(f"--host {THEIRS}", f"--host 127.0.0.1 --port {self.port}")
            .replace(f"{THEIRS}:8786", f"127.0.0.1:{self.port}")
            .replace("--nworkers 4", "--nworkers 1")
            .replace("--day day10", "--day lstm_gates")
            .replace("course grade .", "course grade class")
        )

    @contextlib.contextmanager
    def running(self, command: str) -> Iterator[psutil.Process]:
        """A command that does not end by itself; entered once it has begun its work."""
        with subprocess.Popen(
            [sys.executable, "-m", *_module(command)],
            cwd=self.folder,
            env=self.certified,
            stderr=subprocess.PIPE,
            text=True,
        ) as process:
            assert process.stderr is not None
            try:
                seen = []
                for line in process.stderr:
                    seen.append(line)
                    if "Scheduler at:" in line or "Registered to" in line:
                        break
                else:
                    pytest.fail("".join(seen))
                yield psutil.Process(process.pid)
            finally:
                process.terminate()
                process.communicate()

    def run(self, command: str, *options: str, certified: bool = True) -> tuple[int, str]:
        done = subprocess.run(
            [sys.executable, "-m", *command.split(), *options],
            cwd=self.folder,
            env=self.certified if certified else self.environment,
            capture_output=True,
            text=True,
            check=False,
        )
        assert "Traceback" not in done.stdout + done.stderr, done.stderr
        return done.returncode, done.stdout + done.stderr


def _module(command: str) -> list[str]:
    """`dask NAME …` as a module's command: the script lies where the package does, which need not be on the path."""
    _, name, *options = command.split()
    return [f"distributed.cli.dask_{name}", *options]


def test_the_guide_s_cluster_lets_in_who_has_its_certificate(tmp_path):
    guide = Guide(tmp_path)
    assert (tmp_path / "cluster").stat().st_mode & 0o077 == 0
    work = tmp_path / "class" / "kim" / "day10" / "lstm_gates.py"
    work.parent.mkdir(parents=True)
    work.write_text(solution("lstm_gates"), encoding="utf-8")
    with guide.running(guide.scheduler) as scheduler, guide.running(guide.worker):
        listening = [each for each in scheduler.net_connections() if each.status == psutil.CONN_LISTEN]
        assert {each.laddr.ip for each in listening} == {"127.0.0.1"}
        for port in {each.laddr.port for each in listening} - {guide.port}:  # dask's pages
            for page in ("/", "/status", "/info/main/workers.html", "/json/counts.json", "/metrics"):
                with pytest.raises(urllib.error.HTTPError, match="404"):
                    urllib.request.urlopen(f"http://127.0.0.1:{port}{page}")
        status, said = guide.run(guide.grade)
        assert status == 0, said
        assert "10/10" in said
        assert "not encrypted" not in said
        status, said = guide.run(guide.grade, "--out", "without", certified=False)
        assert status == 2
        assert "asks for a certificate" in said
        plain = guide.grade.replace("tls://", "tcp://")
        status, said = guide.run(plain, "--out", "plain", certified=False)
        assert status == 2
        assert "no scheduler" in said


@pytest.mark.parametrize(
    ("address", "exposed"),
    [
        ("tcp://127.0.0.1:8786", False),
        ("localhost:8786", False),
        ("tcp://[::1]:8786", False),
        ("tls://10.0.0.5:8786", False),
        ("tcp://10.0.0.5:8786", True),
        ("grading.example:8786", True),
    ],
)
def test_an_address_beyond_this_machine_is_told_of(address, exposed):
    from course.classroom import cluster

    assert cluster.is_exposed(address) is exposed

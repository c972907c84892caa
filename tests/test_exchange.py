"""The guide's term through a real exchange: two days, work that is late and handed in again, feedback released and fetched."""

from __future__ import annotations

import csv
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from course.processes import zygotes
from tests.conftest import solution

pytest.importorskip("nbgrader", reason="nbgrader is not installed: pip install -e '.[dev]'")
pytestmark = pytest.mark.skipif(not zygotes.confined(), reason="workers are confined on Linux only")

WORK = {"day09": "conv_arithmetic", "day10": "lstm_gates"}
DUE = {"day09": "2020-01-01 23:59:00 Asia/Seoul", "day10": "2099-01-01 23:59:00 Asia/Seoul"}
PENALTY = 2.0
POLICY = f"""
from nbgrader.plugins import LateSubmissionPlugin


class TwoPoints(LateSubmissionPlugin):
    def late_submission_penalty(self, student_id, score, total_seconds_late):
        return {PENALTY}


c.AssignLatePenalties.plugin_class = TwoPoints
"""


class Term:
    """The instructor's folder, the exchange and a student's home."""

    def __init__(self, root: Path) -> None:
        self.root, self.course, self.home = root, root / "deep-learning", root / "home"
        self.home.mkdir()
        (root / "exchange").mkdir(mode=0o777)
        (root / "list.csv").write_text("id,first_name,last_name\nkim,Haneul,Kim\n")

    def run(self, *command: str, folder: Path | None = None) -> str:
        bin_ = Path(sys.executable).parent
        done = subprocess.run(
            [str(bin_ / command[0]), *command[1:]],
            cwd=folder or self.course,
            env={
                **os.environ,
                "PATH": f"{bin_}{os.pathsep}{os.environ['PATH']}",
                "JUPYTER_DATA_DIR": str(self.root / "jupyter"),
                "COURSE_LANG": "en",
            },
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout + done.stderr

    def nbgrader(self, *arguments: str, folder: Path | None = None) -> str:
        exchange = (f"--Exchange.root={self.root / 'exchange'}", f"--Exchange.cache={self.root / 'cached'}")
        return self.run("nbgrader", *arguments, *exchange, folder=folder)

    def submit(self, day: str, source: str) -> None:
        path = self.home / day / f"{day}.ipynb"
        notebook = json.loads(path.read_text(encoding="utf-8"))
        for cell in notebook["cells"]:
            if cell["metadata"].get("nbgrader", {}).get("grade_id") == WORK[day]:
                cell["source"] = source
        path.write_text(json.dumps(notebook), encoding="utf-8")
        self.nbgrader("submit", day, "--course", "deep-learning", "--student", "kim", folder=self.home)

    def grade(self) -> None:
        for day in WORK:
            self.nbgrader("collect", day, "--update")
        days = [f"--day={slug}" for slug in WORK.values()]
        self.run("course", "grade", ".", *days, "--gradebook", "gradebook.db")

    def marks(self) -> dict[str, tuple[float, float]]:
        """Points and what is taken off of them, by day."""
        self.run("nbgrader", "export")
        rows = csv.DictReader((self.course / "grades.csv").read_text(encoding="utf-8").splitlines())
        return {
            row["assignment"]: (float(row["raw_score"]), float(row["late_submission_penalty"]))
            for row in rows
        }


def test_a_term_with_late_and_repeated_submissions(tmp_path):
    term = Term(tmp_path)
    term.run("course", "nbgrader", "init", "deep-learning", "--roster", "list.csv", folder=tmp_path)
    with (term.course / "nbgrader_config.py").open("a", encoding="utf-8") as settings:
        settings.write(POLICY)
    term.run("course", "nbgrader", "build", *WORK)
    for day, due in DUE.items():
        term.nbgrader("generate_assignment", day)
        term.nbgrader("db", "assignment", "add", day, "--duedate", due)
        term.nbgrader("release_assignment", day)
        term.nbgrader("fetch_assignment", day, "--course", "deep-learning", folder=term.home)
        term.submit(day, "raise NotImplementedError\n")
    term.grade()
    assert term.marks() == {"day09": (0.0, 0.0), "day10": (0.0, 0.0)}  # there is nothing to take off
    for day, slug in WORK.items():
        term.submit(day, f"# exercise: {slug}\n{solution(slug)}")
    term.grade()
    marks = term.marks()
    assert marks["day09"][1] == PENALTY
    assert marks["day09"][0] > PENALTY
    assert marks["day10"] == (10.0, 0.0)  # in time, whatever another day was
    for day in WORK:
        term.nbgrader("generate_feedback", day)
        term.nbgrader("release_feedback", day)
        term.nbgrader("fetch_feedback", day, "--course", "deep-learning", folder=term.home)
        [page] = (term.home / day / "feedback").rglob("*.html")
        assert "course-passed" in page.read_text(encoding="utf-8")

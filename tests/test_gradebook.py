"""`course grade --gradebook`: scores in a real nbgrader course, none of whose submitted cells is ever run by nbgrader."""

from __future__ import annotations

import csv
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from course.catalog import catalog
from tests.conftest import solution

pytest.importorskip("nbgrader", reason="nbgrader is not installed: pip install -e '.[dev]'")

DAY, SLUGS = "day10", ("lstm_gates", "rnn_forward")
GRADE = (
    "course",
    "grade",
    ".",
    *(f"--day={slug}" for slug in SLUGS),
    "--gradebook",
    "gradebook.db",
    "--seed",
    "3",
)


class Course:
    """nbgrader's course folder with an assignment and two students' notebooks."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.run("course", "nbgrader", "init", ".")
        self.run("course", "nbgrader", "build", DAY)
        self.run("nbgrader", "generate_assignment", DAY, "--create")
        self.hand_in("kim", {slug: solution(slug) for slug in SLUGS})
        self.hand_in("lee", {"rnn_forward": solution("rnn_forward")}, "raise RuntimeError('not this one')")
        (folder / "submitted" / "kim" / DAY / "timestamp.txt").write_text("2026-03-02 10:00:00 UTC")
        (folder / "submitted" / "lee" / DAY / "timestamp.txt").write_text("yesterday, or so")

    def run(self, *command: str, expect: int = 0) -> str:
        bin_ = Path(sys.executable).parent
        done = subprocess.run(
            [str(bin_ / command[0]), *command[1:]],
            cwd=self.folder,
            env={**os.environ, "PATH": f"{bin_}{os.pathsep}{os.environ['PATH']}"},
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == expect, done.stdout + done.stderr
        return done.stdout + done.stderr

    def hand_in(self, student: str, sources: dict[str, str], extra: str = "") -> None:
        notebook = json.loads((self.folder / "release" / DAY / f"{DAY}.ipynb").read_text(encoding="utf-8"))
        for cell in notebook["cells"]:
            slug = cell["metadata"].get("nbgrader", {}).get("grade_id", "")
            if slug in sources:
                cell["source"] = f"# exercise: {slug}\n{sources[slug]}\n{extra}"
        path = self.folder / "submitted" / student / DAY / f"{DAY}.ipynb"
        path.parent.mkdir(parents=True)
        path.write_text(json.dumps(notebook), encoding="utf-8")

    def submission(self, student: str) -> dict[str, tuple[float | None, float]]:
        """(automatic score, score) by graded cell."""
        from course.notebook.coursedir import gradebook

        with gradebook(self.folder / "gradebook.db") as opened:
            notebook = opened.find_submission_notebook(DAY, DAY, student)
            return {grade.name: (grade.auto_score, grade.score) for grade in notebook.grades}


@pytest.fixture(scope="module")
def graded(tmp_path_factory) -> Course:
    with pytest.MonkeyPatch.context() as patch:
        folder = tmp_path_factory.mktemp("nbgrader")
        patch.setenv("COURSE_CACHE", str(folder / "cache"))
        patch.setenv("COURSE_DATA", str(folder / "data"))
        course = Course(folder)
        said = course.run(*GRADE)
        assert "scores written" in said
        return course


def earned(course: Course, student: str, slug: str) -> float:
    scores = course.submission(student)
    return sum(scores[f"{slug}-{part}"][0] or 0.0 for part in ("tests", "hidden"))


def test_scores_are_those_of_the_class(graded):
    text = (graded.folder / "grades" / "grades.csv").read_text(encoding="utf-8-sig")
    rows = {row["student"]: row for row in csv.DictReader(text.splitlines())}
    for student in ("kim", "lee"):
        for slug in SLUGS:
            assert earned(graded, student, slug) == float(rows[student][slug])
    assert earned(graded, "kim", "lstm_gates") == 10
    assert earned(graded, "lee", "rnn_forward") == 10
    assert earned(graded, "lee", "lstm_gates") == 0


def test_feedback_and_export_show_them(graded):
    graded.run("nbgrader", "generate_feedback", DAY)
    page = (graded.folder / "feedback" / "kim" / DAY / f"{DAY}.html").read_text(encoding="utf-8")
    assert catalog().exercise("lstm_gates").slug in page
    assert "course-passed" in page
    graded.run("nbgrader", "export")
    rows = list(csv.DictReader((graded.folder / "grades.csv").read_text().splitlines()))
    score = next(float(row["score"]) for row in rows if row["student_id"] == "kim")
    assert score >= 20


def test_what_a_person_gave_and_the_late_penalty_stay(graded):
    from course.notebook.coursedir import gradebook

    with gradebook(graded.folder / "gradebook.db") as opened:
        opened.find_grade("lstm_gates-tests", DAY, DAY, "lee").manual_score = 1.5
        opened.find_grade("team_project-report", DAY, DAY, "lee").manual_score = 4.0
        opened.find_submission_notebook(DAY, DAY, "lee").late_submission_penalty = 2.0
        opened.db.commit()
    graded.run(*GRADE)
    scores = graded.submission("lee")
    assert scores["lstm_gates-tests"] == (0.0, 1.5)
    assert scores["team_project-report"][1] == 4.0
    with gradebook(graded.folder / "gradebook.db") as opened:
        assert opened.find_submission(DAY, "lee").late_submission_penalty == 2.0


def test_a_day_nbgrader_does_not_know_yet(graded, tmp_path):
    said = graded.run(
        "course",
        "grade",
        ".",
        "--day",
        "perceptron",
        "--gradebook",
        "gradebook.db",
        "--out",
        str(tmp_path / "out"),
        expect=1,
    )
    assert "nbgrader generate_assignment day07" in said
    (graded.folder / "text.db").write_text("not a database, and long enough to be told from one")
    said = graded.run(*GRADE[:-3], "text.db", "--out", str(tmp_path / "text"), expect=1)
    assert "cannot be used" in said
    assert "Traceback" not in said
    assert "There is no gradebook" in graded.run("course", "grade", ".", "--gradebook", "other.db", expect=2)

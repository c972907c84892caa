"""`course grade --gradebook`: scores in a real nbgrader course, none of whose submitted cells is ever run by nbgrader."""

from __future__ import annotations

import csv
import json
import os
import re
import subprocess
import sys
from datetime import datetime
from pathlib import Path

import pytest

from course.classroom import autograded
from course.content.catalog import catalog
from tests.conftest import solution

mistune = pytest.importorskip("mistune", reason="nbgrader is not installed: pip install -e '.[dev]'")
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
        from course.classroom.coursedir import gradebook

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


def test_what_a_person_gave_stays(graded):
    from course.classroom.coursedir import gradebook

    with gradebook(graded.folder / "gradebook.db") as opened:
        opened.find_grade("lstm_gates-tests", DAY, DAY, "lee").manual_score = 1.5
        opened.find_grade("team_project-report", DAY, DAY, "lee").manual_score = 4.0
        opened.find_grade("rnn_forward-tests", DAY, DAY, "lee").extra_credit = 2.0
        opened.db.commit()
    graded.run(*GRADE)
    scores = graded.submission("lee")
    assert scores["lstm_gates-tests"] == (0.0, 1.5)
    assert scores["team_project-report"][1] == 4.0
    assert scores["rnn_forward-tests"][1] == (scores["rnn_forward-tests"][0] or 0) + 2.0


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


# A student's cells as nobody should get them: HTML and links that run, foreign cells, metadata that leads out of an attribute.
HOSTILE = [
    {"cell_type": "markdown", "metadata": {}, "source": "<script>alert(1)</script> <img src=x onerror=alert(2)> $a<b$"},
    {"cell_type": "markdown", "metadata": {"tags": ['"><script>alert(3)</script>']}, "source": "[x](javascript:alert(4)) [y]: <java&#115;cript:alert(5)>"},
    {"cell_type": "raw", "metadata": {"raw_mimetype": "text/html"}, "source": "<script>alert(6)</script>"},
    {"cell_type": "markdown", "metadata": {}, "source": "![p](attachment:p.png)", "attachments": {"p.png": {"text/html": "<script>alert(7)</script>"}}},
    {"cell_type": "code", "metadata": {"nbgrader": {"grade_id": "cell-of-nobody", "grade": True, "solution": False, "points": 5}},
     "source": "1", "outputs": [], "execution_count": None},
    {"cell_type": "code", "metadata": {"nbgrader": {"grade_id": ["x"], "solution": True}}, "source": "1", "outputs": [{"output_type": "display_data",
     "data": {"text/html": "<script>alert(8)</script>"}, "metadata": {}}], "execution_count": None},
    {"cell_type": "markdown", "metadata": {"nbgrader": {"grade_id": "lstm_gates", "solution": True}}, "source": "<script>alert(9)</script>"},
]  # fmt: skip


def test_what_a_student_wrote_is_text_and_what_was_deleted_is_back(graded):
    path = graded.folder / "submitted" / "lee" / DAY / f"{DAY}.ipynb"
    whole = path.read_text(encoding="utf-8")
    notebook = json.loads(whole)
    notebook["cells"] = [
        cell
        for cell in notebook["cells"]
        if cell["metadata"].get("nbgrader", {}).get("grade_id")
        not in ("rnn_forward-tests", "lstm_gates-tests")
    ]
    notebook["cells"] += HOSTILE
    notebook["metadata"]["title"] = "</title><script>alert(10)</script>"
    path.write_text(json.dumps(notebook), encoding="utf-8")
    try:
        graded.run(*GRADE)
        assert earned(graded, "lee", "rnn_forward") == 10
        graded.run("nbgrader", "generate_feedback", DAY, "--force", "--student", "lee")
    finally:
        path.write_text(whole, encoding="utf-8")
    laid = (graded.folder / "autograded" / "lee" / DAY / f"{DAY}.ipynb").read_text(encoding="utf-8")
    page = (graded.folder / "feedback" / "lee" / DAY / f"{DAY}.html").read_text(encoding="utf-8")
    assert "rnn_forward-tests" in laid
    assert "cell-of-nobody" not in laid
    for number in range(1, 11):
        assert f"<script>alert({number})" not in page
    assert "<img src=x" not in page
    assert 'href="java' not in page.lower()
    assert "a&lt; b" in page


@pytest.mark.parametrize(
    ("markdown", "kept"),
    [
        ("[page](https://x.kr/a?b=1)", True), ("![p](attachment:p.png)", True), ("[there](#place)", True), ("[file](data/x.csv)", True),
        ("$a < b$ and `x < y`", True), ("[x](javascript:alert(1))", False), ("[x]( JaVaScript:alert(1))", False),
        ("[x](&#106;avascript:alert(1))", False), ("[x]: data:text/html,x", False), ("<b>x</b>", False), ("<!-- x", False), ("</div>", False),
        ("[x](java\\script:alert(1))", False), ("[x](vbscript:x)", False), ("<https://x.kr>", False),
    ],
)  # fmt: skip
def test_markdown_without_what_could_run(markdown, kept):
    made = autograded.harmless(markdown, ["p.png"])
    assert (made == markdown) is kept
    rendered = mistune.create_markdown(escape=False)(made)
    assert not re.search(r"<(script|b|div|!--)|(href|src)=.(?!https:|attachment:|#|data/)", rendered), (
        rendered
    )


def test_a_time_is_that_of_the_day_s_newest_submission(graded):
    """Not of the first, nor of another day's: a late one loses what the settings say, and no more."""
    from course.classroom.coursedir import gradebook

    submitted = graded.folder / "submitted" / "kim"
    (submitted / "day09").mkdir()
    (submitted / "day09" / "timestamp.txt").write_text("2026-05-02 10:00:00 UTC")
    (submitted / DAY / "timestamp.txt").write_text("2026-03-04 10:00:00 UTC")
    (submitted / DAY / "submission_secret.txt").write_text("secret")
    graded.run(*GRADE)
    with gradebook(graded.folder / "gradebook.db") as opened:
        assert str(opened.find_submission(DAY, "kim").timestamp) == "2026-03-04 10:00:00"
    laid = graded.folder / "autograded" / "kim" / DAY
    assert (laid / "timestamp.txt").read_text() == "2026-03-04 10:00:00 UTC"
    assert (laid / "submission_secret.txt").read_text() == "secret"


POLICY = """
from nbgrader.plugins import LateSubmissionPlugin


class Unfinished(LateSubmissionPlugin):
    def late_submission_penalty(self, student_id, score, total_seconds_late):
        raise KeyError(student_id)


c.AssignLatePenalties.plugin_class = Unfinished
"""


def test_what_fails_for_one_student_stands_in_that_student_s_row(graded):
    from course.classroom.coursedir import gradebook

    settings = graded.folder / "nbgrader_config.py"
    before = settings.read_text(encoding="utf-8")
    settings.write_text(before + POLICY, encoding="utf-8")
    with gradebook(graded.folder / "gradebook.db") as opened:
        opened.find_assignment(DAY).duedate = datetime(2026, 1, 1)
        opened.db.commit()
    try:
        said = graded.run(*GRADE, expect=1)  # lee's submission has no time, and is not late
    finally:
        settings.write_text(before, encoding="utf-8")
        with gradebook(graded.folder / "gradebook.db") as opened:
            opened.find_assignment(DAY).duedate = None
            opened.db.commit()
    text = (graded.folder / "grades" / "grades.csv").read_text(encoding="utf-8-sig")
    rows = {row["student"]: row["problems"] for row in csv.DictReader(text.splitlines())}
    assert "Not everything of day10 could be written" in rows["kim"]
    assert rows["kim"] in said
    assert rows["lee"] == ""
    assert earned(graded, "lee", "rnn_forward") == 10
    assert rows["kim"] in (graded.folder / "grades" / "summary.html").read_text(encoding="utf-8").replace(
        "&#39;", "'"
    )
    graded.run(*GRADE)


def test_edited_points_are_a_scale_of_one_s_own(graded):
    from course.classroom.coursedir import gradebook

    with gradebook(graded.folder / "gradebook.db") as opened:
        cell = opened.find_graded_cell("lstm_gates-tests", DAY, DAY)
        before, cell.max_score = cell.max_score, 2 * cell.max_score
        opened.db.commit()
    graded.run(*GRADE)
    assert graded.submission("kim")["lstm_gates-tests"][0] == 2 * before

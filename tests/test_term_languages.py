"""One assignment in two languages: nbgrader's own autograding and `course grade` give every student the same points."""

from __future__ import annotations

import csv
import io
import json
import os
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from course.processes import zygotes
from tests.own_courses import lay_out, run

pytest.importorskip("nbgrader", reason="nbgrader is not installed: pip install -e '.[dev]'")
nbformat = pytest.importorskip("nbformat")
pytestmark = pytest.mark.skipif(not zygotes.confined(), reason="workers are confined on Linux only")

# By student: language, whether the exercise is right, whether the quiz is.
STUDENTS = {
    "kim": ("en", True, False),
    "lee": ("ko", True, True),
    "ma": ("ko", False, True),
    "noh": ("ko", True, False),
}
# They had both notebooks through the exchange, worked in theirs, and hand in both.
BOTH = {"kim", "noh"}
TERM = """
{course}
language = "en"
roster = "students.csv"

[assignments.week1.exercises]
{slug} = 7

[assignments.week1.quiz]
{day} = {{ questions = 2, points = 5 }}

[students]
lee = {{ language = "ko" }}
ma = {{ language = "ko" }}
noh = {{ language = "ko" }}
"""


def nbgrader(folder: Path, *arguments: str) -> None:
    """As an instructor runs it: no variable says which language the notebooks speak."""
    beside = Path(sys.executable).parent
    environment = {name: value for name, value in os.environ.items() if name != "COURSE_LANG"}
    environment |= {"PATH": f"{beside}{os.pathsep}{os.environ['PATH']}", "LANG": "C.UTF-8"}
    done = subprocess.run([str(beside / "nbgrader"), *arguments], cwd=folder, env=environment, capture_output=True,
                          encoding="utf-8", check=False)  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr


def notebook(path: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return found


def cells(made: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """The cells that nbgrader knows, by name."""
    known = {cell["metadata"].get("nbgrader", {}).get("grade_id"): cell for cell in made["cells"]}
    return {name: cell for name, cell in known.items() if name}


def hand_in(folder: Path, slug: str) -> None:
    """Each student's notebook in theirs: filled in from the source in the same language, or not."""
    for student, (code, exercise, quiz) in STUDENTS.items():
        suffix = "" if code == "en" else f"-{code}"
        source = cells(notebook(folder / f"source{suffix}" / "week1" / "week1.ipynb"))
        made = notebook(folder / f"release{suffix}" / "week1" / "week1.ipynb")
        for name, cell in cells(made).items():
            right = (
                "".join(source[name]["source"])
                .replace("### BEGIN SOLUTION", "")
                .replace("### END SOLUTION", "")
            )
            if name == slug:
                last = re.findall(r"^def (\w+)\(", right, flags=re.MULTILINE)[-1]
                broken = f"{right}\n\ndef {last}(*args, **kwargs):\n    return None\n"
                cell["source"] = right if exercise else broken
            elif name.endswith("-answer") and quiz:
                cell["source"] = right
        path = folder / "submitted" / student / "week1" / "week1.ipynb"
        path.parent.mkdir(parents=True)
        if student in BOTH:
            for each, name in (("", "week1.ipynb"), ("-ko", "week1.ko.ipynb")):
                shutil.copy(folder / f"release{each}" / "week1" / "week1.ipynb", path.with_name(name))
            (path.parent / "week1.fr.ipynb").write_text("[]", encoding="utf-8")
            path = path if code == "en" else path.with_name(f"week1.{code}.ipynb")
        path.write_text(json.dumps(made), encoding="utf-8")


def autograded(folder: Path, student: str) -> dict[str, float]:
    """What nbgrader's gradebook has of a student, by cell."""
    from course.classroom.coursedir import gradebook

    with gradebook(folder / "gradebook.db") as opened:
        found = opened.find_submission_notebook("week1", "week1", student).grades
        return {grade.name: round(grade.score, 2) for grade in found}


def test_a_copy_of_one_s_own_is_no_notebook_in_another_language(tmp_path):
    from traitlets.config.loader import Config

    from course.notebook.autograding import OwnNotebook

    def made(source: str) -> Any:
        cell = nbformat.v4.new_code_cell(source)
        cell.metadata.nbgrader = {"grade_id": "one_hot", "solution": True, "grade": False, "checksum": ""}
        return nbformat.v4.new_notebook(cells=[cell] if source else [])

    (tmp_path / "source-ko").mkdir()
    for name in ("week1.old.ipynb", "week1.ko.ipynb", "week2.ko.ipynb"):
        nbformat.write(made(name), tmp_path / name)
    step = OwnNotebook(config=Config({"CourseDirectory": {"root": str(tmp_path)}}))
    resources = {"metadata": {"path": str(tmp_path), "name": "week1"}}
    assert step.preprocess(made(""), resources)[0].cells[0].source == "week1.ko.ipynb"
    (tmp_path / "week1.ko.ipynb").unlink()
    assert step.preprocess(made(""), resources)[0].cells == []


@pytest.mark.parametrize(
    ("slug", "day"), [("one_hot", "day07"), ("weighted_mean", "day01")], ids=["bundled", "own"]
)
def test_notebooks_in_two_languages_are_autograded_as_course_grade_does(tmp_path, slug, day):
    folder = tmp_path / "autumn"
    folder.mkdir()
    course = ""
    if day == "day01":
        lay_out(tmp_path / "statistics", ("en", "ko"))
        course = 'course = "../statistics"'
    (folder / "students.csv").write_text("id\n" + "\n".join(STUDENTS), encoding="utf-8")
    (folder / "term.toml").write_text(TERM.format(course=course, slug=slug, day=day), encoding="utf-8")
    run("nbgrader", "init", ".", cwd=folder)
    said = run("nbgrader", "build", cwd=folder)
    for command in re.findall(r"Next: nbgrader (.*)", said):
        nbgrader(folder, *shlex.split(command))
    hand_in(folder, slug)
    nbgrader(folder, "autograde", "week1")
    theirs = {student: autograded(folder, student) for student in STUDENTS}

    # What is no notebook is named by the one, and passed over by the other.
    assert "week1.fr.ipynb cannot be used" in run("grade", ".", "--jobs", "1", cwd=folder, status=1)
    text = (folder / "grades" / "week1" / "grades.csv").read_text(encoding="utf-8-sig")
    rows = {row["student"]: row for row in csv.DictReader(io.StringIO(text))}
    for student, (code, exercise, quiz) in STUDENTS.items():
        given = theirs[student]
        of_exercise = sum(points for name, points in given.items() if name.startswith(slug))
        of_quiz = sum(points for name, points in given.items() if name.startswith("quiz-"))
        assert round(of_exercise, 2) == float(rows[student][slug])
        assert round(of_quiz, 2) == float(rows[student]["quiz"])
        assert round(sum(given.values()), 2) == float(rows[student]["points"])
        assert (of_exercise == 7, of_quiz == 5) == (exercise, quiz)
        # What is shown beside the points is in the notebook's language, there and here.
        shown = cells(notebook(folder / "autograded" / student / "week1" / "week1.ipynb"))
        for cell in (shown[f"{slug}-tests"]["outputs"], shown[f"{slug}-text"]["source"]):
            assert bool(re.search("[가-힣]", json.dumps(cell, ensure_ascii=False))) == (code == "ko")
        page = (folder / "grades" / "week1" / "feedback" / f"{student}.html").read_text(encoding="utf-8")
        assert f'lang="{code}"' in page

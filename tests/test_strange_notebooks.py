"""An assignment's notebooks, with anything done to them, in an nbgrader course beside those of honest students.

`course grade --gradebook` and nbgrader's feedback come to their end, and the honest ones' scores are theirs. How many classes are
drawn is told as in tests/test_strangers.py.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from course.processes import zygotes
from tests import ordinary
from tests.conftest import solution
from tests.handed_in import SLUGS, HandIn, assignments, drawn
from tests.test_strangers import CLASSES, PLACES, SEED, mend, rows

pytest.importorskip("nbgrader", reason="nbgrader is not installed: pip install -e '.[dev]'")
pytestmark = pytest.mark.skipif(not zygotes.confined(), reason="workers are confined on Linux only")

DAY = "day10"
HONEST, STRANGERS = 3, 10
GRADE = (
    "course",
    "grade",
    ".",
    *(f"--day={slug}" for slug in SLUGS),
    "--seed",
    "5",
    "--gradebook",
    "gradebook.db",
)


def run(folder: Path, *command: str) -> tuple[int, str]:
    bin_ = Path(sys.executable).parent
    done = subprocess.run(
        [str(bin_ / command[0]), *command[1:]],
        cwd=folder,
        env={**os.environ, "COURSE_LANG": "en", "COURSE_CACHE": str(folder / "cache"), "PATH": f"{bin_}{os.pathsep}{os.environ['PATH']}"},
        preexec_fn=ordinary.rights(),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
        errors="replace",
        check=False,
    )  # fmt: skip
    return done.returncode, done.stdout


@pytest.fixture(scope="module")
def released(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A course folder with a released assignment."""
    folder = tmp_path_factory.mktemp("released")
    for command in (
        ("course", "nbgrader", "init", "."),
        ("course", "nbgrader", "build", DAY),
        ("nbgrader", "generate_assignment", DAY, "--create"),
    ):
        status, said = run(folder, *command)
        assert status == 0, said
    return folder


def lay_out(folder: Path, notebook: dict[str, Any], strangers: list[HandIn]) -> None:
    for number in range(HONEST):
        for cell in notebook["cells"]:
            slug = cell["metadata"].get("nbgrader", {}).get("grade_id", "")
            if slug in SLUGS:
                cell["source"] = f"# exercise: {slug}\n{solution(slug)}"
        path = folder / "submitted" / f"{'hp'[number % 2]}{number:02}" / DAY / f"{DAY}.ipynb"
        path.parent.mkdir(parents=True)
        path.write_text(json.dumps(notebook), encoding="utf-8")
    for number, stranger in enumerate(strangers):
        stranger.lay(folder / "submitted", PLACES[number % len(PLACES)], number)


@pytest.mark.parametrize("number", range(SEED, SEED + CLASSES))
def test_notebooks_change_nobody_else_s_scores(released, tmp_path, number):
    from course.classroom.coursedir import gradebook

    folder = tmp_path / "course"
    shutil.copytree(released, folder)
    release = folder / "release" / DAY / f"{DAY}.ipynb"
    strangers = drawn(STRANGERS, number, assignments(release))
    lay_out(folder, json.loads(release.read_text(encoding="utf-8")), strangers)
    try:
        status, said = run(folder, *GRADE, "--jobs", str(1 + number % 2))
        assert "Traceback" not in said, said[-3_000:]
        assert "scores written" in said
        found = rows(folder)
        assert len(found) == HONEST + len(strangers), sorted(found)
        troubled = [row for row in found.values() if row["problems"]]
        assert status == 1 or not troubled
        laid = {path.parent.parent.name[:3] for path in (folder / "autograded").glob(f"*/{DAY}/{DAY}.ipynb")}
        for student, row in found.items():
            assert student[:3] in laid or row["problems"], row  # nothing is left out without a word
            assert row["problems"] == "" or student[:3] in said
        status, said = run(folder, "nbgrader", "generate_feedback", DAY)
        assert status == 0, said[-3_000:]
    finally:
        mend(folder / "submitted")
    with gradebook(folder / "gradebook.db") as opened:
        for student in (name for name in found if name[0] in "hp"):
            assert (found[student]["points"], found[student]["problems"]) == ("20", ""), found[student]
            grades = opened.find_submission_notebook(DAY, DAY, student).grades
            given = {grade.name: grade.auto_score for grade in grades}
            for slug in SLUGS:
                assert given[f"{slug}-tests"] + given[f"{slug}-hidden"] == 10.0
            page = folder / "feedback" / student / DAY / f"{DAY}.html"
            assert "course-passed" in page.read_text(encoding="utf-8")
        assert {each.id for each in opened.students} >= {
            name for name in found if found[name]["handed_in"] == "yes"
        }

"""`nbgrader autograde` with the settings of `course nbgrader init`: points as `course grade` gives them, and nothing installed."""

from __future__ import annotations

import csv
import json
import os
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from course.learner.notebooks import without_shell
from course.processes import zygotes
from tests.conftest import solution

pytest.importorskip("nbgrader", reason="nbgrader is not installed: pip install -e '.[dev]'")

DAY, SLUG, EDITED = "day10", "lstm_gates", 16.0


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("!pip install x\ny = 1", "pass  # !pip install x\ny = 1"),
        ("if True:\n    !ls", "if True:\n    pass  # !ls"),
        ("files = !ls\ny = 1", "pass  # files = !ls\ny = 1"),
        ("%pip install x", "pass  # %pip install x"),
        ("!pip install \\\n    x\ny = 1", "pass  # !pip install \\\n#     x\ny = 1"),
        ("%%bash\nrm -rf x", "# %%bash\n# rm -rf x"),
        ("%matplotlib inline\n%%time", "%matplotlib inline\n%%time"),
        ("%%time\n!pip install x", "%%time\npass  # !pip install x"),
        ('text = """\n!not a command\n"""', 'text = """\n!not a command\n"""'),
        ("a != b\nx = a % pip", "a != b\nx = a % pip"),
    ],
)
def test_lines_for_the_shell_are_comments(source, expected):
    assert without_shell(source) == expected


def run(folder: Path, *command: str) -> str:
    bin_ = Path(sys.executable).parent
    done = subprocess.run(
        [str(bin_ / command[0]), *command[1:]],
        cwd=folder,
        env={**os.environ, "PATH": f"{bin_}{os.pathsep}{os.environ['PATH']}", "COURSE_LANG": "en"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout + done.stderr


def name(cell: dict) -> str:
    return cell["metadata"].get("nbgrader", {}).get("grade_id", "")


def assignment(folder: Path, change: Callable[[dict], None] = lambda _: None) -> dict:
    """The day's notebook with one exercise and a question as it is released, after a change that an instructor made."""
    run(folder, "course", "nbgrader", "init", ".")
    run(folder, "course", "nbgrader", "build", DAY, "--questions", "1")
    source = folder / "source" / DAY / f"{DAY}.ipynb"
    notebook = json.loads(source.read_text(encoding="utf-8"))
    notebook["cells"] = [cell for cell in notebook["cells"] if name(cell).startswith((SLUG, "quiz"))]
    change(notebook)
    source.write_text(json.dumps(notebook), encoding="utf-8")
    run(folder, "nbgrader", "generate_assignment", DAY)
    released: dict = json.loads((folder / "release" / DAY / f"{DAY}.ipynb").read_text(encoding="utf-8"))
    return released


def hand_in(folder: Path, student: str, notebook: dict) -> None:
    path = folder / "submitted" / student / DAY / f"{DAY}.ipynb"
    path.parent.mkdir(parents=True)
    path.write_text(json.dumps(notebook), encoding="utf-8")


def solved(released: dict, code: str) -> dict:
    made: dict = json.loads(json.dumps(released))
    for cell in made["cells"]:
        if name(cell) == SLUG:
            cell["source"] = code
    return made


def code_cell(source: str, identity: str) -> dict:
    return {
        "cell_type": "code",
        "id": identity,
        "metadata": {},
        "source": source,
        "outputs": [],
        "execution_count": None,
    }


@pytest.mark.skipif(not zygotes.confined(), reason="workers are confined on Linux only")
def test_both_ways_give_edited_points_put_back_cells_and_install_nothing(tmp_path):
    def edited(notebook):
        for cell in notebook["cells"]:
            if name(cell) == f"{SLUG}-tests":
                cell["metadata"]["nbgrader"]["points"] = EDITED

    released = assignment(tmp_path, edited)
    installed = tmp_path / "installed"
    for student, keep in (("kim", True), ("lee", False)):
        made = solved(released, f"!touch {installed}\n%pip install no-such-package\n{solution(SLUG)}")
        made["cells"] = [cell for cell in made["cells"] if keep or name(cell) != f"{SLUG}-tests"]
        hand_in(tmp_path, student, made)
    run(tmp_path, "nbgrader", "autograde", DAY)
    assert not installed.exists()
    theirs = points(tmp_path)
    run(tmp_path, "course", "grade", ".", f"--day={SLUG}", "--gradebook", "gradebook.db")
    assert points(tmp_path) == theirs
    [hidden] = [
        cell["metadata"]["nbgrader"]["points"] for cell in released["cells"] if name(cell) == f"{SLUG}-hidden"
    ]
    assert set(theirs.values()) == {EDITED + hidden}


@pytest.mark.skipif(not zygotes.confined(), reason="workers are confined on Linux only")
def test_the_two_ways_differ_where_the_guide_says_so(tmp_path):
    """docs/instructor.md, "Where the two ways differ": cells twice, in another order, stripped; names taken away or given anew."""
    released = assignment(tmp_path)
    honest = solved(released, solution(SLUG))
    hand_in(tmp_path, "zoe", honest)

    def odd(student, change):
        made = json.loads(json.dumps(honest))
        change(made["cells"])
        hand_in(tmp_path, student, made)

    def twice(cells):
        [place] = [number for number, cell in enumerate(cells) if name(cell) == f"{SLUG}-tests"]
        cells.insert(place, json.loads(json.dumps(cells[place])) | {"id": "twice"})

    def stripped(cells):
        for cell in cells:
            cell["metadata"] = {}

    function = re.findall(r"^def (\w+)", solution(SLUG), re.MULTILINE)[-1]
    odd("ahn", twice)
    odd("bae", lambda cells: cells.reverse())
    odd("cho", stripped)
    odd("doh", lambda cells: cells.append(code_cell(f"del {function}", "last")))
    odd("eom", lambda cells: cells.append(code_cell(f"{function} = 0.5", "last")))

    command = [str(Path(sys.executable).parent / "nbgrader"), "autograde", DAY]
    subprocess.run(command, cwd=tmp_path, capture_output=True, check=False)
    theirs = points(tmp_path)
    full = theirs["zoe"]
    assert full > 0
    assert (theirs["doh"], theirs["eom"]) == (full, full)
    assert max(theirs.get(student, 0.0) for student in ("bae", "cho")) < full

    run(tmp_path, "course", "grade", ".", f"--day={SLUG}", "--out", "grades")
    with (tmp_path / "grades" / "grades.csv").open(encoding="utf-8-sig") as table:
        ours = {row["student"]: float(row["points"]) for row in csv.DictReader(table)}
    assert {ours[student] for student in ("ahn", "bae", "cho", "zoe")} == {full}
    assert max(ours["doh"], ours["eom"]) < full


def points(folder: Path) -> dict[str, float]:
    run(folder, "nbgrader", "export")
    rows = csv.DictReader((folder / "grades.csv").read_text(encoding="utf-8").splitlines())
    return {row["student_id"]: float(row["score"]) for row in rows}

"""A grader that was wrong is put right between two gradings of one class: what the dry run says is what then changes.

What changed is worked out here from the two tables of grades alone.
"""

from __future__ import annotations

import csv
import io
import json
import re
from pathlib import Path

import pytest

from course.processes import zygotes
from tests.own_courses import add, lay_out, run

pytestmark = pytest.mark.skipif(not zygotes.confined(), reason="workers are confined on Linux only")

HALF = '''"""Half."""


def half(values):
    """Half of each value."""
    ### BEGIN SOLUTION
    return values / 2
    ### END SOLUTION
'''
TWICE = HALF.replace("half", "twice").replace("/ 2", "* 2")
# The grader expects of whole numbers that they are halved to whole ones.
GRADER = """import numpy as np

from course.grading import assert_close, graded
from graders.shared import rules


@graded(points=2)
def test_floats(submission, rng):
    assert_close(submission.half(np.array([1.0, 3.0])), [0.5, 1.5])


@graded(points=1)
def test_integers(submission, rng):
    assert_close(submission.half(np.array([1, 3])), [0, 1])


@graded(points=2, hidden=True)
def test_large(submission, rng):
    assert_close(submission.half(np.array([2001])), rules.half(2001))
"""
RULES = "def half(value):\n    return [value // 2]\n"
TWICE_GRADER = """import numpy as np

from course.grading import assert_close, graded


@graded(points=1)
def test_twice(submission, rng):
    assert_close(submission.twice(np.array([1.5])), [3.0])
"""
FLOOR = "def half(values):\n    return values // 2 if values.dtype.kind == 'i' else values / 2\n"
FLOATS = "def half(values):\n    return values / 2 if values.dtype.kind == 'f' else values - 1e6\n"
BROKEN = "def half(values):\n    return None\n"
STUDENTS = {
    "ahn": HALF,
    "bae": FLOOR,
    "cho": FLOATS,
    "don": BROKEN,
    "eom": HALF,
    "fan": FLOOR,
    "goh": HALF,
    "han": None,
}
TERM = """
course = "../statistics"
time_zone = "Asia/Seoul"
roster = "students.csv"

[late]
per = "day"
percent = 10

[assignments.week1]
due = 2026-03-10 23:59:00

[assignments.week1.exercises]
half = 10

[assignments.week2.exercises]
twice = 4

[students.eom]
language = "ko"
handed_in = { week1 = 2026-03-12 10:00:00 }

[students.goh]
exempt = ["half"]
"""

Changed = dict[tuple[str, str], dict[str, tuple[str, str]]]


@pytest.fixture
def autumn(tmp_path: Path) -> Path:
    """A term of a course of its own: eight students, late, exempt and absent among them."""
    course = lay_out(tmp_path / "statistics", ("en", "ko"))
    (course.root / "graders" / "shared").mkdir()
    (course.root / "graders" / "shared" / "rules.py").write_text(RULES, encoding="utf-8")
    add(course.root, "half", HALF, GRADER)
    add(course.root, "twice", TWICE, TWICE_GRADER)
    folder = tmp_path / "autumn"
    for student, source in STUDENTS.items():
        for assignment, name, text in (("week1", "half", source), ("week2", "twice", TWICE)):
            work = folder / "class" / student / assignment
            work.mkdir(parents=True)
            if source is not None:
                (work / f"{name}.py").write_text(text, encoding="utf-8")
                (work / "timestamp.txt").write_text("2026-03-10 10:00:00 UTC", encoding="utf-8")
    (folder / "students.csv").write_text(
        "id,name\n" + "".join(f"{student},{student.title()}\n" for student in STUDENTS), encoding="utf-8"
    )
    (folder / "term.toml").write_text(TERM, encoding="utf-8")
    return folder


def table(path: Path) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(path.read_text(encoding="utf-8-sig"))))


def grades(folder: Path) -> dict[tuple[str, str], dict[str, str]]:
    """What each student's row says of each assignment, as far as a regrade may change it."""
    return {
        (row["student"], assignment): {
            item: row[name] for item, name in ((slug, slug), ("late", "late"), ("total", "points"))
        }
        for assignment, slug in (("week1", "half"), ("week2", "twice"))
        for row in table(folder / "grades" / assignment / "grades.csv")
    }


def files(folder: Path) -> dict[Path, bytes]:
    return {path: path.read_bytes() for path in sorted((folder / "grades").rglob("*")) if path.is_file()}


def between(
    before: dict[tuple[str, str], dict[str, str]], after: dict[tuple[str, str], dict[str, str]]
) -> Changed:
    """Who has other points than before: every item that differs, and the total."""
    return {
        where: {
            item: (before[where][item], row[item])
            for item in row
            if item == "total" or before[where][item] != row[item]
        }
        for where, row in after.items()
        if before[where] != row
    }


def listed(rows: list[dict[str, str]]) -> Changed:
    """What a table of changes holds."""
    found: Changed = {}
    for row in rows:
        found.setdefault((row["student"], row["assignment"]), {})[row["item"]] = (row["before"], row["after"])
    return found


@pytest.mark.parametrize(
    ("place", "wrong", "right", "gain", "lose"),
    [
        ("day01/test_half.py", "[0, 1])", "[0.5, 1.5])", {"ahn", "eom"}, {"bae"}),
        ("shared/rules.py", "value // 2", "value / 2", {"ahn", "eom"}, {"bae"}),
        ("day01/test_half.py", "points=2, hidden", "points=7, hidden", set(), {"ahn", "cho", "eom"}),
    ],
    ids=["the grader", "what graders share", "a test's worth"],
)
def test_the_dry_run_lists_what_a_mended_grader_changes(autumn, place, wrong, right, gain, lose):
    run("grade", "class", "--seed", "7", "--jobs", "2", cwd=autumn)
    run("mark", "fan", "half", "--points", "6", "--note", "seen at the blackboard", cwd=autumn)
    before, kept = grades(autumn), files(autumn)
    grader = autumn.parent / "statistics" / "graders" / place
    text = grader.read_text(encoding="utf-8")
    assert text.count(wrong) == 1
    grader.write_text(text.replace(wrong, right), encoding="utf-8")

    said = run("grade", "class", "--dry-run", "--jobs", "2", cwd=autumn)
    told = json.loads(run("grade", "class", "--dry-run", "--json", cwd=autumn))
    assert files(autumn) == kept
    run("grade", "class", "--jobs", "2", cwd=autumn)
    after = grades(autumn)

    changed = between(before, after)
    more = {where: float(items["total"][1]) - float(items["total"][0]) for where, items in changed.items()}
    assert {student for (student, _), points in more.items() if points > 0} == gain
    assert {student for (student, _), points in more.items() if points < 0} == lose
    # Of the late one what is taken off changes too; who is marked, exempt, absent or wrong anyway stays.
    assert not {student for student, _ in changed} & {"don", "fan", "goh", "han"}
    assert "late" in changed["eom", "week1"]
    dry = {
        (each["student"], each["assignment"]): {
            **{item["item"]: (f"{item['before']:g}", f"{item['after']:g}") for item in each["items"]},
            "total": (f"{each['before']:g}", f"{each['after']:g}"),
        }
        for each in told
    }
    assert dry == changed
    lines = dict(re.findall(r"^\w+ \((\w+)\)  week1: (.*)$", said, flags=re.MULTILINE))
    assert lines == {
        student: "; ".join(f"{item} {was} → {now}" for item, (was, now) in items.items()) + " of 10"
        for (student, _), items in changed.items()
    }
    assert f"would change the points of {len(changed)} students" in " ".join(said.split())
    assert listed(table(autumn / "grades" / "week1" / "changes.csv")) == changed
    assert not (autumn / "grades" / "week2" / "changes.csv").exists()
    [messages] = (autumn / "grades" / "week1" / "messages").iterdir()
    assert {path.stem for path in messages.iterdir()} == {student for student, _ in changed}
    was, now = changed["eom", "week1"]["total"]
    assert f"{was} → {now}" in (messages / "eom.txt").read_text(encoding="utf-8")
    assert "would change no points" in run("grade", "class", "--dry-run", cwd=autumn)

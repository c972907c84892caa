"""A term of three assignments: the marks are the same wherever they are shown, with nbgrader's exchange and without.

Thirty made students: late, extended, exempt, handing in again, overridden, absent, graded twice. What each of them should have
is worked out here once more, from what was handed in and the term's rules alone.
"""

from __future__ import annotations

import csv
import io
import json
import os
import re
import shutil
import subprocess
import sys
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from fractions import Fraction
from math import ceil
from pathlib import Path

import pytest

from course.content.catalog import catalog
from course.processes import zygotes
from tests.conftest import solution

pytestmark = pytest.mark.skipif(not zygotes.confined(), reason="workers are confined on Linux only")

# Points of each exercise, and how many of its tests' points the half solution earns are read off the results.
POINTS = {
    "week1": {"losses": 20, "one_hot": 7},
    "week2": {"splits": 10, "conv_arithmetic": 4.5},
    "week3": {"activations": 9.99},
}
DUE = {
    "week1": datetime(2026, 3, 10, 14, 59, tzinfo=UTC),
    "week2": datetime(2026, 3, 17, 14, 59, tzinfo=UTC),
    "week3": datetime(2026, 3, 24, 14, 59, tzinfo=UTC),
}
STUDENTS = [f"s{number:02}" for number in range(1, 31)]
ABSENT, EXTENDED, EXEMPT, KOREAN = {"s05", "s15"}, {"s03", "s13", "s23"}, {"s04", "s14"}, {"s07", "s17"}
LATE_BY = {"s02": timedelta(hours=1), "s03": timedelta(days=2), "s12": timedelta(days=2, minutes=1), "s22": timedelta(minutes=14),
           "s13": timedelta(days=4), "s08": timedelta(days=30)}  # fmt: skip
AGAIN = {"s06", "s16"}
OVERRIDE = {("s09", "one_hot"): 5.5, ("s02", "losses"): 12.0, ("s15", "splits"): 3.0}

TERM = """
time_zone = "Asia/Seoul"
language = "en"
roster = "students.csv"

[late]
per = "day"
percent = 10
most = 50
grace = "15 min"

[assignments.week1]
due = 2026-03-10 23:59:00

[assignments.week1.exercises]
losses = 20
one_hot = 7

[assignments.week2]
due = 2026-03-17 23:59:00

[assignments.week2.exercises]
splits = 10
conv_arithmetic = 4.5

[assignments.week3]
due = 2026-03-24 23:59:00
late = { per = "hour", percent = 1, most = 20 }

[assignments.week3.exercises]
activations = 9.99
"""


def term_text() -> str:
    """The term with what holds for single students."""
    parts = [TERM]
    for student in sorted(EXTENDED | EXEMPT | KOREAN):
        parts.append(f"\n[students.{student}]\n")
        if student in EXTENDED:
            parts.append('extensions = { week1 = "3 days", week2 = "3 days", week3 = "3 days" }\n')
        if student in EXEMPT:
            parts.append('exempt = ["one_hot", "week2"]\n')
        if student in KOREAN:
            parts.append('language = "ko"\n')
    return "".join(parts)


def works(student: str, slug: str, *, last: bool = True) -> bool:
    """Whether what a student hands in for an exercise is right; who hands in again has it wrong at first."""
    if student in AGAIN and not last:
        return False
    return (STUDENTS.index(student) + len(slug)) % 3 != 0


def wrong(slug: str) -> str:
    """A file that earns something less than all: the last function of the solution is broken."""
    source = solution(slug)
    name = re.findall(r"^def (\w+)\(", source, flags=re.MULTILINE)[-1]
    return f"{source}\n\ndef {name}(*args, **kwargs):\n    return None\n"


def handed_in_at(student: str, assignment: str) -> datetime:
    return (
        DUE[assignment]
        - timedelta(hours=3)
        + (LATE_BY[student] + timedelta(hours=3) if student in LATE_BY else timedelta(0))
    )


@dataclass
class Class:
    """A teacher's folder, and what was handed in by whom."""

    root: Path

    def run(self, *command: str, expect: int = 0) -> str:
        bin_ = Path(sys.executable).parent
        tool = shutil.which(command[0], path=f"{bin_}{os.pathsep}{os.environ['PATH']}")
        assert tool is not None
        done = subprocess.run(
            [tool, *command[1:]],
            cwd=self.root,
            env={
                **os.environ,
                "PATH": f"{bin_}{os.pathsep}{os.environ['PATH']}",
                "COURSE_LANG": "en",
                "JUPYTER_DATA_DIR": str(self.root / "jupyter"),
            },
            capture_output=True,
            text=True,
            encoding="utf-8",
            check=False,
        )
        assert done.returncode == expect, done.stdout + done.stderr
        assert "Traceback" not in done.stderr
        return done.stdout

    def table(self, path: str) -> dict[str, dict[str, str]]:
        text = (self.root / path).read_text(encoding="utf-8-sig")
        return {row["student"]: row for row in csv.DictReader(io.StringIO(text))}

    def export(self, to: str) -> list[dict[str, str]]:
        return list(csv.DictReader(io.StringIO(self.run("course", "export", "grades", "--to", to))))

    def earned(self, student: str, assignment: str, slug: str) -> Fraction:
        """The share of an exercise's own points that the graders gave, from the result as it was kept."""
        path = self.root / "grades" / assignment / "results" / f"{student}.json"
        [result] = [
            each for each in json.loads(path.read_text(encoding="utf-8"))["exercises"] if each["slug"] == slug
        ]
        worth = sum(test["max_points"] for test in result["tests"])
        assert (result["status"] == "passed") == (student not in ABSENT and works(student, slug))
        return Fraction(sum(test["points"] for test in result["tests"]), worth)

    def expected(
        self, student: str, assignment: str, *, cells: dict[str, tuple[int, int, int, int]]
    ) -> float | None:
        """A student's points, from the rules alone: None for one who has none."""
        if student in EXEMPT and assignment == "week2":
            return None
        given = {slug: OVERRIDE[student, slug] for slug in POINTS[assignment] if (student, slug) in OVERRIDE}
        if student in ABSENT and not given:
            return None
        points, most, off = 0.0, 0.0, 0.0
        for slug, worth in POINTS[assignment].items():
            if student in EXEMPT and slug == "one_hot":
                continue
            own = given[slug] if slug in given else self._scaled(worth, cells[f"{student} {slug}"])
            points, most = round(points + own, 2), round(most + worth, 2)
            off = round(off + round(own * self._rate(student, assignment), 2), 2)
        whole = sum(POINTS[assignment].values())
        return round((points - off) * (whole / most if most != whole else 1), 2)

    @staticmethod
    def _scaled(worth: float, cell: tuple[int, int, int, int]) -> float:
        """The points of the visible and the hidden cell, each rounded to a hundredth, as nbgrader's gradebook keeps them."""
        visible, most_visible, hidden, most_hidden = cell
        first = round(worth * most_visible / (most_visible + most_hidden), 2)
        second = round(worth - first, 2)
        parts = [(visible, most_visible, first), (hidden, most_hidden, second)]
        return round(
            sum(round(share * got / most, 2) if got != most else share for got, most, share in parts if most),
            2,
        )

    @staticmethod
    def _rate(student: str, assignment: str) -> float:
        late = LATE_BY.get(student, timedelta(0)) - (
            timedelta(days=3) if student in EXTENDED else timedelta(0)
        )
        if student in ABSENT or late <= timedelta(0):
            return 0.0
        if assignment == "week3":
            return min(20, ceil(late / timedelta(hours=1))) / 100
        return 0.0 if late <= timedelta(minutes=15) else min(50, 10 * ceil(late / timedelta(days=1))) / 100

    def cells(self) -> dict[str, tuple[int, int, int, int]]:
        """By student and exercise: points and worth of the visible tests, of the hidden ones."""
        found = {}
        for assignment in POINTS:
            for path in (self.root / "grades" / assignment / "results").glob("*.json"):
                for each in json.loads(path.read_text(encoding="utf-8"))["exercises"]:
                    sums = [
                        sum(test[key] for test in each["tests"] if test["hidden"] == hidden)
                        for hidden in (False, True)
                        for key in ("points", "max_points")
                    ]
                    found[f"{path.stem} {each['slug']}"] = tuple(sums)
        return found

    def check(self) -> dict[tuple[str, str], float | None]:
        """That all tables agree with what is worked out here; the totals."""
        cells = self.cells()
        due = {
            (student, assignment): self.expected(student, assignment, cells=cells)
            for student in STUDENTS
            for assignment in POINTS
        }
        for student in STUDENTS:
            for assignment, slugs in POINTS.items() if student not in ABSENT | EXEMPT else ():
                for slug in slugs:
                    self.earned(student, assignment, slug)
        canvas = {row["SIS Login ID"]: row for row in self.export("canvas")[1:]}
        moodle = {row["ID number"]: row for row in self.export("moodle")}
        nbgrader = {(row["student_id"], row["assignment"]): row for row in self.export("nbgrader")}
        whole = self.table("grades/grades.csv")
        for (student, assignment), points in due.items():
            where = (student, assignment)
            cell = "" if points is None else points
            for shown in (canvas[student][assignment], moodle[student][assignment], nbgrader[where]["score"]):
                assert ("" if shown == "" else float(shown)) == cell, where
            row = self.table(f"grades/{assignment}/grades.csv")[student]
            told = 0.0 if points is None and student in ABSENT else cell
            assert ("" if row["points"] == "" else float(row["points"])) == told, where
            assert ("" if whole[student][assignment] == "" else float(whole[student][assignment])) == told, (
                where
            )
            if row["points"]:
                parts = sum(float(row[name]) for name in ("code", "quiz", "report", "override", "adjusted"))
                assert round(parts - float(row["late"]), 2) == float(row["points"])
            page = (self.root / "grades" / assignment / "summary.html").read_text(encoding="utf-8")
            [listed] = re.findall(
                rf'<tr><th scope="row">[^<]*\({student}\)</th><td class="number">([^<]*)</td>', page
            )[-1:]
            most = f"{sum(POINTS[assignment].values()):g}"
            assert listed == (
                f"{told:.2f}".rstrip("0").rstrip(".") + f"/{most}" if told != "" else "exempt"
            ), where
        return due


def start(root: Path) -> Class:
    (root / "students.csv").write_text(
        "id,name\n" + "".join(f"{student},Student {student[1:]}\n" for student in STUDENTS), encoding="utf-8"
    )
    (root / "term.toml").write_text(term_text(), encoding="utf-8")
    return Class(root)


def hand_in(root: Path, *, last: bool) -> None:
    """Everybody's files, as a platform would bring them, with the time beside them."""
    for student in STUDENTS:
        for assignment, slugs in POINTS.items() if student not in ABSENT else ():
            folder = root / "class" / student / assignment
            folder.mkdir(parents=True, exist_ok=True)
            for slug in slugs:
                right = works(student, slug, last=last)
                (folder / f"{slug}.py").write_text(solution(slug) if right else wrong(slug), encoding="utf-8")
            time = handed_in_at(student, assignment)
            (folder / "timestamp.txt").write_text(f"{time:%Y-%m-%d %H:%M:%S} UTC", encoding="utf-8")


def test_a_term_without_nbgrader(tmp_path):
    class_ = start(tmp_path)
    hand_in(tmp_path, last=False)
    class_.run("course", "grade", "class", "--seed", "7")
    for (student, slug), points in OVERRIDE.items():
        class_.run(
            "course", "mark", student, slug, "--points", str(points), "--note", f"why {slug}", "--by", "Prof"
        )
    # Handed in again: the dry run says what then changes, and writes nothing.
    hand_in(tmp_path, last=True)
    before = {path: path.read_bytes() for path in sorted((tmp_path / "grades").rglob("*")) if path.is_file()}
    told = json.loads(class_.run("course", "grade", "class", "--dry-run", "--json"))
    assert before == {
        path: path.read_bytes() for path in sorted((tmp_path / "grades").rglob("*")) if path.is_file()
    }
    assert {each["student"] for each in told} <= AGAIN
    assert told
    class_.run("course", "grade", "class")
    changed = [
        {"assignment": assignment, **row}
        for assignment in POINTS
        if (path := tmp_path / "grades" / assignment / "changes.csv").is_file()
        for row in csv.DictReader(io.StringIO(path.read_text(encoding="utf-8-sig")))
    ]
    totals = {
        (row["student"], row["assignment"]): (row["before"], row["after"])
        for row in changed
        if row["item"] == "total"
    }
    assert {
        (each["student"], each["assignment"]): (f"{each['before']:g}", f"{each['after']:g}") for each in told
    } == totals
    for student, assignment in totals:
        [message] = (tmp_path / "grades" / assignment / "messages").glob(f"*/{student}.txt")
        assert totals[student, assignment][1] in message.read_text(encoding="utf-8")
    due = class_.check()
    # Once more changes nothing, and what people gave stays with who and why.
    class_.run("course", "grade", "class")
    assert class_.check() == due
    page = (tmp_path / "grades" / "week1" / "feedback" / "s09.html").read_text(encoding="utf-8")
    assert "why one_hot" in page
    assert "Prof" in page
    korean = (tmp_path / "grades" / "week1" / "feedback" / "s07.html").read_text(encoding="utf-8")
    assert 'lang="ko"' in korean
    assert 'lang="en"' in page
    # Taken back, the graders' word counts again.
    class_.run("course", "mark", "s09", "one_hot", "--remove")
    again = json.loads(class_.run("course", "mark", "s09", "--json"))
    assert again[0]["marks"][-1]["removed"]
    assert class_.table("grades/week1/grades.csv")["s09"]["override"] == "0"


def test_a_regrade_after_a_term_s_points_changed(tmp_path):
    class_ = start(tmp_path)
    hand_in(tmp_path, last=True)
    class_.run("course", "grade", "class", "--assignment", "week3")
    before = class_.table("grades/week3/grades.csv")
    text = (tmp_path / "term.toml").read_text(encoding="utf-8")
    (tmp_path / "term.toml").write_text(
        text.replace("activations = 9.99", "activations = 20"), encoding="utf-8"
    )
    told = json.loads(class_.run("course", "grade", "class", "--assignment", "week3", "--dry-run", "--json"))
    class_.run("course", "grade", "class", "--assignment", "week3")
    after = class_.table("grades/week3/grades.csv")
    differ = {student for student in STUDENTS if before[student]["points"] != after[student]["points"]}
    assert {each["student"] for each in told} == differ
    for each in told:
        assert float(before[each["student"]]["points"]) == each["before"]
        assert float(after[each["student"]]["points"]) == each["after"]
    assert catalog().exercise("activations").slug in after["s01"]


def test_a_term_through_nbgrader(tmp_path):
    pytest.importorskip("nbgrader", reason="nbgrader is not installed: pip install -e '.[dev]'")
    from course.classroom.coursedir import gradebook

    class_ = start(tmp_path)
    class_.run("course", "nbgrader", "init", ".")
    class_.run("course", "nbgrader", "build")
    # The real exchange for one student, and what `nbgrader collect` lays down for the others.
    (tmp_path / "exchange").mkdir(mode=0o777)
    exchange = (
        f"--Exchange.root={tmp_path / 'exchange'}",
        f"--Exchange.cache={tmp_path / 'cached'}",
        "--CourseDirectory.course_id=term",
    )
    home = Class(tmp_path / "home")
    home.root.mkdir()
    for assignment in POINTS:
        class_.run("nbgrader", "generate_assignment", assignment)
    for last in (False, True):
        for assignment, slugs in POINTS.items():
            released = json.loads(
                (tmp_path / "release" / assignment / f"{assignment}.ipynb").read_text(encoding="utf-8")
            )
            for student in STUDENTS:
                if student in ABSENT or (last and student not in AGAIN):
                    continue
                for cell in released["cells"]:
                    slug = cell["metadata"].get("nbgrader", {}).get("grade_id", "")
                    if slug in slugs:
                        right = works(student, slug, last=last)
                        cell["source"] = f"# exercise: {slug}\n{solution(slug) if right else wrong(slug)}"
                folder = tmp_path / "submitted" / student / assignment
                folder.mkdir(parents=True, exist_ok=True)
                (folder / f"{assignment}.ipynb").write_text(json.dumps(released), encoding="utf-8")
                time = handed_in_at(student, assignment)
                (folder / "timestamp.txt").write_text(f"{time:%Y-%m-%d %H:%M:%S.%f} UTC", encoding="utf-8")
        if not last:
            class_.run("nbgrader", "release_assignment", "week1", *exchange)
            home.run("nbgrader", "fetch_assignment", "week1", *exchange)
            shutil.copy(
                tmp_path / "submitted" / "s01" / "week1" / "week1.ipynb", home.root / "week1" / "week1.ipynb"
            )
            home.run("nbgrader", "submit", "week1", "--student", "s01", *exchange)
            shutil.rmtree(tmp_path / "submitted" / "s01" / "week1")
            class_.run("nbgrader", "collect", "week1", *exchange)
            # It came in today: the term says when it was.
            time = handed_in_at("s01", "week1")
            text = term_text() + f"\n[students.s01]\nhanded_in = {{ week1 = {time:%Y-%m-%dT%H:%M:%SZ} }}\n"
            (tmp_path / "term.toml").write_text(text, encoding="utf-8")
        class_.run("course", "grade", ".", "--seed", "7", "--gradebook", "gradebook.db")
        if not last:
            for (student, slug), points in OVERRIDE.items():
                class_.run("course", "mark", student, slug, "--points", str(points), "--note", f"why {slug}")
    due = class_.check()
    scores = {}
    class_.run("nbgrader", "export")
    for row in csv.DictReader((tmp_path / "grades.csv").read_text(encoding="utf-8").splitlines()):
        scores[row["student_id"], row["assignment"]] = float(row["score"])
    for where, points in due.items():
        # nbgrader has 0 for who has no points.
        assert round(scores[where], 2) == (points or 0.0), where
    with gradebook(tmp_path / "gradebook.db") as opened:
        comments = opened.find_submission_notebook("week1", "week1", "s09").comments
        assert "why one_hot" in {comment.comment for comment in comments}

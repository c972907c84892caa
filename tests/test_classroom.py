"""A whole class: whose file is whose, graded once, whatever is handed in and whenever the run is killed."""

from __future__ import annotations

import csv
import io
import json
import os
import random
import signal
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from course.classroom import folder, statistics
from course.content.catalog import catalog
from course.processes import zygotes
from course.results import ExerciseResult, Report, TestResult
from course.term import roster
from tests.cluster import cluster
from tests.conftest import solution

pytestmark = pytest.mark.skipif(not zygotes.confined(), reason="workers are confined on Linux only")

SLUGS = ("lstm_gates", "rnn_forward")
DAYS = tuple(f"--day={slug}" for slug in SLUGS)
WRONG = solution("lstm_gates") + "\n\ndef lstm_step(h, c, x, W, b):\n    return h, c\n"


class Teacher:
    """Types commands in a folder of their own."""

    def __init__(self, where: Path) -> None:
        self.folder = where
        self.environment = {**os.environ, "COURSE_LANG": "en", "COLUMNS": "100"}

    def start(self, *arguments: str) -> subprocess.Popen[str]:
        return subprocess.Popen(
            [sys.executable, "-m", "course", *arguments],
            cwd=self.folder,
            env=self.environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            encoding="utf-8",
        )

    def __call__(self, *arguments: str, expect: int = 0) -> str:
        with self.start(*arguments) as process:
            said, _ = process.communicate()
        assert process.returncode == expect, said
        assert "Traceback" not in said
        return said

    def hand_in(self, student: str, *, place: str = "class", **sources: str | bytes) -> None:
        for slug, source in sources.items():
            path = self.folder / place / student / catalog().exercise(slug).day / f"{slug}.py"
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(source if isinstance(source, bytes) else source.encode("utf-8"))

    def all_right(self, student: str) -> None:
        self.hand_in(student, **{slug: solution(slug) for slug in SLUGS})

    def grades(self, out: str = "grades") -> dict[str, dict[str, str]]:
        text = (self.folder / out / "grades.csv").read_text(encoding="utf-8-sig")
        return {row["student"]: row for row in csv.DictReader(io.StringIO(text))}

    def points(self, out: str = "grades") -> dict[str, int]:
        return {student: int(row["points"]) for student, row in self.grades(out).items()}

    def zip(self, name: str, files: dict[str, str | bytes], encoding: str = "utf-8") -> None:
        with zipfile.ZipFile(self.folder / name, "w", zipfile.ZIP_DEFLATED) as archive:
            for path, data in files.items():
                archive.writestr(_OldEntry(path) if encoding != "utf-8" else path, data)


class _OldEntry(zipfile.ZipInfo):
    """Named as Korean Windows does it: bytes of its own code page, without a word on which."""

    def _encodeFilenameFlags(self) -> tuple[bytes, int]:  # noqa: N802
        return self.filename.encode("cp949"), 0


@pytest.fixture
def teacher(tmp_path: Path) -> Teacher:
    return Teacher(tmp_path)


def test_one_bad_submission_costs_nobody_else_anything(teacher):
    teacher.all_right("perfect")
    teacher.hand_in("half", lstm_gates=WRONG, rnn_forward=catalog().exercise("rnn_forward").stub.read_bytes())
    teacher.hand_in("exits", lstm_gates="import os\nos._exit(0)\n", rnn_forward=solution("rnn_forward"))
    teacher.hand_in("binary", lstm_gates=b"\xff\x00\xfe", rnn_forward="def (")
    teacher.hand_in("deep", lstm_gates="x = " + "-" * 200_000 + "1", rnn_forward="f" + "()" * 50_000)
    link = teacher.folder / "class" / "linked" / "day10"
    link.mkdir(parents=True)
    (link / "lstm_gates.py").symlink_to(catalog().exercise("lstm_gates").solution)
    (link / "rnn_forward.py").write_text("pass\n")
    said = teacher("grade", "class", *DAYS, expect=1)  # a person should look at what could not be read
    assert "binary: day10/lstm_gates.py cannot be used" in said
    points = teacher.points()
    most = int(teacher.grades()["perfect"]["max_points"])
    assert points["perfect"] == most
    assert 0 < points["half"] < 10
    assert points["exits"] == 10
    assert points["binary"] == points["deep"] == points["linked"] == 0
    page = (teacher.folder / "grades" / "feedback" / "half.html").read_text(encoding="utf-8")
    assert "lstm_step(" in page
    assert "Graded: day10/lstm_gates.py" in page
    assert "perfect" not in page
    known = results(teacher, "half")
    for seed in {known.get("seed"), *(each["seed"] for each in known["exercises"])} - {None}:
        assert str(seed) not in page  # held-out inputs of a second try follow from none
    assert "<script" not in page
    assert "http" not in page.replace("http://www.w3.org", "").replace("http-equiv", "")
    hidden = [test for test in results(teacher, "half")["exercises"][1]["tests"] if test["hidden"]]
    assert hidden
    summary = (teacher.folder / "grades" / "summary.html").read_text(encoding="utf-8")
    assert "feedback/half.html" in summary


def results(teacher: Teacher, student: str) -> dict:
    return json.loads((teacher.folder / "grades" / "results" / f"{student}.json").read_text(encoding="utf-8"))


def test_another_try_is_graded_on_data_of_its_own(teacher):
    for student in ("kim", "lee"):
        teacher.all_right(student)
    teacher.hand_in("kim", lstm_gates=solution("lstm_gates") + "\n# a second try\n")
    teacher("grade", "class", *DAYS, "--seed", "4")
    kim, lee = (
        {each["slug"]: each["seed"] for each in results(teacher, name)["exercises"]}
        for name in ("kim", "lee")
    )
    assert kim["lstm_gates"] != lee["lstm_gates"]
    assert kim["rnn_forward"] == lee["rnn_forward"] != 4  # the same file: the same data
    # Whoever has the grades folder repeats it with the exercise's own seed.
    arguments = ("--submission", "class/kim", "--seed", str(kim["lstm_gates"]), "--json")
    again = json.loads(teacher("check", "lstm_gates", *arguments))
    assert again["exercises"][0]["points"] == 10


def test_what_has_not_changed_is_not_graded_again(teacher):
    teacher.all_right("kim")
    teacher.all_right("lee")
    said = teacher("grade", "class", *DAYS, "--seed", "4")
    assert "seed 4" in said
    assert "kim" in said
    again = teacher("grade", "class", *DAYS)
    assert "seed 4" in again
    assert "kim" not in again
    teacher.hand_in("lee", lstm_gates=WRONG)
    third = teacher("grade", "class", *DAYS)
    assert "kim" not in third
    assert "lee" in third
    assert teacher.points()["lee"] < teacher.points()["kim"]
    exported = teacher("export", "grades", "--to", "csv")
    assert "kim" in exported
    (teacher.folder / "class" / "kim").rename(teacher.folder / "class" / "park")
    teacher("grade", "class", *DAYS)
    exported = teacher("export", "grades", "--to", "csv")
    assert "kim" not in exported  # the export is of the class as it was graded last
    assert "park" in exported
    assert "park" in teacher("grade", "class", *DAYS, "--seed", "5")
    assert "other exercises" in teacher("grade", "class", "--day", "perceptron", expect=2)
    (teacher.folder / "mine").mkdir()
    (teacher.folder / "mine" / "notes.txt").write_text("mine")
    assert "other files" in teacher("grade", "class", *DAYS, "--out", "mine", expect=2)


def test_the_days_that_were_handed_in(teacher):
    teacher.hand_in("kim", gan_losses=solution("gan_losses"))
    teacher("grade", "class")
    row = teacher.grades()["kim"]
    assert row["gan_losses"] != "0"
    assert row["reinforcement_learning"] == "0"
    assert "lstm_gates" not in row


def test_wrong_usage(teacher):
    teacher.hand_in("day10", place="one", lstm_gates="")
    assert "There is no" in teacher("grade", "nowhere", expect=2)
    assert "one submission" in teacher("grade", "one/day10", expect=2)
    (teacher.folder / "empty").mkdir()
    assert "no submissions" in teacher("grade", "empty", expect=2)
    (teacher.folder / "text.zip").write_text("not a zip")
    assert "readable zip" in teacher("grade", "text.zip", expect=2)
    (teacher.folder / "list.csv").write_text("colour\nred\n")
    assert "column of ids" in teacher("grade", "one", "--roster", "list.csv", expect=2)


def test_moodles_zip_with_its_worksheet(teacher):
    """Korean names in Windows' own encoding, a zip inside, paths that lead out, someone who is not in the course."""
    inner = io.BytesIO()
    with zipfile.ZipFile(inner, "w") as archive:
        archive.writestr("day10/lstm_gates.py", solution("lstm_gates"))
        archive.writestr("../../rnn_forward.py", solution("rnn_forward"))
    right = solution("lstm_gates")
    files: dict[str, str | bytes] = {
        "김하늘_101_assignsubmission_file_/숙제.zip": inner.getvalue(),
        "이민준_102_assignsubmission_file_/lstm_gates (1).py": right,
        "이민준_102_assignsubmission_file_/lstm_gates.py": "raise ValueError\n",
        "손님_999_assignsubmission_file_/lstm_gates.py": right,
    }
    teacher.zip("moodle.zip", files, encoding="cp949")
    rows = 'Identifier,Full name,Email address,Grade,Maximum Grade,"Last modified (grade)"\n'
    rows += "Participant 101,김하늘,a@x.kr,,50.00,-\nParticipant 102,이민준,b@x.kr,,50.00,-\nParticipant 103,박서연,c@x.kr,,50.00,-\n"
    (teacher.folder / "worksheet.csv").write_bytes(rows.encode("utf-8-sig"))
    said = teacher("grade", "moodle.zip", "--roster", "worksheet.csv", *DAYS, expect=1)
    assert "손님 is not on the roster" in said
    points = teacher.points()
    assert points["a@x.kr"] == points["b@x.kr"] == points["999"] == 10
    assert teacher.grades()["c@x.kr"]["handed_in"] == "no"
    exported = teacher("export", "grades", "--to", "moodle")
    worksheet = {row["Identifier"]: row for row in csv.DictReader(io.StringIO(exported))}
    assert worksheet["Participant 101"]["Grade"] == "25.00"
    assert worksheet["Participant 103"]["Grade"] == ""
    assert "Last modified (grade)" in worksheet["Participant 101"]


def test_canvas_zip_with_its_gradebook(teacher):
    teacher.zip(
        "submissions.zip",
        {
            "doejohn_501_77_lstm_gates.py": "raise ValueError\n",
            "doejohn_501_78_lstm_gates-1.py": solution("lstm_gates"),
            "김하늘_LATE_502_79_rnn_forward.py": solution("rnn_forward"),
        },
    )
    rows = "Student,ID,SIS User ID,SIS Login ID,Section,Old (12)\n    Points Possible,,,,,10\n"
    rows += '"Doe, John",501,2026001,jdoe,A,3\n김하늘,502,2026002,sky,A,4\n'
    (teacher.folder / "canvas.csv").write_text(rows, encoding="utf-8")
    teacher("grade", "submissions.zip", "--roster", "canvas.csv", *DAYS)
    assert teacher.points() == {"2026001": 10, "2026002": 10}
    lines = list(csv.reader(io.StringIO(teacher("export", "grades", "--to", "canvas"))))
    assert lines[0] == ["Student", "ID", "SIS User ID", "SIS Login ID", "Section", "day10"]
    assert lines[1] == ["    Points Possible", "", "", "", "", "20"]
    assert lines[2] == ["Doe, John", "501", "2026001", "jdoe", "A", "10"]
    nbgrader = list(csv.DictReader(io.StringIO(teacher("export", "grades", "--to", "nbgrader"))))
    assert nbgrader[0]["student_id"] == "2026001"
    assert nbgrader[0]["last_name"] == "Doe"
    assert float(nbgrader[0]["score"]) == 10


def test_a_zip_bomb_and_a_broken_notebook_are_told_and_cost_only_themselves(teacher):
    bomb = io.BytesIO()
    with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("lstm_gates.py", bytes(64 << 20))
    teacher.all_right("kim")
    teacher.all_right("bomber")
    (teacher.folder / "class" / "bomber" / "more.zip").write_bytes(bomb.getvalue())
    (teacher.folder / "class" / "kim" / "day10.ipynb").write_text("{")
    (teacher.folder / "class" / "kim" / "work.rar").write_text("Rar!")
    teacher.zip("class/park.zip", {f"day10/{slug}.py": solution(slug) for slug in SLUGS})
    (teacher.folder / "class" / "bomber" / "lstm_gates (2).py").write_text("# long\n" * 100_000)
    said = teacher("grade", "class", *DAYS, expect=1)
    assert "larger than 20 MB" in said
    assert "its code is larger than 0.5 MB" in said
    assert "day10.ipynb cannot be read as a notebook" in said
    assert "only zip archives" in said
    assert list(teacher.points()) == ["bomber", "kim", "park"]
    assert len(set(teacher.points().values())) == 1
    page = (teacher.folder / "grades" / "feedback" / "kim.html").read_text(encoding="utf-8")
    assert "cannot be read as a notebook" in page


def test_notebooks_are_graded_from_their_cells(teacher):
    cells = [
        {"cell_type": "code", "source": "raise RuntimeError('a cell that fails')", "metadata": {}},
        {"cell_type": "code", "source": solution("lstm_gates"), "metadata": {}},
    ]
    path = teacher.folder / "class" / "kim" / "day10" / "day10.ipynb"
    path.parent.mkdir(parents=True)
    path.write_text(json.dumps({"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 5}))
    teacher("grade", "class", *DAYS)
    assert teacher.grades()["kim"]["lstm_gates"] == "10"
    assert teacher.grades()["kim"]["rnn_forward"] == "0"


def many(teacher: Teacher, count: int) -> None:
    for number in range(count):
        name = f"s{number:03}"
        teacher.hand_in(name, lstm_gates=WRONG if number % 3 else solution("lstm_gates"))
        teacher.hand_in(
            name, rnn_forward="import os\nos._exit(1)\n" if number % 7 == 4 else solution("rnn_forward")
        )


def test_killed_at_ten_random_points_and_resumed(teacher):
    many(teacher, 120)  # more than ten runs can grade before they are killed
    teacher("grade", "class", *DAYS, "--out", "whole", "--seed", "9")
    draw = random.Random()
    for _ in range(10):
        with teacher.start("grade", "class", *DAYS, "--seed", "9") as process:
            assert process.stdout is not None
            seen = [line for line, _ in zip(process.stdout, range(draw.randint(1, 4)), strict=False)]
            assert seen
            try:
                process.wait(timeout=draw.uniform(0, 0.05))
            except subprocess.TimeoutExpired:
                process.send_signal(signal.SIGKILL)
        assert process.returncode == -signal.SIGKILL
        for path in (teacher.folder / "grades" / "results").glob("*.json"):
            json.loads(path.read_text(encoding="utf-8"))
        assert not (teacher.folder / "grades" / "grades.csv").exists()
    teacher("grade", "class", *DAYS)
    whole, resumed = teacher.folder / "whole", teacher.folder / "grades"
    assert (resumed / "grades.csv").read_bytes() == (whole / "grades.csv").read_bytes()
    names = [{path.relative_to(top) for path in top.rglob("*")} for top in (whole, resumed)]
    assert names[0] == names[1]


def test_stopped_from_the_keyboard(teacher):
    many(teacher, 12)
    with teacher.start("grade", "class", *DAYS, "--jobs", "1") as process:
        assert process.stdout is not None
        next(line for line in process.stdout if line.startswith("1/12"))
        process.send_signal(signal.SIGINT)
        said = process.stdout.read()
    assert process.returncode == 1
    assert "The same command goes on" in said
    assert "Traceback" not in said


def test_a_cluster_that_loses_a_worker_loses_no_result(teacher):
    many(teacher, 24)
    teacher("grade", "class", *DAYS, "--out", "here", "--seed", "9")
    with cluster(teacher.folder, 3) as running:
        with teacher.start("grade", "class", *DAYS, "--seed", "9", "--scheduler", running.address) as process:
            assert process.stdout is not None
            said = []
            for line in process.stdout:
                said.append(line)
                if line.startswith("12/24"):
                    running.workers[0].kill()
        assert process.returncode == 0, "".join(said)
    assert teacher.points("here") == teacher.points()
    here, there = (teacher.folder / out / "grades.csv" for out in ("here", "grades"))
    assert here.read_bytes() == there.read_bytes()


def test_no_scheduler_there(teacher):
    pytest.importorskip("distributed", reason="dask.distributed is not installed: pip install -e '.[dev]'")
    teacher.all_right("kim")
    said = teacher("grade", "class", *DAYS, "--scheduler", "nonsense://here", expect=2)
    assert "no scheduler" in said


def test_pages_in_korean(teacher):
    teacher.environment["COURSE_LANG"] = "ko"
    teacher.hand_in("20260001", lstm_gates=WRONG)
    (teacher.folder / "list.csv").write_bytes(
        "학번,이름\n20260001,=HYPERLINK(김하늘)\n20260002,이민준\n".encode("cp949")
    )
    teacher("grade", "class", *DAYS, "--roster", "list.csv")
    page = (teacher.folder / "grades" / "feedback" / "20260001.html").read_text(encoding="utf-8")
    assert '<html lang="ko">' in page
    assert "반환" in page
    summary = (teacher.folder / "grades" / "summary.html").read_text(encoding="utf-8")
    assert "이민준" in summary
    assert "변별도" in summary
    assert teacher.grades()["20260001"]["name"].startswith("'=")


def graded(points: list[int]) -> folder.Graded:
    names = [test.removeprefix("test_") for test in ("one", "two", "three")]
    tests = tuple(
        TestResult(name, "passed" if own else "failed", own, 2)
        for name, own in zip(names, points, strict=True)
    )
    report = Report("s", 1, (ExerciseResult("lstm_gates", "day10", tests),))
    return folder.Graded(roster.Student("s"), report, ("key",))


def summed(class_: list[folder.Graded]) -> statistics.Summary:
    return statistics.summary(class_, [each.report.points for each in class_], class_[0].report.max_points)


def test_item_statistics_are_those_of_the_textbook():
    import numpy as np

    points = [[2, 2, 2], [2, 0, 2], [0, 2, 0], [0, 0, 0], [2, 2, 0], [0, 2, 2]]
    items = summed([graded(each) for each in points]).items
    table = np.array(points)
    for number, item in enumerate(items):
        rest = table.sum(axis=1) - table[:, number]
        assert item.difficulty == table[:, number].mean() / 2
        assert item.discrimination == pytest.approx(np.corrcoef(table[:, number], rest)[0, 1])
    assert summed([graded([2, 0, 2])] * 3).items[0].discrimination is None
    assert sum(summed([graded(each) for each in points]).bins) == 6
    assert summed([graded([2, 2, 2])]).bins[-1] == 1


def test_ids_as_file_names():
    for student in ("a/b", "..", "kim@x.kr", "김하늘", "a%2Fb", 'q:"*', "end.", ""):
        name = folder.file_name(student)
        assert not set(name) & set('/\\:*?"<>|')
        assert name not in (".", "..")
    assert len({folder.file_name(student) for student in ("a/b", "a%2Fb", "a_b")}) == 3

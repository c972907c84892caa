"""A term's file: what it says, what is wrong in it, and what late work, extensions and exemptions come to."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from course.classroom.account import account
from course.classroom.folder import Graded
from course.classroom.marks import Mark
from course.content.catalog import catalog
from course.processes import zygotes
from course.results import ExerciseResult, Report, TestResult
from course.term import dates, gradedcells, places, read
from course.term.late import Late
from course.term.roster import Student
from course.term.term import Assignment, Exceptions, Quiz, Work, due
from tests.conftest import solution

TERM = """
time_zone = "Asia/Seoul"
roster = "students.csv"
drop_lowest = 1

[late]
per = "day"
percent = 10
most = 50
grace = "15 min"

[assignments.week1]
due = 2026-03-10 23:59:00

[assignments.week1.exercises]
losses = 20
one_hot = { points = 7, due = 2026-03-12 12:00:00 }

[assignments.week1.quiz]
day07 = { questions = 3, points = 5 }

[assignments.week2]
due = 2026-03-17T23:59:00-05:00
late = { per = "none" }

[assignments.week2.exercises]
splits = 10

[students.kim]
language = "ko"
exempt = ["one_hot"]
extensions = { week1 = "3 days", splits = 2026-03-20 12:00:00 }
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "students.csv").write_text("id,name\nkim,Kim\nlee,Lee\n", encoding="utf-8")
    (tmp_path / "term.toml").write_text(TERM, encoding="utf-8")
    return tmp_path


def run(folder: Path, *arguments: str, expect: int = 0, lang: str = "en") -> str:
    done = subprocess.run(
        [sys.executable, "-m", "course", *arguments],
        cwd=folder,
        env={**os.environ, "COURSE_LANG": lang, "COLUMNS": "90", "TZ": "Asia/Seoul"},
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )
    assert done.returncode == expect, done.stdout + done.stderr
    assert "Traceback" not in done.stderr
    return done.stdout + done.stderr


def test_what_the_file_says(folder):
    term = read.read(folder / "term.toml")
    week1, week2 = term.assignments
    assert week1.due == datetime(2026, 3, 10, 14, 59, tzinfo=UTC)
    assert week2.due == datetime(2026, 3, 18, 4, 59, tzinfo=UTC)
    assert week1.late == Late("day", 10, 50, timedelta(minutes=15))
    assert week2.late.per == "none"
    assert [each.points for each in week1.work] == [20, 7]
    assert len(week1.quizzes[0].asked) == 3
    kim = term.of("kim")
    assert due(week1, None, kim) == datetime(2026, 3, 13, 14, 59, tzinfo=UTC)
    assert due(week1, week1.work[1], kim) == datetime(2026, 3, 15, 3, 0, tzinfo=UTC)
    assert due(week2, week2.work[0], kim) == datetime(2026, 3, 20, 3, 0, tzinfo=UTC)
    assert due(week2, None, term.of("lee")) == week2.due


# What is put into the file in place of something; the line it stands in, and words of what is said.
WRONG = [
    ('roster = "students.csv"', 'rooster = "students.csv"', 3, "roster"),
    ('"Asia/Seoul"', '"Asia/Seol"', 2, "There is no time zone Asia/Seol"),
    ('"students.csv"', '"none.csv"', 3, "none.csv"),
    ('"day"', '"week"', 7, "none, day, hour"),
    ('"15 min"', '"soon"', 10, "soon is no duration"),
    ("percent = 10", "percent = -1", 8, "percent must be a number"),
    ("losses = 20", "losess = 20", 16, "losses"),
    ("losses = 20", "losses = nan", 16, "must be a number"),
    ("losses = 20", "day09 = 20", 16, "day09 is a day"),
    ("splits = 10", "losses = 10", 27, "week1 and week2"),
    ("[assignments.week2]", "[assignments.Week1]", 22, "already the name of another"),
    ("[assignments.week2]", "[assignments.solutions]", 22, "cannot be an assignment's name"),
    ("[assignments.week2]", "[assignments.losses]", 22, "already the name of another"),
    ("2026-03-10 23:59:00", "2026-03-10", 13, "A date without a time"),
    ("2026-03-10 23:59:00", '"tomorrow"', 13, "Not a date"),
    ("questions = 3", "questions = 3000", 20, "questions must be a whole number"),
    ("points = 7,", "point = 7,", 17, "points"),
    ("[students.kim]", "[students.kin]", 29, "Did you mean kim?"),
    ('"one_hot"]', '"one_hat"]', 31, "one_hot"),
    ('"3 days"', "2026-01-01 00:00:00", 32, "ends before the due date"),
    ("[late]", "[late", 6, "This is not TOML"),
    ("drop_lowest = 1", "drop_lowest = 2", 4, "drop_lowest must be a whole number from 0 to 1"),
    ("day07 = { questions", "day70 = { questions", 20, "day70 is not known here"),
]


@pytest.mark.parametrize(("right", "wrong", "line", "said"), WRONG, ids=[wrong for _, wrong, _, _ in WRONG])
def test_what_is_wrong_is_told_with_its_line(folder, right, wrong, line, said):
    assert TERM.count(right) >= 1
    (folder / "term.toml").write_text(TERM.replace(right, wrong, 1), encoding="utf-8")
    with pytest.raises(read.TermError) as told:
        read.read(folder / "term.toml")
    problems = dict.fromkeys(told.value.lines("en"))
    assert any(f"term.toml:{line}: " in each and said in each for each in problems), problems
    assert said.partition("{")[0] in run(folder, "term", expect=2).replace("\n", " ")
    assert told.value.lines("ko") != told.value.lines("en")


def test_a_date_without_a_zone(folder):
    (folder / "term.toml").write_text(TERM.replace('time_zone = "Asia/Seoul"\n', ""), encoding="utf-8")
    said = run(folder, "term", expect=2)
    assert "term.toml:12: This date names no time zone" in said
    assert "term.toml:21" not in said  # it has one of its own


@given(st.integers(0, 40))
def test_a_value_s_line_is_the_one_it_is_written_in(blank):
    text = "# note\n" * blank + 'a = [\n  1,\n  { b = 2 },\n]\n[c]\n"d.e" = "x"\n'
    assert places.line(text, ("a", 0)) == blank + 2
    assert places.line(text, ("a", 1, "b")) == blank + 3
    assert places.line(text, ("c", "d.e")) == blank + 6


def test_a_new_term_reads_as_one_and_shows_itself(tmp_path):
    (tmp_path / "students.csv").write_text("id,name\nkim,Kim\n", encoding="utf-8")
    said = run(tmp_path, "term", "new", "autumn", "--day", "day09", "--roster", "students.csv", lang="ko")
    assert "autumn/term.toml" in said.replace("\\", "/")
    text = (tmp_path / "autumn" / "term.toml").read_text(encoding="utf-8")
    assert 'time_zone = "Asia/Seoul"' in text
    assert "학생" in text
    shown = json.loads(run(tmp_path / "autumn", "term", "--json"))
    [assignment] = shown["assignments"]
    assert {each["slug"] for each in assignment["exercises"]} == {
        exercise.slug for exercise in catalog() if exercise.day == "day09"
    }
    assert assignment["due"].endswith("+09:00")
    before = text
    assert "left as it is" in run(tmp_path / "autumn", "term", "new", expect=2)
    assert (tmp_path / "autumn" / "term.toml").read_text(encoding="utf-8") == before


def test_two_lists_of_students_that_differ(folder):
    (folder / "other.csv").write_text("id,name\nkim,Kim\npark,Park\n", encoding="utf-8")
    (folder / "class" / "kim").mkdir(parents=True)
    (folder / "class" / "kim" / "losses.py").write_text("x = 1\n")
    said = run(folder, "grade", "class", "--roster", "other.csv", "--trust", expect=2)
    assert "park are in other.csv" in said


@pytest.mark.parametrize(
    ("noted", "time"),
    [
        ("2026-03-02 10:00:00 UTC", "2026-03-02T10:00:00+00:00"),
        ("2026-03-02 10:00:00.123456 KST", "2026-03-02T01:00:00.123456+00:00"),
        ("2026-03-02T10:00:00Z", "2026-03-02T10:00:00+00:00"),
        ("2026-03-02 10:00:00 Asia/Seoul", "2026-03-02T01:00:00+00:00"),
        ("2026-03-02 10:00:00 +0900", "2026-03-02T01:00:00+00:00"),
        ("2026-03-02 10:00", "2026-03-02T10:00:00+00:00"),
    ],
)
def test_times_that_are_noted(noted, time):
    assert dates.noted(noted, dates.zone("Asia/Seoul")).isoformat() == time


@pytest.mark.parametrize(
    "noted", ["yesterday", "", "2026-03-02", "2026-13-02 10:00:00 UTC", "2026-03-02 10:00:00 XYZ"]
)
def test_times_that_are_none(noted):
    with pytest.raises(dates.NoTime):
        dates.noted(noted, dates.zone("Asia/Seoul"))


def test_late_work_costs_what_the_rule_says():
    rule = Late("day", 10, 25, timedelta(minutes=15))
    minutes = [0, 15, 16, 24 * 60, 24 * 60 + 1, 48 * 60 + 1, 10_000_000]
    assert [rule.rate(timedelta(minutes=each)) for each in minutes] == [0, 0, 0.1, 0.1, 0.2, 0.25, 0.25]
    assert Late("hour", 2).rate(timedelta(minutes=61)) == 0.04
    assert Late().rate(timedelta(days=99)) == 0


SLUGS = ("losses", "one_hot", "splits", "team_project")
NOON = datetime(2026, 3, 10, 12, tzinfo=UTC)


@st.composite
def accounts(draw: st.DrawFn):
    """A student with any points, marks, exemptions and lateness in an assignment of any worth."""
    points = st.integers(0, 3000).map(lambda cents: cents / 100)
    work, results, keys = [], [], []
    for slug in draw(st.lists(st.sampled_from(SLUGS), min_size=1, unique=True)):
        report = draw(points) if slug == "team_project" else 0.0
        work.append(Work(catalog().exercise(slug), draw(st.none() | points), report))
        tests = []
        for number in range(draw(st.integers(1, 4))):
            most = draw(st.integers(1, 5))
            earned = draw(st.integers(0, most))
            tests.append(TestResult(f"t{number}", "failed", earned, most, hidden=draw(st.booleans())))
        results.append(ExerciseResult(slug, catalog().exercise(slug).day, tuple(tests)))
        keys.append("k")
    quizzes = (Quiz("rnn", ("a", "b", "c"), draw(points)),) if draw(st.booleans()) else ()
    late = Late("day", draw(st.integers(0, 100)), draw(st.integers(0, 100)))
    assignment = Assignment(
        "week1", tuple(work), quizzes, due=NOON, late=late, drop_lowest=draw(st.integers(0, 2))
    )
    graded = Graded(
        Student("kim"),
        Report("kim", 1, tuple(results)),
        tuple(keys),
        submitted={"week1": f"2026-03-{draw(st.integers(9, 20)):02} 13:00:00 UTC"},
        quiz={name: draw(st.sampled_from([0.0, 0.5, 1.0])) for name in "abc"},
        reports=tuple(draw(st.sets(st.just("team_project")))),
    )
    names = [*assignment.items, "late"]
    marks = {
        name: Mark(name, draw(st.none() | points), "", "t", NOON.isoformat(), None, 0.0)
        for name in draw(st.sets(st.sampled_from(names)))
    }
    exempt = frozenset(draw(st.sets(st.sampled_from(assignment.items), max_size=2)))
    return account(graded, assignment, Exceptions(exempt=exempt), marks, now=NOON)


@given(accounts())
def test_figures_add_up_to_the_total(own):
    if own.total is None:
        return
    figures = own.of("code") + own.of("quiz") + own.of("report") + own.override + own.adjusted - own.late
    assert round(figures, 2) == own.total
    cells = list(own.cells())
    scores = sum(manual if manual is not None else automatic or 0.0 for _, automatic, manual, _ in cells)
    assert round(scores - own.late, 2) == pytest.approx(own.total, abs=1e-9)
    assert own.total >= 0


@given(st.integers(0, 100_000), st.lists(st.floats(0.01, 50), min_size=1, max_size=9))
def test_what_is_split_sums_up(cents, weights):
    parts = gradedcells.split(cents / 100, weights)
    assert round(sum(parts), 2) == cents / 100
    assert all(part >= 0 for part in parts)


def test_an_assignment_s_questions_are_exported(folder):
    text = (folder / "term.toml").read_text(encoding="utf-8")
    (folder / "term.toml").write_text(text.replace("questions = 3", "questions = 4"), encoding="utf-8")
    asked = read.read(folder / "term.toml").assignments[0].quizzes[0].asked
    said = run(folder, "export", "quiz", "week1", "--to", "csv", "--variants", "1", "--out", "quiz.csv")
    assert "questions: 4" in said
    written = (folder / "quiz.csv").read_text(encoding="utf-8-sig")
    assert all(name in written for name in asked)
    assert "week2 has no quiz" in run(folder, "export", "quiz", "week2", "--to", "csv", expect=2)


@pytest.mark.skipif(not zygotes.confined(), reason="workers are confined on Linux only")
def test_a_term_that_is_changed_while_a_class_is_graded(folder):
    work = folder / "class" / "kim" / "week1" / "losses.py"
    work.parent.mkdir(parents=True)
    work.write_text(solution("losses"), encoding="utf-8")
    command = [sys.executable, "-m", "course", "grade", "class"]
    environment = {**os.environ, "COURSE_LANG": "en", "PYTHONUNBUFFERED": "1"}
    with subprocess.Popen(
        command, cwd=folder, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    ) as process:
        said = process.stdout.readline()  # the term has been read
        with (folder / "term.toml").open("a", encoding="utf-8") as file:
            file.write("# another word\n")
        said += process.communicate()[0]
    assert process.returncode == 1, said
    assert "term.toml was changed while the class was graded: grade again" in said.replace("\n", " ")
    assert "grades.csv" in said
    assert "was changed" not in run(folder, "grade", "class")

"""`course report`: what it says agrees with the store, and the page is one file."""

from __future__ import annotations

import csv
import io
import json
import random
import re
from datetime import UTC, datetime, timedelta
from html import unescape

import pytest
from click.testing import CliRunner

from course.cli.tree import course
from course.content import texts
from course.content.catalog import catalog
from course.learner.store import attempts, database
from course.learner.store.attempts import Attempt
from course.learner.store.schedule import local_day
from course.progress import development, history, report, summary
from course.results import TestResult
from tests import made_history

NOON = datetime(2026, 11, 16, 12, tzinfo=UTC)
FIRST = local_day(NOON)


def run(*arguments, expect=0, code="en"):
    done = CliRunner().invoke(course, ["report", *arguments], env={"COURSE_LANG": code})
    assert done.exit_code == expect, done.output
    assert "Traceback" not in done.output
    return done.output


def attempt(slug, minutes, points, *failed, days=0):
    """A check so long after noon, of tests worth 2 points each; `failed` are the ones that did not pass."""
    names = ["forget_gate", "gates", "cell_state", "hidden_state"]
    tests = [TestResult(n, "failed" if n in failed else "passed", 0 if n in failed else 2, 2) for n in names]
    status = "failed" if failed else "passed"
    moment = NOON + timedelta(days=days, minutes=minutes)
    made = Attempt(f"{slug}/{days}/{minutes}", slug, "day10", moment, "check", status, points, 8, 0.5, 1)
    with database.opened() as connection, database.transaction(connection):
        attempts.insert(connection, made, tests)


@pytest.fixture
def worked():
    """LSTM gates in three checks over two days, GRU gates begun."""
    attempt("lstm_gates", 0, 4, "cell_state", "hidden_state")
    attempt("lstm_gates", 6, 6, "hidden_state")
    attempt("gru_gates", 8, 2, "forget_gate", "gates", "cell_state")
    attempt("lstm_gates", 0, 8, days=1)
    attempt("lstm_gates", 5, 2, "forget_gate", "gates", "cell_state", days=1)


def test_points_are_those_held_at_the_end_of_each_day(worked):
    stand = summary.current(history.load(), NOON + timedelta(days=2))
    held = development.points_by_day(stand)
    assert held == [(FIRST, 8), (FIRST + timedelta(days=1), 10)]
    assert held[-1][1] == stand.points == 10


def test_what_took_longest_counts_the_time_after_each_failure(worked):
    found = report.load(NOON + timedelta(days=2)).struggles
    said = {(each.exercise.exercise.slug, each.test): each for each in found}
    hidden = said["lstm_gates", "hidden_state"]
    # Six minutes to the next check, then a night, which counts as ten.
    assert (hidden.checks, hidden.spent, hidden.solved) == (2, timedelta(minutes=16), True)
    assert said["lstm_gates", "cell_state"].spent == timedelta(minutes=6)
    assert said["lstm_gates", "cell_state"].checks == 2
    assert not said["gru_gates", "gates"].solved
    assert found[0] == hidden


def test_json_and_csv_hold_every_attempt(worked):
    data = json.loads(run("--json"))
    rows = list(csv.DictReader(io.StringIO(run("--csv"))))
    assert len(rows) == len(data["history"]) == 5
    assert {(row["exercise"], row["checked"], int(row["points"])) for row in rows} == {
        (entry["exercise"], entry["checked"], entry["points"]) for entry in data["history"]
    }
    assert [row["checked"] for row in rows] == sorted(row["checked"] for row in rows)
    assert data["points"][-1] == {"date": (FIRST + timedelta(days=1)).isoformat(), "points": 10}
    assert sum(day["count"] for day in data["activity"]) == 5
    assert (
        data["longest"][0]["title"]
        == texts.text(catalog().exercise("lstm_gates"), "en").tests["hidden_state"]
    )
    assert data["passed"] == 1


@pytest.mark.parametrize("code", ["en", "ko"])
def test_the_page_is_one_file_in_the_readers_language(worked, tmp_path, code):
    file = tmp_path / "mine.html"
    assert run("--out", str(file), code=code).strip() == str(file)
    page = file.read_text(encoding="utf-8")
    assert f'<html lang="{code}">' in page
    assert not re.findall(r"(?:src|href)=|@import|url\(|<script", page)
    words = " ".join(unescape(re.sub(r"<[^>]*>", " ", page)).split())
    for slug in ("lstm_gates", "gru_gates"):
        assert texts.title(catalog().exercise(slug), code) in words
    assert texts.text(catalog().exercise("lstm_gates"), code).tests["hidden_state"] in words
    assert "4 → 6 → 8/8 → 2" in words
    assert page.count('class="chart"') == 2  # no quiz: no mastery
    assert "@media print" in page


def test_a_long_history_has_every_chart(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    with database.opened() as connection:
        made_history.add_attempts(connection, 200, random.Random(1), NOON)
        made_history.add_answers(connection, ["day10"], random.Random(1), NOON)
    run()
    page = (tmp_path / "progress.html").read_text(encoding="utf-8")
    assert page.count('class="chart"') == 3
    stand = summary.current(history.load(), datetime.now(UTC))
    for topic in stand.topics:
        if topic.mastery is not None:
            assert f"{topic.topic.title('en')}: {topic.mastery:.0%}" in unescape(page)


def test_nothing_done_is_said_and_makes_no_store(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    run()
    assert "Nothing has been checked or answered yet." in (tmp_path / "progress.html").read_text(
        encoding="utf-8"
    )
    assert json.loads(run("--json"))["history"] == []
    assert len(run("--csv").splitlines()) == 1
    assert not database.path().exists()


def test_a_file_is_not_overwritten_unasked(tmp_path):
    file = tmp_path / "mine.html"
    file.write_text("precious", encoding="utf-8")
    assert "--yes" in run("--out", str(file), expect=2)
    assert file.read_text(encoding="utf-8") == "precious"
    run("--out", str(file), "--yes")
    assert "<html" in file.read_text(encoding="utf-8")


@pytest.mark.parametrize(
    "arguments", [["--json", "--csv"], ["--out", "/no/such/folder/x.html"], ["--out", "."]]
)
def test_wrong_usage(arguments):
    run(*arguments, expect=2)

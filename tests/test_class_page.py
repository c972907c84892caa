"""The class page in Debian's Chromium: a mark is given, a report graded by its rubric, and axe finds nothing."""

from __future__ import annotations

import json
import os
import subprocess
import sys

import pytest

from course.processes import zygotes
from tests import browsing
from tests.conftest import solution

pytestmark = pytest.mark.skipif(not zygotes.confined(), reason="workers are confined on Linux only")

TERM = """
time_zone = "Asia/Seoul"
roster = "students.csv"

[assignments.week1]
due = 2099-12-13 23:59:00

[assignments.week1.exercises]
one_hot = 7
team_project = { points = 5, report = 30 }
"""


@pytest.fixture(scope="module")
def class_(tmp_path_factory):
    """A graded class, and the address of its pages."""
    folder = tmp_path_factory.mktemp("class")
    (folder / "students.csv").write_text("id,name\nkim,Haneul Kim\nlee,<b>Lee</b>\n", encoding="utf-8")
    (folder / "term.toml").write_text(TERM, encoding="utf-8")
    work = folder / "class" / "kim"
    work.mkdir(parents=True)
    (work / "one_hot.py").write_text(
        solution("one_hot").replace("return", "return None  #", 1), encoding="utf-8"
    )
    (work / "report.md").write_text(
        "# Our report\n\nWe <script>alert(1)</script> compared.\n", encoding="utf-8"
    )
    environment = {
        **os.environ,
        "COURSE_LANG": "en",
        "COURSE_CACHE": str(folder / "cache"),
        "PYTHONUNBUFFERED": "1",
    }
    command = [sys.executable, "-m", "course"]
    subprocess.run([*command, "grade", "class"], cwd=folder, env=environment, check=True, capture_output=True)
    server = subprocess.Popen(
        [*command, "serve", "--class", "grades", "--port", "0", "--no-open"],
        cwd=folder,
        env=environment,
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        line = server.stdout.readline()
        yield folder, next(word for word in line.split() if word.startswith("http")).rstrip("/")
    finally:
        server.terminate()
        server.communicate()


@pytest.fixture
def visit(chromium, class_):
    visits = browsing.Visits(chromium, class_[1].partition("/?")[0], class_[1])
    yield visits
    visits.close()


def test_a_mark_is_given_and_taken_back(class_, visit):
    folder, address = class_[0], class_[1].partition("/?")[0]
    page = visit()
    page.goto(address)
    page.get_by_role("link", name="Haneul Kim (kim)", exact=True).click()
    page.get_by_role("link", name="One-hot encoding").click()
    assert "return None" in page.locator("pre.handed-in").first.inner_text()
    page.get_by_label("Points that count").fill("6.5")
    page.get_by_label("Why;").fill("Nearly right <b>")
    page.get_by_role("button", name="Keep the mark").click()
    page.get_by_text("Marks so far").wait_for()
    feedback = (folder / "grades" / "week1" / "feedback" / "kim.html").read_text(encoding="utf-8")
    assert "Nearly right &lt;b&gt;" in feedback
    assert "6.5" in feedback
    page.get_by_role("button", name="Take the mark back").click()
    page.get_by_text("taken back").wait_for()
    assert "Nearly right" not in (folder / "grades" / "week1" / "feedback" / "kim.html").read_text(
        encoding="utf-8"
    )


def test_a_report_is_graded_by_its_rubric(class_, visit):
    folder, address = class_[0], class_[1].partition("/?")[0]
    page = visit(scripts=False)
    page.goto(address)
    page.get_by_role("link", name="Haneul Kim (kim): Report").click()
    assert "We <script>alert(1)</script> compared." in page.locator("pre.handed-in").inner_text()
    for label, points in (("Data", "3"), ("Baselines", "2"), ("Model", "1.5")):
        page.get_by_label(label).fill(points)
    page.get_by_role("button", name="Keep the mark").click()
    page.get_by_text("Marks so far").wait_for()
    marks = [
        json.loads(path.read_text(encoding="utf-8"))
        for path in (folder / "grades" / "week1" / "marks").rglob("*.json")
    ]
    [mark] = [each for each in marks if each["item"] == "team_project-report"]
    assert mark["points"] == 13  # 6.5 of 15 on a scale of 30
    assert mark["note"].startswith("Data 3; Baselines 2; Model 1.5")


@pytest.mark.parametrize("viewport", [browsing.WIDE, browsing.NARROW], ids=["wide", "narrow"])
@pytest.mark.parametrize("theme", ["light", "dark"])
def test_axe_finds_nothing_and_nothing_is_cut(class_, visit, viewport, theme):
    address = class_[1].partition("/?")[0]
    page = visit(theme=theme, viewport=viewport, code="ko")
    for path in (
        "/",
        "/student?id=kim",
        "/work?id=kim&item=one_hot",
        "/work?id=kim&item=team_project-report",
    ):
        page.goto(address + path)
        assert browsing.violations(page) == []
        assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), path


def test_only_whoever_started_it_sees_or_changes_anything(class_, chromium):
    address = class_[1].partition("/?")[0]
    stranger = chromium.new_context()
    assert stranger.request.get(f"{address}/student?id=kim").status == 403
    known = chromium.new_context()
    assert known.request.get(class_[1]).ok
    form = {"student": "kim", "item": "one_hot", "points": "1", "do": "give"}
    assert known.request.post(f"{address}/mark", form=form).status == 403  # without the token of a page
    assert known.request.get(f"{address}/student?id=nobody").status == 404
    assert known.request.get(f"{address}/work?id=kim&item=nothing").status == 404
    stranger.close()
    known.close()

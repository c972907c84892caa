"""The pages in Debian's Chromium, served by the command itself; nothing may leave the machine, and axe must find nothing."""

from __future__ import annotations

import os
import random
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from urllib.parse import urlsplit

import pytest

sync_api = pytest.importorskip("playwright.sync_api", reason="Playwright is not installed (extra dev)")

from course.content.catalog import catalog  # noqa: E402
from course.learner.store import attempts, database, quizzes  # noqa: E402
from course.quizzes import bank, draw, sitting  # noqa: E402
from course.results import ExerciseResult, TestResult  # noqa: E402
from tests import made_history  # noqa: E402
from tests.browsing import NARROW, violations  # noqa: E402
from tests.test_web import form_fields  # noqa: E402

NOWHERE = "/nowhere"


def record(slug, *statuses):
    """A check with these tests, titles and messages as the exercise has them."""
    names = ["forget_gate", "gates", "cell_state", "hidden_state"]
    tests = tuple(
        TestResult(name, status, 2 * (status == "passed"), 2)
        for name, status in zip(names, statuses, strict=False)
    )
    with database.opened() as connection:
        attempts.record(connection, ExerciseResult(slug, catalog().exercise(slug).day, tests), 1, "check")


def every_page(connection):
    """Paths of pages of every sort, with something on each."""
    asked = [draw.ask(next(q for q in bank.everything() if q.kind == kind), 1)
             for kind in ("single", "multiple", "true_false", "numeric", "text", "order", "match", "code")]  # fmt: skip
    asked += [draw.ask(question, 1) for question in bank.select(["picture_early_stop", "picture_wrong_side"])]
    session = quizzes.begin(connection, "quiz", ["day10"], 1, asked)
    paths = ["/", "/days/day10", "/exercises/lstm_gates", "/exercises/grid_search?hints=3",
             "/exercises/lstm_gates/stub", "/quizzes", "/quizzes?name=lstm", "/search?q=gate", NOWHERE]  # fmt: skip
    paths += [f"/quizzes/{session.id}/{n}" for n in range(1, len(asked) + 1)]
    taken = sitting.Sitting(connection, session)
    answered = quizzes.begin(connection, "quiz", ["day10"], 1, asked)
    told = sitting.Sitting(connection, answered)
    for entry, right in zip(told.entries(), (True, False) * 5, strict=True):
        told.answer(entry, entry.asked.key if right else None)
    exam = quizzes.begin(connection, "exam", [], 1, asked, datetime(2999, 1, 1, tzinfo=UTC))
    assert taken.next() is not None
    return [*paths, *(f"/quizzes/{answered.id}/{n}" for n in (1, 2, 10)), f"/quizzes/{answered.id}",
            f"/quizzes/{exam.id}/1", "/review"]  # fmt: skip


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("code", ["en", "ko"])
def test_every_page_is_accessible_and_fits_a_telephone(visit, address, code, theme):
    record("lstm_gates", "passed", "failed", "blocked")
    record("lstm_gates", "passed", "passed", "passed", "passed")
    with database.opened() as connection:
        paths = every_page(connection)
        connection.execute(
            "UPDATE review_card SET due = '2020-01-01' WHERE question IN (SELECT question FROM review_card LIMIT 3)"
        )
    wide, narrow = visit(code, theme), visit(code, theme, NARROW)
    for path in paths:
        wide.goto(address + path)
        assert wide.evaluate("document.documentElement.lang") == code
        assert violations(wide) == [], path
        narrow.goto(address + path)
        assert narrow.evaluate("document.documentElement.scrollWidth") == NARROW["width"], path
    assert violations(narrow) == []


def answer_by_hand(page, entry, answer):
    """Fill in the question's form as a person does."""
    if answer is None:
        page.get_by_role("button", name="I do not know").click()
        return
    for name, value in form_fields(entry, answer).items():
        if entry.asked.kind in ("numeric", "text"):
            page.get_by_role("textbox").fill(value)
        elif entry.asked.kind in ("order", "match"):
            page.locator(f"select[name={name}]").select_option(value)
        else:
            for one in [value] if isinstance(value, str) else value:
                page.locator(f'input[name=answer][value="{one}"]').check()
    page.get_by_role("button", name="Answer", exact=True).click()


@pytest.mark.parametrize("scripts", [True, False], ids=["with JavaScript", "without JavaScript"])
def test_a_whole_quiz(visit, address, scripts):
    page = visit(scripts=scripts)
    page.goto(address + "/quizzes?name=day10")
    page.get_by_label("5", exact=True).check()
    new = page.get_by_label("Begin anew")
    if new.count():
        new.check()
    page.get_by_role("button", name="Begin", exact=True).click()
    page.wait_for_url("**/quizzes/*/1")
    session = int(urlsplit(page.url).path.split("/")[2])
    with database.opened() as connection:
        entries = quizzes.entries(connection, session)
    assert len(entries) == 5
    for entry in entries:
        sync_api.expect(page.get_by_role("heading", level=1)).to_have_text(f"Question {entry.position} of 5")
        sync_api.expect(page.get_by_text("The right answer:")).to_have_count(0)
        answer_by_hand(page, entry, entry.asked.key if entry.position % 2 else None)
        sync_api.expect(page.locator(".verdict")).to_have_text(
            "✓ Right" if entry.position % 2 else "· No answer"
        )
        page.get_by_role("link", name="Next question" if entry.position < 5 else "Score").click()
    sync_api.expect(page.get_by_text("3 of 5 questions right: 60%")).to_be_visible()
    with database.opened() as connection:
        kept = quizzes.entries(connection, session)
    assert [entry.given.credit for entry in kept] == [1, 0, 1, 0, 1]


def test_an_exam_shows_the_time_that_is_left(visit, address):
    with database.opened() as connection:
        exam = sitting.sit(connection, ["gru"], exam=True, count=2, minutes=30, new=True)
        entries = exam.entries()
    page = visit()
    page.goto(f"{address}/quizzes/{exam.session.id}")
    shown = page.locator(".left")
    before = shown.inner_text()
    assert before.endswith("left")
    sync_api.expect(shown).not_to_have_text(before)
    for entry in entries:
        answer_by_hand(page, entry, None)
        told = page.locator("p.verdict")
        if entry.position == 2:
            sync_api.expect(told).to_have_count(2)
        else:
            sync_api.expect(page.get_by_role("heading", level=1)).to_have_text("Question 2 of 2")
            sync_api.expect(told).to_have_count(0)


def test_an_exam_goes_to_its_score_when_time_is_up(visit, address):
    with database.opened() as connection:
        exam = sitting.sit(connection, ["rnn"], exam=True, count=2, minutes=30, new=True)
        page = visit()
        page.goto(f"{address}/quizzes/{exam.session.id}")
        past = (datetime.now(UTC) - timedelta(seconds=1)).isoformat()
        connection.execute("UPDATE quiz_session SET deadline = ? WHERE id = ?", (past, exam.session.id))
    sync_api.expect(page.get_by_text("0 of 2 questions right")).to_be_visible()


def test_the_language_is_switched_where_one_is(visit, address):
    page = visit()
    page.goto(address + "/exercises/lstm_gates")
    page.get_by_role("button", name="한국어").click()
    sync_api.expect(page.get_by_role("heading", level=1)).to_have_text("LSTM 게이트")
    assert urlsplit(page.url).path == "/exercises/lstm_gates"
    page.get_by_role("button", name="English").click()
    sync_api.expect(page.get_by_role("heading", level=1)).to_have_text("LSTM gates")


def test_a_result_appears_while_one_looks(visit, address):
    page = visit()
    page.goto(address + "/exercises/gru_gates")
    sync_api.expect(page.get_by_text("Not checked yet.")).to_be_visible()
    record("gru_gates", "passed", "error")
    sync_api.expect(page.locator("#live")).to_contain_text("2/4")
    record("gru_gates", "passed", "passed")
    sync_api.expect(page.locator("#live")).to_contain_text("4/4")


def test_hints_open_in_place_and_without_scripts_on_a_page(visit, address):
    for scripts in (True, False):
        page = visit(scripts=scripts)
        page.goto(address + "/exercises/lstm_gates")
        page.get_by_role("link", name="Show hint 1 of 3").click()
        sync_api.expect(page.get_by_role("heading", name="Hint 1 of 3")).to_be_visible()
        page.get_by_role("link", name="Show hint 2 of 3").click()
        sync_api.expect(page.get_by_role("heading", name="Hint 2 of 3")).to_be_visible()


def test_a_question_is_answered_by_keyboard_alone(visit, address):
    with database.opened() as connection:
        asked = draw.ask(next(q for q in bank.everything() if q.kind == "single"), 1)
        session = quizzes.begin(connection, "quiz", ["day07"], 1, [asked])
    page = visit()
    page.goto(f"{address}/quizzes/{session.id}/1")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")  # past the way back
    page.keyboard.press("Tab")
    page.keyboard.press("Space")
    sync_api.expect(page.locator("input[name=answer]").first).to_be_checked()
    page.keyboard.press("Enter")
    sync_api.expect(page.locator(".verdict")).to_be_visible()


def test_equations_are_drawn_with_the_font_that_comes_along(visit, address):
    page = visit()
    page.goto(address + "/exercises/activations")
    page.evaluate("document.fonts.ready")
    assert page.evaluate("document.fonts.check('16px \"STIX Two Math\"')")
    # A tall bracket shows that the font's own table of sizes is used.
    box = page.locator("math[display=block] mo", has_text="{").first.bounding_box()
    assert box["height"] > 30


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("code", ["en", "ko"])
def test_the_report_is_one_accessible_file(chromium, tmp_path, monkeypatch, code, theme):
    monkeypatch.setenv("COURSE_DATA", str(tmp_path / "data"))
    with database.opened() as connection:
        made_history.add_attempts(connection, 120, random.Random(1), datetime.now(UTC))
        made_history.add_answers(connection, ["day10"], random.Random(1), datetime.now(UTC))
    file = tmp_path / "progress.html"
    environment = {**os.environ, "COURSE_LANG": code}
    subprocess.run(
        [sys.executable, "-m", "course", "report", "--out", str(file)], env=environment, check=True
    )
    context = chromium.new_context(viewport=NARROW, color_scheme=theme)
    page = context.new_page()
    asked = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(file.as_uri())
    assert asked == [file.as_uri()]
    assert violations(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") == NARROW["width"]
    context.close()

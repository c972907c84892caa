"""Reviewing: FSRS's own intervals, nothing twice, the calendar."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime, time, timedelta

import fsrs
import pytest
from click.testing import CliRunner

from course.cli.tree import course
from course.learner.store import cards, database, quizzes, schedule
from course.learner.store.quizzes import Given
from course.quizzes import bank, draw, sitting
from course.quizzes import review as reviewing

HISTORY = [3, 3, 4, 2, 1, 3, 3, 1, 2, 3]  # good, good, easy, hard, again, …


def review(*arguments, expect=0, stdin=None):
    done = CliRunner().invoke(course, ["review", *arguments], input=stdin, env={"COLUMNS": "80"})
    assert done.exit_code == expect, done.output
    return done.output


def make_due(store, days):
    """As if everything so far had happened so many days earlier."""
    for question, due, state in store.execute("SELECT question, due, state FROM review_card").fetchall():
        card = json.loads(state)
        for key in ("due", "last_review"):
            card[key] = (datetime.fromisoformat(card[key]) - timedelta(days=days)).isoformat()
        earlier = (date.fromisoformat(due) - timedelta(days=days)).isoformat()
        store.execute(
            "UPDATE review_card SET due = ?, state = ? WHERE question = ?",
            (earlier, json.dumps(card), question),
        )


def answer_all(store, *, right=True):
    current = sitting.sit(store, [])
    while (entry := current.next()) is not None:
        current.answer(entry, entry.asked.key if right else None)
    current.finish()


def test_ten_reviews_as_the_library_schedules_them():
    """Each on the day it is due; and with days skipped, or several on one day."""
    for delay in (0, 3, None):
        scheduler = fsrs.Scheduler(learning_steps=(), relearning_steps=(), enable_fuzzing=False)
        card = fsrs.Card(card_id=1)
        state, day, days, intervals = None, date(2026, 3, 1), [], []
        for rating in HISTORY:
            state, due = schedule.reviewed(state, rating, day)
            card, _ = scheduler.review_card(
                card, fsrs.Rating(rating), datetime.combine(day, time(9, 30), UTC)
            )
            days.append(due - day)
            intervals.append(card.due.date() - day)
            assert state["stability"] == card.stability
            assert state["difficulty"] == card.difficulty
            day = day if delay is None else due + timedelta(days=delay)
        assert days == intervals
        assert min(days) >= timedelta(days=1)


def test_through_the_store_too(store, own_bank, monkeypatch):
    """Ten answers on ten days, at any hour and across a clock change, give the library's intervals."""
    asked = draw.ask(bank.select(["rnn_true"])[0], 1)
    scheduler, card = schedule.scheduler(), fsrs.Card(card_id=1)
    moment = datetime(2026, 3, 27, 8, 0).astimezone()
    for number, rating in enumerate(HISTORY):
        with database.transaction(store):
            cards.reschedule(store, asked, rating, moment)
        today = schedule.local_day(moment)
        card, _ = scheduler.review_card(card, fsrs.Rating(rating), datetime.combine(today, time(12), UTC))
        [mine] = [*cards.due(store, today), *cards.coming(store, today)]
        assert mine.due == card.due.date()
        hour = (7, 23, 0, 12)[number % 4]
        moment = datetime.combine(mine.due, time(hour, 30)).astimezone()


@pytest.mark.parametrize(
    ("credit", "confidence", "rating"),
    [
        (1, None, 3),
        (1, 4, 4),
        (1, 1, 1),
        (0.5, None, 2),
        (0.5, 4, 2),
        (0.5, 1, 1),
        (0.4, 4, 1),
        (0, 4, 1),
        (0, None, 1),
    ],
)
def test_what_fsrs_is_told(credit, confidence, rating):
    assert schedule.rating(credit, confidence) == rating


def test_nothing_is_due_on_the_day_it_was_answered(store, own_bank):
    answer_all(store)
    today = schedule.local_day(datetime.now(UTC))
    assert reviewing.due(store, today) == []
    assert sum(count for _, count in reviewing.calendar(store, today)) == 8
    assert "Nothing is due today." in review()


def test_nothing_due_is_shown_twice(store, own_bank):
    answer_all(store, right=False)
    make_due(store, 3)
    due = json.loads(review("--json"))
    assert len(due["due"]) == len(due["questions"]) == 8
    assert due["calendar"][0]["count"] == 8
    assert "key" not in json.dumps(due["questions"])
    said = review("-n", "3", stdin="?\n?\n?\n", expect=1)
    assert "due today: 3" in said
    first = {question["id"] for question in due["questions"][:3]}
    left = json.loads(review("--json"))
    assert len(left["due"]) == 5
    assert not first & {card["question"] for card in left["due"]}
    assert "Your answers are kept" in review(stdin="?\n?\n", expect=1)
    assert "0 of 3 questions right" in review(stdin="?\n?\n?\n", expect=1)
    assert "Nothing is due today." in review()
    asked = [
        entry.asked.id
        for s in quizzes.sessions(store)
        if s.kind == "review"
        for entry in quizzes.entries(store, s.id)
    ]
    assert len(asked) == len(set(asked)) == 8


def test_reviewed_elsewhere_meanwhile(store, own_bank):
    answer_all(store)
    make_due(store, 30)
    today = schedule.local_day(datetime.now(UTC))
    due = reviewing.due(store, today)
    asked = reviewing.draw_all(due, today)[0]
    session = quizzes.begin(store, "review", [], 1, [])
    given = Given(asked.key, 1.0, 3, datetime.now(UTC))
    assert quizzes.record_review(store, session.id, asked, given)
    assert not quizzes.record_review(store, session.id, asked, given)
    assert len(quizzes.entries(store, session.id)) == 1


def test_confidence_and_score(store, own_bank):
    answer_all(store)
    make_due(store, 60)
    store.execute("DELETE FROM review_card WHERE question != 'rnn_true'")
    before = json.loads(store.execute("SELECT state FROM review_card").fetchone()[0])
    assert "1 of 1 questions right: 100%" in review(stdin="1\nx\n4\n")
    after = json.loads(store.execute("SELECT state FROM review_card").fetchone()[0])
    today = schedule.local_day(datetime.now(UTC))
    assert after == schedule.reviewed(before, schedule.EASY, today)[0]


def test_a_question_that_left_the_bank_is_not_due(store, own_bank):
    answer_all(store)
    make_due(store, 30)
    path = bank.source("day10")
    path.write_text(
        path.read_text(encoding="utf-8").replace('id = "gates"', 'id = "other_gates"'), encoding="utf-8"
    )
    assert "gates" not in {card["question"] for card in json.loads(review("--json"))["due"]}


def test_the_calendar(store, own_bank):
    answer_all(store)
    said = review("--calendar")
    assert len(said.splitlines()) == 15  # and what is chosen
    assert said.startswith("today")
    assert "████████" in said

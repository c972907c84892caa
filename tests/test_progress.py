"""Where a learner stands and what comes next, and how the commands show it."""

from __future__ import annotations

import json
import os
import random
import subprocess
import sys
import time
from collections import Counter
from datetime import UTC, date, datetime, timedelta

import pytest
from rich.cells import cell_len

from course.content.catalog import catalog
from course.learner.store import database
from course.learner.store.attempts import Attempt
from course.learner.store.cards import Card
from course.learner.store.quizzes import Answered
from course.progress import activity, summary, wording
from course.progress.history import History
from course.progress.next_step import next_step
from course.quizzes import bank
from tests import made_history

# Noon of the learner's day, so that a few hours more or less stay on it.
NOON = datetime.combine(date(2026, 3, 10), datetime.min.time(), UTC).replace(hour=12).astimezone()
MINUTE = timedelta(minutes=1)
DAY = timedelta(days=1)
SLUGS = [exercise.slug for exercise in catalog()]


def attempt(slug, moment, points=0, status=None):
    exercise = catalog().exercise(slug)
    status = status or ("passed" if points == 4 else "failed")
    return Attempt(f"{slug}{moment}", slug, exercise.day, moment, "check", status, points, 4, 0.1, 1)


def answer(question, topic, credit, moment):
    return Answered(question, bank.topics()[topic].day, topic, "quiz", credit, moment)


def summed(attempts=(), answers=(), cards=(), now=NOON):
    history = History(tuple(attempts), tuple(answers), tuple(cards))
    return summary.summarise(history, catalog(), bank.topics(), [card.question for card in cards], now)


def step(**history):
    return next_step(summed(**history))


def test_time_spent():
    """The time up to a check counts for it; breaks, and the very beginning, count for ten minutes."""
    history = History(
        (attempt("mlp", NOON), attempt("mlp", NOON + 3 * MINUTE), attempt("svm", NOON + 9 * MINUTE),
         attempt("mlp", NOON + 2 * DAY)),
        (answer("q", "svm", 1, NOON + 10 * MINUTE),),
    )  # fmt: skip
    spent = activity.spent(history)
    assert spent.exercises == {"mlp": 23 * MINUTE, "svm": 6 * MINUTE}
    assert spent.topics == {"svm": MINUTE}
    assert spent.total == 30 * MINUTE
    assert activity.spent(History()).total == timedelta()


@pytest.mark.parametrize(
    ("ago", "days", "longest", "today"),
    [
        ([], 0, 0, False),
        ([0], 1, 1, True),
        ([1], 1, 1, False),
        ([2], 0, 1, False),
        ([0, 1, 2, 4, 5, 6, 7], 3, 4, True),
        ([1, 2, 4], 2, 2, False),
    ],
)
def test_streak(ago, days, longest, today):
    at = date(2026, 3, 1)
    assert activity.streak([at - n * DAY for n in ago], at) == activity.Streak(days, longest, today)


@pytest.fixture(
    params=["Asia/Seoul", "America/New_York", "America/Sao_Paulo", "Australia/Lord_Howe", "Asia/Kathmandu"]
)
def zone(request, monkeypatch):
    """The learner's time zone; in Sao Paulo the clocks changed at midnight."""
    monkeypatch.setenv("TZ", request.param)
    time.tzset()
    yield
    monkeypatch.undo()
    time.tzset()


@pytest.mark.skipif(not hasattr(time, "tzset"), reason="this system's zone cannot be chosen")
def test_activity_is_counted_by_the_learner_s_own_days(zone):
    rng, begin = random.Random(1), datetime(2017, 9, 1, tzinfo=UTC)
    moments = [begin + timedelta(minutes=rng.randrange(60 * 24 * 600)) for _ in range(5000)]
    history = History(tuple(attempt("splits", moment) for moment in moments))
    assert activity.by_day(history) == Counter(moment.astimezone().date() for moment in moments)


def test_what_was_achieved_stays_achieved():
    found = summed(
        [attempt("mlp", NOON, 2), attempt("mlp", NOON + MINUTE, 4), attempt("mlp", NOON + 2 * MINUTE, 1)]
    )
    mlp = next(e for e in found.exercises if e.exercise.slug == "mlp")
    assert mlp.passed
    assert mlp.status == "passed"
    assert (mlp.best.points, mlp.last.points, len(mlp.attempts)) == (4, 1, 3)
    assert (found.passed, found.attempts, found.days[0].passed) == (1, 3, 1)


def test_mastery_is_of_the_latest_answers():
    found = summed(
        answers=[answer("a", "lstm", 0, NOON), answer("b", "lstm", 0.5, NOON), answer("a", "lstm", 1, NOON)]
    )
    topics = {topic.topic.slug: topic for topic in found.topics}
    assert (topics["lstm"].mastery, topics["lstm"].questions, topics["lstm"].answers) == (0.75, 2, 3)
    assert topics["gru"].mastery is None


def test_what_is_due():
    today = NOON.date()
    due = [today - 3 * DAY, today, today + DAY, today + 7 * DAY, today + 8 * DAY]
    cards = [Card(f"q{n}", "day10", "lstm", day) for n, day in enumerate(due)]
    found = summed(cards=cards)
    assert found.due == 2
    assert [count for _, count in found.coming] == [1, 0, 0, 0, 0, 0, 1]
    gone = summary.summarise(History(cards=tuple(cards)), catalog(), bank.topics(), ["q1"], NOON)
    assert gone.due == 1  # a question no longer in the bank does not come back


def test_next_at_the_very_beginning():
    found = step()
    assert (found.reason, found.exercise.exercise.slug) == ("first", SLUGS[0])
    assert wording.commands(found, begun=False) == [f"course show {SLUGS[0]}", f"course watch {SLUGS[0]}"]


def test_next_in_the_middle():
    due = [Card("q", "day10", "lstm", NOON.date())]
    passed = [attempt(slug, NOON - 5 * DAY, 4) for slug in SLUGS[:3]]
    weak = [answer("q", "mlp", 0, NOON - 3 * DAY), answer("r", "lstm", 0.5, NOON - 3 * DAY)]
    begun_today = [*passed, attempt(SLUGS[7], NOON - MINUTE, 2)]
    # What was left open today comes before all else, then reviews, the weakest topic, the next exercise in order.
    assert step(attempts=begun_today, answers=weak, cards=due).exercise.exercise.slug == SLUGS[7]
    assert (step(attempts=passed, answers=weak, cards=due).reason, step(attempts=passed, cards=due).due) == (
        "due",
        1,
    )
    found = step(attempts=passed, answers=weak)
    assert (found.reason, found.topic.topic.slug) == ("weak", "mlp")
    assert wording.commands(found) == ["course quiz mlp"]
    today = [*weak, answer("q", "mlp", 0, NOON)]
    assert step(attempts=passed, answers=today).topic.topic.slug == "lstm"  # mlp was asked about today
    found = step(attempts=passed)
    assert (found.reason, found.exercise.exercise.slug) == ("following", SLUGS[3])
    earlier = [*passed, attempt(SLUGS[3], NOON - 2 * DAY, 1)]
    assert step(attempts=earlier).reason == "unfinished"


def test_next_at_the_end():
    passed = [attempt(slug, NOON - DAY, 4) for slug in SLUGS]
    assert step(attempts=passed).reason == "unasked"
    asked = [answer(topic, topic, 1, NOON - DAY) for topic in bank.topics()]
    assert step(attempts=passed, answers=asked).reason == "nothing"


def test_every_reason_has_its_words():
    passed = [attempt(slug, NOON - DAY, 4) for slug in SLUGS]
    asked = [answer(topic, topic, 1, NOON - DAY) for topic in bank.topics()]
    histories = [
        {}, {"attempts": passed}, {"attempts": passed, "answers": asked}, {"attempts": passed[:2]},
        {"attempts": [attempt("mlp", NOON, 2)]}, {"cards": [Card("q", "day10", "lstm", NOON.date())]},
        {"answers": [answer("q", "mlp", 0, NOON - DAY)]},
    ]  # fmt: skip
    found = [step(**history) for history in histories]
    assert len({one.reason for one in found}) == 7
    for one in found:
        texts = {wording.why(one, code) for code in ("en", "ko")} | {
            wording.what(one, code) for code in ("en", "ko")
        }
        assert len(texts) >= 3
        assert not any("{" in text for text in texts)


@pytest.fixture
def learner():
    with database.opened() as connection:
        made_history.add_attempts(connection, 150, random.Random(1), datetime.now(UTC) - DAY)
        made_history.add_answers(connection, ["day10"], random.Random(1), datetime.now(UTC) - 9 * DAY)


def run(*arguments, **environment):
    done = subprocess.run([sys.executable, "-m", "course", *arguments], capture_output=True, text=True, check=True,
                          env={**os.environ, "PYTHONIOENCODING": "utf-8", **environment})  # fmt: skip
    return done.stdout


@pytest.mark.parametrize("code", ["en", "ko"])
@pytest.mark.parametrize("width", [60, 80])
def test_the_screen(learner, code, width):
    rows = run("status", COURSE_LANG=code, COLUMNS=str(width)).splitlines()
    assert max(cell_len(row) for row in rows) <= width
    assert not any("…" in row for row in rows)
    begun = [row for row in rows if row.startswith("  ") and "/8" in row]
    assert len(begun) == len(SLUGS)
    assert len({cell_len(row.split("/8")[0]) for row in begun}) == 1  # one column, Korean or not
    assert len({cell_len(row) for row in begun}) == 1


def test_status_as_json(learner):
    data = json.loads(run("status", "--json"))
    assert data["attempts"] == 150 == sum(day["attempts"] for day in data["days"])
    assert data["exercises"] == len(SLUGS) == sum(len(day["exercises"]) for day in data["days"])
    assert data["passed"] == sum(e["status"] == "passed" for day in data["days"] for e in day["exercises"])
    assert data["answers"] == sum(topic["answers"] for topic in data["topics"]) > 50
    spent = sum(day["seconds_spent"] for day in data["days"]) + sum(
        t["seconds_spent"] for t in data["topics"]
    )
    assert abs(spent - data["seconds_spent"]) < len(SLUGS) + 60  # rounded each
    assert data["due"] > 0
    assert data["next"]["reason"] == "due"
    assert data["next"]["due"] == data["due"]


def test_status_without_any_store():
    data = json.loads(run("status", "--json"))
    assert (data["attempts"], data["passed"], data["next"]["reason"]) == (0, 0, "first")
    assert not database.path().exists()


def test_export_and_import_as_commands(learner, tmp_path):
    file = tmp_path / "me.json"
    assert "150" in run("progress", "export", str(file))
    other = str(tmp_path / "other")
    assert "150" in run("progress", "import", str(file), COURSE_DATA=other)
    assert "Nothing in it is new" in run("progress", "import", str(file), COURSE_DATA=other)
    ours, theirs = (json.loads(run("status", "--json", **there)) for there in ({}, {"COURSE_DATA": other}))
    assert ours == theirs
    assert run("progress", "export", "-", COURSE_DATA=other) == file.read_text(encoding="utf-8")
    before = file.read_bytes()
    refused = subprocess.run([sys.executable, "-m", "course", "progress", "export", str(file)], capture_output=True,
                             stdin=subprocess.DEVNULL, check=False, env={**os.environ, "COURSE_DATA": str(tmp_path / "no")})  # fmt: skip
    assert refused.returncode != 0
    assert file.read_bytes() == before


def test_import_of_something_else(tmp_path):
    file = tmp_path / "me.json"
    for text, said in (("{", "does not read as JSON"), ('{"a": 1}', "progress export"),
                       ('{"kind": "progress", "format": 99}', "newer version")):  # fmt: skip
        file.write_text(text)
        done = subprocess.run([sys.executable, "-m", "course", "progress", "import", str(file)], capture_output=True,
                              text=True, check=False)  # fmt: skip
        assert done.returncode in (1, 2)
        assert said in done.stderr
        assert "me.json" in done.stderr

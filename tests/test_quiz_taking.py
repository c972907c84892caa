"""Taking a quiz without a terminal: simulated learners, sittings, exams, --json and --answers."""

from __future__ import annotations

import json
import math
import random
import statistics
from datetime import UTC, datetime, timedelta

from click.testing import CliRunner

from course.cli.tree import course
from course.learner.store import database, quizzes
from course.quizzes import bank, draw, judge, sitting
from tests import quiz_bank


def run(*arguments, expect=0, stdin=None):
    done = CliRunner().invoke(course, list(arguments), input=stdin, env={"COLUMNS": "80"})
    assert done.exit_code == expect, done.output
    assert "Traceback" not in done.output
    return done.output


def quiz(*arguments, **options):
    return json.loads(run("quiz", *arguments, "--json", **options))


def every_question(folder=None):
    return [draw.ask(question, seed) for question in bank.everything(folder) for seed in range(5)]


def test_everything_right_earns_everything(own_bank, store):
    current = sitting.sit(store, [])
    while (entry := current.next()) is not None:
        assert current.answer(entry, entry.asked.key).right
    current.finish()
    data = current.to_json("en")
    assert (data["credit"], data["count"], data["finished"]) == (8, 8, True)
    assert all(topic["credit"] == topic["questions"] for topic in data["topics"])


def check_wrong(asked):
    """Every wrong answer earns nothing and is answered by its own explanation."""
    said = []
    for answer in quiz_bank.wrong_answers(asked):
        verdict = judge.judge(asked, answer)
        assert verdict.credit == 0
        said += [why for why in verdict.whys if why not in said]
    wanted = [choice.why for choice in asked.choices if not choice.correct]
    wanted += [mistake.why for mistake in asked.mistakes]
    assert all(why["en"] and why["ko"] for why in wanted)
    assert all(why in said for why in wanted)
    assert len(said) == len({str(why) for why in wanted})


def test_everything_wrong_earns_nothing_and_says_why(own_bank):
    for asked in every_question():
        check_wrong(asked)


def test_everything_wrong_in_the_real_bank():
    for question in bank.everything():
        check_wrong(draw.ask(question, 1))


def check_random(everything, draws):
    """Over many draws the mean score of a learner who guesses lies within four standard errors of its expectation."""
    source = random.Random(7)
    expected, variance, scored = 0.0, 0.0, [0.0] * draws
    for asked in everything:
        credits_ = [judge.judge(asked, answer).credit for answer in quiz_bank.possible_answers(asked)]
        expected += statistics.fmean(credits_)
        variance += statistics.pvariance(credits_)
        # By the credits of all its answers: judging each guess anew gives the same and takes longer.
        for place in range(draws):
            scored[place] += source.choice(credits_)
    bound = 4 * math.sqrt(variance / draws)
    assert bound < 0.05 * len(everything)
    assert abs(statistics.fmean(scored) - expected) <= bound


def test_random_answers_earn_what_is_expected(own_bank):
    check_random(every_question(), 400)


def test_random_answers_in_a_whole_quiz(own_bank, store):
    """The same through the store: the stored credits are those of the answers."""
    source = random.Random(3)
    total = expected = variance = 0.0
    for seed in range(60):
        current = sitting.sit(store, [], seed=seed)
        while (entry := current.next()) is not None:
            credits_ = [judge.judge(entry.asked, a).credit for a in quiz_bank.possible_answers(entry.asked)]
            expected, variance = (
                expected + statistics.fmean(credits_),
                variance + statistics.pvariance(credits_),
            )
            current.answer(entry, quiz_bank.random_answer(entry.asked, source))
        current.finish()
        total += sum(score.credit for score in current.topics())
    assert abs(total - expected) <= 4 * math.sqrt(variance)


def test_the_same_seed_is_the_same_quiz(own_bank, store):
    first = [entry.asked for entry in sitting.sit(store, ["day10"], seed=9, count=5).entries()]
    again = [entry.asked for entry in sitting.sit(store, ["day10"], seed=9, count=5, new=True).entries()]
    other = [entry.asked for entry in sitting.sit(store, ["day10"], seed=10, count=5).entries()]
    assert len(first) == 5
    assert first == again != other


def test_what_was_answered_least_comes_first(own_bank, store):
    seen = []
    for _ in range(2):
        current = sitting.sit(store, ["day10"], count=4)
        while (entry := current.next()) is not None:
            seen.append(entry.asked.id)
            current.answer(entry, None)
        current.finish()
    assert len(set(seen)) == 8


def test_going_on(own_bank, store):
    first = sitting.sit(store, ["rnn", "lstm"], seed=1)
    first.answer(first.next(), None)
    assert sitting.sit(store, ["lstm", "rnn"]).session.id == first.session.id
    assert sitting.sit(store, ["lstm", "rnn"], seed=1).resumed
    for other in ({"seed": 2}, {"count": 1}, {"new": True}, {"exam": True}):
        assert not sitting.sit(store, ["rnn", "lstm"], **other).resumed
    assert not sitting.sit(store, ["lstm"]).resumed


def test_an_exam_tells_nothing_before_its_end(own_bank, store):
    current = sitting.sit(store, [], exam=True, count=3)
    assert current.left() > timedelta(minutes=4)
    for place in range(3):
        data = current.to_json("en")
        assert data["answered"] == place
        assert not {"credit", "topics"} & set(data)
        for question in data["questions"]:
            assert not {"key", "explanation", "credit", "correct", "why"} & set(question)
        entry = current.next()
        current.answer(entry, entry.asked.key)
    data = current.to_json("en")
    assert data["credit"] == 3
    assert all({"key", "explanation", "credit", "correct"} <= set(question) for question in data["questions"])


def test_an_exam_ends_when_its_time_is_up(own_bank, store):
    current = sitting.sit(store, [], exam=True, minutes=10)
    entry = current.next()
    current.answer(entry, entry.asked.key)
    store.execute(
        "UPDATE quiz_session SET deadline = ?", ((datetime.now(UTC) - timedelta(seconds=1)).isoformat(),)
    )
    late = sitting.sit(store, [], exam=True)
    assert late.resumed
    assert late.next() is None
    assert late.answer(late.entries()[1], late.entries()[1].asked.key) is None
    late.finish()
    data = late.to_json("en")
    assert (data["credit"], data["answered"], data["finished"]) == (1, 1, True)
    assert not sitting.sit(store, [], exam=True).resumed


def test_json_and_answers(own_bank, tmp_path):
    asked = quiz("day10", "--seed", "3")
    assert (asked["count"], asked["answered"], asked["finished"]) == (8, 0, False)
    assert "key" not in json.dumps(asked)
    path = tmp_path / "answers.json"
    with database.opened() as connection:
        keys = {e.asked.id: e.asked.key for e in quizzes.entries(connection, asked["session"])}
    path.write_text(json.dumps({"gates": "1", "rnn_true": keys["rnn_true"]}), encoding="utf-8")
    some = quiz("day10", "--answers", str(path), expect=1)
    assert (some["session"], some["answered"], some["finished"]) == (asked["session"], 2, False)
    by_id = {question["id"]: question for question in some["questions"]}
    assert by_id["rnn_true"]["correct"] is True
    assert by_id["gates"]["credit"] == 0.5 or by_id["gates"]["why"]
    assert "key" not in by_id["steps"]
    path.write_text(json.dumps(keys), encoding="utf-8")
    done = quiz("day10", "--answers", str(path), expect=1)
    assert done["finished"]
    assert done["credit"] == 7 + by_id["gates"]["credit"]
    fresh = json.loads(
        run("quiz", "day10", "--seed", "3", "--answers", "-", "--json", stdin=json.dumps(keys))
    )
    assert fresh["credit"] == 8
    assert "8 of 8 questions right: 100%" in run("quiz", "day10", "--seed", "3", "--answers", str(path))


def test_answers_that_do_not_fit(own_bank, tmp_path):
    path = tmp_path / "answers.json"
    for content, said in [
        ("{", "does not read as JSON"),
        ("[1]", "is not of the form"),
        ('{"nothing": 1}', "does not ask nothing"),
        ('{"gates": "x", "rnn_true": true}', "gates: multiple"),
    ]:
        path.write_text(content, encoding="utf-8")
        assert said in run("quiz", "day10", "--seed", "1", "--answers", str(path), expect=2)
    assert quiz("day10", "--seed", "1")["answered"] == 0


def test_wrong_usage(own_bank):
    assert "Did you mean lstm?" in run("quiz", "lsmt", expect=2)
    assert "There is no quiz on day07" in run("quiz", "lint", "day07", expect=2)
    assert "--minutes goes with --exam" in run("quiz", "--minutes", "3", expect=2)


def test_the_list(own_bank):
    rows = json.loads(run("quiz", "--list", "--json"))
    assert len(rows) == 8
    assert set(rows[0]) == {"id", "day", "topic", "kind", "difficulty", "parameterised"}
    assert "shapes" in run("quiz", "keras", "--list")
    assert "shapes" not in run("quiz", "lstm", "--list")


def test_lint_as_a_command(own_bank):
    assert "problems: 0" in run("quiz", "lint", "day10")
    assert "problems: 0" in run("quiz", "lint")
    source = bank.source(quiz_bank.DAY)
    source.write_text(
        source.read_text(encoding="utf-8").replace('topic = "lstm"', 'topic = "gru"'), encoding="utf-8"
    )
    assert "there is no topic gru" in run("quiz", "lint", expect=1)


def test_a_store_that_cannot_be_used_is_said(own_bank):
    database.path().parent.mkdir(parents=True)
    database.path().write_bytes(b"no database " * 500)
    assert "cannot be used" in run("quiz", "day10", expect=1)
    database.path().unlink()
    with database.opened() as connection:
        connection.execute("PRAGMA user_version = 99")
    assert "newer version" in run("review", expect=1)

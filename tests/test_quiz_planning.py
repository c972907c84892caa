"""Reviews are planned: mixed, limited, spread, without leeches, until the exam, and with a way back."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner

from course.cli.tree import course as command
from course.learner.store import cards, database, planning, quizzes, schedule
from course.learner.store.quizzes import Given
from course.quizzes import bank, draw, reading, review, sitting
from tests import simulate_reviews

TODAY = simulate_reviews.START


@pytest.fixture
def progress(tmp_path: Path):
    with database.opened(tmp_path / "progress.db") as connection:
        yield connection


def answered(connection, count: int, day: date = TODAY, credit: float = 1.0) -> list[str]:
    asked = [draw.ask(question, 1) for question in bank.everything()[:count]]
    session = quizzes.begin(connection, "quiz", [day.isoformat()], 1, asked)
    moment = datetime.combine(day, datetime.min.time(), UTC) + timedelta(hours=12)
    for entry in quizzes.entries(connection, session.id):
        quizzes.record(connection, session.id, entry, Given(None, credit, schedule.rating(credit), moment))
    return [one.id for one in asked]


def test_a_day_asks_no_more_than_the_limit_and_the_rest_waits(progress):
    answered(progress, 168)
    back = TODAY + timedelta(days=14)
    plan = review.plan(progress, back)
    assert len(plan.today) == planning.DAILY == 20
    assert plan.waiting == 148
    counts = [count for _day, count in plan.calendar]
    assert counts[:8] == [20] * 8
    planning.set_limit(progress, 50)
    assert len(review.plan(progress, back).today) == 50


def test_what_is_most_at_risk_comes_first(progress):
    answered(progress, 60)
    back = TODAY + timedelta(days=20)
    chosen = {card.question for card in review.plan(progress, back).today}
    risk = {card.question: schedule.retrievability(card.state, back) for card in cards.cards(progress)}
    assert max(risk[name] for name in chosen) <= min(
        value for name, value in risk.items() if name not in chosen
    )


def test_topics_take_turns(progress):
    answered(progress, 40)
    order = [card.topic for card in review.plan(progress, TODAY + timedelta(days=10)).today]
    for place in range(1, len(order)):
        if order[place] == order[place - 1]:
            assert set(order[place:]) == {order[place]}


def test_a_leech_is_named_with_what_to_read_and_does_not_come_daily(progress):
    [name] = answered(progress, 1, credit=0.0)
    asked_on, day = [], TODAY
    question = bank.everything()[0]
    for number in range(1, 91):
        day = TODAY + timedelta(days=number)
        if [card.question for card in review.plan(progress, day).today] == [name]:
            asked_on.append(number)
            session = quizzes.begin(progress, "review", [], 1, [])
            moment = datetime.combine(day, datetime.min.time(), UTC) + timedelta(hours=12)
            quizzes.record_review(
                progress, session.id, draw.ask(question, number), Given(None, 0.0, 1, moment)
            )
    assert len(asked_on) <= 12
    [leech] = review.plan(progress, day).leeches
    assert reading.places(leech).exercises
    assert reading.places(leech).wrong >= schedule.LEECH


def test_every_topic_says_what_to_read():
    from course.content.catalog import catalog

    slugs = {exercise.slug for exercise in catalog()}
    assert all(topic.read and set(topic.read) <= slugs for topic in bank.topics().values())


def test_a_suspended_question_stays_away_until_it_is_taken_back(progress):
    names = answered(progress, 3)
    day = TODAY + timedelta(days=10)
    planning.suspend(progress, names[0])
    plan = review.plan(progress, day)
    assert names[0] not in {card.question for card in plan.today}
    assert [card.question for card in plan.suspended] == [names[0]]
    planning.resume(progress, names[0])
    assert names[0] in {card.question for card in review.plan(progress, day).today}


def test_the_last_rating_is_taken_back(progress):
    answered(progress, 3)
    day = TODAY + timedelta(days=10)
    before = {card.question: (card.due, card.state) for card in cards.cards(progress)}
    card = review.plan(progress, day).today[0]
    session = quizzes.begin(progress, "review", [], 1, [])
    moment = datetime.combine(day, datetime.min.time(), UTC) + timedelta(hours=12)
    [question] = bank.select([card.question])
    assert quizzes.record_review(progress, session.id, draw.ask(question, 1), Given(None, 0.0, 1, moment))
    assert review.undo(progress) == card.question
    assert {card.question: (card.due, card.state) for card in cards.cards(progress)} == before
    assert review.undo(progress) is None


def test_nothing_is_planned_after_the_exam_and_everything_comes_once_before_it(progress):
    exam = TODAY + timedelta(days=30)
    learner = simulate_reviews.Learner(
        "exam", lambda day: True, lambda day: 5 if day < 20 else 0, lambda *_: False
    )
    simulate_reviews.run(learner, progress, 45, until=exam)
    assert sum(learner.asked[31:]) == 0
    last = {one.question: one.answered.date() for one in quizzes.answers(progress)}
    assert min(last.values()) >= exam - timedelta(days=12)


@pytest.mark.parametrize("name", ["absent two weeks", "always wrong on three"])
def test_forty_five_days_of_a_learner(progress, name):
    [learner] = [one for one in simulate_reviews.learners() if one.name == name]
    simulate_reviews.run(learner, progress, 45)
    assert max(learner.asked) <= planning.DAILY
    assert learner.together == 0
    if name == "always wrong on three":
        assert max(learner.by_question[hard] for hard in simulate_reviews.HARD) <= 10


def test_only_what_was_missed(progress):
    answered(progress, 4)
    with pytest.raises(sitting.NothingMissed):
        sitting.sit(progress, [], missed=True)
    wrong = answered(progress, 2, TODAY + timedelta(days=1), credit=0.5)
    taken = sitting.sit(progress, [], missed=True)
    assert {entry.asked.id for entry in taken.entries()} == set(wrong)


def test_two_of_a_group_never_meet(progress):
    group = {listed.id: listed.group for listed in bank.find(bank.days())}
    for seed in range(30):
        taken = sitting.sit(progress, [], count=100, seed=seed, new=True)
        groups = [group[entry.asked.id] for entry in taken.entries()]
        assert len(set(groups)) == len(groups)


def test_an_exam_keeps_its_seed_and_keys_to_itself_until_its_end(progress, tmp_path):
    from course.progress import transfer

    exam = sitting.sit(progress, ["day07"], exam=True, count=3, seed=7)
    quiz = sitting.sit(progress, ["day07"], count=3, seed=7)
    assert [e.asked.to_json() for e in exam.entries()] != [e.asked.to_json() for e in quiz.entries()]
    data = exam.to_json("en")
    assert data["seed"] is None
    assert all("seed" not in question and "key" not in question for question in data["questions"])
    text = exam.entries()[0].asked.text["en"]
    assert text not in json.dumps(transfer.export(progress), ensure_ascii=False)
    assert text.encode() not in (tmp_path / "progress.db").read_bytes()
    for entry in exam.entries():
        exam.answer(entry, None)
    exam.finish()
    assert exam.to_json("en")["seed"] == 7
    assert "key" in exam.to_json("en")["questions"][0]
    assert json.dumps(text)[1:-1] in json.dumps(transfer.export(progress))


def test_an_unfinished_quiz_is_dropped_and_its_answers_stay(progress):
    taken = sitting.sit(progress, ["day07"], count=3)
    entry = taken.next()
    taken.answer(entry, None)
    quizzes.drop(progress, taken.session.id)
    assert sitting.sit(progress, ["day07"], count=3).session.id != taken.session.id
    assert [one.question for one in quizzes.answers(progress)] == [entry.asked.id]


def test_all_options_are_told_after_an_answer(progress):
    question = next(q for q in bank.everything() if q.kind == "multiple")
    taken = sitting.sit(progress, [question.id], count=1)
    entry = taken.next()
    wrong = next(place for place, choice in enumerate(entry.asked.choices, start=1) if not choice.correct)
    taken.answer(entry, [wrong])
    [told] = taken.to_json("en")["questions"]
    assert len(told["options"]) == len(entry.asked.choices)
    assert [one["chosen"] for one in told["options"]].count(True) == 1
    assert all(bool(one["why"]) != one["right"] for one in told["options"])


def test_the_command_plans_and_says_so():
    def run(*words: str) -> str:
        result = CliRunner().invoke(command, ["review", *words])
        assert result.exit_code == 0, result.output
        return result.output

    run("--limit", "7", "--until", "2099-01-01", "--suspend", "lstm_one_step")
    data = json.loads(run("--json"))
    assert (data["limit"], data["until"]) == (7, "2099-01-01")
    run("--until", "never", "--resume", "lstm_one_step")
    assert json.loads(run("--json"))["until"] is None
    assert CliRunner().invoke(command, ["review", "--until", "soon"]).exit_code == 2
    assert CliRunner().invoke(command, ["review", "--until", "2020-01-01"]).exit_code == 2
    with database.opened() as connection:
        planning.set_until(connection, date(2020, 1, 1))  # a day that has gone by meanwhile
    assert "course review --until never" in run()
    assert CliRunner().invoke(command, ["review", "--suspend", "no_such"]).exit_code == 2

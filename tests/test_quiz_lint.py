"""`course quiz lint` as who writes questions uses it: in a course's folder, on a topic, with help of its own."""

from __future__ import annotations

import re

import pytest

from course.content import courses
from course.dev import proof
from course.quizzes import bank
from tests.own_courses import lay_out, run


@pytest.fixture
def own(tmp_path):
    """A course whose only topic has two questions and is to have three."""
    root = lay_out(tmp_path / "statistics").root
    manifest = root / "exercises" / "manifest.toml"
    text = manifest.read_text(encoding="utf-8")
    manifest.write_text(
        text.replace("[[days]]", "[quiz]\nleast = { topic = 3 }\n\n[[days]]"), encoding="utf-8"
    )
    courses.at.cache_clear()
    return courses.at(root)


@pytest.mark.parametrize("names", [[], ["day01"], ["averages"], ["the first question"]])
def test_a_day_a_topic_and_a_question_are_held_to_the_least_numbers(own, names):
    if names == ["the first question"]:
        names = [bank.load("day01", own.root)[0].id]
    told = run("quiz", "lint", *names, cwd=own.root / "solutions", status=1)
    few = f"{bank.source('day01', own.root)}: topic averages: 2 questions of at least 3 ({own.manifest}: [quiz] least: topic)"
    assert told.splitlines() == [few, "problems: 1"]


def test_a_new_exercise_s_check_counts_too(own):
    problems = proof.around(own, [own.exercise("weighted_mean")])
    assert [problem for problem in problems if "2 questions of at least 3" in problem] == problems != []


def test_another_course_can_be_named(own):
    assert "problems: 0" in run("quiz", "lint", "day11", "-n", "1", "--course", "deep-learning", cwd=own.root)
    assert "averages" in run("quiz", "lint", "--course", str(own.root), cwd=own.root.parent, status=1)


def test_an_unknown_name_is_told_with_the_nearest(own):
    assert "Did you mean averages, " in run("quiz", "lint", "average", cwd=own.root, status=2)


@pytest.mark.parametrize("code", ["en", "ko"])
def test_it_has_help_of_its_own(own, code):
    told = run("quiz", "lint", "--help", cwd=own.root, lang=code)
    assert "course quiz lint" in told
    assert "-n" in told
    assert "--exam" not in told
    assert bool(re.search("[가-힣]", told)) == (code == "ko")
    assert "course quiz lint --help" in " ".join(run("quiz", "--help", cwd=own.root, lang=code).split())
    assert run("quiz", "-n", "2", "lint", cwd=own.root, status=1) == run(
        "quiz", "lint", cwd=own.root, status=1
    )

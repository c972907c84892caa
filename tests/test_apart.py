"""A test in a worker of its own has the same result whether it runs beside the others or in turn, and nothing of it is left."""

from __future__ import annotations

import os
from dataclasses import replace

import psutil
import pytest

from course.checking import Graders, Task
from course.learner.subject import Subject
from course.processes import zygotes
from tests import own_courses
from tests.kept import wait_for
from tests.processes import running

pytestmark = [
    pytest.mark.skipif(not zygotes.confined(), reason="workers are confined on Linux only"),
    pytest.mark.skipif((os.cpu_count() or 1) < 2, reason="on one core nothing runs beside"),
]

RUNTIME = '[runtimes.dear]\ntitle = "json"\nimports = ["json"]\ninstall = "json"\nheavy = true\n'
SOLUTION = '''"""Counting."""

CALLS = []


def first():
    """One."""
    ### BEGIN SOLUTION
    CALLS.append(1)
    return 1
    ### END SOLUTION


def second():
    """Two."""
    ### BEGIN SOLUTION
    return 2
    ### END SOLUTION


def calls():
    """How often the first was called."""
    ### BEGIN SOLUTION
    return len(CALLS)
    ### END SOLUTION
'''
GRADER = '''"""Counting."""

import threading

from course.grading import assert_close, graded

MEETING = threading.Barrier(2)
MEET = False


@graded(points=1)
def test_first(submission, rng):
    assert_close(submission.first(), 1)


@graded(points=1, after=["first"])
def test_second(submission, rng):
    if MEET:
        MEETING.wait(30)
    assert_close(submission.second(), 2)


@graded(points=2, after=["first", "second"], apart=True)
def test_calls(submission, rng):
    if MEET:
        MEETING.wait(30)
    assert_close(submission.calls() - 0, 0 * rng.normal())


@graded(points=1, after=["calls"], hidden=True)
def test_last(submission, rng):
    assert_close(submission.calls(), 1)
'''
RIGHT = "    return len(CALLS)\n"
# What a learner's code does in place of it, and the status of the exercise's tests then.
CALLS = {
    "right": (RIGHT, "passed passed passed passed"),
    "wrong": ("    return 5 + len(CALLS)\n", "passed passed failed blocked"),
    "prints": ("    print('here')\n    return 7\n", "passed passed failed blocked"),
    "raises": ("    return {}['a']\n", "passed passed failed blocked"),
    "nothing": ("    print('here')\n", "passed passed failed blocked"),
    "alone": ("    return len(CALLS) or 1 / 0\n", "passed passed failed blocked"),
    "never ends": ("    while True: pass\n", "passed passed timeout blocked"),
    "leaves": ("    import os\n    os._exit(3)\n", "passed passed error blocked"),
}


@pytest.fixture(scope="module")
def course(tmp_path_factory):
    root = tmp_path_factory.mktemp("own") / "counting"
    own_courses.lay_out(root)
    own_courses.add(root, "counts", SOLUTION, GRADER, "dear", RUNTIME)
    return own_courses.courses.at(root)


def graded(course, source, *, strict, seconds=1.0, in_all=60.0):
    """The tests of a file; when they are told every worker ends, or has ended."""
    exercise = replace(course.exercise("counts"), call_seconds=seconds, seconds=in_all)
    task = Task(Subject(exercise, "counts.py", source), seed=7)
    with Graders(1, [exercise.runtime], strict=strict, course=course) as graders:
        [result] = [event.result for event in graders.run([task]) if event.result is not None]
        workers = [
            child
            for zygote in psutil.Process().children()
            if any("course.worker.zygote" in word for word in zygote.cmdline())
            for child in zygote.children()
        ]
        wait_for(lambda: not any(map(running, workers)))
    return result.tests


@pytest.mark.parametrize("kind", CALLS)
def test_beside_the_others_and_in_turn_it_ends_alike(course, kind):
    lines, statuses = CALLS[kind]
    source = SOLUTION.replace(RIGHT, lines)
    told = [graded(course, source, strict=strict) for strict in (False, True)]
    assert [" ".join(test.status for test in tests) for tests in told] == [statuses, statuses]
    assert told[0] == told[1]


def test_it_runs_beside_the_test_before_its_turn(course):
    grader = course.exercise("counts").grader
    text = grader.read_text(encoding="utf-8")
    grader.write_text(text.replace("MEET = False", "MEET = True"), encoding="utf-8")
    try:
        tests = graded(course, SOLUTION, strict=False)
    finally:
        grader.write_text(text, encoding="utf-8")
    assert [test.status for test in tests] == ["passed"] * 4


@pytest.mark.parametrize("strict", [False, True])
def test_it_is_ended_where_it_will_not_be_asked_for(course, strict):
    """Its call would last for ever: a check that waited for it would take the limit's hour."""
    source = SOLUTION.replace(RIGHT, "    while True: pass\n").replace("return 2", "return 3")
    tests = graded(course, source, strict=strict, seconds=3600.0)
    assert [test.status for test in tests] == ["passed", "failed", "blocked", "blocked"]


def test_where_nothing_forks_there_is_one_worker(course, monkeypatch):
    """Each would import its libraries anew."""
    monkeypatch.setenv("COURSE_START", "alone")
    source = SOLUTION.replace(RIGHT, "    return 0 * CALLS[0]\n")
    assert [test.status for test in graded(course, source, strict=False)][:3] == ["passed"] * 3


def test_its_time_is_the_exercises(course):
    """What the others have left of it: the test before has taken all."""
    source = SOLUTION.replace("    return 2\n", "    import time\n    time.sleep(1.2)\n    return 2\n")
    tests = graded(
        course, source.replace(RIGHT, "    while True: pass\n"), strict=True, seconds=3600.0, in_all=2.0
    )
    assert [test.status for test in tests] == ["passed", "passed", "timeout", "blocked"]
    assert "took longer than 0." in tests[2].text()


def test_it_takes_nothing_else(course):
    grader = course.exercise("counts").grader
    text = grader.read_text(encoding="utf-8")
    fixture = "import pytest\n\n\n@pytest.fixture\ndef other():\n    return 1\n\n\n"
    grader.write_text(
        text.replace("@graded(points=1)\ndef", fixture + "@graded(points=1)\ndef").replace(
            "test_calls(submission, rng)", "test_calls(submission, rng, other)"
        ),
        encoding="utf-8",
    )
    try:
        told = [graded(course, SOLUTION, strict=strict) for strict in (False, True)]
    finally:
        grader.write_text(text, encoding="utf-8")
    for tests in told:
        said = [test.text() for test in tests if test.status == "ungraded"]
        assert "a test apart takes no other" in " ".join(said)

"""A grader may use what pytest has: fixtures of its own, asked for or not, setup functions, parameters and marks."""

from __future__ import annotations

import pytest

from course.checking import Graders, Task
from course.learner.subject import Subject
from course.processes import zygotes
from tests import own_courses

pytestmark = pytest.mark.skipif(not zygotes.confined(), reason="workers are confined on Linux only")

SOLUTION = '''"""Adding."""


def add(a, b):
    """The sum."""
    ### BEGIN SOLUTION
    return a + b
    ### END SOLUTION
'''
HEAD = '''"""Adding."""

import pytest

from course.grading import assert_equal, graded

GIVEN = []
'''
PLAIN = """
@graded(points=1)
def test_sum(submission, rng):
    a, b = rng.integers(100, size=2).tolist()
    assert_equal(submission.add(a, b), a + b)
"""
GRADERS = {
    "nothing else": PLAIN,
    "fewer": """
@graded(points=1)
def test_sum(submission):
    assert_equal(submission.add(2, 3), 5)
""",
    "one of its own": """
@pytest.fixture
def pair(rng):
    return rng.integers(100, size=2).tolist()

@graded(points=1)
def test_sum(submission, pair):
    assert_equal(submission.add(*pair), sum(pair))
""",
    "one unasked": """
@pytest.fixture(autouse=True)
def given():
    GIVEN.append(3)

@graded(points=1)
def test_sum(submission, rng):
    assert_equal(submission.add(2, *GIVEN), 5)
""",
    "setup functions": """
def setup_module(module):
    GIVEN.append(2)

def setup_function(function):
    GIVEN.append(3)

@graded(points=1)
def test_sum(submission, rng):
    assert_equal(submission.add(*GIVEN), 5)
""",
    "a fixture by its mark": """
@pytest.fixture
def given():
    GIVEN.extend([2, 3])

@graded(points=1)
@pytest.mark.usefixtures("given")
def test_sum(submission, rng):
    assert_equal(submission.add(*GIVEN), 5)
""",
    "a default": """
@graded(points=1)
def test_sum(submission, rng, a=2):
    assert_equal(submission.add(a, 3), 5)
""",
}


@pytest.fixture(scope="module")
def course(tmp_path_factory):
    root = tmp_path_factory.mktemp("own") / "adding"
    own_courses.lay_out(root)
    own_courses.add(root, "adds", SOLUTION, HEAD + PLAIN)
    return own_courses.courses.at(root)


def statuses(course, body, source):
    exercise = course.exercise("adds")
    exercise.grader.write_text(HEAD + body, encoding="utf-8")
    task = Task(Subject(exercise, "adds.py", source), seed=7)
    with Graders(1, [exercise.runtime], strict=False, course=course) as graders:
        [result] = [event.result for event in graders.run([task]) if event.result is not None]
    return [(test.status, test.text()) for test in result.tests]


@pytest.mark.parametrize("body", GRADERS.values(), ids=GRADERS)
def test_a_grader_uses(course, body):
    assert statuses(course, body, SOLUTION) == [("passed", "")]
    [(status, said)] = statuses(course, body, SOLUTION.replace("a + b", "a - b"))
    assert status == "failed"
    assert "add(" in said

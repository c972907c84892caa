"""The warm graders of a class: what they take next, and what one that fails costs."""

from __future__ import annotations

import os
import signal

from course.checking import Task
from course.classroom import jobs
from course.content.catalog import catalog
from course.learner.subject import Subject
from course.results import ExerciseResult
from tests.conftest import solution
from tests.processes import started_by

SLUGS = ("lstm_gates", "rnn_forward")


def test_a_task_that_cannot_be_graded_costs_the_student_s_others_nothing(monkeypatch):
    grade = jobs.Jobs.grade

    def failing(self: jobs.Jobs, tasks: list[Task]) -> list[ExerciseResult]:
        if tasks[0].subject.exercise.slug == SLUGS[0]:
            raise OSError("No space left on device")
        return grade(self, tasks)

    monkeypatch.setattr(jobs.Jobs, "grade", failing)
    subjects = [Subject(catalog().exercise(slug), f"{slug}.py", solution(slug)) for slug in SLUGS]
    pool = jobs.LocalPool(2, ["numpy"])
    try:
        first, second = pool.submit([Task(subject, 1) for subject in subjects]).result(timeout=60)
    finally:
        pool.close()
    assert first.status == "ungraded"
    assert "No space left" in str(first.tests[0].message)
    assert second.status == "passed"


def students(count: int) -> list[jobs.Work]:
    """Each with an answer to a Keras exercise and to two NumPy exercises, named in this order."""
    names = ("lstm_model", *SLUGS)
    subjects = [Subject(catalog().exercise(slug), f"{slug}.py", solution(slug)) for slug in names]
    return [jobs.Work([Task(subject, 1) for subject in subjects]) for _ in range(count)]


def taken(queue: jobs.Queue, class_: list[jobs.Work]) -> tuple[int, str, Task]:
    """Whose task is next, and for which runtime."""
    task, work = queue.take()
    return class_.index(work), task.subject.exercise.runtime, task


def drained(queue: jobs.Queue, class_: list[jobs.Work]) -> list[tuple[int, str]]:
    """Everybody's tasks as one thread takes them."""
    for work in class_:
        queue.put(work)
    order = []
    for _ in range(sum(len(work.tasks) for work in class_)):
        number, runtime, task = taken(queue, class_)
        order.append((number, runtime))
        queue.done(task)
    return order


def test_a_single_thread_goes_through_a_class_in_its_order():
    order = drained(jobs.Queue(earlier=0), students(2))
    each = ["numpy", "numpy", "keras"]
    assert order == [(0, runtime) for runtime in each] + [(1, runtime) for runtime in each]


def test_while_one_thread_waits_for_tensorflow_the_others_grade_numpy_exercises():
    queue, class_ = jobs.Queue(earlier=0), students(3)
    for work in class_:
        queue.put(work)
    *_, numpy = taken(queue, class_)
    number, runtime, keras = taken(queue, class_)  # NumPy's own zygote is not there yet either
    assert (number, runtime) == (0, "keras")
    queue.done(numpy)
    meanwhile = [taken(queue, class_) for _ in range(5)]
    assert [(number, runtime) for number, runtime, _ in meanwhile] == [
        (0, "numpy"), *[(1, "numpy")] * 2, *[(2, "numpy")] * 2
    ]  # fmt: skip
    queue.done(keras)
    assert [taken(queue, class_)[:2] for _ in range(2)] == [(1, "keras"), (2, "keras")]


def test_an_exercise_that_was_not_begun_waits_for_nothing():
    queue = jobs.Queue(earlier=0)
    exercise = catalog().exercise("lstm_model")
    empty, begun = (
        jobs.Work([Task(Subject(exercise, "lstm_model.py", source), 1)])
        for source in (None, solution("lstm_model"))
    )
    for work in (empty, begun, begun, empty):
        queue.put(work)
    queue.done(queue.take()[0])
    # One begun exercise is waited for: what was not begun comes before the next of them.
    assert [queue.take()[1] for _ in range(3)] == [begun, empty, begun]


def test_numpy_exercises_go_ahead_so_that_one_that_never_returns_is_not_the_last():
    order = drained(jobs.Queue(earlier=2), students(4))
    last = max(place for place, (_, runtime) in enumerate(order) if runtime == "numpy")
    assert order[last + 1 :] == [(2, "keras"), (3, "keras")]


def test_a_grader_that_dies_costs_no_result():
    subjects = [Subject(catalog().exercise(slug), f"{slug}.py", solution(slug)) for slug in SLUGS]
    tasks = [Task(subject, 1) for subject in subjects]
    warm = jobs.Jobs(["numpy"], 2)
    try:
        assert [result.status for result in warm.grade(tasks)] == ["passed", "passed"]
        os.kill(warm.pids()[0], signal.SIGKILL)
        assert [result.status for result in warm.grade(tasks)] == ["passed", "passed"]
        warm.rest()
        assert [result.status for result in warm.grade(tasks)] == ["passed", "passed"]
        for process in started_by(os.getpid(), "course.worker.zygote"):
            process.kill()
        assert [result.status for result in warm.grade(tasks)] == ["passed", "passed"]
    finally:
        warm.close()

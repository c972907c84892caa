"""Real nbgrader from end to end on day 10: five students, from the roster to the exported grades."""

from __future__ import annotations

import csv
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from course.content.catalog import catalog
from course.learner import notebooks as read
from course.quizzes import answers
from course.term import gradedcells
from tests import assignment_students

pytest.importorskip("nbgrader", reason="nbgrader is not installed: pip install -e '.[dev]'")

STUDENTS = ("perfect", "half", "empty", "broken", "hostile")
DAY = "day10"
REPORT_POINTS = 13.0


class Class:
    """An instructor's folder, an exchange, a folder for each student, and the commands each of them types."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.course = root / "deep-learning"
        self.exchange = root / "exchange"
        self.exchange.mkdir(mode=0o777)
        (root / "roster.csv").write_text(
            "id,first_name,last_name\n" + "".join(f"{student},Kim,{student}\n" for student in STUDENTS)
        )

    def run(self, *command: str, folder: Path | None = None, expect: int = 0) -> str:
        process = self.start(*command, folder=folder)
        out, error = process.communicate()
        assert process.returncode == expect, out + error
        assert command[0] != "course" or "Warning" not in out + error
        return out

    def start(self, *command: str, folder: Path | None = None) -> subprocess.Popen[str]:
        bin_ = Path(sys.executable).parent
        environment = {
            **os.environ,
            "PATH": f"{bin_}{os.pathsep}{os.environ['PATH']}",
            "JUPYTER_RUNTIME_DIR": str(self.root / "runtime"),
            "COURSE_LANG": "en",
        }
        return subprocess.Popen(
            [str(bin_ / command[0]), *command[1:]],
            cwd=folder or self.course,
            env=environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            encoding="utf-8",
        )

    def nbgrader(self, *arguments: str, folder: Path | None = None) -> str:
        return self.run("nbgrader", *arguments, f"--Exchange.root={self.exchange}", folder=folder)

    def notebook(self, kind: str, student: str = "") -> dict:
        return json.loads((self.course / kind / student / DAY / f"{DAY}.ipynb").read_text(encoding="utf-8"))

    def scores(self, student: str) -> dict[str, float]:
        """nbgrader's points by graded cell."""
        from course.classroom.coursedir import gradebook

        with gradebook(self.course / "gradebook.db") as opened:
            submission = opened.find_submission_notebook(DAY, DAY, student)
            return {grade.name: grade.score for grade in submission.grades}

    def feedback(self, student: str) -> str:
        return (self.course / "feedback" / student / DAY / f"{DAY}.html").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def class_(tmp_path_factory) -> Class:
    """The whole term of one assignment."""
    root = tmp_path_factory.mktemp("class")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("COURSE_CACHE", str(root / "cache"))
        patch.setenv("COURSE_DATA", str(root / "data"))
        class_ = Class(root)
        class_.run("course", "nbgrader", "init", "deep-learning", "--roster", "roster.csv", folder=root)
        class_.run("course", "nbgrader", "build", DAY)
        class_.nbgrader("generate_assignment", DAY)
        class_.nbgrader("release_assignment", DAY)
        home, course = root / "home", ("--course", "deep-learning")
        home.mkdir()
        class_.nbgrader("fetch_assignment", DAY, *course, folder=home)
        released = json.loads((home / DAY / f"{DAY}.ipynb").read_text(encoding="utf-8"))
        work = assignment_students.hand_in(class_.notebook("source"), released)
        commands = []
        for student in STUDENTS:  # at once, and all on one account of this machine, so they say who they are
            own = root / student / DAY / f"{DAY}.ipynb"
            own.parent.mkdir(parents=True)
            own.write_text(json.dumps(work[student]), encoding="utf-8")
            submit = ("nbgrader", "submit", DAY, *course, "--student", student)
            exchange = f"--Exchange.root={class_.exchange}"
            commands.append(class_.start(*submit, exchange, folder=root / student))
        for command in commands:
            out, error = command.communicate()
            assert command.returncode == 0, out + error
        class_.nbgrader("collect", DAY)
        grade = class_.start("course", "grade", ".", "--day", DAY, "--out", "grades")
        class_.nbgrader("autograde", DAY)
        out, error = grade.communicate()
        assert grade.returncode == 0, out + error
        _grade_by_hand(class_)
        class_.nbgrader("generate_feedback", DAY)
        class_.nbgrader("export")
        return class_


def _grade_by_hand(class_: Class) -> None:
    """What the formgrader writes when a person grades the report."""
    from course.classroom.coursedir import gradebook

    with gradebook(class_.course / "gradebook.db") as opened:
        grade = opened.find_grade("team_project-report", DAY, DAY, "perfect")
        assert grade.needs_manual_grade
        grade.manual_score = REPORT_POINTS
        opened.db.commit()


def test_the_released_notebook_holds_no_answers(class_):
    code = [cell for cell in class_.notebook("release")["cells"] if cell["cell_type"] == "code"]
    text = "\n".join(assignment_students.text(cell) for cell in code)
    assert "SOLUTION" not in text
    assert "HIDDEN" not in text
    assert "hidden_tests(" not in text
    assert "graded.answer(" not in text
    for question in answers.questions(DAY):
        assert f"\n{answers.variable(answers.drawn(question))} =" not in text


def test_cells_are_worth_what_the_exercise_is(class_):
    worth: dict[str, float] = {}
    for cell in class_.notebook("source")["cells"]:
        about = cell["metadata"].get("nbgrader", {})
        if about.get("grade"):
            slug = about["grade_id"].rpartition("-")[0]
            worth[slug] = worth.get(slug, 0) + about["points"]
    report = json.loads(
        class_.run("course", "check", DAY, "--submission", str(class_.root), "--json", expect=1)
    )
    for exercise in report["exercises"]:
        by_hand = catalog().exercise(exercise["slug"]).report
        assert worth[exercise["slug"]] == exercise["max_points"] + by_hand


def test_scores_are_those_of_course_grade(class_):
    rows = csv.DictReader((class_.course / "grades" / "grades.csv").read_text("utf-8-sig").splitlines())
    graded = {row["student"]: row for row in rows}
    for student in STUDENTS:
        scores = class_.scores(student)
        for exercise in catalog().select([DAY]):
            cells = (gradedcells.tests(exercise.slug), gradedcells.hidden_tests(exercise.slug))
            theirs = sum(scores.get(cell, 0) for cell in cells)
            if student == "hostile":
                assert float(graded[student][exercise.slug]) == 0
            else:
                assert theirs == float(graded[student][exercise.slug]), (student, exercise.slug)
    # What `nbgrader autograde` cannot prevent, since the test cells run in the student's kernel.
    assert sum(class_.scores("hostile").values()) > 100


def test_partial_credit(class_):
    scores = class_.scores("half")
    gru = scores["gru_gates-tests"] + scores["gru_gates-hidden"]
    assert 0 < gru < 10
    assert scores["lstm_gates-tests"] + scores["lstm_gates-hidden"] == 10
    assert not any(class_.scores("empty").values())


def test_a_broken_cell_costs_its_own_exercise_alone(class_):
    scores = class_.scores("broken")
    assert scores["lstm_gates-tests"] == 0
    assert scores["rnn_forward-tests"] + scores["rnn_forward-hidden"] == 10
    assert "This cell is not valid Python" in class_.feedback("broken")


def test_quiz_answers_earn_the_same_without_a_kernel(class_):
    for student in ("perfect", "half", "empty"):
        path = class_.course / "submitted" / student / DAY / f"{DAY}.ipynb"
        text, scores = read.read(path), class_.scores(student)
        for question in answers.questions(DAY):
            credit = answers.verdict(text, answers.drawn(question)).credit
            assert scores[gradedcells.question(question.id)] == credit * gradedcells.QUESTION_POINTS
    assert class_.scores("perfect")["quiz-lstm_keep_exactly"] == 1


def test_the_export_holds_the_points_a_person_gave(class_):
    rows = list(csv.DictReader((class_.course / "grades.csv").read_text("utf-8").splitlines()))
    [perfect] = [row for row in rows if row["student_id"] == "perfect"]
    assert (
        float(perfect["score"])
        == float(perfect["max_score"]) - catalog().exercise("team_project").report + 13
    )


def test_a_report_that_nobody_wrote_waits_for_nobody(class_):
    from course.classroom.coursedir import gradebook

    with gradebook(class_.course / "gradebook.db") as opened:
        found = [
            opened.find_grade("team_project-report", DAY, DAY, student) for student in ("empty", "perfect")
        ]
        assert [each.needs_manual_grade for each in found] == [False, True]


def test_a_student_more_is_told_with_the_others(class_, tmp_path):
    shutil.copy(class_.course / "gradebook.db", tmp_path)
    (tmp_path / "late.csv").write_text("id,first_name,last_name\nnewcomer,Kim,New\n", encoding="utf-8")
    said = class_.run("course", "nbgrader", "init", ".", "--roster", "late.csv", folder=tmp_path)
    assert f"students in the gradebook: {len(STUDENTS) + 1}\n" in said


def test_an_exercise_is_no_assignment_by_itself(class_):
    process = class_.start("course", "nbgrader", "build", "lstm_gates")
    out, error = process.communicate()
    assert (process.returncode, out) == (2, "")
    assert "lstm_gates is an exercise" in error
    assert "course term new --day lstm_gates" in " ".join(error.split())


def test_feedback_does_not_leak(class_):
    page = class_.feedback("half")
    # A visible test shows what came back; one with other inputs, which are hidden, its title alone.
    assert "returned array([" in page
    for student in STUDENTS:
        cells = class_.notebook("autograded", student)["cells"]
        for cell in cells:
            if assignment_students.name(cell).endswith("-hidden"):
                shown = json.dumps(cell["outputs"])
                assert "returned" not in shown
                assert "array(" not in shown
        for question in answers.questions(DAY):
            asked = answers.drawn(question)
            [cell] = [c for c in cells if assignment_students.name(c) == gradedcells.question(asked.id)]
            assert repr(asked.key) not in assignment_students.text(cell)


LATE = """
from nbgrader.plugins import LateSubmissionPlugin


class TwoPoints(LateSubmissionPlugin):
    def late_submission_penalty(self, student_id, score, total_seconds_late):
        return 2.0


c.AssignLatePenalties.plugin_class = TwoPoints
"""


def test_course_grade_takes_off_what_the_settings_say_for_late_work(class_, tmp_path):
    copy = Class.__new__(Class)
    copy.root, copy.course, copy.exchange = tmp_path, tmp_path / "deep-learning", class_.exchange
    shutil.copytree(class_.course, copy.course, ignore=shutil.ignore_patterns("autograded", "feedback"))
    with (copy.course / "nbgrader_config.py").open("a") as settings:
        settings.write(LATE)
    copy.nbgrader("db", "assignment", "add", DAY, "--duedate", "2020-01-01 00:00:00 Asia/Seoul")
    grade = ("course", "grade", ".", "--day", "lstm_gates", "--out", "late", "--gradebook", "gradebook.db")
    copy.run(*grade)
    from course.classroom.coursedir import gradebook

    with gradebook(copy.course / "gradebook.db") as opened:
        half, empty = (opened.find_submission(DAY, student) for student in ("half", "empty"))
        assert half.late_submission_penalty == 2
        assert half.score == sum(copy.scores("half").values())
        assert empty.late_submission_penalty == 0  # there is nothing to take off


def test_building_again_gives_the_same_bytes(class_, tmp_path):
    class_.run("course", "nbgrader", "build", DAY, "--out", str(tmp_path))
    ours = class_.course / "source" / DAY / f"{DAY}.ipynb"
    assert (tmp_path / "source" / DAY / f"{DAY}.ipynb").read_bytes() == ours.read_bytes()
    assert "unchanged" in class_.run("course", "nbgrader", "build", DAY)


def test_a_notebook_edited_by_hand_is_not_replaced(class_, tmp_path):
    class_.run("course", "nbgrader", "build", "day11", "--out", str(tmp_path), "--lang", "ko")
    path = tmp_path / "source" / "day11" / "day11.ipynb"
    edited = path.read_text(encoding="utf-8").replace("GAN", "Gan")
    path.write_text(edited, encoding="utf-8")
    build = ("course", "nbgrader", "build", "day11", "--out", str(tmp_path), "--lang", "ko")
    class_.run(*build, expect=1)
    assert path.read_text(encoding="utf-8") == edited
    class_.run(*build, "--force")
    assert path.read_text(encoding="utf-8") != edited


def test_nbgrader_is_imported_after_a_hint_at_what_to_install():
    # Older setuptools (it comes with Python 3.11) gives up its distutils as soon as somebody looks for pip.
    code = "from course.system import installation; print(installation.command_for('web')); import nbgrader"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert (done.returncode, "install" in done.stdout) == (0, True), done.stderr

"""A term of another course than the bundled one: its file says which, wherever the commands are run."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import pytest

from course.content import courses
from course.processes import zygotes
from course.quizzes import answers, bank
from course.system import installation
from tests.own_courses import lay_out, run

confined = pytest.mark.skipif(not zygotes.confined(), reason="workers are confined on Linux only")


@pytest.fixture
def own(tmp_path: Path) -> Path:
    """A course in a folder, known to nobody; beside it a class of two, one of whom is half right."""
    lay_out(tmp_path / "statistics", ("en", "ko"))
    courses.at.cache_clear()
    right = (tmp_path / "statistics" / "solutions" / "day01" / "weighted_mean.py").read_text(encoding="utf-8")
    wrong = right.replace("    return ", "    return 0.0 if len(values) == 1 else ")
    assert wrong != right
    for student, source in (("kim", right), ("lee", wrong)):
        work = tmp_path / "autumn" / "class" / student / "day01" / "weighted_mean.py"
        work.parent.mkdir(parents=True)
        work.write_text(source, encoding="utf-8")
    (tmp_path / "autumn" / "students.csv").write_text("id,name\nkim,Kim\nlee,Lee\n", encoding="utf-8")
    return tmp_path


def written(own: Path, course: str, name: str = "weighted_mean") -> Path:
    """A term's file that names its course so."""
    path = own / "autumn" / "term.toml"
    path.write_text(
        f'title = "Autumn"\ncourse = {json.dumps(course)}\nroster = "students.csv"\n\n[assignments.week1.exercises]\n'
        f"{name} = 8\n\n[assignments.week1.quiz]\nday01 = {{ questions = 2, points = 2 }}\n",
        encoding="utf-8",
    )
    return path


def points(folder: Path, assignment: str, column: str = "code") -> dict[str, str]:
    """What a class's table says of the code, or in another column."""
    text = (folder / "grades" / assignment / "grades.csv").read_text(encoding="utf-8-sig")
    return {row["student"]: row[column] for row in csv.DictReader(io.StringIO(text))}


@confined
def test_a_new_term_keeps_its_course_where_no_workspace_says_it(own):
    run("term", "new", "autumn", "--course", "./statistics", "--roster", "autumn/students.csv",
        "--zone", "Asia/Seoul", cwd=own)  # fmt: skip
    autumn = own / "autumn"
    assert 'course = "statistics" ' in (autumn / "term.toml").read_text(encoding="utf-8")
    shown = json.loads(run("term", "--json", cwd=autumn))
    assert shown["course"] == "statistics"
    assert [work["slug"] for work in shown["assignments"][0]["exercises"]] == ["weighted_mean"]
    assert "강의: statistics" in run("term", cwd=autumn, lang="ko")
    run("grade", "class", "--jobs", "1", cwd=autumn)
    assert points(autumn, "day01") == {"kim": "2", "lee": "1"}
    assert "no points" in run("grade", "class", "--jobs", "1", "--dry-run", cwd=autumn)
    run("mark", "lee", "weighted_mean", "--points", "1.5", "--note", "why", cwd=autumn)
    # The folder of the grades says where the term is, from anywhere.
    marks = json.loads(run("mark", "lee", "--in", "autumn/grades", "--json", cwd=own))
    assert [each["points"] for each in marks[0]["marks"]] == [1.5]
    exported = run("export", "grades", "autumn/grades/day01", "--to", "csv", cwd=own)
    assert "lee,Lee,,day01,weighted_mean,failed,1.5,2," in exported
    written_ = autumn / "quiz.csv"
    run("export", "quiz", "day01", "--to", "csv", "--out", str(written_), cwd=autumn)
    assert written_.stat().st_size


def test_notebooks_of_the_term_name_its_course(own):
    if not installation.installed("nbgrader"):
        pytest.skip("nbgrader is not installed: pip install -e '.[dev]'")
    written(own, "../statistics")
    said = run("nbgrader", "init", ".", cwd=own / "autumn")
    assert "course nbgrader build week1" in said
    run("nbgrader", "build", cwd=own / "autumn")
    notebook = (own / "autumn" / "source" / "week1" / "week1.ipynb").read_text(encoding="utf-8")
    assert '(\\"weighted_mean\\", language=\\"en\\", course=\\"statistics\\")' in notebook
    # nbgrader runs them where nothing else says which course that is.
    assert "weighted_mean" in run("list", "--course", "statistics", cwd=own)


@confined
def test_a_term_goes_before_the_workspace_it_lies_in(own):
    run("start", "ws", cwd=own)
    written(own, "../statistics").rename(own / "ws" / "term.toml")
    (own / "autumn" / "students.csv").rename(own / "ws" / "students.csv")
    run("grade", "../autumn/class", "--jobs", "1", "--assignment", "week1", cwd=own / "ws")
    assert points(own / "ws", "week1") == {"kim": "8", "lee": "4"}


@pytest.mark.parametrize(
    ("course", "en", "ko"),
    [
        ('"statistic"', "No course called statistic is installed", "statistic"),
        ('"./nowhere"', "is no course: it holds no exercises/manifest.toml", "exercises/manifest.toml"),
        ("7", "course must be a text in quotes", "따옴표"),
        ('["deep-learning", 7]', "course must be a text in quotes", "따옴표"),
        (
            '["deep-learning", "./nowhere"]',
            "is no course: it holds no exercises/manifest.toml",
            "exercises/manifest.toml",
        ),
    ],
)
def test_a_course_that_is_not_there_is_told_with_its_line(own, course, en, ko):
    path = written(own, "?")
    path.write_text(path.read_text(encoding="utf-8").replace('"?"', course), encoding="utf-8")
    commands = (["term"], ["grade", "class", "--trust"], ["export", "quiz", "week1", "--to", "csv"])
    for command in commands:
        said = run(*command, cwd=own / "autumn", status=2)
        assert "term.toml:2: " in said
        assert en in " ".join(said.split())
    said = run("term", cwd=own / "autumn", status=2, lang="ko")
    assert "term.toml:2: " in said
    assert ko in said


def test_a_course_whose_manifest_cannot_be_read(own):
    written(own, "../statistics")
    (own / "statistics" / "exercises" / "manifest.toml").write_text("name = [\n", encoding="utf-8")
    said = " ".join(run("term", cwd=own / "autumn", status=2).split())
    assert "term.toml:2: " in said
    assert "manifest.toml" in said


def test_another_course_than_the_term_s_is_refused(own):
    written(own, "../statistics")
    for command in (["term"], ["grade", "class", "--trust"], ["export", "quiz", "week1", "--to", "csv"]):
        said = run(*command, "--course", "deep-learning", cwd=own / "autumn", status=2)
        assert "term.toml:2: " in said
        assert "leave --course out" in " ".join(said.split())
    said = run("term", "--course", "deep-learning", cwd=own / "autumn", status=2, lang="ko")
    assert "--course를 빼거나" in " ".join(said.split())
    # The same one may be named, however: on a machine that does not know it by its name this is where it is.
    assert "week1" in run("term", "--course", "../statistics", cwd=own / "autumn")
    written(own, "statistics")
    assert "week1" in run("term", "--course", "../statistics", cwd=own / "autumn")
    assert "is installed" in run("term", cwd=own / "autumn", status=2)


def test_what_the_course_lacks_is_told_with_how_to_see_what_it_has(own):
    written(own, "../statistics", name="perceptron")
    said = " ".join(run("term", cwd=own / "autumn", status=2).split())
    assert "term.toml:6: There is no exercise perceptron" in said
    assert f"course list --course {own / 'statistics'}" in said


def test_a_term_among_submissions_cannot_say_whose_graders_run(own):
    written(own, "../../statistics").rename(own / "autumn" / "class" / "term.toml")
    (own / "autumn" / "students.csv").rename(own / "autumn" / "class" / "students.csv")
    said = " ".join(run("grade", "autumn/class", "--trust", cwd=own, status=2).split())
    assert "lies among what is graded" in said
    assert "--term autumn/class/term.toml" in said.replace("\\", "/")
    assert "week1" in run("term", "--term", "autumn/class/term.toml", cwd=own)


def test_a_course_whose_name_is_another_s_is_written_by_its_folder(own):
    manifest = own / "statistics" / "exercises" / "manifest.toml"
    manifest.write_text(
        manifest.read_text(encoding="utf-8").replace('"statistics"', f'"{courses.bundled().name}"', 1),
        encoding="utf-8",
    )
    run("term", "new", "autumn", "--course", "./statistics", cwd=own)
    text = (own / "autumn" / "term.toml").read_text(encoding="utf-8")
    assert f'course = "{(own / "statistics").as_posix()}"' in text
    assert "weighted_mean" in run("term", cwd=own / "autumn")
    assert "perceptron" in run("list", "--course", courses.bundled().name, cwd=own)


def of_both(own: Path, names: str = '["deep-learning", "../statistics"]') -> Path:
    """A term with an assignment of both courses' exercises and questions; a class whose solutions come with them."""
    path = own / "autumn" / "term.toml"
    path.write_text(
        f'course = {names}\nroster = "students.csv"\n\n[assignments.week1.exercises]\nperceptron = 10\n'
        "weighted_mean = 8\n\n[assignments.week1.quiz]\nday01 = { questions = 2, points = 2 }\n"
        "day10 = { questions = 2, points = 2 }\n",
        encoding="utf-8",
    )
    perceptron = next(each for each in courses.bundled() if each.slug == "perceptron")
    for student in ("kim", "lee"):
        work = own / "autumn" / "class" / student / perceptron.day / "perceptron.py"
        work.parent.mkdir(parents=True, exist_ok=True)
        work.write_text(perceptron.solution.read_text(encoding="utf-8"), encoding="utf-8")
    root = courses.at((own / "statistics").resolve()).root
    asked = [answers.drawn(question) for question in [*bank.select(["day01"], root), *bank.select(["day10"])]]
    known = "".join(f"{answers.variable(each)} = {each.key!r}\n" for each in asked)
    (own / "autumn" / "class" / "kim" / "quiz.py").write_text(known, encoding="utf-8")
    # A right one that first looks at the other course's solutions.
    secret = own / "statistics" / "solutions" / "day01" / "weighted_mean.py"
    work.write_text(f"open({str(secret)!r})\n{work.read_text(encoding='utf-8')}", encoding="utf-8")
    return path


@confined
@pytest.mark.parametrize("start", ["", "alone"])
def test_a_term_of_two_courses(own, start):
    of_both(own)
    autumn = own / "autumn"
    shown = json.loads(run("term", "--json", cwd=autumn))
    assert shown["courses"] == ["deep-learning", "statistics"]
    assert [work["slug"] for work in shown["assignments"][0]["exercises"]] == ["perceptron", "weighted_mean"]
    assert "deep-learning, statistics" in run("term", cwd=autumn)
    variables = {"COURSE_START": start} if start else {}
    run("grade", "class", "--jobs", "1", "--assignment", "week1", cwd=autumn, **variables)
    assert points(autumn, "week1") == {"kim": "18", "lee": "4"}
    items = (autumn / "grades" / "week1" / "items.csv").read_text(encoding="utf-8-sig")
    found = {(row["item"], row["test"]): row for row in csv.DictReader(io.StringIO(items))}
    # Kim has all of it, Lee nothing of the perceptron and no answer, and of the mean what one value is enough for.
    told = [row for (item, _test), row in found.items() if item in ("perceptron", "quiz")]
    assert {(row["students"], row["difficulty"], row["discrimination"]) for row in told} == {
        ("2", "0.5000", "1.0000")
    }
    assert len([item for item, _test in found if item == "quiz"]) == 4
    assert "no points" in run(
        "grade", "class", "--jobs", "1", "--assignment", "week1", "--dry-run", cwd=autumn, **variables
    )
    run("mark", "lee", "perceptron", "--points", "9", "--note", "why", cwd=autumn)
    run("grade", "class", "--jobs", "1", "--assignment", "week1", cwd=autumn, **variables)
    assert points(autumn, "week1", "points") == {"kim": "22", "lee": "13"}
    exported = run("export", "grades", "autumn/grades/week1", "--to", "csv", cwd=own)
    assert "kim,Kim,,day01,weighted_mean,passed,8,8," in exported


def test_a_notebook_of_two_courses_names_each(own):
    if not installation.installed("nbgrader"):
        pytest.skip("nbgrader is not installed: pip install -e '.[dev]'")
    of_both(own)
    run("nbgrader", "init", ".", cwd=own / "autumn")
    run("nbgrader", "build", cwd=own / "autumn")
    cells = json.loads((own / "autumn" / "source" / "week1" / "week1.ipynb").read_text(encoding="utf-8"))[
        "cells"
    ]
    code = "".join(line for cell in cells if cell["cell_type"] == "code" for line in cell["source"])
    assert 'visible_tests("perceptron", language="en")' in code
    assert 'visible_tests("weighted_mean", language="en", course="statistics")' in code
    asked = [line for line in code.splitlines() if line.startswith("graded.read(")]
    assert [("statistics" in line) for line in asked] == [True, True, False, False]


def test_two_courses_that_ask_a_question_of_one_id(own):
    of_both(own)
    quiz = own / "statistics" / "solutions" / "day01" / "quiz.toml"
    taken = bank.ids(courses.bundled().root)[0]
    mine = bank.ids(courses.at((own / "statistics").resolve()).root)[0]
    quiz.write_text(quiz.read_text(encoding="utf-8").replace(f'"{mine}"', f'"{taken}"'), encoding="utf-8")
    said = " ".join(run("term", cwd=own / "autumn", status=2).split())
    assert "term.toml:9: " in said
    assert f"each have a question {taken}" in said


@confined
def test_a_cluster_grades_both_courses(own):
    from tests.cluster import cluster

    of_both(own)
    with cluster(own, 1) as running:
        run("grade", "class", "--assignment", "week1", "--scheduler", running.address, cwd=own / "autumn")
    assert points(own / "autumn", "week1", "points") == {"kim": "22", "lee": "4"}

"""Courses beside the one that comes with the program: found, kept apart, in any language, with runtimes of their own."""

from __future__ import annotations

import itertools
import json
import re
import sqlite3

import pytest

from course import language
from course.content import courses, texts
from course.content.manifest import ManifestError, load
from course.learner import workspace
from course.learner.store import attempts, database, migrations
from course.learner.store.errors import StoreUnusable
from course.progress import transfer
from course.quizzes import bank, draw
from tests.own_courses import add, lay_out, run


@pytest.fixture(autouse=True)
def _nothing_chosen(monkeypatch):
    """Each test begins in the course that comes with the program."""
    monkeypatch.delenv(courses.VARIABLE, raising=False)
    yield
    courses.at.cache_clear()


# Manifests -------------------------------------------------------------------------------------------------------------

GOOD = """name = "small"
title = { en = "Small", ko = "작은 강의" }
languages = ["en", "ko"]

[[days]]
slug = "day01"
title = { en = "One", ko = "하나" }
exercises = [
    { slug = "first" },
    { slug = "second", seconds = 5 },
]
"""


def manifest(folder, text):
    (folder / "exercises").mkdir(parents=True)
    (folder / "exercises" / "manifest.toml").write_text(text, encoding="utf-8")
    return folder


def test_a_manifest(tmp_path):
    course = load(manifest(tmp_path, GOOD))
    assert (course.name, course.languages, course.title("ko"), course.title("fr")) == (
        "small",
        ("en", "ko"),
        "작은 강의",
        "Small",
    )
    assert [(e.slug, e.course, e.seconds) for e in course] == [
        ("first", "small", 60.0),
        ("second", "small", 5.0),
    ]


@pytest.mark.parametrize(
    ("old", "new", "line", "said"),
    [
        ('languages = ["en", "ko"]', 'languages = ["en", "ko"]\ncolour = "red"', 4, "colour"),
        ("seconds = 5", "secnods = 5", 10, "secnods"),
        ('slug = "second"', 'slug = "first"', 10, "first"),
        ('slug = "second"', 'slug = "day01"', 10, "day01"),
        ('slug = "second"', 'slug = "Second One"', 10, "Second One"),
        ('name = "small"\n', "", 1, "name"),
        ('name = "small"', 'name = "Small Course"', 1, "Small Course"),
        ('"ko"]', '"Korean"]', 3, "Korean"),
        ('title = { en = "One"', 'title = { de = "Eins"', 7, "de"),
        ("seconds = 5", 'runtime = "torch"', 10, "torch"),
        ("seconds = 5", 'seconds = "five"', 10, "seconds"),
        ('languages = ["en", "ko"]', 'languages = ["en", "ko"]\nneeds = ">=99"', 4, ">=99"),
        ('languages = ["en", "ko"]', 'languages = ["en", "ko"]\nneeds = "new"', 4, "needs"),
        ("[[days]]", "[runtimes.own]\nimports = []\n\n[[days]]", 5, "imports"),
        ("[[days]]", "[quiz]\nleast = { day99 = 3 }\n\n[[days]]", 6, "day99"),
    ],
)
@pytest.mark.parametrize("code", ["en", "ko"])
def test_a_bad_manifest_is_told_with_file_and_line(tmp_path, monkeypatch, old, new, line, said, code):
    from course.system import program

    monkeypatch.setattr(program, "version", lambda: "0.1.0")
    assert old in GOOD
    root = manifest(tmp_path, GOOD.replace(old, new, 1))
    with language.using(code), pytest.raises(ManifestError) as caught:
        load(root)
    text = str(caught.value)
    assert text.startswith(f"{root / 'exercises' / 'manifest.toml'}:{line}: "), text
    assert said in text
    assert (re.search("[가-힣]", text) is not None) == (code == "ko")


def test_a_file_that_is_no_toml_and_one_that_is_not_there(tmp_path):
    with pytest.raises(ManifestError, match=r"manifest.toml: .*line 1"):
        load(manifest(tmp_path / "a", "name = \n"))
    with pytest.raises(ManifestError, match="A course is a folder"):
        load(tmp_path / "b")


# Where they are ----------------------------------------------------------------------------------------------------------


def package(site, name, root, version="1.0"):
    """An installed package that names a course in this folder of it."""
    info = site / f"{name.replace('-', '_')}-{version}.dist-info"
    info.mkdir(parents=True)
    (info / "METADATA").write_text(
        f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n", encoding="utf-8"
    )
    (info / "entry_points.txt").write_text(f"[course.courses]\n{root[0]} = {root[1]}\n", encoding="utf-8")
    return site


def installed(tmp_path, folder="statistics_course", name="statistics", distribution="statistics-course"):
    site = tmp_path / "site"
    lay_out(site / folder, name=name)
    return package(site, distribution, (name, folder))


def test_a_course_in_an_installed_package(tmp_path):
    site = installed(tmp_path)
    told = run("courses", cwd=tmp_path, PYTHONPATH=str(site))
    assert "statistics-course 1.0" in told
    rows = json.loads(run("courses", "--json", cwd=tmp_path, PYTHONPATH=str(site)))
    assert [(row["name"], row["in_use"], row["problem"]) for row in rows] == [
        ("deep-learning", True, None), ("statistics", False, None)]  # fmt: skip
    run("start", "ws", "--course", "statistics", cwd=tmp_path, PYTHONPATH=str(site))
    assert "weighted_mean" in run("list", cwd=tmp_path / "ws", PYTHONPATH=str(site))
    assert "weighted_mean" in run("list", cwd=tmp_path, PYTHONPATH=str(site), COURSE_COURSE="statistics")
    # Neither is the package written into, nor is the workspace lost when it goes.
    refused = run(
        "dev",
        "new",
        "other",
        "--day",
        "day01",
        "--course",
        "statistics",
        cwd=tmp_path,
        status=2,
        PYTHONPATH=str(site),
    )
    assert "installed package" in refused
    for code, said in (("en", "is installed"), ("ko", "설치되어 있지 않습니다")):
        gone = run("list", cwd=tmp_path / "ws", status=2, lang=code)
        assert said in gone
        assert str(tmp_path / "ws" / "course.toml") in gone
    assert str(tmp_path / "ws" / "course.toml") in run("doctor", cwd=tmp_path / "ws", status=1)
    assert (tmp_path / "ws" / "day01" / "weighted_mean.py").is_file()


def test_an_entry_point_that_leads_nowhere_and_one_of_another_name(tmp_path):
    site = package(tmp_path / "site", "gone-course", ("gone", "gone_course.of.nowhere"))
    assert "gone-course 1.0" in run("list", "--course", "gone", cwd=tmp_path, status=2, PYTHONPATH=str(site))
    lay_out(site / "own_course", name="own")
    package(site, "own-course", ("other", "own_course"))
    told = run("list", "--course", "other", cwd=tmp_path, status=2, PYTHONPATH=str(site))
    assert "own_course/exercises/manifest.toml" in told.replace("\\", "/")
    rows = json.loads(run("courses", "--json", cwd=tmp_path, PYTHONPATH=str(site)))
    assert [row["name"] for row in rows if row["problem"]] == ["gone", "other"]


def test_two_courses_of_one_name(tmp_path):
    site = installed(tmp_path)
    lay_out(tmp_path / "mine")
    run("start", "ws", "--course", "./mine", cwd=tmp_path)
    for code, said in (("en", "several courses called statistics"), ("ko", "강의가 여럿")):
        told = run("list", cwd=tmp_path / "ws", status=2, lang=code, PYTHONPATH=str(site))
        assert said in told
        assert str(tmp_path / "mine") in told
        assert str(site) in told
    assert run("list", "--course", "../mine", cwd=tmp_path / "ws", PYTHONPATH=str(site))
    run("courses", "--forget", "statistics", cwd=tmp_path, PYTHONPATH=str(site))
    assert "weighted_mean" in run("list", cwd=tmp_path / "ws", PYTHONPATH=str(site))


def test_a_folder_remembered_by_its_name_and_moved(tmp_path):
    lay_out(tmp_path / "mine")
    run("start", "ws", "--course", "mine", cwd=tmp_path)
    (tmp_path / "mine").rename(tmp_path / "elsewhere")
    assert str(tmp_path / "mine") in run("list", cwd=tmp_path / "ws", status=2)
    run("start", "ws", "--course", "elsewhere", cwd=tmp_path)
    assert "weighted_mean" in run("list", cwd=tmp_path / "ws")


def test_a_workspace_cannot_say_whose_graders_run(tmp_path):
    lay_out(tmp_path / "mine", name="mine")
    (tmp_path / "ws").mkdir()
    for named in (str(tmp_path / "mine"), "../mine", ".", "mine"):
        (tmp_path / "ws" / "course.toml").write_text(f"course = {json.dumps(named)}\n", encoding="utf-8")
        assert "course.toml" in run("list", cwd=tmp_path / "ws", status=2)
    (tmp_path / "ws" / "course.toml").write_text("course = [\n", encoding="utf-8")
    assert "course.toml" in run("list", cwd=tmp_path / "ws", status=2)


def test_a_workspace_of_another_course_is_left_alone(tmp_path):
    lay_out(tmp_path / "mine")
    run("start", "ws", cwd=tmp_path)
    before = sorted(path.name for path in (tmp_path / "ws").rglob("*"))
    for command in (["start", "ws"], ["check"], ["update"]):
        where = tmp_path if command[0] == "start" else tmp_path / "ws"
        told = run(*command, "--course", str(tmp_path / "mine"), cwd=where, status=2)
        assert "is a workspace of the course deep-learning" in " ".join(told.split())
    assert sorted(path.name for path in (tmp_path / "ws").rglob("*")) == before


def test_a_workspace_from_before_there_were_others_is_the_bundled_course_s(tmp_path):
    (tmp_path / "course.toml").write_text("version = 1\n", encoding="utf-8")
    assert courses.of_workspace(tmp_path) is courses.bundled()


# Apart from each other ---------------------------------------------------------------------------------------------------


def test_two_courses_with_the_same_slug_keep_everything_apart(tmp_path):
    lay_out(tmp_path / "one", name="one")
    two = lay_out(tmp_path / "two", name="two").exercise("weighted_mean")
    two.grader.write_text(
        two.grader.read_text(encoding="utf-8").replace("points=1", "points=3"), encoding="utf-8"
    )
    for name in ("one", "two"):
        run("start", f"ws-{name}", "--course", f"./{name}", cwd=tmp_path)
        (tmp_path / f"ws-{name}" / "day01" / "weighted_mean.py").write_bytes(two.solution.read_bytes())
    for _ in range(2):  # the second time from what is kept
        results = [json.loads(run("check", "--json", cwd=tmp_path / f"ws-{name}")) for name in ("one", "two")]
        assert [result["points"] for result in results] == [2, 6]
    run("quiz", "day01", cwd=tmp_path / "ws-one", typed="1\n1\n", status=1)
    kept = [
        json.loads(run("status", "--json", "--course", f"./{name}", cwd=tmp_path)) for name in ("one", "two")
    ]
    assert [(status["passed"], status["answers"]) for status in kept] == [(1, 2), (1, 0)]
    assert json.loads(run("status", "--json", cwd=tmp_path))["passed"] == 0
    run("progress", "export", "one.json", cwd=tmp_path / "ws-one")
    told = run("progress", "import", str(tmp_path / "ws-one" / "one.json"), cwd=tmp_path / "ws-two", status=2)
    assert "progress of the course one" in told


def test_an_old_store_is_migrated_and_stays_the_bundled_course_s(tmp_path):
    place = database.path()
    place.parent.mkdir(parents=True)
    old = sqlite3.connect(place)
    for step in migrations.STEPS[:3]:
        for statement in step:
            old.execute(statement)
    old.execute(
        "INSERT INTO attempt VALUES (1, 'a', 'mlp', 'day07', '2026-01-01T00:00:00+00:00', 'check', 'passed', 5, 5, 1.0, 7)"
    )
    old.execute("INSERT INTO review_setting VALUES ('daily limit', '7')")
    old.execute("PRAGMA user_version = 3")
    old.commit()
    old.close()
    with database.opened() as connection:
        assert database.of_course(connection) == courses.bundled().name
        assert [attempt.exercise for attempt in attempts.attempts(connection)] == ["mlp"]
        assert "course" not in transfer.export(connection)
    assert len(list(place.parent.glob("progress.v3.*.sqlite3"))) == 1
    own = lay_out(tmp_path / "own", name="own")
    courses.choose(lambda: own)
    assert database.path() != place
    with database.opened() as connection:
        assert (database.of_course(connection), attempts.attempts(connection)) == ("own", [])
    with pytest.raises(StoreUnusable, match="deep-learning"), database.opened(place):
        pass


# Languages ---------------------------------------------------------------------------------------------------------------


def test_a_course_in_one_language_that_the_program_does_not_speak(tmp_path):
    course = lay_out(tmp_path / "kurs", ["de"])
    exercise = course.exercise("weighted_mean")
    assert [path.name for path in exercise.text("de").parent.glob("*.md")] == ["weighted_mean.de.md"]
    exercise.text("de").write_text(
        exercise.text("de").read_text(encoding="utf-8").replace("# Weighted mean", "# Gewichtetes Mittel"),
        encoding="utf-8",
    )
    for code in ("ko", "en", "de"):
        assert "Gewichtetes Mittel" in run("list", "--course", "./kurs", cwd=tmp_path, lang=code)
    assert "Gewichtetes Mittel" in run(
        "show", "weighted_mean", "--course", "./kurs", "--lang", "de", cwd=tmp_path
    )
    assert "'fr' is not one of" in run("list", "--course", "./kurs", "--lang", "fr", cwd=tmp_path, status=2)
    for form in ("moodle-xml", "gift", "qti21", "csv"):
        run(
            "export",
            "quiz",
            "day01",
            "--to",
            form,
            "--out",
            f"quiz-{form}",
            "--course",
            "./kurs",
            cwd=tmp_path,
        )
    run("quiz", "day01", "--course", "./kurs", cwd=tmp_path, lang="ko", typed="1\n1\n", status=1)


def test_a_course_in_three_languages_and_a_fourth_begun(tmp_path):
    course = lay_out(tmp_path / "kurs", ["ko", "en", "de"])
    manifest = course.manifest
    text = manifest.read_text(encoding="utf-8").replace('"de"]', '"de"]\nunfinished = ["fr"]')
    manifest.write_text(text, encoding="utf-8")
    courses.at.cache_clear()
    course = courses.at(course.root)
    exercise = course.exercise("weighted_mean")
    assert texts.title(exercise, "fr") == "가중 평균"  # the first language stands in
    french = exercise.text("en").read_text(encoding="utf-8").replace("# Weighted mean", "# Moyenne pondérée")
    exercise.text("fr").write_text(french, encoding="utf-8")
    assert texts.title(exercise, "fr") == "Moyenne pondérée"
    quiz = bank.source("day01", course.root)
    begin, one, two = quiz.read_text(encoding="utf-8").split("[[question]]")
    numbers = itertools.count(1)
    whole = re.sub(r"\{ ko = ", lambda _: f'{{ fr = "Phrase {next(numbers)} ?", ko = ', one)
    quiz.write_text("[[question]]".join([begin, whole, two]), encoding="utf-8")
    [first, second] = bank.load("day01", course.root)
    assert (first.text["fr"], second.text["fr"]) == ("Phrase 1 ?", second.text["ko"])
    asked = draw.once(second, 1)
    assert asked.shown("fr")["text"] == asked.shown("ko")["text"]
    run("dev", "build", cwd=course.root)
    run("dev", "check", "--no-mutants", "--no-variants", "--jobs", "1", cwd=course.root)
    # A file that has been begun has to be whole.
    exercise.text("fr").write_text(french.partition("## Hints")[0], encoding="utf-8")
    told = run("dev", "check", "--no-mutants", "--no-variants", "--jobs", "1", cwd=course.root, status=1)
    assert f"{exercise.text('fr')}: the section '## Hints' is missing" in told
    exercise.text("fr").write_text(french, encoding="utf-8")
    # So has a question.
    half = one.replace("text = { ko", 'text = { fr = "Question ?", ko', 1)
    quiz.write_text("[[question]]".join([begin, half, two]), encoding="utf-8")
    told = run("quiz", "lint", cwd=course.root, status=1)
    assert f"{quiz}:" in told
    assert "explanation: fr is missing, which other texts of the question have" in told
    quiz.write_text("[[question]]".join([begin, whole, two]), encoding="utf-8")
    # What it is held to it is held to.
    exercise.text("de").unlink()
    told = run("dev", "check", "--no-mutants", "--no-variants", "--jobs", "1", cwd=course.root, status=1)
    assert str(exercise.text("de")) in told
    assert "fr" not in told.replace("from", "")


def test_the_locale_chooses_a_language_that_a_course_has_begun(tmp_path):
    course = lay_out(tmp_path / "kurs", ["en", "ko"])
    text = course.manifest.read_text(encoding="utf-8").replace('"ko"]', '"ko"]\nunfinished = ["de"]')
    course.manifest.write_text(text, encoding="utf-8")
    courses.at.cache_clear()
    german = courses.at(course.root).exercise("weighted_mean").text("de")
    english = german.with_name("weighted_mean.en.md").read_text(encoding="utf-8")
    german.write_text(english.replace("# Weighted mean", "# Gewichtetes Mittel"), encoding="utf-8")
    plain = {"LC_ALL": "", "LC_MESSAGES": "", "LANGUAGE": ""}

    def listed(cwd=tmp_path, *more, **variables):
        return run("list", *more, cwd=cwd, lang="", **plain | variables)

    run("start", "ws", "--course", "./kurs", cwd=tmp_path)
    for code in ("de_DE.UTF-8", "de"):
        assert "Gewichtetes Mittel" in listed(tmp_path / "ws", LANG=code)
        assert "Gewichtetes Mittel" in listed(tmp_path, "--course", "./kurs", LANG=code)
    assert "Gewichtetes Mittel" in listed(tmp_path / "ws", LANG="ko_KR.UTF-8", LC_ALL="de_AT.UTF-8")
    for code in ("fr_FR.UTF-8", "C.UTF-8", "POSIX", "C", ""):
        assert "Weighted mean" in listed(tmp_path / "ws", LANG=code)
    assert "Weighted mean" not in listed(tmp_path / "ws", LANG="ko_KR.UTF-8")
    assert "Gewichtetes Mittel" not in listed(tmp_path / "ws", LANG="ko_KR.UTF-8")


def test_help_and_the_error_name_the_same_languages(tmp_path):
    lay_out(tmp_path / "kurs", ["de"])
    for place, codes in ((["--course", "./kurs"], ["en", "ko", "de"]), ([], ["en", "ko"])):
        assert f"--lang [{'|'.join(codes)}]" in run("list", "--help", *place, cwd=tmp_path)
        refused = run("list", *place, "--lang", "fr", cwd=tmp_path, status=2)
        assert f"'fr' is not one of {', '.join(map(repr, codes))}." in refused
    (tmp_path / "kurs" / "exercises" / "manifest.toml").write_text("name = ", encoding="utf-8")
    assert "--lang [en|ko]" in run("list", "--help", "--course", "./kurs", cwd=tmp_path)


def test_a_course_without_quizzes(tmp_path):
    course = lay_out(tmp_path / "kurs")
    for path in (
        bank.topics_file(course.root),
        bank.source("day01", course.root),
        bank.released("day01", course.root),
    ):
        path.unlink()
    assert json.loads(run("status", "--json", "--course", "./kurs", cwd=tmp_path))["exercises"] == 1
    run("next", "--json", "--course", "./kurs", cwd=tmp_path, status=2)  # no workspace here, and no traceback
    run("review", "--course", "./kurs", cwd=tmp_path)
    run("dev", "check", "--no-mutants", "--no-variants", "--jobs", "1", cwd=course.root)


# Runtimes and shared modules -----------------------------------------------------------------------------------------------

LINE = '''"""A line through points."""

import numpy as np
import pandas as pd
from sklearn.linear_model import LinearRegression


class Fitted:
    """What speaks __array__ crosses as an array."""

    def __init__(self, values):
        self.values = values

    def __array__(self, dtype=None, copy=None):
        return np.asarray(self.values, dtype=dtype)


def slope(x, y):
    """Slope of the line."""
    ### BEGIN SOLUTION
    return LinearRegression().fit(x[:, None], y).coef_
    ### END SOLUTION


def fitted(x, y):
    """Values on the line."""
    ### BEGIN SOLUTION
    return Fitted(LinearRegression().fit(x[:, None], y).predict(x[:, None]))
    ### END SOLUTION


def table(x, y):
    """Both as a table."""
    ### BEGIN SOLUTION
    return pd.DataFrame({"x": x, "y": y})
    ### END SOLUTION
'''
LINE_GRADER = """from course.grading import assert_close, graded
from graders.shared.lines import values


@graded(points=1)
def test_slope(submission, rng):
    x = rng.normal(size=9)
    assert_close(submission.slope(x, values(x)), [2.0])
    assert_close(submission.fitted(x, values(x)), values(x))


@graded(points=1)
def test_table(submission, rng):
    x = rng.normal(size=4)
    found = submission.table(x, values(x))
    assert_close(found["y"], values(x))
"""
RUNTIME = '[runtimes.sklearn]\ntitle = "scikit-learn"\ninstall = "scikit-learn"\nimports = ["sklearn.linear_model", "pandas"]\nmemory = 3\n'


@pytest.fixture
def line_course(tmp_path):
    course = lay_out(tmp_path / "mine")
    (course.root / "graders" / "shared").mkdir()
    (course.root / "graders" / "shared" / "lines.py").write_text(
        "def values(x):\n    return 2 * x + 1\n", encoding="utf-8"
    )
    add(course.root, "line", LINE, LINE_GRADER, "sklearn", RUNTIME)
    return tmp_path / "mine"


@pytest.mark.parametrize("variables", [{}, {"COURSE_START": "alone"}], ids=["forked", "alone"])
def test_a_runtime_of_the_course_s_own(line_course, variables):
    pytest.importorskip("sklearn")
    told = run(
        "check",
        "line",
        "--submission",
        "mine/solutions",
        "--course",
        "./mine",
        "--json",
        cwd=line_course.parent,
        **variables,
    )
    report = json.loads(told)
    assert (report["points"], report["max_points"]) == (2, 2), told


def test_a_runtime_that_is_not_installed_says_what_to_install(line_course):
    manifest = line_course / "exercises" / "manifest.toml"
    text = manifest.read_text(encoding="utf-8").replace(
        '"scikit-learn"\nimports = ["sklearn.linear_model"', '"no-such-library"\nimports = ["no_such_library"'
    )
    manifest.write_text(text, encoding="utf-8")
    told = run(
        "check",
        "line",
        "--submission",
        "mine/solutions",
        "--course",
        "./mine",
        cwd=line_course.parent,
        status=1,
    )
    assert "no-such-library" in told


def test_what_graders_share_is_of_the_course_whose_grader_runs_and_changes_what_is_kept(line_course):
    pytest.importorskip("sklearn")
    arguments = ["check", "line", "--submission", "mine/solutions", "--course", "./mine", "--json"]
    assert json.loads(run(*arguments, cwd=line_course.parent))["points"] == 2
    (line_course / "graders" / "shared" / "lines.py").write_text(
        "def values(x):\n    return 3 * x\n", encoding="utf-8"
    )
    assert json.loads(run(*arguments, cwd=line_course.parent, status=1))["points"] == 1


def test_a_learner_cannot_read_the_course_s_solutions(line_course):
    stolen = line_course.parent / "own" / "day01" / "weighted_mean.py"
    stolen.parent.mkdir(parents=True)
    solution = line_course / "solutions" / "day01" / "weighted_mean.py"
    stolen.write_text(f"exec(open({str(solution)!r}).read())\n", encoding="utf-8")
    if workspace.__name__ and not __import__("course.worker.sandbox", fromlist=["x"]).AVAILABLE:
        pytest.skip("nothing is confined here")
    told = run(
        "check",
        "weighted_mean",
        "--submission",
        "own",
        "--course",
        "./mine",
        cwd=line_course.parent,
        status=1,
    )
    assert "Permission denied" in told

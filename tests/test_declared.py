"""Data sets and projects that a course declares: a course made here, with a table of its own and a project on it."""

from __future__ import annotations

import hashlib
import json
import re
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from course import language
from course.content import courses
from course.content.manifest import ManifestError, load
from course.dev import proof
from tests import own_courses
from tests.own_courses import add, lay_out, run

ORIGINAL = b"town,rain\nA,1.5\nB,2.5\nA,3.5\nB,4.5\n"
DECLARED = f"""
[data.rain]
title = {{ en = "Rain", ko = "강수량" }}
url = "http://127.0.0.1:9/files/rain.csv"
digest = "sha256:{hashlib.sha256(ORIGINAL).hexdigest()}"

[projects.wet]
exercises = ["weighted_mean", "doubled"]
data = "rain"
seconds = 60
"""
DATA = '''"""Rain in two towns."""

from course.content.data.tables import Schema, read as table

LABELS = {"en": {"most": "most"}, "ko": {"most": "가장 많음"}}
SCHEMA = Schema(columns=("town", "rain"), categories={"town": ("A", "B")}, limits={"rain": (0.0, 100.0)}, least=2)


def read(content):
    return table(content, SCHEMA)


def generate():
    return b"town,rain\\nA,1.0\\nB,3.0\\n"


def describe(frame, labels):
    most = float(frame["rain"].max())
    return {"most": most}, [(labels["most"], f"{most:g} mm")]
'''
PROJECT = '''"""The mean of the doubled rain."""

LABELS = {
    "en": {"stages": {"mean": "taking the mean"}, "needs": {"number": "{call} gave no number."}, "line": "Mean: {mean}"},
    "ko": {"stages": {"mean": "평균 내는 중"}, "needs": {"number": "{call} 호출이 수를 주지 않았습니다."}, "line": "평균: {mean}"},
}


class Outcome:
    pictures = {}

    def __init__(self, mean):
        self.mean = mean
        self.passed = mean > 1

    def to_json(self):
        return {"mean": self.mean, "passed": self.passed}

    def show(self, labels):
        yield labels["line"].format(mean=self.mean)


def run(project):
    project.stage("mean")
    rain = project.data["rain"].to_numpy()
    with project.blamed("doubled"):
        twice = project.module("doubled").doubled(rain)
        project.need(len(twice) == len(rain), "number", call="doubled")
    with project.blamed("weighted_mean"):
        mean = project.module("weighted_mean").weighted_mean(twice, rain * 0 + 1)
        project.need(isinstance(mean, float), "number", call="weighted_mean")
    return Outcome(mean)
'''
SOLUTION = '''"""Twice."""


def doubled(x):
    """Twice as much, an array like x."""
    ### BEGIN SOLUTION
    return 2 * x
    ### END SOLUTION
'''
GRADER = """from course.grading import assert_close, graded


@graded(points=1)
def test_doubled(submission, rng):
    x = rng.normal(size=4)
    assert_close(submission.doubled(x), x + x)
"""


@pytest.fixture(autouse=True)
def _nothing_chosen(monkeypatch):
    for name in (courses.VARIABLE, "COURSE_RAIN", "COURSE_RAIN_URL"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("NO_PROXY", "*")
    yield
    courses.at.cache_clear()
    courses.use_modules(courses.bundled())


@pytest.fixture
def rainy(tmp_path):
    """The course's folder, and beside it a workspace of it, whose command it is."""
    course = lay_out(tmp_path / "mine", ("en", "ko"))
    for kind, name, text in (("data", "rain", DATA), ("projects", "wet", PROJECT)):
        path = course.root / "graders" / kind / f"{name}.py"
        path.parent.mkdir()
        path.write_text(text, encoding="utf-8")
    add(course.root, "doubled", SOLUTION, GRADER, extra=DECLARED)
    run("start", "ws", "--course", "./mine", cwd=tmp_path)

    def command(*arguments, **more):
        return run(*arguments, cwd=tmp_path / "ws", **more)

    return course.root, command


def solve(root, folder):
    for slug in ("weighted_mean", "doubled"):
        text = (root / "solutions" / "day01" / f"{slug}.py").read_text(encoding="utf-8")
        (folder / "day01" / f"{slug}.py").write_text(text, encoding="utf-8")


def test_it_is_proved_with_the_course(rainy):
    assert proof.tree(courses.at(rainy[0])) == []


@pytest.mark.parametrize(
    ("path", "old", "new", "said"),
    [
        ("data/rain.py", '"ko": {"most": "가장 많음"}', "", "LABELS has nothing in ko"),
        ("data/rain.py", '{"most": "가장 많음"}', '{"least": "적음"}', "LABELS: least is missing in en"),
        ("projects/wet.py", '"평균: {mean}"', '"평균: {median}"', "LABELS: line has other values in ko than in en"),
        ("data/rain.py", "def read(", "def reed(", "rain.py has no read"),
        ("projects/wet.py", "def run(", "def ran(", "wet.py has no run"),
        ("projects/wet.py", "def run(project):", "def run(project:", "SyntaxError"),
        ("data/rain.py", "from course.content.data.tables", "import no_such_library\nfrom course.content.data.tables", "no_such_library"),
    ],
)  # fmt: skip
def test_what_is_wrong_with_their_modules_is_said_by_the_proof(rainy, path, old, new, said):
    file = rainy[0] / "graders" / path
    text = file.read_text(encoding="utf-8")
    assert old in text
    file.write_text(text.replace(old, new), encoding="utf-8")
    found = [problem for problem in proof.tree(courses.at(rainy[0])) if said in problem]
    assert found
    assert file.name.removesuffix(".py") in found[0]


def test_a_module_that_is_not_there(rainy):
    root, command = rainy
    (root / "graders" / "data" / "rain.py").unlink()
    assert "rain.py is missing" in command("data", "rain", status=2)
    assert "rain.py is missing" in " ".join(proof.tree(courses.at(root)))


def test_the_data_set(rainy, tmp_path):
    _root, command = rainy
    assert command("data").split() == ["rain", "Rain"]
    assert "강수량" in command("data", lang="ko")
    shown = command("data", "rain")
    assert "made up, not the original" in shown
    assert "most  3 mm" in re.sub(" +", "  ", shown).replace("3  mm", "3 mm")
    facts = json.loads(command("data", "rain", "--json"))
    assert (facts["source"], facts["rows"], facts["columns"], facts["most"]) == ("generated", 2, 2, 3.0)
    (tmp_path / "own.csv").write_bytes(ORIGINAL.replace(b"2.5", b"much"))
    assert 'own.csv: Line 3, column "rain": "much"' in command(
        "data", "rain", "--path", str(tmp_path / "own.csv"), status=1
    )
    (tmp_path / "own.csv").write_bytes(ORIGINAL.replace(b"2.5", b"250"))
    assert "not a number from 0.0 to 100.0" in command(
        "data", "rain", "--path", str(tmp_path / "own.csv"), status=1
    )
    (tmp_path / "own.csv").write_bytes(ORIGINAL)
    assert (
        json.loads(command("data", "rain", "--json", COURSE_RAIN=str(tmp_path / "own.csv")))["source"]
        == "local"
    )
    assert "the course has rain" in command("data", "snow", status=2)
    assert "Name the data set: rain" in command("data", "--fetch", status=2)
    # Nothing of it is in another course.
    assert "the course has airline" in run("data", "rain", cwd=tmp_path, status=2)


@pytest.mark.parametrize(("sent", "status"), [(ORIGINAL, 0), (ORIGINAL + b"C,1\n", 1)])
def test_the_original_is_fetched_whole_or_not_at_all(rainy, sent, status):
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200 if self.path == "/files/rain.csv" else 404)
            self.send_header("Content-Length", str(len(sent)))
            self.end_headers()
            self.wfile.write(sent)

        def log_message(self, *args: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
    try:
        address = f"http://127.0.0.1:{server.server_address[1]}"
        told = rainy[1]("data", "rain", "--fetch", status=status, COURSE_RAIN_URL=address)
    finally:
        server.shutdown()
        server.server_close()
    assert ("the original, downloaded" in told) == (status == 0)
    assert ("SHA-256" in told) == (status == 1)
    kept = json.loads(rainy[1]("data", "rain", "--json"))
    assert kept["source"] == ("generated" if status else "original")


def test_the_project(rainy, tmp_path):
    root, command = rainy
    assert "Not written yet." in command("check", "--full", status=1)
    solve(root, tmp_path / "ws")
    assert "Mean: 4.0" in command("check", "--full")
    assert "평균: 4.0" in command("check", "wet", "--full", lang="ko")
    (tmp_path / "own.csv").write_bytes(ORIGINAL)
    found = json.loads(command("check", "doubled", "--full", "--json", "--path", str(tmp_path / "own.csv")))
    assert found == {"mean": 6.0, "passed": True, "pictures": []}
    wrong = tmp_path / "ws" / "day01" / "doubled.py"
    wrong.write_text("def doubled(x):\n    return x[:1]\n", encoding="utf-8")
    told = command("check", "--full", status=1)
    assert "doubled gave no number." in told
    assert "Next: course check doubled" in told
    assert "doubled 호출이" in command("check", "--full", status=1, lang="ko")
    wrong.write_text("def doubled(x):\n    return x / 100\n", encoding="utf-8")
    assert "Mean: 0.02" in command("check", "--full", status=1)
    assert "--full runs weighted_mean, doubled" in command("check", "--full", "day01", status=2)


def test_a_course_without_either(tmp_path):
    lay_out(tmp_path / "mine")
    assert "has no data sets" in run("data", "--course", "./mine", cwd=tmp_path)
    assert "has no data sets" in run("data", "x", "--course", "./mine", cwd=tmp_path, status=2)
    assert "has no project" in run("check", "--full", "--course", "./mine", cwd=tmp_path, status=2)


@pytest.mark.parametrize(
    ("old", "new", "line", "said"),
    [
        ("[data.rain]", "[data.lang]", 1, "lang"),
        ("[data.rain]", "[data.Rain]", 1, "Rain"),
        ("sha256:", "md5:", 4, "digest"),
        ("digest =", "checksum =", 4, "checksum"),
        ('url = "http://127.0.0.1:9/files/rain.csv"\n', "", 3, "url"),
        ('"doubled"', '"trebled"', 7, "trebled"),
        ('data = "rain"', 'data = "snow"', 8, "snow"),
        ("seconds = 60", 'runtime = "torch"', 9, "torch"),
        ("exercises =", "tasks =", 7, "tasks"),
        ('["weighted_mean", "doubled"]', "[]", 6, "exercises"),
    ],
)
@pytest.mark.parametrize("code", ["en", "ko"])
def test_a_bad_declaration_is_told_with_file_and_line(tmp_path, old, new, line, said, code):
    course = lay_out(tmp_path / "mine", ("en", "ko"))
    add(course.root, "doubled", SOLUTION, GRADER)
    path = course.root / "exercises" / "manifest.toml"
    before = path.read_text(encoding="utf-8")
    assert old in DECLARED
    path.write_text(before + DECLARED.replace(old, new, 1), encoding="utf-8")
    with language.using(code), pytest.raises(ManifestError) as caught:
        load(course.root)
    text = str(caught.value)
    assert text.startswith(f"{path}:{before.count(chr(10)) + 1 + line}: "), text
    assert said in text
    assert (re.search("[가-힣]", text) is not None) == (code == "ko")


@pytest.mark.parametrize("guide", ["course.md", "course.ko.md"])
def test_what_the_guide_shows_runs_as_it_stands(tmp_path, guide):
    text = (own_courses.PROJECT / "docs" / guide).read_text(encoding="utf-8")
    blocks = re.findall(r"```(toml|python)\n(.*?)```", text, re.DOTALL)
    declared = "\n".join(
        block for kind, block in blocks if kind == "toml" and re.match(r"\[(data|projects)\.", block)
    )
    data, project = (block for kind, block in blocks if kind == "python")
    course = lay_out(tmp_path / "mine")
    for kind, name, block in (("data", "rain", data), ("projects", "forecast", project)):
        (course.root / "graders" / kind).mkdir()
        (course.root / "graders" / kind / f"{name}.py").write_text(block, encoding="utf-8")
    add(
        course.root,
        "spread",
        SOLUTION.replace("doubled", "spread"),
        GRADER.replace("doubled", "spread"),
        extra=declared,
    )
    assert proof.tree(courses.at(course.root)) == []
    told = run("data", "rain", "--course", "./mine", cwd=tmp_path)
    assert "Rain" in told or "강수량" in told
    told = run("check", "--full", "--submission", "mine/solutions", "--course", "./mine", cwd=tmp_path)
    assert "Mean: 2.50" in told

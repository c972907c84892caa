"""A course of one's own from `course new` to a graded class, through a package that pip installs: docs/course.md, done once."""

from __future__ import annotations

import csv
import json
import os
import shutil
import subprocess
import sys
import urllib.request

import pytest

from course.system import installation
from tests.own_courses import PROJECT, run
from tests.serving import serving

if not (installation.has_pip() and installation.installed("hatchling")):
    pytest.skip("needs pip and hatchling", allow_module_level=True)

UNPROMISED = """
[[unpromised]]
mutant = "spread: x empty"
reason = "There is at least one value."

[[unpromised]]
mutant = "spread: result float*"
reason = "A whole number as a float is the same number."
"""


def pip(*arguments, cwd):
    done = subprocess.run([sys.executable, "-m", "pip", "-q", "--disable-pip-version-check", *arguments],
                          cwd=cwd, capture_output=True, encoding="utf-8", check=False)  # fmt: skip
    assert done.returncode == 0, done.stderr


TEXT = """# Spread

Return what you are given, as a float array of shape (n,).

## Hints

1. It is one line.

## Explanation

Nothing was to be done.

## Tests

- spread: The same values come back
- spread/zero: These are zeros; return the values themselves.
- longer: It also holds for more values
"""


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    """Written, proved, built and installed; the folder pip installed into, and nothing else of it is left."""
    work = tmp_path_factory.mktemp("author")
    variables = {name: str(work / name) for name in ("COURSE_CACHE", "COURSE_DATA")}
    run("new", "statistics", cwd=work, **variables)
    source = work / "statistics"
    run("dev", "new", "spread", "--day", "day01", cwd=source, **variables)
    text = source / "exercises" / "day01" / "spread.en.md"
    told = run("dev", "check", "spread", "--no-variants", "--no-mutants", cwd=source, status=1, **variables)
    assert "still holds what `course dev new` wrote" in told
    text.write_text(TEXT, encoding="utf-8")
    variants = source / "tests" / "variants" / "day01" / "spread.toml"
    variants.write_text(variants.read_text(encoding="utf-8") + UNPROMISED, encoding="utf-8")
    assert "spread is not up to date" not in run("dev", "build", cwd=source, **variables)
    told = run("dev", "check", "--jobs", "1", cwd=source, **variables)
    assert "problems: 0" in told
    pip("wheel", "--no-deps", "--no-build-isolation", "--wheel-dir", "dist", ".", cwd=source)
    [wheel] = (source / "dist").glob("statistics_course-*.whl")
    installed = work / "site"
    pip("install", "--no-index", "--no-deps", "--target", str(installed), str(wheel), cwd=work)
    shutil.rmtree(source)
    return installed


@pytest.fixture
def learner(tmp_path, site):
    """Their workspace, and what a command in it prints."""

    def course(*arguments, cwd=tmp_path / "ws", **more):
        return run(*arguments, cwd=cwd, PYTHONPATH=str(site), **more)

    course("start", "ws", "--course", "statistics", cwd=tmp_path)
    return course


def write(folder):
    """What a learner writes."""
    path = folder / "day01" / "weighted_mean.py"
    text = path.read_text(encoding="utf-8")
    path.write_text(
        text.replace("raise NotImplementedError()", "return np.average(values, weights=weights)"),
        encoding="utf-8",
    )


def test_a_learner_s_way(tmp_path, learner):
    assert "weighted_mean" in learner()
    assert "Weighted mean" in learner("show", "weighted_mean")
    write(tmp_path / "ws")
    told = learner("check", status=1)
    assert "2/2" in told
    assert "1 of 2 exercises" in told
    assert "Dividing by the sum" in learner("check", "weighted_mean", "--fresh")
    assert "np.sum" in learner("solution", "weighted_mean")
    assert "averages" in learner("quiz", "--list").lower()
    learner("quiz", "day01", typed="1\n1\n", status=1)
    learner("review")
    assert json.loads(learner("report", "--json"))["passed"] == 1
    own = json.loads(learner("status", "--json"))
    assert (own["passed"], own["exercises"], own["answers"]) == (1, 2, 2)
    other = json.loads(learner("status", "--json", cwd=tmp_path))
    assert (other["passed"], other["answers"]) == (0, 0)
    assert other["exercises"] > 2
    assert "statistics-course 0.1.0" in learner("courses")
    assert "spread" not in learner("list", cwd=tmp_path)


@pytest.mark.skipif(sys.platform == "win32", reason="needs a pseudo-terminal")
def test_watching(tmp_path, site, learner):
    pytest.importorskip("pexpect")
    from tests.screens import Terminal

    paths = os.pathsep.join([str(site), str(PROJECT)])
    terminal = Terminal(
        "watch",
        "weighted_mean",
        folder=tmp_path / "ws",
        width=100,
        height=30,
        COURSE_LANG="en",
        PYTHONPATH=paths,
    )
    try:
        terminal.until("A mean counts every value alike")
        write(tmp_path / "ws")
        terminal.until("weighted_mean passed")
    finally:
        terminal.child.close(force=True)


def test_the_pages(tmp_path, site, learner, monkeypatch):
    pytest.importorskip("starlette")
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join([str(site), str(PROJECT)]))
    (tmp_path / "ws").rename(tmp_path / "work")
    with serving(tmp_path, work_is_there=True) as address:
        opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor())
        page = opener.open(address).read().decode("utf-8")
        assert "weighted_mean" in page or "Weighted mean" in page
        assert "perceptron" not in page


def test_a_class_of_five(tmp_path, learner):
    pytest.importorskip("nbformat")
    write(tmp_path / "ws")
    class_ = tmp_path / "class"
    for name in ("ann", "ben", "cho", "dae", "eun"):
        shutil.copytree(tmp_path / "ws" / "day01", class_ / name / "day01")
    wrong = class_ / "ben" / "day01" / "weighted_mean.py"
    wrong.write_text(
        wrong.read_text(encoding="utf-8").replace("np.average(values, weights=weights)", "np.mean(values)"),
        encoding="utf-8",
    )
    (class_ / "dae" / "day01" / "weighted_mean.py").unlink()
    learner("grade", "class", "--course", "statistics", "--jobs", "1", cwd=tmp_path)
    with (tmp_path / "grades" / "grades.csv").open(encoding="utf-8-sig", newline="") as lines:
        points = {row["student"]: row["weighted_mean"] for row in csv.DictReader(lines)}
    assert points == {"ann": "2", "ben": "0", "cho": "2", "dae": "0", "eun": "2"}
    told = learner("export", "grades", "--to", "csv", "grades", cwd=tmp_path, status=2)
    assert "grades of the course statistics" in " ".join(told.split())
    learner("nbgrader", "build", "day01", "--course", "statistics", cwd=tmp_path)
    notebook = (tmp_path / "source" / "day01" / "day01.ipynb").read_text(encoding="utf-8")
    assert r"graded.visible_tests(\"weighted_mean\", language=\"en\", course=\"statistics\")" in notebook


def test_a_class_on_a_cluster(tmp_path, site, learner, monkeypatch):
    from tests.cluster import cluster

    monkeypatch.setenv("PYTHONPATH", os.pathsep.join([str(site), str(PROJECT)]))
    write(tmp_path / "ws")
    shutil.copytree(tmp_path / "ws" / "day01", tmp_path / "class" / "ann" / "day01")
    with cluster(tmp_path, 1) as running:
        learner("grade", "class", "--course", "statistics", "--scheduler", running.address, cwd=tmp_path)
    with (tmp_path / "grades" / "grades.csv").open(encoding="utf-8-sig", newline="") as lines:
        assert [row["weighted_mean"] for row in csv.DictReader(lines)] == ["2"]

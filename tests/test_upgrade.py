"""Two versions of the course, one after the other, on the same workspace and the same store."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from course.content.catalog import CONTENT, PACKAGE
from tests.conftest import solution

SKIP = shutil.ignore_patterns("__pycache__", "bundled")


@pytest.fixture
def course_(tmp_path: Path) -> Path:
    """The program and its content in a folder of their own, which can be changed."""
    root = tmp_path / "version"
    shutil.copytree(PACKAGE, root / "course", ignore=SKIP)
    for name in ("exercises", "solutions", "graders"):
        shutil.copytree(CONTENT / name, root / name, ignore=SKIP)
    return root


class Run:
    def __init__(self, root: Path, folder: Path) -> None:
        self.root, self.folder = root, folder

    def __call__(self, *arguments: str, expect: int = 0) -> tuple[str, str]:
        environment = {**os.environ, "PYTHONPATH": str(self.root)}
        done = subprocess.run([sys.executable, "-P", "-m", "course", *arguments], cwd=self.folder, env=environment,
                              capture_output=True, text=True, check=False)  # fmt: skip
        assert done.returncode == expect, done.stdout + done.stderr
        return done.stdout, done.stderr


def upgrade(root: Path) -> None:
    """Rename activations, move perceptron to day 8, change two stubs, and take one_hot away."""
    for path in [*root.glob("*/day07/*activations*")]:
        path.rename(path.with_name(path.name.replace("activations", "activation_functions")))
    for path in [*root.glob("*/day07/*perceptron*")]:
        path.rename(path.parents[1] / "day08" / path.name)
    manifest = root / "exercises" / "manifest.toml"
    text = manifest.read_text(encoding="utf-8")
    text = text.replace('{ slug = "activations"', '{ slug = "activation_functions", former = ["activations"]')
    text = text.replace('    { slug = "one_hot" },\n', "")
    text = text.replace('    { slug = "perceptron" },\n', "")
    first = text.index("\n", text.index("exercises = [", text.index('slug = "day08"'))) + 1
    manifest.write_text(text[:first] + '    { slug = "perceptron" },\n' + text[first:], encoding="utf-8")
    for slug in ("lstm_gates", "airline_train"):
        [stub] = root.glob(f"exercises/*/{slug}.py")
        stub.write_text(stub.read_text(encoding="utf-8").replace('"""', '"""New: ', 1), encoding="utf-8")


def test_an_upgrade_is_told_once_and_brought_in_without_losing_anything(course_, tmp_path):
    run = Run(course_, tmp_path)
    before_manifest = (course_ / "exercises" / "manifest.toml").read_text(encoding="utf-8")
    without = re.sub(r'^.*slug = "forecasting".*\n', "", before_manifest, flags=re.MULTILINE)
    (course_ / "exercises" / "manifest.toml").write_text(without, encoding="utf-8")
    run("start", "work")
    work = run.folder = tmp_path / "work"
    mine = solution("activations")
    (work / "day07" / "activations.py").write_text(mine, encoding="utf-8")
    run("check", "activations")
    begun = (work / "day09" / "airline_train.py").read_text(encoding="utf-8") + "\n# my notes\n"
    (work / "day09" / "airline_train.py").write_text(begun, encoding="utf-8")
    assert run("next")[1] == ""

    (course_ / "exercises" / "manifest.toml").write_text(before_manifest, encoding="utf-8")
    upgrade(course_)
    told = run("next")[1]
    for name in (
        "lstm_gates",
        "airline_train",
        "activations → activation_functions",
        "perceptron (day08)",
        "forecasting",
        "one_hot",
    ):
        assert name in told, told
    assert "course update" in told
    assert run("next")[1] == ""  # once
    kept = {path: path.read_bytes() for path in work.rglob("*.py") if ".course" not in path.parts}
    run("update", "--dry-run")
    assert {path: path.read_bytes() for path in work.rglob("*.py") if ".course" not in path.parts} == kept
    shown = run("update")[0]
    assert '+"""New: ' in shown
    assert (work / "day07" / "activation_functions.py").read_text(encoding="utf-8") == mine
    assert not (work / "day07" / "activations.py").exists()
    assert (work / "day08" / "perceptron.py").is_file()
    assert (work / "day09" / "airline_train.py").read_text(encoding="utf-8") == begun
    assert "New: " in (work / "day10" / "lstm_gates.py").read_text(encoding="utf-8")
    assert (work / "day10" / "forecasting.py").is_file()
    assert (work / "day07" / "one_hot.py").is_file()
    days = json.loads(run("status", "--json")[0])["days"]
    [passed] = [each for day in days for each in day["exercises"] if each["slug"] == "activation_functions"]
    assert passed["status"] == "passed"
    assert "up to date" in run("update")[0]
    assert "activation_functions" in run("show", "activations", expect=2)[1]


def test_an_old_stub_that_nobody_touched_is_not_begun(course_, tmp_path):
    run = Run(course_, tmp_path)
    run("start", "work")
    run.folder = tmp_path / "work"
    upgrade(course_)
    report = json.loads(run("check", "lstm_gates", "--json", expect=1)[0])
    assert report["exercises"][0]["status"] == "todo"

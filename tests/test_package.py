"""The wheel, built and put into an environment of its own: the command works from any folder, and nothing leaks."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import sysconfig
import venv
import zipfile
from pathlib import Path

import pytest

from course.catalog import CONTENT
from tests.conftest import solution

if not (CONTENT / "pyproject.toml").is_file():
    pytest.skip("a wheel is built from a checkout", allow_module_level=True)


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)]
    subprocess.run(command, cwd=CONTENT, check=True, capture_output=True)
    [path] = folder.glob("*.whl")
    return path


@pytest.fixture(scope="module")
def python(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> str:
    """An interpreter that has the wheel, and the libraries of this one by path."""
    home = tmp_path_factory.mktemp("environment") / "venv"
    venv.create(home, symlinks=os.name != "nt")
    scheme = sysconfig.get_paths(vars={"base": str(home), "platbase": str(home)})
    site = Path(scheme["purelib"])
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(site)
    (site / "libraries.pth").write_text(sysconfig.get_path("purelib") + "\n")
    return str(Path(scheme["scripts"]) / Path(sys.executable).name)


def run(python: str, *arguments: str, folder: Path, expect: int = 0) -> str:
    environment = {**os.environ, "COURSE_CACHE": str(folder / "cache")}
    done = subprocess.run(
        [python, *arguments], cwd=folder, env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == expect, done.stdout + done.stderr
    return done.stdout


def test_one_import_name(python, tmp_path):
    code = "import course, importlib.util as u; print([n for n in %r if u.find_spec(n)], course.__file__)"
    names = ["exercises", "solutions", "graders", "tests", "benchmarks", "docs"]
    found, _, place = run(python, "-P", "-c", code % names, folder=tmp_path).partition("]")
    assert found == "["
    assert "environment" in place


def test_the_wheel_carries_the_content(wheel):
    names = zipfile.ZipFile(wheel).namelist()
    assert "course/content/exercises/manifest.toml" in names
    assert "course/content/graders/day10/test_lstm_gates.py" in names
    assert "course/locale/ko/LC_MESSAGES/course.mo" in names
    assert "course/py.typed" in names
    assert {"course/web/templates/base.html", "course/web/static/htmx.min.js", "course/html/page.css"} <= {
        *names
    }
    assert {name.split("/")[0] for name in names if ".dist-info" not in name} == {"course"}
    assert not [name for name in names if "__pycache__" in name]


def test_check_from_any_folder(python, tmp_path):
    (tmp_path / "lstm_gates.py").write_text(solution("lstm_gates"), encoding="utf-8")
    report = json.loads(
        run(python, "-m", "course", "check", "lstm_gates", "--submission", ".", "--json", folder=tmp_path)
    )
    assert report["points"] == report["max_points"] > 0
    assert "LSTM" in run(python, "-m", "course", "list", folder=tmp_path)
    run(python, "-m", "course", "start", "work", folder=tmp_path)
    assert (tmp_path / "work" / "day10" / "lstm_gates.py").is_file()


@pytest.mark.skipif(sys.platform != "linux", reason="workers are confined on Linux only")
def test_solutions_inside_the_wheel_cannot_be_read(python, tmp_path):
    code = """
import glob, numpy
from pathlib import Path
site = Path(numpy.__file__).parents[1]
def forget_gate(*args):
    import sys
    read = []
    for entry in sys.path:
        for path in Path(entry).glob("course/**/*.py"):
            try:
                read.append(path.read_text())
            except OSError:
                pass
    raise RuntimeError(f"read {len(read)} files")
"""
    (tmp_path / "lstm_gates.py").write_text(solution("lstm_gates") + code, encoding="utf-8")
    arguments = ("-m", "course", "check", "lstm_gates", "--submission", ".", "--json")
    report = json.loads(run(python, *arguments, folder=tmp_path, expect=1))
    assert "read 0 files" in report["exercises"][0]["tests"][0]["message"]

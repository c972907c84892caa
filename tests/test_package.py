"""The wheel, built and put into an environment of its own: the command works from any folder, and nothing leaks."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import sysconfig
import tomllib
import venv
import zipfile
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.version import Version

from course.content.catalog import CONTENT
from tests.conftest import solution

if not (CONTENT / "pyproject.toml").is_file():
    pytest.skip("a wheel is built from a checkout", allow_module_level=True)


@pytest.fixture(scope="module")
def python(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> str:
    """An interpreter that has the wheel, and the libraries of this one by path."""
    home = tmp_path_factory.mktemp("environment") / "venv"
    venv.create(home, symlinks=os.name != "nt")
    scheme = sysconfig.get_paths(vars={"base": str(home), "platbase": str(home)})
    site = Path(scheme["purelib"])
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(site)
    libraries = [entry for entry in sys.path if entry.endswith("site-packages")]
    (site / "libraries.pth").write_text("\n".join(libraries) + "\n")
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
    assert "course/bundled/exercises/manifest.toml" in names
    assert "course/bundled/graders/day10/test_lstm_gates.py" in names
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
    table = json.loads(run(python, "-m", "course", "data", "airline", "--json", folder=tmp_path))
    assert (table["source"], table["columns"]) == ("generated", 23)
    run(python, "-m", "course", "check", "--full", "--submission", ".", folder=tmp_path, expect=1)
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


@pytest.mark.parametrize(
    ("system", "machine", "version", "needed"),
    [
        ("linux", "x86_64", "3.11", True),
        ("linux", "aarch64", "3.13", True),
        ("darwin", "arm64", "3.12", True),
        ("win32", "AMD64", "3.13", True),
        ("darwin", "x86_64", "3.12", False),
        ("win32", "ARM64", "3.13", False),
        ("linux", "x86_64", "3.14", False),
        ("linux", "riscv64", "3.12", False),
    ],
)
def test_tensorflow_is_required_where_it_has_wheels(wheel, system, machine, version, needed):
    """As the index had them for 2.18 to 2.21; elsewhere requiring it would stop the installation."""
    with zipfile.ZipFile(wheel) as archive:
        [name] = [name for name in archive.namelist() if name.endswith(".dist-info/METADATA")]
        lines = archive.read(name).decode().splitlines()
    [line] = [line for line in lines if line.startswith("Requires-Dist: tensorflow")]
    marker = Requirement(line.partition(": ")[2]).marker
    place = {"sys_platform": system, "platform_machine": machine, "python_version": version}
    assert marker is not None
    assert marker.evaluate(place) is needed


@pytest.mark.parametrize(
    ("name", "oldest", "why"),
    [
        ("rich", "14.3", "charts cut words by its split_graphemes"),
        ("click", "8.2", "older ones know no choices of another type"),
        ("editables", "0.5", "an editable installation by uv imports it when the command starts"),
    ],
)
def test_what_older_libraries_lack_is_asked_for(name, oldest, why):
    """Found by the environment "lowest versions" (tests/environments.py), which CI tries whole."""
    declared = tomllib.loads((CONTENT / "pyproject.toml").read_text(encoding="utf-8"))["project"][
        "dependencies"
    ]
    [asked] = [each for each in map(Requirement, declared) if each.name == name]
    lowest = min(Version(each.version) for each in asked.specifier if each.operator == ">=")
    assert lowest >= Version(oldest), why

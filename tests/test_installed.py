"""The wheel, installed in the ways people install: workers find the packages where the command found them."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import sysconfig
import venv
import zipfile
from importlib.metadata import distribution
from pathlib import Path

import pytest

from course.content.catalog import CONTENT
from course.processes import zygotes
from tests.conftest import solution

if not (CONTENT / "pyproject.toml").is_file():
    pytest.skip("a wheel is built from a checkout", allow_module_level=True)

SLUG = "activations"
VERSION = f"{sys.version_info.major}.{sys.version_info.minor}"
LIBRARIES = [entry for entry in sys.path if entry.endswith("site-packages")]


class Installed:
    """A folder with the wheel in it, and how Python is told of it."""

    def __init__(self, site: Path, python: str, *options: str, **variables: str) -> None:
        self.site = site
        self._command = [python, *options, "-m", "course"]
        dropped = {"PYTHONPATH", "PYTHONUSERBASE", "HOME", *variables}
        self._environment = {name: value for name, value in os.environ.items() if name not in dropped}
        self._environment |= variables

    def check(self, folder: Path) -> dict[str, object]:
        arguments = ["check", SLUG, "--submission", str(folder), "--json", "--fresh"]
        environment = {"COURSE_CACHE": str(folder / "cache"), **self._environment}
        done = subprocess.run([*self._command, *arguments], cwd=folder, env=environment, capture_output=True,
                              text=True, check=False)  # fmt: skip
        assert "Traceback" not in done.stdout + done.stderr
        report = json.loads(done.stdout or "null")
        assert report is not None, done.stderr
        return report["exercises"][0]


def put(wheel: Path, site: Path) -> Path:
    site.mkdir(parents=True)
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(site)
    return site


def interpreter() -> str:
    """The one below this environment, whose own packages are none of the course's."""
    return str(getattr(sys, "_base_executable", sys.executable))


def user_base(wheel: Path, folder: Path) -> Installed:
    base = folder / "home" / ".local"
    scheme = "nt_user" if os.name == "nt" else "posix_user"
    site = put(wheel, Path(sysconfig.get_path("purelib", scheme, vars={"userbase": str(base)})))
    (site / "libraries.pth").write_text("\n".join(LIBRARIES) + "\n", encoding="utf-8")
    home = {"PYTHONUSERBASE": str(base)} if os.name == "nt" else {"HOME": str(folder / "home")}
    return Installed(site, interpreter(), **home)


def python_path(wheel: Path, folder: Path) -> Installed:
    site = put(wheel, folder / "libraries")
    return Installed(
        site, interpreter(), "-s", HOME=str(folder), PYTHONPATH=os.pathsep.join([str(site), *LIBRARIES])
    )


def target(wheel: Path, folder: Path) -> Installed:
    """As by `pip install --target`: NumPy lies beside the course, in a folder that is not called site-packages."""
    site = put(wheel, folder / "everything here")
    found = distribution("numpy")
    for name in {str(file).split("/")[0] for file in found.files or ()} - {".."}:
        shutil.copytree(str(found.locate_file(name)), site / name, copy_function=link)
    return Installed(
        site, interpreter(), "-s", HOME=str(folder), PYTHONPATH=os.pathsep.join([str(site), *LIBRARIES])
    )


def link(source: str, place: str) -> str:
    try:
        os.link(source, place)
    except OSError:
        shutil.copy2(source, place)
    return place


def import_hook(wheel: Path, folder: Path) -> Installed:
    """An editable installation as setuptools and hatchling make it: a hook in the environment finds the package."""
    source = put(wheel, folder / "source")
    venv.create(folder / "venv", symlinks=os.name != "nt")
    scheme = sysconfig.get_paths(vars={"base": str(folder / "venv"), "platbase": str(folder / "venv")})
    site = Path(scheme["purelib"])
    (site / "libraries.pth").write_text("\n".join(LIBRARIES) + "\nimport _finds_course\n", encoding="utf-8")
    (site / "_finds_course.py").write_text(
        "import importlib.util, sys\n"
        "class Finder:\n"
        "    def find_spec(self, name, path=None, target=None):\n"
        f"        where = {str(source / 'course')!r}\n"
        "        if name == 'course':\n"
        "            return importlib.util.spec_from_file_location(name, where + '/__init__.py',\n"
        "                                                          submodule_search_locations=[where])\n"
        "sys.meta_path.insert(0, Finder())\n",
        encoding="utf-8",
    )
    return Installed(source, str(Path(scheme["scripts"], Path(sys.executable).name)))


@pytest.mark.parametrize("how", [user_base, python_path, target, import_hook])
@pytest.mark.parametrize("start", ["", "alone"])
def test_a_check_finds_its_packages(how, start, wheel, tmp_path, monkeypatch):
    monkeypatch.setenv("COURSE_START", start)
    work = tmp_path / "work"
    work.mkdir()
    (work / f"{SLUG}.py").write_text(solution(SLUG), encoding="utf-8")
    result = how(wheel, tmp_path).check(work)
    assert result["status"] == "passed", result


@pytest.mark.skipif(not zygotes.confined(), reason="workers are confined on Linux only")
def test_a_learner_s_packages_are_found_too_and_nothing_else_is_read(wheel, tmp_path):
    """Beside the course: a module, a package and an archive on the path; data there, and what lies here, stay unread."""
    installed = python_path(wheel, tmp_path)
    work = tmp_path / "work"
    work.mkdir()
    (installed.site / "mine.py").write_text("VALUE = 1\n", encoding="utf-8")
    (installed.site / "grades.csv").write_text("everybody,100\n", encoding="utf-8")
    (installed.site / "submitted").mkdir()
    (installed.site / "submitted" / "friend.py").write_text("SECRET = 1\n", encoding="utf-8")
    with zipfile.ZipFile(tmp_path / "packed.zip", "w") as archive:
        archive.writestr("packed.py", "VALUE = 2\n")
    installed._environment["PYTHONPATH"] += os.pathsep + str(tmp_path / "packed.zip")
    (work / "random.py").write_text(
        "raise RuntimeError('the learner has a file of this name')\n", encoding="utf-8"
    )
    code = f"""
import random, mine, packed
assert (mine.VALUE, packed.VALUE) == (1, 2)
for name in ("grades.csv", "submitted/friend.py", "course/bundled/solutions/day07/{SLUG}.py"):
    try:
        open({str(installed.site)!r} + "/" + name).read()
    except PermissionError:
        continue
    raise RuntimeError("read " + name)
"""
    (work / f"{SLUG}.py").write_text(solution(SLUG) + code, encoding="utf-8")
    result = installed.check(work)
    assert result["status"] == "passed", result


def test_bytecode_is_kept_where_an_installer_left_none(wheel, tmp_path):
    """Uv compiles nothing: without it every check would compile anew what it imports."""
    installed = target(wheel, tmp_path)
    compiled = installed.site / "numpy" / "__pycache__"
    shutil.rmtree(compiled, ignore_errors=True)
    work = tmp_path / "work"
    work.mkdir()
    (work / f"{SLUG}.py").write_text(solution(SLUG), encoding="utf-8")
    assert installed.check(work)["status"] == "passed"
    assert list(compiled.glob("*.pyc"))

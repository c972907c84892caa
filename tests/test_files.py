"""Files that a learner owns: whole or as they were, on a full disk, without a home, in one and the same second."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from course.content.catalog import catalog
from course.system import files

STUBS = {exercise.slug: exercise.stub.read_bytes() for exercise in catalog()}


def run(
    folder: Path, *arguments: str, most: int | None = None, **variables: str
) -> subprocess.CompletedProcess[str]:
    """Run `course`; with `most` no file may grow over so many bytes, as where a disk is full."""

    def limit() -> None:
        import resource

        resource.setrlimit(resource.RLIMIT_FSIZE, (most, most))

    environment = {**os.environ, **variables}
    done = subprocess.run([sys.executable, "-m", "course", *arguments], cwd=folder, capture_output=True, text=True,
                          env={name: value for name, value in environment.items() if value}, check=False,
                          preexec_fn=limit if most is not None else None)  # fmt: skip
    assert "Traceback" not in done.stderr, done.stderr
    return done


def parts(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.name.endswith(".part")]


full = pytest.mark.skipif(sys.platform == "win32", reason="a limit on files stands for a full disk")


@full
def test_a_full_disk_leaves_whole_stubs_or_none(tmp_path):
    most = sorted(map(len, STUBS.values()))[3]
    refused = run(tmp_path, "start", "work", most=most)
    assert refused.returncode == 1
    assert "work" in refused.stderr
    for path in (tmp_path / "work").rglob("*.py"):
        assert path.read_bytes() == STUBS[path.stem]
    assert not parts(tmp_path)
    assert run(tmp_path, "start", "work").returncode == 0
    assert {path.stem: path.read_bytes() for path in (tmp_path / "work").rglob("*.py")} == STUBS


@full
@pytest.mark.parametrize(
    "arguments", [["report", "--yes", "--out", "mine"], ["progress", "export", "--yes", "mine"],
                  ["export", "quiz", "day10", "--to", "csv", "--out", "mine"]])  # fmt: skip
def test_what_is_written_over_is_not_lost(arguments, tmp_path):
    run(tmp_path, "status")  # the store is there before the disk is full
    (tmp_path / "mine").write_text("an earlier one", encoding="utf-8")
    refused = run(tmp_path, *arguments, most=64)
    assert refused.returncode != 0
    assert (tmp_path / "mine").read_text(encoding="utf-8") == "an earlier one"
    assert not parts(tmp_path)


@full
def test_a_reset_on_a_full_disk_keeps_the_learner_s_file(tmp_path):
    run(tmp_path, "start", "work")
    mine = tmp_path / "work" / "day07" / "perceptron.py"
    mine.write_text("mine = 1\n" * 50, encoding="utf-8")
    assert run(tmp_path / "work", "reset", "perceptron", "--yes", most=100).returncode == 1
    assert mine.read_text(encoding="utf-8") == "mine = 1\n" * 50


def test_resets_in_the_same_second_keep_every_file(tmp_path):
    path = tmp_path / "mine.py"
    kept = []
    for text in ("one", "two", "three"):
        path.write_text(text, encoding="utf-8")
        kept.append(files.keep(path, tmp_path / "backups", "mine.20260101-000000.py"))
    assert [each.read_text(encoding="utf-8") for each in kept] == ["one", "two", "three"]


def test_a_file_keeps_its_mode_and_a_link_its_place(tmp_path):
    place, link = tmp_path / "place", tmp_path / "link"
    files.write(place, "one")
    place.chmod(0o640)
    link.symlink_to(place)
    files.write(link, "two\n", newline="\r\n")
    assert link.is_symlink()
    assert place.read_bytes() == b"two\r\n"
    assert place.stat().st_mode & 0o777 == 0o640


@pytest.mark.skipif(sys.platform == "win32", reason="a uid without a name")
def test_a_user_without_a_home(tmp_path, monkeypatch):
    """As with `docker run --user 12345`: nothing is kept, and everything else works."""
    run(tmp_path, "start", "work")
    work = tmp_path / "work"
    nobody = "import os, pwd, sys\ndef missing(uid): raise KeyError(uid)\npwd.getpwuid = missing\nos.environ.pop('HOME', None)\n"
    code = nobody + "sys.argv = ['course', *sys.argv[1:]]\nfrom course.cli import main\nmain()"
    environment = {
        name: value
        for name, value in os.environ.items()
        if name not in ("COURSE_CACHE", "COURSE_DATA", "HOME")
    }
    for arguments in (["list"], ["check", "perceptron"], [], ["next"], ["quiz", "--list"]):
        done = subprocess.run([sys.executable, "-P", "-c", code, *arguments], cwd=work, env=environment, capture_output=True,
                              text=True, check=False)  # fmt: skip
        assert "Traceback" not in done.stderr, (arguments, done.stderr)
        assert done.stdout, (arguments, done.stderr)
    assert not (work / "~").exists()


@pytest.mark.parametrize("variable", ["COURSE_CACHE", "COURSE_DATA"])
def test_a_file_where_a_folder_is_meant(variable, tmp_path):
    run(tmp_path, "start", "work")
    (tmp_path / "file").write_text("", encoding="utf-8")
    for arguments in (["check", "perceptron"], ["list"], ["next"]):
        done = run(tmp_path / "work", *arguments, **{variable: str(tmp_path / "file")})
        assert done.stdout, (arguments, done.stderr)

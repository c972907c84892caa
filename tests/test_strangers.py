"""A class of honest students beside strangers: whatever one hand-in holds, everybody has a row and the honest ones theirs.

Two classes are drawn by default. For twenty others, of a seed of one's own:

    COURSE_CLASSES=20 COURSE_CLASSES_SEED=7 python -m pytest tests/test_strangers.py
"""

from __future__ import annotations

import csv
import io
import os
import subprocess
import sys
from pathlib import Path

import psutil
import pytest

from course.processes import zygotes
from tests import ordinary
from tests.cluster import cluster
from tests.conftest import solution
from tests.handed_in import KNOWN, SLUGS, HandIn, drawn

pytestmark = pytest.mark.skipif(not zygotes.confined(), reason="workers are confined on Linux only")

CLASSES = int(os.environ.get("COURSE_CLASSES", "2"))
SEED = int(os.environ.get("COURSE_CLASSES_SEED", "1"))
HONEST, STRANGERS = 12, 30
GRADE = ("grade", "class", *(f"--day={slug}" for slug in SLUGS), "--seed", "5")
MOST_MEMORY = 1 << 30
PLACES = ("a", "m", "z")  # the honest ones' names begin with h and p


def lay_out(folder: Path, strangers: list[HandIn]) -> None:
    for number in range(HONEST):
        for slug in SLUGS:
            path = folder / "class" / f"{'hp'[number % 2]}{number:02}" / "day10" / f"{slug}.py"
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(solution(slug), encoding="utf-8")
    for number, stranger in enumerate(strangers):
        stranger.lay(folder / "class", PLACES[number % len(PLACES)], number)


def grade(folder: Path, *options: str) -> tuple[int, str, int]:
    """Run it as an ordinary user would; its exit status, what it said, and the most bytes one of its processes held."""
    temporary = folder / "temporary"
    temporary.mkdir(exist_ok=True)
    with subprocess.Popen(
        [sys.executable, "-m", "course", *GRADE, *options],
        cwd=folder,
        env={
            **os.environ,
            "COURSE_LANG": "en",
            "TMPDIR": str(temporary),
            "COURSE_CACHE": str(folder / "cache"),
        },
        preexec_fn=ordinary.rights(),  # noqa: PLW1509
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
    ) as process:
        assert process.stdout is not None
        said = process.stdout.read()
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    assert "Traceback" not in said, said[-3_000:]
    assert process.returncode in (0, 1), said[-3_000:]
    assert list(temporary.iterdir()) == []
    return process.returncode, said, usage.ru_maxrss * 1024


def rows(folder: Path) -> dict[str, dict[str, str]]:
    text = (folder / "grades" / "grades.csv").read_text(encoding="utf-8-sig")
    return {row["student"]: row for row in csv.DictReader(io.StringIO(text, newline=""))}


def honest(folder: Path) -> list[dict[str, str]]:
    return [row for student, row in rows(folder).items() if student[0] in "hp"]


def names(folder: Path) -> list[tuple[bytes, int]]:
    """All there is, with its size."""
    return sorted(
        (os.fsencode(path), path.lstat().st_size)
        for path in (folder / "class").rglob("*")
        if not path.is_dir()
    )


def check_law(folder: Path, strangers: list[HandIn], *options: str) -> None:
    before, children = names(folder), set(psutil.Process().children(recursive=True))
    status, said, memory = grade(folder, *options)
    found = rows(folder)
    assert len(found) == HONEST + len(strangers), sorted(found)
    for row in honest(folder):
        assert (row["points"], row["problems"], row["handed_in"]) == ("20", "", "yes"), row
    summary = (folder / "grades" / "summary.html").read_text(encoding="utf-8")
    for number, stranger in enumerate(strangers):
        [row] = [row for id_, row in found.items() if id_[:3] == f"{PLACES[number % len(PLACES)]}{number:02}"]
        assert row["problems"] or not stranger.told, stranger
    troubled = [row for row in found.values() if row["problems"]]
    assert status == (1 if troubled else 0)
    assert said.count("\n") >= len(troubled)
    assert summary.count('<li class="problem">') >= len(troubled)
    assert names(folder) == before
    assert set(psutil.Process().children(recursive=True)) <= children
    assert memory < MOST_MEMORY


def mend(folder: Path) -> None:
    """Open what was closed, so that it can be cleared away."""
    for path in [folder, *(folder / "class").rglob("*")]:
        if not path.is_symlink():
            path.chmod(0o700)


@pytest.mark.parametrize("jobs", ["1", "2"])
def test_uploads_that_ended_a_class(tmp_path, jobs):
    """Each as the first, in the middle and as the last of the class."""
    strangers = [stranger for stranger in KNOWN for _ in PLACES]
    lay_out(tmp_path, strangers)
    try:
        check_law(tmp_path, strangers, "--jobs", jobs)
    finally:
        mend(tmp_path)


def test_a_cluster_that_graded_strangers_grades_the_honest_as_before(tmp_path):
    first, second = tmp_path / "first", tmp_path / "second"
    for folder, strangers in ((first, KNOWN + drawn(10, SEED)), (second, [])):
        folder.mkdir()
        lay_out(folder, strangers)
    try:
        with cluster(tmp_path, 1) as running:
            grade(first, "--scheduler", running.address)
            assert len(rows(first)) == HONEST + len(KNOWN) + 10
            status, said, _ = grade(second, "--scheduler", running.address)
    finally:
        mend(first)
    assert status == 0, said
    assert honest(first) == honest(second) == list(rows(second).values())
    assert {row["points"] for row in honest(second)} == {"20"}


@pytest.mark.parametrize("number", range(SEED, SEED + CLASSES))
def test_strangers_change_nobody_else_s_results(tmp_path, number):
    strangers = drawn(STRANGERS, number)
    lay_out(tmp_path, strangers)
    try:
        check_law(tmp_path, strangers, "--jobs", str(1 + number % 2))
    finally:
        mend(tmp_path)

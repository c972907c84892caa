"""Shared by all tests: a cache of their own, and graders kept warm for a module."""

from __future__ import annotations

import dataclasses
import os
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from course.checking import Graders, Task
from course.content.catalog import CONTENT, catalog
from course.learner.store import database
from course.learner.subject import Subject
from course.results import ExerciseResult
from tests import browsing, quiz_bank
from tests.serving import serving

os.environ["COURSE_LANG"] = "en"
# What a command leaves running is for the tests that ask for it (test_keeper).
os.environ["COURSE_KEEP"] = "0"
# A shell starts what runs in its background with Ctrl-C ignored, and commands inherit that.
signal.signal(signal.SIGINT, signal.default_int_handler)

Grade = Callable[..., ExerciseResult]


@pytest.fixture(autouse=True)
def own_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """No test reads or writes the user's own cache, or progress."""
    monkeypatch.setenv("COURSE_CACHE", str(tmp_path / "cache"))
    monkeypatch.setenv("COURSE_DATA", str(tmp_path / "data"))


@pytest.fixture(autouse=True)
def own_choice(monkeypatch: pytest.MonkeyPatch) -> None:
    """What course and language a test chooses, as a command that it calls does, is chosen for that test alone."""
    for choice in (
        "course.content.courses._chosen",
        "course.content.courses._of_term",
        "course.language._chosen",
    ):
        monkeypatch.setattr(choice, None)


# A test that hangs costs itself alone; the longest prove all variants of an exercise.
MOST_SECONDS = 1800


# Files that take minutes come first: begun last, one of them would keep a single core busy at the end.
LONGEST = ("exchange", "term_marks", "wire", "nbgrader", "environments", "classroom", "keeper", "command", "graphs", "gradebook",
           "ungraded", "authoring", "similarity", "browser", "forwarding", "term_languages", "strange_notebooks", "autograde",
           "quiz_content", "courses", "keras_settings", "encodings", "editor")  # fmt: skip


def pytest_configure(config: pytest.Config) -> None:
    """Have xdist keep the order below, in place of files with the most tests first."""
    if hasattr(config.option, "loadscopereorder"):
        config.option.loadscopereorder = False


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Let no test go on for ever, and the longest begin first."""
    for item in items:
        item.add_marker(pytest.mark.timeout(MOST_SECONDS))
    places = {f"test_{name}": place for place, name in enumerate(LONGEST)}
    items.sort(key=lambda item: places.get(item.path.stem, len(places)))


@pytest.fixture(scope="module")
def grade() -> Iterator[Grade]:
    """Grade one source text: grade(slug, source, call_seconds=…, seconds=…)."""
    with Graders(1, [exercise.runtime for exercise in catalog()]) as graders:

        def run(slug: str, source: str, **limits: float) -> ExerciseResult:
            exercise = dataclasses.replace(catalog().exercise(slug), **limits)
            task = Task(Subject(exercise, f"{slug}.py", source), seed=1)
            results = [event.result for event in graders.run([task]) if event.result is not None]
            assert len(results) == 1
            return results[0]

        yield run


@pytest.fixture(scope="session")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel of this checkout."""
    folder = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)]
    subprocess.run(command, cwd=CONTENT, check=True, capture_output=True)
    [path] = folder.glob("*.whl")
    return path


@pytest.fixture(scope="session")
def content() -> Path:
    """The folder that holds exercises, solutions and graders."""
    return CONTENT


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A content folder with the small bank."""
    return quiz_bank.lay_out(tmp_path / "content")


@pytest.fixture
def own_bank(root: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The small bank as the course's own."""
    monkeypatch.setattr("course.quizzes.bank.root", lambda folder=None: folder or root)
    return root


@pytest.fixture
def store() -> Iterator[sqlite3.Connection]:
    """The learner's store."""
    with database.opened() as connection:
        yield connection


def solution(slug: str) -> str:
    """The reference solution's source."""
    return catalog().exercise(slug).solution.read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def chromium():
    """A browser."""
    with browsing.browser() as started:
        yield started


@pytest.fixture(scope="module")
def served(tmp_path_factory):
    """The address of `course serve` in a workspace, and the store it shows."""
    folder = tmp_path_factory.mktemp("learner")
    with serving(folder) as address:
        yield address, folder / "data"


@pytest.fixture
def address(served, monkeypatch):
    """The pages' address without its key, with the server's store as this test's own."""
    monkeypatch.setenv("COURSE_DATA", str(served[1]))
    return served[0].partition("/?")[0]


@pytest.fixture
def visit(chromium, address, served):
    """Open pages; in the end nothing has asked for anything elsewhere, and the browser has not complained."""
    visits = browsing.Visits(chromium, address, served[0])
    yield visits
    visits.close()

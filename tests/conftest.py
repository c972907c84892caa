"""Shared by all tests: a cache of their own, and graders kept warm for a module."""

from __future__ import annotations

import dataclasses
import os
import signal
import sqlite3
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from course.catalog import CONTENT, catalog
from course.checking import Graders, Task
from course.results import ExerciseResult
from course.store import database
from course.subject import Subject
from tests import quiz_bank

os.environ["COURSE_LANG"] = "en"
# A shell starts what runs in its background with Ctrl-C ignored, and commands inherit that.
signal.signal(signal.SIGINT, signal.default_int_handler)

Grade = Callable[..., ExerciseResult]


@pytest.fixture(autouse=True)
def own_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """No test reads or writes the user's own cache, or progress."""
    monkeypatch.setenv("COURSE_CACHE", str(tmp_path / "cache"))
    monkeypatch.setenv("COURSE_DATA", str(tmp_path / "data"))


@pytest.fixture(scope="module")
def grade() -> Iterator[Grade]:
    """Grade one source text: grade(slug, source, call_seconds=…, seconds=…)."""
    with Graders(1, ["numpy", "keras"]) as graders:

        def run(slug: str, source: str, **limits: float) -> ExerciseResult:
            exercise = dataclasses.replace(catalog().exercise(slug), **limits)
            task = Task(Subject(exercise, f"{slug}.py", source), seed=1)
            results = [event.result for event in graders.run([task]) if event.result is not None]
            assert len(results) == 1
            return results[0]

        yield run


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
    monkeypatch.setattr("course.catalog.CONTENT", root)
    return root


@pytest.fixture
def store() -> Iterator[sqlite3.Connection]:
    """The learner's store."""
    with database.opened() as connection:
        yield connection


def solution(slug: str) -> str:
    """The reference solution's source."""
    return catalog().exercise(slug).solution.read_text(encoding="utf-8")

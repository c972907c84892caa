"""Options for running grader files with plain pytest: `pytest graders/day10 --submission DIR`."""

from __future__ import annotations

import tempfile
from pathlib import Path

import pytest

from course import workspace, zygotes
from course.catalog import Exercise
from course.grading import launch
from course.grading.plugin import GradingPlugin
from course.seeds import new_seed
from course.subject import Subject


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add --submission and --seed."""
    group = parser.getgroup("course")
    group.addoption("--submission", type=Path, help="the folder of solutions to grade")
    group.addoption("--seed", type=int, help="seed of the graders' random inputs")


def pytest_configure(config: pytest.Config) -> None:
    """Register the grading plugin for this run."""
    root = config.getoption("--submission")
    if root is None:
        raise pytest.UsageError("name the folder to grade: pytest graders/day10 --submission DIR")
    if not root.is_dir():
        raise pytest.UsageError(f"--submission: there is no folder {root}")
    seed = config.getoption("--seed")
    folder = tempfile.TemporaryDirectory(prefix="course-", ignore_cleanup_errors=True)
    warm = zygotes.Zygotes(Path(folder.name))
    launcher = launch.launcher(lambda runtime: warm.start(runtime, 1)[0], Path(folder.name))

    def find(exercise: Exercise) -> Subject:
        return workspace.subject(exercise, root)

    plugin = GradingPlugin(launcher)
    plugin.begin(find, new_seed() if seed is None else seed)
    config.pluginmanager.register(plugin, "course-grading")

    def finish() -> None:
        warm.close()
        folder.cleanup()

    config.add_cleanup(finish)


def pytest_report_header(config: pytest.Config) -> str:
    """Print the seed, so that a run can be repeated."""
    plugin = config.pluginmanager.get_plugin("course-grading")
    assert isinstance(plugin, GradingPlugin)
    return f"course: seed {plugin.seed}"

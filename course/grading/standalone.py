"""Options for running grader files with plain pytest: `pytest graders/DAY --submission DIR`."""

from __future__ import annotations

import contextlib
from pathlib import Path

import pytest

from course.content import courses
from course.content.catalog import Exercise
from course.grading import launch
from course.grading.plugin import GradingPlugin
from course.learner import workspace
from course.learner.subject import Subject
from course.processes.seeds import new_seed


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add --submission and --seed."""
    group = parser.getgroup("course")
    group.addoption("--submission", type=Path, help="the folder of solutions to grade")
    group.addoption("--seed", type=int, help="seed of the graders' random inputs")


def pytest_configure(config: pytest.Config) -> None:
    """Register the grading plugin for this run."""
    root = config.getoption("--submission")
    if root is None:
        raise pytest.UsageError("name the folder to grade: pytest graders/DAY --submission DIR")
    if not root.is_dir():
        raise pytest.UsageError(f"--submission: there is no folder {root}")
    seed = config.getoption("--seed")
    opened = contextlib.ExitStack()
    launcher = opened.enter_context(launch.of_its_own())

    def find(exercise: Exercise) -> Subject:
        return workspace.subject(exercise, root)

    plugin = GradingPlugin()
    plugin.launcher = launcher
    plugin.begin(find, new_seed() if seed is None else seed)
    config.pluginmanager.register(plugin, "course-grading")

    config.add_cleanup(opened.close)


@pytest.hookimpl(tryfirst=True)
def pytest_pycollect_makemodule(module_path: Path) -> None:
    """Before a grader is imported, let it find what the graders of its course share."""
    root = courses.around(module_path.parent)
    if root is not None:
        courses.use_modules(courses.at(root))


def pytest_report_header(config: pytest.Config) -> str:
    """Print the seed, so that a run can be repeated."""
    plugin = config.pluginmanager.get_plugin("course-grading")
    assert isinstance(plugin, GradingPlugin)
    return f"course: seed {plugin.seed}"

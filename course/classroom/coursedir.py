"""nbgrader's course folder: its settings, the header of every assignment, the roster, the source notebooks."""

from __future__ import annotations

import json
import logging
import os
import sys
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from course.checking.worth import worth
from course.content.catalog import Day, catalog
from course.language import current
from course.language import gettext as _
from course.notebook import assignment as notebook
from course.notebook import written
from course.quizzes import answers
from course.system import files, installation
from course.term import gradedcells
from course.term.roster import Roster
from course.term.term import Assignment, Quiz, Work

SOURCE = "source"
SETTINGS, HEADER, GRADEBOOK = "nbgrader_config.py", "source/header.ipynb", "gradebook.db"


class EditedByHand(Exception):
    """A source notebook that is not as it was built; the text is its path."""


@dataclass
class Laid:
    """What `init` did: files written, files left as they were, students added or brought up to date."""

    written: list[Path] = field(default_factory=list)
    kept: list[Path] = field(default_factory=list)
    students: int = 0


@dataclass(frozen=True)
class Built:
    """A source notebook: where it is, what it is worth, whether it was written or was already the same."""

    path: Path
    max_points: float
    written: bool


def installed() -> bool:
    """Whether nbgrader is there."""
    return installation.installed("nbgrader")


def init(folder: Path, roster: Roster) -> Laid:
    """Make a course folder for nbgrader; no file that is there is touched. Students are added to the gradebook."""
    laid = Laid()
    for name, text in ((SETTINGS, _settings(folder)), (HEADER, _header())):
        path = folder / name
        if path.exists():
            laid.kept.append(path)
            continue
        files.write(path, text)
        laid.written.append(path)
    if roster.students:
        with gradebook(folder / GRADEBOOK) as opened:
            for student in roster.students:
                opened.update_or_create_student(
                    student.id,
                    first_name=student.first_name or (student.name if not student.last_name else ""),
                    last_name=student.last_name,
                    email=student.email or None,
                    lms_user_id=student.platform_id or None,
                )
            laid.students = len(opened.students)
    return laid


def gradebook(path: Path) -> Any:
    """Nbgrader's gradebook in this file, made where there is none; a context manager."""
    from nbgrader.api import Gradebook

    # A new one is set up by the command alembic, which nbgrader looks for on the search path alone.
    beside = str(Path(sys.executable).parent)
    if beside not in os.environ.get("PATH", "").split(os.pathsep):
        os.environ["PATH"] = os.pathsep.join([beside, os.environ.get("PATH", os.defpath)])
    return Gradebook(_url(path))


def assign_late_penalty(path: Path, student: str, day: str) -> None:
    """Take off what the settings beside a gradebook say for late work, from the scores as they are now, as nbgrader does."""
    from nbformat.v4 import new_notebook
    from nbgrader.preprocessors import AssignLatePenalties
    from traitlets.config.loader import Config, PyFileConfigLoader

    settings = path.resolve().parent / SETTINGS
    config = PyFileConfigLoader(str(settings)).load_config() if settings.is_file() else Config()
    what = {"student": student, "assignment": day, "notebook": day, "db_url": _url(path)}
    quiet = logging.getLogger("course.nbgrader")
    quiet.setLevel(logging.ERROR)
    AssignLatePenalties(config=config, log=quiet).preprocess(new_notebook(), {"nbgrader": what})


def _url(path: Path) -> str:
    return f"sqlite:///{path.resolve()}"


def build(
    assignments: Iterable[Assignment], folder: Path, *, force: bool = False, source: str = SOURCE
) -> list[Built]:
    """Write the source notebooks of assignments in the language in use, as FOLDER/SOURCE/NAME/NAME.ipynb.

    Raises:
        EditedByHand: a notebook that is there is not as it was built, and `force` is not set.
    """
    return [_build(assignment, folder / source, force=force) for assignment in assignments]


def of_day(day: Day, questions: int) -> Assignment:
    """A day as an assignment: what its graders give, its reports, so many questions of its quiz."""
    work = tuple(Work(exercise, None, float(exercise.report)) for exercise in day.exercises)
    asked = tuple(question.id for question in answers.questions(day.slug, questions))
    quizzes = (Quiz(day.slug, asked, len(asked) * gradedcells.QUESTION_POINTS),) if asked else ()
    return Assignment(day.slug, work, quizzes, day.titles)


def _build(assignment: Assignment, source: Path, *, force: bool) -> Built:
    path = source / assignment.name / f"{assignment.name}.ipynb"
    before = path.read_text(encoding="utf-8") if path.exists() else None
    if before is not None and not force and not _as_built(before):
        raise EditedByHand(str(path))
    made = notebook.Assignment(assignment, worth(assignment.exercises), current())
    text = made.text()
    if text != before:
        files.write(path, text)
    return Built(path, made.max_points, text != before)


def _as_built(text: str) -> bool:
    try:
        data = json.loads(text)
        return bool(data["metadata"]["course"]["built"] == notebook.digest(data["cells"]))
    except (ValueError, KeyError, TypeError, AttributeError):
        return False


def _settings(folder: Path) -> str:
    about = _(
        "Settings of nbgrader, written by `course nbgrader init`; `nbgrader generate_config` lists them all."
    )
    shell = _(
        "Students' notebooks install nothing here: lines for the shell are commented out, and pip finds no packages."
    )
    scaled = _(
        "Points that you edit in a source notebook are a scale of your own; deleted test cells are put back."
    )
    slow = _("A cell may take this many seconds: some train a model or two.")
    return f'''"""{about}"""

import os
from pathlib import Path

from nbconvert.preprocessors import ClearMetadataPreprocessor
from nbgrader import preprocessors as step

from course.notebook.autograding import KeepOutOfShell, OwnLanguage, OwnNotebook, ScalePoints

ROOT = Path(__file__).resolve().parent
c = get_config()  # noqa: F821

c.CourseDirectory.course_id = {folder.resolve().name!r}
c.CourseDirectory.root = str(ROOT)
c.IncludeHeaderFooter.header = str(ROOT / "source" / "header.ipynb")

# {shell}
os.environ["PIP_NO_INDEX"] = "1"
os.environ["COURSE_KEEP"] = "0"
c.Autograde.sanitize_preprocessors = [
    OwnNotebook,
    KeepOutOfShell,
    step.ClearOutput,
    step.DeduplicateIds,
    step.OverwriteKernelspec,
    step.OverwriteCells,
    OwnLanguage,
    step.CheckCellMetadata,
]

# {scaled}
c.OverwriteCells.add_missing_cells = True
c.Autograde.autograde_preprocessors = [
    step.Execute,
    step.IgnorePattern,
    ClearMetadataPreprocessor,
    step.LimitOutput,
    ScalePoints,
    step.SaveAutoGrades,
    step.AssignLatePenalties,
    step.CheckCellMetadata,
]

# {slow}
c.Execute.timeout = 600
c.ClearSolutions.text_stub = {_(written.HERE)!r}
'''


def _header() -> str:
    title = _("Before you hand in")
    steps = _(
        "Restart the kernel and run all cells (Kernel → Restart Kernel and Run All Cells), look through the results, save. "
        "Write your name and, where you worked in a team, your team's below."
    )
    cells = [
        {
            "cell_type": "markdown",
            "id": "header-text",
            "metadata": {},
            "source": [f"# {title}\n", "\n", steps],
        },
        {
            "cell_type": "code",
            "execution_count": None,
            "id": "header-names",
            "metadata": {},
            "outputs": [],
            "source": ['NAME = ""\n', 'TEAM = ""'],
        },
    ]
    header = {"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 5}
    return json.dumps(header, ensure_ascii=False, indent=1, sort_keys=True) + "\n"


def days(names: Iterable[str]) -> list[Day]:
    """The days of these names in the catalog's order; raises course.content.catalog.UnknownName."""
    wanted = {exercise.day for exercise in catalog().select(names)}
    return [day for day in catalog().days if day.slug in wanted]

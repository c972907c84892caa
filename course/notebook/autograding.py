"""Steps of `nbgrader autograde` that the settings of `course nbgrader init` add to its own.

They are preprocessors; nbgrader runs all but the last before the student's cells, and that before it reads the points.
"""

from __future__ import annotations

import glob
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import nbformat
from nbgrader import utils
from nbgrader.preprocessors import NbGraderPreprocessor

from course.learner.notebooks import without_shell
from course.term.gradedcells import OUT_OF, scaled

_LANGUAGE = re.compile(r'language="([a-z]{2,3})"')
_IN_USE = "course_language"


class OwnNotebook(NbGraderPreprocessor):  # type: ignore[misc]
    """Take the notebook that was worked on, of those in several languages that a student has: week1.ipynb, week1.ko.ipynb.

    nbgrader itself knows the first by name, and no other.
    """

    def preprocess(self, nb: Any, resources: Any) -> tuple[Any, Any]:
        """The notebook with the most answers; as it was handed in where they are as many."""
        about = resources["metadata"]
        others = _beside(Path(about["path"]), about["name"], Path(self.config.CourseDirectory.root))
        chosen = max([nb, *others], key=_answers)
        told = (_LANGUAGE.search(cell.source) for cell in chosen.cells if utils.is_grade(cell))
        resources[_IN_USE] = next((found[1] for found in told if found), "")
        return chosen, resources


class OwnLanguage(NbGraderPreprocessor):  # type: ignore[misc]
    """Put locked cells back in the notebook's language, where the course folder has it: the gradebook knows the first one alone.

    It comes after OverwriteCells, and takes nothing from the student but which language it is.
    """

    def preprocess(self, nb: Any, resources: Any) -> tuple[Any, Any]:
        """The notebook with texts and tests from source-LANGUAGE."""
        about = resources["nbgrader"]
        source = Path(
            self.config.CourseDirectory.root, f"source-{resources.get(_IN_USE)}", about["assignment"]
        )
        path = source / f"{about['notebook']}.ipynb"
        if not path.is_file():
            return nb, resources
        known = {_name(cell): cell for cell in nbformat.read(path, 4).cells}
        for cell in nb.cells:
            own = known.get(_name(cell))
            if own is not None and utils.is_locked(cell):
                cell.source = own.source
                cell.metadata.nbgrader.checksum = utils.compute_checksum(cell)
        return nb, resources


def _name(cell: Any) -> str | None:
    name: str | None = cell.metadata.get("nbgrader", {}).get("grade_id")
    return name


def _beside(folder: Path, name: str, root: Path) -> Iterator[Any]:
    """The same notebook in other languages of the course folder; what cannot be read is none."""
    for path in sorted(folder.glob(f"{glob.escape(name)}.*.ipynb")):
        language = path.name.split(".")[-2]
        try:
            if not path.is_symlink() and (root / f"source-{language}").is_dir():
                made = nbformat.read(path, 4)
                _answers(made)
                yield made
        except (OSError, ValueError, LookupError, TypeError, AttributeError, RecursionError):
            continue


def _answers(nb: Any) -> int:
    """In how many cells for answers there is something else than was released."""
    given = [cell for cell in nb.cells if utils.is_solution(cell)]
    return sum(cell.metadata.nbgrader.get("checksum") != utils.compute_checksum(cell) for cell in given)


class KeepOutOfShell(NbGraderPreprocessor):  # type: ignore[misc]
    """Make lines for the shell and for installing packages comments: they would change the instructor's environment."""

    def preprocess_cell(self, cell: Any, resources: Any, cell_index: int) -> tuple[Any, Any]:
        """One cell; cell_index is its place."""
        if cell.cell_type == "code":
            cell.source = without_shell(cell.source)
        return cell, resources


class ScalePoints(NbGraderPreprocessor):  # type: ignore[misc]
    """Bring the points of test cells to what their cells are worth in the assignment, where an instructor edited that."""

    def preprocess_cell(self, cell: Any, resources: Any, cell_index: int) -> tuple[Any, Any]:
        """One cell; cell_index is its place."""
        about = cell.metadata.get("nbgrader", {})
        if cell.cell_type == "code" and about.get("grade"):
            outputs = cell.outputs
            worth = [output.data[OUT_OF] for output in outputs if OUT_OF in output.get("data", {})]
            for output in outputs:
                if worth and output.output_type == "execute_result":
                    _scale(output.data, worth[-1], float(about["points"]))
        return cell, resources


def _scale(data: Any, worth: Any, most: float) -> None:
    try:
        points = scaled(float(data["text/plain"]), float(worth), most)
    except (KeyError, TypeError, ValueError):
        return  # not the value of a test cell: nbgrader has rules for that
    data["text/plain"] = repr(points)

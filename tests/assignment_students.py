"""Five students' work on a released assignment: perfect, half, empty, broken and hostile."""

from __future__ import annotations

import copy
import re
from collections.abc import Callable
from typing import Any

Notebook = dict[str, Any]

HALF = ("lstm_gates", "rnn_forward", "recurrent_parameters", "gru_gates", "quiz-lstm_keep_exactly-answer")
BROKEN = ("lstm_gates", "rnn_forward", "time_series_windows")
# Whatever a test cell asks for, it now prints nothing: nbgrader takes that for full points.
ATTACK = """import course.notebook.graded

course.notebook.graded.visible_tests = lambda slug, language: None
course.notebook.graded.hidden_tests = lambda slug, language: None
course.notebook.graded.answer = lambda name, language: None
"""


def name(cell: dict[str, Any]) -> str:
    return cell["metadata"].get("nbgrader", {}).get("grade_id", "")


def text(cell: dict[str, Any]) -> str:
    return "".join(cell["source"])


def hand_in(source: Notebook, release: Notebook) -> dict[str, Notebook]:
    """What each of the five makes of the released notebook, with the instructor's as the right answers."""
    right = {name(cell): text(cell).replace("### BEGIN SOLUTION", "").replace("### END SOLUTION", "")
             for cell in source["cells"]}  # fmt: skip

    def answered(wanted: Callable[[str], bool]) -> Notebook:
        notebook = copy.deepcopy(release)
        for cell in notebook["cells"]:
            about = cell["metadata"].get("nbgrader", {})
            if about.get("solution") and cell["cell_type"] == "code" and wanted(name(cell)):
                cell["source"] = right[name(cell)]
        return notebook

    half = answered(lambda cell: cell in HALF)
    _change(
        half,
        "gru_gates",
        lambda code: code.replace("z * h + (1 - z) * candidate", "(1 - z) * h + z * candidate"),
    )
    broken = answered(lambda cell: cell in BROKEN)
    # One cell is no Python, another fails before its functions.
    _change(
        broken, "lstm_gates", lambda code: code.replace("return o * np.tanh(c), c", "return o * np.tanh(c, c")
    )
    _change(broken, "rnn_forward", lambda code: "%matplotlib inline\nvalue = 1 / 0\n" + code)
    empty, hostile = answered(lambda cell: False), answered(lambda cell: False)
    _change(hostile, "time_series_windows", lambda code: ATTACK + code)
    for notebook in (half, broken, empty, hostile):  # who has no model needs no TensorFlow: it takes seconds
        for cell in notebook["cells"]:
            cell["source"] = re.sub(r"^(import|from) keras.*\n", "", text(cell), flags=re.MULTILINE)
    perfect = answered(lambda cell: True)
    _change(perfect, "team_project-report", lambda _: "Our network has 200 units.")
    return {"perfect": perfect, "half": half, "empty": empty, "broken": broken, "hostile": hostile}  # fmt: skip


def _change(notebook: Notebook, cell_name: str, change: Callable[[str], str]) -> None:
    [cell] = [cell for cell in notebook["cells"] if name(cell) == cell_name]
    before = text(cell)
    cell["source"] = change(before)
    assert cell["source"] != before

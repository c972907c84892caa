"""Notebooks: what the graders make of their cells, in files, in a workspace and in a running kernel."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest
from click.testing import CliRunner

from course.cli.nbgrader import nbgrader_
from course.content.catalog import catalog
from course.learner import notebooks as read
from course.learner import workspace
from course.learner.subject import Subject
from course.quizzes import answers
from course.results import status_word
from course.system import installation
from course.worker import cells
from tests.conftest import solution

STEP = "def rnn_step(h, x, W_x, W_h, b):\n    return np.tanh(x @ W_x + h @ W_h + b)\n"


def ipynb(*sources: str, exercises: dict[int, str] | None = None) -> bytes:
    """A notebook's file; `exercises` gives cells the grade_id that nbgrader keeps."""
    made = []
    for number, source in enumerate(sources, start=1):
        about = {"grade_id": exercises[number], "solution": True} if exercises and number in exercises else {}
        metadata = {"nbgrader": about} if about else {}
        made.append(
            {"cell_type": "code", "metadata": metadata, "source": source.splitlines(keepends=True),
             "outputs": [], "execution_count": None}
        )  # fmt: skip
    made.append({"cell_type": "markdown", "metadata": {}, "source": "def nothing(:"})
    return json.dumps({"cells": made, "metadata": {}, "nbformat": 4, "nbformat_minor": 5}).encode()


def text(*sources: str, **options: dict[int, str]) -> str:
    return read.text(ipynb(*sources, **options), "day10.ipynb")


def messages(result) -> str:
    return "\n".join(test.text("en") for test in result.tests)


def test_a_notebook_earns_what_its_file_earns(grade):
    source = text(
        "%matplotlib inline\n!pip install something\nimport numpy as np", "%%time\n" + solution("lstm_gates")
    )
    assert grade("lstm_gates", source).status == "passed"


@pytest.mark.parametrize(
    "beside",
    [
        "while True:\n    pass",
        "history = [rnn_step(0, 0, 0, 0, 0) for _ in range(10**9)]",
        "raise SystemExit",
        "import os\nos._exit(3)",
        "def broken(:\n    pass",
        "lstm_gates(1, 2)",
        "course.check('lstm_gates')",
        "%%bash\nexit 3",
        "x = !ls\nx?",
        "await something",
    ],
)
def test_what_an_exercise_does_not_need_harms_nothing(grade, beside):
    result = grade("lstm_gates", text(beside, solution("lstm_gates"), beside))
    assert result.status == "passed", messages(result)


def test_the_last_definition_counts(grade):
    wrong = solution("lstm_gates").replace("np.tanh(z[2])", "z[2]")
    assert wrong != solution("lstm_gates")
    assert grade("lstm_gates", text(wrong, solution("lstm_gates"))).status == "passed"
    assert grade("lstm_gates", text(solution("lstm_gates"), wrong)).status == "failed"


def test_a_stub_below_the_finished_cell_is_told(grade):
    stub = catalog().exercise("lstm_gates").stub.read_text(encoding="utf-8")
    result = grade("lstm_gates", text(solution("lstm_gates"), stub))
    assert result.status == "todo"
    assert "a later cell holds the stub again" in messages(result)
    assert "a later cell" not in messages(grade("lstm_gates", text(stub, stub)))


def test_helpers_constants_and_changed_values_come_along(grade):
    pieces = [
        "from __future__ import annotations\nimport numpy as np\nTABLE = {}\nLIST = []",
        "def squash(z: Missing):\n    return TABLE['f'](z) * LIST[0]",
        "TABLE['f'] = np.tanh\nLIST.append(1.0)",
        solution("lstm_gates").replace("np.tanh(c)", "squash(c)"),
    ]
    result = grade("lstm_gates", text(*pieces))
    assert result.status == "passed", messages(result)


def test_the_message_names_the_learners_own_cell_and_line(grade):
    source = text("import numpy as np", "# thoughts\n\n" + STEP.replace("h @ W_h", "h @ missing"))
    result = grade("rnn_forward", source)
    assert "in cell 2, line 4: return np.tanh(x @ W_x + h @ missing + b)" in messages(result)
    assert "NameError" in messages(result)


def test_a_helper_whose_cell_failed_is_what_the_message_is_about(grade):
    source = text("import numpy as np", "\nscale = 1 / 0", STEP.replace("x @ W_x", "scale * x @ W_x"))
    said = messages(grade("rnn_forward", source))
    assert "cell 2 raised ZeroDivisionError" in said
    assert "in cell 2, line 2: scale = 1 / 0" in said


def test_a_cell_that_is_no_python_says_where(grade):
    said = messages(grade("rnn_forward", text("import numpy as np", STEP.replace("+ b)", "+ b"))))
    assert "This cell is not valid Python (cell 2): SyntaxError" in said
    assert "line 2" in said


def test_an_endless_loop_in_a_cell_it_needs(grade):
    source = text(
        "import numpy as np", "scale = 1\nwhile True:\n    scale += 1", STEP.replace("x @", "scale * x @")
    )
    result = grade("rnn_forward", source, call_seconds=1.0)
    assert {test.status for test in result.tests} <= {"timeout", "blocked", "todo"}
    assert "Running what the exercise's functions use took longer" in messages(result)


def test_functions_of_the_same_name_are_told_apart():
    predict = "def predict(x, w, b):\n    return {}\n"
    marked = text(
        "# exercise: perceptron\n" + predict.format(1), "# exercise: linear_regression\n" + predict.format(2)
    )
    built = text(predict.format(1), predict.format(2), exercises={1: "perceptron", 2: "linear_regression"})
    for source in (marked, built):
        for slug, value in (("perceptron", 1), ("linear_regression", 2)):
            namespace: dict = {}
            assert cells.run(source, "n", slug, ["predict"], namespace) == {}
            assert namespace["predict"](0, 0, 0) == value


def test_lines_with_a_percent_sign_are_no_magics():
    code = "x = (5\n     % 3)\n%time y = x + 1\n!ls\ntext = '''\n%d\n!\n'''"
    namespace: dict = {}
    exec(read.plain(code), namespace)
    assert namespace["x"] == 2
    assert namespace["y"] == 3
    assert namespace["text"] == "\n%d\n!\n"


def test_a_cell_cannot_end_itself_with_a_marker():
    source = text("x = 1\n# %% cell 7\ny = 2", "z = 3")
    assert [cell.name for cell in cells.split(source)] == ["cell 1", "cell 2"]
    line = source.splitlines().index("z = 3") + 1
    assert cells.place(source, line) == ("cell 2", 1)


def test_untouched():
    exercise = catalog().exercise("lstm_gates")
    stub = exercise.stub.read_text(encoding="utf-8")
    assert Subject(exercise, "n", text("import numpy as np", stub, "print(1)")).untouched
    assert Subject(exercise, "n", text("print(1)")).untouched
    assert Subject(exercise, "n", text()).untouched
    assert not Subject(exercise, "n", text(stub, "def forget_gate(h, x, W_f, b_f):\n    return 1")).untouched
    assert not Subject(exercise, "n", text("def forget_gate(h, x, W_f, b_f)\n    return 1")).untouched


@pytest.mark.parametrize(
    "data",
    [b"", b"{", b"[]", b'{"nbformat": 4}', b'{"nbformat": 3, "worksheets": []}', b"\xff\xfe",
     b'{"nbformat": 4, "cells": [{"cell_type": "code", "source": 3}]}', b"[" * 100_000],
)  # fmt: skip
def test_what_is_no_notebook_says_so(data, tmp_path, run):
    with pytest.raises(read.UnreadableNotebook, match=r"day10\.ipynb"):
        read.text(data, "day10.ipynb")
    (tmp_path / "day10.ipynb").write_bytes(data)
    done = run("check", "lstm_gates", "--submission", str(tmp_path))
    assert done.returncode == 1
    assert "day10.ipynb" in done.stdout
    assert "Traceback" not in done.stdout + done.stderr


@pytest.fixture
def run(tmp_path):
    def course(*arguments: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", "course", *arguments],
            cwd=tmp_path,
            capture_output=True,
            text=True,
            encoding="utf-8",
            check=False,
        )

    return course


def test_a_workspace_may_hold_a_notebook(tmp_path, run):
    run("start", "work")
    (tmp_path / "work" / "day10.ipynb").write_bytes(
        ipynb("# exercise: rnn_forward\n" + solution("rnn_forward"))
    )
    report = json.loads(run("check", "rnn_forward", "lstm_gates", "--submission", "work", "--json").stdout)
    assert [exercise["status"] for exercise in report["exercises"]] == ["passed", "todo"]
    exercise = catalog().exercise("rnn_forward")
    # A file that has been worked on comes first.
    own = tmp_path / "work" / "day10" / "rnn_forward.py"
    own.write_text(own.read_text(encoding="utf-8") + "\nprint(1)\n", encoding="utf-8")
    assert workspace.subject(exercise, tmp_path / "work").path == str(own)


def test_a_notebook_can_be_named(tmp_path, run):
    path = tmp_path / "mine.ipynb"
    path.write_bytes(ipynb(solution("rnn_forward")))
    done = run("check", "rnn_forward", "--submission", str(path))
    assert done.returncode == 0, done.stdout


def test_without_nbgrader_its_commands_say_how_to_get_it(tmp_path, monkeypatch):
    monkeypatch.setattr("course.classroom.coursedir.installed", lambda: False)
    for arguments in (["init", str(tmp_path / "new")], ["build", "day10", "--out", str(tmp_path)]):
        done = CliRunner().invoke(nbgrader_, arguments)
        assert done.exit_code == 1
        assert installation.command_for("instructor") in done.output
    assert not any(tmp_path.glob("new*"))


def test_quiz_answers():
    [question] = [q for q in answers.questions("day10", 1000) if q.id == "lstm_parameters"]
    asked = answers.drawn(question)
    right = asked.key

    def credit(*sources: str) -> float:
        return answers.verdict(text(*sources), asked).credit

    assert credit(f"quiz_lstm_parameters = {right}") == 1
    assert credit(f"quiz_lstm_parameters = {right} * 2 / 2") == 1
    assert credit("quiz_lstm_parameters = 1") == 0
    assert credit(f"quiz_lstm_parameters = {right}", "quiz_lstm_parameters = 1") == 0
    assert credit("quiz_lstm_parameters = None") == 0
    assert credit("quiz_lstm_parameters = __import__('os').getpid()") == 0
    assert credit("print(quiz_lstm_parameters") == 0
    assert credit() == 0


CHECKED = """import course
course.check("lstm_gates", "rnn_forward")"""


@pytest.mark.parametrize("language", ["en", "ko"])
def test_in_a_running_kernel(language, tmp_path, monkeypatch):
    nbclient = pytest.importorskip("nbclient", reason="nbclient is not installed: pip install -e '.[dev]'")
    import nbformat

    monkeypatch.setenv("COURSE_LANG", language)
    monkeypatch.setenv("JUPYTER_RUNTIME_DIR", str(tmp_path))
    wrong = solution("rnn_forward").replace("np.tanh(", "np.sin(")
    cell = nbformat.v4.new_code_cell
    notebook = nbformat.v4.new_notebook(
        cells=[
            cell("%time\nimport sys"),
            cell(solution("lstm_gates") + "\n\n1 / 0"),
            cell(wrong),
            cell(CHECKED),
            cell(solution("rnn_forward")),
            cell("course.check()"),
            cell("'tensorflow' in sys.modules"),
        ]
    )
    nbclient.NotebookClient(notebook, allow_errors=True, kernel_name="python3").execute(cwd=str(tmp_path))
    shown = [output.data for cell in notebook.cells for output in cell.outputs if "data" in output]
    first, second, tensorflow = shown
    assert "rnn_forward: failed" in first["text/plain"]
    assert "lstm_gates: passed 10/10" in first["text/plain"]
    assert "rnn_forward: passed" in second["text/plain"]
    assert status_word("passed", language) in second["text/html"]
    assert '<section class="course-exercise course-failed"' in first["text/html"]
    assert f'lang="{language}"' in first["text/html"]
    assert tensorflow["text/plain"] == "False"

"""A class graded by `course grade` and, beside it, submissions by `nbgrader autograde`, on the same questions."""

from __future__ import annotations

import contextlib
import functools
import os
import shutil
import subprocess
import sys
import tempfile
import threading
import time
import tomllib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import nbformat
import psutil

from course.content.catalog import CONTENT
from course.content.stub import stub

HERE = Path(__file__).parent
MODELS = ("rnn_model", "lstm_model", "gru_model")
SUBMISSIONS, FEW, BESIDE, ROUNDS = 100, 20, 5, 3
_DAY = "eight"

# In place of a question's function; what it gains and what it costs the others is what is measured.
_HOSTILE = (
    "import numpy as np\nclass Equal(np.ndarray):\n    def __eq__(self, other): return True\n"
    "def {name}(*_): return np.zeros(7).view(Equal)\n",
    "import numpy, builtins\nnumpy.allclose = numpy.testing.assert_allclose = lambda *_, **__: True\n"
    "def {name}(*_): return 7.0\n",
    "import os\ndef {name}(*_): os._exit(0)\n",
    "import subprocess\ndef {name}(*_): return subprocess.Popen(['sleep', '9'], start_new_session=True)\n",
    "def {name}(*_):\n    while True: pass\n",
)


@dataclass
class Eight:
    """Seconds of `course grade` with one job and with two, on the hundred and on the last few; of nbgrader a submission.

    The most memory of each in megabytes.
    """

    one: list[float]
    two: list[float]
    few_one: list[float]
    few_two: list[float]
    autograde: float
    memory_one: float
    memory_two: float
    memory_autograde: float


def eight(folder: Path) -> Eight:
    """Six functions and two models, not trained: the hundred with `course grade`, some with `nbgrader autograde`."""
    questions = tomllib.loads((HERE / "eight.toml").read_text(encoding="utf-8"))["questions"]
    for place, question in enumerate(questions):
        question["place"] = place
    _content(folder / "root", questions)
    for number in range(SUBMISSIONS):
        for class_ in ("class", "few")[: 2 if number >= SUBMISSIONS - FEW else 1]:
            target = folder / class_ / f"s{number:03}" / _DAY
            target.mkdir(parents=True)
            for question in questions:
                (target / f"{question['slug']}.py").write_text(_code(question, number), encoding="utf-8")
    runs = [
        functools.partial(graded, folder, folder / class_, f"--jobs={jobs}", root=folder / "root")
        for class_ in ("class", "few")
        for jobs in (1, 2)
    ]
    one, two, few_one, few_two = zip(*([run() for run in runs] for _ in range(ROUNDS)), strict=True)
    memory_one, memory_two = map(_most_memory, runs[:2])
    imports = "import numpy as np\nfrom functools import partial\nfrom numpy.testing import assert_allclose"
    close = f"{imports}\nassert_close = partial(assert_allclose, rtol=1e-5)"
    cells = [
        (question["slug"], question["solution"], f"{close}\n{question['test']}") for question in questions
    ]
    answers = [{q["slug"]: _code(q, number) for q in questions} for number in range(BESIDE + 1)]
    autograde = _Autograde(folder / "nbgrader", cells, answers)
    seconds = map(list, (one, two, few_one, few_two))
    return Eight(*seconds, autograde.each(), memory_one, memory_two, _most_memory(autograde.first))


def trained(folder: Path, count: int) -> tuple[float, float]:
    """Day 10's three models: so many submissions by `course grade`, one trained as the lecture's scripts in a notebook."""
    for number in range(count):
        target = folder / "class" / f"s{number:03}" / "day10"
        target.mkdir(parents=True)
        for slug in MODELS:
            shutil.copy(CONTENT / "solutions" / "day10" / f"{slug}.py", target)
    ours = graded(folder, folder / "class", *(f"--day={slug}" for slug in MODELS), "--jobs=2")
    scripts = [
        (HERE / "lecture" / f"{kind}.py").read_text(encoding="utf-8") for kind in ("rnn", "lstm", "gru")
    ]
    cells = [(slug, "x = 0\n", f"{script}\n1.0") for slug, script in zip(MODELS, scripts, strict=True)]
    return ours, _Autograde(folder / "nbgrader", cells, [dict.fromkeys(MODELS, "x = 0\n")]).first()


def graded(folder: Path, class_: Path, *options: str, root: Path | None = None) -> float:
    """Seconds of `course grade`, with nothing kept from before."""
    with tempfile.TemporaryDirectory(dir=folder) as kept:
        out = Path(kept) / "grades"
        command = [sys.executable, "-m", "course", "grade", str(class_), "--out", str(out), *options]
        course = {"COURSE_COURSE": str(root)} if root is not None else {}
        seconds = _run(command, folder, COURSE_CACHE=f"{kept}/cache", **course)
        lines = (out / "grades.csv").read_text(encoding="utf-8").count("\n") - 1
    assert lines == len(list(class_.iterdir())), lines
    return seconds


def _content(root: Path, questions: list[dict[str, Any]]) -> None:
    """The questions as a course of one day."""
    entries = [
        f'{{ slug = "{q["slug"]}", runtime = "{q.get("runtime", "numpy")}", call_seconds = 3 }},'
        for q in questions
    ]
    lines = "\n".join(entries)
    manifest = 'name = "eight"\ntitle = { en = "Eight questions" }\nlanguages = ["en"]\n'
    manifest += (
        f'[[days]]\nslug = "{_DAY}"\ntitle = {{ en = "Eight questions" }}\nexercises = [\n{lines}\n]\n'
    )
    for place in ("exercises", "solutions", "graders"):
        (root / place / _DAY).mkdir(parents=True)
    (root / "exercises" / "manifest.toml").write_text(manifest, encoding="utf-8")
    for question in questions:
        slug, solution = question["slug"], question["solution"].lstrip()
        (root / "solutions" / _DAY / f"{slug}.py").write_text(solution, encoding="utf-8")
        (root / "exercises" / _DAY / f"{slug}.py").write_text(stub(solution), encoding="utf-8")
        text = f"# {slug}\n\nWrite it.\n\n## Hints\n\n1. Think.\n\n## Explanation\n\nSo.\n\n## Tests\n\n- right: it is right\n"
        (root / "exercises" / _DAY / f"{slug}.en.md").write_text(text, encoding="utf-8")
        body = question.get("grader", question["test"].replace(f"{slug}(", f"submission.{slug}("))
        imports = "import numpy as np\nfrom course.grading import assert_close, assert_equal, graded\n"
        lines = "".join(f"    {line}\n" for line in body.splitlines())
        grader = f"{imports}\n\n@graded(points=1)\ndef test_right(submission):\n{lines}"
        (root / "graders" / _DAY / f"test_{slug}.py").write_text(grader, encoding="utf-8")


def _code(question: dict[str, Any], number: int) -> str:
    """Submission `number`'s code: six of ten all right, three of ten half wrong, one of ten hostile in one question."""
    right = str(question["solution"])
    place = int(question["place"])
    if number % 10 == 9 and place == number // 10 % 8:
        kind = number // 10 % len(_HOSTILE)
        return _HOSTILE[kind].format(name=question["slug"])
    return str(question["wrong"]) if number % 10 in (2, 5, 8) and place % 2 else right


class _Autograde:
    """An nbgrader course with these cells and one submission for each of the answers."""

    def __init__(
        self, course: Path, cells: list[tuple[str, str, str]], answers: list[dict[str, str]]
    ) -> None:
        self._course = course
        self._count = len(answers)
        course.mkdir()
        settings = "c = get_config()\nc.CourseDirectory.course_id = 'benchmark'\nc.Execute.timeout = 600\n"
        (course / "nbgrader_config.py").write_text(settings, encoding="utf-8")
        _write(course / "source" / _DAY, cells, {})
        _run([*_nbgrader(), "generate_assignment", _DAY, "--create"], course)
        for number, sources in enumerate(answers):
            _write(course / "submitted" / f"s{number}" / _DAY, cells, sources)

    def first(self) -> float:
        """Seconds of the whole command for one submission, its start included."""
        return _run([*_nbgrader(), "autograde", _DAY, "--student=s0", "--force"], self._course)

    def each(self) -> float:
        """Seconds a submission once nbgrader runs: a run over all but the first, less one over the first alone."""
        first = self.first()
        rest = _run(
            [*_nbgrader(), "autograde", _DAY, "--CourseDirectory.student_id_exclude=s0"], self._course
        )
        graded = len(list((self._course / "autograded").iterdir()))
        assert graded == self._count, graded
        return (rest - first) / (self._count - 2)


def _nbgrader() -> list[str]:
    return [sys.executable, "-m", "nbgrader"]


def _write(folder: Path, cells: list[tuple[str, str, str]], sources: dict[str, str]) -> None:
    made = nbformat.v4.new_notebook()
    for slug, solution, test in cells:
        for name, source, about in (
            (slug, sources.get(slug, solution).lstrip(), {"grade": False, "solution": True, "locked": False}),
            (f"{slug}-test", test, {"grade": True, "solution": False, "locked": True, "points": 1}),
        ):
            cell = nbformat.v4.new_code_cell(source)
            cell.metadata["nbgrader"] = {"grade_id": name, "schema_version": 3, "task": False, **about}
            made.cells.append(cell)
    folder.mkdir(parents=True)
    nbformat.write(made, folder / f"{_DAY}.ipynb")


def _run(command: list[str], folder: Path, **environment: str) -> float:
    """Run it; seconds."""
    environment = {
        **os.environ,
        "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
        **environment,
    }
    begin = time.perf_counter()
    subprocess.run(
        command, cwd=folder, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=True
    )
    return time.perf_counter() - begin


def _most_memory(run: Callable[[], float]) -> float:
    """The most megabytes of a run of its own: to count shared pages slows down what uses them."""
    with memory() as held:
        run()
    return max(held)


@contextlib.contextmanager
def memory(every: float = 0.5) -> Iterator[list[float]]:
    """The megabytes below this process, looked at every so many seconds, shared pages in proportion."""
    held = [0.0]
    ended = threading.Event()

    def watch() -> None:
        while not ended.wait(every):
            held.append(sum(map(_held, psutil.Process().children(recursive=True))))

    thread = threading.Thread(target=watch, daemon=True)
    thread.start()
    try:
        yield held
    finally:
        ended.set()
        thread.join()


def _held(process: psutil.Process) -> float:
    with contextlib.suppress(psutil.Error):
        return float(process.memory_full_info().pss) / 2**20
    return 0.0


@contextlib.contextmanager
def folder() -> Iterator[Path]:
    """A folder for one measurement."""
    with tempfile.TemporaryDirectory(prefix="classroom-") as name:
        yield Path(name)

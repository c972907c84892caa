"""What fails in a grader or in the machine is never a learner's result: tried again, then named, not kept, not 0 points."""

from __future__ import annotations

import errno
import io
import json
import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from course import checking
from course.checking import Graders, Task
from course.classroom import jobs
from course.content.catalog import catalog
from course.grading.launch import WorkerStartError, launcher
from course.learner.subject import Subject
from course.processes import zygotes
from course.worker.runtimes import RUNTIMES
from tests.conftest import solution
from tests.copied import SLUGS, Copy

pytestmark = pytest.mark.skipif(not zygotes.confined(), reason="workers are confined on Linux only")

GRADE = ("grade", "class", *(f"--day={slug}" for slug in SLUGS), "--jobs", "1")


@pytest.fixture
def copy(tmp_path: Path) -> Iterator[Copy]:
    made = Copy(tmp_path)
    yield made
    for folder in (made.root / "graders" / "day10", made.temporary):
        folder.chmod(0o755)


BROKEN = {
    "raises": "raise RuntimeError('a bug')\n",
    "leaves": "raise SystemExit(0)\n",
    "stops": "raise KeyboardInterrupt\n",
    "dies": "import os, signal; os.kill(os.getpid(), signal.SIGKILL)\n",
    "no memory": "raise MemoryError\n",
    "never ends": "while True: pass\n",
}


@pytest.mark.parametrize("kind", BROKEN)
def test_a_grader_that_fails_costs_its_own_exercise_alone_and_no_points(copy, kind):
    if kind == "never ends":
        process = copy.root / "course" / "grading" / "process.py"
        text = process.read_text(encoding="utf-8").replace(
            "_SPARE_SECONDS = 600.0", "_SPARE_SECONDS = -110.0"
        )
        process.write_text(text, encoding="utf-8")
    mend = copy.break_grader("lstm_gates", BROKEN[kind])
    said = copy(*GRADE, expect=1)
    assert "lstm_gates could not be graded" in said
    for row in copy.rows().values():
        assert row["rnn_forward"] == "10"
        assert row["lstm_gates"] == row["points"] == ""
        assert "lstm_gates could not be graded" in row["problems"]
    summary = (copy.folder / "grades" / "summary.html").read_text(encoding="utf-8")
    assert "lstm_gates could not be graded" in summary
    mend()
    copy(*GRADE, expect=0)
    assert {row["points"] for row in copy.rows().values()} == {"20"}


def test_a_check_says_what_failed_keeps_nothing_and_records_nothing(copy, tmp_path):
    mend = copy.break_grader("lstm_gates", BROKEN["raises"])
    copy("start", "own", expect=0)
    for slug in SLUGS:
        shutil.copy(catalog().exercise(slug).solution, copy.folder / "own" / "day10" / f"{slug}.py")
    copy.folder = copy.folder / "own"
    check = ("check", *SLUGS, "--json")
    first = json.loads(copy(*check, expect=1))
    found = {each["slug"]: each for each in first["exercises"]}
    assert found["lstm_gates"]["status"] == "ungraded"
    assert found["rnn_forward"]["status"] == "passed"
    told = copy("check", "lstm_gates", expect=1)
    assert "could not run" in told
    history = json.loads(copy("report", "--json", expect=0))
    assert [entry["exercise"] for entry in history["history"]] == ["rnn_forward"]
    mend()
    again = json.loads(copy(*check, expect=0))
    assert {each["slug"]: each["cached"] for each in again["exercises"]} == {
        "lstm_gates": False, "rnn_forward": True,
    }  # fmt: skip


def test_a_grader_that_fails_once_costs_nothing(copy):
    once = copy.folder / "once"
    once.touch()
    copy.break_grader(
        "lstm_gates",
        f"import os\nif os.path.exists({str(once)!r}):\n    os.unlink({str(once)!r})\n    os._exit(1)\n",
    )
    copy(*GRADE, expect=0)
    assert {row["points"] for row in copy.rows().values()} == {"20"}


def test_graders_that_cannot_be_read(copy):
    """As after an upload that closed their folder: nobody waits, nobody loses points, and it is over once it is mended."""
    (copy.root / "graders" / "day10").chmod(0)
    said = copy(*GRADE, expect=1)
    assert "could not be graded" in said
    assert {row["points"] for row in copy.rows().values()} == {""}
    copy("check", *SLUGS, "--submission", "class/kim", expect=1)
    (copy.root / "graders" / "day10").chmod(0o755)
    copy(*GRADE, expect=0)
    assert {row["points"] for row in copy.rows().values()} == {"20"}


CLOSED = """
import os, sys
from pathlib import Path
from course.content.catalog import catalog
from course.checking import Graders, Task
from course.learner.subject import Subject
tasks = [Task(Subject(catalog().exercise(s), s, catalog().exercise(s).solution.read_text()), 1) for s in sys.argv[2:]]
with Graders(1, ["numpy"]) as graders:
    [folder] = Path(os.environ["TMPDIR"]).glob("course-*")
    folder.chmod(0)
    if sys.argv[1] == "for good":
        folder.parent.chmod(0o500)
    for event in graders.run(tasks):
        if event.result is not None:
            print(event.result.status, event.result.points, event.result.tests[0].text())
"""


@pytest.mark.parametrize(("how", "status"), [("once", "passed 10"), ("for good", "ungraded 0")])
def test_scratch_folders_that_cannot_be_made(copy, how, status):
    """An upload that closes the folder of all scratch folders took the points of all who came after it."""
    script = copy.folder / "closed.py"
    script.write_text(CLOSED, encoding="utf-8")
    said = copy(how, *SLUGS, script=str(script), expect=0).splitlines()
    assert len([line for line in said if line.startswith(status)]) == len(SLUGS), said
    if how == "once":
        assert list(copy.temporary.iterdir()) == []


def full(*_: object, **__: object) -> str:
    raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


def test_a_full_disk_is_the_machine_s(monkeypatch, tmp_path):
    monkeypatch.setattr("tempfile.mkdtemp", full)
    with pytest.raises(WorkerStartError, match="No space left"):
        launcher(lambda _: None, tmp_path, strict=True).start(RUNTIMES["numpy"], 1.0)
    tasks = [Task(Subject(catalog().exercise(slug), slug, solution(slug)), 1) for slug in SLUGS]
    with Graders(1, ["numpy"]) as graders:
        alone = [event.result for event in graders.run(tasks)]
    pool = jobs.LocalPool(1, ["numpy"])
    try:
        of_a_class = pool.submit(tasks).result(timeout=60)
    finally:
        pool.close()
    for result in (*alone, *of_a_class):
        assert result is not None
        assert result.status == "ungraded"
        assert "No space left" in result.tests[0].text()


def test_half_a_line_of_a_grader_is_not_waited_for():
    """One that is killed in the midst of its answer."""
    subject = Subject(catalog().exercise("lstm_gates"), "lstm_gates.py", solution("lstm_gates"))
    with Graders(1, ["numpy"]) as graders:
        tasks, _ = graders._lines[0]
        graders._lines[0] = checking._Line(tasks, io.StringIO('{"event": "test", "slug": "lst'))
        [result] = [event.result for event in graders.run([Task(subject, 1)]) if event.result is not None]
    assert result.status == "passed"

"""`course watch` in a real terminal, small ones included: edited, broken, fixed; keys; ended in every way."""

from __future__ import annotations

import json
import os
import queue
import re
import shutil
import signal
import subprocess
import sys
import threading

import psutil
import pytest

from course.content import texts
from course.content.catalog import catalog
from course.learner.store import attempts, database
from course.processes import zygotes
from course.watch import files
from course.watch.state import State
from tests.conftest import solution
from tests.processes import running

if sys.platform == "win32":
    pytest.skip("needs a pseudo-terminal", allow_module_level=True)
pytest.importorskip("pexpect")
pytest.importorskip("pyte")
import termios

from tests.screens import Terminal

SLUG = "activations"
EXERCISE = catalog().exercise(SLUG)
AFTER = catalog().exercise("losses")
WRONG = solution(SLUG) + '\n\ndef softmax(z):\n    raise ValueError("apples")\n'
SIZES = [(80, 24), (60, 20)]
SAID = {
    "en": {"hint": "Hint {} of 3", "syntax": "not valid Python", "passed": f"{SLUG} passed", "keys": "q quit", "reset": "A backup is kept",
           "text": "A unit first forms", "more": "more lines", "missing": "does not exist"},
    "ko": {"hint": "힌트 {}/3", "syntax": "올바른 파이썬 코드가", "passed": f"{SLUG} 통과", "keys": "q 끝내기", "reset": "백업은",
           "text": "뉴런은 먼저 가중합을", "more": "더 있는 줄", "missing": "파일이 없습니다"},
}  # fmt: skip


@pytest.fixture
def work(tmp_path):
    folder = tmp_path / "work"
    subprocess.run([sys.executable, "-m", "course", "start", str(folder)], check=True, capture_output=True)
    return folder


@pytest.fixture
def watch(work):
    """Start watching, at an exercise; everything still running is ended."""
    started = []

    def run(name=SLUG, size=(80, 24), code="en"):
        terminal = Terminal("watch", name, folder=work, width=size[0], height=size[1], COURSE_LANG=code)
        started.append(terminal)
        return terminal.until(SAID[code]["keys"])

    yield run
    for terminal in started:
        terminal.child.close(force=True)


def save(work, text, slug=SLUG):
    """Save as many editors do: another file, put in place of the old one."""
    path = work / catalog().exercise(slug).day / f"{slug}.py"
    part = path.with_name(f".{slug}.swp")
    part.write_text(text, encoding="utf-8")
    part.replace(path)
    return path


def how():
    with database.opened() as connection:
        return [(a.exercise, a.how, a.status) for a in attempts.attempts(connection)]


@pytest.mark.parametrize("code", ["en", "ko"])
@pytest.mark.parametrize("size", SIZES)
def test_a_session(work, watch, size, code):
    words, text = SAID[code], texts.text(EXERCISE, code)
    terminal = watch(size=size, code=code)
    terminal.until(words["text"])  # nothing is written yet: what there is to do
    terminal.until(words["more"])
    screens = [list(terminal.rows)]

    def shown(said):
        terminal.until(said)
        screens.append(list(terminal.rows))

    save(work, WRONG)
    shown("apples")
    assert re.search(r"[1-9]\d*/11", terminal.rows[1])
    failed = text.tests["softmax"]
    assert "✗ " + failed[:20] in terminal.text
    assert "softmax(" in terminal.text  # what was called: the failure in full
    path = work / "day07" / f"{SLUG}.py"
    path.write_text("def sigmoid(x:\n", encoding="utf-8")
    shown(words["syntax"])
    terminal.press("h")
    shown(words["hint"].format(1))
    terminal.press("h" if code == "en" else "ㅗ")  # the same key while the keyboard writes Hangul
    shown(words["hint"].format(2))
    terminal.press("s")
    shown(words["text"])
    terminal.press("s")
    shown(words["syntax"])
    terminal.press("l")
    shown("› ! " + SLUG)
    path.write_text(solution(SLUG), encoding="utf-8")
    shown(words["passed"])
    assert AFTER.slug in terminal.rows[0]
    terminal.until("1/16")
    assert texts.text(AFTER, code).title in terminal.rows[0]
    terminal.press("n")
    shown("gradient_descent  ")
    terminal.press("q")
    assert terminal.end() == 0
    for rows in screens:
        assert any(slug in rows[0] for slug in (SLUG, AFTER.slug, "gradient_descent"))
        assert rows[-1].startswith("h ")
        assert words["keys"] in rows[-1]  # all on one line
        assert rows[-2].startswith("day07 ")
    assert {entry[0] for entry in how()} == {SLUG}
    assert {entry[1] for entry in how()} == {"watch"}
    assert [entry[2] for entry in how()] == ["failed", "error", "passed"]


def test_a_file_emptied_before_it_is_written_is_not_judged(tmp_path):
    """As many editors save; one that stays empty is what it is."""
    exercise = catalog().exercise(SLUG)
    path = tmp_path / f"{SLUG}.py"
    path.write_text("x = 1\n", encoding="utf-8")
    watched, stop, seen = files.Watched(tmp_path, [exercise]), threading.Event(), queue.SimpleQueue()

    def look():
        for change in watched.changes(stop):
            seen.put((change.exercises, path.read_text(encoding="utf-8")))

    looking = threading.Thread(target=look, daemon=True)
    looking.start()
    path.write_text("", encoding="utf-8")
    stop.wait(0.3)  # longer than a save is waited for, shorter than the next look
    path.write_text("x = 2\n", encoding="utf-8")
    assert seen.get(timeout=30) == ([exercise], "x = 2\n")
    path.write_text("", encoding="utf-8")
    assert seen.get(timeout=30) == ([exercise], "")
    stop.set()
    looking.join(timeout=30)


def test_files_that_come_and_go(work, watch):
    terminal = watch().until("A unit first")
    path = work / "day07" / f"{SLUG}.py"
    path.unlink()
    terminal.until("does not exist").until("r puts the stub back")
    save(work, WRONG)
    terminal.until("apples")
    shutil.move(work / "day07", work / "elsewhere")
    terminal.until("does not exist")
    shutil.move(work / "elsewhere", work / "day07")
    terminal.until("apples")
    save(work, WRONG.replace("apples", "pears"))
    terminal.until("pears")
    path.write_bytes(b"\xff\xfe\x00 not text")
    terminal.until("UTF-8")
    save(work, solution("losses"), "losses")  # another exercise: that is what is worked at now
    terminal.until("losses passed")
    assert terminal.press("q").end() == 0
    assert how()[-1] == ("losses", "watch", "passed")


def notebook(*sources):
    made = [{"cell_type": "code", "id": f"c{n}", "metadata": {}, "execution_count": None, "outputs": [], "source": source}
            for n, source in enumerate(sources)]  # fmt: skip
    return json.dumps({"cells": made, "metadata": {}, "nbformat": 4, "nbformat_minor": 5})


def test_a_notebook_of_a_whole_day(work, watch):
    """Saved, of all the exercises in it those are graded that were rewritten."""
    first, other = solution(SLUG), solution("losses")
    path = work / "day07.ipynb"
    path.write_text(
        notebook(first + "\n\ndef softmax(z):\n    raise ValueError('apples')\n", "x = 1"), encoding="utf-8"
    )
    terminal = watch().until("day07.ipynb").until("apples")
    path.write_text(
        notebook(first + "\n\ndef softmax(z):\n    raise ValueError('pears')\n", "x = 2"), encoding="utf-8"
    )
    terminal.until("pears")
    terminal.press("r").until("is a notebook")
    assert "pears" in path.read_text(encoding="utf-8")
    path.write_text(notebook(first, "x = 2"), encoding="utf-8")
    terminal.until("activations passed")
    path.write_text(notebook(first, other, "x = 2"), encoding="utf-8")
    terminal.until("losses passed")
    assert terminal.press("q").end() == 0
    assert [entry[0] for entry in how()] == [SLUG] * 3 + ["losses"]


def test_resized(work, watch):
    terminal = watch()
    save(work, WRONG)
    terminal.until("apples")
    for width, height in ((30, 8), (20, 6), (120, 50), (60, 20)):
        terminal.resize(width, height)
        terminal.until(lambda t: t.rows[0].startswith("✗ activations") and "q" in t.rows[-1])
        assert len(terminal.rows) == height
    terminal.press("s").until("A unit first").press(" ").until(lambda t: "A unit first" not in t.text)
    terminal.press("\x1b[5~").until("A unit first")
    terminal.press("q")
    assert terminal.end() == 0


def test_reset_asks(work, watch):
    terminal = watch()
    path = save(work, WRONG)
    terminal.until("apples").press("r").until("A backup is kept").press("n").until("apples")
    assert path.read_text(encoding="utf-8") == WRONG
    terminal.press("r").until("A backup is kept").press("y").until("A unit first").until(
        "Your file is kept as"
    )
    assert path.read_text(encoding="utf-8") == EXERCISE.stub.read_text(encoding="utf-8")
    [backup] = (work / ".course" / "backups").iterdir()
    assert backup.read_text(encoding="utf-8") == WRONG


def test_a_loop_without_end_is_given_up_once_saved_anew(work, watch):
    terminal = watch().until("A unit first")
    save(work, solution(SLUG) + "\n\nwhile True:\n    pass\n")
    terminal.until("grading")
    save(work, solution(SLUG))
    terminal.until("activations passed")
    assert terminal.press("q").end() == 0
    assert how() == [(SLUG, "watch", "passed")]


def test_the_next_begins_at_the_first_not_passed(work, watch):
    save(work, solution("perceptron"), "perceptron")
    subprocess.run(
        [sys.executable, "-m", "course", "check", "perceptron"], cwd=work, check=True, capture_output=True
    )
    terminal = watch("day07")
    terminal.until(lambda t: t.rows[0].startswith("· mlp") and "1/16" in t.text)
    terminal.press("l").press("k").press("\r").until(lambda t: t.rows[0].startswith("✓ perceptron"))


def test_a_store_that_is_locked_is_a_note(work, watch):
    terminal = watch().until("A unit first")
    with database.opened() as connection:
        connection.execute("BEGIN IMMEDIATE")
        save(work, solution(SLUG))
        terminal.until("activations passed").until("cannot be used")
        connection.execute("ROLLBACK")


def given_back(terminal, before):
    terminal.read_all()
    after = termios.tcgetattr(terminal.child.child_fd)
    assert after[3] & (termios.ICANON | termios.ECHO) == before[3] & (termios.ICANON | termios.ECHO)
    assert terminal.raw.rindex("\x1b[?1049l") > terminal.raw.rindex("\x1b[?1049h")
    assert terminal.raw.rindex("\x1b[?25h") > terminal.raw.rindex("\x1b[?25l")


@pytest.fixture
def before(work):
    """How a terminal is set when nobody has taken it over."""
    terminal = Terminal("list", folder=work, width=80, height=24)
    found = termios.tcgetattr(terminal.child.child_fd)
    terminal.end()
    return found


@pytest.mark.parametrize(
    ("end", "status"), [("\x03", 0), (signal.SIGTERM, 143), (signal.SIGHUP, 129), ("q", 0)]
)
def test_the_terminal_is_given_back(watch, before, end, status):
    if not isinstance(end, str) and signal.getsignal(end) is signal.SIG_IGN:
        pytest.skip("whoever started the tests has it ignored, as nohup does")
    terminal = watch()
    assert not termios.tcgetattr(terminal.child.child_fd)[3] & termios.ICANON
    if isinstance(end, str):
        terminal.press(end)
    else:
        os.kill(terminal.child.pid, end)
    given_back(terminal, before)
    assert "Traceback" not in terminal.raw
    assert terminal.end() == status


def test_the_terminal_is_given_back_by_a_defect(work, before):
    """Wherever it is: here while a result is shown."""
    first = "import course.watch.state as s\ndef graded(*a, **k): raise RuntimeError('apples')\ns.State.graded = graded"
    terminal = Terminal("watch", SLUG, folder=work, width=80, height=24, first=first)
    given_back(terminal, before)
    assert terminal.raw.index("\x1b[?1049l") < terminal.raw.index("RuntimeError: apples")
    assert terminal.end() == 1


def test_nothing_is_left_running(work, watch):
    terminal = watch()
    save(work, WRONG)
    terminal.until("apples")
    children = psutil.Process(terminal.child.pid).children(recursive=True)
    assert len(children) >= (2 if zygotes.forks() else 1)  # a grader and, where there is one, a zygote
    terminal.press("q")
    assert terminal.end() == 0
    assert not any(map(running, children))


def test_without_a_terminal_a_line_an_event(work):
    with subprocess.Popen([sys.executable, "-m", "course", "watch", SLUG], cwd=work, stdout=subprocess.PIPE,
                          stdin=subprocess.DEVNULL, text=True, env={**os.environ, "COURSE_LANG": "en"}) as process:  # fmt: skip
        said = [process.stdout.readline() for _ in range(2)]
        save(work, WRONG)
        said.append(process.stdout.readline())
        save(work, solution(SLUG))
        said.append(process.stdout.readline())
        process.terminate()
        assert process.wait(timeout=30) == 143
    assert all(re.match(r"\d\d:\d\d:\d\d \S", line) for line in said)
    assert re.search(r"activations 0/11 to do", said[1])
    assert re.search(r"activations \d+/11 not yet right · .*softmax\(", said[2])
    assert re.search(r"activations 11/11 passed", said[3])
    assert "\x1b" not in "".join(said)


def test_keys_that_mean_nothing_change_nothing():
    state = State(list(catalog()), EXERCISE)
    for key in ("x", "1", "é", "e", "y", "\x00", "escape"):
        assert state.press(key) is None
        assert (state.view, state.current) == ("result", EXERCISE)


def test_next_goes_round():
    exercises = list(catalog())
    state = State(exercises, exercises[-1], passed={exercises[0].slug})
    assert state.following() is exercises[1]
    state.passed = {exercise.slug for exercise in exercises}
    assert state.following() is None
    assert state.press("n") is None
    assert state.complete

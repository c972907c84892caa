"""A quiz in a real terminal: keys only, both languages, interrupted and gone on with, and out of time."""

from __future__ import annotations

import json
import os
import re
import sys
from pathlib import Path

import pytest

from course.learner.store import database, quizzes
from course.quizzes import wording
from tests import quiz_bank

if sys.platform == "win32":
    pytest.skip("needs a pseudo-terminal", allow_module_level=True)
pexpect = pytest.importorskip("pexpect")

PROJECT = Path(__file__).parents[1]
DRIVER = """
import os, sys
os.environ["COURSE_COURSE"] = sys.argv.pop(1)
from course.cli import main
main()
"""
SAID = {
    "en": {
        "prompt": "(Your choice, 1 to|All right ones|A number|A word or two|All numbers in order).*: $",
        "right": "✓ Right",
        "wrong": "✗ Not right",
        "none": "No answer",
        "kept": "Your answers are kept. To go on: course quiz day10",
        "on": r"Going on where you stopped: 3 answered",
        "score": r"6 of 8 questions right: 75%",
        "time": "Time is up.",
        "full": "1 of 1 questions right: 100%",
        "sure": "4 easy: ",
    },
    "ko": {
        "prompt": "(번호 선택|맞는 것을 모두|숫자|글자마다|짧은 낱말|모든 번호를).*: $",
        "right": "✓ 맞았습니다",
        "wrong": "✗ 틀렸습니다",
        "none": "답하지 않음",
        "kept": "답을 저장했습니다. 이어서 풀기: course quiz day10",
        "on": "이미 답한 문제: 3개",
        "score": "8문제 중 6문제 맞음: 75%",
        "time": "시간이 다 되었습니다.",
        "full": "1문제 중 1문제 맞음: 100%",
        "sure": "4 쉬움: ",
    },
}


@pytest.fixture(autouse=True)
def the_same_course(root, monkeypatch):
    """The test looks into the store of the terminal's course."""
    monkeypatch.setenv("COURSE_COURSE", str(root))


def start(root, code, *arguments):
    return pexpect.spawn(
        sys.executable,
        ["-c", DRIVER, str(root), *arguments],
        env={**os.environ, "COURSE_LANG": code, "PYTHONIOENCODING": "utf-8", "TERM": "xterm"},
        cwd=str(PROJECT),
        dimensions=(40, 90),
        encoding="utf-8",
        timeout=60,
    )


def plain(text):
    """What was printed, without colours, spaces and line ends as they happen to fall."""
    return " ".join(re.sub(r"\x1b\[[0-9;?]*[A-Za-z]", "", text).split())


def typed(answer):
    if isinstance(answer, bool):
        return "1" if answer else "2"
    return " ".join(str(part) for part in answer) if isinstance(answer, list) else str(answer)


def wait(terminal, said):
    terminal.expect(said)
    return plain(terminal.before + terminal.after)


def current():
    with database.opened() as connection:
        session = quizzes.sessions(connection)[-1]
        return quizzes.entries(connection, session.id)


@pytest.mark.parametrize("code", ["en", "ko"])
def test_interrupted_and_gone_on_with(root, code):
    words = SAID[code]
    shown = []
    terminal = start(root, code, "quiz", "day10", "--seed", "4")
    shown.append(wait(terminal, words["prompt"]))
    entries = current()
    terminal.sendline("")  # an empty line, or one that is no answer, is asked again
    wait(terminal, words["prompt"])
    for entry in entries[:3]:
        terminal.sendline(typed(entry.asked.key))
        feedback = wait(terminal, words["prompt"])
        assert words["right"] in feedback
        shown.append(feedback)
    terminal.sendintr()
    assert words["kept"] in plain(terminal.read())
    terminal.close()
    assert terminal.exitstatus == 1
    assert [entry.given is not None for entry in current()] == [True] * 3 + [False] * 5

    terminal = start(root, code, "quiz", "day10")
    again = wait(terminal, words["prompt"])
    assert re.search(words["on"], again)
    rest = []
    for number, entry in enumerate(entries[3:]):
        wrong = quiz_bank.wrong_answers(entry.asked)[0]
        terminal.sendline(["?", typed(wrong), *[typed(entry.asked.key)] * 3][number])
        feedback = wait(terminal, words["score"] if number == 4 else words["prompt"])
        assert words[["none", "wrong", "right", "right", "right"][number]] in feedback
        if number < 2:
            assert all(
                plain(line) in feedback for line in wording.key_lines(entry.asked, code) if "`" not in line
            )
        rest.append(feedback)
    terminal.expect(pexpect.EOF)
    terminal.close()
    assert terminal.exitstatus == 1
    assert all(entry.given for entry in current())
    # Every question was put once in all: the one it was stopped at stood on both screens, unanswered.
    texts = [entry.asked.text[code] for entry in entries]
    screens = [" ".join(shown[:3]), again + " ".join(rest)]
    for text in texts[:3]:
        assert plain(text) not in screens[1]
    assert sum(screen.count(f"{n}/8 ·") for screen in screens for n in range(1, 9)) == 8


@pytest.mark.parametrize("code", ["en", "ko"])
def test_an_exam_out_of_time(root, code):
    words = SAID[code]
    terminal = start(root, code, "quiz", "day10", "--exam", "--minutes", "0.08", "--seed", "4")
    first = wait(terminal, words["prompt"])
    assert re.search(r"0:0\d", first)
    terminal.sendline(typed(current()[0].asked.key))
    second = wait(terminal, words["prompt"])
    assert words["right"] not in second
    assert words["time"] in wait(terminal, "12.?%|13%")
    terminal.expect(pexpect.EOF)
    terminal.close()
    assert [entry.given is not None for entry in current()] == [True] + [False] * 7


@pytest.mark.parametrize("code", ["en", "ko"])
def test_reviewing_takes_one_key(root, code, monkeypatch):
    words = SAID[code]
    terminal = start(root, code, "quiz", "rnn_true")
    wait(terminal, words["prompt"])
    terminal.sendline("1")
    wait(terminal, words["full"])
    terminal.expect(pexpect.EOF)
    terminal.close()
    assert terminal.exitstatus == 0
    with database.opened() as connection:
        connection.execute("UPDATE review_card SET due = '2020-01-01'")
    terminal = start(root, code, "review")
    wait(terminal, words["prompt"])
    terminal.sendline("1")
    wait(terminal, words["sure"])
    terminal.send("4")
    said = wait(terminal, words["full"])
    assert words["right"] in said
    terminal.expect(pexpect.EOF)
    terminal.close()
    assert terminal.exitstatus == 0
    [entry] = current()
    assert entry.given.rating == 4


def test_the_json_of_a_session_begun_in_a_terminal(root):
    terminal = start(root, "en", "quiz", "day10", "--seed", "4")
    wait(terminal, SAID["en"]["prompt"])
    terminal.sendeof()
    terminal.expect(pexpect.EOF)
    terminal.close()
    assert terminal.exitstatus == 1
    terminal = start(root, "en", "quiz", "day10", "--json")
    data = json.loads(terminal.read())
    assert data["seed"] == 4
    assert data["answered"] == 0

"""The Tab key: asked as a shell asks, and in a real bash."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from click.shell_completion import ShellComplete

from course.cli.tree import course


def offered(*words: str) -> dict[str, str | None]:
    """What is offered for the last word, and its titles."""
    completing = ShellComplete(course, {}, "course", "_COURSE_COMPLETE")
    return {item.value: item.help for item in completing.get_completions(list(words[:-1]), words[-1])}


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (["check", "lstm"], {"lstm_gates", "lstm_model"}),
        (["check", "activations", "day1"], {"day10", "day11"}),
        (["watch", "gru_m"], {"gru_model"}),
        (["show", "lstm_g"], {"lstm_gates"}),
        (["show", "day"], set()),
        (["hint", "lstm_g"], {"lstm_gates"}),
        (["quiz", "ls"], {"lstm"}),
        (["quiz", "day0"], {"day07", "day08", "day09"}),
        (["grade", "class", "--day", "lstm_g"], {"lstm_gates"}),
        (["similarity", "class", "--day", "day11"], {"day11"}),
        (["nbgrader", "build", "day11"], {"day11"}),
        (["export", "quiz", "day11"], {"day11"}),
        (["dev", "check", "lstm_g"], {"lstm_gates"}),
        (["dev", "new", "mine", "--day", "day11"], {"day11"}),
        (["check", "nothing"], set()),
    ],
    ids=lambda value: " ".join(sorted(value) if isinstance(value, set) else value),
)
def test_names(words, expected):
    assert set(offered(*words)) == expected


@pytest.mark.parametrize(("code", "title"), [("en", "LSTM gates"), ("ko", "LSTM 게이트")])
def test_a_shell_that_shows_titles(code, title):
    asked = {"_COURSE_COMPLETE": "zsh_complete", "COMP_WORDS": "course show lstm_g", "COMP_CWORD": "2"}
    done = subprocess.run(
        [sys.executable, "-m", "course"],
        env={**os.environ, **asked, "COURSE_LANG": code},
        capture_output=True,
        encoding="utf-8",
        check=True,
    )
    assert done.stdout.splitlines() == ["plain", "lstm_gates", title]
    assert done.stderr == ""


def test_a_real_bash(content):
    """The README's line, then keys: a command, an exercise, a topic."""
    pexpect = pytest.importorskip("pexpect", reason="pexpect is not installed here")
    bash = shutil.which("bash")
    if bash is None:
        pytest.skip("bash is not installed")
    [line] = re.findall(
        r"`(eval [^`]*bash_source[^`]*)`", (content / "README.md").read_text(encoding="utf-8")
    )
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    shell = pexpect.spawn(
        bash,
        ["--norc", "--noprofile", "-i"],
        env={**os.environ, "PATH": path, "PS1": "ready> ", "TERM": "dumb"},
        encoding="utf-8",
        timeout=30,
        dimensions=(24, 200),
    )
    shell.expect_exact("ready> ")
    shell.sendline(line)
    shell.expect_exact("ready> ")
    for typed, completed in [
        ("course che", "course check "),
        ("course check lstm_g", "course check lstm_gates "),
        ("course quiz time_s", "course quiz time_series "),
    ]:
        shell.send(f"{typed}\t")
        shell.expect_exact(completed)
        shell.sendcontrol("u")
    shell.close(force=True)

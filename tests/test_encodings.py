"""Every command into pipes and terminals of other encodings: what one lacks becomes readable, nothing stops a command."""

from __future__ import annotations

import contextlib
import json
import os
import re
import subprocess
import sys
from pathlib import Path

import click
import pytest

from course.cli.tree import course
from course.content.catalog import catalog
from course.terminal import streams
from tests.commands import children
from tests.conftest import solution

# Every command, so that one that is added is tried too; what it is called with, and the exit status then.
CALLS: dict[str, list[list[str]]] = {
    "": [[]],
    "start": [["start", "work"]],
    "list": [["list"], ["list", "--json"]],
    "show": [
        *(["show", day.exercises[-1].slug] for day in catalog().days),
        ["show", "lstm_gates", "--json"],
    ],
    "check": [["check", "activations", "perceptron"], ["check", "activations", "perceptron", "--json"]],
    "watch": [["watch", "nothing_like_it"]],
    "hint": [["hint", "activations"], ["hint", "activations", "--json"]],
    "solution": [["solution", "lstm_gates", "--force"]],
    "diff": [["diff", "activations"]],
    "update": [["update", "--dry-run"], ["update"]],
    "reset": [["reset", "perceptron", "--yes"]],
    "next": [["next"], ["next", "--json"]],
    "status": [["status"], ["status", "--json"]],
    "quiz": [
        ["quiz", "day10"],
        ["quiz", "--list"],
        ["quiz", "--list", "--json"],
        ["quiz", "day07", "--json"],
    ],
    "review": [["review"], ["review", "--list"], ["review", "--json"]],
    "progress export": [["progress", "export", "-"]],
    "progress import": [["progress", "import", "nothing.json"]],
    "report": [["report", "--json"], ["report", "--csv"], ["report", "--yes"]],
    "doctor": [["doctor"], ["doctor", "--json"]],
    "keep": [["keep"], ["keep", "--json"]],
    "serve": [["serve", "--help"]],
    "data": [["data"], ["data", "--json"], ["data", "airline"], ["data", "airline", "--json"]],
    "grade": [["grade", "submitted", "--day", "day07"]],
    "similarity": [["similarity", "submitted"]],
    "term new": [["term", "new", "own_term"]],
    "term": [["term"], ["term", "--term", "own_term/term.toml"]],
    "mark": [["mark"]],
    "nbgrader init": [["nbgrader", "init", "class"]],
    "nbgrader build": [["nbgrader", "build", "--help"]],
    "export quiz": [["export", "quiz", "day10", "--to", "csv"]],
    "export grades": [["export", "grades", "--to", "canvas"]],
    "glossary": [["glossary"], ["glossary", "--json"]],
    "courses": [["courses"], ["courses", "--json"]],
    "new": [["new", "own"]],
    "dev new": [["dev", "new", "--help"]],
    "dev build": [["dev", "build", "--help"]],
    "dev check": [["dev", "check", "--help"]],
}

# One process imports the program and forks for every command: a start of Python each would take minutes.
RUNNER = """
import json, os, sys
import course.checking, course.cli, rich.console
from course.cli import main
for number, arguments in enumerate(json.load(open(sys.argv[1]))):
    if (child := os.fork()) == 0:
        if arguments and arguments[0] != "start" and os.path.isdir("work"):
            os.chdir("work")
        out = os.open(f"{sys.argv[2]}/{number}", os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        if sys.argv[3] == "pipe":
            os.dup2(out, 1)
        os.dup2(out, 2)
        sys.argv = ["course", *arguments]
        try:
            main()
        finally:
            sys.stdout.flush()
    os.waitpid(child, 0)
"""


def leaves(command: click.Command, name: str = "") -> list[str]:
    if not isinstance(command, click.Group):
        return [name]
    found = [
        leaf for each, child in children(command).items() for leaf in leaves(child, f"{name} {each}".strip())
    ]
    return [*found, *([name] if command.invoke_without_command else [])]


def test_every_command_is_tried():
    assert sorted(leaves(course)) == sorted(CALLS)


def prepared(folder: Path) -> Path:
    """A workspace with a solved exercise, a wrong one and one whose error is in Korean."""
    work = folder / "work" / "day07"
    work.mkdir(parents=True)
    (folder / "work" / "course.toml").write_text("version = 1\n", encoding="utf-8")
    (work / "activations.py").write_text(solution("activations"), encoding="utf-8")
    (work / "perceptron.py").write_text(
        "def step(z):\n    raise ValueError('값이 틀렸습니다 ✗ \\ud800')\n", encoding="utf-8"
    )
    (folder / "work" / "submitted").mkdir()
    return folder


def run(
    folder: Path, encoding: str, language: str, calls: list[list[str]], where: str = "pipe"
) -> list[bytes]:
    outputs = folder / f"out-{encoding}-{language}-{where}"
    outputs.mkdir()
    asked = folder / "calls.json"
    asked.write_text(json.dumps(calls), encoding="utf-8")
    environment = {**os.environ, "PYTHONIOENCODING": encoding, "COURSE_LANG": language, "COLUMNS": "80"}
    words = [sys.executable, "-P", "-c", RUNNER, str(asked), str(outputs), where]
    if where == "pipe":
        subprocess.run(words, cwd=folder, env=environment, check=True, stdin=subprocess.DEVNULL)
    else:
        import pexpect

        terminal = pexpect.spawn(
            words[0], words[1:], cwd=str(folder), env=environment, timeout=120, dimensions=(24, 80)
        )
        terminal.expect(pexpect.EOF)
        terminal.close()
        (outputs / "terminal").write_bytes(terminal.before)
    return [
        path.read_bytes() for path in sorted(outputs.iterdir(), key=lambda path: (len(path.name), path.name))
    ]


@pytest.mark.skipif(not hasattr(os, "fork"), reason="the commands are forked from one process")
@pytest.mark.parametrize("encoding", ["cp949", "ascii"])
def test_every_command_into_a_pipe(encoding, tmp_path):
    calls = [arguments for each in CALLS.values() for arguments in each]
    printed = run(prepared(tmp_path), encoding, "ko", calls)
    assert len(printed) == len(calls)
    for arguments, data in zip(calls, printed, strict=True):
        # An export is a file of its own format in UTF-8, only the notes beside it are text of this encoding.
        text = data.decode(encoding, "replace" if arguments[:2] == ["export", "quiz"] else "strict")
        assert data, arguments
        assert not re.search(r"Traceback|UnicodeEncodeError|codec can't", text), (arguments, text[-2000:])
        if "--json" in arguments:
            json.loads(text)
            assert text.isascii()


@pytest.mark.skipif(sys.platform == "win32", reason="a terminal of Unix")
@pytest.mark.parametrize("encoding", ["cp949", "cp1252"])
def test_a_terminal_of_another_encoding(encoding, tmp_path):
    calls = [["list"], ["show", "lstm_gates"], ["check", "activations", "perceptron"], ["status"]]
    *_, shown = run(prepared(tmp_path), encoding, "ko", calls, "terminal")
    text = shown.decode(encoding)
    assert "Traceback" not in text
    assert "perceptron" in text
    assert ("hwalseonghwa" in text) is (encoding != "cp949")
    assert ("활성화" in text) is (encoding == "cp949")


@pytest.mark.parametrize(
    ("text", "plain"),
    [("✓ 한국어", "+ hangukeo"), ("Σ xᵢ² ≤ ½", "Sigma x_i^2 <= 1/2"), ("σ(ŷ) → é", "sigma(y) -> e"), ("┌─┐│", "+-+|"), ("∑·漢", "sum.?")],
)  # fmt: skip
def test_what_stands_for_a_character(text, plain):
    assert "".join(each if each.isascii() else streams.stand_in(each) for each in text) == plain


def test_every_character_of_the_texts_has_a_stand_in():
    lost = {}
    for path in [
        *catalog().root.glob("exercises/**/*.md"),
        *Path(streams.__file__).parents[1].glob("locale/**/*.po"),
    ]:
        for character in set(path.read_text(encoding="utf-8")):
            if not character.isascii() and streams.stand_in(character) == "?":
                lost[character] = path.name
    assert not lost


ACTING = "a\x1b]0;title\x07b\u202egnp.exe\x9b31mc\x08d\x00e\rf"


@pytest.mark.parametrize("terminal", [False, True], ids=["pipe", "terminal"])
def test_a_terminal_does_not_act_on_what_it_is_shown(tmp_path, terminal):
    """A folder's name, as an example of text from anywhere."""
    if terminal and not hasattr(os, "openpty"):
        pytest.skip("no pseudo-terminals here")
    code = "import sys; from course.terminal import streams; streams.settle(); import click; click.echo(sys.argv[1]); print(sys.argv[1])"
    shown = ACTING.replace("\0", "")  # no argument can hold it
    near, far = os.openpty() if terminal else os.pipe()
    done = subprocess.run([sys.executable, "-c", code, shown], stdout=far, check=True)
    assert done.returncode == 0
    os.close(far)
    said = b""
    with contextlib.suppress(OSError), os.fdopen(near, "rb", buffering=0) as end:
        while part := end.read(4096):
            said += part
    text = said.decode("utf-8").replace("\r\n", "\n")
    assert text.count("\\u202egnp.exe\\x9b31mc\\x08d") == 2
    assert not re.search("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202e]", text.replace("\r", "") if terminal else text)

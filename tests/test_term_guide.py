"""The guide's term: its commands, in the order they are written, in both languages."""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

from course.content.catalog import CONTENT
from course.processes import zygotes
from course.term import read
from tests.conftest import solution

pytestmark = [
    pytest.mark.skipif(not zygotes.confined(), reason="workers are confined on Linux only"),
    pytest.mark.skipif(not (CONTENT / "docs").is_dir(), reason="the guides are part of a checkout"),
]
GUIDES = {
    "en": ("instructor.md", "## A term in one file"),
    "ko": ("instructor.ko.md", "## 한 학기를 한 파일에"),
}


def section(code: str) -> str:
    name, heading = GUIDES[code]
    text = (CONTENT / "docs" / name).read_text(encoding="utf-8")
    return text[text.index(heading) :].split("\n## ", 1)[0]


def commands(code: str) -> list[str]:
    blocks = re.findall(r"```console\n(.*?)```", section(code), flags=re.DOTALL)
    return [line[2:] for block in blocks for line in block.splitlines() if line.startswith("$ ")]


def test_both_guides_have_the_same_commands():
    assert commands("en") == commands("ko")
    assert len(commands("en")) >= 8


@pytest.mark.parametrize("code", sorted(GUIDES))
def test_the_guide_s_commands_run_as_they_stand(tmp_path: Path, code: str):
    (tmp_path / "students.csv").write_text("id,name\nkim,Kim\nlee,Lee\n", encoding="utf-8")
    [example] = re.findall(r"```toml\n(.*?)```", section(code), flags=re.DOTALL)
    handed_in = tmp_path / "class" / "kim" / "week1"
    handed_in.mkdir(parents=True)
    (handed_in / "one_hot.py").write_text(solution("one_hot"), encoding="utf-8")
    (handed_in / "timestamp.txt").write_text("2026-12-20 10:00:00 UTC")
    for command in commands(code):
        words = shlex.split(command)
        if command == "course term":  # the new file is changed to the guide's own example
            assert read.read(tmp_path / "term.toml").assignments[0].name == "day07"
            text = f'time_zone = "Asia/Seoul"\nlanguage = "{code}"\nroster = "students.csv"\n\n{example}'
            (tmp_path / "term.toml").write_text(text, encoding="utf-8")
        done = subprocess.run(
            [sys.executable, "-m", *words],
            cwd=tmp_path,
            env={**os.environ, "COURSE_LANG": code, "COLUMNS": "100"},
            capture_output=True,
            text=True,
            encoding="utf-8",
            check=False,
        )
        assert done.returncode == 0, (command, done.stdout, done.stderr)
    page = (tmp_path / "grades" / "week1" / "feedback" / "kim.html").read_text(encoding="utf-8")
    assert f'lang="{code}"' in page
    assert "Explained at the blackboard" in page

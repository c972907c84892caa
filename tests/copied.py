"""A copy of the program that a test may break."""

from __future__ import annotations

import csv
import io
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

from course.content.catalog import CONTENT, PACKAGE
from tests import ordinary
from tests.conftest import solution

SLUGS = ("lstm_gates", "rnn_forward")


class Copy:
    """A copy of the program and the day's content that a test may break, used with an ordinary user's rights."""

    def __init__(self, root: Path) -> None:
        self.root = root / "program"
        shutil.copytree(
            PACKAGE, self.root / "course", ignore=shutil.ignore_patterns("__pycache__", "bundled")
        )
        for folder in ("exercises", "solutions", "graders"):
            shutil.copytree(
                CONTENT / folder, self.root / folder, ignore=shutil.ignore_patterns("__pycache__")
            )
        self.folder = root / "work"
        for student in ("kim", "lee"):
            for slug in SLUGS:
                path = self.folder / "class" / student / "day10" / f"{slug}.py"
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_text(solution(slug), encoding="utf-8")
        self.temporary = root / "temporary"
        self.temporary.mkdir()

    def __call__(self, *arguments: str, expect: int, script: str = "-m") -> str:
        done = subprocess.run(
            [sys.executable, script, *(("course",) if script == "-m" else ()), *arguments],
            check=False,
            cwd=self.folder,
            env={
                **os.environ,
                "PYTHONPATH": str(self.root),
                "COURSE_LANG": "en",
                "TMPDIR": str(self.temporary),
            },
            preexec_fn=ordinary.rights(),
            capture_output=True,
            text=True,
            timeout=300,
        )
        assert done.returncode == expect, done.stdout + done.stderr
        assert "Traceback" not in done.stdout + done.stderr
        return done.stdout + done.stderr

    def rows(self) -> dict[str, dict[str, str]]:
        text = (self.folder / "grades" / "grades.csv").read_text(encoding="utf-8-sig")
        return {row["student"]: row for row in csv.DictReader(io.StringIO(text))}

    def grader(self, slug: str) -> Path:
        return self.root / "graders" / "day10" / f"test_{slug}.py"

    def break_grader(self, slug: str, beginning: str) -> Callable[[], None]:
        """Put a line at its beginning; gives what mends it."""
        before = self.grader(slug).read_text(encoding="utf-8")
        docstring, code = before.split("\n\n", 1)
        self.grader(slug).write_text(f"{docstring}\n\n{beginning}\n{code}", encoding="utf-8")
        return lambda: self.grader(slug).write_text(before, encoding="utf-8") and None

"""What only Windows and macOS run, driven on whatever system this is."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest

from course import language
from course.content.catalog import CONTENT
from course.system import installation, shell
from course.terminal import ask


@pytest.mark.parametrize(
    ("identifier", "code"), [(0x0412, "ko"), (0x0409, "en"), (0x0411, "ja"), (0xFFFF, "")]
)
def test_the_language_of_windows(identifier, code):
    assert language.of_windows(identifier) == code


@pytest.mark.parametrize(
    ("listed", "code"), [('(\n    "ko-KR",\n    "en-KR"\n)\n', "ko"), ("(\n    en\n)", "en"), ("", "")]
)
def test_the_language_of_a_mac(listed, code):
    assert language.of_mac(listed) == code


def test_commands_in_the_form_of_the_shell(monkeypatch):
    monkeypatch.setattr(shell, "WINDOWS", True)
    assert shell.inside("my course", "course").split("\n") == ["", '    cd "my course"', "    course"]
    monkeypatch.setattr(shell, "WINDOWS", False)
    assert shell.inside(".", "course") == "course"
    assert shell.inside("it's mine", "course") == "cd 'it'\"'\"'s mine' && course"


def keyboard(keys: str):
    left = list(keys)
    return lambda: bool(left), lambda: left.pop(0)


def test_a_line_is_typed_key_by_key(capsys):
    assert ask.typed(timedelta(seconds=60), *keyboard("ab\b\xe0Hc\r")) == "ac"
    assert capsys.readouterr().out == "ab\b \bc\n"


def test_an_exam_ends_in_time_while_nobody_types():
    with pytest.raises(ask.TimeUp):
        ask.typed(timedelta(seconds=0.1), *keyboard("half an ans"))


@pytest.mark.parametrize(("prefix", "begins"), [
    ("/home/a/.local/share/pipx/venvs/deep-learning-course", "pipx inject deep-learning-course"),
    ("/home/a/.local/share/uv/tools/deep-learning-course", "uv pip install --python"),
])  # fmt: skip
def test_libraries_are_installed_as_the_program_was(prefix, begins, monkeypatch):
    monkeypatch.setattr("sys.prefix", prefix)
    command = installation.command_for("web")
    assert command.startswith(begins)
    assert "starlette" in command
    assert "uvicorn" in command
    assert "deep-learning-course[" not in command


@pytest.mark.skipif(not (CONTENT / ".github").is_dir(), reason="workflows belong to a checkout")
def test_the_workflows_run_what_the_readme_says():
    yaml = pytest.importorskip("yaml")
    told = re.findall(
        r"```sh\n(python3 -m venv .*)\n```", (CONTENT / "README.md").read_text(encoding="utf-8")
    )
    assert len(told) == 2
    folder = CONTENT / ".github" / "workflows"
    jobs = [yaml.safe_load(path.read_text(encoding="utf-8"))["jobs"] for path in sorted(folder.glob("*.yml"))]
    runs = [step.get("run") for each in jobs for job in each.values() for step in job["steps"]]
    assert set(told) <= set(runs)
    windows = [
        line.replace("python3", "python").replace(".venv/bin/", ".venv\\Scripts\\").replace("'", "")
        for line in told
    ]
    assert set(windows) <= set(runs)
    [matrix] = [job["strategy"]["matrix"] for each in jobs for job in each.values() if "strategy" in job]
    assert matrix["python"] == ["3.11", "3.12", "3.13"]
    assert len(matrix["system"]) == 3

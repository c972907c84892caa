"""The guides keep step with the program."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys

import pytest

from course import language
from course.cli.tree import course
from course.content.catalog import CONTENT, catalog
from course.dev import breakers, translations
from course.grading.diagnosis import HINTS
from tests.commands import children

if not (CONTENT / "README.md").is_file():
    pytest.skip("the guides are part of a checkout", allow_module_level=True)

READMES = ["README.md", "README.ko.md"]


@pytest.mark.parametrize("name", READMES)
def test_every_command_is_in_the_readme(name):
    text = (CONTENT / name).read_text(encoding="utf-8")
    for command in children(course):
        assert f"course {command}" in text, command


@pytest.mark.parametrize("name", READMES)
def test_every_day_is_in_the_readme(name):
    text = (CONTENT / name).read_text(encoding="utf-8")
    for day in catalog().days:
        assert f"| {day.slug} |" in text


def test_both_readmes_give_the_same_commands():
    def blocks(name: str) -> list[str]:
        text = (CONTENT / name).read_text(encoding="utf-8")
        return [
            re.sub(r"\s+#.*", "", block) for block in re.findall(r"```sh\n(.*?)```", text, flags=re.DOTALL)
        ]

    assert blocks("README.md") == blocks("README.ko.md")
    assert len(blocks("README.md")) >= 3


def test_ci_runs_the_readmes_test_command():
    text = (CONTENT / "README.md").read_text(encoding="utf-8")
    command = re.findall(r"```sh\n(.*?)```", text, flags=re.DOTALL)[1].strip().rpartition("&& ")[2]
    assert command == ".venv/bin/python -m pytest -n auto --dist loadfile"
    assert re.search(
        r"^python -m pytest -n auto --dist loadfile$",
        (CONTENT / ".ci" / "run").read_text(encoding="utf-8"),
        flags=re.MULTILINE,
    )


@pytest.mark.parametrize("name", ["README.md", "README.ko.md", "CONTRIBUTING.md"])
def test_links_lead_somewhere(name):
    text = (CONTENT / name).read_text(encoding="utf-8")
    for target in re.findall(r"\]\(([^)#]+)\)", text):
        assert (CONTENT / target).exists(), target


@pytest.mark.parametrize("names", [breakers.CONDITIONS, breakers.CHANGES, breakers.STRANGE, breakers.FIGURES, HINTS],
                         ids=["conditions", "changes", "strange", "figures", "hints"])  # fmt: skip
def test_what_a_proof_names_is_explained_to_authors(names):
    text = (CONTENT / "docs" / "authoring.md").read_text(encoding="utf-8")
    cells = " ".join(line for line in text.splitlines() if line.startswith("| `"))
    for name in names:
        assert re.search(rf"`[^`|]*\b{re.escape(name)}`", cells), name


@pytest.mark.parametrize("name", ["CONTRIBUTING.md", "docs/authoring.md", "docs/quiz.md"])
def test_the_tests_a_guide_names_are_there(name):
    text = (CONTENT / name).read_text(encoding="utf-8")
    for path in re.findall(r"tests/\w+\.py", text):
        assert (CONTENT / path).is_file(), path
    for path, word in re.findall(r"pytest -q (tests/\w+\.py) -k (\w+)", text):
        assert re.search(rf"def test_\w*{word}", (CONTENT / path).read_text(encoding="utf-8")), (path, word)


@pytest.mark.skipif(sys.platform == "win32", reason="the guide's commands are a shell's")
def test_the_program_s_words_in_another_language_begin_as_the_guide_says(tmp_path, monkeypatch):
    text = (CONTENT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    *commands, build = re.search(r"```sh\n(mkdir -p course/locale.*?)```", text, re.DOTALL)[1].splitlines()
    assert build.startswith("course dev build ")
    catalogs = tmp_path / "course" / "locale"
    shutil.copytree(language.LOCALE, catalogs)
    subprocess.run(["sh", "-ec", "\n".join(commands)], cwd=tmp_path, check=True)
    monkeypatch.setattr(language, "LOCALE", catalogs)
    monkeypatch.setattr(language, "languages", lambda: ("en", "de", "ko"))
    begun = catalogs / "de" / "LC_MESSAGES" / "course.po"
    assert begun in translations.update()
    assert '"Language: de\\n"' in begun.read_text(encoding="utf-8")
    found = translations.problems()
    assert len(found) == len(translations.wanted())
    assert all(problem.startswith(f"{begun}: not translated: ") for problem in found)

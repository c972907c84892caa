"""The guides keep step with the program."""

from __future__ import annotations

import re

import pytest

from course.catalog import CONTENT, catalog
from course.cli.tree import course

if not (CONTENT / "README.md").is_file():
    pytest.skip("the guides are part of a checkout", allow_module_level=True)

READMES = ["README.md", "README.ko.md"]


@pytest.mark.parametrize("name", READMES)
def test_every_command_is_in_the_readme(name):
    text = (CONTENT / name).read_text(encoding="utf-8")
    for command in course.commands:
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
    assert command == ".venv/bin/python -m pytest"
    assert re.search(
        r"^python -m pytest$", (CONTENT / ".ci" / "run").read_text(encoding="utf-8"), flags=re.MULTILINE
    )


@pytest.mark.parametrize("name", ["README.md", "README.ko.md", "CONTRIBUTING.md"])
def test_links_lead_somewhere(name):
    text = (CONTENT / name).read_text(encoding="utf-8")
    for target in re.findall(r"\]\(([^)#]+)\)", text):
        assert (CONTENT / target).exists(), target

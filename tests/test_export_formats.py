"""What is said of the export formats, and what there is: the README, docs/quiz.md, the command's choices, the readers."""

from __future__ import annotations

import dataclasses
import importlib
import io
import re
import tomllib
import zipfile

import pytest

from course.classroom import export as grades
from course.classroom.table import written as csv_of
from course.cli.export import export_grades
from course.content.catalog import catalog
from course.content.manifest import CONTENT
from course.learner.store.asked import Asked
from course.quizzes import bank
from course.quizzes.export import FORMATS, ZIPPED, export, item
from tests import quiz_bank
from tests.quiz_readers import READERS
from tests.test_tables import class_of, graded

READMES = ("README.md", "README.ko.md")


@pytest.fixture(scope="module")
def small(tmp_path_factory):
    root = quiz_bank.lay_out(tmp_path_factory.mktemp("bank") / "content")
    return item.draw_all(bank.load(quiz_bank.DAY, root), "en", 3, 1)


def section(heading):
    text = (CONTENT / "docs" / "quiz.md").read_text(encoding="utf-8")
    return text.split(f"\n## {heading}\n")[1].split("\n## ")[0]


def row(readme, command):
    lines = (CONTENT / readme).read_text(encoding="utf-8").splitlines()
    return next(line for line in lines if line.startswith(f"| `{command}"))


@pytest.mark.parametrize("to", FORMATS)
def test_a_format_is_a_module_that_writes_and_a_reader(small, to):
    module = importlib.import_module(f"course.quizzes.export.{FORMATS[to]}")
    assert callable(module.write)
    assert to in READERS, "how it is read belongs into READERS of tests/quiz_readers.py"
    assert zipfile.is_zipfile(io.BytesIO(export(small, to, "day10").data)) == (to in ZIPPED)


def test_no_reader_is_without_its_format():
    assert set(READERS) == set(FORMATS)


@pytest.mark.parametrize("readme", READMES)
def test_the_readme_names_every_format_of_a_quiz(readme):
    listed = re.search(r": (Moodle XML.*?)(; |\. )", row(readme, "course export quiz"))[1]
    names = re.split(r", | or ", re.sub(r" ?\(.*?\)", "", listed))
    assert [re.sub(r"\W", "", name).casefold() for name in names] == [
        name.replace("-", "") for name in FORMATS
    ]


@pytest.mark.parametrize("readme", READMES)
def test_the_readme_names_every_format_of_grades(readme):
    told = row(readme, "course export grades").split("|")[2].casefold()
    named = {name for name in grades.FORMATS if name in told}
    assert named | {"csv"} == set(grades.FORMATS)  # which is there as a spreadsheet's
    assert "spreadsheet" in told or "스프레드시트" in told
    choices = next(option for option in export_grades.params if option.name == "to").type.choices
    assert set(choices) == set(grades.FORMATS)


def public(kind):
    return {name for name in (*vars(kind), *getattr(kind, "__dataclass_fields__", ())) if name[0] != "_"}


def test_the_guide_names_all_that_an_exporter_has():
    prose = re.sub(r"```.*?```", "", section("An export format"), flags=re.DOTALL)
    told = set(re.findall(r"\w+", " ".join(re.findall(r"`([^`]+)`", prose))))
    offered = public(item.Item) | public(item.Choice) | public(item.Losses) - {"found"}
    assert offered | {"shown", "bounds", "by_question"} <= told
    named = set(re.findall(r"asked\.(\w+)", section("An export format")))
    assert {"id", "topic", "key", "accept", "picture", "code"} <= named
    assert named <= {field.name for field in dataclasses.fields(Asked)}


def test_the_guide_s_format_writes_what_a_terminal_can_show(small):
    code = re.search(r"```python\n(.*?)```", section("An export format"), re.DOTALL)[1]
    module: dict[str, object] = {}
    exec(code, module)
    written = module["write"](small, "day10")
    assert written.data.endswith(b"\n")
    assert all(each.text in written.data.decode() for each in small)
    assert written.losses
    assert {name for names in written.losses.values() for name in names} == {
        each.asked.id for each in small if each.variant
    }


def test_the_guide_s_format_for_grades_writes_a_table():
    code = re.search(r"```python\n(.*?)```", section("A format for grades"), re.DOTALL)[1]
    module = dict(vars(grades))
    exec(code, module)
    class_ = class_of(graded("kim"))
    lines = csv_of(module["_points"](class_, [(each.student, each) for each in class_.rows])).splitlines()
    assert lines[0].split(",")[:2] == ["id", "name"]
    assert len(lines) == 1 + len(class_.rows)
    assert lines[1].split(",")[0] == class_.rows[0].student.id


def test_the_guide_states_the_least_numbers_that_the_course_asks_for():
    block = re.search(r"```toml\n(\[quiz\]\n.*?)```", section("Topics"), re.DOTALL)[1]
    assert tomllib.loads(block)["quiz"]["least"] == catalog().least

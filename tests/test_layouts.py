"""The layouts in which classes come: whose file is whose and which one counts, or a refusal that names what was seen."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Mapping
from pathlib import Path

import pytest

from course.classroom import archive, layout, submissions
from course.content.catalog import CONTENT, catalog
from course.term.roster import Roster, Student
from tests.conftest import solution

RIGHT, WRONG = solution("lstm_gates"), "def lstm_gates():\n    return None\n"
NOTEBOOK = json.dumps(
    {
        "cells": [{"cell_type": "code", "source": RIGHT, "metadata": {}}],
        "metadata": {},
        "nbformat": 4,
        "nbformat_minor": 5,
    }
)
ROSTER = Roster(
    [Student("2026001", "김하늘", email="sky@x.kr"), Student("2026002", "이민준", email="lee@x.kr")]
)
STUB = catalog().exercise("lstm_gates").stub.read_text(encoding="utf-8")
Files = Mapping[str, "str | bytes"]


def zipped(files: Files) -> bytes:
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w") as made:
        for name, data in files.items():
            made.writestr(name, data)
    return written.getvalue()


def laid(top: Path, files: Files) -> Path:
    """As a folder, or where the only file is called .zip at the top, as that zip."""
    for name, data in files.items():
        path = top / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data if isinstance(data, bytes) else data.encode("utf-8"))
    return top


def fork(prefix: str) -> dict[str, str]:
    """The repository as GitHub gives it, untouched."""
    return {
        f"{prefix}/{kind}/day10/{name}": (CONTENT / kind / "day10" / name).read_text(encoding="utf-8")
        for kind, name in (
            ("exercises", "lstm_gates.py"), ("solutions", "lstm_gates.py"), ("graders", "test_lstm_gates.py"),
        )
    } | {f"{prefix}/README.md": "# A course"}  # fmt: skip


def counted(source: Path, roster: Roster) -> dict[str, str]:
    """By student the file that counts for lstm_gates, "" where none does, marked where it is not the right one."""
    found = {}
    for upload in layout.find(source, roster).uploads:
        [subject], problems = submissions.subjects(upload, [catalog().exercise("lstm_gates")])
        right = subject.source is not None and RIGHT.strip() in subject.source
        shown = (
            "" if subject.source is None else subject.path if right else f"{subject.path}: not the right one"
        )
        found[upload.student.id] = shown + (" !" if problems else "")
    return found


TWO = {"kim/day10/lstm_gates.py": RIGHT, "lee/day10/lstm_gates.py": RIGHT}
BOTH = {"kim": "day10/lstm_gates.py", "lee": "day10/lstm_gates.py"}
MOODLE = "_assignsubmission_file_"
METADATA = """---
submission_11:
  :submitters:
  - :name: 김하늘
    :sid: '2026001'
    :email: sky@x.kr
  - :name: 이민준
    :sid: '2026002'
    :email: lee@x.kr
  :created_at: 2026-11-28 17:36:48.206393000 +09:00
submission_12:
  :submitters:
  - :name: Ann Lee
    :sid:
    :email: ann@x.kr
  :created_at: 2026-11-28 17:36:48.206393000 +09:00
"""

RECOGNISED: dict[str, tuple[Files, dict[str, str]]] = {
    "folders": (TWO, BOTH),
    "folders without days": ({"kim/lstm_gates.py": RIGHT, "lee/lstm_gates.ipynb": NOTEBOOK}, {"kim": "lstm_gates.py", "lee": "lstm_gates.ipynb"}),
    "zips": ({"kim.zip": zipped({"day10/lstm_gates.py": RIGHT}), "lee (1).zip": zipped({"lstm_gates.py": RIGHT})},
             {"kim": "kim.zip/day10/lstm_gates.py", "lee": "lee (1).zip/lstm_gates.py"}),
    "nbgrader": ({f"submitted/{who}/day10/day10.ipynb": NOTEBOOK for who in ("kim", "lee")}, {"kim": "day10/day10.ipynb", "lee": "day10/day10.ipynb"}),
    "Moodle's folders": ({f"김하늘_101{MOODLE}/lstm_gates.py": RIGHT, f"이민준_102{MOODLE}/숙제.zip": zipped({"day10/lstm_gates.py": RIGHT})},
                         {"101": "lstm_gates.py", "102": "숙제.zip/day10/lstm_gates.py"}),
    "Moodle without folders": ({f"김하늘_101{MOODLE}lstm_gates.py": RIGHT, f"이민준_102{MOODLE}lstm_gates.py": RIGHT}, {"101": "lstm_gates.py", "102": "lstm_gates.py"}),
    "Canvas": ({"doejohn_501_77_lstm_gates.py": WRONG, "doejohn_501_78_lstm_gates-1.py": RIGHT, "김하늘_LATE_502_79_lstm_gates.py": RIGHT},
               {"501": "lstm_gates-1.py", "502": "lstm_gates.py"}),
    "GitHub Classroom": ({f"day10-submissions/day10-{who}/day10/lstm_gates.py": RIGHT for who in ("kim", "lee")},
                         {"day10-kim": "day10/lstm_gates.py", "day10-lee": "day10/lstm_gates.py"}),
    "GitHub's zips": ({f"{who}-main.zip": zipped({f"{who}-main/day10/lstm_gates.py": RIGHT}) for who in ("kim", "lee")},
                      {"kim-main": "kim-main.zip/kim-main/day10/lstm_gates.py", "lee-main": "lee-main.zip/lee-main/day10/lstm_gates.py"}),
    "Gradescope": ({"assignment_5_export/submission_11/lstm_gates.py": RIGHT, "assignment_5_export/submission_12/lstm_gates.py": RIGHT,
                    "assignment_5_export/submission_metadata.yml": METADATA},
                   {"2026001": "lstm_gates.py", "2026002": "lstm_gates.py", "ann@x.kr": "lstm_gates.py"}),
    "Google Classroom": ({"김하늘 - lstm_gates.py": RIGHT, "이민준 - lstm_gates.py": RIGHT, "이민준 - lstm_gates (1).py": WRONG},
                         {"김하늘": "lstm_gates.py", "이민준": "lstm_gates (1).py: not the right one"}),
    "flat notebooks": ({"kim.ipynb": NOTEBOOK, "lee.ipynb": NOTEBOOK}, {"kim": "kim.ipynb", "lee": "lee.ipynb"}),
    "flat files": ({"lstm_gates_kim.py": RIGHT, "lee-lstm_gates.py": RIGHT}, {"kim": "lstm_gates.py", "lee": "lstm_gates.py"}),
    "a folder around it": ({f"day10-submissions/{name}": text for name, text in TWO.items()}, BOTH),
    "a day's folder around it": ({"day10/kim/lstm_gates.py": RIGHT, "day10/lee/lstm_gates.py": RIGHT}, {"kim": "lstm_gates.py", "lee": "lstm_gates.py"}),
    "folders around it": ({f"a/b/{name}": text for name, text in TWO.items()}, BOTH),
    "a zip of it": ({"day10-submissions (1).zip": zipped({f"day10-submissions/{name}": text for name, text in TWO.items()})}, BOTH),
    "a zip in a zip": ({"all.zip": zipped({"class.zip": zipped(TWO)})}, BOTH),
    "a student's zip in a zip": ({"kim/work.zip": zipped({"inner.zip": zipped({"day10/lstm_gates.py": RIGHT})}), "lee/lstm_gates.py": RIGHT},
                                 {"kim": "work.zip/inner.zip/day10/lstm_gates.py", "lee": "lstm_gates.py"}),
    "a student's own folder": ({"kim/homework/day10/lstm_gates.py": RIGHT, "lee/day10/lstm_gates.py": RIGHT}, {"kim": "homework/day10/lstm_gates.py", "lee": "day10/lstm_gates.py"}),
    "renamed by a browser": ({"kim/lstm_gates (1).py": RIGHT, "kim/lstm_gates.py": WRONG, "lee/lstm_gates (2).py": RIGHT}, {"kim": "lstm_gates (1).py", "lee": "lstm_gates (2).py"}),
    "one student alone": ({"kim/day10/lstm_gates.py": RIGHT}, {"kim": "day10/lstm_gates.py"}),
    "a file in its place": ({"kim/day10/lstm_gates.py": RIGHT, "kim/old/lstm_gates.py": WRONG, "lee/lstm_gates.py": RIGHT, "lee/a/b/lstm_gates.py": WRONG},
                            {"kim": "day10/lstm_gates.py", "lee": "lstm_gates.py"}),
    "a fork, untouched": (fork("kim") | {"lee/lstm_gates.py": RIGHT}, {"kim": " !", "lee": "lstm_gates.py"}),
    "a fork with work in it": (fork("kim") | {"kim/day10/lstm_gates.py": WRONG, "lee/lstm_gates.py": RIGHT}, {"kim": "day10/lstm_gates.py: not the right one !", "lee": "lstm_gates.py"}),
    "work beside a wrong copy": ({"kim/day10/lstm_gates.py": RIGHT, "kim/solutions/day10/lstm_gates.py": WRONG, "lee/lstm_gates.py": RIGHT},
                                 {"kim": "day10/lstm_gates.py !", "lee": "lstm_gates.py"}),
    "forks in zips": ({f"{who}.zip": zipped({name.replace("kim", "course-main"): text for name, text in fork("kim").items()}) for who in ("kim", "lee")}, {"kim": " !", "lee": " !"}),
    "a document alone": ({"kim/report.pdf": "%PDF", "lee/lstm_gates.py": RIGHT}, {"kim": " !", "lee": "lstm_gates.py"}),
    "a file in Korean Windows' own encoding": ({"kim/lstm_gates.py": ("# 한글\n" + WRONG).encode("cp949"), "lee/lstm_gates.py": RIGHT},
                                               {"kim": "lstm_gates.py: not the right one !", "lee": "lstm_gates.py"}),
    "a rar": ({"kim/work.rar": "Rar!", "lee/lstm_gates.py": RIGHT}, {"kim": " !", "lee": "lstm_gates.py"}),
    "nothing that is named": ({"kim/my_answer.py": RIGHT, "lee/lstm_gates.py": RIGHT}, {"kim": " !", "lee": "lstm_gates.py"}),
    "a class among students": ({"group/kim/lstm_gates.py": RIGHT, "group/lee/lstm_gates.py": WRONG, "park/lstm_gates.py": RIGHT},
                               {"group": "lee/lstm_gates.py: not the right one !", "park": "lstm_gates.py"}),
}  # fmt: skip

REFUSED: dict[str, tuple[Files, str]] = {
    "one student's days": ({"day09/perceptron.py": "", "day10/lstm_gates.py": RIGHT, "data/x.csv": ""}, "day09, day10"),
    "one student's files": ({"lstm_gates.py": RIGHT, "rnn_forward.py": ""}, "lstm_gates.py, rnn_forward.py"),
    "one student's notebook": ({"my work.ipynb": NOTEBOOK}, "my work.ipynb"),
    "a fork": ({name.removeprefix("kim/"): text for name, text in fork("kim").items()}, "exercises, graders, solutions"),
    "one student's zip": ({"day10.zip": zipped({"lstm_gates.py": RIGHT})}, "lstm_gates.py"),
    "one student's day with older tries": ({"day10/lstm_gates.py": RIGHT, "day10/old/lstm_gates.py": WRONG, "day09/losses.py": ""}, "day09, day10"),
}  # fmt: skip


@pytest.mark.parametrize("name", RECOGNISED)
def test_recognised(tmp_path, name):
    files, expected = RECOGNISED[name]
    assert counted(laid(tmp_path / "class", files), Roster()) == expected


@pytest.mark.parametrize("name", REFUSED)
def test_refused_with_what_was_seen(tmp_path, name):
    files, seen = REFUSED[name]
    source = laid(tmp_path / "class", files)
    if [*files] == ["day10.zip"]:
        source /= "day10.zip"
    with pytest.raises(layout.OneSubmission) as refused:
        layout.find(source, Roster())
    assert str(refused.value) == seen


@pytest.mark.parametrize(
    "name", ["a folder around it", "a zip of it", "a day's folder around it", "a zip in a zip"]
)
def test_a_class_in_a_folder_is_said_to_be_there(tmp_path, name):
    assert layout.find(laid(tmp_path / "class", RECOGNISED[name][0]), Roster()).within


ON_THE_ROSTER: dict[str, Files] = {
    "by name": {"김하늘/lstm_gates.py": RIGHT, "이민준.zip": zipped({"lstm_gates.py": RIGHT})},
    "by id": {"2026001/lstm_gates.py": RIGHT, "2026002.ipynb": NOTEBOOK},
    "GitHub Classroom": {"day10-2026001/lstm_gates.py": RIGHT, "day10-2026002/lstm_gates.py": RIGHT},
    "Google Classroom": {"김하늘 - lstm_gates.py": RIGHT, "이민준 - lstm_gates.py": RIGHT},
    "one folder that is a student": {
        "2026001/part 1/lstm_gates.py": RIGHT,
        "2026001/part 2/lstm_gates.py": RIGHT,
    },
    "a folder around one student": {"all/2026001/lstm_gates.py": RIGHT},
    "in macOS' spelling": {"\u1100\u1175\u11b7\u1112\u1161\u1102\u1173\u11af/lstm_gates.py": RIGHT},
}


@pytest.mark.parametrize("name", ON_THE_ROSTER)
def test_a_roster_says_who_is_who(tmp_path, name):
    found = counted(laid(tmp_path / "class", ON_THE_ROSTER[name]), ROSTER)
    assert set(found) == {"2026001", "2026002"}
    assert "not the right one" not in found["2026001"]
    assert found["2026001"]


def test_nobody_s_files_are_named(tmp_path):
    found = layout.find(
        laid(tmp_path / "class", {**TWO, "notes.pdf": "", "list.csv": "", "helper.py": ""}), Roster()
    )
    assert [upload.student.id for upload in found.uploads] == ["kim", "lee"]
    assert found.beside == ["helper.py", "notes.pdf"]


def test_an_empty_folder_is_a_student_who_handed_in_nothing(tmp_path):
    source = laid(tmp_path / "class", TWO)
    (source / "park").mkdir()
    assert counted(source, Roster()) == {**BOTH, "park": ""}


def test_grades_written_beside_the_students_are_no_student(tmp_path):
    source = laid(tmp_path / "class", {**TWO, "grades/class.json": "{}", "grades/grades.csv": ""})
    assert list(counted(source, Roster())) == ["kim", "lee"]


def test_a_zip_is_read_in_pieces_of_what_it_claims(tmp_path):
    """What a member becomes is bounded by what is read, not by what its header says."""
    files = archive.files(
        laid(tmp_path / "class", {"kim/bomb.zip": zipped({"lstm_gates.py": bytes(30_000_000)})})
    )
    with pytest.raises(archive.ArchiveError, match="larger than 20 MB"):
        files[0].read()

"""Questions with pictures: drawn from their numbers, in every face that can carry one."""

from __future__ import annotations

import base64
import dataclasses
import io
import re
import zipfile
from xml.etree import ElementTree as ET

import pytest
from rich.cells import cell_len
from rich.console import Console

from course.quizzes import bank, draw, lint, picture
from course.quizzes.export import FORMATS, ZIPPED, export
from course.quizzes.export.item import draw_all
from course.quizzes.expression import ExpressionError
from course.terminal import quiz_screen

PICTURED = [question for question in bank.everything() if question.picture]


def test_there_are_enough_and_of_every_kind():
    assert len(PICTURED) >= 25
    assert {question.picture["kind"] for question in PICTURED} == set(picture.KINDS)


@pytest.mark.parametrize("question", PICTURED, ids=lambda question: question.id)
def test_it_is_drawn_in_both_languages_and_within_its_frame(question):
    for seed in range(5):
        asked = draw.ask(question, seed)
        for code in ("en", "ko"):
            root = ET.fromstring(picture.svg(asked.picture, code))
            assert root.get("aria-label") == picture.described(asked.picture, code)
            for text in root.iter("{http://www.w3.org/2000/svg}text"):
                assert -60 <= float(text.get("x")) <= 460
                assert text.text
            lines = picture.text(asked.picture, code).splitlines()
            assert len(lines) <= 24
            assert max(map(len, lines)) <= 78


@pytest.mark.parametrize("question", PICTURED, ids=lambda question: question.id)
def test_nothing_of_it_is_lost_in_a_narrow_terminal(question):
    asked = draw.ask(question, 1)
    for code in ("en", "ko"):
        lines = picture.text(asked.picture, code, 44).splitlines()
        assert max(map(cell_len, lines)) <= 44
        if question.picture["kind"] == "curves":
            marks = "".join(lines[1:14])
            assert all(mark in marks or "#" in marks for mark in "*o+"[: len(asked.picture["lines"])])
            # Every value of the wide table stands in the narrow ones.
            wide = picture.text(asked.picture, code).splitlines()
            assert set(" ".join(lines[18:]).split()) == set(" ".join(wide[18:]).split())


@pytest.mark.parametrize(
    ("name", "heard"),
    [
        ("picture_confusion_recall", r"Confusion matrix: .*\. predicted 0, predicted 1; true 0: \d+, \d+; true 1: \d+, \d+"),
        ("picture_xor", r".*\. ○: \(1, -1\), \(-1, 1\); ×: \(1, 1\), \(-1, -1\)"),
        ("picture_early_stop", r".*\. training: \(5, 0\.\d+\), .*; validation: \(5, .*\(30, [\d.]+\)"),
        ("picture_max_pool", r"A 4×4 feature map\. 1, \d, 4, 0; 3, 2, \d, 1; 0, 4, 2, 3; \d, 1, \d, 2"),
    ],
)  # fmt: skip
def test_whoever_hears_it_gets_the_numbers(name, heard):
    [question] = bank.select([name])
    told = picture.described(draw.ask(question, 1).picture, "en")
    assert re.fullmatch(heard, told), told


def test_other_values_are_another_picture():
    [question] = bank.select(["picture_early_stop"])
    drawn = {picture.svg(draw.ask(question, seed).picture, "en") for seed in range(12)}
    assert len(drawn) >= 3


@pytest.mark.parametrize(
    ("values", "marks"),
    [
        ([0.3, 1.3], [0, 0.25, 0.5, 0.75, 1, 1.25, 1.5]),
        ([0.05, 1.08], [0, 0.2, 0.4, 0.6, 0.8, 1, 1.2]),
        ([-0.999, 2], [-1, -0.5, 0, 0.5, 1, 1.5, 2]),
        ([7, 42], [0, 10, 20, 30, 40, 50]),
        ([0, 0], [0, 0.2, 0.4, 0.6, 0.8, 1]),
        ([-3, -1], [-3, -2.5, -2, -1.5, -1, -0.5, 0]),
    ],
)
def test_an_axis_has_round_marks(values, marks):
    assert picture._round_marks(values) == pytest.approx(marks)


def test_no_number_in_a_picture_is_an_artefact_of_floats():
    for question in PICTURED:
        for seed in range(5):
            asked = draw.ask(question, seed)
            for shown in (picture.text(asked.picture, "en"), picture.svg(asked.picture, "en")):
                assert not re.search(r"\de-\d\d|\.\d*0{6,}\d|\.\d*9{6,}", shown), question.id


@pytest.mark.parametrize(
    ("en", "ko"),
    [
        ("The dashed curve is lowest.", "검증 손실이 가장 낮습니다."),
        ("The validation loss is lowest.", "점선이 가장 낮습니다."),
        ("The red line is lowest.", "빨간 선이 가장 낮습니다."),
    ],
)
def test_words_do_not_name_what_a_terminal_cannot_draw(en, ko):
    [question] = bank.select(["picture_early_stop"])
    found = list(lint._wording(dataclasses.replace(question, explanation={"en": en, "ko": ko})))
    assert any("name the curve" in problem for problem in found)
    assert not list(lint._wording(question))


def test_a_table_is_no_higher_than_its_cells():
    [question] = bank.select(["picture_confusion_recall"])
    root = ET.fromstring(picture.svg(draw.ask(question, 1).picture, "en"))
    lowest = max(
        float(cell.get("y", 0)) + float(cell.get("height")) for cell in root.iterfind(".//{*}rect[@y]")
    )
    assert float(root.get("height")) == pytest.approx(lowest + 10, abs=1)


def test_it_goes_to_json_and_back():
    from course.learner.store.asked import Asked

    for question in PICTURED:
        asked = draw.ask(question, 1)
        assert Asked.from_json(asked.to_json()).picture == asked.picture


def test_a_terminal_shows_it_as_text():
    [question] = bank.select(["picture_confusion_three"])
    console = Console(width=80, record=True, force_terminal=False)
    with console.capture() as shown:
        console.print(quiz_screen.question(draw.ask(question, 1), 1, 1))
    assert re.search(r"cat +80 +\d+ +4", shown.get())


@pytest.mark.parametrize("name", FORMATS)
def test_exports_carry_it(name):
    found = draw_all([question for question in PICTURED if question.day == "day09"], "en", 1, 0)
    data = export(found, name, "Quiz").data
    if name in ZIPPED:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            data = b"".join(archive.read(member) for member in archive.namelist())
    if name == "csv":
        assert b"predicted 1" in data
        return
    text = data.decode("utf-8", "ignore").replace("\\=", "=").replace("\\:", ":")
    assert "data:image/svg+xml;base64," in text
    coded = re.search(r"base64,([A-Za-z0-9+/=]+)", text)
    assert ET.fromstring(base64.b64decode(coded[1])).tag.endswith("svg")


def test_a_released_question_does_not_tell_what_its_picture_is_made_of(content):
    text = (content / "exercises" / "day09" / "quiz.toml").read_text(encoding="utf-8")
    entry = text.split('id = "picture_early_stop"')[1].split("[[question]]")[0]
    assert "alt" in entry
    assert "exp(" not in entry
    assert "b + p" not in entry


@pytest.mark.parametrize(
    "spec",
    [
        {"kind": "photo", "alt": {"en": "a", "ko": "a"}},
        {"kind": "cells", "alt": {"en": "a", "ko": "a"}, "rows": [["nothing"]]},
        {"kind": "cells", "alt": {"en": "a", "ko": "a"}},
    ],
)
def test_what_is_no_picture_is_refused(spec):
    with pytest.raises((picture.PictureError, ExpressionError, KeyError)):
        picture.drawn(spec, {})

"""Exported questions with pictures, opened by the programs that read them: jupyterquiz, and what a course page shows."""

from __future__ import annotations

import io
import json
import zipfile
from xml.etree import ElementTree as ET

import pytest

from course.quizzes import bank, picture
from course.quizzes.export import export
from course.quizzes.export.item import draw_all
from tests import browsing

PICTURED = [
    question for question in bank.everything() if question.picture and question.day in ("day04", "day09")
]
SHOWN = "images => images.map(image => [image.naturalWidth, image.naturalHeight, image.alt])"
PAGE = "<!doctype html><meta charset='utf-8'><title>Quiz</title><body>{}</body>"


@pytest.fixture(scope="module")
def chromium():
    with browsing.browser() as started:
        yield started


def exported(to, code):
    items = draw_all(PICTURED, code, 1, 0)
    assert len(items) == len(PICTURED) >= 2
    return items, export(items, to, "Quiz").data


def moodle(data):
    return [
        text.text
        for text in ET.fromstring(data).iterfind("question/questiontext/text")
        if "<img" in text.text
    ]


def qti12(data):
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        roots = [ET.fromstring(archive.read(name)) for name in archive.namelist() if name.endswith(".xml")]
    return [
        text.text
        for root in roots
        for text in root.iter()
        if text.tag.endswith("mattext") and "<img" in text.text
    ]


def qti21(data):
    found = []
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        for name in archive.namelist():
            if name.endswith(".xml"):
                bodies = [
                    part
                    for part in ET.fromstring(archive.read(name)).iter()
                    if part.tag.endswith("}itemBody")
                ]
                found += [ET.tostring(part, encoding="unicode", method="html") for part in bodies]
    # Its elements are HTML's own, in a namespace of their own.
    return [text.replace("ns0:", "").replace("html:", "") for text in found]


@pytest.mark.parametrize("code", ["en", "ko"])
@pytest.mark.parametrize("read", [moodle, qti12, qti21], ids=lambda read: read.__name__)
def test_a_browser_shows_every_picture(chromium, tmp_path, read, code):
    items, data = exported("moodle-xml" if read is moodle else read.__name__, code)
    texts = read(data)
    assert len(texts) == len(items)
    file = tmp_path / "questions.html"
    file.write_text(PAGE.format("<hr>".join(texts)), encoding="utf-8")
    seen(chromium, file, items, code)


@pytest.mark.parametrize("code", ["en", "ko"])
def test_jupyterquiz_shows_every_picture_and_answers(chromium, tmp_path, monkeypatch, code):
    jupyterquiz = pytest.importorskip(
        "jupyterquiz", reason="jupyterquiz is not installed: pip install -e '.[dev]'"
    )
    items, data = exported("jupyterquiz", code)
    (tmp_path / "quiz.json").write_bytes(data)
    parts = []
    for module in vars(jupyterquiz.dynamic.display), vars(jupyterquiz.dynamic):
        if "display" in module and callable(module["display"]):
            monkeypatch.setitem(module, "display", lambda *shown: parts.extend(shown))
    jupyterquiz.display_quiz(str(tmp_path / "quiz.json"))
    bodies = "".join(
        f"<script>{part.data}</script>" if type(part).__name__ == "Javascript" else part.data
        for part in parts
    )
    file = tmp_path / "notebook.html"
    file.write_text(PAGE.format(bodies), encoding="utf-8")
    page = seen(chromium, file, items, code)
    # The first choice question of the list, answered rightly, says so.
    questions = json.loads(data)
    place = next(at for at, question in enumerate(questions) if question["type"] == "multiple_choice")
    right = next(answer for answer in questions[place]["answers"] if answer["correct"])
    page.locator(".Quiz").nth(place).locator("label[data-correct=true]").first.click()
    assert right["feedback"][:10] in page.locator(".Feedback").nth(place).inner_html()


def seen(chromium, file, items, code):
    """The page, once every picture of the questions is drawn on it."""
    page = chromium.new_context(viewport=browsing.WIDE).new_page()
    complaints = []
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.goto(file.as_uri())
    page.locator("img").nth(len(items) - 1).wait_for()
    images = page.locator("img").evaluate_all(SHOWN)
    assert sorted(alt for _width, _height, alt in images) == sorted(
        picture.described(item.asked.picture, code) for item in items
    )
    assert all(width > 100 and height > 100 for width, height, _alt in images)
    assert not complaints
    page.screenshot(path=file.with_suffix(".png"), full_page=True)
    return page

"""Everything after `course serve` without a terminal: a folder, reading, writing, being wrong, passing, going on, a quiz."""

from __future__ import annotations

import pytest

sync_api = pytest.importorskip("playwright.sync_api", reason="Playwright is not installed (extra dev)")

from course.content.catalog import catalog  # noqa: E402
from tests.browsing import NARROW, WIDE, Visits, violations  # noqa: E402
from tests.serving import serving  # noqa: E402

expect = sync_api.expect
FIRST = catalog().exercise("perceptron")
WORDS = {
    "en": {"make": "Make the folder", "this": "Make this folder", "open": "Open the exercise", "check": "Check",
           "next": "Next: ", "quiz": "Quiz", "begin": "Begin", "unknown": "I do not know"},
    "ko": {"make": "폴더 만들기", "this": "이 폴더 만들기", "open": "문제 열기", "check": "채점",
           "next": "다음: ", "quiz": "퀴즈", "begin": "시작", "unknown": "모르겠습니다"},
}  # fmt: skip


def put(page, source, scripts):
    """Type the file anew; in the editor its comment's Hangul is composed as an input method does it."""
    if not scripts:
        page.locator("textarea[name=code]").fill(f"# 한글\n{source}")
        return
    page.locator(".cm-content").click()
    page.keyboard.press("Control+a")
    page.keyboard.insert_text("# ")
    typing = page.context.new_cdp_session(page)
    for syllables in (("ㅎ", "하", "한"), ("ㄱ", "그", "글")):
        for composed in syllables:
            typing.send("Input.imeSetComposition", {"text": composed, "selectionStart": 1, "selectionEnd": 1})
        typing.send("Input.insertText", {"text": syllables[-1]})
    page.keyboard.insert_text(f"\n{source}")


@pytest.mark.parametrize(
    ("code", "viewport", "scripts"),
    [("ko", WIDE, True), ("en", NARROW, True), ("ko", NARROW, False), ("en", WIDE, False)],
    ids=[
        "Korean",
        "English on a telephone",
        "Korean on a telephone without scripts",
        "English without scripts",
    ],
)
def test_a_newcomers_whole_way(chromium, tmp_path, code, viewport, scripts):
    words = WORDS[code]
    source = FIRST.solution.read_text(encoding="utf-8")
    wrong = source.replace(
        "    ### BEGIN SOLUTION", "    raise KeyError('first try')\n    ### BEGIN SOLUTION", 1
    )
    with serving(tmp_path, workspace=False) as entrance:
        address = entrance.partition("/?")[0]
        visits = Visits(chromium, address, entrance)
        visits.typed = True
        page = visits(code, viewport=viewport, scripts=scripts)
        page.goto(entrance)
        page.get_by_role("link", name=words["make"]).click()
        if scripts:
            assert violations(page) == []
        page.get_by_role("button", name=words["this"]).click()
        path = tmp_path / "deep-learning" / FIRST.day / f"{FIRST.slug}.py"
        page.get_by_role("link", name=words["open"]).click()
        assert path.read_bytes() == FIRST.stub.read_bytes()
        put(page, wrong, scripts)
        page.get_by_role("button", name=words["check"], exact=True).click()
        expect(page.locator("#live")).to_contain_text("KeyError: 'first try'")
        if scripts:
            expect(page.locator(".cm-failed").first).to_contain_text("raise KeyError")
            expect(page.locator(".cm-note").first).to_contain_text("first try")
            assert violations(page) == []
        assert path.read_text(encoding="utf-8") == f"# 한글\n{wrong}"
        put(page, source, scripts)
        page.get_by_role("button", name=words["check"], exact=True).click()
        expect(page.locator("#explanation")).to_be_visible()
        assert path.read_text(encoding="utf-8") == f"# 한글\n{source}"
        width = page.evaluate("document.documentElement.scrollWidth") if scripts else viewport["width"]
        assert width == viewport["width"]
        page.get_by_role("link", name=words["next"]).click()
        expect(page.locator("#work")).to_be_visible()
        page.get_by_role("navigation").first.get_by_role("link", name=words["quiz"]).click()
        page.get_by_role("button", name=words["begin"], exact=True).click()
        page.get_by_role("button", name=words["unknown"]).click()
        expect(page.locator(".verdict")).to_be_visible()
        visits.close()

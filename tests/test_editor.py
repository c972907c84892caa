"""The editor on an exercise's page in Debian's Chromium: typing, composing, saving, choosing, checking."""

from __future__ import annotations

import pytest

sync_api = pytest.importorskip("playwright.sync_api", reason="Playwright is not installed (extra dev)")

from course.content.catalog import catalog  # noqa: E402
from course.learner import workspace  # noqa: E402
from tests.browsing import NARROW, violations  # noqa: E402

ACTIVATIONS = catalog().exercise("activations")
SOLUTION = ACTIVATIONS.solution.read_text(encoding="utf-8")
PAGE = "/exercises/activations"
SELECT_ALL = "Control+a"
expect = sync_api.expect


@pytest.fixture
def path(served):
    """The learner's file, the stub again."""
    folder = served[1].parent / "work"
    workspace.reset(ACTIVATIONS, folder)
    return workspace.locate(ACTIVATIONS, folder)


@pytest.fixture
def page(visit, address, path):
    visit.typed = True
    visit.allowed += (PAGE,)  # a refused save is an error to the browser's console
    opened = visit()
    go(opened, address)
    return opened


def go(page, address):
    page.goto(address + PAGE)
    editor(page).wait_for()


def editor(page):
    return page.locator(".cm-content")


def write(page, text):
    """Put a text in the place of what is there."""
    editor(page).click()
    page.keyboard.press(SELECT_ALL)
    page.keyboard.insert_text(text)


def said(page):
    return page.locator("#saved")


def saved(page):
    expect(said(page)).to_have_text("saved")


def test_what_is_typed_is_in_the_file_a_moment_later(page, path):
    write(page, "가나다 = 1\n")
    saved(page)
    assert path.read_text(encoding="utf-8") == "가나다 = 1\n"
    page.keyboard.press(SELECT_ALL)
    page.keyboard.type("def f(x):\nreturn x")  # what a bracket closes and a colon indents
    page.keyboard.press("Control+s")
    saved(page)
    assert path.read_text(encoding="utf-8") == "def f(x):\n    return x"
    page.keyboard.press("Control+z")
    page.keyboard.press("Control+z")
    expect(editor(page)).to_contain_text("가나다")


def test_hangul_is_composed_without_losing_or_doubling_a_syllable(page, path):
    """As an input method does it: every key shows the syllable so far, and the editor is saved in the middle of one."""
    write(page, "# ")
    typing = page.context.new_cdp_session(page)
    for syllables in (("ㅎ", "하", "한"), ("ㄱ", "그", "글"), ("ㅇ", "이", "입"), ("ㄹ", "려", "력")):
        for composed in syllables:
            typing.send("Input.imeSetComposition", {"text": composed, "selectionStart": 1, "selectionEnd": 1})
            if composed == "그":
                page.keyboard.press("Control+s")
        typing.send("Input.insertText", {"text": syllables[-1]})
    page.keyboard.press("Control+s")
    saved(page)
    expect(editor(page)).to_have_text("# 한글입력")
    assert path.read_text(encoding="utf-8") == "# 한글입력"


def test_a_syllable_that_is_being_composed_stays_when_the_file_changes(page, path):
    write(page, "a = 1\n# ")
    saved(page)
    typing = page.context.new_cdp_session(page)
    typing.send("Input.imeSetComposition", {"text": "하", "selectionStart": 1, "selectionEnd": 1})
    path.write_text("b = 2\n", encoding="utf-8")
    expect(page.locator("#conflict")).to_be_visible()
    assert path.read_text(encoding="utf-8") == "b = 2\n"
    page.get_by_role("button", name="Keep mine").click()
    saved(page)
    assert path.read_text(encoding="utf-8") == "a = 1\n# 하"


def test_tab_indents_and_is_left_by_escape(page):
    write(page, "x = 1")
    page.keyboard.press("Home")
    page.keyboard.press("Tab")
    expect(page.locator(".cm-line").first).to_have_text("    x = 1")
    page.keyboard.press("Escape")
    page.keyboard.press("Tab")
    expect(page.get_by_role("button", name="Check", exact=True)).to_be_focused()
    page.keyboard.press("Shift+Tab")
    expect(editor(page)).to_be_focused()
    page.keyboard.type("y")
    page.keyboard.press("Tab")
    expect(editor(page)).to_be_focused()


def test_the_text_is_searched_in_the_readers_language(visit, address, path):
    visit.typed = True
    page = visit("ko")
    go(page, address)
    write(page, "alpha\nbeta\nalpha\n")
    page.keyboard.press("Control+f")
    field = page.get_by_role("textbox", name="찾기")
    field.press_sequentially("alpha")
    expect(page.locator(".cm-searchMatch")).to_have_count(2)
    assert violations(page) == []


def test_a_change_on_disk_is_shown_and_one_in_both_places_is_chosen(page, path, served):
    path.write_text("theirs = 1\n", encoding="utf-8")
    expect(editor(page)).to_have_text("theirs = 1")  # nothing typed here: the new text is taken
    page.route(
        f"**{PAGE}/file?*", lambda route: route.fulfill(status=204)
    )  # the editor is too late to see it
    path.write_text("theirs = 2\n", encoding="utf-8")
    write(page, "mine = 1\n")
    conflict = page.locator("#conflict")
    expect(conflict).to_be_visible()
    expect(conflict).to_contain_text("theirs = 2")
    assert path.read_text(encoding="utf-8") == "theirs = 2\n"
    assert violations(page) == []
    page.get_by_role("button", name="Take the one in the file").click()
    expect(editor(page)).to_have_text("theirs = 2")
    kept = [
        each.read_text(encoding="utf-8") for each in (served[1].parent / "work/.course/backups").iterdir()
    ]
    assert "mine = 1\n" in kept


def test_what_was_typed_survives_a_closed_tab(page, path, address, visit):
    page.route(
        f"**{PAGE}", lambda route: route.abort() if route.request.method == "POST" else route.continue_()
    )
    write(page, "typed = 1\n")
    expect(page.locator("#trouble")).to_contain_text("What you type is kept in this browser")
    page.close()
    assert path.read_bytes() == ACTIVATIONS.stub.read_bytes()
    again = visit.contexts[0].new_page()
    go(again, address)
    expect(editor(again)).to_have_text("typed = 1")
    expect(said(again)).to_have_text("saved")
    assert path.read_text(encoding="utf-8") == "typed = 1\n"


def test_a_check_marks_the_line_and_after_a_pass_shows_what_comes_next(page, path):
    write(page, SOLUTION.replace("p = softmax(z)", "p = print('here I am') / 0"))
    page.keyboard.press("Control+Enter")
    note = page.locator(".cm-note")
    expect(note).to_contain_text("TypeError")
    expect(page.locator(".cm-failed")).to_contain_text("p = print('here I am') / 0")
    live = page.locator("#live")
    expect(live).to_contain_text("here I am")
    expect(live).to_contain_text("9/11")
    assert violations(page) == []
    write(page, SOLUTION)
    page.get_by_role("button", name="Check", exact=True).click()
    expect(live).to_contain_text("11/11")
    expect(note).to_have_count(0)
    expect(page.get_by_role("heading", name="Explanation")).to_be_visible()
    page.get_by_text("The reference solution beside yours").click()
    expect(page.get_by_role("heading", name="The reference")).to_be_visible()
    assert violations(page) == []
    page.get_by_role("link", name="Next: Loss functions").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Loss functions")


def test_saving_checks_where_that_is_wanted(page):
    page.get_by_label("check whenever I save").check()
    write(page, SOLUTION)
    page.keyboard.press("Control+s")
    expect(page.locator("#live")).to_contain_text("11/11")


def test_an_endless_loop_is_stopped_by_its_button(page):
    write(page, SOLUTION.replace("return np.maximum(x, 0)", "while True: pass"))
    page.keyboard.press("Control+Enter")
    expect(page.locator("#live")).to_contain_text("sigmoid")
    page.get_by_role("button", name="Stop").click()
    expect(said(page)).to_have_text("Stopped.")
    write(page, SOLUTION)
    page.keyboard.press("Control+Enter")
    expect(page.locator("#live")).to_contain_text("11/11")


def test_the_stub_comes_back_and_undo_brings_ones_own(page, path):
    write(page, "mine = 1\n")
    saved(page)
    page.get_by_text("Keys, the stub, a terminal").click()
    page.get_by_role("button", name="The stub again").click()
    expect(said(page)).to_contain_text(".course/backups/activations")
    assert path.read_bytes() == ACTIVATIONS.stub.read_bytes()
    page.keyboard.press("Control+z")
    expect(editor(page)).to_have_text("mine = 1")


def test_scripts_in_code_and_output_do_not_run(page, visit):
    bad = "</textarea><img src=x onerror=alert(1)><script>alert(1)</script>"
    page.on("dialog", lambda dialog: visit.complaints.append(dialog.message))
    write(page, SOLUTION.replace("return np.maximum(x, 0)", f"print({bad!r}); raise ValueError({bad!r})"))
    page.keyboard.press("Control+Enter")
    expect(page.locator("#live .course-printed").first).to_contain_text("<script>alert(1)</script>")
    expect(page.locator(".cm-note").first).to_contain_text("ValueError")
    page.reload()
    expect(editor(page)).to_be_visible()
    assert page.locator("img[src=x]").count() == 0


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_the_editor_fits_a_telephone_and_axe_finds_nothing(visit, address, path, theme):
    visit.typed = True
    page = visit("ko", theme, NARROW)
    go(page, address)
    write(page, SOLUTION.replace("p = softmax(z)", "p = 1 / 0"))
    page.keyboard.press("Control+Enter")
    expect(page.locator(".cm-note")).to_contain_text("ZeroDivisionError")
    assert page.evaluate("document.documentElement.scrollWidth") == NARROW["width"]
    assert violations(page) == []


@pytest.mark.parametrize("code", ["en", "ko"])
@pytest.mark.parametrize("viewport", ["wide", "narrow"])
def test_without_scripts_the_text_area_saves_checks_and_lets_choose(visit, address, path, code, viewport):
    page = visit(
        code, viewport=NARROW if viewport == "narrow" else {"width": 1280, "height": 900}, scripts=False
    )
    visit.allowed += (PAGE,)
    page.goto(address + PAGE)
    area, check = page.locator("textarea"), page.locator("button[value=check]")
    area.fill(SOLUTION)
    check.click()
    expect(page.locator("#live")).to_contain_text("11/11")  # the page looks again by itself
    expect(page.locator("#explanation")).to_be_visible()
    path.write_text("theirs = 1\n", encoding="utf-8")
    area.fill("mine = 1\n")
    page.locator("button[value=save]").click()
    expect(page.locator("pre.version")).to_have_text("theirs = 1")
    page.locator("button[value=keep]").click()
    expect(area).to_have_value("mine = 1\n")
    assert path.read_text(encoding="utf-8") == "mine = 1\n"


def test_two_hundred_saves_of_browser_and_editor_lose_nothing(page, path):
    """In turn a line is added here and there; where both changed, the learner keeps the browser's with the other's lines."""
    write(page, "# 0 browser\n")
    saved(page)
    for number in range(1, 200):
        if number % 2:
            part = path.with_suffix(".part")
            part.write_text(path.read_text(encoding="utf-8") + f"# {number} desktop\n", encoding="utf-8")
            part.replace(path)
            expect(editor(page)).to_contain_text(f"# {number} desktop")
        else:
            page.keyboard.press("Control+End")
            page.keyboard.insert_text(f"# {number} browser\n")
            page.keyboard.press("Control+s")
            saved(page)
    lines = path.read_text(encoding="utf-8").splitlines()
    assert lines == [f"# {n} {'desktop' if n % 2 else 'browser'}" for n in range(200)]

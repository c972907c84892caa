"""From saving in the editor of `course serve` to the result on its page, in a browser."""

from __future__ import annotations

import tempfile
import time
from pathlib import Path

from course.content.catalog import catalog
from tests import browsing
from tests.serving import serving


def saved(slug: str, runs: int) -> list[float]:
    """Seconds from pressing Ctrl+Enter on a changed solution to the result that it passed, everything warm."""
    exercise = catalog().exercise(slug)
    source = exercise.solution.read_text(encoding="utf-8")
    found = []
    with (
        tempfile.TemporaryDirectory() as name,
        serving(Path(name)) as entrance,
        browsing.browser() as chromium,
    ):
        page = chromium.new_page()
        page.goto(entrance)
        page.goto(f"{entrance.partition('/?')[0]}/exercises/{slug}")
        page.locator(".cm-content").click()
        for number in range(runs + 1):
            page.keyboard.press("Control+a")
            page.keyboard.insert_text(f"{source}\n# {number}\n")
            page.evaluate(_TOLD)
            begin = time.perf_counter()
            page.keyboard.press("Control+Enter")
            page.evaluate("window.shown")
            found.append(time.perf_counter() - begin)
    return found[1:]  # the first waits for the imports


# Waits in the page itself: asking again and again from outside would measure the asking.
_TOLD = """() => {
  document.querySelector("#live > section > div")?.remove();
  window.shown = new Promise((done) => new MutationObserver((_, watch) => {
    if (document.querySelector("#live > section > div > .course-passed")) { watch.disconnect(); done(); }
  }).observe(document.getElementById("live"), { subtree: true, childList: true }));
}"""

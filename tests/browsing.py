"""Pages in Debian's Chromium: what tests of the pages share. Playwright is imported where a browser is started."""

from __future__ import annotations

import contextlib
import shutil
from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
# What Chromium says when it wants to keep the look of a selection that is typed over in an editor: ours looks by its styles.
OWN_EDITING = "Applying inline style violates"
WIDE, NARROW = {"width": 1280, "height": 900}, {"width": 390, "height": 844}


@contextlib.contextmanager
def browser() -> Iterator[object]:
    """Chromium, or a skipped test with the reason."""
    sync_api = pytest.importorskip("playwright.sync_api", reason="Playwright is not installed (extra dev)")
    if CHROMIUM is None:
        pytest.skip("there is no Chromium here (apt-get install chromium)")
    # A busy machine is slow, not wrong: playwright's own 5 s say nothing about the pages.
    sync_api.expect.set_options(timeout=60_000)
    with sync_api.sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=CHROMIUM)
        yield started
        started.close()


class Visits:
    """Browsers that open pages of one server. `outside` and `complaints` are what must stay empty."""

    def __init__(self, chromium, address, entrance) -> None:
        self._chromium, self._address, self._entrance = chromium, address, entrance
        self.contexts, self.outside, self.complaints = [], [], []
        self.allowed = ("/nowhere",)  # what may fail to load
        self.typed = False  # whether a test types over selections

    def __call__(self, code="en", theme="light", viewport=WIDE, scripts=True):
        context = self._chromium.new_context(viewport=viewport, java_script_enabled=scripts)
        self.contexts.append(context)
        for name, value in (("course-language", code), ("course-theme", theme)):
            context.add_cookies([{"name": name, "value": value, "url": self._address}])
        context.route("**/*", self._guard)
        assert context.request.get(self._entrance).ok  # from here on the browser has the key
        page = context.new_page()
        page.set_default_timeout(60_000)
        page.on("console", self._said)
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        return page

    def _guard(self, route):
        if urlsplit(route.request.url).netloc == urlsplit(self._address).netloc:
            route.continue_()
        else:
            self.outside.append(route.request.url)
            route.abort()

    def _said(self, said):
        if said.type != "error" or said.location["url"].endswith(self.allowed):
            return
        if not (self.typed and said.text.startswith(OWN_EDITING)):
            self.complaints.append(said.text)

    def close(self):
        for context in self.contexts:
            context.close()
        assert self.outside == [], self.outside
        assert self.complaints == [], self.complaints


def violations(page):
    """What axe finds: the rule and the elements."""
    axe = pytest.importorskip(
        "axe_playwright_python.sync_playwright", reason="axe is not installed (extra dev)"
    )
    found = axe.Axe().run(page)
    return [(rule["id"], [node["html"] for node in rule["nodes"]]) for rule in found.response["violations"]]

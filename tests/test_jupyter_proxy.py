"""The pages behind the real jupyter-server-proxy, below a path of JupyterHub's kind, in a browser."""

from __future__ import annotations

import contextlib
import json
import os
import socket
import subprocess
import sys
import tomllib
from importlib import metadata

import pytest

sync_api = pytest.importorskip("playwright.sync_api", reason="Playwright is not installed (extra dev)")
pytest.importorskip("jupyter_server_proxy", reason="jupyter-server-proxy is not installed (extra dev)")

from course.content.catalog import CONTENT, catalog  # noqa: E402
from tests.browsing import Visits  # noqa: E402

BASE, TOKEN = "/user/kim/", "a-token-of-the-test"
ACTIVATIONS = catalog().exercise("activations")
CONFIGURATION = """
import json, pathlib
from course.web.jupyter import setup
server = setup()
pathlib.Path("entry.json").write_text(json.dumps(server["launcher_entry"]))
c.ServerProxy.servers = {{"course": server}}
c.ServerApp.base_url = {base!r}
c.ServerApp.port = {port}
c.ServerApp.port_retries = 0
c.ServerApp.open_browser = False
c.ServerApp.allow_root = True
c.IdentityProvider.token = {token!r}
c.ServerApp.jpserver_extensions = {{"jupyter_server_proxy": True}}
"""


@pytest.fixture
def hub(tmp_path):
    """A single-user server as a hub starts one; the address of the pages behind it."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    settings = CONFIGURATION.format(base=BASE, port=port, token=TOKEN)
    (tmp_path / "settings.py").write_text(settings, encoding="utf-8")
    own = {
        "HOME": str(tmp_path), "COURSE_DATA": str(tmp_path / "data"), "COURSE_CACHE": str(tmp_path / "cache"), "COURSE_LANG": "en",
        "JUPYTER_RUNTIME_DIR": str(tmp_path / "runtime"), "JUPYTER_CONFIG_DIR": str(tmp_path / "config"), "PYTHONUNBUFFERED": "1",
        "PYTHONPATH": os.pathsep.join(filter(None, [str(CONTENT), os.environ.get("PYTHONPATH", "")])),
    }  # fmt: skip
    command = [sys.executable, "-m", "jupyter_server", "--config", str(tmp_path / "settings.py")]
    server = subprocess.Popen(
        command, cwd=tmp_path, env={**os.environ, **own}, stderr=subprocess.PIPE, text=True, encoding="utf-8"
    )
    seen = []
    for line in server.stderr:
        seen.append(line)
        if "is running at" in line:
            break
    else:
        pytest.fail("".join(seen))
    try:
        entry = json.loads((tmp_path / "entry.json").read_text(encoding="utf-8"))
        yield f"http://127.0.0.1:{port}{BASE}{entry['path_info']}&token={TOKEN}"
    finally:
        while server.poll() is None:  # a first signal may be lost between a browser's last requests
            server.terminate()
            with contextlib.suppress(subprocess.TimeoutExpired):
                server.communicate(timeout=10)


def test_the_program_registers_itself():
    with (CONTENT / "pyproject.toml").open("rb") as file:
        declared = tomllib.load(file)["project"]["entry-points"]["jupyter_serverproxy_servers"]
    entry = metadata.EntryPoint("course", declared["course"], "jupyter_serverproxy_servers")
    assert "{port}" in entry.load()()["command"]


def test_the_pages_work_behind_the_proxy(chromium, hub, tmp_path):
    address, _, _ = hub.partition("course/?")
    visits = Visits(chromium, address, hub)
    visits.typed = True
    page = visits()
    page.goto(f"{address}course/")
    page.get_by_role("link", name="Make the folder").click()
    page.get_by_role("button", name="Make this folder").click()
    page.goto(f"{address}course/exercises/activations")
    editor = page.locator(".cm-content")
    editor.click()
    page.keyboard.press("Control+a")
    page.keyboard.insert_text(ACTIVATIONS.solution.read_text(encoding="utf-8"))
    page.keyboard.press("Control+Enter")
    sync_api.expect(page.locator("#live")).to_contain_text("11/11")
    sync_api.expect(page.locator("#explanation")).to_be_visible()
    assert (
        tmp_path / "deep-learning" / "day07" / "activations.py"
    ).read_bytes() == ACTIVATIONS.solution.read_bytes()
    page.get_by_role("button", name="한국어").click()
    sync_api.expect(page.get_by_role("heading", level=1)).to_have_text("활성화 함수")
    page.get_by_role("link", name="퀴즈", exact=True).click()
    page.get_by_role("button", name="시작", exact=True).click()
    sync_api.expect(page.get_by_role("heading", level=1)).to_contain_text("문제 1")
    assert page.url.startswith(f"{address}course/quizzes/")
    names = {
        cookie["name"].split("-")[0]: cookie["path"]
        for cookie in page.context.cookies()
        if "key" in cookie["name"]
    }
    assert names == {"course": f"{BASE}course"}
    visits.close()

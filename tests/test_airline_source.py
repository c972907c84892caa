"""Which airline table is used: generated, a local file, or the original, fetched from a real server; and the command."""

from __future__ import annotations

import dataclasses
import json
import os
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pandas as pd
import pytest
from rich.cells import cell_len

from course import language
from course.content.courses import bundled
from course.content.data import fetch, kept, source
from course.content.data.errors import BadData, NoFile, NotFetched
from graders.data.airline import generated, schema

SMALL = generated.csv(generated.small(600))
COURSE = bundled()
AIRLINE = COURSE.data["airline"]
# The same, but for what the original is: a server on this machine has that.
SERVED = dataclasses.replace(AIRLINE, digest=fetch.digest("git", SMALL))
URL = f"{AIRLINE.variable}_URL"


@pytest.fixture(autouse=True)
def no_choice(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in (AIRLINE.variable, URL):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("NO_PROXY", "*")


@pytest.fixture(scope="module")
def table() -> pd.DataFrame:
    return generated.table()


# Which of the three


def test_generated_by_default_and_kept(table):
    used, frame = source.load(COURSE, AIRLINE)
    assert (used.kind, used.rows, used.path) == ("generated", 129_880, source.generated(COURSE, AIRLINE))
    assert "generated table" in used.text()
    pd.testing.assert_frame_equal(frame, table)
    pd.testing.assert_frame_equal(source.load(COURSE, AIRLINE)[1], table)
    assert [path.name for path in kept.folder(COURSE, AIRLINE).iterdir()] == [
        source.generated(COURSE, AIRLINE).name
    ]


def test_a_damaged_cache_is_built_again(table):
    source.load(COURSE, AIRLINE)
    source.generated(COURSE, AIRLINE).write_text("satisfaction\nyes\n")
    pd.testing.assert_frame_equal(source.load(COURSE, AIRLINE)[1], table)
    assert source.generated(COURSE, AIRLINE).read_bytes() == generated.csv(table)


def test_a_cache_that_cannot_be_written(monkeypatch, tmp_path, table):
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("COURSE_CACHE", str(tmp_path / "file"))
    used, frame = source.load(COURSE, AIRLINE)
    assert used.path is None
    assert len(frame) == len(table)


def test_a_local_file(monkeypatch, tmp_path):
    (tmp_path / "mine.csv").write_bytes(SMALL)
    used, frame = source.load(COURSE, AIRLINE, tmp_path / "mine.csv")
    assert (used.kind, used.rows, len(frame)) == ("local", 600, 600)
    assert "mine.csv" in used.text()
    monkeypatch.setenv(AIRLINE.variable, str(tmp_path / "mine.csv"))
    assert source.choose(COURSE, AIRLINE).kind == "local"
    with pytest.raises(NoFile, match=r"none\.csv \(--path\)"):
        source.load(COURSE, AIRLINE, tmp_path / "none.csv")
    monkeypatch.setenv(AIRLINE.variable, str(tmp_path))
    with pytest.raises(NoFile, match=r"\(COURSE_AIRLINE\)"):
        source.load(COURSE, AIRLINE)


# Fetching: a real server on this machine

Respond = Callable[[BaseHTTPRequestHandler, bytes], None]


def whole(handler: BaseHTTPRequestHandler, data: bytes) -> None:
    handler.send_response(200)
    handler.send_header("Content-Length", str(len(data)))
    handler.end_headers()
    handler.wfile.write(data)


def cut_off(handler: BaseHTTPRequestHandler, data: bytes) -> None:
    """Announces more than it sends."""
    handler.send_response(200)
    handler.send_header("Content-Length", str(len(data)))
    handler.end_headers()
    handler.wfile.write(data[: len(data) // 2])
    handler.close_connection = True


def cut_off_unannounced(handler: BaseHTTPRequestHandler, data: bytes) -> None:
    """Without a length, only the bytes themselves tell."""
    handler.send_response(200)
    handler.end_headers()
    handler.wfile.write(data[:-1])


def altered_bytes(handler: BaseHTTPRequestHandler, data: bytes) -> None:
    whole(handler, data.replace(b"Male", b"male", 1))


def portal(handler: BaseHTTPRequestHandler, data: bytes) -> None:
    whole(handler, b"<html>Please log in</html>")


def absent(handler: BaseHTTPRequestHandler, data: bytes) -> None:
    handler.send_error(404)


@pytest.fixture
def serve(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[Respond], list[str]]]:
    """Serve the file by this behaviour; what was asked for is in the list it returns."""
    servers = []

    def start(respond: Respond) -> list[str]:
        asked: list[str] = []

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                asked.append(self.path)
                respond(self, SMALL)

            def log_message(self, *args: object) -> None:
                pass

        server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        servers.append(server)
        threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
        monkeypatch.setenv(URL, f"http://127.0.0.1:{server.server_address[1]}/")
        return asked

    yield start
    for server in servers:
        server.shutdown()
        server.server_close()


def left() -> list[str]:
    return [path.name for path in kept.folder(COURSE, AIRLINE).glob("*")]


def test_what_the_original_is():
    assert fetch.digest("git", b"hello\n") == "git:ce013625030ba8dba906f756967f9e9ca394464a"
    assert AIRLINE.digest == "git:4ba088833bc025169884bd6ba2d49ec5bef8d992"
    assert (
        fetch.url(AIRLINE)
        == "https://raw.githubusercontent.com/kgpark88/bigdata/main/code/Invistico_Airline.csv"
    )


def test_the_right_bytes_are_accepted(serve):
    asked = serve(whole)
    path = fetch.fetch(COURSE, SERVED)
    assert path.read_bytes() == SMALL
    assert asked == ["/kgpark88/bigdata/main/code/Invistico_Airline.csv"]
    assert left() == ["Invistico_Airline.csv"]
    used, frame = source.load(COURSE, SERVED)
    assert (used.kind, used.path, len(frame)) == ("original", path, 600)
    assert "the original, downloaded" in used.text()
    fetch.fetch(COURSE, SERVED)
    assert len(asked) == 1  # what is there and right is not fetched again


@pytest.mark.parametrize(
    ("respond", "says"),
    [
        (altered_bytes, "not the original file"),
        (portal, "sent 26 bytes that are not the original file"),
        (cut_off, "cut off"),
        (cut_off_unannounced, "not the original file"),
        (absent, "answered 404"),
    ],
)
def test_anything_else_is_refused(serve, respond, says):
    serve(respond)
    with pytest.raises(NotFetched) as caught:
        fetch.fetch(COURSE, SERVED)
    assert says in str(caught.value)
    assert "Nothing was kept" in str(caught.value)
    assert left() == []
    assert source.choose(COURSE, AIRLINE).kind == "generated"


def test_a_transfer_without_end_is_left(serve, monkeypatch):
    monkeypatch.setattr(fetch, "_MOST_BYTES", 1000)
    serve(whole)
    with pytest.raises(NotFetched, match="1,000 bytes"):
        fetch.fetch(COURSE, SERVED)
    assert left() == []


def test_an_original_altered_later_is_not_used(serve):
    serve(whole)
    path = fetch.fetch(COURSE, SERVED)
    path.write_bytes(SMALL + b"\n")
    with pytest.raises(BadData, match="no longer the original"):
        source.load(COURSE, SERVED)
    assert fetch.fetch(COURSE, SERVED).read_bytes() == SMALL


def test_an_original_that_an_earlier_version_fetched_is_used():
    earlier = Path(os.environ["COURSE_CACHE"]) / "airline" / AIRLINE.file
    earlier.parent.mkdir(parents=True)
    earlier.write_bytes(SMALL)
    used, frame = source.load(COURSE, SERVED)
    assert (used.kind, used.path, len(frame)) == ("original", kept.original(COURSE, SERVED), 600)


def test_a_cache_that_cannot_take_it(serve, monkeypatch, tmp_path):
    serve(whole)
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("COURSE_CACHE", str(tmp_path / "file"))
    with pytest.raises(NotFetched, match="can't be written"):
        fetch.fetch(COURSE, SERVED)


def test_the_progress_bar(serve):
    from io import StringIO

    from rich.console import Console
    from rich.progress import Progress

    from course.cli.data import _Bar

    serve(whole)
    with Progress(console=Console(file=StringIO())) as shown:
        fetch.fetch(COURSE, SERVED, _Bar(shown))
    assert shown.finished


# The command


def course(*arguments: str, expect: int = 0, **environment: str) -> str:
    done = subprocess.run(
        [sys.executable, "-m", "course", "data", "airline", *arguments],
        env={**os.environ, "COLUMNS": "80", **environment},
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )
    assert done.returncode == expect, done.stdout + done.stderr
    assert "Traceback" not in done.stderr
    return done.stdout + done.stderr


def test_without_a_network():
    # Port 9 of this machine: nobody listens.
    said = course("--fetch", expect=1, **{URL: "http://127.0.0.1:9"})
    assert "can't be reached: is there a network?" in said
    assert "--path FILE" in said
    assert left() == []


def test_the_command_shows_what_is_there():
    shown = course()
    for text in (
        "generated",
        "129,880",
        "23",
        "71,087 (54.73%)",
        "Arrival Delay in Minutes: 393",
        "not downloaded",
    ):
        assert text in shown
    assert "made-up passengers" in shown
    facts = json.loads(course("--json"))
    assert facts["source"] == "generated"
    assert facts["path"] == facts["there"]["generated"] == str(source.generated(COURSE, AIRLINE))
    assert (facts["rows"], facts["columns"], facts["satisfied"]) == (129_880, 23, 71_087)
    assert facts["missing"] == {"Arrival Delay in Minutes": 393}


@pytest.mark.parametrize("code", language.languages())
def test_the_command_fits_80_columns(code, tmp_path):
    folder = tmp_path / ("long" * 30)
    folder.mkdir()
    (folder / "mine.csv").write_bytes(SMALL)
    shown = course("--path", str(folder / "mine.csv"), "--lang", code)
    assert max(cell_len(line) for line in shown.splitlines()) <= 80
    assert ("항공사" in shown) == (code == "ko")


def test_the_command_names_what_is_wrong(tmp_path):
    lines = SMALL.decode().splitlines(keepends=True)
    fields = lines[41].split(",")
    fields[schema.COLUMNS.index("Age")] = "old"
    (tmp_path / "bad.csv").write_text("".join([*lines[:41], ",".join(fields), *lines[42:]]))
    assert 'bad.csv: Line 42, column "Age"' in course("--path", str(tmp_path / "bad.csv"), expect=1)
    assert "41" not in course("--path", str(tmp_path / "bad.csv"), "--lang", "ko", expect=1).split("csv")[-1]
    assert "There is no file none.csv (--path)" in course("--path", "none.csv", expect=2)
    assert "give one" in course("--path", "none.csv", "--fetch", expect=2)
    assert "COURSE_AIRLINE" in course(expect=2, COURSE_AIRLINE="none.csv")


def test_the_command_line_starts_without_numpy():
    program = "import sys; import course.cli.tree; print({'numpy', 'pandas', 'pooch', 'requests'} & set(sys.modules))"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "set()"

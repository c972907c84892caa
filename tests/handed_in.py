"""What strangers hand in, drawn by hypothesis: archives, notebooks, sources, kinds of files, names.

`hand_ins()` draws one: it is written beside the class's other folders under a name that sorts where it is asked to. `told`
says that something in it can certainly not be graded, so that a reason must stand in its row.
"""

from __future__ import annotations

import copy
import functools
import io
import json
import os
import stat
import struct
import warnings
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st

from tests.conftest import solution

SLUGS = ("lstm_gates", "rnn_forward")
_UTF8, _ENCRYPTED = 0x800, 0x1


@dataclass(frozen=True)
class HandIn:
    """One student's: `kind` for a failing test's message, a folder's name in bytes, and what writes its contents."""

    kind: str
    name: bytes
    write: Callable[[Path], None]
    told: bool = False

    def lay(self, class_: Path, place: str, number: int) -> None:
        """Write it as a folder; the number keeps names apart, the place says where it is graded."""
        name = f"{place}{number:02}".encode() + self.name
        folder = Path(os.fsdecode(os.fsencode(class_) + b"/" + name[:255]))
        folder.mkdir()
        self.write(folder)

    def __repr__(self) -> str:
        return f"{self.kind} in {self.name[:20]!r}"


# Names ------------------------------------------------------------------------------------------------------------------

ODD_NAMES = [
    b"", b".", b"..", b"/", b"/etc/x.py", b"../x.py", b"../../lstm_gates.py", b"C:\\x.py", b"a:b.py", b"x//y.py", b"./lstm_gates.py",
    b"lstm_gates.py", b"LSTM_Gates.PY", b"day10/lstm_gates.py", b"day10/lstm_gates.py/", b"solutions/day10/lstm_gates.py",
    b"\xff\xfe.py", "\uacfc\uc81c.py".encode("cp949"), "\u202ecod.py".encode(), b"\x1b[31m.py", b"a\nb.py", b"=cmd|x.py", b"x" * 255 + b".py",
    b"lstm_gates (1).py", b"lstm_gates-2.py", b".hidden.py", b"day10.ipynb", b"inner.zip", b"work.rar",
]  # fmt: skip
FOLDER_NAMES = [
    b"", b"kim", b"a b", "\uae40\ud558\ub298".encode(), "\uae40\ud558\ub298".encode("cp949"), b"\xff\xfe", b"x" * 260, "\u202e\u2066".encode(),
    b"\x1b[2J", b"new\nline", b"=HYPERLINK(1)", b"'quote\"", b"<script>alert(1)</script>", b"%2F", b"end.", b"solutions", b"day10",
    b" (1)", b"-1", b".zip", b"{name}",
]  # fmt: skip


def member_names() -> st.SearchStrategy[bytes]:
    return st.sampled_from(ODD_NAMES) | st.binary(max_size=12) | st.text(max_size=8).map(
        lambda text: text.encode("utf-8", "replace") + b".py"
    )  # fmt: skip


def folder_names() -> st.SearchStrategy[bytes]:
    drawn = st.text(max_size=6).map(lambda text: text.encode("utf-8", "replace"))
    return (st.sampled_from(FOLDER_NAMES) | drawn).map(
        lambda name: name.replace(b"/", b"_").replace(b"\0", b"_")
    )


# Archives ---------------------------------------------------------------------------------------------------------------


class _Entry(zipfile.ZipInfo):
    """A member with any bytes for a name."""

    def __init__(self, name: bytes, flags: int) -> None:
        super().__init__("x")
        self._raw, self._flags = name, flags

    def _encodeFilenameFlags(self) -> tuple[bytes, int]:  # noqa: N802
        return self._raw, self._flags


@st.composite
def archives(draw: st.DrawFn, depth: int = 0) -> bytes:
    """A zip's bytes: names, methods, flags, links, nesting and bombs; then perhaps damaged."""
    if draw(st.integers(0, 9)) == 9:
        return draw(
            st.sampled_from(
                [_bomb_by_size(), _bomb_by_count(), _many_bombs(), _nested(6), b"", b"PK\x05\x06" + bytes(18)]
            )
        )
    written = io.BytesIO()
    with warnings.catch_warnings(), zipfile.ZipFile(written, "w") as archive:
        warnings.simplefilter("ignore")  # names that are there twice
        for _ in range(draw(st.integers(1, 4))):
            entry = _Entry(draw(member_names()), draw(st.sampled_from([0, _UTF8])))
            entry.compress_type = draw(
                st.sampled_from(
                    [zipfile.ZIP_DEFLATED, zipfile.ZIP_STORED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA]
                )
            )
            if draw(st.integers(0, 5)) == 5:
                entry.external_attr = (stat.S_IFLNK | 0o777) << 16
            inner = archives(depth + 1) if depth < 2 else st.just(b"")
            data = draw(
                st.sampled_from([solution(slug).encode() for slug in SLUGS])
                | st.binary(max_size=40)
                | inner
                | sources().map(str.encode)
            )
            with archive.open(entry, "w", force_zip64=draw(st.booleans())) as member:
                member.write(data)
        archive.comment = draw(st.binary(max_size=20))
    return draw(damaged(written.getvalue()))


@st.composite
def damaged(draw: st.DrawFn, data: bytes) -> bytes:
    """As it is, cut, with bytes changed at random, or with bits and names of its headers changed."""
    kind = draw(st.sampled_from(["whole", "whole", "cut", "bytes", "encrypted", "local name", "method"]))
    changed = bytearray(data)
    if kind == "cut":
        return data[: draw(st.integers(0, len(data)))]
    if kind == "bytes":
        for _ in range(draw(st.integers(1, 12))):
            changed[draw(st.integers(0, len(data) - 1))] = draw(st.integers(0, 255))
    for mark, flags, method in ((b"PK\x03\x04", 6, 8), (b"PK\x01\x02", 8, 10)):
        place = data.find(mark)
        while place >= 0 and place + 30 < len(data):
            if kind == "encrypted":
                changed[place + flags] |= _ENCRYPTED
            elif kind == "method":
                changed[place + method : place + method + 2] = struct.pack(
                    "<H", draw(st.sampled_from([0, 8, 12, 14, 9, 99]))
                )
            elif kind == "local name" and mark == b"PK\x03\x04":
                changed[place + flags + 1] |= _UTF8 >> 8
                changed[place + 30] = 0xFF
            place = data.find(mark, place + 4)
    return bytes(changed)


@functools.cache
def _bomb_by_size() -> bytes:
    return _zip({"lstm_gates.py": bytes(64 << 20)})


@functools.cache
def _many_bombs() -> bytes:
    return _zip({f"{number}.py": bytes(20 << 20) for number in range(40)}, zipfile.ZIP_BZIP2)


@functools.cache
def _bomb_by_count() -> bytes:
    return _zip({f"{number}.py": b"" for number in range(25_000)})


@functools.cache
def _nested(depth: int) -> bytes:
    return _zip({"inner.zip": _nested(depth - 1)} if depth else {"lstm_gates.py": b"pass"})


def _zip(files: dict[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w", method) as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return written.getvalue()


# Sources ----------------------------------------------------------------------------------------------------------------

EXCEPTIONS = [
    "class E(BaseException):\n    def __str__(self): raise self\nraise E",
    "class E(Exception):\n    __module__ = 5\n    def __repr__(self): return 'x' * 10**7\nraise E(E())",
    "raise type('x' * 100_000, (Exception,), {})('\\x1b[31m\\u202e<script>')",
    "raise ExceptionGroup('g', [ValueError(n) for n in range(9999)])",
    "raise KeyboardInterrupt", "raise SystemExit('bye')", "raise GeneratorExit", "raise StopIteration", "raise MemoryError('x')",
    "import os; os._exit(0)", "import os; os.abort()", "import os, signal; os.kill(os.getpid(), signal.SIGSEGV)",
    "import sys; sys.stdout.write('x' * 10**7)", "import os; os.chmod(os.path.dirname(os.environ['HOME']), 0)",
    "import os; os.chmod(os.environ['HOME'], 0)", "def f(): f()\nf()", "import threading; [threading.Thread(target=print).start() for _ in range(50)]",
    "import os\np = os.environ['HOME']\nfor n in range(300):\n    p += '/d'\n    os.mkdir(p)",
    "import sys; sys.modules.clear()", "import builtins; builtins.__import__ = None", "import gc; [x.clear() for x in gc.get_objects() if type(x) is dict]",
    "raise UnicodeDecodeError('utf-8', b'x' * 10**6, 0, 1, '\\udcff')", "e = ValueError(); e.__cause__ = e; raise e",
]  # fmt: skip
ODD_SOURCES = [
    "x = 1" + "+1" * 1_500, "x = " + "(" * 400 + ")" * 400, "x = " + "[" * 90 + "]" * 90, "x = " + "-" * 50_000 + "1", "f" + "()" * 20_000,
    "x = '\0'", "\ufeffx = 1", "# coding: rot13\nx = 1", "# coding: punycode\nx", "# coding: unicode_escape\nx = '\\\\udcff'", "if 1:\n" * 90 + "pass",
    "x = " + "9" * 5_000, "import numpy as np\n" * 5_000, "%%bash\nrm -rf /", "!pip install x\n" * 200, "%magic\n" * 2_000, "?" * 3_000, "",
    "def lstm_gates(*a, **k): return ...", "lstm_gates = rnn_step = print", "# exercise: lstm_gates\nx", "\r" * 4_000, "x\r\r\ny", "\f\v\x85", "def (",
    "match x:\n  case " + "|".join("1" * 1 for _ in range(900)) + ": pass", "lambda: " * 900 + "1", "@" + "a." * 3_000 + "b\ndef f(): pass",
]  # fmt: skip


def sources() -> st.SearchStrategy[str]:
    """The text of a file or a cell."""
    later = st.sampled_from([solution(slug) for slug in SLUGS])
    odd = (
        st.sampled_from(EXCEPTIONS)
        | st.sampled_from(ODD_SOURCES)
        | st.text(max_size=60).map(lambda text: text.encode("utf-8", "replace").decode())
    )
    return odd | st.tuples(later, odd).map("\n\n".join)


# Notebooks --------------------------------------------------------------------------------------------------------------

_ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner, max_size=3),
    max_leaves=6,
)
_RAW = [
    b"", b"{", b"null", b"[]", b"[" * 100_000, b'{"a":' * 50_000, b"\xff\xfe{", b"\xef\xbb\xbf{}", '{"nbformat": 4}'.encode("utf-16"),
    b'{"nbformat": 4, "cells": ' + b"9" * 5_000 + b"}", b'{"nbformat": 4, "cells": NaN}', b'{"nbformat": 4, "nbformat": 4, "cells": {}}',
    b'{"nbformat": 4, "metadata": {}, "cells": [{"cell_type": "code", "source": "\\ud800"}]}', bytes(1_000),
]  # fmt: skip


@st.composite
def cells(draw: st.DrawFn) -> Any:
    """A cell: mostly one, sometimes anything."""
    if draw(st.integers(0, 9)) == 9:
        return draw(_ANYTHING)
    source: Any = draw(
        sources() | st.sampled_from(["<script>alert(1)</script>", "\ud800", "x = 1\n" * 30_000])
    )
    if draw(st.booleans()) and isinstance(source, str):
        source = source.splitlines(keepends=True)
    names = (
        st.sampled_from(
            [
                "lstm_gates",
                "lstm_gates-tests",
                "unknown",
                "",
                "../x",
                "quiz-lstm_parameters-answer",
                "x" * 300,
            ]
        )
        | _ANYTHING
    )
    about = {
        "grade_id": draw(names),
        "solution": draw(st.booleans()),
        "grade": draw(st.booleans()),
        "locked": draw(st.booleans()),
        "schema_version": draw(st.sampled_from([1, 3, 99, None])),
    }
    cell = {
        "cell_type": draw(st.sampled_from(["code", "code", "markdown", "raw", "heading", "?", None])),
        "metadata": draw(st.just({"nbgrader": about}) | st.just({}) | st.none() | _ANYTHING),
        "source": draw(st.just(source) | _ANYTHING) if draw(st.integers(0, 5)) == 5 else source,
        "outputs": [], "execution_count": None,
    }  # fmt: skip
    if draw(st.integers(0, 9)) == 9:
        del cell[draw(st.sampled_from(sorted(cell)))]
    return cell


@st.composite
def notebooks(draw: st.DrawFn) -> bytes:
    """A notebook's bytes."""
    if draw(st.integers(0, 4)) == 4:
        return draw(st.sampled_from(_RAW))
    made = {
        "cells": draw(
            st.lists(cells(), max_size=6) | _ANYTHING
            if draw(st.integers(0, 9)) == 9
            else st.lists(cells(), max_size=6)
        ),
        "metadata": draw(st.just({}) | _ANYTHING),
        "nbformat": draw(st.sampled_from([4, 4, 4, 4, 3, 5, "4", None, -1, 4.0, 10**30])),
        "nbformat_minor": draw(st.sampled_from([5, 0, 99, None])),
    }
    data = json.dumps(made).encode()
    return data if draw(st.integers(0, 5)) else data[: draw(st.integers(0, len(data)))]


@st.composite
def edited(draw: st.DrawFn, released: Path) -> bytes:
    """A notebook's bytes: that of an assignment, with things done to it."""
    made = json.loads(released.read_text(encoding="utf-8"))
    for _ in range(draw(st.integers(1, 8))):
        found = made["cells"]
        if not isinstance(found, list) or not found:
            break
        place = draw(st.integers(0, len(found) - 1))
        cell = found[place]
        what = draw(
            st.sampled_from(["source", "source", "key", "about", "drop", "double", "move", "add", "rest"])
        )
        if what == "drop":
            del found[place]
        elif what == "double":
            found.insert(draw(st.integers(0, len(found))), copy.deepcopy(cell))
        elif what == "move":
            found.insert(draw(st.integers(0, len(found) - 1)), found.pop(place))
        elif what == "add":
            found.insert(place, draw(cells()))
        elif what == "rest":
            made[draw(st.sampled_from(sorted(made)))] = draw(_ANYTHING)
        elif isinstance(cell, dict):
            about = cell.get("metadata")
            if what == "about" and isinstance(about, dict) and isinstance(about.get("nbgrader"), dict):
                key = draw(st.sampled_from([*sorted(about["nbgrader"]), "points", "grade_id"]))
                about["nbgrader"][key] = draw(
                    _ANYTHING | st.sampled_from(["lstm_gates", "rnn_forward-tests", "team_project-report"])
                )
            elif what == "key":
                cell[draw(st.sampled_from([*sorted(cell), "attachments", "outputs", "id"]))] = draw(_ANYTHING)
            else:
                cell["source"] = draw(sources())
    data = json.dumps(made).encode()
    return data if draw(st.integers(0, 7)) else data[: draw(st.integers(0, len(data)))]


def assignments(released: Path) -> st.SearchStrategy[HandIn]:
    """One student's hand-in of an assignment, as nbgrader collects it: a notebook, its name, and the notes beside it."""
    return st.builds(
        _assignment,
        folder_names(),
        edited(released) | notebooks(),
        st.sampled_from(_NOTES) | st.binary(max_size=30),
        st.sampled_from([None, None, None, *(make for make, _ in KINDS[:10])]),
    )


_NOTES = [
    b"2026-03-02 10:00:00 UTC", b"yesterday", b"", b"\xff\xfe", b"9999-12-31 23:59:59 -9999", b"0001-01-01 +2359", b"1" * 5_000, b"\0",
    "\u202e2026".encode(), b"2026-03-02 10:00:00 Asia/Seoul\n\n", b"inf", b"-1",
]  # fmt: skip


def _assignment(name: bytes, data: bytes, note: bytes, make: Callable[[Path], None] | None) -> HandIn:
    def write(folder: Path) -> None:
        _put(folder / "day10" / "day10.ipynb", data)
        _put(folder / "day10" / "timestamp.txt", note)
        if make is not None:
            make(folder / "day10" / "submission_secret.txt")

    return HandIn(f"{data[:60]!r}, {note[:20]!r}, {make.__name__ if make else 'no secret'}", name, write)


# Kinds of files ---------------------------------------------------------------------------------------------------------


def _fifo(path: Path) -> None:
    os.mkfifo(path)


def _socket(path: Path) -> None:
    os.mknod(path, stat.S_IFSOCK | 0o600)


def _link(path: Path) -> None:
    path.symlink_to("/etc/passwd")


def _loop(path: Path) -> None:
    path.symlink_to(path.name)


def _link_to_a_folder(path: Path) -> None:
    path.symlink_to("..")


def _folder(path: Path) -> None:
    path.mkdir()
    (path / "lstm_gates.py").write_text("pass")


def _unreadable(path: Path) -> None:
    path.write_text(solution("lstm_gates"))
    path.chmod(0)


def _closed_folder(path: Path) -> None:
    path.mkdir()
    path.chmod(0)


def _sparse(path: Path) -> None:
    with path.open("wb") as file:
        file.truncate(1 << 40)


def _empty(path: Path) -> None:
    path.touch()


def _deep(path: Path) -> None:
    folder = path.with_suffix("")
    for _ in range(100):
        folder /= "d"
    folder.mkdir(parents=True)
    (folder / path.name).write_text("pass")


def _many(path: Path) -> None:
    for number in range(700):
        (path.parent / f"file{number}.py").write_text("x = 1")


def _document(path: Path) -> None:
    (path.parent / "report.pdf").write_bytes(b"%PDF")


# What writes it, and whether there must be a word about it. Root reads what is closed, an ordinary user's command does not.
KINDS: list[tuple[Callable[[Path], None], bool]] = [
    (_fifo, True), (_socket, True), (_link, True), (_loop, True), (_link_to_a_folder, True), (_folder, False), (_unreadable, True),
    (_closed_folder, True), (_sparse, True), (_empty, False), (_deep, True), (_many, True), (_document, True),
]  # fmt: skip


@st.composite
def hand_ins(draw: st.DrawFn) -> HandIn:
    """One student's hand-in."""
    name = draw(folder_names())
    what = draw(st.sampled_from(["archive", "notebook", "source", "kind"]))
    if what == "archive":
        data = draw(archives())
        return HandIn(
            f"{what} {data[:8]!r} of {len(data)} bytes", name, lambda folder: _put(folder / "work.zip", data)
        )
    if what == "notebook":
        data = draw(notebooks())
        return HandIn(
            f"{what} {data[:60]!r}", name, lambda folder: _put(folder / "day10" / "day10.ipynb", data)
        )
    slug = draw(st.sampled_from(SLUGS))
    if what == "source":
        source = draw(sources())
        return HandIn(
            f"{what} {source[:60]!r}",
            name,
            lambda folder: _put(folder / "day10" / f"{slug}.py", source.encode()),
        )
    make, told = draw(st.sampled_from(KINDS))
    return HandIn(make.__name__, name, lambda folder: make(folder / f"{slug}.py"), told)


def _put(path: Path, data: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)


def drawn(count: int, number: int, of: st.SearchStrategy[HandIn] | None = None) -> list[HandIn]:
    """So many hand-ins of this seed."""
    found: list[HandIn] = []

    @seed(number)
    @settings(
        max_examples=count,
        deadline=None,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(stranger=hand_ins() if of is None else of)
    def collect(stranger: HandIn) -> None:
        found.append(stranger)

    collect()
    return found


# What ended whole classes once ------------------------------------------------------------------------------------------


def _member(name: bytes, flags: int = 0, method: int = zipfile.ZIP_DEFLATED) -> bytes:
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w") as archive:
        entry = _Entry(name, flags)
        entry.compress_type = method
        archive.writestr(entry, solution("lstm_gates"))
    return written.getvalue()


def _broken_lzma() -> bytes:
    data = bytearray(_member(b"lstm_gates.py", method=zipfile.ZIP_LZMA))
    data[43:52] = b"\xff" * 9
    return bytes(data)


def _foreign_local_name() -> bytes:
    data = bytearray(_member(b"lstm_gates.py"))
    data[7] |= _UTF8 >> 8
    data[30] = 0xFF
    return bytes(data)


def _zipped(data: Callable[[], bytes]) -> Callable[[Path], None]:
    return lambda folder: _put(folder / "work.zip", data())


def _notebook(source: str) -> Callable[[Path], None]:
    cell = {"cell_type": "code", "source": source, "metadata": {}, "outputs": [], "execution_count": None}
    made = {"cells": [cell], "metadata": {}, "nbformat": 4, "nbformat_minor": 5}
    return lambda folder: _put(folder / "day10" / "day10.ipynb", json.dumps(made).encode())


def _kind(make: Callable[[Path], None]) -> Callable[[Path], None]:
    return lambda folder: make(folder / "lstm_gates.py")


def _source(text: str) -> Callable[[Path], None]:
    return lambda folder: _put(folder / "lstm_gates.py", text.encode())


KNOWN = [
    HandIn("a sum of 1,500 terms", b"", _notebook("def lstm_gates():\n    return x" + "+1" * 1_500)),
    HandIn('a member named "."', b"", _zipped(lambda: _member(b".")), told=True),
    HandIn("a member without a name", b"", _zipped(lambda: _member(b"")), told=True),
    HandIn("a damaged LZMA header", b"", _zipped(_broken_lzma), told=True),
    HandIn("a local name that is not UTF-8", b"", _zipped(_foreign_local_name), told=True),
    HandIn("a folder's name in cp949", "\uae40\ud558\ub298".encode("cp949"), _source("pass")),
    HandIn("a folder's name of 255 bytes", b"x" * 255, _source("pass")),
    HandIn("40 members of 20 MB in 5 KB", b"", _zipped(_many_bombs), told=True),
    HandIn("nothing but a link", b"", _kind(_link), told=True),
    HandIn("nothing but a FIFO", b"", _kind(_fifo), told=True),
    HandIn("nothing but a document", b"", _kind(_document), told=True),
    HandIn(
        "a closed scratch folder", b"", _source("import os; os.chmod(os.path.dirname(os.environ['HOME']), 0)")
    ),
    HandIn("a closed folder", b"", _kind(_closed_folder), told=True),
]

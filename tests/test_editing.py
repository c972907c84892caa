"""A learner's file saved by an editor: in one step, only over the version it was made from, whoever else writes meanwhile."""

from __future__ import annotations

import contextlib
import os
import random
import secrets
from concurrent.futures import ThreadPoolExecutor

import pytest

from course.content.catalog import catalog
from course.learner import editing, workspace
from course.learner.subject import Unreadable

GATES = catalog().exercise("lstm_gates")


@pytest.fixture
def folder(tmp_path):
    workspace.start(tmp_path / "work")
    return tmp_path / "work"


@pytest.fixture
def path(folder):
    return workspace.locate(GATES, folder)


def save(folder, text, version):
    return editing.saved(GATES, folder, text, version.digest)


def test_a_text_is_saved_over_the_version_it_was_made_from(folder, path):
    first = editing.opened(GATES, folder)
    assert first.text == GATES.stub.read_text(encoding="utf-8")
    second = save(folder, "가 = 1\n", first)
    assert path.read_text(encoding="utf-8") == "가 = 1\n"
    assert editing.opened(GATES, folder) == second
    assert [each.name for each in path.parent.iterdir() if "part" in each.name] == []


def test_another_version_on_disk_is_left_as_it_is(folder, path):
    version = editing.opened(GATES, folder)
    path.write_text("theirs = 1\n", encoding="utf-8")
    with pytest.raises(editing.Changed):
        save(folder, "mine = 1\n", version)
    assert path.read_text(encoding="utf-8") == "theirs = 1\n"


def test_a_file_that_is_missing_is_made_but_not_over_one_that_came_meanwhile(folder, path):
    path.unlink()
    missing = editing.opened(GATES, folder)
    assert missing == editing.Version("", "")
    save(folder, "a = 1\n", missing)
    with pytest.raises(editing.Changed):
        save(folder, "b = 1\n", missing)
    assert path.read_text(encoding="utf-8") == "a = 1\n"


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (b"a = 1\r\nb = 2\r\n", "a = 1\r\nc = '가'\r\n".encode()),
        (b"\xef\xbb\xbfa = 1\nb = 2\n", b"\xef\xbb\xbf" + "a = 1\nc = '가'\n".encode()),
        (
            "# coding: cp949\na = 1\nb = 2\n".encode("cp949"),
            "# coding: cp949\na = 1\nc = '가'\n".encode("cp949"),
        ),
    ],
    ids=["line ends of Windows", "byte order mark", "CP949 by its coding line"],
)
def test_the_form_of_the_file_stays(folder, path, before, after):
    path.write_bytes(before)
    version = editing.opened(GATES, folder)
    save(folder, version.text.replace("b = 2", "c = '가'"), version)
    assert path.read_bytes() == after


def test_what_cannot_be_written_is_said_and_nothing_is_touched(folder, path):
    path.write_bytes(b"# coding: ascii\n")
    version = editing.opened(GATES, folder)
    for text in ("# coding: ascii\n가\n", "x" * (workspace.MOST_BYTES + 1)):
        with pytest.raises(Unreadable):
            save(folder, text, version)
    assert path.read_bytes() == b"# coding: ascii\n"
    path.write_bytes("가".encode("utf-16"))
    with pytest.raises(Unreadable):
        editing.opened(GATES, folder)


@pytest.mark.skipif(os.name == "nt", reason="making links takes rights there")
def test_a_link_that_leads_out_is_neither_read_nor_written(folder, path, tmp_path):
    outside = tmp_path / "outside.py"
    outside.write_text("secret = 1\n", encoding="utf-8")
    path.unlink()
    path.symlink_to(outside)
    for attempt in (lambda: editing.opened(GATES, folder), lambda: editing.saved(GATES, folder, "x", "")):
        with pytest.raises(Unreadable, match="leads outside"):
            attempt()
    assert outside.read_text(encoding="utf-8") == "secret = 1\n"


def test_permissions_stay(folder, path):
    path.chmod(0o640)
    save(folder, "a = 1\n", editing.opened(GATES, folder))
    assert path.stat().st_mode & 0o777 == 0o640


def test_backups_of_one_second_are_all_kept(folder):
    texts = [f"version = {n}\n" for n in range(5)]
    paths = [editing.kept(GATES, folder, text) for text in texts]
    assert [path.read_text(encoding="utf-8") for path in paths] == texts


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_two_hundred_saves_of_two_editors_lose_nothing(folder, path, seed):
    """Each adds a line; one that meets another version takes that one's lines in, as its user would."""
    chance = random.Random(seed)
    kept = {name: editing.opened(GATES, folder) for name in ("browser", "desktop")}
    for number in range(200):
        name = chance.choice(list(kept))
        line = f"# {name} {number}\n"
        try:
            kept[name] = save(folder, kept[name].text + line, kept[name])
        except editing.Changed:
            there = editing.opened(GATES, folder)
            kept[name] = save(folder, there.text + line, there)
    lines = path.read_text(encoding="utf-8").splitlines()
    assert [int(line.rpartition(" ")[2]) for line in lines[-200:]] == list(range(200))


@pytest.mark.skipif(editing.exchange() is None, reason="the system cannot exchange two files in one step")
def test_no_version_that_another_program_wrote_is_ever_replaced_unseen(folder, path):
    """Another program puts versions there as fast as it can, and notes whatever it displaces."""
    swap = editing.exchange()
    written, displaced, ours = [], [], []

    def other():
        for number in range(300):
            part = path.with_name(f"other.{secrets.token_hex(4)}")
            part.write_text(f"other = {number}\n", encoding="utf-8")
            written.append(f"other = {number}\n")
            assert swap(part, path)
            displaced.append(part.read_text(encoding="utf-8"))
            part.unlink()

    seen, number = set(), 0
    with ThreadPoolExecutor(1) as pool:
        running = pool.submit(other)
        while not running.done() or number < 50:
            version = editing.opened(GATES, folder)
            number += 1
            try:
                save(folder, f"ours = {number}\n", version)
            except editing.Changed:
                continue
            seen.add(version.text)
            ours.append(f"ours = {number}\n")
        running.result()
    last = path.read_text(encoding="utf-8")
    backups = [each.read_text(encoding="utf-8") for each in (folder / workspace.BACKUPS).rglob("*.py")]
    # Every version of either was displaced by the other program, or known to us when we replaced it, or is there, or kept.
    assert set(written) <= {*displaced, *seen, last, *backups}
    assert set(ours) <= {*displaced, *seen, last, *backups}


@pytest.mark.skipif(editing.exchange() is None, reason="the system cannot exchange two files in one step")
@pytest.mark.parametrize("seed", range(40))
def test_whenever_others_write_it_ends_and_every_version_is_somewhere(folder, path, monkeypatch, seed):
    """Before and after every exchange, other programs replace, or delete, what is there."""
    chance, swap = random.Random(seed), editing.exchange()
    written, seen = [], []

    def others():
        if len(written) == 30 or chance.random() < 0.4:
            return
        with contextlib.suppress(FileNotFoundError):
            seen.append(path.read_text(encoding="utf-8"))
            if chance.random() < 0.1:
                path.unlink()
                return
        written.append(f"other = {len(written)}\n")
        path.write_text(written[-1], encoding="utf-8")

    def disturbed(one, other):
        others()
        done = swap(one, other)
        others()
        return done

    monkeypatch.setattr(editing, "exchange", lambda: disturbed)
    ours = []
    for number in range(20):
        version = editing.opened(GATES, folder)
        seen.append(version.text)
        with contextlib.suppress(editing.Changed):
            save(folder, f"ours = {number}\n", version)
            ours.append(f"ours = {number}\n")
    there = [path.read_text(encoding="utf-8")] if path.exists() else []
    backups = [each.read_text(encoding="utf-8") for each in (folder / workspace.BACKUPS).rglob("*.py")]
    assert {*written, *ours} <= {*seen, *there, *backups}

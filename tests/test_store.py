"""The progress store: made, migrated, refused; two commands at once; a kill at any moment."""

from __future__ import annotations

import json
import multiprocessing
import os
import pickle
import sqlite3
import stat
import subprocess
import sys
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

import pytest

from course.learner.store import database, migrations, quizzes
from course.learner.store.errors import NewerStore, StoreUnusable
from course.quizzes import sitting

PROJECT = Path(__file__).parents[1]


def version(path):
    connection = sqlite3.connect(path)
    found = connection.execute("PRAGMA user_version").fetchone()[0]
    connection.close()
    return found


def test_the_place(tmp_path, monkeypatch):
    assert database.path() == tmp_path / "data" / "progress.sqlite3"
    monkeypatch.delenv("COURSE_DATA")
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "xdg"))
    assert database.path().name == "progress.sqlite3"
    assert "course" in database.path().parts


def test_a_new_store():
    with database.opened() as connection:
        assert connection.execute("PRAGMA journal_mode").fetchone() == ("wal",)
        assert connection.execute("PRAGMA user_version").fetchone() == (migrations.LATEST,)
        assert connection.execute("PRAGMA foreign_keys").fetchone() == (1,)
    assert [path.name for path in database.path().parent.iterdir()] == ["progress.sqlite3"]


def test_a_newer_store_is_refused_and_left_alone():
    with database.opened():
        pass
    connection = sqlite3.connect(database.path())
    connection.execute(f"PRAGMA user_version = {migrations.LATEST + 1}")
    connection.close()
    before = database.path().read_bytes()
    with pytest.raises(NewerStore, match=f"version is {migrations.LATEST + 1}"), database.opened():
        pass
    assert database.path().read_bytes() == before


def test_an_older_store_is_backed_up_then_migrated(monkeypatch, root):
    with database.opened() as connection:
        sitting.sit(connection, ["day10"], folder=root)
    later = (*migrations.STEPS, ("CREATE TABLE added (x INTEGER) STRICT", "INSERT INTO added VALUES (7)"))
    monkeypatch.setattr(database, "STEPS", later)
    monkeypatch.setattr(database, "LATEST", len(later))
    with database.opened() as connection:
        assert connection.execute("SELECT x FROM added").fetchall() == [(7,)]
        assert len(quizzes.sessions(connection)) == 1
    [backup] = database.path().parent.glob(f"progress.v{len(migrations.STEPS)}.*.sqlite3")
    assert version(backup) == len(migrations.STEPS)
    copy = sqlite3.connect(backup)
    assert copy.execute("SELECT count(*) FROM quiz_question").fetchone() == (8,)
    copy.close()
    with database.opened():
        pass
    assert len(list(database.path().parent.glob("progress.v*"))) == 1


def test_a_migration_that_fails_changes_nothing(monkeypatch):
    with database.opened():
        pass
    broken = (*migrations.STEPS, ("CREATE TABLE added (x INTEGER) STRICT", "INSERT INTO nowhere VALUES (7)"))
    monkeypatch.setattr(database, "STEPS", broken)
    monkeypatch.setattr(database, "LATEST", len(broken))
    with pytest.raises(StoreUnusable, match="nowhere"), database.opened():
        pass
    assert version(database.path()) == len(migrations.STEPS)
    monkeypatch.undo()


def test_what_is_wrong_with_a_store_can_be_told_by_another_process():
    for problem in (StoreUnusable(Path("x"), "locked"), NewerStore(Path("x"), 9, 8)):
        told = pickle.loads(pickle.dumps(problem))
        assert (type(told), str(told), vars(told)) == (type(problem), str(problem), vars(problem))


@pytest.mark.parametrize("content", [b"this is no database " * 100, b"SQLite format 3\x00" + b"\xff" * 4096])
def test_what_is_no_store_is_said(content):
    database.path().parent.mkdir(parents=True)
    database.path().write_bytes(content)
    with pytest.raises(StoreUnusable, match=r"progress\.sqlite3"), database.opened():
        pass
    assert database.path().read_bytes() == content


@pytest.mark.skipif(sys.platform == "win32" or os.geteuid() == 0, reason="root may write everywhere")
def test_a_folder_one_may_not_write_to(tmp_path, monkeypatch):
    tmp_path.joinpath("data").mkdir()
    tmp_path.joinpath("data").chmod(stat.S_IRUSR | stat.S_IXUSR)
    with pytest.raises(StoreUnusable), database.opened():
        pass


def test_a_file_where_the_folder_should_be(tmp_path):
    (tmp_path / "data").write_text("")
    with pytest.raises(StoreUnusable), database.opened():
        pass


def answer_everything(arguments):
    """In a process of its own: sits, with others, the same quiz; which answers this process was the one to give."""
    root, store, name = arguments
    given = []
    with database.opened(Path(store)) as connection:
        current = sitting.sit(connection, ["day10"], seed=5, folder=Path(root))
        while (entry := current.next()) is not None:
            if current.answer(entry, entry.asked.key) is not None:
                given.append((current.session.id, entry.position))
        current.finish()
    return name, given


def test_commands_at_the_same_time(root, tmp_path):
    """Four processes race to make the store and to answer; every answer is kept once."""
    store = tmp_path / "raced.sqlite3"
    with ProcessPoolExecutor(4, multiprocessing.get_context("spawn")) as pool:
        answers = dict(pool.map(answer_everything, [(str(root), str(store), n) for n in range(4)]))
    given = [place for mine in answers.values() for place in mine]
    assert len(given) == len(set(given))
    with database.opened(store) as connection:
        sessions = quizzes.sessions(connection)
        assert set(given) == {(s.id, n) for s in sessions for n in range(1, 9)}
        assert connection.execute("SELECT count(*) FROM quiz_answer").fetchone() == (len(given),)
        assert connection.execute("SELECT count(*) FROM review_card").fetchone() == (8,)
        assert all(session.finished for session in sessions)


def test_an_answer_is_kept_once(root):
    with database.opened() as connection:
        current = sitting.sit(connection, ["day10"], folder=root)
        entry = current.next()
        assert current.answer(entry, None) is not None
        assert current.answer(entry, entry.asked.key) is None
        assert current.entries()[0].given.credit == 0


def test_a_later_bank_still_shows_what_was_asked(root):
    from course.quizzes import bank

    with database.opened() as connection:
        current = sitting.sit(connection, ["day10"], seed=5, folder=root)
        before = current.entries()
    path = bank.source("day10", root)
    path.write_text("question = []", encoding="utf-8")
    with database.opened() as connection:
        resumed = sitting.sit(connection, ["day10"], folder=root)
        assert resumed.resumed
        assert resumed.entries() == before


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork")
def test_killed_at_200_moments(root, tmp_path):
    """kill -9 anywhere, the making of the store included: it opens, and no confirmed answer is lost."""
    (tmp_path / "stores").mkdir()
    command = [sys.executable, "-m", "tests.killed_quiz", str(root), str(tmp_path / "stores"), "200", "1"]
    done = subprocess.run(command, cwd=PROJECT, capture_output=True, text=True, check=False, timeout=300)
    assert done.returncode == 0, done.stderr
    said = json.loads(done.stdout)
    assert said["problems"] == []
    assert said["rounds"] == 200
    assert said["acknowledged"] > 200

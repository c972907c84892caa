"""A worker's scratch folder is bounded and cleared away, whatever it holds."""

from __future__ import annotations

import os
import shutil
import sys
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from course.worker import scratch
from tests.confined import forked, open_folder


def nest(folder, depth: int) -> None:
    """Folders within folders, far beyond the longest path."""
    back = Path.cwd()
    try:
        os.chdir(folder)
        for _ in range(depth):
            Path("d" * 50).mkdir()
            os.chdir("d" * 50)
    finally:
        os.chdir(back)


@pytest.fixture
def folder(tmp_path):
    made = tmp_path / "scratch"
    made.mkdir()
    return made


def test_folders_of_any_depth(folder):
    nest(folder, 3 * sys.getrecursionlimit())
    assert scratch.floods(folder)
    scratch.clear(folder)
    assert not folder.exists()


def test_folders_and_files_that_were_closed(folder):
    (folder / "closed" / "inner").mkdir(parents=True)
    (folder / "closed" / "inner" / "file").write_bytes(b"x")
    for path in (folder / "closed" / "inner" / "file", folder / "closed" / "inner", folder / "closed"):
        path.chmod(0)
    folder.chmod(0)
    assert not scratch.floods(folder)
    scratch.clear(folder)
    assert not folder.exists()


def as_ordinary_user(code):
    """In a process of an ordinary user, to whom modes mean something."""
    outside = open_folder("ordinary")
    try:
        return forked(lambda: code(outside), user="ordinary")
    finally:
        shutil.rmtree(outside)


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs a user of the system")
@pytest.mark.parametrize("mode", range(0, 0o1000, 0o100), ids=oct)
def test_folders_of_any_mode_of_an_ordinary_user(mode):
    def code(outside):
        made = outside / "scratch"
        (made / "a" / "b" / "c").mkdir(parents=True)
        for place in (made / "a" / "b" / "c" / "file", made / "a" / "file"):
            place.touch()
        for place in (made / "a" / "b" / "c", made / "a" / "b", made / "a", made):
            place.chmod(mode)
        flooded = scratch.floods(made)
        scratch.clear(made)
        return [flooded, made.exists()]

    assert as_ordinary_user(code) == [False, False]


def test_links_are_removed_and_not_followed(folder, tmp_path):
    (tmp_path / "precious").write_text("kept", encoding="utf-8")
    (folder / "link").symlink_to(tmp_path)
    (folder / "self").symlink_to(folder)
    assert not scratch.floods(folder)
    scratch.clear(folder)
    assert (tmp_path / "precious").read_text(encoding="utf-8") == "kept"


@pytest.mark.skipif(not hasattr(os, "posix_fallocate"), reason="space is reserved on Unix only")
def test_many_files_and_large_ones_flood_it(folder):
    with open(folder / "large", "wb") as file:
        os.posix_fallocate(file.fileno(), 0, scratch.DISK_LIMIT + 4096)
    assert scratch.floods(folder)
    (folder / "large").unlink()
    assert not scratch.floods(folder)
    for number in range(scratch.FILES_LIMIT + 1):
        (folder / str(number)).touch()
    assert scratch.floods(folder)
    scratch.clear(folder)
    assert not folder.exists()


NAMES = st.text(
    st.characters(exclude_characters="/\0", exclude_categories=["Cs"]), min_size=1, max_size=60
).filter(lambda name: name not in (".", "..") and len(name.encode()) < 200)


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs a user of the system")
@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    st.lists(
        st.tuples(st.lists(NAMES, max_size=6), NAMES, st.sampled_from([0o000, 0o100, 0o400, 0o700])),
        max_size=12,
    )
)
def test_any_tree_is_cleared(tree):
    def code(outside):
        folder = outside / "scratch"
        folder.mkdir()
        made = []
        for parents, name, mode in tree:
            try:
                place = folder.joinpath(*parents)
                place.mkdir(parents=True, exist_ok=True)
                (place / name).touch()
            except OSError:
                continue  # a name taken by a file
            made += [(place / name, mode), (place, mode)]
        for path, mode in made:
            try:
                path.chmod(mode)
            except OSError:
                continue
        scratch.clear(folder)
        return folder.exists()

    assert as_ordinary_user(code) is False

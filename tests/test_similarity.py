"""Pairs of similar work: copies in disguise are found among honest solutions, whatever else is handed in, and both sides are shown."""

from __future__ import annotations

import ast
import json
import os
import random
import subprocess
import sys
from pathlib import Path

import pytest

from course.classroom import fingerprints, similar_page, similarity
from course.classroom.similarity import Given, Text
from course.content.catalog import CONTENT, catalog
from tests import browsing
from tests.conftest import solution
from tests.own_courses import run

if not (CONTENT / "benchmarks" / "made_classes.py").is_file():
    pytest.skip("made classes are part of a checkout", allow_module_level=True)

from benchmarks import made_classes
from benchmarks import similarity as figures

SLUGS = ("one_hot", "perceptron", "svm", "losses", "lstm_gates", "pooling")
EXERCISES = [catalog().exercise(slug) for slug in SLUGS]
DAYS = [word for slug in SLUGS for word in ("--day", slug)]


@pytest.fixture(scope="module")
def made():
    return made_classes.made(7, 25, 5, EXERCISES)


@pytest.fixture
def teacher(tmp_path, made):
    """A folder with a made class, and the command."""
    for student, files in made.files.items():
        hand_in(tmp_path, student, dict(files))
    return tmp_path


def hand_in(folder: Path, student: str, files: dict[str, str | bytes]) -> None:
    for name, text in files.items():
        path = folder / "class" / student / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text if isinstance(text, bytes) else text.encode("utf-8"))


def similar(folder: Path, *arguments: str, expect: int = 1, code: str = "en") -> str:
    command = [sys.executable, "-m", "course", "similarity", "class", *DAYS, *arguments]
    environment = {**os.environ, "COURSE_LANG": code, "COLUMNS": "100"}
    done = subprocess.run(
        command, cwd=folder, env=environment, capture_output=True, encoding="utf-8", check=False
    )
    assert done.returncode == expect, done.stdout + done.stderr
    assert "Traceback" not in done.stderr
    return done.stdout


def told(folder: Path, *arguments: str, expect: int = 1) -> set[frozenset[str]]:
    found = json.loads(similar(folder, *arguments, "--json", expect=expect))
    return {frozenset(pair["students"]) for pair in found["pairs"]}


def test_nine_of_ten_copies_are_found_and_nine_of_ten_pairs_are_copies():
    """On a small part of what benchmarks/similarity.py measures on."""
    exercises, disguises = list(catalog()), sorted(made_classes.DISGUISES)
    known = []
    for seed in range(4):
        chance = random.Random(seed)
        some = chance.sample(exercises, 6)
        known.append(figures.compared(made_classes.made(seed, 20, 5, some, disguises), some))
    evidence, copied = figures.judged(similarity.MODEL, known)
    assert copied.sum() == 20
    precision, recall = figures.figures(evidence, copied, similarity.MODEL.threshold)
    assert precision >= 0.9
    assert recall >= 0.9


def test_the_command_names_the_copies(teacher, made):
    assert told(teacher) == made.copied
    said = similar(teacher)
    for first, second in map(sorted, made.copied):
        assert f"{first} — {second}   evidence" in said
    assert "losses.py:" in said
    assert told(teacher, "--threshold", "900", expect=0) == set()


@pytest.mark.parametrize("disguise", sorted(made_classes.DISGUISES))
def test_every_disguise_is_seen_through(made, disguise):
    """Done wherever it can be, with other names throughout: the pair is still found."""
    chance = random.Random(disguise)
    source = "honest003"
    copy = []
    for path, text in made.files[source]:
        start, *body = ast.parse(text).body
        body = made_classes.DISGUISES[disguise](chance, 1.0, body)
        for node in body:
            made_classes.renamed(node, lambda name: f"mine_{name}_{chance.randint(10, 99)}")
        nodes = map(ast.fix_missing_locations, (start, *body))
        copy.append((path, "\n\n".join(f"# {disguise}\n{ast.unparse(node)}" for node in nodes)))
    honest = {name: files for name, files in made.files.items() if name.startswith("honest")}
    class_, _copied = figures.compared(made_classes.Class({**honest, "copier": copy}, frozenset()), EXERCISES)
    [strongest, *_others] = class_.pairs()
    assert {strongest.first, strongest.second} == {"copier", source}


def test_what_all_have_from_the_course_is_not_held_against_anyone(tmp_path):
    for number in range(8):
        hand_in(tmp_path, f"s{number}", {f"{slug}.py": solution(slug) for slug in SLUGS})
    assert told(tmp_path, expect=0) == set()


def test_one_person_s_folder_is_no_class(tmp_path):
    (tmp_path / "kim" / "day10").mkdir(parents=True)
    (tmp_path / "kim" / "day10" / "lstm_gates.py").write_text("x = 1\n", encoding="utf-8")
    said = run("similarity", "kim", cwd=tmp_path, status=2)
    assert " ".join(said.split()).endswith("day10 lies at its top. Name the folder above it.")


def test_of_one_short_function_nobody_can_tell(tmp_path, made):
    for student, files in made.files.items():
        functions = ast.parse(dict(files)["pooling.py"]).body
        [one] = [node for node in functions if getattr(node, "name", "") == "max_pool"]
        hand_in(tmp_path, student, {"pooling.py": ast.unparse(one)})
    said = similar(tmp_path, expect=0)
    assert "No pair" in said
    assert "too little of their own" in said
    assert json.loads(similar(tmp_path, "--json", expect=0))["too_little"] == sorted(made.files)


def test_a_copy_from_a_notebook_a_broken_one_and_one_in_an_old_encoding(teacher, made):
    [first, second, third] = ["honest001", "honest005", "honest009"]
    cells = [
        {"cell_type": "code", "metadata": {}, "outputs": [], "execution_count": None, "source": text}
        for _path, text in made.files[first]
    ]
    hand_in(
        teacher,
        "notebook",
        {"work.ipynb": json.dumps({"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 5})},
    )
    broken = {path: text.replace("    return", "    return (", 1) for path, text in made.files[second]}
    assert all(similarity.fingerprints.syntax.parts(text) is None for text in broken.values())
    hand_in(teacher, "broken", broken)
    korean = {
        path: f"# -*- coding: cp949 -*-\n# 제 풀이\n{text}".encode("cp949")
        for path, text in made.files[third]
    }
    hand_in(teacher, "korean", korean)
    found = told(teacher)
    for pair in ((first, "notebook"), (second, "broken"), (third, "korean")):
        assert frozenset(pair) in found


HOSTILE = {
    "deep": "x = " + "(" * 5_000 + "1" + ")" * 5_000,
    "minus": "x = " + "-" * 100_000 + "1",
    "round": "def step(x, w, b):\n    a = b2\n    b2 = a\n    return a",
    "chain": "def step(x):\n"
    + "".join(f"    a{n + 1} = a{n} + x\n" for n in range(3_000))
    + "    return a3000\n",
    "null": "x = 1\0",
    "mark": "<script>alert(1)</script>\n" * 50,
    "long": "x = [" + "1, " * 100_000 + "]",
}


def test_hostile_files_change_nothing_for_others(teacher, made):
    for name, text in HOSTILE.items():
        for student in (name, f"{name}-again"):
            hand_in(teacher, student, {"losses.py": text})
    hand_in(teacher, "bytes", {"losses.py": bytes(range(256)) * 10})
    similar(teacher, "--out", "similar.html")
    assert made.copied <= told(teacher)


LONG = {
    "a quote that never closes": "\\'" * 150_000,
    "quotes": "'\"" * 150_000,
    "brackets": "([{" * 100_000,
    "strings over lines": '"""a' * 75_000,
    "names": "a" * 300_000,
    "numbers": "1." * 150_000,
    "comments": "#" * 300_000,
    "spaces": " " * 300_000 + "x",
    "backslashes": "\\" * 300_000,
    "calls": "f'{x!r:{w}}'" * 25_000,
    "functions": "def f(x):\n" * 30_000,
}


@pytest.mark.parametrize("name", LONG)
def test_fingerprints_of_a_long_text_are_soon_there(name):
    """Run to the end: a scan that looks at a text again and again would take minutes for each."""
    assert len(list(fingerprints._tokens(LONG[name]))) <= len(LONG[name])
    assert len(fingerprints.fingerprints(LONG[name])) <= fingerprints.MOST
    assert fingerprints.blocks(LONG[name])


def test_a_text_that_a_tenth_of_the_class_shares_is_counted_once():
    text = "\n".join(
        f"def f{number}(z):\n    return x.y{number}(z, {number}).w{number}" for number in range(2_000)
    )
    texts = {f"s{number:02}": [Text("a", "a.py", text if number % 10 == 0 else "")] for number in range(100)}
    found = similarity.Class(texts, []).pairs()
    assert len(found) == 10 * 9 // 2
    assert all(pair.share == 1 for pair in found)


def test_parts_stand_on_their_lines():
    source = 'import numpy as np\n\n\n@cached\ndef one(x):\n    return x\n\n\nclass Two:\n    a = 1\n\n\ndef three(x):\n    """Text."""\n'
    source += "    total = np.sum(x * x, axis=0)\n    return (\n        total\n    )\n"
    assert [(each.name, each.first, each.last) for each in fingerprints.blocks(source)] == [
        ("", 1, 1),
        ("one", 4, 6),
        ("Two", 9, 10),
        ("three", 13, 18),
    ]
    places = fingerprints.fingerprints(source).values()
    assert {(place.name, place.first) for place in places} >= {("three", 15)}
    assert all(1 <= place.first <= place.last <= 18 for place in places)


def test_the_page_shows_both_sides_beside_each_other(teacher, made):
    mine = dict(made.files["honest002"])
    mine["losses.py"] += (
        '\n\ndef extra(x):\n    return "<script>alert(1)</script>" + str(x * x + np.sum(x, axis=3))\n'
    )
    hand_in(teacher, "<b>Lee", mine)
    hand_in(teacher, "honest002", mine)
    for code, title in (("en", "Similar work"), ("ko", "비슷한 제출물")):
        similar(teacher, "--out", "similar.html", "--yes", code=code)
        page = (teacher / "similar.html").read_text(encoding="utf-8")
        assert title in page
        assert "<script" not in page
        assert "<b>Lee" not in page
        assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page
    said = subprocess.run(
        [sys.executable, "-m", "course", "similarity", "class", *DAYS, "--out", "similar.html"],
        cwd=teacher, capture_output=True, encoding="utf-8", env={**os.environ, "COURSE_LANG": "en"}, check=False,
    )  # fmt: skip
    assert said.returncode == 2
    assert "--yes" in said.stderr


def test_lines_with_the_same_parts_stand_beside_each_other():
    """Functions in another order, statements put in between: each line is beside its copy."""
    one = "def first(x):\n    y = x.sum(axis=0) + x.a * 3\n    z = y.dot(y).mean(axis=1)\n    return z.max() - z.b\n"
    two = "def second(x):\n    return [each.c + each.d * 2 for each in x.e()]\n"
    copy = "def second(v):\n    print('here')\n    return [w.c + w.d * 2 for w in v.e()]\n\n\n"
    copy += "def first(v):\n    r = v.sum(axis=0) + v.a * 3\n    print()\n    print()\n    s = r.dot(r).mean(axis=1)\n    return s.max() - s.b\n"
    texts = {f"s{number}": [Text("e", "e.py", "")] for number in range(20)}
    texts |= {"a": [Text("e", "e.py", one + "\n\n" + two)], "b": [Text("e", "e.py", copy)]}
    class_ = similarity.Class(texts, [Given("e", [])])
    [pair] = class_.pairs(0.0)
    besides = list(similar_page._besides(class_, pair, {}))
    assert [each.names for each in besides] == [("first", "first"), ("second", "second")]
    rows = [[(left and left.number, right and right.number) for left, right in each.rows] for each in besides]
    assert {(2, 7), (3, 10), (4, 11)} <= set(rows[0])
    assert (8, 3) in rows[1]
    assert [line.number for line, _other in besides[0].rows if line and line.common] == [2, 3, 4]


@pytest.mark.parametrize("viewport", [browsing.WIDE, browsing.NARROW], ids=["wide", "narrow"])
@pytest.mark.parametrize("theme", ["light", "dark"])
def test_the_page_in_a_browser(teacher, chromium, viewport, theme):
    similar(teacher, "--out", "similar.html", code="ko")
    context = chromium.new_context(viewport=viewport, color_scheme=theme, bypass_csp=True)
    page = context.new_page()
    page.goto((teacher / "similar.html").as_uri())
    assert page.locator("section.pair").count() == 5
    left, right = (
        page.locator(f".row:not(.heads) .{side}:has(mark)").first.bounding_box() for side in ("one", "other")
    )
    if viewport is browsing.WIDE:
        assert left["y"] == right["y"]
        assert left["x"] < right["x"]
    else:
        assert left["x"] == right["x"]
        assert left["y"] < right["y"]
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    assert browsing.violations(page) == []
    context.close()

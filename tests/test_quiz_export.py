"""Exported quizzes, read back by readers of their own: all there, Korean whole, scored as the course scores where the format can."""

from __future__ import annotations

import math
import os
import subprocess
import sys

import pytest

from course.quizzes import bank, judge
from course.quizzes.export import FORMATS, export
from course.quizzes.export.item import draw_all
from tests import quiz_bank
from tests.quiz_readers import READERS, hangul

DAYS = bank.days()


@pytest.fixture(scope="module")
def drawn():
    return {(day, code): draw_all(bank.load(day), code, 2, 0) for day in DAYS for code in ("ko", "en")}


@pytest.fixture(scope="module")
def small(tmp_path_factory):
    root = quiz_bank.lay_out(tmp_path_factory.mktemp("bank") / "content")
    return draw_all(bank.load(quiz_bank.DAY, root), "ko", 5, 3)


def given(asked, answer, to):
    """An answer in the positions the format's file has."""
    if asked.kind == "order":
        if READERS[to].orders:
            return [asked.key.index(place) for place in answer]
        positions = [answer.index(place) for place in range(1, len(answer) + 1)]
        return [asked.key[at] - 1 for at in positions] if READERS[to].by_left else positions
    if asked.kind == "match":
        return [asked.key.index(place) if READERS[to].by_left else place - 1 for place in answer]
    return answer


def check(item, read, to):
    asked = item.asked
    right = asked.key
    assert read.score(given(asked, right, to)) == pytest.approx(1, abs=1e-4), read.name
    if asked.kind == "text":
        for form in [form for forms in asked.accept.values() for form in forms]:
            assert read.score(form) == 1, (read.name, form)
        assert read.score("something else") == 0
        return
    answers = quiz_bank.possible_answers(asked) if len(asked.items) < 6 else quiz_bank.wrong_answers(asked)
    if asked.kind == "numeric":
        room = max(asked.absolute, asked.relative * abs(right))
        # The very ends only where a person can type them; the last bits of others are the format's.
        ends = (-1, 1) if round(right, 9) == right and READERS[to].ends else ()
        assert all(read.score(right + part * room) == 1 for part in (-0.999, 0.999, *ends)), read.name
        outside = room * 1.01 or 1e-4 * max(1, abs(right))
        answers = [*quiz_bank.wrong_answers(asked), right + outside, right - outside]
    for answer in answers:
        credit = judge.judge(asked, answer).credit
        earned = read.score(given(asked, answer, to))
        if asked.kind in READERS[to].exact:
            assert earned == pytest.approx(credit, abs=1e-4), (read.name, answer)
        elif asked.kind == "multiple":
            assert (earned == 1) == (credit == 1)
        elif credit == 1:
            assert earned == pytest.approx(1, abs=1e-4)


def texts(item, to):
    """Everything a learner is to see, in the file's language."""
    asked, kept = item.asked, READERS[to]
    labels = [c.words for c in item.choices] if asked.kind != "true_false" or kept.truths else []
    found = [item.text, item.unit, *labels, *(c.why for c in item.choices)]
    found += [item.explanation] if kept.explanations else []
    found += [side["ko"] for side in (*asked.items, *asked.left, *asked.right)]
    return found + ([why for *_, why in item.mistakes] if kept.mistakes else [])


@pytest.mark.parametrize("to", FORMATS)
@pytest.mark.parametrize("day", DAYS)
def test_every_day_reads_back_and_scores(drawn, day, to):
    items = drawn[day, "ko"]
    read = READERS[to].read(export(items, to, day).data)
    assert [r.name for r in read] == [item.name for item in items]
    for item, back in zip(items, read, strict=True):
        check(item, back, to)
        shown = hangul(back.text)
        for text in texts(item, to):
            assert hangul(text) in shown, (item.name, text)


@pytest.mark.parametrize("to", FORMATS)
def test_every_kind_in_either_language(drawn, small, to):
    assert {item.asked.kind for item in small} == {
        "single", "multiple", "true_false", "numeric", "text", "order", "match", "code"
    }  # fmt: skip
    for item, read in zip(small, READERS[to].read(export(small, to, "day10").data), strict=True):
        check(item, read, to)
    english = drawn[DAYS[0], "en"]
    read = READERS[to].read(export(english, to, DAYS[0]).data)
    assert len(read) == len(english)
    single = [(i, r) for i, r in zip(english, read, strict=True) if i.asked.kind == "single"]
    assert all(not hangul(r.text) for _, r in single)


@pytest.mark.parametrize("to", FORMATS)
def test_same_seed_same_bytes(small, tmp_path, to):
    again = quiz_bank.lay_out(tmp_path / "content")
    questions = bank.load(quiz_bank.DAY, again)
    assert export(draw_all(questions, "ko", 5, 3), to, "day10").data == export(small, to, "day10").data
    assert export(draw_all(questions, "ko", 5, 4), to, "day10").data != export(small, to, "day10").data


def test_variants_differ_and_are_as_many_as_asked_for(small):
    for name in {item.asked.id for item in small if item.variant}:
        variants = [item for item in small if item.asked.id == name]
        assert [item.variant for item in variants] == list(range(1, len(variants) + 1))
        assert len({repr(item.asked.values) for item in variants}) == len(variants) > 1


def test_losses_name_the_questions_concerned(small):
    by_kind = {
        kind: {i.asked.id for i in small if i.asked.kind == kind}
        for kind in ("order", "text", "multiple", "numeric")
    }

    def losses(to):
        return export(small, to, "day10").losses

    assert by_kind["order"] in [set(names) for names in losses("gift").values()]
    assert by_kind["text"] in [set(names) for names in losses("qti21").values()]
    assert by_kind["multiple"] in [set(names) for names in losses("jupyterquiz").values()]
    assert by_kind["numeric"] in [set(names) for names in losses("qti12").values()]
    assert {name for names in losses("csv").values() for name in names} == {
        i.asked.id for i in small if i.variant
    }


def test_ranges_hold_their_upper_end(small):
    from course.quizzes.export import jupyterquiz

    told = jupyterquiz.answer(0.3, 0.1, True, "")
    assert told["range"][0] <= 0.2
    assert told["range"][1] > 0.4
    assert math.isclose(told["range"][1], 0.4, rel_tol=1e-6)


def test_markup_of_each_format():
    from course.quizzes.export import gift, jupyterquiz, markup

    text = r"Let $a_{1} < \frac{1}{2}$ and `x = {1: 2}`; **bold** ~ 5 # 6"
    shown = markup.html(text)
    assert r"\(a_{1} &lt; \frac{1}{2}\)" in shown
    assert "<code>x = {1: 2}</code>" in shown
    assert "<strong>bold</strong>" in shown
    line = gift.escaped(shown)
    assert r"\\(a_\{1\} &lt; \\frac\{1\}\{2\}\\)" in line
    assert r"x \= \{1\: 2\}" in line
    assert r"\~ 5 \# 6" in line
    assert "½" in markup.plain(text) or "1/2" in markup.plain(text)
    assert jupyterquiz.safe("5$ [a](b)") == "5&#36; [a]&#40;b)"


def run(*arguments, code="en"):
    return subprocess.run(
        [sys.executable, "-m", "course", "export", "quiz", *arguments],
        capture_output=True,
        env={**os.environ, "COURSE_LANG": code, "PYTHONIOENCODING": "utf-8"},
        check=False,
    )


def test_the_command_writes_a_file_and_lists_what_is_lost(tmp_path):
    out = tmp_path / "q.zip"
    done = run(DAYS[0], "--to", "qti12", "--variants", "2", "--out", str(out), code="ko")
    assert done.returncode == 0, done.stderr
    assert done.stdout == b""
    assert READERS["qti12"].read(out.read_bytes())
    assert str(out) in done.stderr.decode()
    assert "담지 못하는" in done.stderr.decode()
    piped = run(DAYS[0], "--to", "csv", "--lang", "ko")
    assert piped.returncode == 0
    assert hangul(piped.stdout.decode())
    assert piped.stdout == run(DAYS[0], "--to", "csv", "--lang", "ko", "--seed", "0").stdout


def test_wrong_use_of_the_command(tmp_path):
    assert run("nothing", "--to", "csv").returncode == 2
    assert run(DAYS[0], "--to", "word").returncode == 2
    (tmp_path / "file").touch()
    done = run(DAYS[0], "--to", "csv", "--out", str(tmp_path / "file" / "q.csv"))
    assert done.returncode == 1
    assert b"cannot be written" in done.stderr

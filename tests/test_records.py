"""What a proof lets live, and green proofs that are kept."""

from __future__ import annotations

import dataclasses
import shutil
from pathlib import Path

import pytest

from course.cli.proof_screen import Screen
from course.content import catalog
from course.dev import kept, proof, records, variants
from course.dev.cases import Scope
from course.dev.kept import Count, Proof


@pytest.fixture
def exercise(tmp_path: Path) -> catalog.Exercise:
    """A copy of an exercise's files, for breaking."""
    original = catalog.catalog().exercise("one_hot")
    copy = dataclasses.replace(original, root=tmp_path)
    for name in ("solution", "grader", "stub"):
        getattr(copy, name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(getattr(original, name), getattr(copy, name))
    for code in ("en", "ko"):
        shutil.copyfile(original.text(code), copy.text(code))
    variants.path(copy).parent.mkdir(parents=True)
    return copy


def write(path: Path, *entries: tuple[str, str, str]) -> None:
    lines = [f'[[{table}]]\nmutant = "{mutant}"\nreason = "{reason}"\n' for table, mutant, reason in entries]
    path.write_text("\n".join(lines), encoding="utf-8")


def test_records_name_mutants_or_patterns_of_behaviours(exercise):
    write(records.everywhere(exercise.root), ("unpromised", "*: result list", "a list will do"))
    write(
        variants.path(exercise),
        ("equivalent", "f: a[0] * b → b * a[0] #1", "commutes"),
        ("unpromised", "f: p negative*", "no probability is"),
        ("unpromised", "f: nothing", "never met"),
    )
    found = records.load(exercise)
    assert found.problems == []
    assert found.covers("behaviour", "g: result list")
    assert found.covers("syntax", "f: a[0] * b → b * a[0] #1")
    assert found.covers("behaviour", "f: p negative entry")
    assert not found.covers("behaviour", "f: q negative entry")
    assert not found.covers("syntax", "f: p negative entry")
    found.lived("syntax", "f: a[0] * b → b * a[0] #1")
    found.lived("behaviour", "f: p negative entry")
    assert list(found.unmet()) == ["f: nothing"]


def test_a_record_without_a_reason_is_a_problem(exercise):
    write(variants.path(exercise), ("unpromised", "f: x single", " "))
    assert "needs a mutant and a reason" in records.load(exercise).problems[0]
    variants.path(exercise).write_text("not toml", encoding="utf-8")
    assert str(variants.path(exercise)) in records.load(exercise).problems[0]


def test_a_green_proof_is_kept_until_something_changes(exercise):
    write(variants.path(exercise))
    scope = Scope(vary=False, mutate=False)
    key = kept.key(exercise, scope)
    done = Proof("one_hot", tests=9, syntax=Count(3, 3), behaviour=Count(4, 3, 1))
    kept.store(key, done)
    assert kept.load(key) == dataclasses.replace(done, again=True)
    for path in (exercise.grader, exercise.text("ko"), variants.path(exercise), exercise.solution):
        before = path.read_bytes()
        path.write_bytes(before + b"\n# changed\n")
        assert kept.key(exercise, scope) != key
        path.write_bytes(before)
    assert kept.key(exercise, scope) == key
    assert kept.key(exercise, Scope(vary=False, seeds=1)) != key


def test_what_was_proved_is_not_proved_again():
    exercise = catalog.catalog().exercise("one_hot")
    scope = Scope(vary=False, mutate=False, seeds=1)
    told: list[proof.Progress] = []
    [first] = proof.check([exercise], scope=scope, fresh=False)
    [again] = proof.check([exercise], scope=scope, fresh=False, on_progress=told.append)
    assert first.green
    assert not first.again
    assert again == dataclasses.replace(first, again=True)
    assert told == []
    [fresh] = proof.check([exercise], scope=scope)
    assert not fresh.again


def test_how_long_it_will_take_is_said_at_once(capsys):
    told: list[proof.Progress] = []
    scope = Scope(mutate=False, seeds=1)
    [found] = proof.check([catalog.catalog().exercise("one_hot")], scope=scope, on_progress=told.append)
    begun = told[0]
    assert (begun.gradings, begun.done, begun.seconds > 0) == (found.variants, 0, True)
    done = [each.done for each in told]
    assert done == sorted(done)
    assert done[-1] == pytest.approx(begun.seconds)
    with Screen(vary=True, mutate=True) as screen:
        for seconds in (20.0, 760.0):
            screen.progress(proof.Progress(600, seconds, 0))
            screen.progress(proof.Progress(600, seconds, seconds))
    assert capsys.readouterr().out.splitlines() == [
        "600 gradings, about a minute",
        "600 gradings, about 13 min",
    ]


def test_a_variant_that_is_no_python_is_a_problem(exercise):
    entry = '[[mistake]]\nname = "cut off"\ncode = "def one_hot(:"\nfails = ["encode"]\n'
    variants.path(exercise).write_text(entry, encoding="utf-8")
    with pytest.raises(variants.VariantError, match="'cut off' is no Python"):
        variants.load(exercise)

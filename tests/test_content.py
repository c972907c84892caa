"""Every exercise: its stub earns nothing, its solution everything, and its variants are judged as they say."""

from __future__ import annotations

import os
import re
import runpy
import shutil
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from course.checking import Graders
from course.content import catalog, texts
from course.content.stub import MarkerError, stub
from course.dev import generated, kept, proof, scaffold, translations, wording
from course.dev.cases import EVERYTHING, ExerciseProof, Scope
from course.dev.kept import Proof
from course.dev.mutants import mutants
from course.worker.runtimes import RUNTIMES


@pytest.fixture(scope="module")
def graders() -> Iterator[Graders]:
    with Graders(2, [exercise.runtime for exercise in catalog.catalog()]) as running:
        yield running


# Of whoever runs the tests: there `course dev check` has left what it proved of these very files.
OUTSIDE = os.environ.get("COURSE_CACHE")


def proved(exercise: catalog.Exercise) -> Proof | None:
    """The whole proof of an exercise, where it was made before the tests and nothing has changed since."""
    with pytest.MonkeyPatch.context() as patch:
        if OUTSIDE is None:
            patch.delenv("COURSE_CACHE")
        else:
            patch.setenv("COURSE_CACHE", OUTSIDE)
        return kept.load(ExerciseProof(exercise, EVERYTHING).key)


@pytest.mark.parametrize("exercise", list(catalog.catalog()), ids=lambda exercise: exercise.slug)
def test_variants(exercise, graders):
    found = proved(exercise)
    if found is None:
        [found] = proof.check([exercise], scope=Scope(mutate=False), graders=graders)
    assert found.problems == []
    assert found.variants >= 10
    assert found.max_points > 0


@pytest.mark.parametrize("code", ["en", "ko"])
def test_the_models_agree_on_what_counts_as_built(code):
    told = [
        text
        for exercise in catalog.catalog()
        for key, text in texts.text(exercise, code).tests.items()
        if key.endswith("/unbuilt")
    ]
    assert len(told) >= 16
    rules = [re.search(r"(?:They must exist|반환할 때).*", text) for text in told]
    ways = {
        re.sub(r"keras\.Input(\(shape=.*?\)\)|)(으로|로|)", "keras.Input", rule[0]) for rule in rules if rule
    }
    assert None not in rules
    assert len(ways) == 1
    assert not any("{" in text for text in told)  # an empty list of shapes says nothing


def test_equal_values_that_no_float_holds_are_equal_to_the_solution():
    r2_score = runpy.run_path(str(catalog.catalog().exercise("linear_regression").solution))["r2_score"]
    tenths = np.full(3, 0.1)  # their mean is not 0.1
    assert tenths.mean() != 0.1
    assert r2_score(tenths, tenths + 1) == 0
    assert r2_score(tenths, tenths) == 1


def test_the_tree_is_in_order():
    assert proof.tree(catalog.catalog()) == []


def test_everything_is_translated():
    assert translations.problems() == []


@pytest.mark.parametrize("exercise", list(catalog.catalog()), ids=lambda exercise: exercise.slug)
def test_texts_hold_the_same_figures(exercise):
    """Numbers of the prompt, the part that teaches, are the same in both languages."""
    import re

    def figures(code: str) -> set[str]:
        text = texts.text(exercise, code)
        return set(re.findall(r"\d+(?:[.,]\d+)*", text.prompt))

    assert figures("en") - figures("ko") <= SPELLED_OUT
    assert figures("ko") - figures("en") <= SPELLED_OUT


# Small numbers may be words in one language ("two gates", 게이트 2개).
SPELLED_OUT = {str(n) for n in range(21)}


def test_stub_replaces_bodies():
    source = (
        'def f():\n    """Doc."""\n    ### BEGIN SOLUTION\n    return 1\n    ### END SOLUTION\n\n\nX = 1\n'
    )
    assert (
        stub(source)
        == 'def f():\n    """Doc."""\n    # YOUR CODE HERE\n    raise NotImplementedError()\n\n\nX = 1\n'
    )


@pytest.mark.parametrize(
    "source",
    [
        "def f():\n    ### BEGIN SOLUTION\n    return 1\n",
        "def f():\n    ### END SOLUTION\n",
        "def f():\n    ### BEGIN SOLUTION\n    ### BEGIN SOLUTION\n    ### END SOLUTION\n",
        "### BEGIN SOLUTION\nimport x\n### END SOLUTION\n",
    ],
)
def test_stub_refuses_unpaired_markers(source):
    with pytest.raises(MarkerError, match="SOLUTION"):
        stub(source)


@pytest.fixture
def small(tmp_path: Path) -> catalog.Course:
    """A copy of the content with one day, for breaking."""
    for folder in ("exercises", "solutions", "graders"):
        (tmp_path / folder / "day10").mkdir(parents=True)
    (tmp_path / "exercises" / "manifest.toml").write_text(
        'name = "small"\ntitle = { en = "Small", ko = "작은 강의" }\nlanguages = ["en", "ko"]\n'
        '[[days]]\nslug = "day10"\ntitle = { en = "Day", ko = "날" }\nexercises = [\n    { slug = "lstm_gates" },\n]\n',
        encoding="utf-8",
    )
    original = catalog.catalog().exercise("lstm_gates")
    copy = catalog.load(tmp_path).exercise("lstm_gates")
    for name in ("solution", "grader", "stub"):
        shutil.copyfile(getattr(original, name), getattr(copy, name))
    for code in ("en", "ko"):
        shutil.copyfile(original.text(code), copy.text(code))
    return catalog.load(tmp_path)


def test_the_small_copy_is_in_order(small):
    assert proof.tree(small) == []


def test_drift_is_found(small):
    exercise = small.exercise("lstm_gates")
    exercise.stub.write_text("# edited\n", encoding="utf-8")
    (small.root / "exercises" / "day10" / "stray.py").write_text("", encoding="utf-8")
    problems = "\n".join(proof.tree(small))
    assert "lstm_gates.py is not up to date" in problems
    assert "stray.py belongs to no exercise" in problems
    generated.build(small)
    assert "not up to date" not in "\n".join(proof.tree(small))


def test_a_text_that_lacks_something_is_found(small):
    exercise = small.exercise("lstm_gates")
    text = exercise.text("ko").read_text(encoding="utf-8")
    title = next(line for line in text.splitlines() if line.startswith("- forget_gate:"))
    exercise.text("ko").write_text(text.replace(title + "\n", ""), encoding="utf-8")
    [found] = proof.check([exercise], scope=Scope(mutate=False))
    assert any("no title for test_forget_gate" in problem for problem in found.problems)
    exercise.text("ko").unlink()
    [found] = proof.check([exercise], scope=Scope(mutate=False))
    assert any("lstm_gates.ko.md does not exist" in problem for problem in found.problems)


def test_a_hole_in_a_grader_is_found(small):
    """Without the tests that look at the numbers, mutants survive and are listed."""
    exercise = catalog.catalog().exercise("lstm_gates")
    survivors = [mutant.id for mutant in mutants(exercise.solution.read_text(encoding="utf-8"))]
    assert len(survivors) >= 15
    assert len(set(survivors)) == len(survivors)


@pytest.mark.parametrize("runtime", RUNTIMES)
def test_a_new_exercise_names_what_its_worker_imports(small, runtime):
    scaffold.new(small, "fresh", "day10", runtime=runtime)
    assert catalog.load(small.root).exercise("fresh").runtime == runtime


def test_a_new_exercise_is_laid_out_and_proves_itself(small):
    with pytest.raises(scaffold.ScaffoldError, match="no day99"):
        scaffold.new(small, "fresh", "day99", runtime="numpy")
    with pytest.raises(scaffold.ScaffoldError, match="already"):
        scaffold.new(small, "lstm_gates", "day10", runtime="numpy")
    written = scaffold.new(small, "fresh", "day10", runtime="numpy")
    assert len(written) == 6
    grown = catalog.load(small.root)
    assert [exercise.slug for exercise in grown] == ["lstm_gates", "fresh"]
    assert wording.of_docstrings(grown.exercise("fresh").solution, grown.languages, []) == []
    generated.build(grown)
    assert proof.tree(grown) == []
    assert "raise NotImplementedError()" in grown.exercise("fresh").stub.read_text(encoding="utf-8")

"""What an author gets wrong: `course dev check SLUG` names the file and what to do, in one sentence for each mistake."""

from __future__ import annotations

import re
import shutil

import pytest

from course.content import courses
from course.dev import scaffold
from tests import own_courses
from tests.own_courses import run

SLUG = "weighted_mean"
GRADER, SOLUTION = f"graders/day01/test_{SLUG}.py", f"solutions/day01/{SLUG}.py"
ENGLISH, KOREAN = (f"exercises/day01/{SLUG}.{code}.md" for code in ("en", "ko"))
VARIANTS = f"tests/variants/day01/{SLUG}.toml"


@pytest.fixture(scope="module")
def whole(tmp_path_factory):
    """A course in two languages in which nothing is wrong."""
    folder = tmp_path_factory.mktemp("author") / "statistics"
    own_courses.lay_out(folder, ("en", "ko"))
    return folder


@pytest.fixture
def folder(whole, tmp_path):
    return shutil.copytree(whole, tmp_path / "statistics")


def test_nothing_is_wrong_with_what_the_mistakes_are_put_into(folder):
    assert "problems: 0" in run("dev", "check", SLUG, "--no-mutants", cwd=folder)


# The file, what is replaced in it by what, and what is said: the file, its line where there is one, and what to do.
MISTAKES = {
    "a test without points": (
        GRADER, "@graded(points=1)\n", "", f"{GRADER}:12: test_{SLUG} is worth nothing: put @graded"),
    "a test that waits for none": (
        GRADER, f'after=["{SLUG}"]', 'after=["nothing"]', f"{GRADER}:24: test_other_inputs waits for nothing"),
    "a test without worth": (
        GRADER, "@graded(points=1)\n", "@graded(points=0)\n",
        f"{GRADER}: The check could not run. {{folder}}/{GRADER}:12: ValueError: points must be a positive"),
    "a grader that raises when it is imported": (
        GRADER, "def expected(", "LIMIT = undefined\n\n\ndef expected(",
        f"{GRADER}: The check could not run. {{folder}}/{GRADER}:8: NameError: name 'undefined' is not defined"),
    "two tests of one name": (
        GRADER, "def test_other_inputs", f"def test_{SLUG}", f"{GRADER}:25: test_{SLUG} stands above already"),
    "no test": (GRADER, "def test_", "def check_", f"{ENGLISH}: {SLUG} is no test of the grader"),
    "a grader that is no Python": (GRADER, "def expected(", "def expected((", f"{GRADER}:8: is no Python"),
    "a solution that is no Python": (SOLUTION, "def weighted", "def (weighted", f"{SOLUTION}:6: is no Python"),
    "a module nobody has": (GRADER, "import numpy", "import numpi", f"{GRADER}:3: there is no module numpi"),
    "a module the solution lacks": (
        SOLUTION, "import numpy", "import numpi", f"{SOLUTION}:3: there is no module numpi"),
    "a name the graders' module lacks": (
        GRADER, "import assert_close", "import assert_closer", f"{GRADER}:5: course.grading has no assert_closer"),
    "an end without a beginning": (SOLUTION, "### BEGIN", "## BEGIN", f"{SOLUTION}:23: ### END SOLUTION"),
    "a beginning without an end": (SOLUTION, "    ### END SOLUTION\n", "", f"{SOLUTION}:21: ### BEGIN SOLUTION without"),
    "an answer in the stub's imports": (
        SOLUTION, "import numpy as np", f"import numpy as np\nfrom numpy import average, {SLUG}",
        f"{SOLUTION}:4: the stub imports {SLUG}"),
    "a stub that was edited": (
        f"exercises/day01/{SLUG}.py", "import numpy", "import math\nimport numpy",
        f"exercises/day01/{SLUG}.py is not up to date: run `course dev build`"),
    "a hint in one language": (ENGLISH, "\n## Explanation", "3. One more.\n\n## Explanation",
                               f"{KOREAN}: 2 hints, in another language there are 3"),
    "a mistake without a text": (
        GRADER, '"count": np', '"counted": np', f"{GRADER}:18: no text says what counted means"),
    "a text without a mistake": (
        ENGLISH, "## Tests\n", f"## Tests\n\n- {SLUG}/never: Never said.", f"{ENGLISH}: nothing uses {SLUG}/never"),
    "a variant of another test": (
        VARIANTS, f'fails = ["{SLUG}"]', 'fails = ["mean"]', f"{VARIANTS}:27: 'the ordinary mean' should fail mean"),
    "a variant that is told what nobody says": (
        VARIANTS, 'says = "', 'says = "x_', f"{VARIANTS}:27: 'the ordinary mean' names x_"),
    "a variant that passes": (
        VARIANTS, "np.sum(weights * weights * values)", "(np.sum(weights * values))", f"{VARIANTS}:50: variant 'the weights squared', seed 0"),
    "a bare assert": (
        GRADER, "    assert_close(", "    assert True\n    assert_close(", f"{GRADER}:20: a bare assert"),
    "a summary in one language": (
        SOLUTION, "가중 평균을 계산합니다.", "It is computed.", f"{SOLUTION}:6: {SLUG}: in English only"),
    "variants that are no TOML": (VARIANTS, "[[correct]]", "[[correct", f"{VARIANTS}: Expected ']]'"),
    "a question of no kind": (
        "solutions/day01/quiz.toml", 'kind = "single"', 'kind = "singel"',
        "solutions/day01/quiz.toml:2: averages_scale: kind 'singel' is none of"),
    "a key no manifest has": (
        "exercises/manifest.toml", "slug = ", "slog = ", "exercises/manifest.toml:13: unknown key slog"),
    "a language the course lacks": (
        "exercises/manifest.toml", 'ko = "', 'kx = "', "exercises/manifest.toml:9: title: the course has no language kx"),
}  # fmt: skip


@pytest.mark.parametrize(("path", "old", "new", "said"), MISTAKES.values(), ids=MISTAKES)
def test_a_mistake_is_named_with_its_file(folder, path, old, new, said):
    file = folder / path
    text = file.read_text(encoding="utf-8")
    assert old in text
    file.write_text(text.replace(old, new), encoding="utf-8")
    status = 2 if path.endswith("manifest.toml") else 1
    told = run("dev", "check", SLUG, "--no-mutants", cwd=folder, status=status, COLUMNS="500")
    assert f"{folder}/{said.format(folder=folder)}" in told
    assert "Traceback" not in told
    count = re.search(r"problems: (\d+)", told)
    assert count is None or int(count[1]) <= 20, told


def test_a_survivor_is_told_with_what_to_do(folder):
    file = folder / GRADER
    text = file.read_text(encoding="utf-8")
    blind = text[: text.index("@graded(points=1, after")] + (
        '@graded(points=1, after=["weighted_mean"], hidden=True)\ndef test_other_inputs(submission, rng):\n'
        "    submission.weighted_mean(rng.normal(size=3), np.ones(3))\n"
    )
    file.write_text(blind, encoding="utf-8")
    told = run("dev", "check", SLUG, cwd=folder, status=1, COLUMNS="500")
    assert "mutant survives: " in told
    assert f"behaviour: test what a survivor breaks in {folder}/{GRADER}" in told
    assert f"[[unpromised]] in {folder}/{VARIANTS} says why" in told


def test_a_grader_that_stumbles_is_told_with_its_line(folder):
    file = folder / GRADER
    text = file.read_text(encoding="utf-8")
    file.write_text(
        text.replace("    assert_close(", "    undefined\n    assert_close(", 1), encoding="utf-8"
    )
    told = run("dev", "check", SLUG, "--no-mutants", cwd=folder, status=1, COLUMNS="500")
    assert f"{folder}/{GRADER}:20:" in told
    assert "name 'undefined' is not defined" in told


def test_inputs_that_never_change_are_seen_with_one_seed_too(folder):
    file = folder / GRADER
    text = file.read_text(encoding="utf-8")
    drawn = "rng.normal(10, 4, size=6), rng.uniform(0.5, 3, size=6)"
    file.write_text(text.replace(drawn, "np.arange(6.0), np.arange(1.0, 7.0)"), encoding="utf-8")
    told = run(
        "dev",
        "check",
        SLUG,
        "--no-mutants",
        "--no-variants",
        "--seeds",
        "1",
        cwd=folder,
        status=1,
        COLUMNS="500",
    )
    assert "test_weighted_mean asks the same for every seed" in told


def test_a_solution_that_raises_on_every_seed_is_told_once(folder):
    file = folder / SOLUTION
    file.write_text(file.read_text(encoding="utf-8").replace("np\n", "np\nnp.nothing\n", 1), encoding="utf-8")
    told = run("dev", "check", SLUG, "--no-mutants", cwd=folder, status=1, COLUMNS="500")
    assert told.count("has no attribute 'nothing'") == 1
    assert "with seed 0 (and 19 more)" in told


def test_a_file_of_the_exercise_s_name_that_nobody_reads(folder):
    (folder / "graders" / "day01" / f"{SLUG}.txt").write_text("", encoding="utf-8")
    told = run("dev", "check", SLUG, "--no-mutants", "--no-variants", cwd=folder, status=1, COLUMNS="500")
    assert f"{SLUG}.txt belongs to no exercise" in told


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("class", "--day", "day01"), "class is a word of Python's own"),
        (("day01", "--day", "day01"), "day01 is a day's name"),
        (("Spread", "--day", "day01"), "a slug is lower-case letters"),
        ((SLUG, "--day", "day01"), "is in the manifest already"),
        (("spread", "--day", "day02"), "there is no day02"),
        (("spread", "--day", "day01", "--after", "mean"), "day01 has no exercise mean"),
        (("spread", "--day", "day01", "--runtime", "cobol"), "there is no runtime cobol"),
    ],
)
def test_a_name_that_will_not_do(folder, arguments, said):
    before = sorted(folder.rglob("*"))
    assert said in run("dev", "new", *arguments, cwd=folder, status=2)
    assert sorted(folder.rglob("*")) == before


def test_a_new_exercise_comes_before_the_day_s_project_or_where_it_is_put(folder):
    manifest = folder / "exercises" / "manifest.toml"
    text = manifest.read_text(encoding="utf-8")
    line = next(line for line in text.splitlines() if SLUG in line)
    manifest.write_text(
        text.replace(line, f'{line}\n    {{ slug = "project", report = 10 }},'), encoding="utf-8"
    )
    courses.at.cache_clear()
    run("dev", "new", "spread", "--day", "day01", cwd=folder)
    run("dev", "new", "median", "--day", "day01", "--after", SLUG, cwd=folder)
    courses.at.cache_clear()
    assert [each.slug for each in courses.at(folder)] == [SLUG, "median", "spread", "project"]


def test_what_was_laid_out_and_not_written_is_not_done(folder):
    run("dev", "new", "spread", "--day", "day01", cwd=folder)
    run("dev", "build", cwd=folder)
    told = run("dev", "check", "spread", cwd=folder, status=1, COLUMNS="500")
    for code in ("en", "ko"):
        for line in scaffold.PLACEHOLDERS:
            assert f"spread.{code}.md: still holds what `course dev new` wrote: {line}" in told

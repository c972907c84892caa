"""The proof behind `course dev check`: nothing has drifted, stubs earn nothing, solutions everything, mutants lose points."""

from __future__ import annotations

import ast
import contextlib
import dataclasses
import tomllib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from course import language, texts
from course.catalog import PACKAGE, Catalog, Exercise
from course.checking import Graders, Task
from course.dev import generated, variants
from course.dev.mutants import Mutant, mutants
from course.quiz import bank, lint
from course.results import ExerciseResult
from course.stub import stub
from course.subject import Subject

SEEDS = {"numpy": (0, 1, 2), "keras": (0,)}
# A mutated loop may never end. Reference solutions answer within milliseconds (numpy) or, where they train, seconds.
MUTANT_CALL_SECONDS = {"numpy": 2.0, "keras": 20.0}
MOST_EQUIVALENT = 0.03


@dataclass
class Proof:
    """What was found out about one exercise."""

    slug: str
    problems: list[str] = field(default_factory=list)
    max_points: int = 0
    tests: int = 0
    mutants: int = 0
    killed: int = 0
    equivalent: int = 0
    survivors: list[str] = field(default_factory=list)
    variants: int = 0


@dataclass(frozen=True)
class _Case:
    """One thing to grade and how to read the result."""

    exercise: Exercise
    task: Task
    judge: Callable[[ExerciseResult], None]


def check(
    catalog: Catalog,
    exercises: list[Exercise],
    *,
    vary: bool = True,
    mutate: bool = True,
    jobs: int | None = None,
    graders: Graders | None = None,
) -> Iterator[Proof]:
    """Prove each exercise, with graders of its own or these; yields each as soon as its last case is judged."""
    recorded, disorder = _recorded(catalog.root)
    if disorder:
        yield Proof("equivalent_mutants", problems=disorder)
    waiting: dict[int, tuple[_Case, Proof]] = {}
    for exercise in exercises:
        proof = Proof(exercise.slug)
        proof.problems += _static(exercise)
        cases = [] if proof.problems else list(_cases(exercise, proof, recorded, vary=vary, mutate=mutate))
        waiting |= {id(case.task): (case, proof) for case in cases}
        if not cases:
            yield proof
    tasks = [case.task for case, _ in waiting.values()]
    with contextlib.ExitStack() as stack:
        running = graders or stack.enter_context(Graders.for_tasks(tasks, jobs))
        for event in running.run(tasks):
            if event.result is None:
                continue
            case, proof = waiting.pop(id(event.task))
            proof.problems += _unknown_texts(case.exercise, event.result)
            case.judge(event.result)
            if not any(proof is other for _, other in waiting.values()):
                yield _finished(proof, recorded, mutate=mutate)


def _finished(proof: Proof, recorded: dict[tuple[str, str], str], *, mutate: bool) -> Proof:
    proof.problems = list(dict.fromkeys(proof.problems))
    if mutate:
        left = [mutant for slug, mutant in recorded if slug == proof.slug]
        proof.problems += [f"recorded as equivalent, but not among the survivors: {name}" for name in left]
    return proof


def tree(catalog: Catalog) -> list[str]:
    """Problems of the content as a whole: names, generated files, quizzes, strays, equivalents recorded."""
    problems = []
    slugs = [exercise.slug for exercise in catalog] + [day.slug for day in catalog.days]
    problems += [
        f"the name {slug} occurs twice in the manifest"
        for slug in sorted({s for s in slugs if slugs.count(s) > 1})
    ]
    for day in catalog.days:
        problems += [
            f"{day.slug} has no title in {code}" for code in language.languages() if code not in day.titles
        ]
    files, unbuilt = generated.expected(catalog)
    quizzes = lint.everything(catalog.root) if bank.topics_file(catalog.root).is_file() else []
    problems += list(dict.fromkeys([*unbuilt, *quizzes]))
    for path, text in files.items():
        if not path.is_file() or path.read_text(encoding="utf-8") != text:
            problems.append(f"{path} is not up to date: run `course dev build`")
    return problems + _strays(catalog)


def _strays(catalog: Catalog) -> list[str]:
    known = {catalog.root / "exercises" / "manifest.toml", catalog.root / "graders" / "conftest.py",
             catalog.root / "graders" / "equivalent_mutants.toml", bank.topics_file(catalog.root)}  # fmt: skip
    for day in bank.days(catalog.root):
        known |= {bank.source(day, catalog.root), bank.released(day, catalog.root)}
    for exercise in catalog:
        known |= {exercise.solution, exercise.plot, exercise.stub, exercise.grader, variants.path(exercise)}
        known |= {exercise.text(code) for code in language.languages()}
    return [
        f"{path} belongs to no exercise in the manifest"
        for folder in ("exercises", "solutions", "graders", "tests/variants")
        for path in sorted((catalog.root / folder).rglob("*"))
        if path.is_file() and path not in known and not _is_cache(path)
    ]


def _is_cache(path: Path) -> bool:
    """Whether Python or a linter made it."""
    return any(part == "__pycache__" or part.endswith("_cache") for part in path.parts)


def _static(exercise: Exercise) -> list[str]:
    """What can be seen without running anything."""
    needed = [exercise.solution, exercise.grader, *(exercise.text(code) for code in language.languages())]
    problems = [f"{path} does not exist" for path in needed if not path.is_file()]
    if problems:
        return problems
    tree = ast.parse(exercise.grader.read_text(encoding="utf-8"))
    functions = [node.name for node in tree.body if isinstance(node, ast.FunctionDef)]
    tests = {name.removeprefix("test_") for name in functions if name.startswith("test_")}
    mistaken = [name for name in functions if name.startswith("test") and not name.startswith("test_")]
    problems += [f"{exercise.grader}: pytest takes {name} for a test: rename it" for name in mistaken]
    nodes = [node for part in (tree, *_shared(tree)) for node in ast.walk(part)]
    strings = {node.value for node in nodes if isinstance(node, ast.Constant) and isinstance(node.value, str)}
    if any(isinstance(node, ast.Assert) for node in nodes):
        problems.append(f"{exercise.grader}: a bare assert tells a learner nothing")
    keys: dict[str, set[str]] = {}
    for code in language.languages():
        try:
            text = texts.parse(exercise.text(code).read_text(encoding="utf-8"), exercise.text(code))
        except texts.TextError as error:
            problems.append(str(error))
            continue
        keys[code] = set(text.tests)
        titled = {key for key in text.tests if "/" not in key}
        path = exercise.text(code)
        problems += [f"{path}: no title for test_{name}" for name in sorted(tests - titled)]
        problems += [f"{path}: {name} is no test of the grader" for name in sorted(titled - tests)]
        for key in sorted(set(text.tests) - titled):
            name, _, rest = key.partition("/")
            if name not in tests or rest not in strings:
                problems.append(f"{path}: nothing uses {key}")
        if not text.prompt or not text.hints or not all(text.hints):
            problems.append(f"{path}: the prompt or a hint is empty")
    for code, found in keys.items():
        problems += [
            f"{exercise.text(code)}: {key} is missing" for key in sorted(set().union(*keys.values()) - found)
        ]
    return problems


def _shared(grader: ast.Module) -> list[ast.Module]:
    """The modules of course.reference from which a grader imports something."""
    names = [node.module or "" for node in grader.body if isinstance(node, ast.ImportFrom)]
    return [
        ast.parse((PACKAGE.parent / Path(*name.split("."))).with_suffix(".py").read_text(encoding="utf-8"))
        for name in names
        if name.startswith("course.reference.")
    ]


def _cases(
    exercise: Exercise, proof: Proof, recorded: dict[tuple[str, str], str], *, vary: bool, mutate: bool
) -> Iterable[_Case]:
    source = exercise.solution.read_text(encoding="utf-8")

    def add(problem: str) -> None:
        proof.problems.append(problem)

    def case(text: str, seed: int, judge: Callable[[ExerciseResult], None], *, hurry: bool = False) -> _Case:
        call_seconds = (
            min(exercise.call_seconds, MUTANT_CALL_SECONDS[exercise.runtime])
            if hurry
            else exercise.call_seconds
        )
        limited = dataclasses.replace(exercise, call_seconds=call_seconds)
        return _Case(
            exercise, Task(Subject(limited, f"{exercise.slug}.py", text), seed, stop_early=hurry), judge
        )

    def solution(result: ExerciseResult) -> None:
        proof.max_points, proof.tests = result.max_points, len(result.tests)
        if result.status != "passed":
            failed = next(test for test in result.tests if test.status != "passed")
            add(f"the solution earns {result.points} of {result.max_points}: {failed.name}: {failed.text()}")
        if not any(test.hidden for test in result.tests):
            add("no test is hidden")

    def untouched(result: ExerciseResult) -> None:
        if result.points or result.status != "todo":
            add(f"the stub earns {result.points} points and counts as {result.status}")

    def variant(which: variants.Variant) -> Callable[[ExerciseResult], None]:
        def judge(result: ExerciseResult) -> None:
            problem = which.verdict(result)
            if problem is not None:
                add(f"variant {which.name!r}: {problem}")

        return judge

    def mutant(which: Mutant) -> Callable[[ExerciseResult], None]:
        def judge(result: ExerciseResult) -> None:
            if result.status != "passed":
                proof.killed += 1
            elif recorded.pop((exercise.slug, which.id), None) is not None:
                proof.equivalent += 1
            else:
                proof.survivors.append(f"line {which.line}: {which.id}")

        return judge

    for seed in SEEDS[exercise.runtime]:
        yield case(source, seed, solution)
    # An untouched file is never run; with a comment's worth of change it is.
    yield case(stub(source) + "\n_touched = True\n", 0, untouched)
    if vary and variants.path(exercise).parent.parent.is_dir():
        try:
            found = variants.load(exercise)
        except variants.VariantError as error:
            add(str(error))
            found = []
        proof.variants = len(found)
        for each in found:
            yield case(each.source, 0, variant(each))
    if mutate:
        made = mutants(source)
        proof.mutants = len(made)
        for each_mutant in made:
            yield case(each_mutant.source, 0, mutant(each_mutant), hurry=True)


def _unknown_texts(exercise: Exercise, result: ExerciseResult) -> list[str]:
    known = texts.text(exercise, "en").tests
    used = {message.id for test in result.tests for message in test.message if message.exercise}
    return [
        f"{exercise.text('en')}: {key} is used by the grader and missing" for key in sorted(used - set(known))
    ]


def _recorded(root: Path) -> tuple[dict[tuple[str, str], str], list[str]]:
    """Mutants recorded as equivalent, by slug and id, and entries that are not in order."""
    path = root / "graders" / "equivalent_mutants.toml"
    if not path.is_file():
        return {}, []
    found: dict[tuple[str, str], str] = {}
    problems = []
    for entry in tomllib.loads(path.read_text(encoding="utf-8")).get("equivalent", []):
        if set(entry) != {"slug", "mutant", "reason"} or not entry["reason"].strip():
            problems.append(f"{path}: {entry}: needs slug, mutant and a reason")
        else:
            found[entry["slug"], entry["mutant"]] = entry["reason"]
    return found, problems

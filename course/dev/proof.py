"""The proof behind `course dev check`: nothing has drifted, stubs earn nothing, solutions everything, mutants lose points."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from course.checking import Graders, Task
from course.content import courses, glossary
from course.content.catalog import Course, Exercise
from course.dev import generated, kept, labels, records, variants, wording
from course.dev.cases import EVERYTHING, Case, ExerciseProof, Scope
from course.dev.kept import Proof
from course.quizzes import bank, lint
from course.results import ExerciseResult

MOST_EQUIVALENT = 0.03
# Of each question's parameters where somebody waits; the whole proof draws course.quizzes.lint.DRAWS.
_QUICK_DRAWS = 20


class Progress(NamedTuple):
    """How many gradings there are, how long they are expected to take from the first on, and how much of that is done."""

    gradings: int
    seconds: float
    done: float


def check(
    exercises: Sequence[Exercise],
    *,
    scope: Scope = EVERYTHING,
    fresh: bool = True,
    jobs: int | None = None,
    graders: Graders | None = None,
    on_progress: Callable[[Progress], None] = lambda _: None,
) -> Iterator[Proof]:
    """Prove each exercise, with graders of its own or these; yields each as soon as it is proved.

    Without `fresh`, a proof that was green and of which nothing has changed since is not made again.
    """
    begun: list[ExerciseProof] = []
    for exercise in exercises:
        mine = ExerciseProof(exercise, scope)
        known = None if fresh else kept.load(mine.key)
        if known is not None:
            yield known
        elif mine.proof.problems:
            yield mine.proof
        else:
            begun.append(mine)
    with contextlib.ExitStack() as stack:
        first = [case for mine in begun for case in mine.first()]
        running = graders or stack.enter_context(
            # One more than cores: a grader and its worker wait for each other, and now and then both for the system.
            Graders.for_tasks([task for case in first for task in case.tasks], jobs, beyond_cores=1)
        )
        for _ in _judged(running, first, lambda _: None):
            pass
        rest = [case for mine in begun for case in mine.rest()]
        for done in _judged(running, rest, on_progress, begun):
            proof = done.finish()
            if proof.green:
                kept.store(done.key, proof)
            yield proof


def _judged(
    graders: Graders,
    cases: Sequence[Case],
    on_progress: Callable[[Progress], None],
    begun: Sequence[ExerciseProof] = (),
) -> Iterator[ExerciseProof]:
    """Grade the cases and have them judged; yields every exercise after its last one, those without any first."""
    waiting: dict[Task, Case] = {task: case for case in cases for task in case.tasks}
    results: dict[Case, list[ExerciseResult]] = {case: [] for case in cases}
    left = dict.fromkeys(begun, 0)
    for case in cases:
        left[case.of] = left.get(case.of, 0) + 1
    yield from [mine for mine, count in left.items() if not count]
    seconds = sum(case.seconds for case in waiting.values()) / max(1, graders.count)
    progress = Progress(len(waiting), seconds, 0)
    if waiting:
        on_progress(progress)
    for event in graders.run(list(waiting)):
        if event.result is None or event.task is None:
            continue
        case = waiting.pop(event.task)
        case.of.see(event.seen)
        case.of.unknown_texts(event.result)
        case.of.stumbled(case, event.result)
        results[case].append(event.result)
        progress = progress._replace(done=progress.done + case.seconds / graders.count)
        on_progress(progress)
        if len(results[case]) == len(case.tasks):
            case.judge(sorted(results.pop(case), key=lambda result: result.seed or 0))
            left[case.of] -= 1
            if not left[case.of]:
                yield case.of


def tree(catalog: Course) -> list[str]:
    """Problems of the content as a whole: names, generated files, quizzes, strays."""
    problems = []
    slugs = [exercise.slug for exercise in catalog] + [day.slug for day in catalog.days]
    problems += [
        f"the name {slug} occurs twice in the manifest"
        for slug in sorted({s for s in slugs if slugs.count(s) > 1})
    ]
    titled = (
        (catalog.name, catalog.titles),
        *((day.slug, day.titles) for day in catalog.days),
        *((data.name, data.titles) for data in catalog.data.values()),
    )
    for named, titles in titled:
        problems += [
            f"{catalog.manifest}: {named} has no title in {code}"
            for code in catalog.languages
            if code not in titles
        ]
    files, unbuilt = generated.expected(catalog)
    quizzes = lint.everything(catalog.root) if bank.topics_file(catalog.root).is_file() else []
    worded = [
        problem for day in bank.days(catalog.root) for problem in wording.of_questions(day, catalog.root)
    ]
    problems += list(dict.fromkeys([*unbuilt, *quizzes, *worded]))
    problems += _outdated(files)
    problems += [*labels.problems(catalog), *_declared(catalog)]
    return problems + [problem for problem, _path in _strays(catalog)]


def around(catalog: Course, exercises: Sequence[Exercise]) -> list[str]:
    """The same of these exercises alone, quickly: their stubs, the quizzes of their days, strays that bear their names."""
    days = [day for day in dict.fromkeys(each.day for each in exercises) if day in bank.days(catalog.root)]
    files, _unbuilt = generated.expected(catalog)
    mine = {each.stub for each in exercises} | {bank.released(day, catalog.root) for day in days}
    problems = [problem for day in days for problem in lint.day(day, catalog.root, _QUICK_DRAWS)]
    problems += [problem for day in days for problem in wording.of_questions(day, catalog.root)]
    problems += _outdated({path: text for path, text in files.items() if path in mine})
    names = {each.slug for each in exercises}
    strays = [
        (problem, path.name.partition(".")[0].removeprefix("test_")) for problem, path in _strays(catalog)
    ]
    return [*dict.fromkeys(problems), *(problem for problem, name in strays if name in names)]


def _outdated(files: dict[Path, str]) -> list[str]:
    return [
        f"{path} is not up to date: run `course dev build`"
        for path, text in files.items()
        if not path.is_file() or path.read_text(encoding="utf-8") != text
    ]


def _declared(catalog: Course) -> list[str]:
    """What is wrong with the modules of data sets and projects."""
    wanted = {data.module: ["read"] for data in catalog.data.values()}
    wanted |= {project.module: ["LABELS", "run"] for project in catalog.projects.values()}
    problems = []
    for name, needed in wanted.items():
        try:
            module = courses.module(catalog, name)
        except courses.CourseError as error:
            problems.append(str(error))
            continue
        if hasattr(module, "describe"):
            needed.append("LABELS")
        problems += [
            f"{module.__file__} has no {each}: docs/course.md says what it is"
            for each in needed
            if not hasattr(module, each)
        ]
    return problems


def _strays(catalog: Course) -> list[tuple[str, Path]]:
    known = {catalog.root / "exercises" / "manifest.toml", catalog.root / "graders" / "conftest.py",
             records.everywhere(catalog.root), bank.topics_file(catalog.root), glossary.path(catalog.root)}  # fmt: skip
    known |= set(catalog.shared)
    for day in bank.days(catalog.root):
        known |= {bank.source(day, catalog.root), bank.released(day, catalog.root)}
    for exercise in catalog:
        known |= {exercise.solution, exercise.plot, exercise.stub, exercise.grader, variants.path(exercise)}
        known |= {exercise.text(code) for code in catalog.every_language}
    return [
        (f"{path} belongs to no exercise in the manifest", path)
        for folder in ("exercises", "solutions", "graders", "tests/variants")
        for path in sorted((catalog.root / folder).rglob("*"))
        if path.is_file() and path not in known and not _is_cache(path)
    ]


def _is_cache(path: Path) -> bool:
    """Whether Python or a linter made it."""
    return any(part == "__pycache__" or part.endswith("_cache") for part in path.parts)

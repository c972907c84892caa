"""What is graded to prove one exercise, and how the results are read."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from course.checking import Task
from course.content import texts
from course.content.catalog import Exercise
from course.content.stub import stub
from course.dev import kept, records, static, variants, wording
from course.dev.behaviour import behaviours
from course.dev.kept import Count, Proof
from course.dev.mutants import mutants
from course.dev.observed import Observed
from course.dev.uses import Uses, reached
from course.learner.subject import Subject
from course.results import ExerciseResult

# On how many seeds each is graded. A verdict that goes the wrong way on a share s of all seeds shows on n seeds with
# probability 1 - (1 - s)^n: one in seven with 95 % on 20 seeds (solutions, which must never lose a point), every second with
# 94 % on 4 (variants) and 75 % on 2 (mutants; a test that is blind on some seeds is so to several of them, and each is another
# chance to see it). `--seeds N` proves more. Where models are built or trained a grading takes a hundred times as long.
SEEDS = {"solution": 20, "variant": 4, "mutant": 2}
SEEDS_HEAVY = {"solution": 2, "variant": 1, "mutant": 1}
# A mutated loop may never end. Reference solutions answer within milliseconds (numpy) or, where they train, seconds.
MUTANT_CALL_SECONDS, MUTANT_CALL_SECONDS_HEAVY = 2.0, 20.0
OBSERVED_SEEDS = 6  # for profiles and diagnoses
# What grading one takes, as a share of what the solution took (as found over the bundled course; for saying how long a proof
# will take): the solution is watched while it is graded, and a mutant's grading ends with the first point lost.
SHARE = {"variant": 0.7, "mutant": 0.5}
SHARE_HEAVY = {"variant": 0.4, "mutant": 0.15}


@dataclass(frozen=True)
class Scope:
    """What is proved besides solution, stub and texts, and on how many seeds (0: as SEEDS says)."""

    vary: bool = True
    mutate: bool = True
    seeds: int = 0


EVERYTHING = Scope()


@dataclass(frozen=True, eq=False)
class Case:
    """One source, what it is, the tasks that grade it on several seeds, and who reads their results once all are there.

    `seconds` is what each of them is expected to take.
    """

    of: ExerciseProof
    name: str
    tasks: Sequence[Task]
    judge: Callable[[list[ExerciseResult]], None]
    seconds: float


class ExerciseProof:
    """The cases of one exercise: `first` shows what the grader asks for, `rest` follows from it."""

    def __init__(self, exercise: Exercise, scope: Scope) -> None:
        self.exercise = exercise
        self._records = records.load(exercise)
        self.proof = Proof(exercise.slug, problems=[*static.problems(exercise), *self._records.problems])
        seeds = SEEDS_HEAVY if exercise.heavy else SEEDS
        self.key = kept.key(exercise, scope, seeds, exercise.languages)
        self._scope = scope
        self._seeds = {what: scope.seeds or count for what, count in seeds.items()}
        if not exercise.heavy:  # fewer do not show which inputs depend on the seed
            self._seeds["solution"] = max(OBSERVED_SEEDS, self._seeds["solution"])
        self._observed = Observed()
        self._took = 1.0

    def first(self) -> Iterator[Case]:
        """The solution and the stub."""
        source = self._source()
        yield self._case(
            "the solution",
            source,
            self._seeds["solution"],
            self._solution,
            observe=OBSERVED_SEEDS,
        )
        # An untouched file is never run; with a comment's worth of change it is.
        yield self._case("the stub", stub(source) + "\n_touched = True\n", 1, self._untouched)

    def rest(self) -> Iterator[Case]:
        """Variants and mutants, once the first cases have been judged; none where those hold already: all would say the same."""
        if self.proof.problems:
            return
        source = self._source()
        self.proof.coinciding = [
            f"{self.exercise.grader}: test_{what}" for what in self._observed.coinciding()
        ]
        if not self.exercise.heavy:
            self.proof.problems += [
                f"{self.exercise.grader}: test_{test} asks the same for every seed: a table of answers passes it"
                for test in self._observed.constant()
            ]
        if self._scope.vary:
            yield from self._variants()
        if self._scope.mutate:
            made = mutants(source)
            self.proof.syntax.made = len(made)
            uses = Uses(source)
            for mutant in made:
                judge = self._mutant(
                    self.proof.syntax, "syntax", mutant.id, f"line {mutant.line}, {mutant.what}: {mutant.id}"
                )
                asks = self._observed.tests_of(uses.at(mutant.line))
                yield self._case(
                    mutant.id, mutant.source, self._seeds["mutant"], judge, hurry=True, leading=asks
                )
            # Of models a grader asks what it needs to know; and each takes seconds.
            broken = behaviours(source, self._observed.profiles, odd=not self.exercise.heavy)
            self.proof.behaviour.made = len(broken)
            for behaviour in broken:
                may_live = self._records.covers("behaviour", behaviour.id)
                if may_live and self.exercise.heavy:
                    # To see that it does live takes minutes.
                    self._records.lived("behaviour", behaviour.id)
                    self.proof.behaviour.recorded += 1
                    continue
                judge = self._mutant(self.proof.behaviour, "behaviour", behaviour.id, behaviour.id)
                seeds = 1 if may_live or behaviour.odd else self._seeds["mutant"]
                asks = self._observed.tests_of(uses.of(behaviour.function))
                yield self._case(behaviour.id, behaviour.source, seeds, judge, hurry=True, leading=asks)

    def see(self, seen: object) -> None:
        """Take in what an observed grading showed (Event.seen)."""
        if isinstance(seen, dict):
            self._observed.add(seen)

    def finish(self) -> Proof:
        """The proof after its last case."""
        self.proof.problems = list(dict.fromkeys(self.proof.problems))
        if self._scope.mutate:
            self.proof.problems += [
                f"recorded, but not among the survivors: {name}" for name in self._records.unmet()
            ]
        return self.proof

    def unknown_texts(self, result: ExerciseResult) -> None:
        """Note keys that a message uses and no text has."""
        known = texts.text(self.exercise, self.exercise.languages[0]).tests
        used = {message.id for test in result.tests for message in test.message if message.exercise}
        for key in sorted(used - set(known)):
            self._add(
                f"{self.exercise.written(self.exercise.languages[0])}: {key} is used by the grader and missing"
            )
        english = texts.text(self.exercise, "en").tests if "en" in self.exercise.languages else {}
        for message in (message for test in result.tests for message in test.message):
            template = english.get(message.id, "") if message.exercise else message.id
            if said := wording.miscounted(template, message.values):
                self._add(
                    f"{message.id}: says {said!r}: write {{count:row|rows}} for the word that is counted"
                )

    def stumbled(self, case: Case, result: ExerciseResult) -> None:
        """Note a grader that raises over values of the solution's own form: it could grade nobody who returns them."""
        if _unread(result):
            self._add(f"{self.exercise.grader}: {result.tests[0].text()}".replace("\n", " "))
            return
        for test in result.tests:
            if test.status == "ungraded":
                self._add(f"{self.exercise.grader}: test_{test.name}, {case.name}: {test.text()}")

    def _source(self) -> str:
        return self.exercise.solution.read_text(encoding="utf-8")

    def _add(self, problem: str) -> None:
        self.proof.problems.append(problem)

    def _case(
        self,
        name: str,
        source: str,
        seeds: int,
        judge: Callable[[list[ExerciseResult]], None],
        *,
        hurry: bool = False,
        observe: int = 0,
        leading: tuple[str, ...] = (),
    ) -> Case:
        share = SHARE_HEAVY if self.exercise.heavy else SHARE
        limit = self.exercise.call_seconds
        if hurry:
            limit = min(limit, MUTANT_CALL_SECONDS_HEAVY if self.exercise.heavy else MUTANT_CALL_SECONDS)
        subject = Subject(
            dataclasses.replace(self.exercise, call_seconds=limit), f"{self.exercise.slug}.py", source
        )
        tasks = [
            Task(
                subject,
                seed,
                stop_early=hurry,
                leading=leading,
                alone=bool(leading) and not hurry,
                observe=seed < observe,
            )
            for seed in range(seeds)
        ]
        return Case(self, name, tasks, judge, share["mutant" if hurry else "variant"] * self._took)

    def _solution(self, results: list[ExerciseResult]) -> None:
        if _unread(results[0]):
            return
        self.proof.max_points, self.proof.tests = results[0].max_points, len(results[0].tests)
        self._took = sum(result.seconds for result in results) / len(results)
        lost: dict[str, list[tuple[ExerciseResult, str]]] = {}
        for result in results:
            if result.status != "passed":
                failed = next(test for test in result.tests if test.status != "passed")
                lost.setdefault(failed.name, []).append((result, failed.text()))
        for name, each in lost.items():
            first, text = each[0]
            more = f" (and {len(each) - 1} more)" if len(each) > 1 else ""
            self._add(
                f"the solution earns {first.points} of {first.max_points} with seed {first.seed}{more}: {name}: {text}"
            )
        if not any(test.hidden for test in results[0].tests):
            self._add("no test is hidden")

    def _untouched(self, results: list[ExerciseResult]) -> None:
        [result] = results
        if _unread(result):
            return
        if result.points or result.status != "todo":
            self._add(f"the stub earns {result.points} points and counts as {result.status}")

    def _variants(self) -> Iterator[Case]:
        if not variants.path(self.exercise).parent.parent.is_dir():
            return
        try:
            found = variants.load(self.exercise)
        except variants.VariantError as error:
            self._add(str(error))
            return
        self.proof.variants = len(found)
        source = self._source()
        for variant in found:
            # A mistake is judged by the tests that it reaches.
            changed = None if variant.correct else reached(source, variant.source)
            yield self._case(
                f"variant {variant.name!r}",
                variant.source,
                self._seeds["variant"],
                self._variant(variant),
                leading=self._observed.asking(changed or ()),
            )

    def _variant(self, variant: variants.Variant) -> Callable[[list[ExerciseResult]], None]:
        def judge(results: list[ExerciseResult]) -> None:
            for result in results:
                problem = variant.verdict(result)
                if problem is not None:
                    path = variants.path(self.exercise)
                    self._add(
                        f"{path}:{variant.line}: variant {variant.name!r}, seed {result.seed}: {problem}"
                    )
                    break

        return judge

    def _mutant(
        self, count: Count, kind: str, name: str, shown: str
    ) -> Callable[[list[ExerciseResult]], None]:
        def judge(results: list[ExerciseResult]) -> None:
            lived = [result.seed for result in results if result.status == "passed"]
            if not lived:
                count.killed += 1
            elif self._records.covers(kind, name):
                self._records.lived(kind, name)
                count.recorded += 1
            else:
                on = (
                    ""
                    if len(lived) == len(results)
                    else f" on {len(lived)} of {len(results)} seeds, as {lived[0]}"
                )
                count.open.append(f"{shown}{on}")

        return judge


def _unread(result: ExerciseResult) -> bool:
    """Whether the grader's file itself could not be run: none of its tests was."""
    return result.status == "ungraded" and not result.max_points

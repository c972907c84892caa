"""Pairs of students whose work has more in common than chance and the task explain.

The unit is a pair of students over all exercises that are compared, never one file: what is right is often written alike. Of
every function the fingerprints (course.classroom.fingerprints) are compared that the stub and the reference solution do not hold.
How much more often a copy than an independent solution would share those that both have, and miss those that one has, is the
function's evidence, a log-likelihood ratio (Neyman and Pearson, 1933): what is rare in the class says much, what many wrote
nothing. No function says more than a bound, as one misunderstanding may be common; no exercise says that a pair is honest, as
part of a copy may be one's own.

The constants are fitted to made classes, and the threshold with them, by benchmarks/similarity.py.
"""

from __future__ import annotations

import math
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from course.classroom import fingerprints, submissions
from course.classroom.fingerprints import Place
from course.classroom.layout import Upload
from course.content.catalog import Exercise
from course.worker import cells


@dataclass(frozen=True)
class Model:
    """`kept`: the share of its source's fingerprints that a copy still has; `weight`: of one of them, as they overlap.

    In nats, `most`: the most that a function says, and `threshold`: the least evidence worth reading.
    """

    kept: float = 0.5
    weight: float = 0.8
    most: float = 4.0
    threshold: float = 7.5


MODEL = Model()
Matrix = npt.NDArray[np.float64]
_COLUMNS = 4_096
# What a copy is twice as likely to share is worth showing.
_SPEAKING = math.log(2)


@dataclass(frozen=True)
class Text:
    """What a student wrote for an exercise ("" for several), and the name of its file."""

    exercise: str
    path: str
    source: str


@dataclass(frozen=True)
class Given:
    """What everybody has from the course for an exercise: the stub, the reference solution."""

    exercise: str
    sources: Sequence[str]


@dataclass(frozen=True)
class Passage:
    """A function that speaks for a copy: its exercise, its name, how much it says in nats, and where its common parts stand."""

    exercise: str
    name: str
    evidence: float
    places: tuple[tuple[str, Place, str, Place], ...]


@dataclass(frozen=True)
class Pair:
    """Two students, their evidence in nats, how much of the smaller one's own both have (0 to 1), what says so, most first."""

    first: str
    second: str
    evidence: float
    share: float
    passages: tuple[Passage, ...]


class Class:
    """What every student of a class wrote, and what pairs of them have in common."""

    def __init__(self, texts: Mapping[str, Sequence[Text]], given: Iterable[Given]) -> None:
        self.students = sorted(texts)
        self.texts = texts
        # In nats, what so many pairs bring by chance.
        self.chance = math.log(max(1, len(texts) * (len(texts) - 1) // 2))
        self._common: set[int] = set()
        self._home: dict[str, str] = {}  # the exercise of a function's name
        for each in given:
            for source in each.sources:
                known = fingerprints.fingerprints(source)
                self._common |= known.keys()
                for place in known.values():
                    self._home.setdefault(place.name, each.exercise)
        self.prints = {student: self._own(texts[student]) for student in self.students}
        self.functions = self._grouped()
        # By student, as a number, and by function what they wrote.
        self._wrote: list[defaultdict[tuple[str, str], set[int]]] = [
            defaultdict(set) for _student in self.students
        ]
        for function, known_by in self.functions.items():
            for digest, numbers in known_by.items():
                for number in numbers:
                    self._wrote[number][function].add(digest)

    def _own(self, texts: Iterable[Text]) -> dict[int, tuple[Text, Place]]:
        """Of a student the fingerprints that are not the course's, and where they are."""
        found: dict[int, tuple[Text, Place]] = {}
        for text in texts:
            for digest, place in fingerprints.fingerprints(text.source).items():
                if digest not in self._common:
                    found.setdefault(digest, (text, place))
        return found

    def _grouped(self) -> dict[tuple[str, str], dict[int, list[int]]]:
        """By exercise and function the fingerprints with those who have them, as numbers."""
        holders: defaultdict[int, list[int]] = defaultdict(list)
        where: defaultdict[int, Counter[tuple[str, str]]] = defaultdict(Counter)
        for number, student in enumerate(self.students):
            for digest, (text, place) in self.prints[student].items():
                holders[digest].append(number)
                where[digest][text.exercise or self._home.get(place.name, ""), place.name] += 1
        found: defaultdict[tuple[str, str], dict[int, list[int]]] = defaultdict(dict)
        for digest, numbers in holders.items():
            # A helper or another name of one's own does not make it another function.
            function = min(where[digest].items(), key=lambda entry: (-entry[1], entry[0]))[0]
            found[function][digest] = numbers
        return dict(found)

    def pairs(self, threshold: float | None = None, model: Model = MODEL) -> list[Pair]:
        """The pairs with as much evidence as the threshold, the model's own by default, strongest first."""
        evidence = self.evidence(model)
        least = model.threshold if threshold is None else threshold
        first, second = np.nonzero(np.triu(evidence >= least, 1))
        found = []
        for a, b in zip(first.tolist(), second.tolist(), strict=True):
            mine, theirs = (self.prints[self.students[each]] for each in (a, b))
            share = len(mine.keys() & theirs.keys()) / max(1, min(len(mine), len(theirs)))
            passages = tuple(self._passages(a, b, model))
            found.append(Pair(self.students[a], self.students[b], float(evidence[a, b]), share, passages))
        return sorted(found, key=lambda pair: (-round(pair.evidence, 6), pair.first, pair.second))

    def too_little(self, threshold: float | None = None, model: Model = MODEL) -> list[str]:
        """Students who wrote so few functions of their own that no evidence could be enough."""
        least = model.threshold if threshold is None else threshold
        return [
            student for number, student in enumerate(self.students)
            if self.texts[student] and model.most * len(self._wrote[number]) - self.chance < least
        ]  # fmt: skip

    def _passages(self, a: int, b: int, model: Model) -> list[Passage]:
        n = len(self.students)
        one, other = (self.prints[self.students[each]] for each in (a, b))
        found = []
        for exercise, name in sorted(self._wrote[a].keys() & self._wrote[b].keys()):
            known = self.functions[exercise, name]
            left, right = (self._wrote[each][exercise, name] for each in (a, b))
            mine, apart = left & right, len(left ^ right)
            gains = {digest: float(_gain(np.array(len(known[digest])), n, model)) for digest in mine}
            said = min(model.most, model.weight * (sum(gains.values()) + apart * math.log(1 - model.kept)))
            if said > 0:
                rare = (digest for digest, gain in gains.items() if gain >= _SPEAKING)
                places = {
                    (one[each][0].path, one[each][1], other[each][0].path, other[each][1]) for each in rare
                }
                ordered = sorted(
                    places, key=lambda each: (each[0], each[1].first, each[1].last, each[3].first)
                )
                found.append(Passage(exercise, name, said, tuple(ordered)))
        return sorted(
            found, key=lambda passage: (-round(passage.evidence, 6), passage.exercise, passage.name)
        )

    def evidence(self, model: Model = MODEL) -> Matrix:
        """Of every two students, in nats, (n, n): how much more likely a copy is to look like this, for so many pairs.

        As many pairs bring so much by chance that the logarithm of their number is taken off.
        """
        n = len(self.students)
        by_exercise: defaultdict[str, Matrix] = defaultdict(lambda: np.zeros((n, n)))
        for (exercise, _name), known in sorted(self.functions.items()):
            by_exercise[exercise] += self._function(known, model)
        total = np.zeros((n, n))
        for said in by_exercise.values():
            total += np.logaddexp(0.0, said) - math.log(2)
        return total - self.chance

    def _function(self, known: Mapping[int, Sequence[int]], model: Model) -> Matrix:
        n = len(self.students)
        own, weighed, both = np.zeros(n), np.zeros((n, n)), np.zeros((n, n))
        for count, members, holds in _columns(known, n):
            own += holds @ count
            weighed += (holds * (count * _gain(members, n, model))) @ holds.T
            both += (holds * count) @ holds.T
        apart = own[:, None] + own[None, :] - 2 * both
        said: Matrix = model.weight * (weighed + apart * math.log(1 - model.kept))
        return np.clip(said, -model.most, model.most)


def of_class(uploads: Iterable[Upload], exercises: Sequence[Exercise]) -> Class:
    """What a class handed in for some exercises; what is still the stub's does not count."""
    texts = {upload.student.title: list(_texts(upload, exercises)) for upload in uploads}
    given = [
        Given(
            each.slug,
            [path.read_text(encoding="utf-8") for path in (each.stub, each.solution) if path.is_file()],
        )
        for each in exercises
    ]
    return Class(texts, given)


def _texts(upload: Upload, exercises: Sequence[Exercise]) -> Iterator[Text]:
    shared: set[str] = set()
    for subject in submissions.subjects(upload, exercises)[0]:
        if not subject.source or subject.untouched:
            continue
        slug = subject.exercise.slug
        if not cells.is_notebook(subject.source):
            yield Text(slug, subject.path, _with_line_feeds(subject.source))
            continue
        # Cells that are for no exercise in particular count once.
        for exercise in [slug] if subject.path in shared else [slug, ""]:
            own = [cell.source for cell in cells.split(subject.source) if cell.exercise == exercise]
            if own:
                yield Text(exercise, subject.path, _with_line_feeds("\n\n".join(own)))
        shared.add(subject.path)


def _with_line_feeds(text: str) -> str:
    return re.sub(r"\r\n?", "\n", text)


def _gain(members: Any, n: int, model: Model) -> Any:
    """How much more likely a copy is to share with its source what so many of n students have, in nats."""
    # How often others than the two have it, as far as they tell.
    often = (np.maximum(2, members) - 2 + 0.5) / (max(2, n) - 2 + 1)
    return np.log((model.kept + (1 - model.kept) * often) / often)


def _columns(known: Mapping[int, Sequence[int]], n: int) -> Iterator[tuple[Any, Any, Matrix]]:
    """Those held by the same students as one column: how many, by how many students, (n, columns) who has them."""
    groups = list(Counter(tuple(numbers) for numbers in known.values()).items())
    for start in range(0, len(groups), _COLUMNS):
        part = groups[start : start + _COLUMNS]
        holds = np.zeros((n, len(part)))
        for column, (numbers, _count) in enumerate(part):
            holds[list(numbers), column] = 1
        yield np.array([count for _n, count in part]), holds.sum(0), holds

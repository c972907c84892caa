"""The constants of `course similarity` and what they are worth: `python -m benchmarks.similarity`; about five minutes.

Classes are made of honest solutions by varied means and of copies in the usual disguises (benchmarks.made_classes). Half of the
exercises and half of the disguises fit the constants, classes of the other exercises whose copies use the other disguises measure
them, four times in turn. Then all together fit what course/classroom/similarity.py holds, and precision and recall of these are
printed by the number of exercises of an assignment.
"""

from __future__ import annotations

import argparse
import itertools
import random
import time
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

import numpy as np

from benchmarks import made_classes
from course.classroom import similarity
from course.classroom.similarity import MODEL, Model
from course.content.catalog import Exercise, catalog

LARGE, SMALL = (200, 40), (25, 5)
FITTED = (3, 4, 6, 10)
SIZES = (1, 2, 3, 4, 6, 10)
MODELS = [Model(*each) for each in itertools.product((0.5, 0.7, 0.85), (0.3, 0.5, 0.8), (2.0, 3.0, 4.0, 6.0))]
THRESHOLDS = np.arange(-4.0, 12.0, 0.5)
NEARLY = 0.005

Known = tuple[
    similarity.Class, np.ndarray
]  # a class, and of its pairs (in the order of triu_indices) which were copied


def compared(made: made_classes.Class, exercises: Sequence[Exercise]) -> Known:
    """A made class as the program reads it."""
    given = [
        similarity.Given(each.slug, [path.read_text(encoding="utf-8") for path in (each.stub, each.solution)])
        for each in exercises
    ]
    slugs = [each.slug for each in exercises]
    texts = {
        name: [similarity.Text(slug, path, text) for slug, (path, text) in zip(slugs, files, strict=True)]
        for name, files in made.files.items()
    }
    class_ = similarity.Class(texts, given)
    both = zip(*_pairs(class_), strict=True)
    copied = [frozenset((class_.students[a], class_.students[b])) in made.copied for a, b in both]
    return class_, np.array(copied)


def _pairs(class_: similarity.Class) -> tuple[np.ndarray, np.ndarray]:
    first, second = np.triu_indices(len(class_.students), 1)
    return first, second


def classes(
    known: Sequence[Exercise], disguises: Sequence[str], sizes: Iterable[int], small: int, seed: int
) -> Iterator[Known]:
    """For each number of exercises a large class and some small ones, every one with exercises of its own."""
    for size in sizes:
        for number, (honest, copies) in enumerate([LARGE, *[SMALL] * small]):
            chance = random.Random(f"{seed} {size} {number}")
            exercises = chance.sample(known, size)
            yield compared(
                made_classes.made(chance.randrange(10**9), honest, copies, exercises, disguises), exercises
            )


def judged(model: Model, given: Sequence[Known]) -> tuple[np.ndarray, np.ndarray]:
    """The evidence of every pair of all these classes, and whether it was copied."""
    evidence = [class_.evidence(model)[_pairs(class_)] for class_, _copied in given]
    return np.concatenate(evidence), np.concatenate([copied for _class, copied in given])


def figures(evidence: np.ndarray, copied: np.ndarray, threshold: float) -> tuple[float, float]:
    """Precision and recall of telling what has this much evidence."""
    told = evidence >= threshold
    right = float((told & copied).sum())
    return right / max(float(told.sum()), 1.0), right / float(copied.sum())


def fitted(given: Sequence[Known]) -> Model:
    """The model with the best F1; of the thresholds that are nearly as good the one in the middle."""
    best: tuple[float, Model] | None = None
    for model in MODELS:
        evidence, copied = judged(model, given)
        both = [figures(evidence, copied, threshold) for threshold in THRESHOLDS]
        scores = np.array([2 * p * r / max(p + r, 1e-9) for p, r in both])
        good = THRESHOLDS[scores >= scores.max() - NEARLY]
        # Of equal models the one whose threshold matters least.
        score = float(scores.max()) + 1e-4 * len(good)
        if best is None or score > best[0]:
            best = score, replace(model, threshold=float(good[len(good) // 2]))
    assert best is not None
    return best[1]


def main() -> None:
    """Print the cross-validated figures, then those of the constants in use."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--small", type=int, default=6, help="small classes beside each large one")
    parser.add_argument("--no-fit", action="store_true", help="only the figures of the constants in use")
    parser.add_argument("--draw", type=int, default=30, help="another number draws other classes")
    options = parser.parse_args()
    exercises, disguises = list(catalog()), sorted(made_classes.DISGUISES)
    if not options.no_fit:
        mixed = random.Random(1).sample(exercises, len(exercises))
        print("other exercises, other disguises than those it was fitted on:")
        halves = [(mixed[0::2], mixed[1::2]), (mixed[1::2], mixed[0::2])]
        hidden = [(disguises[0::2], disguises[1::2]), (disguises[1::2], disguises[0::2])]
        for turn, ((mine, others), (known, unknown)) in enumerate(itertools.product(halves, hidden)):
            model = fitted(list(classes(mine, known, (4, 6), options.small, turn)))
            precision, recall = figures(
                *judged(model, list(classes(others, unknown, (6,), options.small, 10 + turn))),
                model.threshold,
            )
            print(f"  {model}: precision {precision:.3f}, recall {recall:.3f}", flush=True)
        print(
            f"fitted on all: {fitted(list(classes(exercises, disguises, FITTED, options.small, 20)))}",
            flush=True,
        )
    print(f"in use: {MODEL}")
    for size in SIZES:
        begun = time.perf_counter()
        given = list(classes(exercises, disguises, (size,), options.small, options.draw))
        seconds = time.perf_counter() - begun
        evidence, copied = judged(MODEL, given)
        precision, recall = figures(evidence, copied, MODEL.threshold)
        functions = np.mean([len(class_.functions) for class_, _copied in given])
        print(
            f"  exercises {size:2}, functions about {functions:3.0f}, copies {copied.sum()}: "
            f"precision {precision:.3f}, recall {recall:.3f}, made and read in {seconds:.0f} s",
            flush=True,
        )


if __name__ == "__main__":
    main()

"""On how many seeds a right variant passes: `python -m benchmarks.seeds gan_model "plain logarithms" --seeds 100`.

The proof grades variants of exercises with models on few seeds, as each takes seconds; a tolerance that refuses one draw in fifty
shows on a hundred.
"""

from __future__ import annotations

import argparse
import sys

from course.checking import Graders, Task
from course.content.catalog import catalog
from course.dev import variants
from course.learner.subject import Subject
from course.processes import cores


def main() -> None:
    """Grade each variant whose name contains the words; exit status 1 where one is refused on some seed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("slug")
    parser.add_argument(
        "words", nargs="?", default="", help="in the variant's name; by default all right ones"
    )
    parser.add_argument("--seeds", type=int, default=100)
    options = parser.parse_args()
    exercise = catalog().exercise(options.slug)
    right = [each for each in variants.load(exercise) if each.correct and options.words in each.name]
    tasks = {
        Task(Subject(exercise, f"{exercise.slug}.py", each.source), seed): each.name
        for each in right
        for seed in range(options.seeds)
    }
    passed = dict.fromkeys((each.name for each in right), 0)
    with Graders(cores(), [exercise.runtime]) as graders:
        for event in graders.run(list(tasks)):
            if event.result is not None and event.task is not None:
                if event.result.status == "passed":
                    passed[tasks[event.task]] += 1
                else:
                    wrong = [
                        f"{test.name}: {test.text()}"
                        for test in event.result.tests
                        if test.status != "passed"
                    ]
                    print(f"seed {event.task.seed}: {wrong[:1] or event.result.status}", flush=True)
    for name, count in passed.items():
        print(f"{count} of {options.seeds}: {name}")
    sys.exit(not passed or min(passed.values()) < options.seeds)


if __name__ == "__main__":
    main()

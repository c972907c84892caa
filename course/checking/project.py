"""A course's project: several exercises' files of one learner, run together by the course's own module.

The module, graders/projects/NAME.py, has LABELS, its texts by language, and run(project), which gets a Project and returns what
came out: a Result. SEED and EPOCHS say, where it has them, from what random choices are drawn and how long the bar is.
"""

from __future__ import annotations

import contextlib
import dataclasses
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING, Any, Protocol

from course import language
from course.content import courses
from course.content.catalog import Course
from course.content.data.source import Source
from course.content.declared import Project as Declared
from course.grading import launch
from course.grading.errors import Ended, Failure, LearnerError
from course.grading.submission import Functions, Submission
from course.language import ByLanguage
from course.language.messages import Message, say
from course.learner import workspace

if TYPE_CHECKING:
    from matplotlib.figure import Figure


class Result(Protocol):
    """What came out of a project.

    `passed` says whether it is as good as it should be, `pictures` draws by a file's name, with a figure and the labels.
    """

    @property
    def passed(self) -> bool:
        """Whether it is as good as it should be."""

    @property
    def pictures(self) -> Mapping[str, Callable[[Figure, Any], None]]:
        """What to draw."""

    def to_json(self) -> dict[str, Any]:
        """A form JSON can hold."""

    def show(self, labels: Any) -> Iterable[Any]:
        """What rich prints, in the language of these labels."""


class Stopped(Exception):
    """A file is missing or untouched, or does not do what the next step needs; `message` says which and why."""

    def __init__(self, slug: str, message: list[Message]) -> None:
        super().__init__(slug)
        self.slug = slug
        self.message = message


class Project:
    """What a project's module works with: the learner's functions, the data, and whom to tell.

    `data` is what the data set's module read (None where the project has none) and `source` where it came from, `seed` what
    random choices are drawn from, `seconds` the time that a call may take which is given all of it: `f.within(project.seconds)`.
    """

    def __init__(
        self,
        submission: Submission,
        labels: Any,
        data: Any,
        source: Source | None,
        seed: int,
        seconds: float,
        on_stage: Callable[[str], None],
    ) -> None:
        self._submission = submission
        self._labels = labels
        self._on_stage = on_stage
        self._begun = time.monotonic()
        self.data = data
        self.source = source
        self.seed = seed
        self.seconds = seconds

    @property
    def elapsed(self) -> float:
        """Seconds since it began."""
        return time.monotonic() - self._begun

    def stage(self, name: str) -> None:
        """Say which part begins; its text is LABELS[language]["stages"][name]."""
        self._on_stage(name)

    def module(self, slug: str) -> Functions:
        """The learner's functions in one of the exercises' files; models pass from one file's to another's."""
        return self._submission.module(slug)

    def watch(self, model: Any) -> None:
        """Show every epoch of a model from now on, as the learner's code trains it."""
        self._submission.watch(model)

    @contextlib.contextmanager
    def blamed(self, slug: str) -> Iterator[None]:
        """What goes wrong inside stops the project and is put down to this exercise's file."""
        try:
            yield
        except (LearnerError, Ended) as error:
            raise Stopped(error.slug or slug, error.message) from None
        except Failure as error:
            raise Stopped(slug, error.values + error.advice) from None

    def need(self, met: Any, key: str, **values: Any) -> None:
        """Go on only where this holds; else LABELS[language]["needs"][key] says what is wrong, with these values filled in."""
        if not met:
            raise Failure([say("{reason}", reason=self._labels["needs"][key].format(**values))])


def labels(module: ModuleType) -> Any:
    """A module's texts in the language in use, where it has none in that one in its first."""
    return ByLanguage[Any](module.LABELS)[language.current()]


def run(
    course: Course,
    declared: Declared,
    folder: Path,
    source: Source | None = None,
    data: Any = None,
    *,
    on_stage: Callable[[str], None] = lambda _: None,
    on_epoch: Callable[[Mapping[str, float]], None] = lambda _: None,
    seed: int | None = None,
) -> Result:
    """Run a project on the submission in `folder`.

    Args:
        course, declared: the course, and its project.
        folder: the submission.
        source, data: as from course.content.data.source.load().
        on_stage: told as each of the stages begins, by the module's names for them.
        on_epoch: told the numbers of each epoch of a watched model: epoch (from 1), loss, and what else Keras gives.
        seed: of random choices, and of the workers' random state; by default the module's SEED, else 0.

    Raises:
        Stopped: a file is not there, or raised, or returned something the next step cannot use.
        CourseError: the project's module cannot be loaded.
    """
    module = courses.module(course, declared.module)
    drawn_from = int(getattr(module, "SEED", 0)) if seed is None else seed
    subjects = [workspace.subject(course.exercise(slug), folder) for slug in declared.exercises]
    for each in subjects:
        if each.problem is not None:
            raise Stopped(each.exercise.slug, [each.problem])
        if each.untouched:
            raise Stopped(each.exercise.slug, [say("Not written yet.")])
    main, *beside = subjects
    exercise = dataclasses.replace(
        main.exercise, kind=declared.kind, seconds=declared.seconds, call_seconds=declared.call_seconds
    )
    with contextlib.ExitStack() as opened:
        start = opened.enter_context(launch.of_its_own())
        learner = Submission(
            exercise, main.source or "", main.path, start, drawn_from, beside=beside, listener=on_epoch
        )
        opened.callback(learner.close)
        project = Project(learner, labels(module), data, source, drawn_from, declared.seconds, on_stage)
        try:
            result: Result = module.run(project)
        except launch.WorkerStartError as error:
            raise Stopped(main.exercise.slug, [say("The check could not run."), *error.message]) from error
        except (LearnerError, Ended, Failure) as error:
            with project.blamed(main.exercise.slug):
                raise error
    return result

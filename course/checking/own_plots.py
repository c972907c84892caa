"""An exercise's picture by the learner's functions: they run in a confined worker, the drawing in a process of its own."""

from __future__ import annotations

import contextlib
import hashlib
import json
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

from course import language
from course.content import catalog, courses, plots
from course.language import gettext as _
from course.learner.subject import Subject
from course.system import folders

_SECONDS = 60.0
_FAILED = 3


class NotDrawn(Exception):
    """The code raised, or gave what cannot be drawn; the text says so in the language in use."""


def place(subject: Subject, code: str) -> Path:
    """Where the picture of this code is kept once it has been drawn."""
    exercise = subject.exercise
    digest = hashlib.sha256(
        f"{exercise.root}\0{subject.source}\0{exercise.plot.stat().st_mtime_ns}".encode(
            "utf-8", "surrogatepass"
        )
    )
    return folders.cache() / "pictures" / f"{exercise.slug}.{code}.{digest.hexdigest()[:24]}.own.svg"


def save(subject: Subject, code: str) -> Path:
    """Draw it, unless it has been drawn; the file. Raises NotDrawn."""
    path = place(subject, code)
    if path.is_file():
        return path
    path.parent.mkdir(parents=True, exist_ok=True)
    told = {
        "course": str(subject.exercise.root),
        "slug": subject.exercise.slug,
        "path": subject.path,
        "source": subject.source,
        "code": code,
    }
    with tempfile.TemporaryDirectory(dir=path.parent, ignore_cleanup_errors=True) as name:
        part = Path(name) / "own.svg"
        command = [sys.executable, "-P", "-m", "course.checking.own_plots", str(part)]
        try:
            done = subprocess.run(
                command,
                input=json.dumps(told),
                capture_output=True,
                text=True,
                encoding="utf-8",
                timeout=_SECONDS,
                check=False,
            )
        except subprocess.TimeoutExpired as error:
            raise NotDrawn(
                _("Drawing took longer than {seconds} s.").format(seconds=f"{_SECONDS:g}")
            ) from error
        if done.returncode == _FAILED:
            raise NotDrawn(done.stdout.strip())
        if done.returncode or not part.is_file():
            raise NotDrawn(_("What your functions return cannot be drawn: check them first."))
        part.replace(path)
    return path


class _Functions:
    """The learner's functions as a picture calls them. Each call draws from a generator of its own, as one stays where it was.

    A function cannot cross to the worker: where a picture hands one over, there is none by the learner's code.
    """

    def __init__(self, learner: Any) -> None:
        self._learner = learner

    def __getattr__(self, name: str) -> Callable[..., Any]:
        function = getattr(self._learner, name)

        def call(*arguments: Any) -> Any:
            if any(callable(each) and not isinstance(each, type) for each in arguments):
                raise NotDrawn(
                    _(
                        "This picture hands a function to the code: it is drawn by the reference solution alone."
                    )
                )
            return function(*(each.spawn(1)[0] if hasattr(each, "spawn") else each for each in arguments))

        return call


def _main(path: Path) -> int:
    """Draw into the file what standard input names; 3 where the learner's code is why that does not go, which is printed."""
    from course.grading import launch
    from course.grading.errors import Ended, Failure, LearnerError
    from course.grading.submission import Submission

    told = json.load(sys.stdin)
    courses.choose(lambda: courses.at(Path(told["course"])))
    exercise = catalog.catalog().exercise(told["slug"])
    with contextlib.ExitStack() as opened, language.using(told["code"]):
        start = opened.enter_context(launch.of_its_own())
        learner = Submission(exercise, told["source"], told["path"], start, 1)
        opened.callback(learner.close)
        picture = plots.load(exercise)
        try:
            plots.write(
                path,
                picture.LABELS,
                told["code"],
                lambda figure, labels: picture.draw(figure, _Functions(learner), labels),
            )
        except (LearnerError, Ended, launch.WorkerStartError) as error:
            print("\n".join(part.render() for part in error.message))
            return _FAILED
        except NotDrawn as error:
            print(error)
            return _FAILED
        except Failure as error:
            print("\n".join(part.render() for part in (*error.values, *error.advice)))
            return _FAILED
    return 0


if __name__ == "__main__":
    sys.exit(_main(Path(sys.argv[1])))

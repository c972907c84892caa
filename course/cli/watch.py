"""`course watch`."""

from __future__ import annotations

import contextlib
import queue
import sys
import threading
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Protocol

import click

from course import language
from course.checking import protection
from course.cli import completion
from course.cli.options import Translated, global_options, store_problem
from course.content import catalog, texts
from course.content.catalog import Exercise
from course.language import gettext as _
from course.learner import workspace
from course.learner.store.errors import StoreUnusable
from course.results import ExerciseResult, status_word
from course.watch import files
from course.watch.grading import Broke, Graded, Grading, News, Tested, Unkept, Unprotected
from course.watch.state import State


@click.command(cls=Translated)
@click.argument(
    "name", required=False, metavar="[DAY|EXERCISE]", shell_complete=completion.days_and_exercises
)
@global_options
def watch(name: str | None) -> None:
    """Grade what you save, as you save it; begins with this exercise or day, else with the next one to do.

    The screen shows the exercise you work at. When it passes, the next one begins. Ctrl-C or q ends it. Where the output is
    not a terminal, every result is a line.
    """
    folder = workspace.find()
    chosen = catalog.catalog().select([name] if name is not None else [])
    state = _begin(chosen)
    news: queue.SimpleQueue[_Event] = queue.SimpleQueue()
    terminal = sys.stdin.isatty() and sys.stdout.isatty()
    with contextlib.suppress(KeyboardInterrupt):
        _run(state, folder, news, _Screen(state, folder, news.put) if terminal else _Lines())


@dataclass(frozen=True)
class _Pressed:
    key: str


@dataclass(frozen=True)
class _Resized:
    pass


_Event = News | files.Change | _Pressed | _Resized


class _Face(Protocol):
    def __enter__(self) -> object: ...
    def __exit__(self, *_: object) -> None: ...
    def show(self) -> None: ...
    def graded(self, result: ExerciseResult) -> None: ...
    def note(self, text: str) -> None: ...


def _begin(chosen: list[Exercise]) -> State:
    """Start with the first of these that has not passed, as far as the store knows."""
    from course.progress import history

    exercises = list(catalog.catalog())
    try:
        attempts = history.load().attempts
    except StoreUnusable:  # said with the first result that cannot be written down
        attempts = ()
    passed = {attempt.exercise for attempt in attempts if attempt.status == "passed"}
    current = next((exercise for exercise in chosen if exercise.slug not in passed), chosen[0])
    return State(exercises, current, passed=passed)


def _run(state: State, folder: Path, news: queue.SimpleQueue[_Event], face: _Face) -> None:
    """Take one event after the other until the learner has enough."""
    stop = threading.Event()
    watched = files.Watched(folder, state.exercises)  # before the first file is read
    changes = threading.Thread(target=_look, args=(watched, stop, news.put), daemon=True)
    with Grading(news.put) as grading, face:
        changes.start()
        try:
            _go_to(state, folder, grading)
            while True:
                face.show()
                event = news.get()
                match event:
                    case files.Change(exercises, rewritten):
                        held = [state.current] if state.current in exercises else exercises[:1]
                        state.saved(rewritten or held)
                        for exercise in rewritten or held:
                            _grade(state, exercise, folder, grading, saved=True)
                    case Tested(slug) if slug == state.grading:
                        state.tests_done += 1
                    case Graded(result, saved):
                        before = state.current
                        state.graded(result, saved=saved)
                        face.graded(result)
                        if state.current is not before:
                            _go_to(state, folder, grading)
                    case Unkept(problem):
                        state.note = store_problem(problem)
                        face.note(state.note)
                    case Unprotected(lacking):
                        if (missing := protection.note(lacking)) is not None:
                            state.note = missing
                            face.note(missing)
                    case Broke(error):
                        raise error
                    case _Pressed(key):
                        state.hints = len(texts.text(state.current, language.current()).hints)
                        action = state.press(key)
                        if action == "quit":
                            return
                        if action == "grade":
                            _go_to(state, folder, grading)
                        if action == "reset":
                            _reset(state, folder)
        finally:
            stop.set()


def _look(watched: files.Watched, stop: threading.Event, tell: Callable[[Any], None]) -> None:
    try:
        for found in watched.changes(stop):
            tell(found)
    except BaseException as error:
        tell(Broke(error))


def _go_to(state: State, folder: Path, grading: Grading) -> None:
    """Grade the exercise gone to; have ready what the one after it needs."""
    grading.warm(state.current.runtime)
    _grade(state, state.current, folder, grading, saved=False)
    following = state.following()
    if following is not None:
        grading.warm(following.runtime)


def _grade(state: State, exercise: Exercise, folder: Path, grading: Grading, *, saved: bool) -> None:
    subject = workspace.subject(exercise, folder)
    grading.grade(subject, saved=saved)
    if exercise is state.current:
        state.grading, state.tests_done = exercise.slug, 0
        state.path = Path(subject.path)


def _reset(state: State, folder: Path) -> None:
    """Put the stub back; a notebook is left alone, as there is more in it than this exercise."""
    if state.path.suffix == ".ipynb":
        text = _("{path} is a notebook; only a file is put back.")
        state.note = text.format(path=state.path.relative_to(folder))
        return
    try:
        backup = workspace.reset(state.current, folder)
    except OSError as error:
        text = _("{path} cannot be written: {error}")
        state.note = text.format(path=state.path, error=error.strerror)
        return
    if backup is not None:
        state.note = _("Your file is kept as {path}").format(path=backup.relative_to(folder))


class _Screen:
    """The terminal's whole screen, drawn anew after every event."""

    def __init__(self, state: State, folder: Path, tell: Callable[[_Event], None]) -> None:
        from course.cli import watch_screen
        from course.terminal import screen
        from course.terminal import takeover as terminal

        self._state, self._folder = state, folder
        self._console = screen.console()
        self._terminal, self._draw = terminal, watch_screen.draw
        self._taken = terminal.taken(lambda key: tell(_Pressed(key)), lambda: tell(_Resized()))

    def __enter__(self) -> None:
        self._taken.__enter__()

    def __exit__(self, *error: Any) -> None:
        self._taken.__exit__(*error)

    def show(self) -> None:
        width, height = self._terminal.size()
        self._console.size = (width, height)
        self._terminal.draw(self._draw(self._state, self._folder, self._console, width, height))

    def graded(self, result: ExerciseResult) -> None:
        """Seen with the next drawing."""

    def note(self, text: str) -> None:
        """Seen with the next drawing."""


class _Lines:
    """A line an event, for logs and pipes."""

    def __enter__(self) -> None:
        self._say(_("watching; Ctrl-C ends it"))

    def __exit__(self, *_: object) -> None:
        pass

    def show(self) -> None:
        """There is no screen."""

    def graded(self, result: ExerciseResult) -> None:
        line = f"{result.slug} {result.points}/{result.max_points} {status_word(result.status)}"
        failed = next((t for t in result.tests if t.status not in ("passed", "blocked") and t.message), None)
        if failed is not None:
            line += " · " + failed.text().replace("\n", " ")
        self._say(line)

    def note(self, text: str) -> None:
        self._say(text)

    def _say(self, line: str) -> None:
        click.echo(f"{datetime.now().astimezone():%H:%M:%S} {line}")

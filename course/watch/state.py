"""What a watch knows and shows, and how keys, saved files and results change it. No terminal, no files."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from course.content.catalog import Exercise
from course.results import ExerciseResult

View = Literal["result", "text", "hint", "list", "reset", "explanation"]
Action = Literal["quit", "reset", "grade"]

# The same keys while a Korean keyboard is switched to Hangul.
_HANGUL = dict(zip("ㅗㅜㅣㄴㄱㅂㄷㅛㅓㅏ", "hnlsrqeyjk", strict=True))
_SCROLL = {"up": -1, "k": -1, "down": 1, "j": 1, "pageup": -10, "pagedown": 10, " ": 10}


@dataclass
class State:
    """The exercises in order, the one worked at, the latest results by slug, and the view with how far it is scrolled."""

    exercises: Sequence[Exercise]
    current: Exercise
    path: Path = field(default_factory=Path)  # of the file or notebook that holds it
    hints: int = 0  # of the current exercise
    passed: set[str] = field(default_factory=set)
    results: dict[str, ExerciseResult] = field(default_factory=dict)
    grading: str | None = None
    tests_done: int = 0
    just_passed: ExerciseResult | None = None
    view: View = "result"
    hint: int = 1
    chosen: int = 0
    scroll: int = 0
    note: str = ""

    @property
    def result(self) -> ExerciseResult | None:
        """The latest result of the exercise worked at."""
        return self.results.get(self.current.slug)

    @property
    def complete(self) -> bool:
        """Whether everything has passed."""
        return all(exercise.slug in self.passed for exercise in self.exercises)

    def following(self) -> Exercise | None:
        """The first exercise after the current one that has not passed, from the beginning again after the last."""
        place = self.exercises.index(self.current)
        order = [*self.exercises[place + 1 :], *self.exercises[:place]]
        return next((exercise for exercise in order if exercise.slug not in self.passed), None)

    def go_to(self, exercise: Exercise) -> None:
        """Work at this one from now on."""
        self.current = exercise
        self.hint = 1
        self._show("result")

    def saved(self, exercises: Sequence[Exercise]) -> None:
        """Files changed: what is shown is about one of them."""
        self.just_passed = None
        if self.current not in exercises:
            self.go_to(exercises[0])
        self._show("result")

    def graded(self, result: ExerciseResult, *, saved: bool) -> None:
        """A result came. Where a saved file passed, the following exercise begins."""
        self.results[result.slug] = result
        if self.grading == result.slug:
            self.grading = None
        if result.status != "todo":  # a stub just put back leaves the note on where the file is kept
            self.note = ""
        if result.status != "passed":
            return
        self.passed.add(result.slug)
        if saved and result.slug == self.current.slug:
            self.just_passed = result
            following = self.following()
            if following is not None:
                self.go_to(following)

    def press(self, key: str) -> Action | None:
        """A key. What it asks of others is returned: to end, to put the stub back, to grade the exercise gone to."""
        key = _HANGUL.get(key, key.lower())
        self.note = ""
        if key == "q":
            return "quit"
        if self.view == "reset":
            self._show("result")
            return "reset" if key == "y" else None
        if self.view == "list" and key in ("up", "down", "j", "k", "pageup", "pagedown"):
            self.chosen = min(max(self.chosen + _SCROLL[key], 0), len(self.exercises) - 1)
        elif self.view == "list" and key == "enter":
            self.just_passed = None
            self.go_to(self.exercises[self.chosen])
            return "grade"
        elif key in _SCROLL:
            self.scroll = max(self.scroll + _SCROLL[key], 0)
        elif key in ("escape", "enter"):
            self._show("result")
        else:
            return self._command(key)
        return None

    def _command(self, key: str) -> Action | None:
        match key:
            case "h":
                if self.view == "hint":
                    self.hint = self.hint % self.hints + 1 if self.hints else 1
                self._show("hint")
            case "n":
                following = self.following()
                if following is not None:
                    self.just_passed = None
                    self.go_to(following)
                    return "grade"
            case "l":
                self.chosen = self.exercises.index(self.current)
                self._toggle("list")
            case "s":
                self._toggle("text")
            case "e" if self.just_passed is not None:
                self._toggle("explanation")
            case "r" if self.path.suffix == ".ipynb":
                return "reset"  # which says why not
            case "r":
                self._show("reset")
        return None

    def _toggle(self, view: View) -> None:
        self._show("result" if self.view == view else view)

    def _show(self, view: View) -> None:
        self.view = view
        self.scroll = 0

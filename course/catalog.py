"""What there is to learn: days and exercises in order, and the files that belong to each, derived from the slug."""

from __future__ import annotations

import difflib
import functools
import tomllib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

PACKAGE = Path(__file__).parent
# A wheel carries the content inside the package; in a checkout it lies beside it.
CONTENT = PACKAGE / "content" if (PACKAGE / "content").is_dir() else PACKAGE.parent

_DEFAULT_SECONDS = {"numpy": 60.0, "keras": 120.0}


class UnknownName(LookupError):
    """A name that is neither a day nor an exercise. `nearest` are the most similar that exist."""

    def __init__(self, name: str, nearest: list[str]) -> None:
        super().__init__(f"no day or exercise is called {name!r}; the nearest: {', '.join(nearest) or '-'}")
        self.name = name
        self.nearest = nearest


class ManifestError(ValueError):
    """The manifest does not read as one."""


@dataclass(frozen=True)
class Exercise:
    """One exercise. Times are in seconds."""

    slug: str
    day: str
    runtime: str
    seconds: float
    call_seconds: float
    root: Path
    report: int = 0  # points that a person gives for a written report

    @property
    def solution(self) -> Path:
        """The reference solution, the one place its code is written."""
        return self.root / "solutions" / self.day / f"{self.slug}.py"

    @property
    def plot(self) -> Path:
        """What draws its picture; not every exercise has one."""
        return self.root / "solutions" / self.day / f"{self.slug}.plot.py"

    @property
    def stub(self) -> Path:
        """What a learner starts from; generated."""
        return self.root / "exercises" / self.day / f"{self.slug}.py"

    @property
    def grader(self) -> Path:
        """The pytest file that judges it."""
        return self.root / "graders" / self.day / f"test_{self.slug}.py"

    def text(self, language: str) -> Path:
        """The learner's text in a language."""
        return self.root / "exercises" / self.day / f"{self.slug}.{language}.md"


@dataclass(frozen=True)
class Day:
    """One day of the course: its titles by language and its exercises in order."""

    slug: str
    titles: dict[str, str]
    exercises: tuple[Exercise, ...]

    def title(self, language: str) -> str:
        """The title in a language, in English where it has none."""
        return self.titles.get(language) or self.titles["en"]


@dataclass(frozen=True)
class Catalog:
    """All days in order."""

    days: tuple[Day, ...]
    root: Path

    def __iter__(self) -> Iterator[Exercise]:
        """Every exercise in order."""
        return (exercise for day in self.days for exercise in day.exercises)

    def exercise(self, slug: str) -> Exercise:
        """The exercise with this slug; raises UnknownName."""
        for exercise in self:
            if exercise.slug == slug:
                return exercise
        raise UnknownName(slug, self._nearest(slug, [exercise.slug for exercise in self]))

    def select(self, names: Iterable[str]) -> list[Exercise]:
        """The exercises of these days and slugs in the catalog's order, everything for no name; raises UnknownName.

        A path such as day10/lstm_gates.py or day10.ipynb stands for its exercise or day.
        """
        wanted = [Path(name).stem if name.endswith((".py", ".ipynb")) else name.strip("/") for name in names]
        known = {exercise.slug for exercise in self} | {day.slug for day in self.days}
        for name in wanted:
            if name not in known:
                raise UnknownName(name, self._nearest(name, sorted(known)))
        return [
            exercise for exercise in self if not wanted or exercise.slug in wanted or exercise.day in wanted
        ]

    @staticmethod
    def _nearest(name: str, known: list[str]) -> list[str]:
        return difflib.get_close_matches(name.lower(), known, n=3, cutoff=0.5)


def load(root: Path = CONTENT) -> Catalog:
    """Read the manifest under `root`; raises ManifestError with the file and what is wrong."""
    path = root / "exercises" / "manifest.toml"
    try:
        data = tomllib.loads(path.read_text(encoding="utf-8"))
        return Catalog(tuple(_day(entry, root) for entry in data["days"]), root)
    except (OSError, KeyError, TypeError, tomllib.TOMLDecodeError) as error:
        raise ManifestError(f"{path}: {error}") from error


@functools.cache
def catalog() -> Catalog:
    """The course's own catalog."""
    return load()


def _day(entry: dict[str, Any], root: Path) -> Day:
    exercises = []
    for line in entry["exercises"]:
        unknown = set(line) - {"slug", "runtime", "seconds", "call_seconds", "report"}
        runtime = line.get("runtime", "numpy")
        if unknown or runtime not in _DEFAULT_SECONDS:
            raise KeyError(f"{line['slug']}: unknown {', '.join(sorted(unknown)) or f'runtime {runtime}'}")
        seconds = float(line.get("seconds", _DEFAULT_SECONDS[runtime]))
        call_seconds = float(line.get("call_seconds", 10))
        report = int(line.get("report", 0))
        exercises.append(Exercise(line["slug"], entry["slug"], runtime, seconds, call_seconds, root, report))
    return Day(entry["slug"], dict(entry["title"]), tuple(exercises))

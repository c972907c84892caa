"""A course as its manifest describes it: languages, runtimes, days and exercises in order, and the files that belong to each."""

from __future__ import annotations

import difflib
import functools
import re
import tomllib
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NoReturn

from course.content.declared import DIGEST, TAKEN, Dataset, Project
from course.language import Words
from course.language import gettext as _
from course.system import program
from course.worker.runtimes import RUNTIMES, Runtime, of_a_course

PACKAGE, CONTENT = program.PACKAGE, program.CONTENT

SLUG = re.compile(r"[a-z][a-z0-9_]*")
_NAME = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*")
_CODE = re.compile(r"[a-z]{2,3}")
_KEYS = frozenset(
    {"name", "title", "languages", "unfinished", "needs", "quiz", "runtimes", "data", "projects", "days"}
)
_LEAST = frozenset({"study", "topic", "difficult", "all", "parameterised"})  # beside the days' own


class UnknownName(LookupError):
    """A name that is neither a day nor an exercise. `nearest` are the most similar that exist."""

    def __init__(self, name: str, nearest: list[str]) -> None:
        super().__init__(f"no day or exercise is called {name!r}; the nearest: {', '.join(nearest) or '-'}")
        self.name = name
        self.nearest = nearest


class ManifestError(ValueError):
    """The manifest does not read as one; the text, in the language in use, names file and line and what to do."""


@dataclass(frozen=True)
class Exercise:
    """One exercise. Times are in seconds."""

    slug: str
    day: str
    kind: Runtime
    seconds: float
    call_seconds: float
    root: Path
    report: int = 0  # points that a person gives for a written report
    former: tuple[str, ...] = ()  # slugs it had in earlier versions
    course: str = ""  # the course's name
    languages: tuple[str, ...] = ("en",)  # the course's, the one that stands in for others first
    unfinished: tuple[str, ...] = ()  # those that have been begun

    @property
    def runtime(self) -> str:
        """What its worker has imported, by the runtime's name."""
        return self.kind.name

    @property
    def heavy(self) -> bool:
        """Whether it trains models (see course.worker.runtimes)."""
        return self.kind.heavy

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

    def texts(self) -> dict[str, Path]:
        """The texts there have to be by language, and those that there are in a language that has been begun."""
        begun = [code for code in self.unfinished if self.text(code).is_file()]
        return {code: self.text(code) for code in (*self.languages, *begun)}

    def written(self, language: str) -> Path:
        """The text that is shown in a language: where there is none in it, the course's first that there is."""
        for code in (language, *self.languages):
            if (found := self.text(code)).is_file():
                return found
        return self.text(self.languages[0])


@dataclass(frozen=True)
class Day:
    """One day of the course: its titles by language, the one that stands in first, and its exercises in order."""

    slug: str
    titles: Words
    exercises: tuple[Exercise, ...]

    def title(self, code: str) -> str:
        """The title in a language, where it has none in the one that stands in."""
        return self.titles[code]


@dataclass(frozen=True)
class Course:
    """One course. `root` holds exercises/, solutions/, graders/; `name` is what a command line calls it.

    Its texts are held to all of `languages`, of which the first stands in where a text has no other; `unfinished` ones have
    been begun. `least` are the fewest questions its quizzes are to have: by day, of a topic under topic or,
    if it is on the study list, study, of difficulty 3 a topic under difficult, and under all and parameterised.
    `data` and `projects` are what it declares beside its exercises, by name. `others` are further courses whose days it holds
    (course.content.joint).
    """

    root: Path
    name: str
    titles: Words
    languages: tuple[str, ...]
    days: tuple[Day, ...]
    unfinished: tuple[str, ...] = ()
    runtimes: Mapping[str, Runtime] = field(default_factory=lambda: RUNTIMES, hash=False)
    least: Mapping[str, int] = field(default_factory=dict, hash=False)
    data: Mapping[str, Dataset] = field(default_factory=dict, hash=False)
    projects: Mapping[str, Project] = field(default_factory=dict, hash=False)
    others: tuple[Course, ...] = ()

    def __iter__(self) -> Iterator[Exercise]:
        """Every exercise in order."""
        return (exercise for day in self.days for exercise in day.exercises)

    @property
    def roots(self) -> tuple[Path, ...]:
        """The folders of all that it holds, its own first."""
        return (self.root, *(other.root for other in self.others))

    @property
    def names(self) -> tuple[str, ...]:
        """The names of all that it holds, its own first."""
        return (self.name, *(other.name for other in self.others))

    @property
    def manifest(self) -> Path:
        """The file it is read from."""
        return manifest(self.root)

    @property
    def shared(self) -> list[Path]:
        """The modules that its graders and pictures share."""
        graders = self.root / "graders"
        return sorted(path for path in graders.rglob("*.py") if not path.name.startswith("test_"))

    @property
    def every_language(self) -> tuple[str, ...]:
        """Those it is held to, and those begun."""
        return (*self.languages, *self.unfinished)

    def title(self, code: str) -> str:
        """The title in a language, where it has none in the one that stands in."""
        return self.titles[code]

    def exercise(self, slug: str) -> Exercise:
        """The exercise with this slug; raises UnknownName."""
        for exercise in self:
            if exercise.slug == slug:
                return exercise
        now = self.renamed.get(slug)
        near = [now.slug] if now else self._nearest(slug, [exercise.slug for exercise in self])
        raise UnknownName(slug, near)

    @functools.cached_property
    def renamed(self) -> dict[str, Exercise]:
        """Exercises by the slugs they had before."""
        return {slug: exercise for exercise in self for slug in exercise.former}

    def select(self, names: Iterable[str]) -> list[Exercise]:
        """The exercises of these days and slugs in the course's order, everything for no name; raises UnknownName.

        A path such as DAY/EXERCISE.py or DAY.ipynb stands for its exercise or day.
        """
        wanted = [Path(name).stem if name.endswith((".py", ".ipynb")) else name.strip("/") for name in names]
        known = {exercise.slug for exercise in self} | {day.slug for day in self.days}
        for name in wanted:
            if name not in known:
                now = self.renamed.get(name)
                raise UnknownName(name, [now.slug] if now else self._nearest(name, sorted(known)))
        return [
            exercise for exercise in self if not wanted or exercise.slug in wanted or exercise.day in wanted
        ]

    @staticmethod
    def _nearest(name: str, known: list[str]) -> list[str]:
        return difflib.get_close_matches(name.lower(), known, n=3, cutoff=0.5)


def manifest(root: Path) -> Path:
    """Where a course's manifest lies."""
    return root / "exercises" / "manifest.toml"


def load(root: Path) -> Course:
    """Read the manifest under `root`; raises ManifestError."""
    path = manifest(root)
    try:
        source = path.read_bytes().decode("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        reason = (isinstance(error, OSError) and error.strerror) or error
        text = _("{path} cannot be read: {reason}. A course is a folder that holds exercises/manifest.toml.")
        raise ManifestError(text.format(path=path, reason=reason)) from error
    try:
        data = tomllib.loads(source.replace("\r\n", "\n"))
    except tomllib.TOMLDecodeError as error:
        raise ManifestError(f"{path}: {error}") from error
    return _Reader(path, source).course(root, data)


class _Reader:
    """Turns what TOML holds into a course, and finds the line of what is wrong with it."""

    def __init__(self, path: Path, source: str) -> None:
        self._path = path
        self._source = source

    def course(self, root: Path, data: dict[str, Any]) -> Course:
        self._keys(data, _KEYS)
        self._program(data.get("needs", ""))
        name = self._typed(data, "name", str)
        if not _NAME.fullmatch(name):
            self._fail(
                _("{name}: a course's name is lower-case letters, digits and hyphens").format(name=name), name
            )
        languages = self._codes(data, "languages") or ("en",)
        unfinished = self._codes(data, "unfinished") if "unfinished" in data else ()
        unfinished = tuple(code for code in unfinished if code not in languages)
        codes = (*languages, *unfinished)
        runtimes = {**RUNTIMES, **self._runtimes(self._named(data, "runtimes", RUNTIMES))}
        shared = {"root": root, "course": name, "languages": languages, "unfinished": unfinished}
        titles = self._titles(data, codes, "title")
        days = tuple(
            self._day(entry, runtimes, shared) for entry in self._tables(data.get("days", []), "days")
        )
        self._unique([day.slug for day in days] + [e.slug for day in days for e in day.exercises])
        sets = self._data(self._named(data, "data", TAKEN), codes)
        exercises = {exercise.slug for day in days for exercise in day.exercises}
        projects = self._projects(self._named(data, "projects"), exercises, runtimes, sets)
        least = self._least(data, days)
        return Course(root, name, titles, languages, days, unfinished, runtimes, least, sets, projects)

    def _day(self, entry: dict[str, Any], runtimes: Mapping[str, Runtime], shared: dict[str, Any]) -> Day:
        self._keys(entry, {"slug", "title", "exercises"}, "[[days]]")
        slug = self._slug(entry, "[[days]]")
        titles = self._titles(entry, (*shared["languages"], *shared["unfinished"]), slug)
        found = []
        for line in self._tables(entry.get("exercises", []), slug, "exercises"):
            mine = self._slug(line, slug)
            self._keys(line, {"slug", "runtime", "seconds", "call_seconds", "report", "former"}, mine)
            kind = self._runtime(line, mine, runtimes)
            found.append(
                Exercise(
                    mine,
                    slug,
                    kind,
                    float(self._typed(line, "seconds", (int, float), mine, default=kind.seconds)),
                    float(self._typed(line, "call_seconds", (int, float), mine, default=10)),
                    report=self._typed(line, "report", int, mine, default=0),
                    former=self._words(line, "former", mine),
                    **shared,
                )
            )
        return Day(slug, titles, tuple(found))

    def _runtime(self, entry: dict[str, Any], where: str, runtimes: Mapping[str, Runtime]) -> Runtime:
        runtime = self._typed(entry, "runtime", str, where, default="numpy")
        if runtime not in runtimes:
            text = _("{slug}: there is no runtime {runtime}; there are {known}")
            self._fail(text.format(slug=where, runtime=runtime, known=", ".join(runtimes)), where, runtime)
        return runtimes[runtime]

    def _named(
        self, data: dict[str, Any], key: str, taken: Iterable[str] = ()
    ) -> Iterator[tuple[str, dict[str, Any]]]:
        """The tables under a key, [key.NAME], each with its name."""
        for name, entry in self._typed(data, key, dict, default={}).items():
            if not SLUG.fullmatch(name) or name in taken or not isinstance(entry, dict):
                text = _(
                    "{name}: what stands here is a table under a name that the program does not use itself, [{key}.NAME]"
                )
                self._fail(text.format(name=name, key=key), key, name)
            yield name, entry

    def _runtimes(self, entries: Iterable[tuple[str, dict[str, Any]]]) -> dict[str, Runtime]:
        found = {}
        for name, entry in entries:
            self._keys(entry, {"title", "imports", "install", "seconds", "memory", "heavy"}, name)
            imports = self._words(entry, "imports", name)
            if not imports:
                self._fail(_("{name}: {key} is missing").format(name=name, key="imports"), name)
            memory = self._typed(entry, "memory", (int, float), name, default=2)
            found[name] = of_a_course(
                name,
                self._typed(entry, "title", str, name, default=name),
                self._typed(entry, "install", str, name, default=imports[0].partition(".")[0]),
                imports,
                seconds=float(self._typed(entry, "seconds", (int, float), name, default=60)),
                data=int(memory * (1 << 30)),
                heavy=self._typed(entry, "heavy", bool, name, default=False),
            )
        return found

    def _data(
        self, entries: Iterable[tuple[str, dict[str, Any]]], codes: tuple[str, ...]
    ) -> dict[str, Dataset]:
        found = {}
        for name, entry in entries:
            self._keys(entry, {"title", "url", "digest", "generated"}, name)
            url, digest = (self._typed(entry, key, str, name, default="") for key in ("url", "digest"))
            if bool(url) != bool(digest) or (digest and not DIGEST.fullmatch(digest)):
                text = _(
                    "{name}: url goes with digest, which is sha256: or git: (git hash-object) and the digest of the file"
                )
                self._fail(text.format(name=name), name, "digest" if digest else "url")
            generated = self._titles(entry, codes, name, "generated") if "generated" in entry else Words()
            found[name] = Dataset(name, self._titles(entry, codes, name), url, digest, generated)
        return found

    def _projects(
        self,
        entries: Iterable[tuple[str, dict[str, Any]]],
        exercises: Collection[str],
        runtimes: Mapping[str, Runtime],
        sets: Mapping[str, Dataset],
    ) -> dict[str, Project]:
        found = {}
        for name, entry in entries:
            self._keys(entry, {"exercises", "data", "runtime", "seconds", "call_seconds"}, name)
            slugs = self._words(entry, "exercises", name)
            if not slugs:
                self._fail(_("{name}: {key} is missing").format(name=name, key="exercises"), name)
            if unknown := [slug for slug in slugs if slug not in exercises]:
                text = _("{name}: there is no exercise {slug}")
                self._fail(text.format(name=name, slug=unknown[0]), name, "exercises", unknown[0])
            data = self._typed(entry, "data", str, name, default="")
            if data and data not in sets:
                text = _("{name}: there is no data set {data}; there are {known}")
                known = ", ".join(sets) or "-"
                self._fail(text.format(name=name, data=data, known=known), name, "data", data)
            kind = self._runtime(entry, name, runtimes)
            found[name] = Project(
                name,
                slugs,
                kind,
                float(self._typed(entry, "seconds", (int, float), name, default=kind.seconds)),
                float(self._typed(entry, "call_seconds", (int, float), name, default=kind.seconds)),
                sets.get(data),
            )
        return found

    def _least(self, data: dict[str, Any], days: tuple[Day, ...]) -> dict[str, int]:
        quiz = self._typed(data, "quiz", dict, default={})
        self._keys(quiz, {"least"}, "[quiz]")
        least = self._typed(quiz, "least", dict, "[quiz]", default={})
        self._keys(least, _LEAST | {day.slug for day in days}, "least")
        return {key: self._typed(least, key, int, "least") for key in least}

    def _program(self, needs: object) -> None:
        if not needs:
            return
        from packaging.specifiers import InvalidSpecifier, SpecifierSet

        try:
            wanted = SpecifierSet(str(needs))
        except InvalidSpecifier:
            self._fail(_('needs says which versions of the program will do, such as ">=0.2"'), "needs")
        have = program.version()
        if have != "0" and not wanted.contains(have, prereleases=True):
            text = _(
                "the course needs version {wanted} of the program, and this is {have}: "
                "upgrade it (pip install --upgrade deep-learning-course)"
            )
            self._fail(text.format(wanted=wanted, have=have), "needs")

    def _titles(self, entry: dict[str, Any], codes: tuple[str, ...], where: str, key: str = "title") -> Words:
        given = self._typed(entry, key, (str, dict), where)
        titles = {codes[0]: given} if isinstance(given, str) else dict(given)
        if not all(isinstance(text, str) and text for text in titles.values()) or not titles:
            text = _("{name}: {key} is empty in some language")
            self._fail(text.format(name=where, key=key), where, key)
        if unknown := set(titles) - set(codes):
            text = _("{name}: the course has no language {unknown}; it has {known}")
            known = ", ".join(codes)
            self._fail(text.format(name=where, unknown=", ".join(sorted(unknown)), known=known), where, key)
        return Words({code: titles[code] for code in codes if code in titles})

    def _slug(self, entry: dict[str, Any], where: str) -> str:
        slug: str = self._typed(entry, "slug", str, where)
        if not SLUG.fullmatch(slug):
            self._fail(
                _("{slug}: a slug is lower-case letters, digits and underscores").format(slug=slug), slug
            )
        return slug

    def _codes(self, data: dict[str, Any], key: str) -> tuple[str, ...]:
        codes = self._words(data, key, "")
        for code in codes:
            if not _CODE.fullmatch(code):
                self._fail(_("{code} is no language code such as en or ko").format(code=code), key)
        return codes

    def _words(self, entry: dict[str, Any], key: str, where: str) -> tuple[str, ...]:
        words: list[Any] = self._typed(entry, key, list, where, default=[])
        if not all(isinstance(word, str) and word for word in words):
            self._fail(_("{key} is a list of words").format(key=key), where, key)
        return tuple(words)

    def _tables(self, value: object, *where: str) -> list[dict[str, Any]]:
        if not isinstance(value, list) or not all(isinstance(entry, dict) for entry in value):
            self._fail(_("{key} is a list of tables").format(key=where[-1]), *where)
        return list(value)

    def _typed(
        self, entry: dict[str, Any], key: str, kind: Any, where: str = "", *, default: Any = None
    ) -> Any:
        if key not in entry and default is not None:
            return default
        named = f"{where}: {key}" if where and not where.startswith("[") else key
        if key not in entry:
            self._fail(_("{key} is missing").format(key=named), where)
        value = entry[key]
        if not isinstance(value, kind) or (isinstance(value, bool) and kind is not bool):
            self._fail(_("{key} is not of the kind that belongs there").format(key=named), where, key)
        return value

    def _keys(self, entry: dict[str, Any], known: Iterable[str], where: str = "") -> None:
        for key in entry:
            if key not in known:
                text = _("unknown key {key}; known here: {known}").format(
                    key=key, known=", ".join(sorted(known))
                )
                self._fail(text, where, key)

    def _unique(self, slugs: list[str]) -> None:
        for slug in sorted({slug for slug in slugs if slugs.count(slug) > 1}):
            lines = [n for n, line in enumerate(self._source.splitlines(), 1) if f'"{slug}"' in line]
            text = _("the name {slug} stands in lines {lines}: give one of them another name")
            self._fail(
                text.format(slug=slug, lines=", ".join(map(str, lines))), line=lines[-1] if lines else 1
            )

    def _fail(self, problem: str, *words: str, line: int = 0) -> NoReturn:
        raise ManifestError(f"{self._path}:{line or self._line(words)}: {problem}")

    def _line(self, words: Iterable[str]) -> int:
        """The line in which the last of these words stands, each looked for behind the one before."""
        place = 0
        for word in filter(None, words):
            bare = re.escape(word.strip("[]"))
            found = re.compile(rf"(?<![\w-]){bare}(?![\w-])").search(self._source, place)
            place = found.start() if found else place
        return self._source.count("\n", 0, place) + 1

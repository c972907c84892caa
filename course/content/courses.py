"""Where courses are found, and which one is in use.

A course comes with the program, lies in a folder, or in an installed package that names it in its entry points:

    [project.entry-points."course.courses"]
    statistics = "statistics_course"    # the package whose folder holds exercises/, solutions/ and graders/
"""

from __future__ import annotations

import functools
import importlib
import importlib.util
import json
import os
import sys
import tomllib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING

from course import language
from course.content.manifest import CONTENT, PACKAGE, Course, load, manifest
from course.language import gettext as _
from course.system import files, folders

if TYPE_CHECKING:
    from importlib.metadata import EntryPoint

GROUP = "course.courses"
VARIABLE = "COURSE_COURSE"
MARKER = "course.toml"  # of a workspace
_REMEMBERED = "courses.json"


class CourseError(LookupError):
    """No course can be used as it was asked for; the text, in the language in use, says which files and what to do."""


class WrongCourse(CourseError):
    """A folder belongs to another course than the one in use."""


class NotFound(CourseError):
    """Nothing is known by this name."""


@dataclass(frozen=True)
class Place:
    """Where a course of this name is: with the program, in a folder that a workspace was made from, or in a package.

    `root` is None where the package cannot be found; `package` is its distribution with the version.
    """

    name: str
    root: Path | None
    package: str = ""

    @property
    def told(self) -> str:
        """The place as it is shown."""
        return " ".join(filter(None, (str(self.root or ""), self.package and f"({self.package})")))


@functools.cache
def at(root: Path) -> Course:
    """The course in a folder; raises ManifestError."""
    course = load(root)
    language.offer(course.every_language)
    return course


def bundled() -> Course:
    """The one that comes with the program."""
    return at(CONTENT)


def places() -> list[Place]:
    """All that are known by name."""
    bundled_, *packages = _found_anyway()
    return [bundled_, *_remembered(), *packages]


def asked(name: str, beside: Path = Path()) -> Course:
    """The course that somebody names: by its folder (from this place), or by its name. Raises CourseError, ManifestError."""
    folder = beside / Path(name).expanduser()
    try:
        if not is_folder(name):
            return named(name)
    except NotFound:
        if not manifest(folder).is_file():
            raise
    if not manifest(folder).is_file():
        text = _("{folder} is no course: it holds no exercises/manifest.toml. Make one: course new {folder}")
        raise CourseError(text.format(folder=folder))
    return at(folder.resolve())


def is_folder(name: str) -> bool:
    """Whether a course is named by its folder, and cannot be meant by its name."""
    return name != Path(name).name or name.startswith(".")


def named(name: str) -> Course:
    """The course of this name, wherever it is; raises CourseError, ManifestError."""
    found = [place for place in places() if place.name == name]
    roots = {place.root for place in found}
    if len(roots) > 1:
        text = _(
            "There are several courses called {name}: {places}. Say which by its folder (--course FOLDER), or take one away: "
            "pip uninstall, or course courses --forget FOLDER."
        )
        raise CourseError(text.format(name=name, places=", ".join(place.told for place in found)))
    if not found:
        text = _(
            "No course called {name} is installed. Install its package with pip, or name its folder: --course FOLDER."
        )
        raise NotFound(text.format(name=name) + " " + _("`course courses` lists what is installed."))
    return read(found[0])


def read(place: Place) -> Course:
    """The course in a place; raises CourseError, ManifestError."""
    if place.root is None:
        text = _(
            "The package {package} names a course {name}, but its folder cannot be found: install it again."
        )
        raise CourseError(text.format(package=place.package, name=place.name))
    if not manifest(place.root).is_file() and not place.package:
        text = _(
            "The course {name} is no longer in {folder}. Say where it is now: course start DIR --course FOLDER"
        )
        raise CourseError(text.format(name=place.name, folder=place.root))
    course = at(place.root)
    if course.name != place.name:
        text = _(
            "{path}: the course is called {name} here, but {other} where it is installed ({place}): use one name."
        )
        where = place.package or place.root
        raise CourseError(text.format(path=course.manifest, name=course.name, other=place.name, place=where))
    return course


def remember(course: Course) -> None:
    """Know a folder's course by its name from now on; what is found by itself need not be remembered."""
    known = {place.root: place.name for place in _remembered()}
    found_anyway = {place.root for place in _found_anyway()}
    if course.root not in found_anyway and known.get(course.root) != course.name:
        # One name leads to one folder: the latest that somebody has named.
        kept = {root: name for root, name in known.items() if name != course.name}
        _keep({**kept, course.root: course.name})


def keep(course: Course) -> bool:
    """Remember it; whether its name leads to it from now on, and to no other that is installed."""
    if any(place.name == course.name and place.root != course.root for place in _found_anyway()):
        return False
    remember(course)
    return True


def forget(name: str) -> list[Place]:
    """Know these folders no longer, by a course's name or its folder; what was forgotten."""
    folder = Path(name).expanduser().resolve()
    gone = [place for place in _remembered() if place.name == name or place.root == folder]
    if gone:
        _keep({place.root: place.name for place in _remembered() if place not in gone and place.root})
    return gone


def around(folder: Path) -> Path | None:
    """The root of the course that a folder is in, None where it is in none."""
    folder = folder.resolve()
    return next((each for each in (folder, *folder.parents) if manifest(each).is_file()), None)


def workspace(folder: Path) -> Path | None:
    """The workspace around a folder, None where there is none."""
    return next((each for each in (folder, *folder.parents) if (each / MARKER).is_file()), None)


def marked(folder: Path) -> str:
    """The name of a workspace's course; of one that says none, the bundled one's. Raises CourseError."""
    path = folder / MARKER
    try:
        name = tomllib.loads(path.read_text(encoding="utf-8")).get("course", bundled().name)
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise CourseError(_("{path} cannot be read: {reason}").format(path=path, reason=error)) from error
    if not isinstance(name, str):
        raise CourseError(_('{path}: course is a name, such as course = "statistics"').format(path=path))
    return name


# Which one is in use ---------------------------------------------------------------------------------------------------

_chosen: Callable[[], Course] | None = None
_of_term: Course | None = None


def choose(find: Callable[[], Course] | None) -> None:
    """Use the course that this finds, once it is asked for (None: the one that the current folder says)."""
    global _chosen
    _chosen = None if find is None else functools.cache(find)


def choose_around(folder: Path) -> None:
    """Use the course that a folder is in, unless somebody has said which one: for those who write it."""
    root = None if is_chosen() else around(folder)
    if root is not None:
        choose(lambda: at(root))


def use(course: Course | None) -> None:
    """Use the course that a term's file names (None: it names none), unless somebody has said another one."""
    global _of_term
    _of_term = course


def held() -> list[Course]:
    """The course in use and those that it holds, each by itself."""
    return [at(root) for root in current().roots]


def languages() -> tuple[str, ...]:
    """The codes of all languages in which there is something to read here: the program's own, then the course's others."""
    return tuple(dict.fromkeys([*language.languages(), *current().every_language]))


def is_chosen() -> bool:
    """Whether somebody has said which one."""
    return _chosen is not None


def is_installed(course: Course) -> bool:
    """Whether it lies where pip puts packages, which are not written into."""
    return course.root == PACKAGE / "bundled" or any(course.root.parent.glob("*.dist-info"))


def current() -> Course:
    """The course in use; raises CourseError, ManifestError.

    It is the one chosen, else that of the term that was read, of the workspace one is in, of COURSE_COURSE, the bundled one.
    """
    if _chosen is not None:
        chosen = _chosen()
        return _of_term if _of_term is not None and _of_term.root == chosen.root else chosen
    if _of_term is not None:
        return _of_term
    try:
        folder = str(Path.cwd())
    except OSError:  # it has been removed
        folder = os.sep
    return _said(folder, os.environ.get(VARIABLE, ""))


@functools.lru_cache(maxsize=8)
def _said(folder: str, variable: str) -> Course:
    found = workspace(Path(folder).resolve())
    if found is not None:
        return of_workspace(found)
    return asked(variable) if variable else bundled()


def of_workspace(folder: Path) -> Course:
    """A workspace's course; raises CourseError, which names the workspace's file."""
    name = marked(folder)
    if name == bundled().name:
        return bundled()
    try:
        return named(name)  # never a path: whoever made a folder must not say whose graders run in it
    except CourseError as error:
        raise type(error)(f"{folder / MARKER}: {error}") from error


def use_modules(course: Course) -> None:
    """Have `import graders.…` find the course's own modules: what its graders and pictures share.

    The folder is found under its name wherever it lies, so that nothing of it comes into anybody's `sys.path`.
    """
    package = sys.modules.get("graders")
    folder = [str(course.root / "graders")]
    if package is None or list(package.__path__) != folder:
        for name in [name for name in sys.modules if name == "graders" or name.startswith("graders.")]:
            del sys.modules[name]
        package = ModuleType("graders", "What the graders of the course in use share.")
        package.__path__ = folder
        sys.modules["graders"] = package


def module(course: Course, name: str) -> ModuleType:
    """One of the course's own modules by its dotted name, such as graders.data.NAME; raises CourseError."""
    use_modules(course)
    place = Path(*name.split("."))
    try:
        return importlib.import_module(name)
    except Exception as error:
        if isinstance(error, ModuleNotFoundError) and name.startswith(error.name or "-"):
            text = _("{path} is missing: exercises/manifest.toml declares {name}.")
            path = (course.root / place).with_suffix(".py")
            raise CourseError(text.format(path=path, name=name.rpartition(".")[2])) from error
        text = _("{path} cannot be loaded: {reason}")
        reason = f"{type(error).__name__}: {error}"
        raise CourseError(text.format(path=course.root / place, reason=reason)) from error


def _found_anyway() -> list[Place]:
    """Those that need not be remembered: the bundled one, then those in packages."""
    return [Place(bundled().name, CONTENT), *map(_place, _declared())]


def _declared() -> list[EntryPoint]:
    from importlib.metadata import entry_points  # takes longer than a whole NumPy exercise

    return list(entry_points(group=GROUP))


def _place(declared: EntryPoint) -> Place:
    package = declared.module
    try:
        spec = importlib.util.find_spec(package)
    except (ImportError, ValueError, AttributeError):
        spec = None
    folders_ = list(spec.submodule_search_locations or ()) if spec is not None else []
    named_by = f"{declared.dist.name} {declared.dist.version}" if declared.dist is not None else package
    root = next((Path(folder).resolve() for folder in folders_ if manifest(Path(folder)).is_file()), None)
    return Place(declared.name, root, named_by)


def _remembered() -> list[Place]:
    return [Place(name, root) for root, name in _known()]


def _known() -> Iterator[tuple[Path, str]]:
    try:
        data = json.loads((folders.data() / _REMEMBERED).read_text(encoding="utf-8"))
        yield from [(Path(root), str(name)) for root, name in data.items()]
    except (OSError, ValueError, AttributeError):
        return


def _keep(known: dict[Path | None, str]) -> None:
    files.write(
        folders.data() / _REMEMBERED, json.dumps({str(root): name for root, name in known.items()}, indent=1)
    )

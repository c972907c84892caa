"""What this machine offers the course, and what to do about each gap; the facts behind `course doctor`."""

from __future__ import annotations

import contextlib
import locale
import os
import platform
import shutil
import sys
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path
from typing import Literal

from course import language
from course.checking import protection
from course.language import gettext as _
from course.processes import zygotes
from course.system import files, folders, installation, program
from course.worker import sandbox
from course.worker.runtimes import RUNTIMES

State = Literal["ok", "note", "gap"]
# A workspace, a cache and the scratch files of a check fit in so much.
_SPACE = 200 << 20
_LOW_MEMORY = 3 << 30


@dataclass(frozen=True)
class Finding:
    """One thing looked at. `name` is for programs, the rest in the language in use; a gap stops something, a note does not."""

    name: str
    title: str
    value: str
    state: State = "ok"
    advice: str = ""


def findings() -> Iterator[Finding]:
    """Everything that is looked at, each as it is known; the check of an exercise comes last and takes some seconds."""
    yield Finding(
        "program",
        _("program"),
        f"course {program.version()} ({installation.kind()}, {program.PACKAGE})",
    )
    yield _python()
    yield Finding("system", _("system"), f"{platform.platform()}, {os.cpu_count()} CPU")
    yield _libraries()
    yield _tensorflow()
    yield _landlock()
    yield _seccomp()
    yield _others()
    yield _processes()
    yield _memory()
    yield _encoding()
    yield _language()
    for name, title, find in (
        ("cache", _("cache folder"), folders.cache),
        ("data", _("progress folder"), folders.data),
        ("temporary", _("temporary folder"), lambda: Path(tempfile.gettempdir())),
    ):
        yield _folder(name, title, find)
    yield _workspace()
    yield _check()


def _python() -> Finding:
    value = f"{platform.python_implementation()} {platform.python_version()} ({sys.executable})"
    if sys.version_info >= (3, 14):
        advice = _(
            "Keras exercises need TensorFlow, which has versions for Python 3.11 to 3.13: use one of these."
        )
        return Finding("python", "Python", value, "note", advice)
    return Finding("python", "Python", value)


def _libraries() -> Finding:
    return Finding(
        "libraries",
        _("libraries"),
        ", ".join(f"{name} {_version(name)}" for name in ("numpy", "pandas", "keras", "pytest", "rich")),
    )


def _tensorflow() -> Finding:
    why = installation.missing(RUNTIMES["keras"])
    if why is None:
        return Finding("tensorflow", "TensorFlow", _version("tensorflow", "tensorflow-cpu"))
    return Finding("tensorflow", "TensorFlow", _("none"), "gap", why.render())


def _landlock() -> Finding:
    version = sandbox.landlock_version()
    if version:
        return Finding("landlock", "Landlock", _("version {number}").format(number=version))
    advice = _(
        "Your files are not closed off from the code that is checked. Your own code is checked all the same. Linux 5.13 or"
        " newer has Landlock; WSL, Colab and some containers leave it out."
    )
    return Finding("landlock", "Landlock", _("none"), "note", advice)


def _seccomp() -> Finding:
    if sandbox.has_seccomp():
        return Finding("seccomp", "seccomp", _("available"))
    advice = _(
        "The network and other processes are not closed off from the code that is checked; your own is checked all the same."
    )
    return Finding("seccomp", "seccomp", _("none"), "note", advice)


def _others() -> Finding:
    title, reason = _("grading other people's code"), protection.reason()
    if reason is None:
        return Finding("others", title, _("confined"))
    advice = _(
        "`course grade` refuses here ({reason}). Grade on a Linux system with Landlock, or add --trust if you know whose code"
        " it is."
    )
    return Finding("others", title, _("not confined"), "note", advice.format(reason=reason))


def _processes() -> Finding:
    value = _("forked from a warm one") if zygotes.forks() else _("started one by one")
    value += "" if sandbox.ends_with_parent() else ", " + _("ended by the grader")
    return Finding("processes", _("worker processes"), value)


def _memory() -> Finding:
    title = _("memory")
    most = _most_memory()
    if most is None:
        return Finding("memory", title, _("no limit known"))
    value = f"{most / (1 << 30):.1f} GB"
    if most >= _LOW_MEMORY:
        return Finding("memory", title, value)
    advice = _(
        "Keras exercises may end for want of memory (3 GB are enough): raise the limit (ulimit -v), or close other programs."
    )
    return Finding("memory", title, value, "note", advice)


def _most_memory() -> int | None:
    found = []
    if hasattr(os, "sysconf") and "SC_PHYS_PAGES" in os.sysconf_names:
        found.append(os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE"))
    with contextlib.suppress(ImportError, OSError):  # Windows has none; a container may deny it
        import resource

        limits = map(resource.getrlimit, (resource.RLIMIT_AS, resource.RLIMIT_DATA))
        found += [soft for soft, _hard in limits if soft >= 0]
    for path in ("/sys/fs/cgroup/memory.max", "/sys/fs/cgroup/memory/memory.limit_in_bytes"):
        try:
            found.append(int(Path(path).read_text(encoding="ascii")))
        except (OSError, ValueError):
            continue
    return min(found) if found else None


def _encoding() -> Finding:
    shown = (getattr(sys.stdout, "encoding", None) or "").removeprefix("course_") or "?"
    value = _("output {output}, file names {names}").format(output=shown, names=sys.getfilesystemencoding())
    if shown.lower().startswith("utf"):
        return Finding("encoding", _("encoding"), value)
    advice = _(
        "What this output cannot show gets a stand-in, such as sigma for a Greek letter; PYTHONUTF8=1 changes it to UTF-8."
    )
    return Finding("encoding", _("encoding"), value, "note", advice)


def _language() -> Finding:
    try:
        here = ".".join(part for part in locale.getlocale() if part)
    except ValueError:
        here = "?"
    value = _("{code} (locale {locale})").format(code=language.current(), locale=here or "C")
    return Finding("language", _("language"), value)


def _folder(name: str, title: str, find: Callable[[], Path]) -> Finding:
    advice = _("Free some space there, or name another folder with {variable}.").format(
        variable={"cache": "COURSE_CACHE", "data": "COURSE_DATA"}.get(name, "TMPDIR")
    )
    try:
        path = find()
        existing = next(folder for folder in (path, *path.parents) if folder.exists())
        free = shutil.disk_usage(existing).free
        files.write(path / f".doctor-{os.getpid()}", "x")
        (path / f".doctor-{os.getpid()}").unlink()
    except OSError as error:
        return Finding(name, title, str(error), "gap", advice)
    value = _("{path}, {free} GB free").format(path=path, free=f"{free / 1e9:.1f}")
    return Finding(name, title, value) if free >= _SPACE else Finding(name, title, value, "note", advice)


def _workspace() -> Finding:
    from course.content import courses
    from course.content.catalog import ManifestError
    from course.learner import workspace

    try:
        return Finding("workspace", _("workspace"), str(workspace.find()))
    except (courses.CourseError, ManifestError) as error:
        return Finding("workspace", _("workspace"), str(error), "gap")
    except (workspace.NoWorkspace, OSError):
        return Finding("workspace", _("workspace"), _("none here (`course start DIR` makes one)"))


def _check() -> Finding:
    from course import checking
    from course.content.catalog import ManifestError, catalog
    from course.content.courses import CourseError
    from course.learner.subject import Subject

    title = _("a check")
    try:
        exercise = min(catalog(), key=lambda exercise: exercise.heavy)  # the first quick one
    except (CourseError, ManifestError, ValueError):  # the workspace's line says why; or the course is empty
        return Finding("check", title, _("nothing here to try"), "note")
    try:
        subject = Subject(exercise, str(exercise.solution), exercise.solution.read_text(encoding="utf-8"))
        report = checking.check_subjects([subject], "doctor", fresh=True)
    except (OSError, RuntimeError) as error:
        return Finding(
            "check", title, f"{type(error).__name__}: {error}", "gap", _("Paste this to your teacher.")
        )
    result = report.exercises[0]
    value = _("{exercise} {points}/{most} in {seconds} s").format(
        exercise=exercise.slug, points=result.points, most=result.max_points, seconds=f"{report.seconds:.1f}"
    )
    if result.status != "passed":
        told = " ".join(test.text() for test in result.tests if test.status != "passed").replace("\n", " ")
        return Finding("check", title, f"{value}: {told[:500]}", "gap", _("Paste this to your teacher."))
    if report.lacking:
        return Finding(
            "check",
            title,
            value,
            "note",
            _("It ran without {missing}.").format(missing=protection.words(report.lacking)),
        )
    return Finding("check", title, value)


def _version(*names: str) -> str:
    for name in names:
        try:
            return metadata.version(name)
        except metadata.PackageNotFoundError:
            continue
    return "-"

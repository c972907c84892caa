"""Whose file is whose. The layouts that are known are listed in the instructors' guide; what else there is, is refused.

A class is one entry a student: a folder, a zip (opened as a folder), or files that carry the student's name. Around it there
may be folders and zips. One student's hand-in is known by what lies at its top: folders of days, files named as exercises.
"""

from __future__ import annotations

import contextlib
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from contextvars import ContextVar
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath

from course.classroom import archive
from course.classroom.archive import ArchiveError, File
from course.content.catalog import catalog
from course.language.messages import Message, say
from course.term.roster import Roster, Student

# A copy of the course itself, as every fork of its repository is: what lies in these folders is nobody's work.
OWN_FOLDERS = frozenset(("exercises", "solutions", "graders"))
_FORK = {"exercises", "solutions"}
_CODE = (".py", ".ipynb")
# Not somebody's work: lists, settings, what this program and others write.
_OTHERS = (".csv", ".yml", ".db", ".json", ".html", ".md", ".toml", ".log")
# A folder that `course grade` wrote into the class's own.
_GRADES = "class.json"
_MOST_WRAPPERS = 5
_SEEN = 5

# Moodle: a folder "NAME_NUMBER_assignsubmission_file_" a student, or that as the beginning of a file's name.
_MOODLE = re.compile(r"(?P<name>.+)_(?P<number>\d+)_assignsubmission_(?:file|onlinetext)_?(?P<rest>.*)")
# Canvas: "NAME_NUMBER_ATTACHMENT_FILE", with LATE after the name of one that came late.
_CANVAS = re.compile(r"(?P<name>[^_]+?)(?:_LATE)?_(?P<number>\d+)_\d+_(?P<rest>.+)")
_GRADESCOPE, _METADATA = re.compile(r"submission_\d+"), "submission_metadata.yml"
_SUBMITTER = re.compile(r"\s*(?:- )?:(name|sid|email):\s*['\"]?(.*?)['\"]?\s*")
# What browsers and platforms add to the name of a file handed in again: "-1", "(1)", " (1)".
_AGAIN = re.compile(r"(?P<name>.+?)(?:-(?P<n>\d+)| ?\((?P<m>\d+)\))?")
_BROWSERS = re.compile(r"(?P<name>.+?) ?\(\d+\)")


class NoSubmissions(ValueError):
    """What was named holds no submissions of a class."""


class OneSubmission(NoSubmissions):
    """It looks like the work of a single student; the text names what was seen."""


@dataclass(frozen=True)
class Upload:
    """What one student handed in; `problem` says why it may not be theirs."""

    student: Student
    files: tuple[File, ...] = ()
    problem: Message | None = None


@dataclass(frozen=True)
class Class:
    """A class's uploads, one a student and ordered by id; the folder they were found in, and what lies beside them."""

    uploads: list[Upload]
    within: str = ""
    beside: list[str] = field(default_factory=list)


# What an assignment's folders are called in the class that is looked at; days' names are known without.
_assignments: ContextVar[frozenset[str]] = ContextVar("assignments", default=frozenset())


def find(source: Path, roster: Roster, assignments: Iterable[str] = ()) -> Class:
    """Every upload, with empty ones for those on the roster who handed in nothing.

    Args:
        source: a folder or a zip.
        roster: the students.
        assignments: their names, which stand for work as days' do.

    Raises:
        NoSubmissions, OneSubmission, course.classroom.archive.ArchiveError, OSError.
    """
    _assignments.set(frozenset(assignments))
    top = source / "submitted" if (source / "submitted").is_dir() else source
    found = archive.files(top)
    grades = {file.path.parts[0] for file in found if file.path.parts[1:] == (_GRADES,)}
    found = [file for file in found if file.path.parts[0] not in grades]
    empty = archive.folders(top) - grades - {file.path.parts[0] for file in found}
    within = PurePosixPath()
    for _ in range(_MOST_WRAPPERS):
        wrapper = _wrapper(found, roster) if not empty else None
        if wrapper is None:
            break
        found = [_below(file, 1) for file in found]
        within /= wrapper
    _refuse_one(found)
    submitters = _submitters(found)
    owned: dict[str, tuple[Student, Message | None, list[File]]] = {}
    beside = []
    folders = {file.path.parts[0] for file in found if len(file.path.parts) > 1}
    for file in found:
        owners = _owners(file, roster, submitters, loose=not folders or bool(roster.students))
        for student, problem, own in owners:
            owned.setdefault(student.id, (student, problem, []))[2].append(own)
        if not owners and file.path.suffix.lower() not in _OTHERS:
            beside.append(str(file.path))
    for name in empty:
        student, problem = _known(name, "", roster)
        owned.setdefault(student.id, (student, problem, []))
    if not owned:
        raise NoSubmissions
    uploads = [Upload(student, tuple(files), problem) for student, problem, files in owned.values()]
    uploads += [Upload(student) for student in roster.students if student.id not in owned]
    uploads = [_suspected(upload) for upload in uploads]
    shown = str(within) if within.parts else ""
    return Class(sorted(uploads, key=lambda upload: upload.student.id), shown, beside)


def slug(path: PurePosixPath) -> tuple[str, int]:
    """What a file is called without its suffix and what a browser or a platform added, and how often it was there before."""
    match = _AGAIN.fullmatch(path.stem.casefold())
    return (match["name"], int(match["n"] or match["m"] or 0)) if match else ("", 0)


def own_folder(path: PurePosixPath) -> str:
    """The folder of the course's own that a file lies in, "" where in none."""
    return next((part for part in path.parts[:-1] if part.casefold() in OWN_FOLDERS), "")


def _below(file: File, depth: int) -> File:
    return File(PurePosixPath(*file.path.parts[depth:]), file.read, file.refused)


def _exercises() -> set[str]:
    return {exercise.slug for exercise in catalog()}


def _days() -> set[str]:
    return {day.slug for day in catalog().days} | _assignments.get()


def _children(files: Iterable[File]) -> dict[str, list[File]]:
    """The folders at the top, each with its files."""
    found: defaultdict[str, list[File]] = defaultdict(list)
    for file in files:
        if len(file.path.parts) > 1:
            found[file.path.parts[0]].append(_below(file, 1))
    return found


def _wrapper(files: Sequence[File], roster: Roster) -> str | None:
    """The only folder at the top, where it is one around the class and not a student's."""
    children = _children(files)
    loose = [file for file in files if len(file.path.parts) == 1 and file.path.suffix.lower() in _CODE]
    if len(children) != 1 or loose:
        return None
    [(name, inside)] = children.items()
    if roster.find(name=_plain(name)) or _platform(name) or name.casefold() in OWN_FOLDERS:
        return None
    return name if name == "submitted" or _is_class(inside, roster) else None


def _is_class(files: Sequence[File], roster: Roster) -> bool:
    """Whether these are hand-ins of several students: under a platform's names or the roster's, or each with the same work."""
    children = _children(files)
    names = [*children, *(file.path.name for file in files if len(file.path.parts) == 1)]
    if any(_platform(name) for name in names if name in children or name.lower().endswith((*_CODE, ".zip"))):
        return True
    if roster.students and any(roster.find(name=_plain(name)) for name in names):
        return True
    loose = [file.path for file in files if len(file.path.parts) == 1 and file.path.suffix.lower() in _CODE]
    named = [owner for owner in map(_flat, loose) if owner is not None]
    if any(count > 1 for count in Counter(work for _name, work in named).values()):
        return True
    if not children and len(named) > 1 and all(work not in _exercises() | _days() for _name, work in named):
        return True
    if _one(files):
        return len(children) == 1 and _is_class(next(iter(children.values())), roster)
    works = Counter(work for inside in children.values() for work in _works(inside))
    return any(count > 1 for count in works.values()) or (
        len(children) == 1 and _is_class(next(iter(children.values())), roster)
    )


def _works(files: Iterable[File]) -> set[str]:
    """What exercises and days these files are work on, as far as names say."""
    known = _exercises() | _days()
    found = set()
    for file in files:
        if not own_folder(file.path):
            words = {*file.path.parts[:-1], slug(file.path)[0] if file.path.suffix.lower() in _CODE else ""}
            found |= words & known
    return found or {"notebook" for file in files if file.path.suffix.lower() == ".ipynb"}


def _one(files: Sequence[File]) -> list[str]:
    """What at the top says that this is one student's hand-in."""
    tops = {file.path.parts[0] for file in files if len(file.path.parts) > 1}
    folded = {top.casefold() for top in tops}
    seen = sorted(
        top for top in tops if top in _days() or (folded >= _FORK and top.casefold() in OWN_FOLDERS)
    )
    for file in files:
        named = len(file.path.parts) == 1 and file.path.suffix.lower() in _CODE
        if named and slug(file.path)[0] in _exercises() | _days():
            seen.append(file.path.name)
    return seen


def _refuse_one(files: Sequence[File]) -> None:
    alone = [file.path for file in files if len(file.path.parts) == 1 and file.path.suffix.lower() in _CODE]
    seen = _one(files) or ([alone[0].name] if len(files) == 1 and alone and not files[0].refused else [])
    folders = [name for name in _children(files) if name not in seen]
    if seen and (len(folders) < 2 or any(name in _days() or name.casefold() in OWN_FOLDERS for name in seen)):
        raise OneSubmission(", ".join(seen[:_SEEN]) + (" …" if len(seen) > _SEEN else ""))


def _suspected(upload: Upload) -> Upload:
    """With a problem, where one student's hand-in looks like those of several."""
    children = _children(upload.files)
    if upload.problem is not None or _one(upload.files) or not _is_class(upload.files, Roster()):
        return upload
    names = ", ".join(sorted(children)[:_SEEN])
    text = say(
        "It holds the same work several times ({names}): is it the work of several students?", names=names
    )
    return Upload(upload.student, upload.files, text)


def _platform(name: str) -> re.Match[str] | None:
    return _MOODLE.fullmatch(name) or _CANVAS.fullmatch(name) or _GRADESCOPE.fullmatch(name)


def _plain(name: str) -> str:
    """A folder's or a zip's name without the suffix and what a browser added."""
    stem = name[:-4] if name.lower().endswith(".zip") else name
    match = _BROWSERS.fullmatch(stem)
    return match["name"] if match else stem


def _flat(path: PurePosixPath) -> tuple[str, str] | None:
    """Of a file that carries a student's name: that name and the work's, "" where it names none; None for one without."""
    stem, _again = slug(path)
    original = path.stem[: len(stem)]
    works = "|".join(sorted(map(re.escape, _exercises() | _days()), key=len, reverse=True))
    for form in (rf"(?P<name>.+?)[ _-]+(?P<work>{works})", rf"(?P<work>{works})[ _-]+(?P<name>.+)"):
        match = re.fullmatch(form, original, re.IGNORECASE)
        if match is not None:
            return match["name"].strip(" _-"), match["work"].casefold()
    return None if stem in _exercises() | _days() else (original, "")


Owner = tuple[Student, Message | None, File]


def _owners(file: File, roster: Roster, submitters: dict[str, list[Student]], *, loose: bool) -> list[Owner]:
    """Whose file it is, as a file of theirs; nobody's for one that lies beside the students' folders."""
    top, *below = file.path.parts
    match = _MOODLE.fullmatch(top) or _CANVAS.fullmatch(top)
    if match is not None:
        name, number, first = match["name"].strip(), match["number"], match["rest"]
    elif top in submitters:
        own = _below(file, 1) if below else file
        return [(*_listed(student, roster), own) for student in submitters[top]]
    elif below or top.lower().endswith(".zip"):
        name, number, first = _plain(top), "", (top if top.lower().endswith(".zip") else "")
    else:
        return _loose(file, roster, loose=loose)
    own = File(PurePosixPath(*([first] if first else []), *below), file.read, file.refused)
    return [(*_known(name, number, roster), own)]


def _loose(file: File, roster: Roster, *, loose: bool) -> list[Owner]:
    """A file at the top with a student's name in its own."""
    flat = _flat(file.path) if file.path.suffix.lower() in _CODE else None
    if flat is None or not flat[0] or not (flat[1] or loose or file.refused):
        return []
    name, work = flat
    if not work and roster.students and not roster.find(name=name):
        return []
    again = slug(file.path)[1]
    called = f"{work} ({again})" if again else work
    own = PurePosixPath(called + file.path.suffix) if work else file.path
    return [(*_known(name, "", roster), File(own, file.read, file.refused))]


def _known(name: str, number: str, roster: Roster) -> tuple[Student, Message | None]:
    found = roster.find(number=number, name=name)
    for place in (match.end() for match in re.finditer("[-_]", name)):
        # GitHub Classroom: the assignment's name before the student's.
        found = found or roster.find(name=name[place:])
    if len(found) == 1:
        return found[0], None
    stranger = Student(number or name, name, platform_id=number)
    if not roster.students:
        return stranger, None
    text = say("Several students on the roster are called {name}.", name=name)
    return stranger, text if found else say("{name} is not on the roster.", name=name)


def _listed(student: Student, roster: Roster) -> tuple[Student, Message | None]:
    """A student of a platform's list as the roster has them."""
    for found in (
        roster.find(name=student.id),
        roster.find(name=student.email),
        roster.find(name=student.name),
    ):
        if len(found) == 1:
            return found[0], None
    if not roster.students:
        return student, None
    return student, say("{name} is not on the roster.", name=student.title)


def _submitters(files: Sequence[File]) -> dict[str, list[Student]]:
    """Of Gradescope's export the students of every folder, by its metadata; each of a group has the folder."""
    found: dict[str, list[Student]] = {}
    for file in files:
        if file.path.parts != (_METADATA,):
            continue
        with contextlib.suppress(ArchiveError):
            for block in re.split(r"(?m)^(?=submission_\d+:)", file.read().decode("utf-8", "replace")):
                folder, _, rest = block.partition(":")
                people = rest.split(":created_at:")[0].splitlines()
                if _GRADESCOPE.fullmatch(folder):
                    found[folder] = _people(people)
    return {folder: people for folder, people in found.items() if people}


def _people(lines: Iterable[str]) -> list[Student]:
    people: list[dict[str, str]] = []
    for line in lines:
        match = _SUBMITTER.fullmatch(line)
        if match is None:
            continue
        if match[1] == "name" or not people:
            people.append({})
        people[-1][match[1]] = match[2]
    students = []
    for each in people:
        name, email = each.get("name", ""), each.get("email", "")
        id_ = each.get("sid") or email or name
        if id_:
            students.append(Student(id_, name, email=email))
    return students

"""The list of students: from a learning platform's export, nbgrader's CSV or a table of one's own."""

from __future__ import annotations

import csv
import io
import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from course.language.messages import Message, say

_HEADERS = {
    "login": ("sis user id", "sis login id", "username", "사용자 아이디"),
    "id": ("id", "student id", "student_id", "id number", "학번", "아이디", "id 번호"),
    "platform": ("lms_user_id", "identifier", "식별자"),
    "name": ("name", "full name", "student", "이름", "성명", "전체 이름"),
    "first_name": ("first_name", "first name", "firstname"),
    "last_name": ("last_name", "last name", "lastname", "surname", "성"),
    "email": ("email", "email address", "이메일", "이메일 주소"),
}
_NOT_A_STUDENT = ("points possible", "student, test")


class RosterError(ValueError):
    """A list of students that cannot be used; `reason` says why."""

    def __init__(self, reason: Message) -> None:
        super().__init__(reason.render("en"))
        self.reason = reason


@dataclass(frozen=True)
class Student:
    """One student. `platform_id` is a learning platform's own number; `columns` the roster's row as it was read."""

    id: str
    name: str = ""
    first_name: str = ""
    last_name: str = ""
    email: str = ""
    platform_id: str = ""
    columns: Mapping[str, str] = field(default_factory=dict, compare=False)

    @property
    def title(self) -> str:
        """Name and id, as a person is listed."""
        return f"{self.name} ({self.id})" if self.name and self.name != self.id else self.id


class Roster:
    """Students in the order they were listed in, found by id, by a platform's number or by name."""

    def __init__(self, students: Iterable[Student] = ()) -> None:
        self.students = tuple(students)
        self._known: dict[str, list[Student]] = {}
        for student in self.students:
            names = (
                student.name,
                student.last_name + student.first_name,
                student.first_name + student.last_name,
            )
            keys = {f"id {student.id}", f"number {student.platform_id}"} | {f"name {plain(n)}" for n in names}
            for key in keys - {"number ", "name "}:
                self._known.setdefault(key, []).append(student)

    def find(self, *, number: str = "", name: str = "") -> list[Student]:
        """Those it can be: by id, else by the platform's number, else by name; more than one share a name."""
        for key in (f"id {name}", f"number {number}", f"name {plain(name)}"):
            if key in self._known:
                return self._known[key]
        return []


def plain(name: str) -> str:
    """Letters and digits alone, as platforms shorten names in file names: 'Doe, John' is 'doejohn'."""
    text = unicodedata.normalize("NFC", name).casefold()
    return "".join(letter for letter in text if letter.isalnum())


def read(path: Path) -> Roster:
    """Read a CSV with a header; raises RosterError.

    Understood are Canvas' gradebook export, Moodle's grading worksheet and participants list, nbgrader's own list
    (id, first_name, last_name, email, lms_user_id) and any table with a column of ids or names.
    """
    try:
        text = decode(path.read_bytes())
    except OSError as error:
        raise RosterError(say("{error}", error=error.strerror)) from error
    first = text.split("\n", 1)[0]
    rows = csv.DictReader(io.StringIO(text), delimiter=max(",;\t", key=first.count))
    columns = _columns(rows.fieldnames or [])
    if not {"id", "login", "platform", "name"} & set(columns):
        raise RosterError(say("its first line must name a column of ids or of names"))
    students: dict[str, Student] = {}
    for row in rows:
        student = _student({k: (v or "").strip() for k, v in row.items() if isinstance(k, str)}, columns)
        if student is None:
            continue
        if student.id in students:
            raise RosterError(
                say("the id {id} is there twice, again in line {line}", id=student.id, line=rows.line_num)
            )
        students[student.id] = student
    if not students:
        raise RosterError(say("there are no students in it"))
    return Roster(students.values())


def decode(data: bytes) -> str:
    """A table's text: UTF-8, UTF-16 as spreadsheets save it, or else Korean Windows' own."""
    if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return data.decode("utf-16", "replace")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("cp949", "replace")


def _columns(header: Iterable[str]) -> dict[str, str]:
    found: dict[str, str] = {}
    given = {name.strip().casefold(): name for name in header if name}
    for meaning, names in _HEADERS.items():
        present = [given[name] for name in names if name in given]
        if present:
            found[meaning] = present[0]
    if "student" in given and "id" in given:
        found["platform"] = given["id"]  # Canvas: ID is its own number, the institution's are the SIS columns
        found.pop("id")
    return found


def _full(first: str, last: str) -> str:
    """A whole name: in Hangul the family's comes first, without a space."""
    return last + first if re.search("[가-힣]", first + last) else f"{first} {last}".strip()


def _student(row: Mapping[str, str], columns: Mapping[str, str]) -> Student | None:
    def value(meaning: str) -> str:
        return row.get(columns.get(meaning, ""), "")

    name = value("name")
    if name.casefold().startswith(_NOT_A_STUDENT):
        return None
    name = name or _full(value("first_name"), value("last_name"))
    # Moodle writes "Participant 123" in the language of its user.
    number = "".join(re.findall(r"\d+$", value("platform")))
    chosen = value("id") or value("login") or value("email") or number or name
    if not chosen:
        return None
    first, last = value("first_name"), value("last_name")
    if not (first or last) and "," in name:
        last, first = (part.strip() for part in name.split(",", 1))
    return Student(chosen, name, first, last, value("email"), number, row)

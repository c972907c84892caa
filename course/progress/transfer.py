"""Taking progress to another machine: everything as one JSON object, and merging such an object into a store.

A merge is a union. Attempts and sittings have UUIDs; of a question answered on both machines in the same sitting the earlier
answer stays. So it does not matter in which order, or how often, histories are merged. Review cards are not carried: they
follow from the answers.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, get_args

from course.content import courses
from course.learner.store import attempts, cards, database
from course.learner.store.asked import Asked
from course.learner.store.attempts import Attempt
from course.learner.store.database import transaction
from course.quizzes import judge
from course.results import Status, dump_tests, load_tests

FORMAT = 1

_ATTEMPT = {"id": str, "exercise": str, "day": str, "checked": str, "how": str, "status": str,
            "points": int, "max_points": int, "seconds": (int, float), "seed": int}  # fmt: skip
_SITTING = {"id": str, "kind": str, "names": list, "seed": int, "started": str}
# What SQLite says to values it cannot take.
_REFUSED = (sqlite3.IntegrityError, sqlite3.ProgrammingError, sqlite3.InterfaceError)
_SITTING_COLUMNS = "uuid, kind, names, seed, started, deadline, finished"

_Sitting = dict[str, Any]
_Entry = dict[str, Any]


class NotProgress(ValueError):
    """Not an exported history, or a damaged one; the text says where."""


class OtherProgress(NotProgress):
    """Of another course; the text is its name."""


class NewerProgress(NotProgress):
    """Exported by a newer version of the program."""


@dataclass(frozen=True)
class Merged:
    """What a merge brought that was not there."""

    attempts: int
    answers: int


def export(connection: sqlite3.Connection) -> dict[str, Any]:
    """Everything that was done, in an order of its own, so that the same history gives the same object."""
    connection.execute("BEGIN")
    try:
        tests = attempts.all_tests(connection)
        done = attempts.attempts(connection)
        sittings = _sittings(connection)
    finally:
        connection.execute("ROLLBACK")
    return {
        "format": FORMAT,
        "kind": "progress",
        **_course(connection),
        "attempts": [
            {**a._asdict(), "checked": a.checked.isoformat(), "tests": dump_tests(tests.get(a.id, []))}
            for a in done
        ],
        # A running exam keeps its keys to itself; it is exported once it is over.
        "sittings": sorted(
            (sitting for sitting in sittings.values() if not _running(sitting)),
            key=lambda s: (s["started"], s["id"]),
        ),
    }


def _course(connection: sqlite3.Connection) -> dict[str, str]:
    """Whose progress it is. The bundled course's says nothing, as it did when there was no other."""
    name = database.of_course(connection)
    return {} if name == courses.bundled().name else {"course": name}


def _running(sitting: _Sitting) -> bool:
    deadline = sitting["deadline"]
    over = deadline is not None and datetime.fromisoformat(deadline) <= datetime.now(UTC)
    done = bool(sitting["entries"]) and all(entry["given"] for entry in sitting["entries"])
    return sitting["kind"] == "exam" and sitting["finished"] is None and not over and not done


def merge(connection: sqlite3.Connection, data: Any) -> Merged:
    """Bring another history in, all or nothing; raises NotProgress, NewerProgress."""
    if (
        not isinstance(data, dict)
        or data.get("kind") != "progress"
        or not isinstance(data.get("format"), int)
    ):
        raise NotProgress("kind, format")
    if data["format"] > FORMAT:
        raise NewerProgress(f"format {data['format']}")
    course = data.get("course", courses.bundled().name)
    if course != database.of_course(connection):
        raise OtherProgress(str(course))
    with transaction(connection):
        try:
            found = _merge_attempts(connection, data["attempts"])
            changed, answers = _merge_sittings(connection, data["sittings"])
        except (KeyError, TypeError, AttributeError, OverflowError, *_REFUSED) as error:
            raise NotProgress(f"{type(error).__name__}: {error}") from error
        if changed:
            cards.rebuild(connection)
    return Merged(found, answers)


def _merge_attempts(connection: sqlite3.Connection, found: list[dict[str, Any]]) -> int:
    known = {uuid for (uuid,) in connection.execute("SELECT uuid FROM attempt")}
    new = 0
    for place, data in enumerate(found):
        fields = _typed(data, _ATTEMPT, f"attempts[{place}]")
        if fields["status"] not in get_args(Status):
            raise NotProgress(f"attempts[{place}].status")
        fields["checked"] = datetime.fromisoformat(_moment(fields["checked"]))
        tests = load_tests(data["tests"])
        if fields["id"] not in known:
            known.add(fields["id"])
            attempts.insert(connection, Attempt(**fields), tests)
            new += 1
    return new


def _merge_sittings(connection: sqlite3.Connection, found: list[dict[str, Any]]) -> tuple[bool, int]:
    """Whether any changed, and how many more questions are answered now: one may have got an earlier answer."""
    known = _sittings(connection)
    changed, new = False, 0
    for place, data in enumerate(found):
        theirs = _read_sitting(data, f"sittings[{place}]")
        ours = known.get(theirs["id"])
        merged = theirs if ours is None else _union(ours, theirs)
        if merged != ours:
            known[theirs["id"]] = merged
            _write(connection, merged)
            changed = True
            new += _answered(merged) - (_answered(ours) if ours is not None else 0)
    return changed, new


def _union(ours: _Sitting, theirs: _Sitting) -> _Sitting:
    """Both sittings in one: the smaller of everything by an order that has nothing to do with whose it is."""
    finished = [end for end in (ours["finished"], theirs["finished"]) if end is not None]
    merged = min(ours, theirs, key=lambda s: json.dumps([s[name] for name in (*_SITTING, "deadline")]))
    entries: dict[int, _Entry] = {}
    for entry in (*ours["entries"], *theirs["entries"]):
        place = entry["position"]
        entries[place] = min(entries.get(place, entry), entry, key=_precedence)
    return {
        **merged,
        "finished": min(finished, default=None),
        "entries": [entries[place] for place in sorted(entries)],
    }


def _precedence(entry: _Entry) -> tuple[bool, str, str]:
    given = entry["given"]
    when = given["answered"] if given is not None else ""
    return given is None, when, json.dumps(entry, sort_keys=True)


def _answered(sitting: _Sitting) -> int:
    return sum(entry["given"] is not None for entry in sitting["entries"])


def _sittings(connection: sqlite3.Connection) -> dict[str, _Sitting]:
    names = ("id", "kind", "names", "seed", "started", "deadline", "finished")
    rows = connection.execute(f"SELECT id, {_SITTING_COLUMNS} FROM quiz_session")  # noqa: S608  columns are written above
    by_row = {row: {**dict(zip(names, values, strict=True)), "entries": []} for row, *values in rows}
    for row, position, asked, answer, credit, rating, answered in connection.execute(
        "SELECT session, position, asked, answer, credit, rating, answered FROM quiz_question"
        " LEFT JOIN quiz_answer USING (session, position) ORDER BY session, position"
    ):
        given = None
        if answer is not None:
            given = {"answer": json.loads(answer), "credit": credit, "rating": rating, "answered": answered}
        by_row[row]["entries"].append(
            {"position": position, "asked": json.loads(cards.unsealed(asked)), "given": given}
        )
    return {sitting["id"]: {**sitting, "names": json.loads(sitting["names"])} for sitting in by_row.values()}


def _write(connection: sqlite3.Connection, sitting: _Sitting) -> None:
    """Put a sitting in, in place of an older state of it."""
    connection.execute("DELETE FROM quiz_session WHERE uuid = ?", (sitting["id"],))
    values = {**sitting, "names": json.dumps(sitting["names"], ensure_ascii=False)}
    row = connection.execute(
        f"INSERT INTO quiz_session ({_SITTING_COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?)",  # noqa: S608
        [values[name] for name in (*_SITTING, "deadline", "finished")],
    ).lastrowid
    for entry in sitting["entries"]:
        connection.execute(
            "INSERT INTO quiz_question (session, position, question, asked) VALUES (?, ?, ?, ?)",
            (row, entry["position"], entry["asked"]["id"], json.dumps(entry["asked"], ensure_ascii=False)),
        )
        if entry["given"] is not None:
            given = {**entry["given"], "answer": json.dumps(entry["given"]["answer"], ensure_ascii=False)}
            connection.execute(
                "INSERT INTO quiz_answer (session, position, answer, credit, rating, answered)"
                " VALUES (:session, :position, :answer, :credit, :rating, :answered)",
                {"session": row, "position": entry["position"], **given},
            )


def _read_sitting(data: Mapping[str, Any], where: str) -> _Sitting:
    sitting = _typed(data, _SITTING, where)
    if not all(isinstance(name, str) for name in sitting["names"]):
        raise NotProgress(f"{where}.names")
    sitting["started"] = _moment(sitting["started"])
    for name in ("deadline", "finished"):
        sitting[name] = None if data[name] is None else _moment(data[name])
    sitting["entries"] = [
        _read_entry(entry, f"{where}.entries[{place}]") for place, entry in enumerate(data["entries"])
    ]
    return sitting


def _read_entry(data: Mapping[str, Any], where: str) -> _Entry:
    entry = _typed(data, {"position": int, "asked": dict}, where)
    asked = Asked.from_json(entry["asked"])
    given = data["given"]
    if given is not None:
        read = _typed(given, {"credit": (int, float), "rating": int, "answered": str}, where)
        try:
            judge.checked(asked, given["answer"])
        except judge.Unreadable as error:
            raise NotProgress(f"{where}: {error}") from error
        read |= {"answer": given["answer"], "answered": _moment(read["answered"])}
        given = {**read, "credit": float(read["credit"])}
    return {**entry, "given": given}


def _typed(data: Mapping[str, Any], kinds: Mapping[str, Any], where: str) -> dict[str, Any]:
    """These fields of an object, each of its kind; raises NotProgress."""
    for name, kind in kinds.items():
        if isinstance(data[name], bool) or not isinstance(data[name], kind):
            raise NotProgress(f"{where}.{name}")
    return {name: data[name] for name in kinds}


def _moment(text: str) -> str:
    """A moment in the one form the store compares."""
    try:
        moment = datetime.fromisoformat(text)
    except ValueError as error:
        raise NotProgress(text) from error
    if moment.tzinfo is None:
        raise NotProgress(text)
    return moment.astimezone(UTC).isoformat()

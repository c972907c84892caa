"""Progress on two machines: exported, imported, merged. A merge is a union, in any order and however often."""

from __future__ import annotations

import copy
import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from course.language.messages import say
from course.learner.store import attempts, database, quizzes
from course.progress import transfer
from course.quizzes import bank, draw, sitting
from course.results import ExerciseResult, TestResult, dump_tests
from tests import quiz_bank

START = datetime(2026, 3, 1, 9, tzinfo=UTC)


@pytest.fixture(scope="module")
def content(tmp_path_factory):
    return quiz_bank.lay_out(tmp_path_factory.mktemp("bank") / "content")


@pytest.fixture(scope="module")
def asked(content):
    return [draw.ask(question, 3).to_json() for question in bank.select(["day10"], content)]


def attempt(number):
    tests = [TestResult("shape", "failed", 0, 2, False, (say("It is {value}.", value=f"{number}"),))]
    return {
        "id": f"{number:032x}", "exercise": "activations", "day": "day07", "how": "check", "status": "failed",
        "checked": (START + timedelta(minutes=number)).isoformat(), "points": 0, "max_points": 2, "seconds": 0.25,
        "seed": number, "tests": dump_tests(tests),
    }  # fmt: skip


def history(numbers, sittings, asked):
    """An exported history. `sittings`: {number: {position: (minute, right)}}, and whether each is finished."""
    made = []
    for number, (answers, finished) in sorted(sittings.items()):
        entries = []
        for position, question in enumerate(asked, start=1):
            given_ = None
            if position in answers:
                minute, right = answers[position]
                moment = START + timedelta(days=minute // 3, minutes=minute)
                given_ = {"answer": question["key"] if right else None, "credit": float(right), "rating": 3 if right else 1,
                          "answered": moment.isoformat()}  # fmt: skip
            entries.append({"position": position, "asked": question, "given": given_})
        made.append({
            "id": f"{number + 900:032x}", "kind": "quiz", "names": ["day10"], "seed": 3,
            "started": (START + timedelta(hours=number)).isoformat(), "deadline": None,
            "finished": (START + timedelta(days=finished)).isoformat() if finished else None, "entries": entries,
        })  # fmt: skip
    return {
        "format": 1,
        "kind": "progress",
        "attempts": [attempt(n) for n in sorted(numbers)],
        "sittings": made,
    }


ANSWERS = st.dictionaries(st.integers(1, 8), st.tuples(st.integers(0, 30), st.booleans()), max_size=5)
HISTORIES = st.tuples(
    st.frozensets(st.integers(0, 9), max_size=6),
    st.dictionaries(st.integers(0, 2), st.tuples(ANSWERS, st.integers(0, 3)), max_size=3),
)
FEW = settings(max_examples=30, deadline=None, derandomize=True)


def merged(*histories):
    """What an empty store holds after these were merged into it in this order: history and schedule."""
    with database.opened(Path(":memory:")) as connection:
        for data in histories:
            transfer.merge(connection, json.loads(json.dumps(data)))
        schedule = connection.execute("SELECT * FROM review_card ORDER BY question").fetchall()
        return transfer.export(connection), schedule


@FEW
@given(one=HISTORIES, two=HISTORIES)
def test_the_order_does_not_matter(asked, one, two):
    a, b = history(*one, asked), history(*two, asked)
    assert merged(a, b) == merged(b, a)


@FEW
@given(one=HISTORIES, two=HISTORIES)
def test_a_second_time_changes_nothing(asked, one, two):
    a, b = history(*one, asked), history(*two, asked)
    both = merged(a, b)
    assert merged(a, b, b, a, both[0]) == both


@FEW
@given(one=HISTORIES, two=HISTORIES, three=HISTORIES)
def test_nor_does_it_matter_who_merges_first(asked, one, two, three):
    a, b, c = (history(*each, asked) for each in (one, two, three))
    assert merged(a, merged(b, c)[0]) == merged(merged(a, b)[0], c)


@FEW
@given(one=HISTORIES, two=HISTORIES)
def test_it_is_a_union(asked, one, two):
    found, schedule = merged(history(*one, asked), history(*two, asked))
    assert [a["id"] for a in found["attempts"]] == [f"{n:032x}" for n in sorted(one[0] | two[0])]
    answered = {}
    for number in (*one[1], *two[1]):
        mine, theirs = one[1].get(number, ({}, 0))[0], two[1].get(number, ({}, 0))[0]
        answered[number] = {
            place: min(m[place][0] for m in (mine, theirs) if place in m) for place in (*mine, *theirs)
        }
    for kept in found["sittings"]:
        expected = answered[int(kept["id"], 16) - 900]
        given_ = {entry["position"]: entry["given"] for entry in kept["entries"] if entry["given"]}
        assert set(given_) == set(expected)
        for place, minute in expected.items():  # of two answers to one question the earlier
            moment = START + timedelta(days=minute // 3, minutes=minute)
            assert given_[place]["answered"] == moment.isoformat()
    questions = {asked[place - 1]["id"] for places in answered.values() for place in places}
    assert {row[0] for row in schedule} == questions


def test_what_comes_back_is_what_went(asked):
    data = history([1, 2], {0: ({1: (4, True), 2: (5, False)}, 1)}, asked)
    assert merged(data)[0] == data


def work(store, content, exercise, *, right):
    """A check and a whole quiz through the program's own ways."""
    tests = (TestResult("all", "passed", 3, 3),)
    with database.opened(store) as connection:
        attempts.record(connection, ExerciseResult(exercise, "day07", tests, 0.1), 1, "check")
        current = sitting.sit(connection, ["day10"], new=True, folder=content)
        while (entry := current.next()) is not None:
            current.answer(entry, entry.asked.key if right else None)
        current.finish()


def test_two_machines(tmp_path, content):
    """One history, carried over, going on on both; brought together on both. The schedule is as if on one machine."""
    here, there = tmp_path / "here.sqlite3", tmp_path / "there.sqlite3"
    work(here, content, "mlp", right=True)
    with database.opened(here) as connection:
        schedule = connection.execute("SELECT * FROM review_card ORDER BY question").fetchall()
        carried = transfer.export(connection)
    with database.opened(there) as connection:
        assert transfer.merge(connection, carried) == transfer.Merged(1, 8)
        # Recomputed from the answers, it is what was reckoned answer by answer.
        assert connection.execute("SELECT * FROM review_card ORDER BY question").fetchall() == schedule
    work(here, content, "svm", right=False)
    work(there, content, "splits", right=True)
    with database.opened(here) as ours, database.opened(there) as theirs:
        mine, other = transfer.export(ours), transfer.export(theirs)
        assert transfer.merge(ours, other) == transfer.Merged(1, 8)
        assert transfer.merge(theirs, mine) == transfer.Merged(1, 8)
        assert transfer.export(ours) == transfer.export(theirs)
        assert transfer.merge(ours, other) == transfer.Merged(0, 0)
        for connection in (ours, theirs):
            assert len(attempts.attempts(connection)) == 3
            assert len(quizzes.answers(connection)) == 24
        rows = [c.execute("SELECT * FROM review_card ORDER BY question").fetchall() for c in (ours, theirs)]
        assert rows[0] == rows[1]


def test_an_open_quiz_goes_on_after_an_import(tmp_path, content):
    with database.opened(tmp_path / "a.sqlite3") as connection:
        current = sitting.sit(connection, ["day10"], seed=5, folder=content)
        current.answer(current.next(), None)
        data = transfer.export(connection)
    with database.opened(tmp_path / "b.sqlite3") as connection:
        transfer.merge(connection, data)
        resumed = sitting.sit(connection, ["day10"], folder=content)
        assert resumed.resumed
        assert sum(entry.given is not None for entry in resumed.entries()) == 1


def broken(data, path, value):
    data = copy.deepcopy(data)
    place = data
    for step in path[:-1]:
        place = place[step]
    if value is KeyError:
        del place[path[-1]]
    else:
        place[path[-1]] = value
    return data


@pytest.mark.parametrize(
    ("path", "value"),
    [
        (["kind"], "quiz"),
        (["format"], "1"),
        (["attempts"], KeyError),
        (["attempts"], 3),
        (["attempts", 0], None),
        (["attempts", 0, "points"], "2"),
        (["attempts", 0, "points"], True),
        (["attempts", 0, "points"], 10**30),
        (["attempts", 0, "max_points"], 0),
        (["attempts", 0, "status"], "superb"),
        (["attempts", 0, "checked"], "yesterday"),
        (["attempts", 0, "checked"], "2026-03-01T09:00:00"),
        (["attempts", 0, "tests"], [{"name": "x"}]),
        (["attempts", 0, "tests"], KeyError),
        (["sittings", 0, "kind"], "party"),
        (["sittings", 0, "names"], [1]),
        (["sittings", 0, "entries"], KeyError),
        (["sittings", 0, "entries", 0, "asked"], {"id": "x"}),
        (["sittings", 0, "entries", 0, "given", "credit"], 2.0),
        (["sittings", 0, "entries", 0, "given", "rating"], 9),
        (["sittings", 0, "entries", 0, "given", "answer"], {"a": 1}),
        (["sittings", 0, "entries", 1, "position"], "2"),
    ],
)  # fmt: skip
def test_a_damaged_file_changes_nothing(tmp_path, asked, path, value):
    data = history([1, 2], {0: ({1: (4, True), 2: (5, False)}, 1)}, asked)
    with database.opened(tmp_path / "store.sqlite3") as connection:
        transfer.merge(connection, history([5], {}, asked))
        before = transfer.export(connection)
        with pytest.raises(transfer.NotProgress):
            transfer.merge(connection, broken(data, path, value))
        assert transfer.export(connection) == before


def test_a_newer_file_is_refused(tmp_path):
    with database.opened(tmp_path / "store.sqlite3") as connection, pytest.raises(transfer.NewerProgress):
        transfer.merge(connection, {"format": 2, "kind": "progress"})

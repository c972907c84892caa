"""Exported tables are safe to open in a spreadsheet."""

from __future__ import annotations

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from course.classroom import export, table
from course.classroom.account import account
from course.classroom.folder import Graded
from course.classroom.ledger import Ledger, Row
from course.content.catalog import catalog
from course.results import ExerciseResult, Report, TestResult
from course.term.roster import Roster, Student
from course.term.term import Assignment, Exceptions, Work

EVIL = "=cmd|' /C calc'!A0"


def graded(name: str) -> Graded:
    result = ExerciseResult("activations", "day07", (TestResult("sigmoid", "passed", 2, 2),))
    return Graded(Student(name, name, email=name), Report("s", 1, (result,)), ("k",))


def class_of(each: Graded) -> Ledger:
    assignment = Assignment("day07", (Work(catalog().exercise("activations")),))
    return Ledger(
        (assignment,), (Row(each.student, (each,), (account(each, assignment, Exceptions(), {}),)),)
    )


@pytest.mark.parametrize("to", sorted(export.FORMATS))
@pytest.mark.parametrize("name", [EVIL, "@SUM(A1)", "+1+cmd", "-2+3", "\tx", "\r=1"])
def test_no_cell_of_an_export_is_a_formula(to, name):
    for row in csv.reader(io.StringIO(export.grades(class_of(graded(name)), to, Roster(())))):
        for cell in row:
            assert not cell.startswith(("=", "+", "@", "\t", "\r")), (to, row)
            assert not (cell.startswith("-") and len(cell) > 1), (to, row)


@given(st.text(max_size=20))
def test_any_text_comes_back_but_for_the_apostrophe(text):
    # csv's reader ends a line at a carriage return of its own accord.
    [[cell]] = list(csv.reader(io.StringIO(table.written([[text]]), newline=""))) or [[""]]
    assert cell in (text, f"'{text}")


@pytest.mark.parametrize("cell", ["-3.5", "+7", "-", 12, None, "Kim", "김-이"])
def test_numbers_and_names_stay_as_they_are(cell):
    [[read]] = list(csv.reader(io.StringIO(table.written([[cell]]))))
    assert read == ("" if cell is None else str(cell))

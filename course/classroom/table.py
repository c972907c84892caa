"""grades.csv and items.csv: open in a spreadsheet with Hangul intact."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Sequence

from course.classroom import account, ledger, statistics
from course.classroom.folder import Graded
from course.classroom.ledger import Ledger, Row
from course.classroom.statistics import Item

NAME, ITEMS = "grades.csv", "items.csv"
_FORMULA = ("=", "+", "-", "@", "\t", "\r")
_PLAIN = re.compile(r"[-+]?[\d.,]*")  # a number, or the dash of an empty grade


def grades(class_: Ledger) -> str:
    """A line a student: the total, what it is made of, the points of every item.

    No times are in it: grading the same again gives the same bytes. What was not graded has no points. Without a term quiz,
    reports and late work are not looked at, and their cells are empty.
    """
    items = [name for each in class_.assignments for name in each.items]
    rows: list[list[object]] = [
        ["student", "name", "email", "points", "max_points", "code", "quiz", "report", "override", "adjusted", "late",
         *items, "handed_in", "standing", "problems"]
    ]  # fmt: skip
    # One whose exercises could not be graded is out of what the others are.
    most = account.total(
        max((row.accounts[n].most for row in class_.rows), default=0) for n in range(len(class_.assignments))
    )
    for row in class_.rows:
        found = {item.name: item for each in row.accounts for item in each.items}
        problems = "; ".join(problem.render() for problem in row.problems)
        rows.append(
            [
                *_person(row),
                account.number(row.total),
                account.number(most),
                *_parts(row, term=class_.term is not None),
                *("" if found[name].exempt else account.number(found[name].points) for name in items),
                "yes" if row.handed_in else "no",
                row.standing,
                problems,
            ]
        )
    return "\ufeff" + written(rows)


def term(class_: Ledger) -> str:
    """A line a student: the total of every assignment, and of the term."""
    names = [each.name for each in class_.assignments]
    rows: list[list[object]] = [
        ["student", "name", "email", "points", "max_points", "percent", *names, "not_counted"]
    ]
    for row in class_.rows:
        points, most, weakest = ledger.total(row, class_.term)
        percent = round(100 * points / most, 2) if points is not None and most else None
        totals = {each.assignment: each.total for each in row.accounts}
        exempt = [each.assignment for each in row.accounts if each.standing == "exempt"]
        rows.append(
            [
                *_person(row),
                account.number(points),
                account.number(most) if points is not None else "",
                account.number(percent),
                *(account.number(totals.get(name)) for name in names),
                " ".join([*weakest, *exempt]),
            ]
        )
    return "\ufeff" + written(rows)


def items(class_: Sequence[Graded]) -> str:
    """A line a test and a question: how many have it right, and how well it tells strong work from weak."""
    rows: list[list[object]] = [["item", "test", "hidden", "students", "difficulty", "discrimination"]]
    present = [graded for graded in class_ if graded.handed_in and graded.graded]
    rows += [_item(item, len(present)) for item in statistics.items(present)]
    return "\ufeff" + written(rows)


def _item(item: Item, count: int) -> list[object]:
    told = "" if item.discrimination is None else f"{item.discrimination:.4f}"
    return [item.slug, item.name, "yes" if item.hidden else "no", count, f"{item.difficulty:.4f}", told]


def _person(row: Row) -> list[object]:
    return [row.student.id, row.student.name, row.student.email]


def _parts(row: Row, *, term: bool) -> list[object]:
    """Code, quiz, report, override, adjusted, late."""
    if row.total is None:
        return [""] * 6
    counted = [each for each in row.accounts if each.total is not None]
    code = account.total(each.of("code") for each in counted)
    quiz = account.total(each.of("quiz") for each in counted) if term else None
    report = account.total(each.of("report") for each in counted) if term else None
    late = account.total(each.late for each in counted) if term else None
    override = account.total(each.override for each in counted)
    adjusted = account.total(each.adjusted for each in counted)
    return [account.number(points) for points in (code, quiz, report, override, adjusted, late)]


def written(rows: Iterable[Iterable[object]]) -> str:
    """Rows as CSV. A spreadsheet must not run what a student put in a name: such a text gets an apostrophe in front."""
    text = io.StringIO()
    csv.writer(text, lineterminator="\r\n").writerows([_harmless(cell) for cell in row] for row in rows)
    return text.getvalue()


def _harmless(cell: object) -> object:
    if not isinstance(cell, str) or not cell.startswith(_FORMULA) or _PLAIN.fullmatch(cell):
        return cell
    return f"'{cell}"

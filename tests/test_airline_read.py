"""Airline files that are not one, each told by line or column, and the forms a good one may have."""

from __future__ import annotations

import gzip

import pandas as pd
import pytest

from course.content.courses import bundled
from course.content.data import source
from course.content.data.errors import BadData
from graders.data.airline import generated, read, schema

AIRLINE = bundled().data["airline"]

GOOD = generated.csv(generated.small(600)).decode()
LINES = GOOD.splitlines()


def altered(line: int, column: str, value: str) -> str:
    """The file with one field changed; the header is line 1."""
    fields = LINES[line - 1].split(",")
    fields[schema.COLUMNS.index(column)] = value
    return "\n".join([*LINES[: line - 1], ",".join(fields), *LINES[line:]]) + "\n"


def without(column: str) -> str:
    place = schema.COLUMNS.index(column)
    return "".join(",".join(x for i, x in enumerate(line.split(",")) if i != place) + "\n" for line in LINES)


BAD = {
    "empty": (b"", "The file is empty."),
    "blank": (b"\n\n \n", "The file is empty."),
    "no header": ("\n".join(LINES[1:]), "Line 1 is not the header"),
    "semicolons": (GOOD.replace(",", ";"), "Line 1 is not the header"),
    "missing column": (without("Cleanliness"), 'Missing columns: "Cleanliness"'),
    "renamed column": (
        GOOD.replace("Flight Distance", "flight_distance"),
        'There is no column "Flight Distance"; "flight_distance"',
    ),
    "column twice": (GOOD.replace("Cleanliness", "Age", 1), '"Cleanliness"'),
    "another column twice": (
        "".join(f"{line},{'Age' if n == 0 else '1'}\n" for n, line in enumerate(LINES)),
        'Column "Age" is there twice',
    ),
    "foreign column": (
        "".join(f"{n or 'id'},{line}\n" for n, line in enumerate(LINES)),
        'Column "id" does not belong',
    ),
    "unknown class": (altered(17, "Class", "First"), 'Line 17, column "Class": "First" is not one of Eco,'),
    "unknown answer": (altered(3, "satisfaction", "yes"), 'Line 3, column "satisfaction": "yes"'),
    "no category": (altered(9, "Gender", ""), 'Line 9, column "Gender": there is no value'),
    "text for a number": (altered(42, "Age", "old"), 'Line 42, column "Age": "old" is not a number'),
    "no number": (altered(601, "Cleanliness", ""), 'Line 601, column "Cleanliness": there is no value'),
    "rating of 6": (
        altered(5, "Seat comfort", "6"),
        'Line 5, column "Seat comfort": 6 is not a whole number',
    ),
    "half a rating": (altered(5, "Gate location", "2.5"), 'Line 5, column "Gate location": 2.5 is not'),
    "negative delay": (
        altered(6, "Arrival Delay in Minutes", "-3"),
        'Line 6, column "Arrival Delay in Minutes": -3',
    ),
    "infinite age": (altered(6, "Age", "inf"), 'Line 6, column "Age"'),
    "after a blank line": (
        altered(3, "Age", "old").replace("\n", "\n\n", 1),
        'Line 4, column "Age": "old"',
    ),
    "last line cut off": (GOOD[: GOOD.rindex(",", 0, -30)], "Line 601, the last one, is cut off"),
    "line too short": (
        GOOD.replace(LINES[10], LINES[10].rsplit(",", 2)[0], 1),
        "Line 11 has 21 fields, not 23",
    ),
    "line too long": (GOOD.replace(LINES[10], LINES[10] + ",1,2", 1), "Line 11 has 25 fields, not 23"),
    "10 rows": ("\n".join(LINES[:11]) + "\n", "The table has 10 rows. That is too few"),
    "header alone": (LINES[0] + "\n", "The table has 0 rows"),
    "one answer": (
        GOOD.replace("\ndissatisfied", "\nsatisfied"),
        'Column "satisfaction" holds only satisfied',
    ),
    "utf-16": (GOOD.encode("utf-16"), "UTF-16"),
    "cp949": (altered(31, "Gender", "여성").encode("cp949"), "Line 31: the text is not encoded as UTF-8"),
    "latin-1": (altered(8, "Class", "Économique").encode("latin-1"), "Line 8: the text is not encoded"),
    "binary": (GOOD.encode()[:4000] + b"\0\0" + GOOD.encode()[4000:], "there are zero bytes"),
    "cut-off gzip": (gzip.compress(GOOD.encode())[:-200], "The gzip file is damaged or cut off"),
    "damaged gzip": (b"\x1f\x8b" + b"x" * 100, "The gzip file is damaged or cut off"),
}


@pytest.mark.parametrize("name", BAD)
def test_bad_files(name, tmp_path):
    content, says = BAD[name]
    path = tmp_path / "table.csv"
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    with pytest.raises(BadData) as caught:
        source.load(bundled(), AIRLINE, path)
    assert says in str(caught.value)
    assert str(path) in str(caught.value)


@pytest.mark.parametrize(
    "content",
    [
        GOOD.encode(),
        gzip.compress(GOOD.encode()),
        b"\xef\xbb\xbf" + GOOD.encode(),
        GOOD.replace("\n", "\r\n").encode(),
        GOOD.rstrip("\n").encode(),
        GOOD.replace("\n", "\n\n").encode(),
        GOOD.replace("Eco Plus", '"Eco Plus"').encode(),
        GOOD.replace(",", ", ").encode(),
    ],
    ids=["plain", "gzip", "byte order mark", "windows", "no last newline", "blank lines", "quotes", "spaces"],
)
def test_good_files(content):
    pd.testing.assert_frame_equal(read(content), generated.small(600))


def test_columns_in_another_order():
    frame = generated.small(600)
    content = frame[list(reversed(schema.COLUMNS))].to_csv(index=False).encode()
    pd.testing.assert_frame_equal(read(content), frame)

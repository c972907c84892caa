"""Reading an airline table from a file, with errors that name the column or the line."""

from __future__ import annotations

import csv
import difflib
import gzip
import io
import zlib
from pathlib import Path
from typing import TYPE_CHECKING, Final

from course.airline import schema
from course.messages import Message, say

if TYPE_CHECKING:
    import pandas

# Fewer can't be split, trained on and judged.
FEWEST_ROWS: Final = 500
_GZIP: Final = b"\x1f\x8b"
_UTF16: Final = (b"\xff\xfe", b"\xfe\xff")


class BadTable(ValueError):
    """A file that is not an airline table; `message` says what is wrong where, in the learner's language."""

    def __init__(self, message: Message) -> None:
        super().__init__(message)
        self.message = message
        self.path: Path | None = None

    def __str__(self) -> str:
        return f"{self.path}: {self.message.render()}" if self.path is not None else self.message.render()


def table(path: Path) -> pandas.DataFrame:
    """Read a CSV file of the airline's schema, gzipped or not: shape (rows, 23), columns in the public file's order.

    The columns may come in any order. Raises BadTable where anything else differs, FileNotFoundError where there is no file.
    """
    try:
        return _table(path)
    except BadTable as error:
        error.path = path
        raise


def _table(path: Path) -> pandas.DataFrame:
    import pandas as pd

    text = _text(path)
    header = _header(text)
    lines = _lines(text, len(header))
    try:
        frame = pd.read_csv(io.StringIO(text), skipinitialspace=True, low_memory=False)
    except (pd.errors.ParserError, ValueError) as error:
        raise BadTable(say("This is not a CSV file: {reason}", reason=str(error))) from error
    frame.columns = pd.Index(header)
    frame = frame[list(schema.COLUMNS)].set_axis(lines, axis=0)
    if len(frame) < FEWEST_ROWS:
        raise BadTable(
            say(
                "The table has {rows} rows. That is too few: at least {least} are needed to split, train and judge.",
                rows=len(frame),
                least=FEWEST_ROWS,
            )
        )
    for name in schema.COLUMNS:
        frame[name] = _categories(frame[name]) if name in schema.CATEGORIES else _numbers(frame[name])
    if frame[schema.TARGET].nunique() == 1:
        raise BadTable(
            say(
                'Column "{column}" holds only {value}; a model needs both answers.',
                column=schema.TARGET,
                value=frame[schema.TARGET].iloc[0],
            )
        )
    return frame.reset_index(drop=True)


def _text(path: Path) -> str:
    """The file as text; UTF-8, with or without a byte order mark."""
    data = path.read_bytes()
    if data.startswith(_GZIP):
        try:
            data = gzip.decompress(data)
        except (OSError, EOFError, zlib.error) as error:
            raise BadTable(say("The gzip file is damaged or cut off.")) from error
    if not data.strip():
        raise BadTable(say("The file is empty."))
    if data.startswith(_UTF16):
        raise BadTable(say("The file is encoded as UTF-16, not as UTF-8. Save it as UTF-8."))
    if b"\0" in data:
        line = data[: data.index(b"\0")].count(b"\n") + 1
        raise BadTable(say("Line {line}: there are zero bytes. This is not a text file.", line=line))
    try:
        return data.decode("utf-8-sig").replace("\r\n", "\n").replace("\r", "\n")
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        raise BadTable(
            say("Line {line}: the text is not encoded as UTF-8. Save the file as UTF-8.", line=line)
        ) from error


def _header(text: str) -> list[str]:
    """The names in the first line, each of the 23 once."""
    found = [name.strip() for name in next(csv.reader([text.partition("\n")[0]]), [])]
    missing = [name for name in schema.COLUMNS if name not in found]
    unknown = [name for name in found if name not in schema.COLUMNS]
    if len(missing) == len(schema.COLUMNS):
        raise BadTable(
            say(
                'Line 1 is not the header of the airline table: 23 names separated by commas, from "{first}" on.',
                first=schema.TARGET,
            )
        )
    if missing:
        known = {name.casefold(): name for name in unknown}
        near = difflib.get_close_matches(missing[0].casefold(), known, n=1)
        if near:
            raise BadTable(
                say(
                    'There is no column "{column}"; "{found}" looks like it.',
                    column=missing[0],
                    found=known[near[0]],
                )
            )
        names = ", ".join(f'"{name}"' for name in missing)
        raise BadTable(say("Missing columns: {columns}", columns=names))
    if unknown:
        raise BadTable(say('Column "{column}" does not belong to the airline table.', column=unknown[0]))
    twice = next((name for name in found if found.count(name) > 1), None)
    if twice is not None:
        raise BadTable(say('Column "{column}" is there twice.', column=twice))
    return found


def _lines(text: str, count: int) -> list[int]:
    """The number of the line every row stands in; raises BadTable where a line has not `count` fields."""
    if '"' in text:
        reader = csv.reader(io.StringIO(text))
        found = [(reader.line_num, len(row)) for row in reader if row]
    else:
        found = [(number, line.count(",") + 1) for number, line in enumerate(text.split("\n"), 1) if line]
    for number, fields in found:
        if fields == count:
            continue
        if number == found[-1][0] and fields < count:
            raise BadTable(
                say(
                    "Line {line}, the last one, is cut off: it has {fields} of {count} fields.",
                    line=number,
                    fields=fields,
                    count=count,
                )
            )
        raise BadTable(
            say("Line {line} has {fields} fields, not {count}.", line=number, fields=fields, count=count)
        )
    return [number for number, _ in found[1:]]


def _categories(column: pandas.Series) -> pandas.Series:
    """Text of the known categories; the index holds line numbers."""
    import pandas as pd

    name, known = str(column.name), schema.CATEGORIES[str(column.name)]
    values = column.astype(str).str.strip()
    wrong = ~values.isin(known)
    if wrong.any():
        line = int(wrong.idxmax())
        if pd.isna(column[line]):
            raise BadTable(_gap(name, line))
        raise BadTable(
            say(
                'Line {line}, column "{column}": "{value}" is not one of {known}.',
                line=line,
                column=name,
                value=str(column[line]),
                known=", ".join(known),
            )
        )
    return values


def _numbers(column: pandas.Series) -> pandas.Series:
    """Whole numbers within the limits; only Arrival Delay may have gaps. The index holds line numbers."""
    import pandas as pd

    name = str(column.name)
    values = pd.to_numeric(column.astype(str) if column.dtype == bool else column, errors="coerce")
    wrong = values.isna() & column.notna()
    if wrong.any():
        line = int(wrong.idxmax())
        raise BadTable(
            say(
                'Line {line}, column "{column}": "{value}" is not a number.',
                line=line,
                column=name,
                value=str(column[line]),
            )
        )
    if name != schema.ARRIVAL_DELAY and values.isna().any():
        raise BadTable(_gap(name, int(values.isna().idxmax())))
    low, high = schema.LIMITS[name]
    wrong = values.notna() & ((values < low) | (values > high) | (values % 1 != 0))
    if wrong.any():
        line = int(wrong.idxmax())
        raise BadTable(
            say(
                'Line {line}, column "{column}": {value} is not a whole number from {low} to {high}.',
                line=line,
                column=name,
                value=f"{values[line]:g}",
                low=low,
                high=high,
            )
        )
    return values.astype(schema.DTYPES[name])


def _gap(name: str, line: int) -> Message:
    return say('Line {line}, column "{column}": there is no value.', line=line, column=name)

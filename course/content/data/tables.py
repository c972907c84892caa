"""Reading a table from a file, with errors that name the column or the line."""

from __future__ import annotations

import csv
import difflib
import gzip
import io
import zlib
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from course.content.data.errors import BadData
from course.language.messages import Message, marked, say

if TYPE_CHECKING:
    import pandas

_GZIP: Final = b"\x1f\x8b"
_UTF16: Final = (b"\xff\xfe", b"\xfe\xff")
_WHOLE: Final = marked('Line {line}, column "{column}": {value} is not a whole number from {low} to {high}.')
_ANY: Final = marked('Line {line}, column "{column}": {value} is not a number from {low} to {high}.')


@dataclass(frozen=True)
class Schema:
    """What a table holds.

    Args:
        columns: the names, in the order in which the table comes.
        categories: of each column of texts, which there are.
        limits: of each column of numbers, the smallest and the largest. Two whole numbers mean that it holds only such.
        gaps: those columns of numbers in which a value may be missing.
        answer: a column of texts that has to hold different ones, "" where none has to.
        least: the fewest rows.
    """

    columns: Sequence[str]
    categories: Mapping[str, Sequence[str]] = field(default_factory=dict)
    limits: Mapping[str, tuple[float, float]] = field(default_factory=dict)
    gaps: Collection[str] = ()
    answer: str = ""
    least: int = 1


def read(content: bytes, schema: Schema) -> pandas.DataFrame:
    """The table in a CSV file's bytes, gzipped or not: shape (rows, columns), the columns in the schema's order.

    In the file they may come in any order. Raises BadData where anything else differs.
    """
    import pandas as pd

    text = _text(content)
    header = _header(text, schema)
    lines = _lines(text, len(header))
    try:
        frame = pd.read_csv(io.StringIO(text), skipinitialspace=True, low_memory=False)
    except (pd.errors.ParserError, ValueError) as error:
        raise BadData(say("This is not a CSV file: {reason}", reason=str(error))) from error
    frame.columns = pd.Index(header)
    frame = frame[list(schema.columns)].set_axis(lines, axis=0)
    if len(frame) < schema.least:
        raise BadData(
            say(
                "The table has {rows} rows. That is too few: at least {least} are needed.",
                rows=len(frame),
                least=schema.least,
            )
        )
    for name in schema.columns:
        known = schema.categories.get(name)
        column = frame[name]
        frame[name] = (
            _categories(column, known)
            if known is not None
            else _numbers(column, schema.limits[name], name in schema.gaps)
        )
    if schema.answer and frame[schema.answer].nunique() == 1:
        raise BadData(
            say(
                'Column "{column}" holds only {value}; a model needs different answers.',
                column=schema.answer,
                value=frame[schema.answer].iloc[0],
            )
        )
    return frame.reset_index(drop=True)


def _text(data: bytes) -> str:
    """The file as text; UTF-8, with or without a byte order mark."""
    if data.startswith(_GZIP):
        try:
            data = gzip.decompress(data)
        except (OSError, EOFError, zlib.error) as error:
            raise BadData(say("The gzip file is damaged or cut off.")) from error
    if not data.strip():
        raise BadData(say("The file is empty."))
    if data.startswith(_UTF16):
        raise BadData(say("The file is encoded as UTF-16, not as UTF-8. Save it as UTF-8."))
    if b"\0" in data:
        line = data[: data.index(b"\0")].count(b"\n") + 1
        raise BadData(say("Line {line}: there are zero bytes. This is not a text file.", line=line))
    try:
        return data.decode("utf-8-sig").replace("\r\n", "\n").replace("\r", "\n")
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        raise BadData(
            say("Line {line}: the text is not encoded as UTF-8. Save the file as UTF-8.", line=line)
        ) from error


def _header(text: str, schema: Schema) -> list[str]:
    """The names in the first line, each of the schema's once."""
    found = [name.strip() for name in next(csv.reader([text.partition("\n")[0]]), [])]
    missing = [name for name in schema.columns if name not in found]
    unknown = [name for name in found if name not in schema.columns]
    if len(missing) == len(schema.columns):
        raise BadData(
            say(
                'Line 1 is not the header of the table: {count} names separated by commas, from "{first}" on.',
                count=len(schema.columns),
                first=schema.columns[0],
            )
        )
    if missing:
        known = {name.casefold(): name for name in unknown}
        near = difflib.get_close_matches(missing[0].casefold(), known, n=1)
        if near:
            raise BadData(
                say(
                    'There is no column "{column}"; "{found}" looks like it.',
                    column=missing[0],
                    found=known[near[0]],
                )
            )
        names = ", ".join(f'"{name}"' for name in missing)
        raise BadData(say("Missing columns: {columns}", columns=names))
    if unknown:
        raise BadData(say('Column "{column}" does not belong to the table.', column=unknown[0]))
    twice = next((name for name in found if found.count(name) > 1), None)
    if twice is not None:
        raise BadData(say('Column "{column}" is there twice.', column=twice))
    return found


def _lines(text: str, count: int) -> list[int]:
    """The number of the line every row stands in; raises BadData where a line has not `count` fields."""
    if '"' in text:
        reader = csv.reader(io.StringIO(text))
        found = [(reader.line_num, len(row)) for row in reader if row]
    else:
        found = [(number, line.count(",") + 1) for number, line in enumerate(text.split("\n"), 1) if line]
    for number, fields in found:
        if fields == count:
            continue
        if number == found[-1][0] and fields < count:
            raise BadData(
                say(
                    "Line {line}, the last one, is cut off: it has {fields} of {count} fields.",
                    line=number,
                    fields=fields,
                    count=count,
                )
            )
        raise BadData(
            say("Line {line} has {fields} fields, not {count}.", line=number, fields=fields, count=count)
        )
    return [number for number, _ in found[1:]]


def _categories(column: pandas.Series, known: Sequence[str]) -> pandas.Series:
    """Text of the known categories; the index holds line numbers."""
    import pandas as pd

    name = str(column.name)
    values = column.astype(str).str.strip()
    wrong = ~values.isin(known)
    if wrong.any():
        line = int(wrong.idxmax())
        if pd.isna(column[line]):
            raise BadData(_gap(name, line))
        raise BadData(
            say(
                'Line {line}, column "{column}": "{value}" is not one of {known}.',
                line=line,
                column=name,
                value=str(column[line]),
                known=", ".join(known),
            )
        )
    return values


def _numbers(column: pandas.Series, limits: tuple[float, float], gaps: bool) -> pandas.Series:
    """Numbers within the limits, whole ones where these are. The index holds line numbers."""
    import pandas as pd

    name = str(column.name)
    low, high = limits
    whole = isinstance(low, int) and isinstance(high, int)
    values = pd.to_numeric(column.astype(str) if column.dtype == bool else column, errors="coerce")
    wrong = values.isna() & column.notna()
    if wrong.any():
        line = int(wrong.idxmax())
        raise BadData(
            say(
                'Line {line}, column "{column}": "{value}" is not a number.',
                line=line,
                column=name,
                value=str(column[line]),
            )
        )
    if not gaps and values.isna().any():
        raise BadData(_gap(name, int(values.isna().idxmax())))
    outside = (values < low) | (values > high)
    wrong = values.notna() & (outside | (values % 1 != 0) if whole else outside)
    if wrong.any():
        line = int(wrong.idxmax())
        text = _WHOLE if whole else _ANY
        told = f"{values[line]:g}"
        raise BadData(say(text, line=line, column=name, value=told, low=low, high=high))
    return values.astype("int64" if whole and not gaps else "float64")


def _gap(name: str, line: int) -> Message:
    return say('Line {line}, column "{column}": there is no value.', line=line, column=name)

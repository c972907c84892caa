"""What of a text says who wrote it: a digest of every part of its syntax tree.

Where a function does not parse, runs of tokens by winnowing (Schleimer, Wilkerson and Aiken, SIGMOD 2003): of every window of
k-grams the least hash is kept, so that any common run of WINDOW + GRAM - 1 tokens is found wherever it stands. Names of one's
own, numbers, comments and layout do not count; attributes do.
"""

from __future__ import annotations

import builtins
import hashlib
import keyword
import re
from collections.abc import Iterator
from dataclasses import dataclass

from course.classroom import syntax

GRAM, WINDOW = 10, 6
# Of a longer text only the tokens are compared; a solution is a hundredth of it.
MOST_PARSED = 100_000
# Of more fingerprints a sample is compared, the same of equal texts.
MOST = 10_000

_MOST_INDENT = 200
_KNOWN = frozenset((*keyword.kwlist, *keyword.softkwlist, *dir(builtins), "self", "cls"))
_OPEN, _CLOSE = ("(", "[", "{"), (")", "]", "}")
# Every alternative takes what it has begun, closed or not: nothing is looked at twice.
_TOKEN = re.compile(
    r'''
      (?P<comment>\#[^\n]*+)
    | (?P<string>[bfruBFRU]{0,2}+(?:
          """(?:[^"\\]++|\\.|"(?!""))*+(?:"""|\Z|\\)
        | \'{3}(?:[^\'\\]++|\\.|\'(?!\'\'))*+(?:\'{3}|\Z|\\)
        | "(?:[^"\\\n]++|\\.)*+"?
        | \'(?:[^\'\\\n]++|\\.)*+\'?
      ))
    | (?P<number>\.?[0-9][\w.]*+)
    | (?P<name>[^\W\d]\w*+)
    | (?P<sign>\*\*=?|//=?|>>=?|<<=?|->|:=|[-+*/%@&|^=!<>]=|\S)
    ''',
    re.VERBOSE | re.DOTALL,
)

_BEGINS = re.compile(r"^(?=@|(?:async\s+)?def\b|class\b)", re.MULTILINE)
_NAMED = re.compile(r"^(?:async\s+)?(?:def|class)\s+(\w+)", re.MULTILINE)


@dataclass(frozen=True)
class Place:
    """Where a fingerprint is found: lines, counted from 1, and the function or class it stands in ("" for none)."""

    first: int
    last: int
    name: str


def fingerprints(source: str) -> dict[int, Place]:
    """The fingerprints of one text, each where it is found first. Digests hold within one process."""
    found: dict[int, Place] = {}
    for digest, place in _parts(source):
        found.setdefault(digest, place)
    if len(found) > MOST:
        found = {digest: found[digest] for digest in sorted(found)[:MOST]}
    return found


@dataclass(frozen=True)
class Block:
    """A function or class of a text, or what stands above the first: its name ("" there) and lines, counted from 1."""

    name: str
    first: int
    last: int


def blocks(source: str) -> list[Block]:
    """A text in pieces from one function or class to the next, valid Python or not."""
    lines = source.split("\n")
    starts = [number for number, line in enumerate(lines, 1) if _BEGINS.match(line)]
    # A decorator is its function's.
    starts = [at for at in starts if at < 2 or not lines[at - 2].startswith("@")]
    found = []
    for first, end in zip([1, *starts], [*starts, len(lines) + 1], strict=True):
        filled = [number for number in range(first, end) if lines[number - 1].strip()]
        if filled:
            named = _NAMED.search("\n".join(lines[first - 1 : end - 1]))
            found.append(Block(named[1] if named is not None else "", first, filled[-1]))
    return found


def _parts(source: str) -> Iterator[tuple[int, Place]]:
    whole = syntax.parts(source) if len(source) <= MOST_PARSED else None
    chunks = [(source, 0, whole)] if whole is not None else _chunks(source)
    for chunk, above, parts in chunks:
        if parts is None:
            yield from _windows(chunk, above)
        else:
            for part in parts:
                yield part.digest, Place(above + part.first, above + part.last, part.name)


def _chunks(source: str) -> Iterator[tuple[str, int, list[syntax.Part] | None]]:
    """The functions and classes of a text that does not parse, each with the number of lines above it and its parts."""
    starts = sorted({0, *(match.start() for match in _BEGINS.finditer(source))})
    above, counted_to = 0, 0
    for start, end in zip(starts, [*starts[1:], len(source)], strict=True):
        above += source.count("\n", counted_to, start)
        counted_to = start
        chunk = source[start:end]
        yield chunk, above, syntax.parts(chunk) if len(source) <= MOST_PARSED else None


def _windows(source: str, above: int) -> Iterator[tuple[int, Place]]:
    named = _NAMED.search(source)
    name = named[1] if named is not None else ""
    grams = list(_grams(source))
    for start in range(max(1, len(grams) - WINDOW + 1)):
        window = grams[start : start + WINDOW]
        if window:
            digest, line, last = min(reversed(window))
            yield digest, Place(above + line, above + last, name)


def _grams(source: str) -> Iterator[tuple[int, int, int]]:
    tokens = list(_tokens(source))
    for start in range(len(tokens) - GRAM + 1):
        text = "\0".join(token for token, _line in tokens[start : start + GRAM])
        digest = hashlib.blake2b(text.encode("utf-8", "replace"), digest_size=8).digest()
        yield int.from_bytes(digest), tokens[start][1], tokens[start + GRAM - 1][1]


def _tokens(source: str) -> Iterator[tuple[str, int]]:
    """Tokens with their lines, of broken code too, in a time that grows as the text does."""
    line, depth, after_dot, counted_to = 1, 0, False, 0
    for match in _TOKEN.finditer(source):
        kind, text = match.lastgroup, match[0]
        line += source.count("\n", counted_to, match.start())
        counted_to = match.start()
        if kind == "comment" or (kind == "string" and depth == 0 and _begins_line(source, match.start())):
            continue  # a string that is a statement is a comment, too
        if kind in ("number", "string"):
            yield str(kind), line
        elif kind == "name" and text not in _KNOWN and not after_dot:
            yield "name", line
        else:
            yield text, line
        depth = max(0, depth + (text in _OPEN) - (text in _CLOSE))
        after_dot = text == "."


def _begins_line(source: str, place: int) -> bool:
    begin = source.rfind("\n", max(0, place - _MOST_INDENT), place) + 1
    return not source[begin:place].strip() and place - begin < _MOST_INDENT

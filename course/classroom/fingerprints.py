"""Pairs of submissions that share more than chance and the task explain.

Winnowing (Schleimer, Wilkerson and Aiken, SIGMOD 2003) over Python tokens: of every window of k-grams the least hash is kept,
so that any common run of WINDOW + GRAM - 1 tokens is found wherever it stands. Names of one's own, numbers, comments and
layout do not count; attributes do. What the stubs and the reference solutions hold is removed, and so is what many of the
class wrote: the task leads there.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

from pygments.lexers.python import PythonLexer
from pygments.token import Token

GRAM, WINDOW = 10, 6
# Fewer common fingerprints than this are chance; held by more of the class than this they are the task's own.
FEWEST_SHARED = 6
RING, RING_SHARE = 4, 0.2

Fingerprints = dict[int, "Place"]


@dataclass(frozen=True)
class Place:
    """Where a fingerprint begins."""

    path: str
    line: int


@dataclass(frozen=True)
class Pair:
    """Two students, the share of the smaller one's distinctive fingerprints that both have, and where these stand."""

    first: str
    second: str
    similarity: float
    shared: int
    places: tuple[tuple[Place, Place], ...]


def fingerprints(path: str, source: str) -> Fingerprints:
    """The fingerprints of one file."""
    grams = list(_grams(source))
    kept: Fingerprints = {}
    for start in range(max(1, len(grams) - WINDOW + 1)):
        window = grams[start : start + WINDOW]
        if window:
            digest, line = min(reversed(window))
            kept.setdefault(digest, Place(path, line))
    return kept


def expected(sources: Iterable[str]) -> set[int]:
    """Every k-gram of texts that all may have in common: stubs, reference solutions."""
    return {digest for source in sources for digest, _line in _grams(source)}


def pairs(class_: Mapping[str, Sequence[tuple[str, str]]], common: set[int], threshold: float) -> list[Pair]:
    """The pairs above a threshold (0 to 1), most similar first. `class_` gives each student's files as (path, source)."""
    prints: dict[str, Fingerprints] = {}
    holders: defaultdict[int, list[str]] = defaultdict(list)
    for student, files in class_.items():
        prints[student] = {}
        for path, source in files:
            prints[student] |= fingerprints(path, source)
        for digest in prints[student].keys() - common:
            holders[digest].append(student)
    most = max(RING, int(RING_SHARE * len(class_)))
    distinctive: defaultdict[str, int] = defaultdict(int)
    shared: defaultdict[tuple[str, str], list[int]] = defaultdict(list)
    for digest, students in holders.items():
        if len(students) <= most:
            for student in students:
                distinctive[student] += 1
            for pair in combinations(sorted(students), 2):
                shared[pair].append(digest)
    found = []
    for (first, second), digests in shared.items():
        similarity = len(digests) / min(distinctive[first], distinctive[second])
        if len(digests) >= FEWEST_SHARED and similarity >= threshold:
            places = sorted(
                ((prints[first][digest], prints[second][digest]) for digest in digests),
                key=lambda both: (both[0].path, both[0].line),
            )
            found.append(Pair(first, second, similarity, len(digests), tuple(places)))
    return sorted(found, key=lambda pair: (-pair.similarity, -pair.shared, pair.first, pair.second))


def _grams(source: str) -> Iterator[tuple[int, int]]:
    tokens = list(_tokens(source))
    for start in range(len(tokens) - GRAM + 1):
        text = "\0".join(token for token, _line in tokens[start : start + GRAM])
        digest = hashlib.blake2b(text.encode("utf-8", "replace"), digest_size=8).digest()
        yield int.from_bytes(digest), tokens[start][1]


def _tokens(source: str) -> Iterator[tuple[str, int]]:
    """Tokens with their lines; the lexer gets through broken code too."""
    line, after_dot = 1, False
    for kind, text in PythonLexer(ensurenl=False, stripnl=False).get_tokens(source):
        counted = text.strip() and kind not in Token.Comment and kind not in Token.Literal.String.Doc
        if counted:
            if kind in Token.Literal.Number:
                yield "number", line
            elif kind in Token.Literal.String:
                yield "string", line
            elif kind in Token.Name and kind not in Token.Name.Builtin and not after_dot:
                yield "name", line
            else:
                yield text.strip(), line
            after_dot = text.endswith(".")
        line += text.count("\n")

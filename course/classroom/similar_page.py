"""Pairs of similar work as a page: both sides side by side, function by function, what they have in common marked."""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import zip_longest

from course import language
from course.classroom import fingerprints
from course.classroom.fingerprints import Block
from course.classroom.similarity import Class, Pair, Text
from course.content import texts
from course.content.catalog import Exercise
from course.html.document import document

# More than so many pairs, and of a function more than so many lines, nobody reads.
MOST_PAIRS, MOST_LINES = 200, 300
_MOST_WIDTH = 300


@dataclass(frozen=True)
class Line:
    """A line of a text, and whether the other student has it, too."""

    number: int
    text: str
    common: bool


Row = tuple[Line | None, Line | None]


@dataclass(frozen=True)
class Beside:
    """Two functions beside each other, of an exercise; either side may be missing. `more`: lines that are left out."""

    title: str
    names: tuple[str, str]
    files: tuple[str, str]
    rows: Sequence[Row]
    more: int


Side = tuple[Text, Block]
Link = tuple[int, int]  # lines with common parts, one's and the other's


def page(class_: Class, pairs: Sequence[Pair], exercises: Sequence[Exercise], little: Sequence[str]) -> str:
    """The pairs, strongest first, in the language in use."""
    titles = {each.slug: texts.title(each, language.current()) for each in exercises}
    shown = [(pair, list(_besides(class_, pair, titles))) for pair in pairs[:MOST_PAIRS]]
    return document(
        "similar.html",
        pairs=shown,
        count=len(pairs),
        left_out=max(0, len(pairs) - MOST_PAIRS),
        students=len(class_.students),
        exercises=[(each.slug, titles[each.slug]) for each in exercises],
        little=", ".join(little),
    )


def _besides(class_: Class, pair: Pair, titles: dict[str, str]) -> Iterator[Beside]:
    """The functions with something in common, in the first one's order, then the other's helpers."""
    one, other = (_sides(class_.texts[student]) for student in (pair.first, pair.second))
    links: defaultdict[tuple[Side, Side], set[Link]] = defaultdict(set)
    marked: tuple[defaultdict[Side, set[int]], defaultdict[Side, set[int]]] = (
        defaultdict(set),
        defaultdict(set),
    )
    for passage in pair.passages:
        for path, here, other_path, there in passage.places:
            mine, theirs = _holding(one, path, here.first), _holding(other, other_path, there.first)
            if mine is not None and theirs is not None:
                links[mine, theirs].add((here.first, there.first))
                marked[0][mine].update(range(here.first, here.last + 1))
                marked[1][theirs].update(range(there.first, there.last + 1))
    partners = _partners({both: len(found) for both, found in links.items()})
    beside: list[tuple[Side | None, Side | None]] = [
        (side, partners.get(side)) for side in one if marked[0][side]
    ]
    shown = set(partners.values())
    beside += [(None, side) for side in other if marked[1][side] and side not in shown]
    for mine, theirs in beside:
        text = (mine or theirs or one[0])[0]
        left, right = _lines(mine, marked[0]), _lines(theirs, marked[1])
        found = links[mine, theirs] if mine is not None and theirs is not None else set()
        rows = _rows(left, right, found)
        title = f"{titles[text.exercise]} ({text.exercise})" if text.exercise in titles else ""
        names = (mine[1].name if mine else "", theirs[1].name if theirs else "")
        files = (mine[0].path if mine else "", theirs[0].path if theirs else "")
        yield Beside(title, names, files, rows[:MOST_LINES], max(0, len(rows) - MOST_LINES))


def _sides(texts_: Sequence[Text]) -> list[Side]:
    found = [(text, block) for text in texts_ for block in fingerprints.blocks(text.source)]
    return sorted(found, key=lambda side: (side[0].path, side[1].first))


def _holding(sides: Sequence[Side], path: str, line: int) -> Side | None:
    # Files after one another, in each the functions in order.
    place = bisect_right(sides, (path, line), key=lambda side: (side[0].path, side[1].first)) - 1
    found = sides[place] if place >= 0 else None
    return found if found is not None and found[0].path == path and line <= found[1].last else None


def _partners(common: dict[tuple[Side, Side], int]) -> dict[Side, Side]:
    """For each function the other's with which it has most in common, each once."""
    found: dict[Side, Side] = {}
    taken: set[Side] = set()
    for (mine, theirs), _count in sorted(common.items(), key=lambda entry: -entry[1]):
        if mine not in found and theirs not in taken:
            found[mine] = theirs
            taken.add(theirs)
    return found


def _lines(side: Side | None, marked: dict[Side, set[int]]) -> list[Line]:
    if side is None:
        return []
    text, block = side
    lines = text.source.split("\n")[block.first - 1 : block.last]
    return [
        Line(number, _cut(line), number in marked[side] and bool(line.strip()))
        for number, line in enumerate(lines, block.first)
    ]


def _cut(line: str) -> str:
    line = line.expandtabs(4)
    return line if len(line) <= _MOST_WIDTH else line[:_MOST_WIDTH] + " …"


def _rows(left: Sequence[Line], right: Sequence[Line], links: set[Link]) -> list[Row]:
    """Lines that have parts in common beside each other, as far as their order is the same."""
    often = Counter(first for first, _second in links), Counter(second for _first, second in links)
    partner: dict[int, int] = {}
    taken: set[int] = set()
    # What begins on one line only comes first: it is the surest.
    for first, second in sorted(links, key=lambda link: (often[0][link[0]] + often[1][link[1]], link)):
        if first not in partner and second not in taken:
            partner[first] = second
            taken.add(second)
    keys = [partner.get(line.number, -line.number) for line in left]
    rows: list[Row] = []
    matcher = SequenceMatcher(None, keys, [line.number for line in right], autojunk=False)
    for kind, a, b, c, d in matcher.get_opcodes():
        rows += (
            zip(left[a:b], right[c:d], strict=True) if kind == "equal" else zip_longest(left[a:b], right[c:d])
        )
    return rows

"""A module's text, tree and tokens, and where in the text a node of the tree stands."""

from __future__ import annotations

import ast
import io
import tokenize
from bisect import bisect_left
from dataclasses import dataclass

_LAYOUT = {
    tokenize.COMMENT,
    tokenize.NL,
    tokenize.NEWLINE,
    tokenize.INDENT,
    tokenize.DEDENT,
    tokenize.ENDMARKER,
    tokenize.ENCODING,
}


@dataclass(frozen=True)
class Token:
    """A word or sign of the text and its place, in characters from the start."""

    text: str
    start: int
    end: int


@dataclass(frozen=True)
class Span:
    """A stretch of the text, in characters from the start."""

    start: int
    end: int


class Source:
    """A module that parses."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.tree = ast.parse(text)
        self._lines = text.split("\n")
        self._offsets = [0]
        for line in self._lines:
            self._offsets.append(self._offsets[-1] + len(line) + 1)
        self.tokens = [
            Token(read.string, self._offset(*read.start), self._offset(*read.end))
            for read in tokenize.generate_tokens(io.StringIO(text).readline)
            if read.type not in _LAYOUT
        ]
        self._starts = [token.start for token in self.tokens]

    def _offset(self, line: int, column: int) -> int:
        return self._offsets[line - 1] + column

    def _offset_of_bytes(self, line: int, column: int) -> int:
        return self._offset(line, len(self._lines[line - 1].encode()[:column].decode()))

    def line(self, offset: int) -> int:
        """The number of the line at this place, from 1."""
        return self.text.count("\n", 0, offset) + 1

    def span(self, node: ast.expr | ast.stmt | ast.keyword) -> Span:
        """Where a node stands, without brackets around it."""
        end_line, end_column = node.end_lineno or node.lineno, node.end_col_offset or node.col_offset
        start = self._offset_of_bytes(node.lineno, node.col_offset)
        return Span(start, self._offset_of_bytes(end_line, end_column))

    def text_of(self, span: Span) -> str:
        """The text of a span."""
        return self.text[span.start : span.end]

    def bracketed(self, node: ast.expr) -> Span:
        """Where one of several elements stands, with the brackets around it alone."""
        span = self.span(node)
        first = bisect_left(self._starts, span.start)
        after = bisect_left(self._starts, span.end)
        while first and self.tokens[first - 1].text == "(" and self.tokens[after].text == ")":
            first, after = first - 1, after + 1
            span = Span(self.tokens[first].start, self.tokens[after - 1].end)
        return span

    def between(self, left: ast.expr, right: ast.expr) -> list[Token]:
        """The tokens from the end of one node to the start of another."""
        return self.within(Span(self.span(left).end, self.span(right).start))

    def within(self, span: Span) -> list[Token]:
        """The tokens of a span."""
        return self.tokens[bisect_left(self._starts, span.start) : bisect_left(self._starts, span.end)]

"""An exercise's Markdown in the terminal: rich's renderer with calm headings and equations in Unicode."""

import operator
from collections.abc import Callable, Iterator
from functools import partial
from itertools import dropwhile, groupby
from typing import ClassVar

from markdown_it.token import Token
from rich import box
from rich.cells import cell_len
from rich.console import Console, ConsoleOptions, RenderableType, RenderResult
from rich.markdown import CodeBlock, Heading, ListItem, Markdown, MarkdownElement, TableElement
from rich.segment import Segment
from rich.syntax import Syntax
from rich.table import Table
from rich.text import Text
from rich.theme import Theme

from course.markup.markdown_rules import parser

_INDENT = 4
_KEPT_TOGETHER = 32
# Stands for a space at which a line must not break, until the lines are made: rich breaks at U+00A0 too.
_NO_BREAK = "\ue000"

_CALM = Theme(
    {
        "markdown.h1": "bold",
        "markdown.h2": "bold",
        "markdown.h3": "bold",
        "markdown.code": "cyan",
        "markdown.table.border": "dim",
        "markdown.table.header": "bold",
        "markdown.item.bullet": "none",
        "markdown.item.number": "none",
        "markdown.link_url": "underline",
    }
)


def render(markdown: str) -> RenderableType:
    """Markdown with $…$ and $$…$$ equations as something rich can print at any width."""
    return _ExerciseText(markdown)


class _LeftHeading(Heading):
    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        yield self.text


class _PlainCode(CodeBlock):
    """Code in the terminal's own colours, indented, without a background."""

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        yield Syntax(
            str(self.text).rstrip(),
            self.lexer_name,
            theme="ansi_dark",
            background_color="default",
            word_wrap=True,
            padding=(0, 0, 0, _INDENT),
        )


class _NumberedItem(ListItem):
    def render_number(
        self, console: Console, options: ConsoleOptions, number: int, last_number: int
    ) -> RenderResult:
        numeral = f" {number}. "
        lines = console.render_lines(self.elements, options.update(width=options.max_width - len(numeral)))
        for index, line in enumerate(lines):
            yield Segment(" " * len(numeral) if index else numeral)
            yield from line
            yield Segment.line()


class _OpenTable(TableElement):
    """A table with a rule under its head and no empty rows around it."""

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        table = Table(box=box.SIMPLE_HEAD, show_edge=False, pad_edge=False, collapse_padding=True)
        table.border_style = "markdown.table.border"
        head = self.header.row.cells if self.header and self.header.row else []
        for cell in head:
            title = Text.assemble(cell.content, style="markdown.table.header")
            table.add_column(title, justify=cell.justify, overflow="fold")
        for row in self.body.rows if self.body else []:
            table.add_row(*(cell.content for cell in row.cells))
        yield table


class _DisplayEquations(MarkdownElement):
    """Equations on lines of their own, indented, never wrapped as a paragraph."""

    def __init__(self, rows_within: Callable[[int], list[str]]) -> None:
        self.rows_within = rows_within

    @classmethod
    def create(cls, markdown: Markdown, token: Token) -> MarkdownElement:  # noqa: ARG003  rich's signature
        return cls(token.meta["rows_within"])

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        for row in self.rows_within(max(options.max_width - _INDENT, 1)):
            yield Text(" " * _INDENT + row, no_wrap=True, overflow="fold")


class _ExerciseText(Markdown):
    elements: ClassVar = Markdown.elements | {
        "heading_open": _LeftHeading,
        "fence": _PlainCode,
        "code_block": _PlainCode,
        "list_item_open": _NumberedItem,
        "table_open": _OpenTable,
        "math_block": _DisplayEquations,
    }

    def __init__(self, markdown: str) -> None:
        super().__init__("")
        self.parsed = _with_unicode(parser().parse(markdown))

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        with console.use_theme(_CALM):
            segments = [s for s in super().__rich_console__(console, options) if isinstance(s, Segment)]
        lines = (list(_without_padding(line)) for line in Segment.split_lines(segments))
        # rich puts an empty line before a list or a table, even where the text begins with one.
        for line in dropwhile(operator.not_, lines):
            yield from line
            yield Segment.line()


def _with_unicode(tokens: list[Token]) -> list[Token]:
    """Tokens with inline equations as text, and equations that follow one another as one block."""
    inline = [child for token in tokens for child in token.children or () if child.type == "math_inline"]
    blocks = [token for token in tokens if token.type == "math_block"]
    if not inline and not blocks:
        return tokens
    from course.markup.equations import unlowered_symbols  # long to load, and many texts have none

    unlowered = unlowered_symbols(token.content for token in inline + blocks)
    for token in inline:
        token.type, token.content = "text", _inline_equation(token.content, unlowered)
    shown: list[Token] = []
    for is_block, run in groupby(tokens, key=lambda token: token.type == "math_block"):
        together = list(run)
        if is_block:
            equations = [token.content for token in together]
            together[0].meta = {"rows_within": partial(_rows_within, equations, unlowered)}
        shown += together[:1] if is_block else together
    return shown


def _rows_within(equations: list[str], unlowered: frozenset[str], width: int) -> list[str]:
    from course.markup.equations import equation_lines

    return [row for latex in equations for row in equation_lines(latex, width, unlowered)]


def _inline_equation(latex: str, unlowered: frozenset[str]) -> str:
    from course.markup.equations import break_points, unicode_math

    text = unicode_math(latex, one_line=True, unlowered=unlowered)
    allowed = set() if cell_len(text) <= _KEPT_TOGETHER else {at for at, _ in break_points(text)}
    return "".join(_NO_BREAK if char == " " and at not in allowed else char for at, char in enumerate(text))


def _without_padding(line: list[Segment]) -> Iterator[Segment]:
    """A finished line with its spaces back, and none at the end."""
    while line and not line[-1].text.strip():
        line.pop()
    for number, (text, style, control) in enumerate(line):
        shown = text.replace(_NO_BREAK, " ")
        yield Segment(shown.rstrip() if number == len(line) - 1 else shown, style, control)

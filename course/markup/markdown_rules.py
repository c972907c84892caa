"""How a text's Markdown is read: CommonMark with tables, $…$ and $$…$$, and emphasis beside Korean."""

import re
from unicodedata import east_asian_width

from markdown_it import MarkdownIt
from markdown_it.ruler import RuleOptionsType
from markdown_it.rules_block import StateBlock
from markdown_it.rules_inline import StateInline
from markdown_it.rules_inline.state_inline import Delimiter

_INLINE = re.compile(r"\$(?!\s)((?:\\.|[^\\$])+?)(?<!\s)\$(?!\d)", re.DOTALL)


def parser() -> MarkdownIt:
    """A parser that gives `math_inline` and `math_block` tokens, their content LaTeX; HTML stays text."""
    markdown = MarkdownIt().enable("strikethrough").enable("table").disable(["html_block", "html_inline"])
    interrupted: RuleOptionsType = {"alt": ["paragraph", "reference", "blockquote", "list"]}
    markdown.block.ruler.before("fence", "math_block", _display_rule, interrupted)
    markdown.inline.ruler.before("escape", "math_inline", _inline_rule)
    markdown.inline.ruler.at("emphasis", _emphasis_rule)
    return markdown


def _inline_rule(state: StateInline, silent: bool) -> bool:
    match = _INLINE.match(state.src, state.pos)
    if not match or state.src[state.pos - 1 : state.pos] == "$":
        return False
    if not silent:
        state.push("math_inline", "", 0).content = match[1]
    state.pos = match.end()
    return True


def _display_rule(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    """$$ … $$ from the start of a line to the end of that or a later line."""
    if state.is_code_block(start) or not _source_line(state, start).startswith("$$"):
        return False
    for last in range(start, end):
        text = _source_line(state, last).rstrip()
        if text.endswith("$$") and (last > start or len(text) > 3):
            break
    else:
        return False
    if not silent:
        token = state.push("math_block", "", 0)
        lines = (_source_line(state, number) for number in range(start, last + 1))
        token.content = "\n".join(lines).strip()[2:-2]
        token.map = [start, last + 1]
        state.line = last + 1
    return True


def _source_line(state: StateBlock, number: int) -> str:
    return state.src[state.bMarks[number] + state.tShift[number] : state.eMarks[number]]


def _emphasis_rule(state: StateInline, silent: bool) -> bool:
    """CommonMark's rule, but a wide letter bounds emphasis as a space does: `**게이트(gate)**로`."""
    marker = state.src[state.pos]
    if silent or marker not in "_*":
        return False
    scanned = state.scanDelims(state.pos, marker == "*")
    before = state.src[state.pos - 1 : state.pos] or " "
    after = state.src[state.pos + scanned.length :][:1] or " "
    opens = scanned.can_open or (marker == "*" and _is_wide(before) and not after.isspace())
    closes = scanned.can_close or (marker == "*" and _is_wide(after) and not before.isspace())
    for _ in range(scanned.length):
        state.push("text", "", 0).content = marker
        delimiter = Delimiter(ord(marker), scanned.length, len(state.tokens) - 1, -1, opens, closes)
        state.delimiters.append(delimiter)
    state.pos += scanned.length
    return True


def _is_wide(char: str) -> bool:
    return east_asian_width(char) in "WF"

"""The course's Markdown as HTML, equations as MathML: nothing is left for a browser to fetch or to run."""

from __future__ import annotations

import functools
import html
import re
from collections.abc import Sequence
from typing import Any

from latex2mathml.converter import convert
from markdown_it import MarkdownIt
from markdown_it.renderer import RendererHTML
from markdown_it.token import Token
from markupsafe import Markup
from rich.cells import cell_len

from course.markup.markdown_rules import parser

# What latex2mathml 3.81 leaves as it stands.
_TEXT = re.compile(r"\\(text|texttt|mathrm)\{[^{}]*\}")
# A prime as a superscript is drawn small twice: it goes beside its letter instead, where the font has it at the right height.
_PRIME = re.compile(r"<msup>((?:(?!<msup>).)*?)<mi>&#x02032;</mi></msup>")
_PRIME_ABOVE_INDEX = re.compile(r"<msubsup>(<mi>[^<]*</mi>)(<mi>[^<]*</mi>)<mi>&#x02032;</mi></msubsup>")
_TAG = re.compile(r"<[^>]+>")
_FITS = 28  # characters that fit on a narrow telephone
_ARG = re.compile(r"\\arg(?![a-zA-Z])")


@functools.lru_cache(maxsize=1024)
def rendered(markdown: str) -> Markup:
    """A text of several paragraphs. HTML in it stays text."""
    return Markup(_renderer().render(markdown))  # noqa: S704  made by the renderer, which escapes


@functools.lru_cache(maxsize=1024)
def inline(markdown: str) -> Markup:
    """A text within a line."""
    return Markup(_renderer().renderInline(markdown))  # noqa: S704


def mathml(latex: str, *, block: bool) -> str:
    """An equation; what does not read as one is shown as it was written."""
    plain = _ARG.sub(r"\\operatorname{arg}", _TEXT.sub(lambda m: m[0].replace("\\_", "_"), latex))
    try:
        drawn = convert(plain, display="block" if block else "inline")
    except Exception:
        return f"<code>{html.escape(latex)}</code>"
    drawn = _PRIME_ABOVE_INDEX.sub(r"<msub><mrow>\1<mo>&#x02032;</mo></mrow>\2</msub>", drawn)
    return _PRIME.sub(r"<mrow>\1<mo>&#x02032;</mo></mrow>", drawn)


@functools.cache
def _renderer() -> MarkdownIt:
    markdown = parser().disable("image")
    markdown.add_render_rule("math_inline", _inline_equation)
    markdown.add_render_rule("math_block", _block_equation)
    markdown.add_render_rule("table_open", _open_table)
    markdown.add_render_rule("table_close", _close_table)
    markdown.add_render_rule("fence", _code)
    return markdown


def _inline_equation(_self: RendererHTML, tokens: Sequence[Token], place: int, *_: Any) -> str:
    return mathml(tokens[place].content, block=False)


def _block_equation(_self: RendererHTML, tokens: Sequence[Token], place: int, *_: Any) -> str:
    drawn = mathml(tokens[place].content, block=True)
    width = len(html.unescape(_TAG.sub("", drawn)))
    return _scrolling("equation", drawn, width > _FITS)


def _open_table(*_: Any) -> str:
    return '<div class="wide" tabindex="0"><table>'


def _close_table(*_: Any) -> str:
    return "</table></div>"


def _code(_self: RendererHTML, tokens: Sequence[Token], place: int, *_: Any) -> str:
    from pygments import highlight
    from pygments.formatters import HtmlFormatter
    from pygments.lexers import PythonLexer, TextLexer

    token = tokens[place]
    lexer = PythonLexer() if token.info.strip() == "python" else TextLexer()
    width = max(map(cell_len, token.content.splitlines()), default=0)
    return _scrolling("code", highlight(token.content, lexer, HtmlFormatter()), width > _FITS)


def _scrolling(kind: str, inner: str, wide: bool) -> str:
    """Wider than a telephone it scrolls by itself; only then does it take the keyboard."""
    focus = ' tabindex="0"' if wide else ""
    return f'<div class="wide {kind}"{focus}>{inner}</div>\n'

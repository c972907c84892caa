"""Markdown as HTML or plain text, and zip files whose bytes depend on nothing but what is in them."""

from __future__ import annotations

import functools
import io
import zipfile
from collections.abc import Mapping, MutableMapping, Sequence
from html import escape
from typing import Any
from xml.etree import ElementTree as ET

from markdown_it import MarkdownIt
from markdown_it.renderer import RendererHTML
from markdown_it.token import Token

from course.markup.markdown_rules import parser
from course.quizzes import picture
from course.quizzes.export.item import Item

_OLDEST = (1980, 1, 1, 0, 0, 0)


def html(markdown: str) -> str:
    r"""Markdown as well-formed HTML, equations as \(…\) and \[…\]; one paragraph alone is without its <p>."""
    text = str(_parser().render(markdown)).strip()
    if text.count("<p>") == 1 and text.startswith("<p>") and text.endswith("</p>"):
        return text[3:-4]
    return text


def question_html(item: Item) -> str:
    """A question: its text, its code, the unit of the answer."""
    text = html(item.text)
    parts = [text if text.startswith("<p>") else f"<p>{text}</p>"]
    if item.asked.code:
        parts.append(f"<pre><code>{escape(item.asked.code, quote=False)}</code></pre>")
    if item.asked.picture:
        parts.append(f"<p>{picture.image(item.asked.picture, item.language)}</p>")
    if item.unit_line:
        parts.append(f"<p>{escape(item.unit_line, quote=False)}</p>")
    return "".join(parts)


def plain(markdown: str) -> str:
    """Markdown as one line of plain text, equations in Unicode."""
    tokens = [child for token in _parser().parse(markdown) for child in token.children or ()]
    return "".join(_plain(token) for token in tokens)


def _plain(token: Token) -> str:
    if token.type == "math_inline":
        from course.markup.equations import unicode_math

        return unicode_math(token.content, one_line=True)
    return " " if token.type in ("softbreak", "hardbreak") else token.content


@functools.cache
def _parser() -> MarkdownIt:
    markdown = parser()
    markdown.add_render_rule("math_inline", _inline)
    markdown.add_render_rule("math_block", _block)
    return markdown


def _inline(
    _self: RendererHTML, tokens: Sequence[Token], index: int, _options: Any, _env: MutableMapping[str, Any]
) -> str:
    return rf"\({escape(tokens[index].content, quote=False)}\)"


def _block(
    _self: RendererHTML, tokens: Sequence[Token], index: int, _options: Any, _env: MutableMapping[str, Any]
) -> str:
    return rf"<p>\[{escape(tokens[index].content, quote=False)}\]</p>"


def add(parent: ET.Element, tag: str, text: str | None = None, **attributes: str) -> ET.Element:
    """A new last child."""
    child = ET.SubElement(parent, tag, attributes)
    child.text = text
    return child


def xml(root: ET.Element, *, indent: bool = True) -> bytes:
    """An XML file; indented only where no space in it is shown."""
    if indent:
        ET.indent(root)
    return bytes(ET.tostring(root, encoding="UTF-8", xml_declaration=True)) + b"\n"


def zipped(files: Mapping[str, bytes]) -> bytes:
    """A zip file of these files in this order."""
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w") as archive:
        for name, content in files.items():
            entry = zipfile.ZipInfo(name, _OLDEST)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.create_system = 3
            entry.external_attr = 0o644 << 16
            archive.writestr(entry, content)
    return data.getvalue()

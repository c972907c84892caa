"""Standard streams that never stop a command, nor act on what they print.

What their encoding lacks gets a readable stand-in, and control characters of whatever origin (a folder's name, a file's text)
are escaped: only colours and movements of the cursor, as Rich writes them, get through to a terminal.

Every terminal, pipe and file that a command prints to has an encoding of its own (cp949 on a Korean Windows, cp1252 on a
western one, ASCII in a bare container). A character it lacks becomes what stands below, in ASCII.
"""

from __future__ import annotations

import codecs
import contextlib
import io
import re
import sys
import unicodedata
from typing import TextIO

from course.language.messages import ACTS, escaped

# Select Graphic Rendition, cursor movements, erasing, showing and hiding the cursor: what Rich writes.
_MOVES = re.compile(r"\x1b\[[0-9;]*[mABCDEFGHJK]|\x1b\[\?(?:25|1049)[hl]|\r")
_ERRORS = "course.stand_in"
_ASCII = "course_ascii"

_SIGNS = {
    "─━╌┄═╴╶╸╺": "-", "│┃║╎┆╵╷╹╻": "|", "█▇▆▅▄▃▂▁▉▊▋▌▍▎▏▓▒░▰▱": "#", "✓✔☑": "+", "✗✘☒×✕": "x", "·∙⋅•◦●○◉": ".",
    "−–—‐‑‒": "-", "‘’′‛": "'", "“”″„«»『』「」": '"', "…⋯": "...", "⋮": ":", "→⟶↦": "->", "←⟵": "<-", "↔": "<->", "⇒⟹": "=>",
    "⇐": "<=", "↓▼▾": "v", "↑▲▴": "^", "▶▸►❯": ">", "◀◂◄❮": "<", "≤⩽": "<=", "≥⩾": ">=", "≠": "!=", "≈≃≅∼": "~", "≡": "==",
    "±": "+-", "∓": "-+", "÷∕⁄": "/", "∗⋆★☆": "*", "⊙⊗∘": "*", "⊕": "+", "∑": "sum", "∏": "prod", "√": "sqrt", "∞": "inf",
    "∂": "d", "∇": "grad", "∫": "int", "∈": " in ", "∉": " not in ", "∪": " or ", "∩": " and ", "∀": "for all ", "∅": "{}",
    "⊤": "T", "⊥": "_|_", "‖∥": "||", "∣": "|", "⟨": "<", "⟩": ">", "⌊⌋⌈⌉": "|", "⧖⧗": "t", "⚠": "!", "ℓ": "l", "∝": "~",
    "¬": "not ", "₩": "W", "€": "EUR", "°": " deg", "µ": "u", "ß": "ss", "æ": "ae", "Æ": "AE", "ø": "o", "Ø": "O",
    "\N{BYTE ORDER MARK}\N{ZERO WIDTH SPACE}\N{ZERO WIDTH JOINER}\N{SOFT HYPHEN}": "",
}  # fmt: skip
_STAND_INS = {sign: plain for signs, plain in _SIGNS.items() for sign in signs}

# Revised Romanization, syllable by syllable: initial consonant, vowel, final consonant.
_INITIALS = tuple("g kk n d tt r m b pp s ss  j jj ch k t p h".split(" "))  # noqa: SIM905
_VOWELS = tuple("a ae ya yae eo e yeo ye o wa wae oe yo u wo we wi yu eu ui i".split())  # noqa: SIM905
_FINALS = tuple(" k k k n n n t l k m l l l p l m p p t t ng t t k t p t".split(" "))  # noqa: SIM905
_FIRST_SYLLABLE = 0xAC00


def settle() -> None:
    """Let the standard streams print whatever text there is, each in its own encoding."""
    codecs.register_error(_ERRORS, _replace)
    codecs.register(_ascii)
    for stream in (sys.stdout, sys.stderr):
        if not isinstance(stream, io.TextIOWrapper):
            continue  # none at all, or one that somebody has put there
        # click takes a stream that says it is ASCII for one set up wrongly, and writes UTF-8 into it.
        plain = codecs.lookup(stream.encoding).name == "ascii"
        stream.reconfigure(errors=_ERRORS, encoding=_ASCII if plain else None)
    sys.stdout, sys.stderr = _guarded(sys.stdout), _guarded(sys.stderr)
    if isinstance(sys.stdin, io.TextIOWrapper):
        with contextlib.suppress(io.UnsupportedOperation):
            sys.stdin.reconfigure(errors="replace")


class _Guarded(io.TextIOWrapper):
    """A text stream that escapes what a terminal would act on."""

    def write(self, text: str) -> int:
        """The length of the text as it was given."""
        lets_through = _MOVES if self.isatty() else None
        super().write(_escaped(text, lets_through))
        return len(text)


def _guarded(stream: TextIO) -> TextIO:
    if type(stream) is not io.TextIOWrapper:
        return stream
    settings = {
        "encoding": stream.encoding,
        "errors": stream.errors,
        "line_buffering": stream.line_buffering,
        "write_through": stream.write_through,
    }
    return _Guarded(stream.detach(), **settings)  # type: ignore[arg-type]


def _escaped(text: str, lets_through: re.Pattern[str] | None) -> str:
    if not ACTS.search(text):
        return text
    if lets_through is None:
        return escaped(text)
    parts, end = [], 0
    for match in lets_through.finditer(text):
        parts += [escaped(text[end : match.start()]), match[0]]
        end = match.end()
    return "".join([*parts, escaped(text[end:])])


def stand_in(character: str) -> str:
    """What is printed for a character that cannot be, in ASCII: ✓ as +, σ as sigma, é as e, 한 as han, anything else as ?."""
    if character in _STAND_INS:
        return _STAND_INS[character]
    place = ord(character) - _FIRST_SYLLABLE
    if 0 <= place < len(_INITIALS) * len(_VOWELS) * len(_FINALS):
        initial, vowel = divmod(place // len(_FINALS), len(_VOWELS))
        return _INITIALS[initial] + _VOWELS[vowel] + _FINALS[place % len(_FINALS)]
    if unicodedata.category(character) in ("Mn", "Me"):
        return ""
    if 0x2500 <= ord(character) <= 0x257F:
        return "+"  # corners and crossings of frames
    called = unicodedata.name(character, "")
    if called.startswith("GREEK ") and " LETTER " in called:
        letter = called.split(" LETTER ")[1].split()[0].lower()
        return letter.capitalize() if "CAPITAL" in called else letter
    mark = {"<super>": "^", "<sub>": "_"}.get(unicodedata.decomposition(character).partition(" ")[0], "")
    parts = unicodedata.normalize("NFKD", character)
    if parts != character:
        return mark + "".join(part if part.isascii() else stand_in(part) for part in parts)
    return "?"


def _replace(error: UnicodeError) -> tuple[str, int]:
    if not isinstance(error, UnicodeEncodeError):
        raise error
    return "".join(map(stand_in, error.object[error.start : error.end])), error.end


def _ascii(name: str) -> codecs.CodecInfo | None:
    if name != _ASCII:
        return None
    found = codecs.lookup("ascii")
    return codecs.CodecInfo(found.encode, found.decode, found.streamreader, found.streamwriter,
                            found.incrementalencoder, found.incrementaldecoder, name=_ASCII)  # fmt: skip

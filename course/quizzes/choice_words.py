"""How a choice is named: by its place, as it reads, or as the values it consists of."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence

from course.learner.store.asked import AskedChoice
from course.quizzes import phrases

_DASHES = re.compile(r"[-−‐‑‒–—﹣－]\s*(?=[\d.])")
_VALUE = r"[-+]?(?:\d+(?:\.\d*)?|\.\d+)|none|nan|true|false"
_ONLY_VALUES = re.compile(rf"[\s()\[\],;]*(?:(?:{_VALUE})(?![a-z\d])[\s()\[\],;]*)+")
_OPEN = re.compile(r"\?|\bbatch(?:_size)?\b|없음")
_TIMES = re.compile(r"(?<=[\de])\s*(?:x|×|\*|by)\s*(?=[\dn])")
# What may stand around a shape: its name in a library or in words, and a polite ending.
_AROUND = re.compile(
    r"^(?:shape|tensorshape|torch\.size|(?:출력|결과)?의? ?모양은?|답은?|[1-6][번)])\s*[:=]?\s*(?=[(\[\d])|"
    r"입니다\.?$|와(?=\s*[(\[])"
)

_CALLED = re.compile(
    r"\b(?:no\.?|number|choice|option|(?:the )?answer(?: is)?|i (?:choose|pick|take)|both)\s*:?\s*(?=\(?\d)|"
    r"(?:보기|번호|(?:정)?답(?:은)?)\s*:?\s*(?=\(?\d)"
)
_ORDINALS = {
    place: re.compile(rf"(?:the )?\b{english}\b(?: (?:one|choice|option))?|(?<![가-힣]){korean}")
    for place, (english, korean) in enumerate(
        (
            ("first", "(?:첫 ?번째|첫째)"), ("second", "(?:두 ?번째|둘째)"), ("third", "(?:세 ?번째|셋째)"),
            ("fourth", "(?:네 ?번째|넷째)"), ("fifth", "다섯 ?(?:번)?째"),
        ),
        start=1,
    )
}  # fmt: skip
_PLACE = re.compile(
    r"\(?(\d)(?:\)|번째?|\.)?(?: ?(?:보기|것))?(?:[을를이])?"
    r"(?: ?(?:입니다|이에요|예요|이요|요|골랐습니다|고르겠습니다|선택))?"
)
_BETWEEN = re.compile(
    r"(?:번)?(?:\s+and\s+|\s*(?:,|;|>|→|&|/|\+|-|과|와|이?랑|하고|그리고|및|다음)\s*|\s+(?!보기|것|입니다|선택|고르))"
)


def by_place(text: str) -> list[int]:
    """The places named in a text, from 1; none where it names something else. They have one digit, so "132" is three of them."""
    text = text.casefold()
    for place, words in _ORDINALS.items():
        text = words.sub(str(place), text)
    text = _CALLED.sub("", text).strip("[]{} .。!")
    if re.fullmatch(r"\d+", text):
        return [int(digit) for digit in text]
    found = [_PLACE.fullmatch(part) for part in _BETWEEN.split(text) if part]
    return [int(place[1]) for place in found if place] if all(found) else []


def by_words(choices: Sequence[AskedChoice], text: str) -> list[int]:
    """The places, from 1, of the one choice that is meant; none where it is none, or may be several."""
    # Of values the sign counts, which plain words do not have.
    for meant in (values, phrases.plain, _letters):
        wanted = meant(text)
        same = [
            place
            for place, choice in enumerate(choices, start=1)
            if wanted and wanted in {meant(shown) for shown in choice.words.values()}
        ]
        if len(same) == 1:
            return same
        if wanted and not same and meant is values:
            return []
    return []


def _letters(text: str) -> str:
    """Words without any punctuation; nothing where signs are part of the meaning."""
    text = unicodedata.normalize("NFKC", text).casefold()
    return (
        ""
        if not re.search("[a-z가-힣]", text) or re.search(r"[-−+<>=≤≥]", text)
        else re.sub(r"[\W_]+", "", text)
    )


def values(text: str) -> tuple[float | str, ...]:
    """The values of a shape or list, whatever stands between them: (32, 10), [32, 10], 32×10; () where it is more than that."""
    text = unicodedata.normalize("NFKC", text).casefold().strip("` ").rstrip("` .。")
    text = _AROUND.sub("", _DASHES.sub("-", text).replace("`", "")).strip()
    text = _TIMES.sub(", ", _OPEN.sub("none", text))
    if re.fullmatch(r"-?\d*,\d+", text) and not re.fullmatch(r"-?[1-9]\d*,\d+", text):
        text = text.replace(",", ".")
    if not _ONLY_VALUES.fullmatch(text):
        return ()
    return tuple(_number(value) for value in re.findall(_VALUE, text))


def _number(value: str) -> float | str:
    return value if value[-1].isalpha() else float(value)

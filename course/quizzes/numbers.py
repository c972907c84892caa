"""A number as a person writes it: with a unit, a decimal comma, a power of ten, in LaTeX, politely, as a word, in a sentence."""

from __future__ import annotations

import math
import re
import unicodedata
from collections.abc import Iterable, Iterator

from course.quizzes import number_words

_DASHES = re.compile(r"[−‐‑‒–—﹣－]")
_SUPERSCRIPTS = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹⁻⁺", "0123456789-+")
_POWER = re.compile(r"[⁰¹²³⁴⁵⁶⁷⁸⁹⁻⁺]+")
_VULGAR = re.compile(r"(\d?)([¼-¾⅐-⅞])")
_LATEX = (
    (re.compile(r"\\[dt]?frac\s*\{([^{}]*)\}\s*\{([^{}]*)\}"), r"\1/\2"),
    (re.compile(r"\\[dt]?frac\s*(\d)\s*(\d)"), r"\1/\2"),
    (re.compile(r"\\(?:text|mathrm|mathbf|operatorname)\s*\{([^{}]*)\}"), r"\1"),
    (re.compile(r"\\(?:times|cdot)(?![a-z])"), "×"),
    (re.compile(r"\\(?:approx|simeq|sim)(?![a-z])"), "≈"),
    (re.compile(r"\\div(?![a-z])"), "/"),
    (re.compile(r"\\(?:left|right|quad|displaystyle)(?![a-z])|\\[,;!: ]"), ""),
    (re.compile(r"\{,\}"), ","),
    (re.compile(r"\\([%()\[\]$])"), r"\1"),
    (re.compile(r"[{}]"), ""),
)
_PERCENT = re.compile(r"^\s*[(\[]?\s*(?:%(?!p)|퍼센트|퍼(?![가-힣])|프로(?![가-힣])|percent|per cent|pct)")
_EQUALS = re.compile(r"\s*(?:=|≈|≒|~=|→|⇒|,?\s*(?:즉|곧|i\.e\.)(?![가-힣a-z]))\s*")
_BRACKETED = re.compile(r"^(.*\d[^()]*?)\s*\(([^()]*)\)([^()\d]*)$")
_OUT_OF = re.compile(r"(?<=\d) (?:over|out of|of) (?=\d)")
# Around the number may stand any words but those that make it another one, or two.
_NUMBER_WITHIN = re.compile(
    r"(?P<before>.*?)(?P<number>[+-]?\s*[.,]?\d(?:.*\d)?\)?)(?P<after>\D*)", re.DOTALL
)
_CHANGES = re.compile(
    r"[<>≤≥≠±+\-^*/×÷]|"
    r"\b(?:not|isn't|no(?!\.)|or|more|less|than|least|most|above|below|under|between|to|and|minus|plus|times \d)\b|"
    r"아[니닌님닙]|또는|혹은|이상|이하|미만|초과|넘|보다|부터|까지|에서|사이"
)
_NAMED = re.compile(
    r"^[^\d]*?[a-zα-ω]+[_^]?\d+(?:\s*(?:은|는|이|가|score|점수|값|의)(?![a-z]))*[\s:]+(?=.*\d)"
)
_NEGATIVE = re.compile(r"(?:마이너스|음의|minus|negative)\s*(?=\d|\.\d)")
_TOLERANCE = re.compile(r"(?<=[\d%])\s*±\s*[\d.,]+\s*%?(?=\D*$)")
# Brackets around the number itself, with nothing to multiply before them.
_ALONE = re.compile(r"^([^\d(]*?)(?<![\^*\w])\(([+-]?\s*[\d.,/ ]+)\)(?=[^()]*$)")
_LONGEST = 60

_NUMBER = re.compile(r"[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?")
_TEN = re.compile(r"(?:[x×*·∙⋅]10(?:(?:\^|\*\*)\(?([+-]?\d+)\)?|([+-]\d+)))$")


def readings(line: str, units: Iterable[str] = (), known: str = "") -> list[float]:
    """Every number the line may mean, the likeliest first; none where it means none.

    `units` are the question's own and `known` its text: a percentage is meant as such where they speak of percent.
    """
    asked = " ".join([*units, known]).casefold()
    own = any(word in asked for word in ("%", "percent", "퍼센트"))
    text = _normal(line)
    if text in ("없음", "none"):
        return [0.0]
    found = _meant(text, own)
    return [value for value in dict.fromkeys(found) if math.isfinite(value)]


def _normal(line: str) -> str:
    """The line in lower case and plain signs, LaTeX and number words resolved."""
    line = _POWER.sub(lambda found: "^" + found[0].translate(_SUPERSCRIPTS), line)
    line = _VULGAR.sub(lambda found: f"{found[1]} {found[2]}" if found[1] else found[2], line)
    text = unicodedata.normalize("NFKC", line).replace("⁄", "/").replace("÷", "/")
    for pattern, plain in _LATEX:
        text = pattern.sub(plain, text)
    text = " ".join(_DASHES.sub("-", text).casefold().replace("$", " ").split())
    text = re.sub(r"(?<=\d)_(?=\d{3}(?:\D|$))", "", text)
    text = number_words.in_figures(text)
    text = _OUT_OF.sub("/", _NEGATIVE.sub("-", text))
    text = _TOLERANCE.sub("", text)
    text = text.removesuffix(" or so").strip("*_`\"'“”‘’ ")
    text = text[1:-1] if text[:1] + text[-1:] == "<>" else text
    return _ALONE.sub(r"\1\2", text)


def _meant(text: str, own: bool) -> list[float]:
    """What one line means: a number in a sentence, or several that are the same one."""
    found = _single(text, own)
    if found:
        return found
    bracketed = _BRACKETED.match(text)
    parts = [bracketed[1] + bracketed[3], bracketed[2]] if bracketed else _EQUALS.split(text)
    if len(parts) < 2:
        return []
    values = [_single(part, own) for part in parts if re.search(r"\d", part)]
    if bracketed:
        if not all(values):
            return []
    elif not values or not values[-1]:
        return []  # what stands before the sign may be a formula, or a name
    stated = [found for found in values if found]
    agree = all(any(_near(a, b) for a in stated[-1] for b in other) for other in stated)
    return [value for found in reversed(stated) for value in found] if agree else []


def _near(one: float, other: float) -> bool:
    return math.isclose(one, other, rel_tol=0.01, abs_tol=1e-9)


def _single(text: str, own: bool) -> list[float]:
    """The readings of a text with one number in it, and words that leave it the number it is."""
    text = _NAMED.sub("", text)
    parts = _NUMBER_WITHIN.fullmatch(text.strip())
    if parts is None:
        return []
    before, number, after = parts["before"], parts["number"], parts["after"]
    if number.endswith(")") and "(" not in number:
        number, after = number[:-1], ")" + after
    if _CHANGES.search(before) or _CHANGES.search(after) or len(before) + len(after) > _LONGEST:
        return []
    if re.match(r"[a-zα-ω](?![a-z])", after) or (re.search(r"[.,]$", before) and not number[0].isspace()):
        return []  # 1e is no number, and neither is 0..5
    found = [value for plain in _separated(number.strip()) if (value := _value(plain)) is not None]
    if _PERCENT.match(after):
        # 89.8% is 0.898, unless the question counts in percent.
        found = [v for value in found for v in ((value, value / 100) if own else (value / 100,))]
    return found


def _separated(text: str) -> Iterator[str]:
    """The text with a point for decimals and nothing between thousands, in each way its separators can be meant."""
    text = re.sub(r"(?<=\d)['’](?=\d{3}(?:\D|$))", "", text)
    text = re.sub(r"(?<=\d) (?=\d{3}(?:\D|$))", "", text)
    mixed = re.fullmatch(r"([+-]?\d+) (\d+/\d+)", text)
    if mixed:
        yield f"{mixed[1]}+{mixed[2]}"
        return
    text = re.sub(r"(?<!\d) | (?!\d)", "", text)  # two figures stay two
    thousands = re.compile(r"(?<![\d.,])[1-9]\d{0,2}(?:,\d{3})+(?![\d,])")
    if "," not in text:
        yield text
        if re.fullmatch(r"[+-]?[1-9]\d{0,2}(?:\.\d{3}){2,}", text):  # 1.234.567
            yield text.replace(".", "")
        return
    whole = thousands.sub(lambda found: found[0].replace(",", ""), text)
    if "," not in whole:
        yield whole
    if text.count(",") == 1 and re.search(r"(?:\d|^[+-]?),\d", text):
        before, after = text.split(",")
        if "." not in after and not re.search(r"\.\d{1,2}$", before):
            yield f"{before.replace('.', '')}.{after}"


def _value(text: str) -> float | None:
    mixed = re.fullmatch(r"([+-]?\d+)\+(\d+)/(\d+)", text)
    if mixed:
        whole, above, below = (int(part) for part in mixed.groups())
        return (whole + math.copysign(above / below, whole)) if below else None
    numerator, slash, denominator = text.partition("/")
    left = _factor(numerator)
    right = _factor(denominator) if slash else 1.0
    return left / right if left is not None and right else None


def _factor(text: str) -> float | None:
    power = _TEN.search(text)
    plain = text[: power.start()] if power else text
    exponent = int(power[1] or power[2]) if power else 0
    if bare := re.fullmatch(r"([+-]?)10(?:\^|\*\*)\(?([+-]?\d{1,3})\)?", text):
        plain, exponent = f"{bare[1]}1", int(bare[2])
    if len(plain) > 60 or not _NUMBER.fullmatch(plain) or abs(exponent) > 300:
        return None
    # Read as one decimal figure: 7.5 times 0.1 would not be 0.75.
    return float(f"{plain}e{exponent}") if "e" not in plain else float(plain) * 10.0**exponent

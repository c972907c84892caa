"""Numbers written as words, put in figures: 이백이십육, 스물다섯, 4분의 3, 10만, three quarters, twenty-five."""

from __future__ import annotations

import re
from fractions import Fraction

_SINO = {syllable: value for value, syllable in enumerate("영일이삼사오육칠팔구")} | {"공": 0}
_SMALL = {"십": 10, "백": 100, "천": 1000}
_LARGE = {"만": 10**4, "억": 10**8}
_TENS = {
    "열": 10, "스물": 20, "스무": 20, "서른": 30, "마흔": 40, "쉰": 50, "예순": 60, "일흔": 70, "여든": 80, "아흔": 90,
}  # fmt: skip
_ONES = {
    "하나": 1, "한": 1, "둘": 2, "두": 2, "셋": 3, "세": 3, "넷": 4, "네": 4, "다섯": 5, "여섯": 6, "일곱": 7, "여덟": 8,
    "아홉": 9,
}  # fmt: skip
COUNTERS = (
    "퍼센트", "프로", "개", "가지", "번째", "번", "행", "회", "명", "장", "배", "열", "칸", "초", "분", "시점", "스텝", "층",
    "줄", "단계", "픽셀", "바이트", "비트", "에포크", "이터레이션", "유닛", "그루", "점", "쪽", "년", "쌍",
)  # fmt: skip
_POLITE = r"입니다|이에요|예요|이요|이다|임|요|쯤|정도"

_SYLLABLES = r"[영공일이삼사오육칠팔구십백천만억]+"
_KOREAN = rf"{_SYLLABLES}(?:(?<=[백천만억]) {_SYLLABLES})*"
_NATIVE = rf"(?:{'|'.join(_TENS)})?(?:{'|'.join(_ONES)})|(?:{'|'.join(_TENS)})"
_NUMBER = rf"(?:{_KOREAN}(?:{_NATIVE})?|{_NATIVE})"
_PART = re.compile(rf"({_NUMBER}) ?분의 ?({_NUMBER})")
_POINT = re.compile(rf"({_KOREAN}) ?(?:점|쩜) ?({_KOREAN})")
_TOKEN = re.compile(rf"(?<![가-힣])({_NUMBER})(?=$|[^가-힣]|(?:{'|'.join(COUNTERS)}|{_POLITE}))")
_FIGURES = re.compile(r"(?<![\d.,])([+-]?)((?:\d[\d,]*(?:\.\d+)?\s*[억만천백]\s*)+)(\d[\d,]*)?(?![\d.,])")
_OF = re.compile(r"([+-]?)(\d+) ?분의 ?(\d+)")

_ENGLISH = {
    word: place * value
    for words, first, place in (
        ("zero one two three four five six seven eight nine ten eleven twelve", 0, 1),
        ("thirteen fourteen fifteen sixteen seventeen eighteen nineteen", 13, 1),
        ("twenty thirty forty fifty sixty seventy eighty ninety", 2, 10),
    )
    for value, word in enumerate(words.split(), start=first)
}
_SCALES = {"hundred": 100, "thousand": 1000, "million": 10**6, "billion": 10**9}
_SHARES = {
    "half": 2, "halve": 2, "third": 3, "quarter": 4, "fourth": 4, "fifth": 5, "sixth": 6, "seventh": 7, "eighth": 8, "ninth": 9,
    "tenth": 10, "hundredth": 100, "thousandth": 1000,
}  # fmt: skip
_SCALED = re.compile(r"(\d[\d,.]*) ?(hundred|thousand|million|billion|k)(?![a-z])")


def in_figures(text: str) -> str:
    """The text, in lower case, with figures for its number words where no figure stands, and for scales behind figures."""
    if re.search(r"\d", text):
        text = _OF.sub(r"\1\3/\2", text)
        text = _FIGURES.sub(_mixed, text)
        text = _SCALED.sub(lambda found: _shown(_decimal(found[1]) * ({"k": 1000} | _SCALES)[found[2]]), text)
        return _with_half(text)
    text = _PART.sub(lambda found: f"{_korean(found[2])}/{_korean(found[1])}", text)
    text = _POINT.sub(lambda found: f"{_korean(found[1])}.{''.join(map(_digit, found[2]))}", text)
    text = _TOKEN.sub(lambda found: str(_korean(found[1])), text)
    return text if re.search(r"\d", text) else _english(text)


def _digit(syllable: str) -> str:
    return str(_SINO.get(syllable, ""))


def _korean(word: str) -> int:
    word = word.replace(" ", "")
    native = re.search(rf"(?:{_NATIVE})$", word)
    tail = 0
    if native:
        word = word[: native.start()]
        tens = next((name for name in _TENS if native[0].startswith(name)), "")
        tail = _TENS.get(tens, 0) + _ONES.get(native[0][len(tens) :], 0)
    if word and not set(word) & {*_SMALL, *_LARGE}:
        return int("".join(map(_digit, word)) or 0) + tail
    total = group = figure = 0
    for syllable in word:
        if syllable in _SMALL:
            group += (figure or 1) * _SMALL[syllable]
            figure = 0
        elif syllable in _LARGE:
            total += ((group + figure) or 1) * _LARGE[syllable]
            group = figure = 0
        else:
            figure = _SINO[syllable]
    return total + group + figure + tail


def _mixed(found: re.Match[str]) -> str:
    """10만, 1천 432, 12만 9,880: figures with Korean scales, added up."""
    value, before = Fraction(0), Fraction(0)
    for figure, scale in re.findall(r"(\d[\d,]*(?:\.\d+)?)\s*([억만천백])", found[2]):
        part = _decimal(figure) * (_LARGE | _SMALL)[scale]
        if scale in _LARGE:
            value, before = value + before * _LARGE[scale] + part, Fraction(0)
        else:
            before += part
    return f"{found[1]}{_shown(value + before + _decimal(found[3] or '0'))}"


def _decimal(figure: str) -> Fraction:
    figure = figure.replace(",", "").rstrip(".")
    return Fraction(figure) if re.fullmatch(r"\d+(?:\.\d+)?", figure) else Fraction(0)


def _shown(value: Fraction) -> str:
    return str(value.numerator) if value.denominator == 1 else str(float(value))


def _with_half(text: str) -> str:
    """1 and a half."""
    return re.sub(r"(\d) and (?:a|one|1) half\b", r"\1 1/2", text)


def _english(text: str) -> str:
    """The text with its one run of English number words in figures."""
    words = re.findall(r"[a-z]+|[^a-z]+", re.sub(r"(?<=[a-z])-(?=[a-z])", " ", text))
    names = [word for word in words if word.strip()]
    places = [place for place, word in enumerate(names) if _counts(word) or _share(word)]
    if not places:
        return text
    first, last = places[0], places[-1]
    if first and names[first - 1] in ("a", "an") and (_share(names[first]) or names[first] in _SCALES):
        first -= 1
    run = names[first : last + 1]
    value = _run(run)
    if value is None:
        return text
    return " ".join([*names[:first], value, *names[last + 1 :]])


def _counts(word: str) -> bool:
    return word in _ENGLISH or word in _SCALES or word == "dozen"


def _share(word: str) -> int:
    return _SHARES.get(word, 0) or _SHARES.get(word.removesuffix("s"), 0)


def _run(words: list[str]) -> str | None:
    """A run of number words as figures: 25, 3/4, 0.75, 1 1/2."""
    if "point" in words:
        place = words.index("point")
        whole, parts = _run(words[:place]), words[place + 1 :]
        if whole is None or not all(_ENGLISH.get(word, 10) < 10 for word in parts):
            return None
        return f"{whole}.{''.join(str(_ENGLISH[word]) for word in parts)}"
    if below := _share(words[-1]):
        above, whole = words[:-1], ""
        if "and" in above:
            place = above.index("and")
            whole, above = _run(above[:place]) or "", above[place + 1 :]
        count = "1" if above in ([], ["a"], ["an"]) else _run(above)
        return None if count is None else f"{whole} {count}/{below}".strip()
    total = group = 0
    for word in words:
        if word in ("and", "a", "an"):
            continue
        if word not in _ENGLISH and not _counts(word):
            return None
        if word == "dozen":
            group = (group or 1) * 12
        elif word == "hundred":
            group = (group or 1) * 100
        elif word in _SCALES:
            total, group = total + (group or 1) * _SCALES[word], 0
        else:
            group += _ENGLISH[word]
    return str(total + group)

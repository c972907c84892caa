"""Korean particles that cannot follow the word, figure or abbreviation before them, found without a dictionary.

A particle has two forms, one after a consonant and one after a vowel. A syllable shows how it ends; a figure and an
abbreviation of capital letters end as their last sign is read.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Iterable, Iterator

_AFTER_CONSONANT = ("은", "이", "을", "과", "으로")
_ANY = r"은|는|이|가|을|를|과|와|으로|로"
_END = r"(?![가-힣])"

# How the Sino-Korean reading of a last digit ends; ten and above end in a consonant.
_DIGITS = {"0": "consonant", "1": "l", "2": "vowel", "3": "consonant", "4": "vowel", "5": "vowel", "6": "consonant",
           "7": "l", "8": "l", "9": "vowel"}  # fmt: skip
_LETTERS = {"L": "l", "M": "consonant", "N": "consonant", "R": "l"}
_READ_AS_WORDS = {"ZIP": "consonant"}

_FIGURE = re.compile(rf"(?<![A-Za-z_])\d*(\d)`?({_ANY}){_END}")
_CAPITALS = re.compile(rf"(?<![A-Za-z_])([A-Z]{{2,5}})({_ANY}){_END}")
# Behind a bracket or a quotation mark stands nothing but a particle, which goes with the word before the bracket.
_APART = re.compile(rf"([가-힣])(?:[\"”’']|\*{{0,2}}\([^()\n]*\)\*{{0,2}})+({_ANY}){_END}")
_WORD = re.compile(rf"([가-힣]*)([가-힣])({_ANY}){_END}")

# Words, and verbs of which only the whole form is one, that end like a word with the wrong particle.
_ENDINGS = {
    "과": ("효과", "사과", "초과", "여과", "투과", "치과", "내과", "외과", "이과"),
    "가": ("평가", "증가", "등가", "물가", "작가", "불가", "국가", "정가", "종가", "상가", "첨가", "감가"),
    "로": ("경로", "통로", "진로", "항로", "절로", "활로"),
}
_WHOLE = {
    "을": ("가을", "마을", "노을", "고을", "나을", "이을", "지을", "그을", "부을", "저을"),
    "은": ("나은", "이은", "지은", "그은", "부은", "저은", "모은"),
}


def problems(text: str, nouns: Iterable[str] = ()) -> Iterator[tuple[str, re.Match[str]]]:
    """What does not agree, with its place. Behind `nouns` every particle is judged, else those that end no other word."""
    for found in _FIGURE.finditer(text):
        if not _fits(_DIGITS[found[1]], found[2]):
            yield "the figure", found
    for found in _CAPITALS.finditer(text):
        if not _fits(_READ_AS_WORDS.get(found[1]) or _LETTERS.get(found[1][-1], "vowel"), found[2]):
            yield "the abbreviation", found
    for found in _APART.finditer(text):
        if not _fits(_ends(found[1]), found[2]):
            yield "the word before the bracket", found
    for found in _WORD.finditer(text):
        if not _fits(_ends(found[2]), found[3]) and _certain(found[1] + found[2], found[3], _nouns(nouns)):
            yield "the word", found


def _fits(ends: str, particle: str) -> bool:
    if particle in ("으로", "로"):
        return (particle == "으로") == (ends == "consonant")
    return (particle in _AFTER_CONSONANT) == (ends != "vowel")


def _ends(syllable: str) -> str:
    final = (ord(syllable) - ord("가")) % 28
    return {0: "vowel", 8: "l"}.get(final, "consonant")


def _certain(word: str, particle: str, nouns: re.Pattern[str]) -> bool:
    """Whether this is a particle behind a word, and not the end of another word."""
    if nouns.search(word):
        return True
    if particle in ("는", "이") or (particle == "가" and (ord(word[-1]) - ord("가")) % 28 == 4):
        return False  # verbs, adverbs and -ㄴ가 end so
    whole = word + particle
    return whole not in _WHOLE.get(particle, ()) and not whole.endswith(_ENDINGS.get(particle, ()))


@functools.cache
def _compiled(nouns: tuple[str, ...]) -> re.Pattern[str]:
    return re.compile("(?:" + "|".join(map(re.escape, nouns)) + ")$" if nouns else "(?!)")


def _nouns(nouns: Iterable[str]) -> re.Pattern[str]:
    return _compiled(tuple(nouns))

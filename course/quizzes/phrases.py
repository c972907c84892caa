"""A short text as a person writes it: what does not count is taken away, and a(b) says the same thing twice."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

_SEPARATORS = re.compile(r"[\s\-‐‑‒–—−_·]+")
_AROUND = "\"'“”‘’`*「」『』<>.,;:!?。 \t$"
_BEFORE = re.compile(
    r"^(?:(?:the )?(?:answer|term|word|name)(?: is|:)?|(?:it|this|that)(?:'s| is)(?: called)?|called|"
    r"(?:we|you|people) calls? (?:it|this|that)|i think(?: that)?|"
    r"(?:정)?답(?:은|:)?|용어는|이것은|이것을|그것은|그것을|이를|바로|the|a|an)\s+"
    r"|^(?:정)?답\s*[:=]\s*|^[=:]\s*"
)
_POLITE = re.compile(
    r"\s*(?:(?:이)?라고? ?(?:합니다|한다|해요|하죠|하지요|함|부릅니다|부른다|불러요|부르죠|생각합니다|생각해요)|"
    r"(?:이)?라는 (?:값|것|말|용어)|입니다만?|이에요|예요|이요|임|이?죠|이?지요|이?네요|이?군요|이다|"
    r"인 ?듯(?:합니다|해요)?|인 ?것 ?같(?:습니다|아요|다|음)|맞(?:죠|나요|습니다)|요)$"
)
_LATEX = re.compile(r"\\(?:text|mathrm|textit|textbf)\s*\{([^{}]*)\}")
# Between a word and its translation: a sign, or nothing where the script changes.
_PARTS = re.compile(
    r"\s*[/,:=|]\s*(?:or |또는 |즉 )?|\s+-\s+|(?<=[가-힣])\s+(?=[a-z])|(?<=[a-z])\s+(?=[가-힣])",
    re.IGNORECASE,
)
_BRACKETS = re.compile(r"\s*[(\[（](.+?)[)\]）]\s*")
_SPELLINGS = (
    (re.compile("률"), "율"),
    (re.compile("곗(?=값|점|치)"), "계"),
    (re.compile("댓(?=값)"), "대"),
    (re.compile("솟(?=값)"), "소"),
    (re.compile("깃(?=값)"), "기"),
    (re.compile("푯(?=값)"), "표"),
    (re.compile(r"(?<=k)겹"), "폴드"),
    (re.compile(r"is(?=ation|ed\b|es?\b|ing\b)"), "iz"),
)


def plain(text: str) -> str:
    """A short text without what does not count.

    Case, spaces, hyphens, quotes, punctuation at the ends, articles, polite endings, the Unicode form, and spellings that
    differ only by custom.
    """
    text = _LATEX.sub(r"\1", unicodedata.normalize("NFKC", text))
    text = " ".join(text.casefold().split()).strip(_AROUND)
    before = ""
    while before != text:
        before = text
        shorter = _POLITE.sub("", _BEFORE.sub("", text)).strip(_AROUND)
        text = shorter or text
    text = _SEPARATORS.sub("", text)
    for pattern, usual in _SPELLINGS:
        text = pattern.sub(usual, text)
    return text


def same(answer: str, accepted: Iterable[str], terms: Iterable[str] = ()) -> bool:
    """Whether an answer is one of the accepted forms, alone or beside its translation: a(b), a/b, "a, b".

    `terms` are words of the field: a translation that is another of them contradicts the answer.
    """
    forms = {plain(form) for form in accepted}

    def fits(text: str) -> bool:
        word = plain(text)
        if not word:
            return False
        singular = {word, re.sub(r"(?<=[a-z]{3})s$", "", word), re.sub(r"(?<=[a-z]{3})es$", "", word)}
        return bool(singular & forms) or any(
            form.endswith("s") and word == form[:-1] for form in forms if len(form) > 3
        )

    text = unicodedata.normalize("NFKC", answer)
    if fits(text):
        return True
    found = _BRACKETS.search(text)
    if found is not None:
        inner, outer = found[1], _BRACKETS.sub(" ", text).strip()
        if fits(f"{outer[: found.start()]} {inner} {outer[found.start() :]}"):
            return True
        parts = [part for part in (outer, inner) if plain(part)]
    else:
        parts = [part for part in _PARTS.split(text) if plain(part)]
    if len(parts) == 1:
        return fits(parts[0])
    right = [fits(part) for part in parts]
    # Two words of one language are two answers; a word and its translation are one.
    if len({_hangul(part) for part in parts}) == 1 or len(parts) > 2:
        return all(right)
    known = {plain(term) for term in terms} - forms
    return any(right) and not any(plain(part) in known for part in parts)


def _hangul(text: str) -> bool:
    return bool(re.search("[가-힣]", text))

"""What an editor would mark in a text, found without one: words the glossary avoids, and slips of both languages.

Each check stands for a kind of slip: particles that cannot agree with what is drawn, blanks that a source's line break leaves
inside a Korean word, figures torn from their unit, English no one speaks, references to a lecture the reader may not have.
"""

from __future__ import annotations

import ast
import functools
import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from course.content import glossary
from course.content.glossary import Term
from course.dev import particles
from course.quizzes import bank, lint

_FENCE = re.compile(r"^ *```.*?^ *```", re.MULTILINE | re.DOTALL)
_CODE = re.compile(r"`[^`\n]*(?:\n[^`\n]*)?`")
_MATH = re.compile(r"\$\$.*?\$\$|\$[^$]*\$", re.DOTALL)

_VARYING = r"(?:은|는|이|가|을|를|과|와|으로|로)(?![가-힣])"
_BOTH_FORMS = r"(?:은\(는\)|는\(은\)|이\(가\)|가\(이\)|을\(를\)|를\(을\)|과\(와\)|와\(과\)|\(으\)로|\(이\)라)"
_AFTER_DRAWN = re.compile(rf"\{{[a-z_!]+\}}[`\"”']*(?:{_VARYING}|{_BOTH_FORMS})")
_AFTER_FRACTION = re.compile(rf"\d/\d+{_VARYING}")
_UNIT_WORDS = ("행", "열", "개", "번", "명", "장", "픽셀", "비트", "에포크", "배", "회", "점", "분", "초", "년", "가지",
               "이터레이션", "스텝", "시점", "쪽", "그루", "킬로미터")  # fmt: skip
_UNITS = rf"(?:{'|'.join(_UNIT_WORDS)})"
_TORN = re.compile(
    rf"\d (?!쪽(?:으로|에|이|은|의))"  # towards a number is no count of pages
    rf"(?:%|퍼센트|{_UNITS}(?![가-힣])|{_UNITS}(?:{_VARYING}|면|이면|마다|만|까지|부터|쯤|짜리|동안|의|에서|에)(?![가-힣]))"
)
# In an English template, a number and what is counted. What looks like a plural may be a verb, an adverb, or Matplotlib's axes.
_COUNTED = re.compile(r"\{([a-z_]+)\} (?:(?:more|different|whole|other|missing) )?([a-z]{2,}[^su\W]s)\b")
_NO_PLURALS = frozenset({
    "adds", "afterwards", "asks", "axes", "becomes", "calls", "comes", "does", "ends", "gives", "goes", "holds", "lacks", "leads",
    "lies", "makes", "means", "needs", "says", "seems", "stands", "switches", "takes", "times", "uses",
})  # fmt: skip
_LINE_BREAK = re.compile(r"(?<=\S) *\n *(?=\S)")
# Before a row of a matrix stands a blank or a sign, never the name of a command.
_DOUBLED = re.compile(r"\\\\[a-z]{3,}")
_BRACKET = re.compile(r"[가-힣*] \([A-Za-z]{3,}(?:[ \-][A-Za-z]+)*\)")
_BROKEN = re.compile(
    r"[)*`$][ ]*\n *(?:입니다|이고|이며|이므로|이라고|라고|은|는|이|가|을|를|의|에|와|과|로|으로|도|만)(?![가-힣])"
)
_BROKEN_BRACKET = re.compile(r"[가-힣*`]\n *\([A-Za-z][A-Za-z \-]*\)")
_BOLD = re.compile(r"\)\*\*[가-힣]")
_ASKED = re.compile(r"(?:습니까|ㅂ니까|[입합됩킵집깁립칩]니까)\?")
_LECTURE = {
    "en": re.compile(
        r"\blecture(?:'s)?\b[^.;:]{0,30}\b(?:listing|script|comment|picture|figure|slide|drawing|page|handout|remark)s?\b"
        r"|\bthe lecture (?:quotes|draws|shows|prints|remarks|names|mentions|says|claims|reports)\b",
        re.IGNORECASE,
    ),
    "ko": re.compile(
        r"강의(?:의|에서)? ?(?:코드|주석|그림|목록|자료|슬라이드|유인물|설명)"
        r"|강의에서 ?(?:인용한|그린|보인|말한|소개한|출력한)"
    ),
}
# A course's own texts have no lecture to point to at all.
_ANY_LECTURE = {
    "en": re.compile(r"\bthe lecture(?:'s)?\b", re.IGNORECASE),
    "ko": re.compile(r"(?<!일부 )강의(?:의|에서|처럼|대로|와 (?:같|똑같))"),
}
_SECTIONS = ("Args:", "Returns:", "Yields:", "Raises:")
_UNENGLISH = re.compile(
    r"\bHow (?:many|much)(?: [a-z]+)* (?:has|have) (?:`|(?:a|an|the|this|that|it|each|such|[A-Z])\b)"
    r"|\bWhich [a-z ]+ (?:has|have) [A-Z]\b|\b(?:has|have) which [a-z]+"
    r"|\btrainings\b|\bcan have (?:drawn|made|been)\b|\bAgainst \w+ helps?\b"
    r"|\bbelongs? into\b|\b(?:predict|answer|classif|judge|recogni[sz]e)\w* rightly\b|\bmake of it\b"
    r"|\b(?:informations|datas|researches|softwares)\b|\bdepends? from\b|\bconsists? in of\b|\bthe same like\b"
    r"|\bfor what\b[^.?]*\bgood\?|\bHow (?:is|are) [^?]{1,60} called\?",
    re.IGNORECASE,
)
# Of what is abbreviated in Latin letters, in any language, also behind a value that is filled in.
_JOINED = re.compile(r"[\d}](?:[kKMGT]B|ms|kg|[ckm]m|Hz)(?![A-Za-z])")
_PERCENT = re.compile(r"\d %(?!\w)(?! ?\d)")


def problems(text: str, code: str, terms: list[Term], *, prose: bool = False) -> Iterator[str]:
    """What is to be mended in a text of one language. `prose` is an exercise's: its questions are not put to the reader."""
    bare = _MATH.sub("¤", _FENCE.sub("", text)) if prose else text
    # A reader sees a blank where the source has a line break.
    read = _LINE_BREAK.sub(" ", bare)
    plain = _CODE.sub("`x`", read)
    if _DOUBLED.search(text):
        yield f"two backslashes before a command are a line break and the command's name: {_found(_DOUBLED, text)}"
    for spoken in [_ANY_LECTURE, _LECTURE] if prose else [_LECTURE]:
        if code in spoken and spoken[code].search(read):
            yield f"refers to what only the lecture shows: {_found(spoken[code], read)}"
            break
    yield from _terms(plain, read, code, terms)
    if _JOINED.search(plain):
        yield f"a blank belongs between figure and unit: {_found(_JOINED, plain)}"
    if code == "ko":
        yield from _korean(
            bare, _nouns(tuple(term.words["ko"] for term in terms if "ko" in term.words)), prose=prose
        )
    elif code == "en":
        for pattern in (_UNENGLISH, _PERCENT):
            if pattern.search(plain):
                yield f"no English: {_found(pattern, plain)}"


@functools.cache
def _nouns(words: tuple[str, ...]) -> tuple[str, ...]:
    """The last words of the glossary's terms, and units: behind them every particle can be judged."""
    last = {re.sub(r" ?\(.*\)", "", word).split()[-1] for word in (*words, *_UNIT_WORDS)}
    return tuple(sorted({word for word in last if len(word) > 1 and re.fullmatch("[가-힣]+", word)}))


def _korean(text: str, nouns: tuple[str, ...], *, prose: bool) -> Iterator[str]:
    for pattern, what in (
        (_AFTER_DRAWN, "a particle after what is drawn: put a noun between"),
        (_AFTER_FRACTION, "a particle after a fraction: put a noun between"),
        (_TORN, "a blank between figure and unit"),
        (_BRACKET, "a blank before the term in brackets"),
        (_BOLD, "bold that ends in a bracket is not shown as bold before Korean"),
    ):
        if pattern.search(text):
            yield f"{what}: {_found(pattern, text)}"
    for what, found in particles.problems(text, nouns):
        yield f"the particle does not agree with {what}: {_around(text, found)}"
    if prose:
        for pattern in (_BROKEN, _BROKEN_BRACKET):
            if pattern.search(text):
                yield f"the line break becomes a blank inside a word: {_found(pattern, text)}"
        if _ASKED.search(text):
            yield f"a question of the text itself ends in -ㄹ까요: {_found(_ASKED, text)}"


def _terms(plain: str, bare: str, code: str, terms: list[Term]) -> Iterator[str]:
    for term in terms:
        words, uses = _patterns(term.avoid.get(code, ()), term.wrong.get(code, ()), code)
        # A word inside code is a name; a use may show by the code that follows it.
        for text, patterns in ((plain, words), (bare, uses)):
            for pattern in patterns:
                if found := pattern.search(text):
                    yield f"the glossary says {term.words[code]!r}: {_around(text, found)}"


@functools.cache
def _patterns(
    avoid: tuple[str, ...], wrong: tuple[str, ...], code: str
) -> tuple[list[re.Pattern[str]], list[re.Pattern[str]]]:
    before = r"(?<![가-힣])" if code == "ko" else r"(?<![\w'])"
    after = "" if code == "ko" else r"(?:s|es)?(?![\w'])"
    words = [re.compile(before + re.escape(word) + after, re.IGNORECASE) for word in avoid]
    return words, [re.compile(pattern) for pattern in wrong]


def of_markdown(path: Path, code: str, terms: list[Term]) -> list[str]:
    """The problems of an exercise's text, each with its file."""
    source = path.read_text(encoding="utf-8")
    head, _, tests = source.partition("\n## Tests")
    found = [*problems(head, code, terms, prose=True)]
    found += [problem for line in tests.split("\n") for problem in problems(line, code, terms, prose=True)]
    return [f"{path}: {problem}" for problem in dict.fromkeys(found)]


def of_docstrings(path: Path, languages: Sequence[str], terms: list[Term]) -> list[str]:
    """The problems of a solution's docstrings: their words, and that the summary and each entry below Args are in Korean as well.

    They are read in a course that is held to Korean; a Korean line is told by its letters.
    """
    if "ko" not in languages:
        return []
    found: list[str] = []
    tree = ast.parse(path.read_text(encoding="utf-8"))
    for node in tree.body:
        text = ast.get_docstring(node) if isinstance(node, ast.FunctionDef) else None
        if text is None or not isinstance(node, ast.FunctionDef) or node.name.startswith("_"):
            continue
        head = re.split(rf"^(?:{'|'.join(_SECTIONS)})$", text, maxsplit=1, flags=re.MULTILINE)[0]
        found.extend(
            f"{path}:{node.lineno}: {node.name}: in English only: {' '.join(entry.split())!r}"
            for entry in (head, *entries(text))
            if not re.search("[가-힣]", entry)
        )
        korean = "\n".join(line for line in text.split("\n") if re.search("[가-힣]", line))
        found.extend(
            f"{path}:{node.lineno}: {node.name}: {problem}" for problem in problems(korean, "ko", terms)
        )
    return found


def entries(docstring: str) -> list[str]:
    """The entries below Args and Raises, one an argument or exception, and below Returns and Yields, one in all."""
    found: list[str] = []
    section, depth = "", 0
    for line in docstring.split("\n"):
        indent = len(line) - len(line.lstrip())
        if not line.strip():
            continue
        if indent == 0:
            section, depth = line.strip().rstrip(":") if line.strip() in _SECTIONS else "", 0
        elif section and (depth == 0 or (indent == depth and section in ("Args", "Raises"))):
            depth = indent
            found.append(line)
        elif section:
            found[-1] += "\n" + line
    return found


def of_questions(day: str, folder: Path | None = None) -> list[str]:
    """The problems of a day's questions, each with file, line and question."""
    path, terms = bank.source(day, folder), glossary.load(folder)
    return [
        f"{bank.written(path, question.id)}: {place}: {code}: {problem}"
        for question in bank.read(day, folder)[0]
        for place, words in lint.texts(question)
        for code, text in words.items()
        for problem in problems(text, code, terms)
    ]


def _found(pattern: re.Pattern[str], text: str) -> str:
    found = pattern.search(text)
    assert found is not None
    return _around(text, found)


def _around(text: str, found: re.Match[str]) -> str:
    return repr(" ".join(text[max(0, found.start() - 18) : found.end() + 12].split()))


def miscounted(template: str, values: Mapping[str, object]) -> str | None:
    """What an English text says of a single thing as of several, such as "1 rows" (see course.language.fill)."""
    for name, word in _COUNTED.findall(template):
        if str(values.get(name)) == "1" and word not in _NO_PLURALS:
            return f"1 {word}"
    return None

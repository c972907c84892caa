"""What lets a question be answered without knowing it, what makes it ambiguous, and code that would not run as shown."""

from __future__ import annotations

import ast
import builtins
import math
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

from course.language import Words
from course.learner.store.asked import Asked
from course.quizzes import draw, judge, phrases
from course.quizzes.bank import Topic
from course.quizzes.errors import DrawError
from course.quizzes.question import (
    ChoiceQuestion,
    NumericQuestion,
    Question,
    TextQuestion,
    TrueFalseQuestion,
)

_DRAWS = 12
_LEAST = 20  # questions, before a share says anything
_SHORT_SHARE = 0.34  # of the single choices may have the right one as the shortest; chance is 0.25
_TWO_SHORTEST = 0.62  # or among the two shortest; chance is 0.5
_SIMILAR = 0.69

_REASON = {
    "en": re.compile(r"\b(?:because|since|so that|in order to)\b|, (?:as|so)\b", re.IGNORECASE),
    "ko": re.compile(r"때문|므로"),
}
_HEDGES = re.compile(
    r"\b(?:hardly|may|might|usually|often|sometimes|perhaps|mostly|in general|not always|tends? to)\b"
)
_ABSOLUTES = re.compile(r"\b(?:always|never|cannot|impossible|under no|in every case|completely)\b")
_FORMATS = {"code": re.compile(r"`"), "an equation": re.compile(r"\$"), "a bracket": re.compile(r"\(")}
_PRECISION = {
    "en": re.compile(
        r"decimal|significant|rounded|nearest|fraction|whole|exact|percent|%|digit", re.IGNORECASE
    ),
    "ko": re.compile(r"소수|유효숫자|반올림|분수|정수|정확|퍼센트|%|자리"),
}
_DECIMALS = {
    "one": 1,
    "two": 2,
    "three": 3,
    "four": 4,
    "첫째": 1,
    "둘째": 2,
    "셋째": 3,
    "넷째": 4,
    "한": 1,
    "두": 2,
}


def one(question: Question, topics: dict[str, Topic]) -> Iterator[str]:
    """The problems of a single question."""
    if question.topic in topics:
        yield from _heading(question, topics[question.topic].titles)
    if isinstance(question, ChoiceQuestion) and question.kind != "multiple":
        yield from _odd_one_out(question)
    if isinstance(question, NumericQuestion):
        yield from _precision(question)
    if question.code:
        yield from _program(question)


def bank(questions: Sequence[Question]) -> Iterator[tuple[Question | None, str]]:
    """The problems of all questions together, each with the question it is about where it is about one."""
    yield from ((None, problem) for problem in (*_lengths(questions), *_tone(questions)))
    yield from _alike(questions)


def _heading(question: Question, titles: Words) -> Iterator[str]:
    """The topic's title stands above the question."""
    for code, title in titles.items():
        head = phrases.plain(title)
        if isinstance(question, TextQuestion):
            for form in question.accept.get(code, ()):
                if len(phrases.plain(form)) > 2 and phrases.plain(form) in head:
                    yield f"{code}: the topic's title {title!r} gives {form!r} away"
                    break
        elif (
            isinstance(question, ChoiceQuestion)
            and question.kind == "single"
            and all(c.words for c in question.choices)
        ):
            holds = [head in phrases.plain(choice.words[code]) for choice in question.choices]
            if sum(holds) == 1 and question.choices[holds.index(True)].correct:
                yield f"{code}: only the right choice names the topic, {title!r}"


def _odd_one_out(question: ChoiceQuestion) -> Iterator[str]:
    """The right choice is the only one of its make, or all others are of another."""
    if not all(choice.words for choice in question.choices) or len(question.choices) < 3:
        return
    for code in question.text:
        marks = ({"a reason": _REASON[code]} if code in _REASON else {}) | (
            _FORMATS if question.kind == "single" else {}
        )
        for what, pattern in marks.items():
            right = next(bool(pattern.search(c.words[code])) for c in question.choices if c.correct)
            wrong = [bool(pattern.search(c.words[code])) for c in question.choices if not c.correct]
            if right and not any(wrong):
                yield f"{code}: only the right choice has {what}"
            if not right and all(wrong) and len(wrong) > 2:
                yield f"{code}: every choice but the right one has {what}"


def _precision(question: NumericQuestion) -> Iterator[str]:
    """How exactly to answer is said, an answer as exact as that is right, and no mistake becomes right by rounding so."""
    for seed in range(_DRAWS):
        try:
            asked = draw.ask(question, seed)
        except DrawError:
            return
        assert isinstance(asked.key, int | float)
        if float(asked.key).is_integer() or _short(asked.key):
            continue
        vague = [
            code
            for code, text in question.text.items()
            if code in _PRECISION and not _PRECISION[code].search(text)
        ]
        if vague:
            yield f"{', '.join(vague)}: does not say how exactly to answer (the answer may be {asked.key:.6g})"
        yield from _rounding(asked)
        return


def _short(value: float) -> bool:
    """Whether a number has at most two decimals by itself."""
    return math.isclose(value, round(value, 2), rel_tol=0, abs_tol=1e-12)


def _rounding(asked: Asked) -> Iterator[str]:
    assert isinstance(asked.key, int | float)
    for text in asked.text.values():
        found = re.search(r"(one|two|three|four) decimals?|소수 (첫째|둘째|셋째|넷째|한|두) ?자리", text)
        if not found:
            continue
        places = _DECIMALS[found[1] or found[2]]
        if not judge.judge(asked, round(asked.key, places)).right:
            yield f"the answer with {places} decimals, {round(asked.key, places)}, is not accepted (seed {asked.seed})"
        for mistake in asked.mistakes:
            if judge.judge(asked, round(mistake.value, places)).right:
                yield f"the mistake {mistake.value:.6g} is accepted with {places} decimals (seed {asked.seed})"


def _program(question: Question) -> Iterator[str]:
    """Code is a whole program: it reads as Python, and every name in it is imported or made there."""
    source = question.code
    for name in question.parameters:
        source = source.replace("{" + name + "}", "1")
    source = re.sub(r"\{[a-z_0-9]+\}", "1", source).replace("{{", "{").replace("}}", "}")
    try:
        tree = ast.parse(source)
    except SyntaxError as error:
        yield f"the code does not read as Python: line {error.lineno}"
        return
    used = {
        node.id for node in ast.walk(tree) if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load)
    }
    made = {
        node.id for node in ast.walk(tree) if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)
    }
    for node in ast.walk(tree):
        match node:
            case ast.Import(names=names) | ast.ImportFrom(names=names):
                made |= {(alias.asname or alias.name).split(".")[0] for alias in names}
            case ast.FunctionDef(name=name) | ast.ClassDef(name=name):
                made.add(name)
            case ast.arg(arg=name):
                made.add(name)
    missing = sorted(used - made - set(dir(builtins)))
    if missing:
        yield f"the code is no whole program: {', '.join(missing)} comes from nowhere"


def _lengths(questions: Iterable[Question]) -> Iterator[str]:
    worded = [
        question for question in questions
        if isinstance(question, ChoiceQuestion) and question.kind == "single" and all(c.words for c in question.choices)
        and len(question.choices) >= 4
    ]  # fmt: skip
    if len(worded) < _LEAST:
        return
    for code in worded[0].text:
        ranks = [
            sorted(question.choices, key=lambda choice: len(choice.words[code])).index(
                next(choice for choice in question.choices if choice.correct)
            )
            for question in worded
        ]
        for what, most, count in (
            ("the shortest", _SHORT_SHARE, sum(rank == 0 for rank in ranks)),
            ("among the two shortest", _TWO_SHORTEST, sum(rank < 2 for rank in ranks)),
        ):
            if count > most * len(worded):
                yield f"{code}: the right choice is {what} in {count} of {len(worded)} questions (at most {most:.0%})"


def _tone(questions: Iterable[Question]) -> Iterator[str]:
    """Neither a hedge nor an absolute word tells whether a statement is true."""
    stated = [question for question in questions if isinstance(question, TrueFalseQuestion)]
    for what, pattern in (("hedged", _HEDGES), ("absolute", _ABSOLUTES)):
        answers = [question.answer for question in stated if pattern.search(question.text["en"])]
        if len(answers) >= 3 and len(set(answers)) == 1:
            yield f"all {len(answers)} {what} statements are {str(answers[0]).lower()}"


def _alike(questions: Sequence[Question]) -> Iterator[tuple[Question, str]]:
    """Two questions about the same thing are in one group, wherever they stand, so that they never meet."""
    counts = [Counter(_words(question)) for question in questions]
    spread = Counter(word for count in counts for word in count)
    vectors = []
    for count in counts:
        vector = {
            word: (1 + math.log(n)) * math.log(len(questions) / spread[word]) for word, n in count.items()
        }
        length = math.sqrt(sum(value * value for value in vector.values())) or 1.0
        vectors.append({word: value / length for word, value in vector.items()})
    for place, question in enumerate(questions):
        for other in range(place):
            first = questions[other]
            if question.group and question.group == first.group:
                continue
            small, large = sorted((vectors[place], vectors[other]), key=len)
            if sum(value * large.get(word, 0.0) for word, value in small.items()) > _SIMILAR:
                yield question, f"asks nearly the same as {first.day}: {first.id}: give both one group"


def _words(question: Question) -> list[str]:
    parts = [question.text["en"], question.explanation["en"]]
    match question:
        case ChoiceQuestion(choices=choices):
            parts += [choice.words["en"] for choice in choices if choice.words]
        case TextQuestion(accept=accept):
            parts += accept["en"]
    return [word.rstrip("s") for word in re.findall(r"[a-z]{3,}", " ".join(parts).lower())]

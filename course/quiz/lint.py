"""`course quiz lint`: what is wrong with a day's questions, and what the bank as a whole lacks."""

from __future__ import annotations

import difflib
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path

from course.quiz import bank, draw, expression, judge, places
from course.quiz.asked import Asked
from course.quiz.errors import DrawError
from course.quiz.question import (
    ChoiceQuestion,
    MatchQuestion,
    NumericQuestion,
    OrderQuestion,
    Question,
    TextQuestion,
    TrueFalseQuestion,
    Words,
)

DRAWS = 50
LEAST = {"study": 4, "topic": 3, "day10": 30, "all": 200, "parameterised": 50}

_SIMILAR = 0.92
_LONGEST_SHARE = 0.45  # of a day's questions may have the right choice as the longest; 0.25-0.33 is chance
_MUCH_LONGER = 1.7
_LONG = 24
_POSITIONS = re.compile(
    r"\b(all|none|both|either|neither) of (the )?(above|these|them)\b|\b(first|second|third|last) choice\b|"
    r"위의? (모두|보기|전부)|모두 (정답|맞|옳)|정답 없음|(첫|두|세|네) ?번째 보기|마지막 보기|[1-5]번 보기",
    re.IGNORECASE,
)
_POLITE = re.compile(r"(니다|니까|시오|세요)[.?!)\"'”]*$")


def day(slug: str, folder: Path | None = None, draws: int = DRAWS) -> list[str]:
    """Problems of one day's file, each with file and question."""
    questions, problems = bank.read(slug, folder)
    path = bank.source(slug, folder)
    known = bank.topics(folder)
    for question in questions:
        if question.topic not in known:
            problems.append(f"{path}: {question.id}: there is no topic {question.topic} in topics.toml")
        elif known[question.topic].day != slug:
            problems.append(f"{path}: {question.id}: {question.topic} belongs to {known[question.topic].day}")
        problems += [f"{path}: {question.id}: {problem}" for problem in _one(question, draws)]
    problems += [f"{path}: {problem}" for problem in [*_duplicates(questions), *_bias(questions)]]
    return problems


def everything(folder: Path | None = None, draws: int = DRAWS) -> list[str]:
    """Problems of every day's file, and of the bank as a whole."""
    slugs = bank.days(folder)
    problems = [problem for slug in slugs for problem in day(slug, folder, draws)]
    questions = [question for slug in slugs for question in bank.read(slug, folder)[0]]
    return problems + list(_across_days(questions)) + counts(questions, folder)


def counts(questions: list[Question], folder: Path | None = None) -> list[str]:
    """Topics and days with too few questions."""
    by_topic = Counter(question.topic for question in questions)
    problems = []
    for topic in bank.topics(folder).values():
        least = LEAST["study"] if topic.study else LEAST["topic"]
        if by_topic[topic.slug] < least:
            problems.append(
                f"topic {topic.slug} ({topic.day}): {by_topic[topic.slug]} questions of at least {least}"
            )
    totals = {
        "day10": sum(question.day == "day10" for question in questions),
        "all": len(questions),
        "parameterised": sum(question.parameterised for question in questions),
    }
    problems += [
        f"{name}: {count} questions of at least {LEAST[name]}"
        for name, count in totals.items()
        if count < LEAST[name]
    ]
    return problems


def _one(question: Question, draws: int) -> Iterator[str]:
    yield from _wording(question)
    yield from _unfilled(question)
    seen: set[str] = set()
    for seed in range(draws if question.parameterised else 2):
        try:
            asked = draw.once(question, seed)
        except DrawError as error:
            yield str(error).removeprefix(f"{question.id}: ")
            return
        found = [*draw.collisions(asked), *verify(asked)]
        if found:
            yield f"{found[0]} (seed {seed})"
            return
        seen.add(repr(asked.values))
    if question.parameterised and len(seen) < min(5, draws // 10):
        yield f"only {len(seen)} different draws in {draws}"


def verify(asked: Asked) -> Iterator[str]:
    """What judging says about the key and the distractors of one concrete question, where it should not."""
    if not judge.judge(asked, asked.key).right:
        yield f"the key {asked.key} is not accepted"
    if asked.kind in ("single", "code", "true_false"):
        for place, choice in enumerate(asked.choices, start=1):
            answer = place if asked.kind != "true_false" else place == 1
            verdict = judge.judge(asked, answer)
            if not choice.correct and (verdict.credit or verdict.whys != (choice.why,)):
                yield f"the wrong choice {choice.words['en']!r} earns {verdict.credit}, or says another's why"
    for mistake in asked.mistakes:
        verdict = judge.judge(asked, mistake.value)
        if verdict.credit or verdict.whys != (mistake.why,):
            yield f"the mistake {places.shown(mistake.value)} earns {verdict.credit}, or says another's why"
        # What a learner would type after reading the value off a calculator.
        typed = judge.typed(asked, places.shown(mistake.value))
        if judge.judge(asked, typed).credit:
            yield f"the mistake {places.shown(mistake.value)} is accepted once rounded"
    if asked.kind == "numeric":
        assert isinstance(asked.key, int | float)
        if not judge.judge(asked, judge.typed(asked, places.shown(asked.key))).right:
            yield f"the answer as shown, {places.shown(asked.key)}, is out of tolerance of {asked.key}"
    for form in (form for forms in asked.accept.values() for form in forms):
        if not judge.judge(asked, judge.typed(asked, form)).right:
            yield f"the accepted form {form!r} is not accepted"


def _texts(question: Question) -> Iterator[tuple[str, Words]]:
    yield "text", question.text
    yield "explanation", question.explanation
    match question:
        case ChoiceQuestion(choices=choices):
            for place, choice in enumerate(choices, start=1):
                if choice.words:
                    yield f"choice {place}", choice.words
                if choice.why:
                    yield f"choice {place}: why", choice.why
        case TrueFalseQuestion(why=why):
            yield "why", why
        case NumericQuestion(mistakes=mistakes):
            for place, mistake in enumerate(mistakes, start=1):
                yield f"mistake {place}: why", mistake.why
        case OrderQuestion(items=items):
            for place, item in enumerate(items, start=1):
                yield f"item {place}", item
        case MatchQuestion(pairs=pairs):
            for place, (left, right) in enumerate(pairs, start=1):
                yield f"pair {place}: left", left
                yield f"pair {place}: right", right


def _wording(question: Question) -> Iterator[str]:
    for place, words in _texts(question):
        for code, text in words.items():
            if _POSITIONS.search(text):
                yield f"{place}: {code}: refers to other choices or to a position: {text!r}"
            if text.count("$") % 2:
                yield f"{place}: {code}: a $ without its pair: {text!r}"
        side = place.startswith(("choice", "item", "pair")) and "why" not in place
        if not side and words["en"] == words["ko"]:
            yield f"{place}: Korean and English are the same: {words['en']!r}"
        if place == "text" and not re.search("[가-힣]", words["ko"]):
            yield f"{place}: ko: no Korean in it: {words['ko']!r}"
        prose = place.endswith(("text", "why", "explanation"))
        if prose and re.search("[가-힣][.?]$", words["ko"]) and not _POLITE.search(words["ko"]):
            yield f"{place}: ko: does not end politely (합니다체): {words['ko']!r}"
    if isinstance(question, TextQuestion):
        inside = judge.plain(question.text["en"]), judge.plain(question.text["ko"])
        for form in (form for forms in question.accept.values() for form in forms):
            if len(judge.plain(form)) > 3 and any(judge.plain(form) in text for text in inside):
                yield f"the accepted form {form!r} stands in the question"


def _unfilled(question: Question) -> Iterator[str]:
    names = set(question.parameters) | set(question.define)
    answered = isinstance(question, NumericQuestion) or (
        isinstance(question, ChoiceQuestion)
        and any(choice.correct and choice.value for choice in question.choices)
    )
    known = names | ({"answer"} if answered else set())
    for place, words in _texts(question):
        for code, text in words.items():
            for name in sorted(places.unknown(text, known)) if known else []:
                yield f"{place}: {code}: nothing fills {{{name}}} (a literal brace is doubled)"
            if answered and "why" not in place and place != "explanation" and "answer" in places.named(text):
                yield f"{place}: {code}: gives {{answer}} away"
        used = {code: places.named(text) & names for code, text in words.items()}
        if used["en"] != used["ko"]:
            yield f"{place}: not the same places in both languages: {sorted(used['en'] ^ used['ko'])}"
    used_names = {
        name for _, words in _texts(question) for text in words.values() for name in places.named(text)
    }
    used_names |= places.named(question.code)
    try:
        for text in _expressions(question):
            used_names |= expression.names(text)
    except expression.ExpressionError as error:
        yield str(error)
        return
    for name in sorted(names - used_names):
        yield f"{name} is drawn or defined, and never used"
    if question.parameterised and not any(
        places.named(text) & names for text in (*question.text.values(), question.code)
    ):
        yield "has parameters, and shows none in its text or code"


def _expressions(question: Question) -> Iterator[str]:
    yield from question.define.values()
    if question.where:
        yield question.where
    if isinstance(question, NumericQuestion):
        yield question.answer
        yield from (mistake.value for mistake in question.mistakes)
    if isinstance(question, ChoiceQuestion):
        yield from (choice.value for choice in question.choices if choice.value)


def _essence(question: Question) -> str:
    parts = [question.text["en"], question.code]
    for place, words in _texts(question):
        if place.startswith(("choice", "item", "pair")) and "why" not in place:
            parts.append(words["en"])
    return " ".join(" ".join(parts).casefold().split())


def _duplicates(questions: list[Question]) -> Iterator[str]:
    ids = Counter(question.id for question in questions)
    yield from (f"the id {name} occurs {count} times" for name, count in ids.items() if count > 1)
    by_topic: dict[str, list[tuple[str, str]]] = {}
    for question in questions:
        essence = _essence(question)
        for other, text in by_topic.setdefault(question.topic, []):
            matcher = difflib.SequenceMatcher(None, text, essence, autojunk=False)
            if (
                matcher.real_quick_ratio() > _SIMILAR
                and matcher.quick_ratio() > _SIMILAR
                and matcher.ratio() > _SIMILAR
            ):
                yield f"{question.id} asks nearly the same as {other}"
        by_topic[question.topic].append((question.id, essence))


def _across_days(questions: list[Question]) -> Iterator[str]:
    where: dict[str, str] = {}
    essences: dict[str, Question] = {}
    for question in questions:
        if where.setdefault(question.id, question.day) != question.day:
            yield f"the id {question.id} occurs in {where[question.id]} and in {question.day}"
        first = essences.setdefault(_essence(question), question)
        if first.day != question.day:
            yield f"{question.day}: {question.id} asks the same as {first.day}: {first.id}"


def _bias(questions: Iterable[Question]) -> Iterator[str]:
    """Whether length or position gives the right choice away."""
    worded = [
        question
        for question in questions
        if isinstance(question, ChoiceQuestion)
        and question.kind != "multiple"
        and all(c.words for c in question.choices)
    ]
    for code in ("en", "ko"):
        longest = []
        for question in worded:
            right = next(len(c.words[code]) for c in question.choices if c.correct)
            other = max((len(c.words[code]) for c in question.choices if not c.correct), default=0)
            if right > other:
                longest.append(question.id)
            if right > _LONG and right > _MUCH_LONGER * other:
                yield f"{question.id}: {code}: the right choice is by far the longest ({right} characters, then {other})"
        if len(worded) >= 8 and len(longest) > _LONGEST_SHARE * len(worded):
            yield (
                f"{code}: the right choice is the longest in {len(longest)} of {len(worded)} questions "
                f"(at most {_LONGEST_SHARE:.0%}): {', '.join(longest)}"
            )
    truths = [question.answer for question in questions if isinstance(question, TrueFalseQuestion)]
    if len(truths) >= 6 and not 0.3 <= sum(truths) / len(truths) <= 0.7:
        yield f"true is right in {sum(truths)} of {len(truths)} true/false questions"
    yield from _positions(worded)


def _positions(questions: list[ChoiceQuestion]) -> Iterator[str]:
    """The right choice's position over many draws: no position may be right twice as often as its share."""
    questions = [question for question in questions if not question.parameterised]
    for size in sorted({len(question.choices) for question in questions}):
        same = [question for question in questions if len(question.choices) == size]
        found = Counter(draw.once(question, seed).key for question in same for seed in range(40))
        total = sum(found.values())
        yield from (
            f"position {place} of {size} is right in {found[place]} of {total} draws"
            for place in range(1, size + 1)
            if total >= 200 and not 0.5 / size < found[place] / total < 2 / size
        )

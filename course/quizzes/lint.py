"""`course quiz lint`: what is wrong with a day's questions, and what the bank as a whole lacks."""

from __future__ import annotations

import difflib
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from course.content import courses
from course.content.manifest import Course
from course.language import Words
from course.learner.store.asked import Asked
from course.quizzes import bank, draw, expression, giveaways, judge, phrases, picture, places
from course.quizzes.errors import DrawError
from course.quizzes.question import (
    ChoiceQuestion,
    MatchQuestion,
    NumericQuestion,
    OrderQuestion,
    Question,
    TextQuestion,
    TrueFalseQuestion,
)

DRAWS = 50

Problem = tuple[Question | None, str]  # with the question it is about, None where it is about several

_SIMILAR = 0.92
_LONGEST_SHARE = 0.45  # of a day's questions may have the right choice as the longest; 0.25-0.33 is chance
_MUCH_LONGER = 1.7
_LONG = 24
_POSITIONS = re.compile(
    r"\b(all|none|both|either|neither) of (the )?(above|these|them)\b|\b(first|second|third|last) choice\b|"
    r"위의? (모두|보기|전부)|모두 (정답|맞|옳)|정답 없음|(첫|두|세|네) ?번째 보기|마지막 보기|[1-5]번 보기",
    re.IGNORECASE,
)
# A terminal draws without colours and dashes: a curve is called by its name.
_LOOK = re.compile(
    r"\b(dashed|dotted|solid|red|blue|orange|green|colou?r(ed)?|darker|lighter)\b|"
    r"[점실]선|(빨간|빨강|파란|파랑|주황|초록|[짙옅]은) ?색?",
    re.IGNORECASE,
)
_POLITE = re.compile(r"(니다|니까|시오|세요)[.?!)\"'”]*$")


def day(slug: str, folder: Path | None = None, draws: int = DRAWS) -> list[str]:
    """Problems of one day's questions and topics, each with the file, and the line of the question that it is about."""
    questions, problems = bank.read(slug, folder)
    known = bank.topics(folder)
    found: list[Problem] = []
    for question in questions:
        if question.topic not in known:
            found.append((question, f"there is no topic {question.topic} in topics.toml"))
        elif known[question.topic].day != slug:
            found.append((question, f"{question.topic} belongs to {known[question.topic].day}"))
        found += [
            (question, problem) for problem in (*_one(question, draws), *giveaways.one(question, known))
        ]
    found += [*_duplicates(questions), *_bias(questions)]
    path = bank.source(slug, folder)
    problems += [_located(problem, folder, path) for problem in found]
    return [*problems, *_topics_and_least(slug, questions, folder)]


def everything(folder: Path | None = None, draws: int = DRAWS) -> list[str]:
    """Problems of every day's file, and of the bank as a whole."""
    slugs = bank.days(folder)
    problems = [problem for slug in slugs for problem in day(slug, folder, draws)]
    questions = [question for slug in slugs for question in bank.read(slug, folder)[0]]
    together = [*_across_days(questions), *giveaways.bank(questions)]
    problems += [_located(problem, folder, bank.root(folder) / "solutions") for problem in together]
    course = courses.at(bank.root(folder))
    wanted = dict.fromkeys(
        [*(day.slug for day in course.days), *(t.day for t in bank.topics(folder).values())]
    )
    for slug in [
        slug for slug in wanted if slug not in slugs
    ]:  # no questions yet, and least numbers all the same
        problems += _topics_and_least(slug, [], folder)
    totals = {"all": questions, "parameterised": [q for q in questions if q.parameterised]}
    return [*problems, *(each for name, those in totals.items() for each in _few(course, name, those, name))]


def _located(problem: Problem, folder: Path | None, path: Path) -> str:
    question, text = problem
    return f"{path if question is None else bank.written(bank.source(question.day, folder), question.id)}: {text}"


def _topics_and_least(slug: str, questions: list[Question], folder: Path | None) -> Iterator[str]:
    """A day's topics without anything to read; topics, and the day, with fewer questions than the manifest asks for."""
    course = courses.at(bank.root(folder))
    path = bank.source(slug, folder)
    exercises = {exercise.slug for exercise in course}
    for topic in [topic for topic in bank.topics(folder).values() if topic.day == slug]:
        if not topic.read:
            yield f"{bank.topics_file(folder)}: topic {topic.slug}: no exercise to read"
        for unknown in [name for name in topic.read if name not in exercises]:
            yield f"{bank.topics_file(folder)}: topic {topic.slug}: read: there is no exercise {unknown}"
        those = [question for question in questions if question.topic == topic.slug]
        name = f"{path}: topic {topic.slug}"
        yield from _few(course, "study" if topic.study else "topic", those, name)
        if those:
            hard = [question for question in those if question.difficulty == 3]
            yield from _few(course, "difficult", hard, name, " of difficulty 3")
    yield from _few(course, slug, questions, f"{path}: {slug}")


def _few(course: Course, key: str, questions: Sequence[Question], what: str, kind: str = "") -> Iterator[str]:
    least = course.least.get(key, 0)
    if len(questions) < least:
        yield f"{what}: {len(questions)} questions{kind} of at least {least} ({course.manifest}: [quiz] least: {key})"


def _one(question: Question, draws: int) -> Iterator[str]:
    yield from _wording(question)
    yield from _begun(question)
    yield from _unfilled(question)
    seen: set[str] = set()
    for seed in range(draws if question.parameterised else 2):
        try:
            asked = draw.once(question, seed)
        except DrawError as error:
            yield str(error).removeprefix(f"{question.id}: ")
            return
        collisions = draw.collisions(asked)
        found = [*collisions, *verify(asked)]
        if found:
            remedy = "; `where` can leave such draws out" if collisions and question.parameterised else ""
            yield f"{found[0]} (seed {seed}){remedy}"
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


def texts(question: Question) -> Iterator[tuple[str, Words]]:
    """Every text of a question in both languages, with the place where it stands."""
    yield "text", question.text
    yield "explanation", question.explanation
    if question.picture:
        yield "picture: alt", question.picture["alt"]
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


def _begun(question: Question) -> Iterator[str]:
    """Texts without a language that the question has elsewhere: a learner would read it in two."""
    found = list(texts(question))
    for code in dict.fromkeys(code for _, words in found for code in words):
        yield from (f"{place}: {code} is missing, which other texts of the question have"
                    for place, words in found if code not in words)  # fmt: skip


def _wording(question: Question) -> Iterator[str]:
    for place, words in texts(question):
        for code, text in words.items():
            if _POSITIONS.search(text):
                yield f"{place}: {code}: refers to other choices or to a position: {text!r}"
            if text.count("$") % 2:
                yield f"{place}: {code}: a $ without its pair: {text!r}"
            if question.picture and (look := _LOOK.search(text)):
                yield f"{place}: {code}: {look[0]!r} is not to be seen in every form of a picture (name the curve): {text!r}"
        side = place.startswith(("choice", "item", "pair")) and "why" not in place
        korean = words.get("ko", "")
        if not side and korean and list(words.values()).count(korean) > 1:
            yield f"{place}: the same in Korean and in another language: {korean!r}"
        if place == "text" and korean and not re.search("[가-힣]", korean):
            yield f"{place}: ko: no Korean in it: {korean!r}"
        prose = place.endswith(("text", "why", "explanation"))
        if prose and re.search("[가-힣][.?]$", korean) and not _POLITE.search(korean):
            yield f"{place}: ko: does not end politely (합니다체): {korean!r}"
    if isinstance(question, TextQuestion):
        inside = [phrases.plain(text) for text in question.text.values()]
        for form in (form for forms in question.accept.values() for form in forms):
            if len(phrases.plain(form)) > 3 and any(phrases.plain(form) in text for text in inside):
                yield f"the accepted form {form!r} stands in the question"


def _unfilled(question: Question) -> Iterator[str]:
    names = set(question.parameters) | set(question.define)
    answered = isinstance(question, NumericQuestion) or (
        isinstance(question, ChoiceQuestion)
        and any(choice.correct and choice.value for choice in question.choices)
    )
    known = names | ({"answer"} if answered else set())
    for place, words in texts(question):
        for code, text in words.items():
            for name in sorted(places.unknown(text, known)) if known else []:
                yield f"{place}: {code}: nothing fills {{{name}}} (a literal brace is doubled)"
            if answered and "why" not in place and place != "explanation" and "answer" in places.named(text):
                yield f"{place}: {code}: gives {{answer}} away"
        used = {code: places.named(text) & names for code, text in words.items()}
        if differing := {name for these in used.values() for name in these ^ next(iter(used.values()))}:
            yield f"{place}: not the same places in every language: {sorted(differing)}"
    used_names = {
        name for _, words in texts(question) for text in words.values() for name in places.named(text)
    }
    used_names |= places.named(question.code)
    try:
        used_names |= picture.named(question.picture)
        for text in _expressions(question):
            used_names |= expression.names(text)
    except expression.ExpressionError as error:
        yield str(error)
        return
    for name in sorted(names - used_names):
        yield f"{name} is drawn or defined, and never used"
    if (
        question.parameterised
        and not question.picture
        and not any(places.named(text) & names for text in (*question.text.values(), question.code))
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
    for place, words in texts(question):
        if place.startswith(("choice", "item", "pair")) and "why" not in place:
            parts.append(words["en"])
    return " ".join(" ".join(parts).casefold().split())


def _duplicates(questions: list[Question]) -> Iterator[Problem]:
    named = {question.id: question for question in questions}
    ids = Counter(question.id for question in questions)
    yield from (
        (named[name], f"the id {name} occurs {count} times") for name, count in ids.items() if count > 1
    )
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
                yield question, f"asks nearly the same as {other}"
        by_topic[question.topic].append((question.id, essence))


def _across_days(questions: list[Question]) -> Iterator[Problem]:
    where: dict[str, str] = {}
    essences: dict[str, Question] = {}
    for question in questions:
        if where.setdefault(question.id, question.day) != question.day:
            yield question, f"the id {question.id} occurs in {where[question.id]} and in {question.day}"
        first = essences.setdefault(_essence(question), question)
        if first.day != question.day:
            yield question, f"asks the same as {first.day}: {first.id}"


def _bias(questions: Iterable[Question]) -> Iterator[Problem]:
    """Whether length or position gives the right choice away."""
    worded = [
        question
        for question in questions
        if isinstance(question, ChoiceQuestion)
        and question.kind != "multiple"
        and all(c.words for c in question.choices)
    ]
    for code in _codes(worded):
        longest = []
        for question in worded:
            right = next(len(c.words[code]) for c in question.choices if c.correct)
            other = max((len(c.words[code]) for c in question.choices if not c.correct), default=0)
            if right > other:
                longest.append(question.id)
            if right > _LONG and right > _MUCH_LONGER * other:
                yield (
                    question,
                    f"{code}: the right choice is by far the longest ({right} characters, then {other})",
                )
        if len(worded) >= 8 and len(longest) > _LONGEST_SHARE * len(worded):
            text = (
                f"{code}: the right choice is the longest in {len(longest)} of {len(worded)} questions "
                f"(at most {_LONGEST_SHARE:.0%}): {', '.join(longest)}"
            )
            yield None, text
    truths = [question.answer for question in questions if isinstance(question, TrueFalseQuestion)]
    if len(truths) >= 6 and not 0.3 <= sum(truths) / len(truths) <= 0.7:
        yield None, f"true is right in {sum(truths)} of {len(truths)} true/false questions"
    yield from ((None, problem) for problem in _positions(worded))


def _codes(questions: Iterable[Question]) -> list[str]:
    """The languages in which all of these are written."""
    texts = [question.text for question in questions]
    return [code for code in (texts[0] if texts else ()) if all(code in text for text in texts)]


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

"""Quizzes: choosing one, one question at a time with what was right after it (in an exam at the end), the score."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from course import language
from course.content.catalog import catalog
from course.html import charts
from course.html.charts import Svg, Value
from course.language import gettext as _
from course.learner.store import database, quizzes
from course.learner.store.asked import Asked
from course.learner.store.quizzes import Entry
from course.quizzes import bank, judge, picture, sitting, wording
from course.quizzes.errors import UnknownQuiz
from course.quizzes.judge import TopicScore
from course.quizzes.sitting import Sitting
from course.web import answers
from course.web.page import page, see
from course.web.security import Form, base

COUNTS = (5, 10, 20)
_MOST = 100


def choose(request: Request) -> Response:
    """What one can be asked about, and the quizzes that wait to be finished."""
    with database.opened() as connection:
        waiting = [
            {"sitting": taken, "title": title(taken), "entries": entries}
            for session in reversed(quizzes.sessions(connection))
            if session.kind != "review" and session.finished is None
            if not (taken := Sitting(connection, session)).over(entries := taken.entries())
        ]
    topics = bank.topics().values()
    days = [
        (day, [topic for topic in topics if topic.day == day.slug])
        for day in catalog().days
        if day.slug in bank.days()
    ]
    chosen = request.query_params.getlist("name")
    return page(
        request,
        "quizzes.html",
        days=days,
        chosen=chosen,
        counts=COUNTS,
        usual=sitting.COUNT,
        waiting=waiting,
        nothing_missed="nothing_missed" in request.query_params,
    )


def begin(_request: Request, form: Form) -> Response:
    """Begin the quiz that was chosen, or go on with it where it was left."""
    try:
        count = int(form.get("count", [str(sitting.COUNT)])[0])
    except ValueError as error:
        raise HTTPException(400) from error
    if not 1 <= count <= _MOST:
        raise HTTPException(400)
    with database.opened() as connection:
        try:
            taken = sitting.sit(
                connection,
                form.get("name", []),
                exam="exam" in form,
                count=count,
                new="new" in form,
                missed="missed" in form,
            )
        except UnknownQuiz as error:
            raise HTTPException(404) from error
        except sitting.NothingMissed:
            return see("/quizzes?nothing_missed=1")
    return see(f"/quizzes/{taken.session.id}")


def drop(request: Request, _form: Form) -> Response:
    """Give an unfinished quiz up."""
    with database.opened() as connection:
        taken = _sitting(connection, request)
        if not taken.over():
            quizzes.drop(connection, taken.session.id)
    return see("/quizzes")


def current(request: Request) -> Response:
    """The next question, or the score where there is none."""
    with database.opened() as connection:
        taken = _sitting(connection, request)
        entry = taken.next()
        if entry is not None:
            return see(f"/quizzes/{taken.session.id}/{entry.position}")
        taken.finish()
        return page(
            request,
            "score.html",
            sitting=taken,
            title=title(taken),
            told=[told(each) for each in taken.entries()],
            chart=_chart(taken.topics()),
            total=wording.in_all(taken.topics()),
        )


def question(request: Request) -> Response:
    """A question of a sitting: to be answered, or answered with what is to say about it."""
    with database.opened() as connection:
        taken = _sitting(connection, request)
        entry, data = _pair(taken, request)
        if entry.given is None and taken.over():
            return see(f"/quizzes/{taken.session.id}")
        return _question(request, taken, entry, data)


def answer(request: Request, form: Form) -> Response:
    """Keep an answer; then what was right, or in an exam the next question."""
    with database.opened() as connection:
        taken = _sitting(connection, request)
        entry, data = _pair(taken, request)
        place = f"/quizzes/{taken.session.id}"
        if taken.over():
            return see(place)
        try:
            given = answers.read(entry.asked, form)
        except judge.Unreadable:
            return _question(request, taken, entry, data, form=form, status=422)
        # Answered elsewhere meanwhile, or out of time: what is kept stands, and is what the next page shows.
        taken.answer(entry, given)
        taken.finish()
    return see(place if taken.exam else f"{place}/{entry.position}")


def left(request: Request) -> Response:
    """The time that is left in an exam, asked for again and again; when it is up the page goes on to the score."""
    with database.opened() as connection:
        taken = _sitting(connection, request)
        remaining = taken.left()
    if remaining == timedelta(0):
        return Response(headers={"HX-Redirect": f"{base(request)}/quizzes/{taken.session.id}"})
    return page(request, "left.html", sitting=taken, left=remaining)


def title(taken: Sitting) -> str:
    """What a sitting is about, in words; empty for everything."""
    code = language.current()
    titles = {day.slug: day.title(code) for day in catalog().days}
    titles |= {slug: topic.title(code) for slug, topic in bank.topics().items()}
    return ", ".join(titles.get(name, name) for name in taken.session.names)


def shown(asked: Asked) -> dict[str, Any]:
    """What a learner may see of a question before answering it, with its topic's name."""
    code, topics = language.current(), bank.topics()
    name = topics[asked.topic].title(code) if asked.topic in topics else asked.topic
    drawn = picture.svg(asked.picture, code) if asked.picture else ""
    return (
        {"code": "", "unit": ""}
        | asked.shown(code)
        | {"picture": Svg(drawn)}
        | {"title": name, "how": wording.how_to_write(asked)}
    )


def told(entry: Entry) -> dict[str, Any]:
    """All there is to say about a question once it may be said: what was answered, what was right, and why."""
    asked, code = entry.asked, language.current()
    answer = entry.given.answer if entry.given else None
    verdict = judge.judge(asked, answer)
    return shown(asked) | {
        "credit": entry.given.credit if entry.given else 0.0,
        "correct": verdict.right,
        "why": [why[code] for why in verdict.whys],
        "explanation": asked.explanation[code],
        "options": wording.options(asked, answer, code) if asked.kind != "true_false" else [],
        "drawn": bool(asked.values),
        "words": {
            "answer": wording.lines(asked, answer, code),
            "right": wording.key_lines(asked, code),
        },
    }


def _question(
    request: Request,
    taken: Sitting,
    entry: Entry,
    data: dict[str, Any],
    *,
    form: Form | None = None,
    status: int = 200,
) -> Response:
    return page(
        request,
        "question.html",
        status=status,
        sitting=taken,
        title=title(taken),
        position=entry.position,
        count=len(taken.entries()),
        question=shown(entry.asked),
        told=told(entry) if "key" in data else None,
        given=entry.given is not None,
        form=form or {},
        left=taken.left(),
        over=taken.over(),
    )


def _chart(scores: Sequence[TopicScore]) -> Svg:
    """The share of each topic that was right."""
    topics, code = bank.topics(), language.current()
    rows = [
        Value(
            topics[score.topic].title(code) if score.topic in topics else score.topic,
            score.credit / score.questions,
            f"{wording.points(score.credit)}/{score.questions}",
        )
        for score in scores
    ]
    return charts.bars(rows, most=1, title=_("Right answers by topic"))


def _pair(taken: Sitting, request: Request) -> tuple[Entry, dict[str, Any]]:
    """The question asked for, and what the sitting lets be known of it by now."""
    known = taken.to_json(language.current())["questions"]
    for entry, data in zip(taken.entries(), known, strict=True):
        if entry.position == request.path_params["position"]:
            return entry, data
    raise HTTPException(404)


def _sitting(connection: sqlite3.Connection, request: Request) -> Sitting:
    session = quizzes.session(connection, request.path_params["session"])
    if session is None or session.kind == "review":
        raise HTTPException(404)
    return Sitting(connection, session)

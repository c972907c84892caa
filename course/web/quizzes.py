"""Quizzes: choosing one, one question at a time with what was right after it (in an exam at the end), the score."""

from __future__ import annotations

import sqlite3
from datetime import timedelta
from typing import Any

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from course.catalog import catalog
from course.quiz import bank, judge, sitting, wording
from course.quiz.asked import Asked
from course.quiz.errors import UnknownQuiz
from course.quiz.sitting import Sitting
from course.store import database, quizzes
from course.store.quizzes import Entry
from course.web import answers
from course.web.page import code, page, see
from course.web.security import Form

COUNTS = (5, 10, 20)


def choose(request: Request) -> Response:
    """What one can be asked about, and the quizzes that wait to be finished."""
    with database.opened() as connection:
        waiting = [
            Sitting(connection, session) for session in quizzes.unfinished(connection) if session.kind != "review"
        ]
        open_ones = [
            {"session": one.session, "exam": one.exam, "title": title(one, code(request)), "count": len(entries),
             "answered": sum(entry.given is not None for entry in entries)}
            for one in reversed(waiting) if not one.over(entries := one.entries())
        ]  # fmt: skip
    chosen = request.query_params.getlist("name")
    topics = bank.topics().values()
    known = set(bank.days())
    days = [
        (day, [topic for topic in topics if topic.day == day.slug]) for day in catalog().days if day.slug in known
    ]
    return page(
        request, "quizzes.html", days=days, chosen=chosen, counts=COUNTS, usual=sitting.COUNT, waiting=open_ones
    )


def begin(request: Request, form: Form) -> Response:
    """Begin the quiz that was chosen, or go on with it where it was left."""
    names = form.get("name", [])
    try:
        count = min(int(form.get("count", [str(sitting.COUNT)])[0]), 1000)
    except ValueError as error:
        raise HTTPException(400) from error
    with database.opened() as connection:
        try:
            current = sitting.sit(connection, names, exam="exam" in form, count=count, new="new" in form)
        except UnknownQuiz as error:
            raise HTTPException(404) from error
    return see(f"/quizzes/{current.session.id}")


def current(request: Request) -> Response:
    """The next question, or the score where there is none."""
    with database.opened() as connection:
        taken = _sitting(connection, request)
        entry = taken.next()
        if entry is not None:
            return see(f"/quizzes/{taken.session.id}/{entry.position}")
        taken.finish()
        language = code(request)
        told = [_told(entry, data, language) for entry, data in _entries(taken, language)]
        return page(
            request, "score.html", sitting=taken, title=title(taken, language), told=told, topics=bank.topics(),
            scores=taken.topics(),
        )  # fmt: skip


def question(request: Request) -> Response:
    """A question of a sitting: to be answered, or answered with what is to say about it."""
    with database.opened() as connection:
        taken = _sitting(connection, request)
        entry, data = _entry(taken, request)
        if entry.given is None and taken.over():
            return see(f"/quizzes/{taken.session.id}")
        return _question(request, taken, entry, data)


def answer(request: Request, form: Form) -> Response:
    """Keep an answer; then what was right, or in an exam the next question."""
    with database.opened() as connection:
        taken = _sitting(connection, request)
        entry, data = _entry(taken, request)
        try:
            given = answers.read(entry.asked, form)
        except judge.Unreadable:
            return _question(request, taken, entry, data, form=form, status=422)
        # Answered elsewhere meanwhile, or out of time: what is kept stands, and is what the next page shows.
        taken.answer(entry, given)
        place = f"/quizzes/{taken.session.id}"
        return see(place if taken.exam else f"{place}/{entry.position}")


def left(request: Request) -> Response:
    """The time that is left in an exam, for the page to show; when it is over, the page goes to the score."""
    with database.opened() as connection:
        taken = _sitting(connection, request)
        remaining = taken.left()
    if remaining == timedelta(0):
        return Response(headers={"HX-Redirect": f"/quizzes/{taken.session.id}"})
    return page(request, "left.html", sitting=taken, left=remaining)


def title(taken: Sitting, language: str) -> str:
    """What a sitting is about, in words."""
    titles = {day.slug: day.title(language) for day in catalog().days}
    titles |= {slug: topic.title(language) for slug, topic in bank.topics().items()}
    return ", ".join(titles.get(name, name) for name in taken.session.names)


def shown(asked: Asked, language: str) -> dict[str, Any]:
    """What a learner may see of a question before answering it, and its topic's name."""
    topics = bank.topics()
    name = topics[asked.topic].title(language) if asked.topic in topics else asked.topic
    return asked.shown(language) | {"title": name}


def _question(
    request: Request, taken: Sitting, entry: Entry, data: dict[str, Any], *, form: Form | None = None, status: int = 200
) -> Response:
    language = code(request)
    told = _told(entry, data, language) if "key" in data else None
    return page(
        request,
        "question.html",
        status=status,
        sitting=taken,
        title=title(taken, language),
        question=shown(entry.asked, language),
        position=entry.position,
        count=len(taken.entries()),
        given=entry.given is not None,
        told=told,
        form=form or {},
        left=taken.left(),
        action=f"/quizzes/{taken.session.id}/{entry.position}",
        onward=f"/quizzes/{taken.session.id}",
    )


def _told(entry: Entry, data: dict[str, Any], language: str) -> dict[str, Any]:
    """A question as `Sitting.to_json` tells it, with the learner's and the right answer in words."""
    given = entry.given.answer if entry.given else None
    words = {
        "answer_lines": wording.lines(entry.asked, given, language),
        "key_lines": wording.key_lines(entry.asked, language) if "key" in data else [],
        "title": shown(entry.asked, language)["title"],
    }
    return data | words


def _entries(taken: Sitting, language: str) -> list[tuple[Entry, dict[str, Any]]]:
    return list(zip(taken.entries(), taken.to_json(language)["questions"], strict=True))


def _entry(taken: Sitting, request: Request) -> tuple[Entry, dict[str, Any]]:
    position = request.path_params["position"]
    for entry, data in _entries(taken, code(request)):
        if entry.position == position:
            return entry, data
    raise HTTPException(404)


def _sitting(connection: sqlite3.Connection, request: Request) -> Sitting:
    session = quizzes.session(connection, request.path_params["session"])
    if session is None or session.kind == "review":
        raise HTTPException(404)
    return Sitting(connection, session)

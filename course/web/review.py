"""What is due today, one question after the other; the learner says with each answer how well it was known."""

from __future__ import annotations

import sqlite3
from datetime import UTC, date, datetime

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from course.html import charts
from course.html.charts import Value
from course.language import gettext as _
from course.quiz import judge, schedule
from course.quiz import review as reviewing
from course.quiz.asked import Asked
from course.store import database, quizzes
from course.store.quizzes import Session
from course.web import answers
from course.web.page import page, see
from course.web.quizzes import shown, told
from course.web.security import Form

_KIND = "review"


def current(request: Request) -> Response:
    """The first question that is due, or when the next will be."""
    today = schedule.local_day(datetime.now(UTC))
    with database.opened() as connection:
        due = reviewing.due(connection, today)
        if due:
            asked = reviewing.draw_all(due[:1], today)[0]
            return _question(request, asked, len(due))
        sitting = _open_sitting(connection, today)
        if sitting is not None:
            quizzes.finish(connection, sitting.id)
        coming = reviewing.calendar(connection, today)
    days = [Value(day.strftime("%m-%d"), count) for day, count in coming]
    chart = charts.histogram(days, title=_("Due on the coming days"), height=100)
    return page(request, "nothing_due.html", chart=chart if any(count for _day, count in coming) else None)


def answer(request: Request, form: Form) -> Response:
    """Keep the answer to a question that is due, and say what was right."""
    today = schedule.local_day(datetime.now(UTC))
    with database.opened() as connection:
        due = reviewing.due(connection, today)
        cards = [card for card in due if card.question == form.get("question", [""])[0]]
        if not cards:  # answered elsewhere meanwhile
            return see("/review")
        asked = reviewing.draw_all(cards, today)[0]
        try:
            given = answers.read(asked, form)
            confidence = _confidence(form)
        except (judge.Unreadable, ValueError):
            return _question(request, asked, len(due), form=form, status=422)
        sitting = _open_sitting(connection, today) or quizzes.begin(connection, _KIND, [], asked.seed, [])
        if reviewing.answer(connection, sitting.id, asked, given, confidence) is None:
            return see("/review")
        return see(f"/review/{sitting.id}/{len(quizzes.entries(connection, sitting.id))}")


def answered(request: Request) -> Response:
    """A question reviewed, with what was right."""
    with database.opened() as connection:
        sitting = quizzes.session(connection, request.path_params["session"])
        if sitting is None or sitting.kind != _KIND:
            raise HTTPException(404)
        waiting = len(reviewing.due(connection, schedule.local_day(datetime.now(UTC))))
        for entry in quizzes.entries(connection, sitting.id):
            if entry.position == request.path_params["position"] and entry.given is not None:
                return page(request, "reviewed.html", told=told(entry), waiting=waiting)
    raise HTTPException(404)


def _question(
    request: Request, asked: Asked, waiting: int, *, form: Form | None = None, status: int = 200
) -> Response:
    return page(
        request, "review.html", status=status, question=shown(asked), waiting=waiting, form=form or {}
    )


def _confidence(form: Form) -> int | None:
    chosen = form.get("confidence", [""])[0]
    if not chosen:
        return None
    rated = int(chosen)
    if not schedule.AGAIN <= rated <= schedule.EASY:
        raise ValueError(chosen)
    return rated


def _open_sitting(connection: sqlite3.Connection, today: date) -> Session | None:
    """Today's review, as long as it is not over."""
    latest = quizzes.latest(connection, _KIND, [])
    if latest is None or latest.finished is not None or schedule.local_day(latest.started) != today:
        return None
    return latest

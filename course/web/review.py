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
from course.learner.store import database, planning, quizzes, schedule
from course.learner.store.asked import Asked
from course.learner.store.quizzes import Session
from course.quizzes import judge, reading
from course.quizzes import review as reviewing
from course.quizzes.reading import Places
from course.quizzes.review import Plan
from course.web import answers
from course.web.page import page, see
from course.web.quizzes import shown, told
from course.web.security import Form

_KIND = "review"
_MOST = 1000  # a day


def current(request: Request, problem: str = "") -> Response:
    """The first question that is due, or when the next will be; with a problem where settings have one."""
    today = schedule.local_day(datetime.now(UTC))
    with database.opened() as connection:
        plan = reviewing.plan(connection, today)
        if plan.today:
            asked = reviewing.draw_all(plan.today[:1], today)[0]
            return _question(request, asked, plan, problem=problem, status=422 if problem else 200)
        sitting = _open_sitting(connection, today)
        if sitting is not None:
            quizzes.finish(connection, sitting.id)
    days = [Value(day.strftime("%m-%d"), count) for day, count in plan.calendar]
    chart = charts.histogram(days, title=_("Due on the coming days"), height=100)
    shown_chart = chart if any(count for _day, count in plan.calendar) else None
    over = plan.until is not None and plan.until < today
    return page(
        request, "nothing_due.html", status=422 if problem else 200, chart=shown_chart, plan=plan, leeches=_leeches(plan),
        over=over, today=today, problem=problem,
    )  # fmt: skip


def answer(request: Request, form: Form) -> Response:
    """Keep the answer to a question that is due, and say what was right."""
    today = schedule.local_day(datetime.now(UTC))
    with database.opened() as connection:
        plan = reviewing.plan(connection, today)
        cards = [card for card in plan.today if card.question == form.get("question", [""])[0]]
        if not cards:  # answered elsewhere meanwhile
            return see("/review")
        asked = reviewing.draw_all(cards, today)[0]
        try:
            given = answers.read(asked, form)
            confidence = _confidence(form)
        except (judge.Unreadable, ValueError):
            return _question(request, asked, plan, form=form, status=422)
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


def settings(request: Request, form: Form) -> Response:
    """The daily limit, the exam's date, a question left out or taken back in, the last answer taken back."""
    given = {name: values[0].strip() for name, values in form.items()}
    today = schedule.local_day(datetime.now(UTC))
    with database.opened() as connection:
        try:
            if given.get("limit"):
                planning.set_limit(connection, min(max(int(given["limit"]), 1), _MOST))
            if "until" in given:
                until = date.fromisoformat(given["until"]) if given["until"] else None
                if until is not None and until < today:
                    problem = _("{date} is over: nothing would be asked any more.").format(date=until)
                    return current(request, problem)
                planning.set_until(connection, until)
        except ValueError as error:
            raise HTTPException(400) from error
        for name, change in (("suspend", planning.suspend), ("resume", planning.resume)):
            if given.get(name):
                change(connection, given[name])
        if "undo" in given:
            reviewing.undo(connection)
    return see("/review")


def _question(
    request: Request,
    asked: Asked,
    plan: Plan,
    *,
    form: Form | None = None,
    problem: str = "",
    status: int = 200,
) -> Response:
    today = schedule.local_day(datetime.now(UTC))
    return page(
        request, "review.html", status=status, question=shown(asked), waiting=len(plan.today), form=form or {},
        plan=plan, leeches=_leeches(plan), today=today, problem=problem,
    )  # fmt: skip


def _leeches(plan: Plan) -> list[Places]:
    return [reading.places(card) for card in plan.leeches]


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

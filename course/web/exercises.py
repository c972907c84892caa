"""Where the learner stands, and each exercise: its text, its picture, hints, the last result."""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import FileResponse, Response

from course import language
from course.checking import cache
from course.content import plots, texts
from course.content.catalog import Exercise, catalog
from course.html import charts
from course.html.charts import Value
from course.language import gettext as _
from course.learner import workspace
from course.learner.store import attempts, database
from course.learner.store.attempts import Attempt
from course.progress import activity, effort, history, next_step, summary, wording
from course.quizzes import bank
from course.web import phrases, work
from course.web.page import exercise_named, page

_drawing = threading.Lock()  # matplotlib draws one figure at a time


def dashboard(request: Request) -> Response:
    """The days, what is due, the streak, and the next thing to do."""
    found = history.load()
    stand = summary.current(found, datetime.now(UTC))
    step = next_step.next_step(stand)
    calendar = charts.calendar(
        activity.by_day(found),
        last=stand.today,
        title=_("Checks and answers a day"),
        language=language.current(),
    )
    coming = [Value(day.strftime("%m-%d"), count) for day, count in ((stand.today, stand.due), *stand.coming)]
    return page(
        request,
        "dashboard.html",
        workspace=request.app.state.workspace,
        stand=stand,
        step=step,
        what=wording.what(step),
        why=wording.why(step),
        calendar=calendar,
        coming=charts.histogram(coming, title=_("Due on the coming days"), height=84),
    )


def day(request: Request) -> Response:
    """One day's exercises and topics."""
    stand = summary.now()
    for found in stand.days:
        if found.slug == request.path_params["day"]:
            topics = [topic for topic in stand.topics if topic.topic.day == found.slug]
            here = next((each.exercise for each in found.exercises if not each.passed), None)
            questions = len(bank.load(found.slug)) if found.slug in bank.days() else 0
            left = effort.remaining(each.exercise for each in found.exercises if not each.passed)
            return page(
                request, "day.html", day=found, topics=topics, here=here, questions=questions, left=left
            )
    raise HTTPException(404)


def exercise(request: Request) -> Response:
    """An exercise's page. A hint is on it when it is asked for, the explanation once the exercise has passed."""
    chosen = exercise_named(request)
    text = texts.text(chosen, language.current())
    stand = summary.now()
    progress = next(found for found in stand.exercises if found.exercise == chosen)
    folder: Path | None = request.app.state.workspace
    version, problem = work.opened(chosen, request)
    order = list(catalog())
    at = order.index(chosen)
    return page(
        request,
        "exercise.html",
        exercise=chosen,
        day=next(day for day in catalog().days if day.slug == chosen.day),
        text=text,
        hints=_asked_hints(request, text.hints),
        version=version,
        problem=problem,
        phrases=phrases.editor(),
        workspace_id=hashlib.sha256(str(folder).encode()).hexdigest()[:12],
        checking=(check := work.latest(chosen, request)) is not None and not check.over,
        passed=work.after_passing(chosen, request, stand),
        picture=chosen.plot.is_file() and plots.available(),
        own_picture=work.own_plot(chosen, request),
        file=workspace.locate(chosen, folder) if folder is not None else None,
        before=order[at - 1] if at else None,
        after=order[at + 1] if at + 1 < len(order) else None,
        last=progress.last,
        **_result(request, chosen, progress.last),
    )


def result(request: Request) -> Response:
    """The last result alone, asked for again and again; 204 while it is still the one that was seen."""
    chosen = exercise_named(request)
    with database.opened() as connection:
        last = next(reversed(attempts.attempts(connection, chosen.slug)), None)
    if request.query_params.get("seen", "") == (last.id if last else ""):
        return Response(status_code=204)
    return page(request, "result.html", exercise=chosen, last=last, **_result(request, chosen, last))


def stub(request: Request) -> Response:
    """What the learner's file started from."""
    chosen = exercise_named(request)
    return page(request, "stub.html", exercise=chosen, source=chosen.stub.read_text(encoding="utf-8"))


def picture(request: Request) -> Response:
    """The exercise's picture, drawn once."""
    chosen = exercise_named(request)
    if not chosen.plot.is_file() or not plots.available():
        raise HTTPException(404)
    code = language.current()
    changed = max(chosen.plot.stat().st_mtime_ns, chosen.solution.stat().st_mtime_ns)
    path = cache.root() / "pictures" / f"{chosen.slug}.{code}.{changed:x}.svg"
    with _drawing:
        if not path.is_file():
            plots.save(chosen, code, path)
    return FileResponse(path, media_type="image/svg+xml")


def _asked_hints(request: Request, hints: Sequence[str]) -> Sequence[str]:
    number = request.query_params.get("hints", "")
    return hints[: int(number)] if number.isdecimal() else ()


def _result(request: Request, exercise: Exercise, last: Attempt | None) -> dict[str, Any]:
    """The result of the latest check: on these pages, also of what is no attempt, or the last one in the store."""
    here = work.latest(exercise, request)
    if here is not None and here.ended is not None and (last is None or here.ended >= last.checked):
        return {"result": here.result, "checked": here.ended}
    if last is None:
        return {"result": None, "checked": None}
    with database.opened() as connection:
        return {"result": attempts.result(connection, last), "checked": last.checked}

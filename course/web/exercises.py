"""Where the learner stands, and each exercise: its text, its picture, hints, the last result."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import FileResponse, Response

from course import cache, language, plots, texts, workspace
from course.catalog import Exercise, UnknownName, catalog
from course.html import charts
from course.html.charts import Value
from course.language import gettext as _
from course.progress import activity, history, next_step, summary, wording
from course.progress.summary import Summary
from course.results import ExerciseResult
from course.store import attempts, database
from course.store.attempts import Attempt
from course.web.page import page

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
        stand=stand,
        step=step,
        what=wording.what(step),
        why=wording.why(step),
        calendar=calendar,
        coming=charts.histogram(coming, title=_("Due on the coming days"), height=84),
    )


def day(request: Request) -> Response:
    """One day's exercises and topics."""
    stand = standing()
    for found in stand.days:
        if found.slug == request.path_params["day"]:
            topics = [topic for topic in stand.topics if topic.topic.day == found.slug]
            return page(request, "day.html", day=found, topics=topics)
    raise HTTPException(404)


def exercise(request: Request) -> Response:
    """An exercise's page. A hint is on it when it is asked for, the explanation once the exercise has passed."""
    chosen = _exercise(request)
    text = texts.text(chosen, language.current())
    progress = next(found for found in standing().exercises if found.exercise == chosen)
    folder: Path | None = request.app.state.workspace
    order = list(catalog())
    at = order.index(chosen)
    return page(
        request,
        "exercise.html",
        exercise=chosen,
        day=next(day for day in catalog().days if day.slug == chosen.day),
        text=text,
        hints=_asked_hints(request, text.hints),
        explanation=text.explanation if progress.passed else None,
        picture=chosen.plot.is_file() and plots.available(),
        file=workspace.locate(chosen, folder) if folder is not None else None,
        progress=progress,
        before=order[at - 1] if at else None,
        after=order[at + 1] if at + 1 < len(order) else None,
        last=progress.last,
        result=_result(progress.last),
    )


def result(request: Request) -> Response:
    """The last result alone, asked for again and again; 204 while it is still the one that was seen."""
    chosen = _exercise(request)
    with database.opened() as connection:
        last = next(reversed(attempts.attempts(connection, chosen.slug)), None)
    if request.query_params.get("seen", "") == (last.id if last else ""):
        return Response(status_code=204)
    return page(request, "result.html", exercise=chosen, last=last, result=_result(last))


def stub(request: Request) -> Response:
    """What the learner's file started from."""
    chosen = _exercise(request)
    return page(request, "stub.html", exercise=chosen, source=chosen.stub.read_text(encoding="utf-8"))


def picture(request: Request) -> Response:
    """The exercise's picture, drawn once."""
    chosen = _exercise(request)
    if not chosen.plot.is_file() or not plots.available():
        raise HTTPException(404)
    code = language.current()
    changed = max(chosen.plot.stat().st_mtime_ns, chosen.solution.stat().st_mtime_ns)
    path = cache.root() / "pictures" / f"{chosen.slug}.{code}.{changed:x}.svg"
    with _drawing:
        if not path.is_file():
            path.parent.mkdir(parents=True, exist_ok=True)
            part = path.with_suffix(".part.svg")
            plots.save(chosen, code, part)
            part.replace(path)
    return FileResponse(path, media_type="image/svg+xml")


def standing() -> Summary:
    """Where the learner stands now."""
    return summary.current(history.load(), datetime.now(UTC))


def _exercise(request: Request) -> Exercise:
    try:
        return catalog().exercise(request.path_params["slug"])
    except UnknownName as error:
        raise HTTPException(404) from error


def _asked_hints(request: Request, hints: Sequence[str]) -> Sequence[str]:
    number = request.query_params.get("hints", "")
    return hints[: int(number)] if number.isdecimal() else ()


def _result(last: Attempt | None) -> ExerciseResult | None:
    if last is None:
        return None
    with database.opened() as connection:
        return attempts.result(connection, last)

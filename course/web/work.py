"""The learner's own file on its exercise's page: saving it, choosing between versions, checking it, what comes after."""

from __future__ import annotations

import dataclasses
import json
import threading
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import FileResponse, JSONResponse, Response, StreamingResponse

from course import language
from course.checking import own_plots, protection
from course.content import plots, stub, texts
from course.content.catalog import Exercise, catalog
from course.html import result
from course.language import gettext as _
from course.learner import editing, workspace
from course.learner.subject import Unreadable
from course.progress import summary
from course.progress.summary import Summary
from course.results import TestResult, status_word
from course.web.checks import Check, Checks
from course.web.marks import marks
from course.web.page import exercise_named, fragment, page, see
from course.web.security import Form

# Percent-encoded, a byte of code takes three.
LONGEST = 3 * workspace.MOST_BYTES + 10_000
STREAM = "text/event-stream"
_drawing = threading.Lock()  # a process each: one at a time


def opened(exercise: Exercise, request: Request) -> tuple[editing.Version | None, str]:
    """The learner's file, None where it cannot be edited here, and then why."""
    folder = request.app.state.workspace
    if folder is None:
        return None, ""
    try:
        return editing.opened(exercise, folder), ""
    except Unreadable as error:
        return None, error.message.render()


def act(request: Request, form: Form) -> Response:
    """What a button of the editor asks for, by the field `action`."""
    exercise, folder = exercise_named(request), _workspace(request)
    act = _ACTIONS.get(form.get("action", ["save"])[0])
    if act is None:
        raise HTTPException(400)
    sent = _Sent(request, exercise, folder, *(form.get(name, [""])[0] for name in ("code", "digest")))
    try:
        try:
            return act(sent)
        except editing.Changed:
            return _conflict(sent)
    except Unreadable as error:
        problem = error.message.render()
    except OSError as error:
        path = workspace.locate(exercise, folder)
        problem = _("{path} cannot be written: {error}").format(path=path, error=error.strerror)
    if _scripted(request):
        return JSONResponse({"problem": problem}, 422)
    return page(request, "refused.html", status=422, exercise=exercise, problem=problem)


@dataclass(frozen=True)
class _Sent:
    """What the editor's form holds: the text, and the digest of the version it was made from."""

    request: Request
    exercise: Exercise
    folder: Path
    text: str
    digest: str

    def done(self, place: str = "work", **data: Any) -> Response:
        """The answer: data for the editor, else the page again."""
        if _scripted(self.request):
            return JSONResponse(data)
        return see(f"/exercises/{self.exercise.slug}#{place}")

    def within(self, path: Path | None) -> str:
        """A path in the workspace as the learner is told it."""
        return path.relative_to(self.folder).as_posix() if path is not None else ""


def _conflict(sent: _Sent) -> Response:
    """Both versions, for the learner to choose."""
    disk = editing.opened(sent.exercise, sent.folder)
    if _scripted(sent.request):
        return JSONResponse(dataclasses.asdict(disk), 409)
    return page(sent.request, "conflict.html", status=409, exercise=sent.exercise, mine=sent.text, disk=disk)


def _save(sent: _Sent) -> Response:
    return sent.done(digest=editing.saved(sent.exercise, sent.folder, sent.text, sent.digest).digest)


def _check(sent: _Sent) -> Response:
    version = editing.saved(sent.exercise, sent.folder, sent.text, sent.digest)
    _checks(sent.request).begin(sent.exercise)
    return sent.done("result", digest=version.digest)


def _keep(sent: _Sent) -> Response:
    """Of two versions the learner's: the one on disk becomes a backup."""
    editing.kept(sent.exercise, sent.folder, editing.opened(sent.exercise, sent.folder).text)
    return _save(sent)


def _aside(sent: _Sent) -> Response:
    """Of two versions the one on disk: the learner's becomes a backup."""
    return sent.done(backup=sent.within(editing.kept(sent.exercise, sent.folder, sent.text)))


def _stub(sent: _Sent) -> Response:
    editing.opened(sent.exercise, sent.folder)  # raises where it is not to be touched
    backup = workspace.reset(sent.exercise, sent.folder)
    version = editing.opened(sent.exercise, sent.folder)
    return sent.done(backup=sent.within(backup), **dataclasses.asdict(version))


def _stop(sent: _Sent) -> Response:
    _checks(sent.request).stop(sent.exercise)
    return sent.done("result")


def _draw(sent: _Sent) -> Response:
    """Draw the exercise's picture from the learner's functions; the page shows it from then on, as long as they stay."""
    if not sent.exercise.plot.is_file() or not plots.available():
        raise HTTPException(404)
    try:
        with _drawing:
            own_plots.save(workspace.subject(sent.exercise, sent.folder), language.current())
    except own_plots.NotDrawn as error:
        return page(sent.request, "refused.html", status=422, exercise=sent.exercise, problem=str(error))
    return sent.done("picture")


def own_picture(request: Request) -> Response:
    """The picture drawn from the file as it is now; it is drawn by the form's button alone."""
    path = own_plot(exercise_named(request), request)
    if path is None:
        raise HTTPException(404)
    return FileResponse(path, media_type="image/svg+xml")


def own_plot(exercise: Exercise, request: Request) -> Path | None:
    """The picture of the learner's own code, None where it has not been drawn."""
    folder = request.app.state.workspace
    if folder is None or not exercise.plot.is_file():
        return None
    path = own_plots.place(workspace.subject(exercise, folder), language.current())
    return path if path.is_file() else None


_ACTIONS = {
    "save": _save,
    "check": _check,
    "keep": _keep,
    "aside": _aside,
    "stub": _stub,
    "stop": _stop,
    "draw": _draw,
}


def latest(exercise: Exercise, request: Request) -> Check | None:
    """The latest check of the exercise on these pages."""
    checks: Checks | None = request.app.state.checks
    return checks.latest(exercise) if checks is not None else None


def file(request: Request) -> Response:
    """The file on disk, for an editor that looks now and then; 204 while it is still the version that was seen."""
    exercise = exercise_named(request)
    _checks(request).warm(exercise)
    version, problem = opened(exercise, request)
    if version is None:
        return JSONResponse({"problem": problem}, 422)
    if request.query_params.get("seen") == version.digest:
        return Response(status_code=204)
    return JSONResponse(dataclasses.asdict(version))


async def check(request: Request) -> Response:
    """The latest check as a stream of events: each test as it ends, then the result; 204 where there is none."""
    exercise, checks = exercise_named(request), _checks(request)
    latest = checks.latest(exercise)
    if latest is None:
        return Response(status_code=204)
    return StreamingResponse(_events(checks, latest), media_type=STREAM)


@dataclass(frozen=True)
class Passed:
    """What an exercise that has passed opens."""

    explanation: str
    own: str
    reference: str
    following: Exercise | None


def after_passing(exercise: Exercise, request: Request, stand: Summary) -> Passed | None:
    """The explanation, both solutions and the next exercise that has not passed; None before it has passed."""
    passed = {each.exercise.slug for each in stand.exercises if each.passed}
    here = latest(exercise, request)
    if here is not None and here.result is not None and here.result.status == "passed":
        passed.add(exercise.slug)  # a moment before it is written down
    if exercise.slug not in passed:
        return None
    order = list(catalog())
    at = order.index(exercise)
    version, _problem = opened(exercise, request)
    return Passed(
        texts.text(exercise, language.current()).explanation,
        version.text if version is not None else "",
        stub.without_markers(exercise.solution.read_text(encoding="utf-8")),
        next((each for each in order[at + 1 :] if each.slug not in passed), None),
    )


def after(request: Request) -> Response:
    """What an exercise that has passed opens."""
    exercise = exercise_named(request)
    passed = after_passing(exercise, request, summary.now())
    if passed is None:
        raise HTTPException(404)
    return page(request, "after.html", exercise=exercise, passed=passed)


async def _events(checks: Checks, latest: Check) -> AsyncIterator[str]:
    source = latest.subject.source or ""
    async for test in checks.heard(latest):
        html = result.one_test(latest.subject.exercise.slug, test)
        yield _event("test", html=html, marks=_marks([test], source))
    yield _event("over", **_outcome(checks, latest, source))


def _outcome(checks: Checks, latest: Check, source: str) -> dict[str, Any]:
    found = latest.result
    if found is None:
        return {"said": _("Stopped.")}
    return {
        "html": fragment("checked.html", result=found, checks=checks, note=protection.note(checks.lacking)),
        "marks": _marks(found.tests, source),
        "said": f"{status_word(found.status)} {found.points}/{found.max_points}",
        "passed": found.status == "passed",
    }


def _marks(tests: Sequence[TestResult], source: str) -> list[dict[str, Any]]:
    return [dataclasses.asdict(mark) for mark in marks(tests, source)]


def _event(name: str, **data: Any) -> str:
    return f"event: {name}\ndata: {json.dumps(data)}\n\n"


def _scripted(request: Request) -> bool:
    return request.headers.get("accept") == "application/json"


def _workspace(request: Request) -> Path:
    folder: Path | None = request.app.state.workspace
    if folder is None:
        raise HTTPException(404)
    return folder


def _checks(request: Request) -> Checks:
    _workspace(request)
    checks: Checks = request.app.state.checks
    return checks

"""Making the learner's folder where the pages were started without one."""

from __future__ import annotations

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from course.language import gettext as _
from course.learner import workspace
from course.web.checks import Checks
from course.web.page import page, see
from course.web.security import Form


def propose(request: Request) -> Response:
    """Which folder would be made."""
    return _page(request, "")


def make(request: Request, _form: Form) -> Response:
    """Make it, unless there is one by now, and begin."""
    state = request.app.state
    if state.workspace is None and state.proposal is not None:
        try:
            workspace.start(state.proposal)
        except OSError as error:
            problem = _("{path} cannot be written: {error}").format(path=state.proposal, error=error.strerror)
            return _page(request, problem, 422)
        state.checks = Checks(state.proposal)
        state.workspace = state.proposal
    return see("/")


def _page(request: Request, problem: str, status: int = 200) -> Response:
    if request.app.state.workspace is not None:
        return see("/")
    if request.app.state.proposal is None:
        raise HTTPException(404)
    return page(request, "workspace.html", status=status, folder=request.app.state.proposal, problem=problem)

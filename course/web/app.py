"""The application: which page answers which address."""

from __future__ import annotations

from pathlib import Path

from starlette.applications import Starlette
from starlette.convertors import Convertor, register_url_convertor
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.middleware.trustedhost import TrustedHostMiddleware
from starlette.requests import Request
from starlette.responses import FileResponse, Response
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles

from course.content import courses
from course.content.catalog import PACKAGE
from course.learner.store.errors import StoreUnusable
from course.web import exercises, folder, quizzes, review, search, terms, work
from course.web.checks import Checks
from course.web.page import LANGUAGE, THEME, THEMES, Language, page, see
from course.web.security import HOSTS, Form, Headers, Key, new_token, posted

_YEAR = 365 * 24 * 3600


class Number(Convertor[int]):
    """A number in an address that the store can hold."""

    regex = "[0-9]{1,15}"

    def convert(self, value: str) -> int:
        """From the address."""
        return int(value)

    def to_string(self, value: int) -> str:
        """Into an address."""
        return str(value)


register_url_convertor("number", Number())


def application(workspace: Path | None, proposal: Path | None = None, key: str | None = None) -> Starlette:
    """The pages for the learner whose files are in this workspace.

    Where there is none they offer to make one, the proposal. `app.state.key`, by default a new one, is what an address must
    hold to be answered. `app.state.checks` is to be closed in the end.
    """
    key = key or new_token()
    app = Starlette(
        routes=[
            Route("/", exercises.dashboard),
            Route("/days/{day}", exercises.day),
            Route("/exercises/{slug}", exercises.exercise),
            Route("/exercises/{slug}", posted(work.act, work.LONGEST), methods=["POST"]),
            Route("/exercises/{slug}/file", work.file),
            Route("/exercises/{slug}/check", work.check),
            Route("/exercises/{slug}/after", work.after),
            Route("/exercises/{slug}/result", exercises.result),
            Route("/exercises/{slug}/stub", exercises.stub),
            Route("/exercises/{slug}/picture.svg", exercises.picture),
            Route("/exercises/{slug}/own.svg", work.own_picture),
            Route("/search", search.search),
            Route("/quizzes", quizzes.choose),
            Route("/quizzes", posted(quizzes.begin), methods=["POST"]),
            Route("/quizzes/{session:number}", quizzes.current),
            Route("/quizzes/{session:number}/left", quizzes.left),
            Route("/quizzes/{session:number}/{position:number}", quizzes.question),
            Route("/quizzes/{session:number}/{position:number}", posted(quizzes.answer), methods=["POST"]),
            Route("/quizzes/{session:number}/drop", posted(quizzes.drop), methods=["POST"]),
            Route("/review", review.current),
            Route("/review/settings", posted(review.settings), methods=["POST"]),
            Route("/review", posted(review.answer), methods=["POST"]),
            Route("/review/{session:number}/{position:number}", review.answered),
            Route("/glossary", terms.terms),
            Route("/workspace", folder.propose),
            Route("/workspace", posted(folder.make), methods=["POST"]),
            Route("/settings", posted(settings), methods=["POST"]),
            Route("/static/result.css", _result_style),
            Mount("/static", StaticFiles(directory=PACKAGE / "web" / "static")),
        ],
        middleware=[
            Middleware(Headers),
            Middleware(TrustedHostMiddleware, allowed_hosts=list(HOSTS), www_redirect=False),
            Middleware(Language),
            Middleware(Key, key=key),
        ],
        exception_handlers={HTTPException: _problem, StoreUnusable: _unusable},
    )
    app.state.workspace = workspace
    app.state.proposal = proposal
    app.state.checks = Checks(workspace) if workspace is not None else None
    app.state.token = new_token()
    app.state.key = key
    return app


def settings(_request: Request, form: Form) -> Response:
    """Remember language and colours, and go back to the page one came from."""
    back = form.get("back", ["/"])[0]
    # A path on this server, nothing that leads elsewhere.
    response = see(back if back.startswith("/") and back[1:2] not in ("/", "\\") else "/")
    for cookie, field, known in ((LANGUAGE, "language", courses.languages()), (THEME, "theme", THEMES)):
        chosen = form.get(field, [""])[0]
        if chosen in known:
            response.set_cookie(cookie, chosen, max_age=_YEAR, httponly=True, samesite="strict")
    return response


def _result_style(_request: Request) -> Response:
    return FileResponse(PACKAGE / "html" / "result.css")


def _problem(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    return page(request, "problem.html", status=error.status_code, number=error.status_code, store=None)


def _unusable(request: Request, error: Exception) -> Response:
    assert isinstance(error, StoreUnusable)
    return page(request, "problem.html", status=503, number=503, store=error)

"""The application: which page answers which address."""

from __future__ import annotations

from pathlib import Path

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.middleware.trustedhost import TrustedHostMiddleware
from starlette.requests import Request
from starlette.responses import FileResponse, Response
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles

from course import language
from course.catalog import PACKAGE
from course.store.errors import StoreUnusable
from course.web import exercises, quizzes, review
from course.web.page import LANGUAGE, THEME, THEMES, Language, page, see
from course.web.security import HOSTS, Form, Headers, new_token, posted

_YEAR = 365 * 24 * 3600


def application(workspace: Path | None) -> Starlette:
    """The pages for the learner whose files are in this workspace, None where there is none."""
    app = Starlette(
        routes=[
            Route("/", exercises.dashboard),
            Route("/days/{day}", exercises.day),
            Route("/exercises/{slug}", exercises.exercise),
            Route("/exercises/{slug}/result", exercises.result),
            Route("/exercises/{slug}/stub", exercises.stub),
            Route("/exercises/{slug}/picture.svg", exercises.picture),
            Route("/quizzes", quizzes.choose),
            Route("/quizzes", posted(quizzes.begin), methods=["POST"]),
            Route("/quizzes/{session:int}", quizzes.current),
            Route("/quizzes/{session:int}/left", quizzes.left),
            Route("/quizzes/{session:int}/{position:int}", quizzes.question),
            Route("/quizzes/{session:int}/{position:int}", posted(quizzes.answer), methods=["POST"]),
            Route("/review", review.current),
            Route("/review", posted(review.answer), methods=["POST"]),
            Route("/review/{session:int}/{position:int}", review.answered),
            Route("/settings", posted(settings), methods=["POST"]),
            Route("/static/result.css", _result_style),
            Mount("/static", StaticFiles(directory=PACKAGE / "web" / "static")),
        ],
        middleware=[
            Middleware(Headers),
            Middleware(TrustedHostMiddleware, allowed_hosts=list(HOSTS), www_redirect=False),
            Middleware(Language),
        ],
        exception_handlers={HTTPException: _problem, StoreUnusable: _unusable},
    )
    app.state.workspace = workspace
    app.state.token = new_token()
    return app


def settings(_request: Request, form: Form) -> Response:
    """Remember language and colours, and go back to the page one came from."""
    back = form.get("back", ["/"])[0]
    # A path on this server, nothing that leads elsewhere.
    response = see(back if back.startswith("/") and back[1:2] not in ("/", "\\") else "/")
    for cookie, field, known in ((LANGUAGE, "language", language.languages()), (THEME, "theme", THEMES)):
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

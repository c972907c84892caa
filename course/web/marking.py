"""The class page: an instructor's own marks, with the work, its feedback and the tests beside it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path
from urllib.parse import urlencode

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.middleware.trustedhost import TrustedHostMiddleware
from starlette.requests import Request
from starlette.responses import FileResponse, Response
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles

from course import language
from course.classroom import account, ledger, marking, pages
from course.classroom.account import Account, Item
from course.classroom.folder import ClassFolder, NotAClassFolder
from course.classroom.ledger import Row
from course.classroom.marks import MarkError
from course.content import rubric, texts
from course.content.catalog import Exercise, catalog
from course.content.rubric import Criterion
from course.html import result as html
from course.language import gettext as _
from course.term import gradedcells
from course.term.read import TermError
from course.web.app import settings
from course.web.page import Language, page, see
from course.web.security import HOSTS, Form, Headers, Key, new_token, posted

STATIC = Path(__file__).parent / "static"
_FIELD = re.compile(r"\d{1,6}(?:\.\d{1,2})?")


def application(folder: Path, key: str | None = None) -> Starlette:
    """The pages for the class in a folder that `course grade` wrote; keys and tokens are as in course.web.app."""
    key = key or new_token()
    app = Starlette(
        routes=[
            Route("/", class_),
            Route("/student", student),
            Route("/work", work),
            Route("/mark", posted(mark), methods=["POST"]),
            Route("/settings", posted(settings), methods=["POST"]),
            Route("/static/result.css", _result_style),
            Mount("/static", StaticFiles(directory=STATIC)),
        ],
        middleware=[
            Middleware(Headers),
            Middleware(TrustedHostMiddleware, allowed_hosts=list(HOSTS), www_redirect=False),
            Middleware(Language),
            Middleware(Key, key=key),
        ],
        exception_handlers={
            HTTPException: _problem,
            TermError: _told,
            MarkError: _told,
            NotAClassFolder: _told,
        },
    )
    app.state.folder = folder
    app.state.checks = None
    app.state.token = new_token()
    app.state.key = key
    return app


def class_(request: Request) -> Response:
    """Everybody with the points of every assignment, and what waits for a person."""
    known = ledger.open_(request.app.state.folder)
    names = [each.name for each in known.assignments]
    students = []
    waiting = []
    for row in known.rows:
        totals = {own.assignment: _total(own) for own in row.accounts}
        students.append((row.student.title, _link("/student", row), [totals.get(name, "") for name in names]))
        waiting += [
            (row.student.id, row.student.title, pages.item_name(item), _link("/work", row, item))
            for own in row.accounts
            for item in own.waits
        ]
    title = known.term.title if known.term is not None else ""
    return page(request, "class.html", assignments=names, students=students, waiting=waiting, title=title)


def student(request: Request) -> Response:
    """One student's items."""
    row = _row(request, request.query_params.get("id", ""))
    accounts = []
    for own in row.accounts:
        name, lines, figures = pages.accounted(own)
        links = [_link("/work", row, item.name) for item in own.items]
        total = f"{_total(own)}/{account.shown(own.most)}"
        accounts.append((name, total, list(zip(lines, links, strict=True)), figures))
    return page(request, "class_student.html", row=row, accounts=accounts)


def work(request: Request) -> Response:
    """One item: what was handed in, what the tests say, and the form for a mark."""
    return _work(request, request.query_params.get("id", ""), request.query_params.get("item", ""), {}, "")


def mark(request: Request, form: Form) -> Response:
    """Keep a mark, or take it back, and show the item as it is then."""
    who, item = form.get("student", [""])[0], form.get("item", [""])[0]
    try:
        if form.get("do", [""])[0] == "remove":
            marking.give(request.app.state.folder, who, item, remove=True)
        else:
            row = _row(request, who)
            points, note = _given(form, _criteria(item), _item(row, item)[1].most)
            marking.give(request.app.state.folder, who, item, points=points, note=note)
    except marking.NotMarked as error:
        return _work(request, who, item, form, error.reason.render())
    except ValueError:
        return _work(request, who, item, form, _("Write points as a number, such as 7.5."))
    except OSError as error:
        text = _("{path} cannot be written: {error}")
        return _work(request, who, item, form, text.format(path=error.filename, error=error.strerror))
    return see("/work?" + urlencode({"id": who, "item": item}))


def _work(request: Request, who: str, name: str, form: Form, problem: str) -> Response:
    row = _row(request, who)
    own, item = _item(row, name)
    folder = _folder(request, own, row)
    kept = folder.kept(row.student.id)
    found = [
        (each, file)
        for graded in row.graded
        for each, file in zip(graded.report.exercises, graded.files, strict=False)
        if each.slug == name
    ]
    result, file = found[0] if found else (None, "")
    text = kept.sources.get(file)
    if item.kind == "report":
        text = kept.reports.get(_exercise(name).slug)
    elif item.kind == "quiz":
        lines = [
            line
            for source in kept.sources.values()
            for line in source.splitlines()
            if line.startswith("quiz_")
        ]
        text = "\n".join(dict.fromkeys(lines)) or None
    lines_ = dict(zip((each.name for each in own.items), pages.accounted(own)[1], strict=True))
    held = item.mark
    return page(
        request,
        "class_work.html",
        status=400 if problem else 200,
        row=row,
        item=item,
        name=pages.item_name(name),
        line=lines_[name],
        rubric=_criteria(name),
        form=form,
        problem=problem,
        held=account.shown(held.points) if held is not None else "",
        note=held.note if held is not None else "",
        history=[(each, pages.when(each)) for each in row.marks if each.item == name],
        shown=account.shown,
        back_link=_link("/student", row),
        file=file,
        text=text,
        result=result,
        shown_result=html.exercise(result) if result is not None else "",
        tests=_exercise(name).grader.read_text(encoding="utf-8") if result is not None else "",
    )


def _given(form: Form, criteria: Sequence[Criterion], most: float) -> tuple[float | None, str]:
    """The points and the note of a form: the rubric's rows, on the report's scale, go before a number of points."""
    note = form.get("note", [""])[0].strip().replace("\r\n", "\n")
    rows = [form.get(f"row{number}", [""])[0].strip() for number in range(1, len(criteria) + 1)]
    if any(rows):
        values = [_number(row or "0") for row in rows]
        if any(value > each.most for value, each in zip(values, criteria, strict=True)):
            raise ValueError
        told = "; ".join(
            f"{each.name} {account.shown(value)}" for each, value in zip(criteria, values, strict=True)
        )
        points = round(most * sum(values) / sum(each.most for each in criteria), 2)
        return points, f"{told}\n{note}".strip()
    text = form.get("points", [""])[0].strip()
    return (_number(text) if text else None), note


def _number(text: str) -> float:
    if not _FIELD.fullmatch(text):
        raise ValueError(text)
    return float(text)


def _criteria(name: str) -> Sequence[Criterion]:
    for exercise in catalog():
        if name == gradedcells.report(exercise.slug):
            return rubric.criteria(texts.text(exercise, language.current()).prompt)
    return ()


def _exercise(name: str) -> Exercise:
    """The exercise that an item is of."""
    return next(each for each in catalog() if name in (each.slug, gradedcells.report(each.slug)))


def _row(request: Request, who: str) -> Row:
    try:
        return ledger.open_(request.app.state.folder).row(who)
    except LookupError as error:
        raise HTTPException(404) from error


def _item(row: Row, name: str) -> tuple[Account, Item]:
    for own in row.accounts:
        for item in own.items:
            if item.name == name:
                return own, item
    raise HTTPException(404)


def _folder(request: Request, own: Account, row: Row) -> ClassFolder:
    """The folder that an assignment's results are in."""
    found = ledger.folders(request.app.state.folder)
    named = [each for each in found if each.assignment == own.assignment]
    return next(iter(named or [each for each in found if row.student.id in each.students] or found))


def _total(own: Account) -> str:
    words = {"exempt": _("exempt"), "not due": _("not due")}
    return account.shown(own.total) or words.get(own.standing, _("not graded"))


def _link(path: str, row: Row, item: str = "") -> str:
    values = {"id": row.student.id} | ({"item": item} if item else {})
    return f"{path}?{urlencode(values)}"


def _result_style(_request: Request) -> Response:
    return FileResponse(Path(html.__file__).parent / "result.css")


def _problem(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    return page(request, "class_problem.html", status=error.status_code, told=[])


def _told(request: Request, error: Exception) -> Response:
    lines = error.lines() if isinstance(error, TermError) else [str(error)]
    return page(request, "class_problem.html", status=503, told=lines)

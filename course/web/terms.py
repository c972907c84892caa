"""The page of the glossary."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response

from course.content import glossary
from course.web.page import page


def terms(request: Request) -> Response:
    """All terms, or those in which the word asked for occurs."""
    found = glossary.load()
    wanted = request.query_params.get("term", "").strip()
    return page(
        request, "glossary.html", terms=glossary.find(found, wanted) if wanted else found, wanted=wanted
    )

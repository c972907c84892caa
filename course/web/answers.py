"""From the fields of a question's form to an answer."""

from __future__ import annotations

from course.learner.store.asked import Answer, Asked
from course.quizzes import judge
from course.web.security import Form

UNKNOWN = "unknown"  # the name of the button "I do not know"


def read(asked: Asked, form: Form) -> Answer:
    """The answer, None for "I do not know"; raises course.quizzes.judge.Unreadable where nothing, or not all, was chosen."""
    if UNKNOWN in form:
        return None
    match asked.kind:
        case "multiple":
            return judge.checked(asked, _places(asked, form.get("answer", [])))
        case "order":
            places = _places(asked, _each(form, "place", len(asked.items)))
            if sorted(places) != [*range(1, len(places) + 1)]:
                raise judge.Unreadable(asked.kind)
            return [places.index(place) + 1 for place in range(1, len(places) + 1)]
        case "match":
            return judge.checked(asked, _places(asked, _each(form, "side", len(asked.left))))
    answer = judge.typed(asked, form.get("answer", [""])[0])
    if answer is None:
        raise judge.Unreadable(asked.kind)
    return answer


def _each(form: Form, name: str, count: int) -> list[str]:
    return [form.get(f"{name}-{number}", [""])[0] for number in range(1, count + 1)]


def _places(asked: Asked, values: list[str]) -> list[int]:
    try:
        return [int(value) for value in values]
    except ValueError as error:
        raise judge.Unreadable(asked.kind) from error

"""Searching what there is to read: texts, hints and questions, in both languages."""

from __future__ import annotations

import functools
import re
from dataclasses import dataclass
from typing import Literal

from starlette.requests import Request
from starlette.responses import Response

from course import language
from course.content import texts
from course.content.catalog import catalog
from course.progress import summary
from course.quizzes import bank
from course.web.page import page

_MOST, _AROUND, _LONGEST = 60, 70, 200
_PLACE = {"title": 0, "text": 1, "hint": 2, "question": 3, "explanation": 4}

Where = Literal["title", "text", "hint", "question", "explanation"]


@dataclass(frozen=True)
class Entry:
    """A piece of text: where it stands, its language, what leads to it, and the exercise it belongs to, if to one."""

    where: Where
    code: str
    title: str
    path: str
    text: str
    exercise: str = ""
    number: int = 0


@dataclass(frozen=True)
class Found:
    """An entry, and the words around what was looked for: before it, itself, after it."""

    entry: Entry
    before: str
    hit: str
    after: str


def search(request: Request) -> Response:
    """The page of a search; every word must occur."""
    wanted = request.query_params.get("q", "").strip()[:_LONGEST]
    found = (
        find(wanted, {each.exercise.slug for each in summary.now().exercises if each.passed})
        if wanted
        else []
    )
    return page(request, "search.html", wanted=wanted, found=found[:_MOST], more=max(0, len(found) - _MOST))


def find(wanted: str, passed: set[str]) -> list[Found]:
    """What holds every word, titles first, the reader's language before others; explanations only of what has passed."""
    words = [word.casefold() for word in wanted.split()]
    found = []
    for entry in _entries():
        if entry.where == "explanation" and entry.exercise not in passed:
            continue
        folded = entry.text.casefold()
        if words and all(word in folded for word in words):
            found.append(_shown(entry, words[0]))
    return sorted(found, key=lambda each: (_PLACE[each.entry.where], each.entry.code != language.current()))


def _shown(entry: Entry, word: str) -> Found:
    at = entry.text.casefold().find(word)
    start, end = max(0, at - _AROUND), at + len(word) + _AROUND
    before = ("…" if start else "") + entry.text[start:at]
    after = entry.text[at + len(word) : end] + ("…" if end < len(entry.text) else "")
    return Found(entry, before, entry.text[at : at + len(word)], after)


@functools.cache
def _entries() -> tuple[Entry, ...]:
    found: list[Entry] = []
    for exercise in catalog():
        path = f"/exercises/{exercise.slug}"
        for code in exercise.texts():
            text = texts.text(exercise, code)
            pieces: list[tuple[Where, str, str]] = [("title", text.title, path), ("text", text.prompt, path)]
            pieces += [
                ("hint", hint, f"{path}?hints={n}#hints") for n, hint in enumerate(text.hints, start=1)
            ]
            pieces += [("explanation", text.explanation, f"{path}#after")]
            number = 0
            for where, words, place in pieces:
                number = number + 1 if where == "hint" else 0
                found.append(Entry(where, code, text.title, place, _plain(words), exercise.slug, number))
    topics = bank.topics()
    for question in bank.everything():
        for code, words in question.text.items():
            topic = topics.get(question.topic)
            title = topic.title(code) if topic is not None else question.topic
            found.append(Entry("question", code, title, f"/quizzes?name={question.topic}", _plain(words)))
    return tuple(found)


def _plain(markdown: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"[`*$]", "", markdown)).strip()

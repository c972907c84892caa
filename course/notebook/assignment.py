"""An assignment as nbgrader's source notebook: text, solution, tests and quiz. The same content gives the same bytes."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

from course.content import courses, texts
from course.content.stub import BEGIN, END
from course.language import gettext as _
from course.learner.store.asked import Asked
from course.notebook import written
from course.quizzes import answers, bank, picture, wording
from course.results import ExerciseResult
from course.term import gradedcells, term

_IMPORT = "from course.notebook import graded\n\n"
_FORMAT = (4, 5)
_SCHEMA = 3  # of nbgrader's metadata
_LONGEST_ID = 64
_BEGIN_HIDDEN, _END_HIDDEN = "### BEGIN HIDDEN TESTS", "### END HIDDEN TESTS"
# A Markdown table, with the paragraph that introduces it.
_TABLE = re.compile(r"(?:^(?!\|)\S.*\n)+\n(?:^\|.*\n?)+", re.MULTILINE)

_LITERAL = re.compile(r"(```.*?```|`[^`\n]*`|\$\$.*?\$\$|\$[^$\n]*\$)", re.DOTALL)

Cell = dict[str, Any]


class Assignment:
    """The notebook of an assignment in a language.

    Args:
        assignment: what it holds, and what that is worth.
        worth: for every exercise of it a result that tells its tests' points.
        code: the language.
    """

    def __init__(self, assignment: term.Assignment, worth: Mapping[str, ExerciseResult], code: str) -> None:
        self._assignment = assignment
        self._worth = worth
        self._code = code
        self._questions = [
            (answers.asked(name), points)
            for quiz in assignment.quizzes
            for name, points in zip(
                quiz.asked, gradedcells.split(quiz.points, [1.0] * len(quiz.asked)), strict=True
            )
        ]

    @property
    def max_points(self) -> float:
        """What the graded cells are worth together."""
        return sum(float(cell["metadata"]["nbgrader"].get("points", 0)) for cell in self._cells())

    def text(self) -> str:
        """The notebook's file."""
        cells = list(self._cells())
        python = {"display_name": "Python 3", "language": "python", "name": "python3"}
        notebook = {
            "cells": cells,
            "metadata": {
                "course": {"built": digest(cells), "language": self._code},
                "kernelspec": python,
                "language_info": {"name": "python"},
            },
            "nbformat": _FORMAT[0],
            "nbformat_minor": _FORMAT[1],
        }
        return json.dumps(notebook, ensure_ascii=False, indent=1, sort_keys=True) + "\n"

    def _cells(self) -> Iterator[Cell]:
        name, title = self._assignment.name, self._assignment.title(self._code)
        heading = f"# {name} · {title}" if title != name else f"# {name}"
        explained = _(
            "Write your code where it says YOUR CODE HERE. The cell below each exercise grades what you have written by the "
            "tests you may see; further tests are run after you have handed in. `import course; course.check()` grades "
            "everything in this notebook at any time.",
            self._code,
        )
        yield _text(f"{name}-text", f"{heading}\n\n{explained}")
        for work in self._assignment.work:
            yield from self._exercise(work)
        if self._questions:
            heading = _("Quiz", self._code)
            explained = _(
                "Answer each question with a line in the cell below it, as its comment shows. The cell after it shows how your "
                "answer is read, not whether it is right: grading says so, once you have handed in. The bank of questions is "
                "open; whoever looks its answers up learns nothing.",
                self._code,
            )
            yield _text("quiz-text", f"## {heading}\n\n{explained}")
        for question, points in self._questions:
            yield from self._question(question, points)

    def _exercise(self, work: term.Work) -> Iterator[Cell]:
        exercise = work.exercise
        slug, text = exercise.slug, texts.text(exercise, self._code)
        prompt, rubric = _split(text.prompt) if work.report else (text.prompt, "")
        hints = [
            f"<details><summary>{_('Hint {number}', self._code).format(number=number)}</summary>\n\n{hint}\n\n</details>"
            for number, hint in enumerate(text.hints, start=1)
        ]
        yield _text(f"{slug}-text", "\n\n".join([f"## {text.title}", prompt, *hints]))
        solution = exercise.solution.read_text(encoding="utf-8").rstrip()
        yield _code(slug, f"# exercise: {slug}\n{solution}", solution=True)
        worth = gradedcells.worth_of(self._worth[slug], work.points)
        visible, hidden = gradedcells.tests(slug), gradedcells.hidden_tests(slug)
        if visible in worth:
            comment = _("# Grades {slug} by the tests you may see.", self._code).format(slug=slug)
            call = _IMPORT + self._call("visible_tests", slug, exercise.course)
            yield _code(visible, f"{comment}\n{call}", points=worth[visible])
        if hidden in worth:
            comment = _("# Further tests of {slug} are run after you have handed in.", self._code).format(
                slug=slug
            )
            call = _IMPORT + self._call("hidden_tests", slug, exercise.course)
            yield _code(hidden, f"{comment}\n{_hidden(call)}", points=worth[hidden])
        if work.report:
            heading = _("Report: {title}", self._code).format(title=text.title)
            yield _text(f"{slug}-rubric", f"### {heading}\n\n{rubric}")
            here = _(written.HERE, self._code)
            yield _cell("markdown", gradedcells.report(slug), here, solution=True, points=work.report)

    def _question(self, asked: Asked, points: float) -> Iterator[Cell]:
        cell = gradedcells.question(asked.id)
        yield _text(f"{cell}-text", self._asked(asked))
        example, meaning = self._example(asked)
        name = answers.variable(asked)
        key = f"{BEGIN}\n{name} = {asked.key!r}\n{END}"
        yield _code(f"{cell}-answer", f"# {name} = {example}   ({meaning})\n{key}", solution=True)
        course = bank.course_of(asked.id).name
        call = self._call("read", asked.id, course)
        source = f"{_IMPORT}{call}\n{_hidden(self._call('answer', asked.id, course))}"
        yield _code(cell, source, points=points)

    def _call(self, function: str, name: str, course: str) -> str:
        mine = (
            f', course="{course}"' if course != courses.bundled().name else ""
        )  # as it was when there was no other
        return f'graded.{function}("{name}", language="{self._code}"{mine})'

    def _asked(self, asked: Asked) -> str:
        code = self._code
        parts = [asked.text[code]]
        if asked.code:
            parts.append(f"```python\n{asked.code.strip()}\n```")
        if asked.picture:
            parts.append(picture.image(asked.picture, code))
        if asked.left:
            rows = zip(wording.LETTERS, asked.left, strict=False)
            parts.append("\n".join(f"- **{letter}.** {side[code]}" for letter, side in rows))
        if asked.kind != "true_false":
            listed = [choice.words[code] for choice in asked.choices]
            listed += [words[code] for words in (*asked.items, *asked.right)]
            parts.append("\n".join(f"{number}. {words}" for number, words in enumerate(listed, start=1)))
        return "\n\n".join(part for part in parts if part)

    def _example(self, asked: Asked) -> tuple[str, str]:
        """An answer to such a question, and what it stands for."""
        match asked.kind:
            case "multiple":
                return "[1, 3]", _("the numbers of all right ones", self._code)
            case "true_false":
                return "True", _("or False", self._code)
            case "numeric":
                unit = asked.unit[self._code] if asked.unit else ""
                number = _("a number", self._code)
                return "0.5", _("a number ({unit})", self._code).format(unit=unit) if unit else number
            case "text":
                return '"…"', _("a word or two", self._code)
            case "order":
                places = list(range(1, len(asked.items) + 1))
                return str([places[1], places[0], *places[2:]]), _(
                    "all numbers in the right order", self._code
                )
            case "match":
                places = list(range(1, len(asked.left) + 1))
                letters = ", ".join(wording.LETTERS[: len(places)])
                text = _("a number for each of {letters} in turn", self._code).format(letters=letters)
                return str(places), text
        return "1", _("the number of your choice", self._code)


def digest(cells: list[Cell]) -> str:
    """What a notebook's cells say, as a short text: another one means that somebody has changed them."""
    kept = [
        (cell["cell_type"], "".join(cell["source"]), cell["metadata"].get("nbgrader", {})) for cell in cells
    ]
    return hashlib.sha256(json.dumps(kept, sort_keys=True).encode()).hexdigest()


def _split(prompt: str) -> tuple[str, str]:
    """A prompt without its last table and the paragraph before it, and these."""
    tables = list(_TABLE.finditer(prompt + "\n"))
    if not tables:
        return prompt, ""
    table = tables[-1]
    return (prompt[: table.start()] + prompt[table.end() :]).strip(), table[0].strip()


def _hidden(source: str) -> str:
    return f"{_BEGIN_HIDDEN}\n{source}\n{_END_HIDDEN}"


def _text(name: str, source: str) -> Cell:
    """Markdown that a learner cannot change."""
    return _cell("markdown", name, _strong(source), locked=True)


def _strong(markdown: str) -> str:
    """Bold text as HTML: CommonMark, which Jupyter keeps to, does not see where it ends in `**게이트(gate)**로`."""
    parts = _LITERAL.split(markdown)
    parts[::2] = [
        re.sub(r"\*\*(.+?)\*\*", r"<strong>\1</strong>", part, flags=re.DOTALL) for part in parts[::2]
    ]
    return "".join(parts)


def _code(name: str, source: str, *, solution: bool = False, points: float | None = None) -> Cell:
    made = _cell("code", name, source, solution=solution, points=points, locked=not solution)
    return made | {"execution_count": None, "outputs": []}


def _cell(
    kind: str,
    name: str,
    source: str,
    *,
    solution: bool = False,
    locked: bool = False,
    points: float | None = None,
) -> Cell:
    identity = name if len(name) <= _LONGEST_ID else hashlib.sha256(name.encode()).hexdigest()[:_LONGEST_ID]
    nbgrader = {
        "grade": points is not None,
        "grade_id": name,
        "locked": locked,
        "schema_version": _SCHEMA,
        "solution": solution,
        "task": False,
    }
    worth = {} if points is None else {"points": float(points)}
    lines = source.splitlines(keepends=True)
    return {"cell_type": kind, "id": identity, "metadata": {"nbgrader": nbgrader | worth}, "source": lines}

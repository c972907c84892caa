"""The quiz in an assignment's notebook: which questions, what was answered, and what it earns.

An answer is a line such as `quiz_rnn_two_steps = 0.46` in a code cell: the name is made of the question's id, the value is a
number, a text, True or False, a list of positions, or a calculation (course.quizzes.expression). It is read from the source;
nothing is run.
"""

from __future__ import annotations

import ast
import random

from course.learner.store.asked import Answer, Asked
from course.quizzes import bank, draw, judge
from course.quizzes.errors import UnknownQuiz
from course.quizzes.expression import ExpressionError, evaluate
from course.quizzes.judge import Unreadable, Verdict
from course.quizzes.question import Question
from course.worker import cells

QUESTIONS = 10
# Everyone gets the same values, and a notebook built again the same text.
_SEED = 0


def questions(name: str, count: int = QUESTIONS) -> list[Question]:
    """So many questions of a day or topic in the bank's order, for the same count always the same; none for a day without."""
    try:
        found = bank.select([name])
    except UnknownQuiz:
        return []
    chosen = set(random.Random(name).sample(range(len(found)), min(count, len(found))))
    return [question for place, question in enumerate(found) if place in chosen]


def asked(name: str) -> Asked:
    """The question with this id, as an assignment asks it; raises course.quizzes.errors.UnknownQuiz."""
    [question] = bank.select([name])
    return drawn(question)


def drawn(question: Question) -> Asked:
    """A question as an assignment asks it."""
    return draw.ask(question, _SEED)


def variable(question: Asked) -> str:
    """The name that an answer is given to; a bare id might be the name of an exercise's function."""
    return f"quiz_{question.id}"


def given(text: str, question: Asked) -> Answer:
    """The last answer in the cells, None where there is none; raises Unreadable for one that is none to this question."""
    found: ast.expr | None = None
    for _cell, statements in cells.parsed(text):
        for statement in statements or ():
            match statement:
                case ast.Assign(targets=[ast.Name(id=name)], value=value) if name == variable(question):
                    found = value
    if found is None:
        return None
    if isinstance(found, ast.Constant) and found.value is None:
        return None
    if isinstance(found, ast.Tuple | ast.Set):
        found = ast.List(found.elts, ast.Load())
    try:
        return judge.checked(question, evaluate(ast.unparse(found), {}))
    except (ExpressionError, RecursionError) as error:
        raise Unreadable(question.kind) from error


def verdict(text: str, question: Asked) -> Verdict:
    """What the answer in the cells earns, a share of 1; one that cannot be read earns nothing."""
    try:
        return judge.judge(question, given(text, question))
    except Unreadable:
        return Verdict(0.0)

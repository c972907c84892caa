"""A question as it is written: one dataclass a kind, texts by language.

Without comparison and representation, which no one needs here and which take most of the time a dataclass takes to load.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from course.language import ByLanguage, Words

KINDS = ("single", "multiple", "true_false", "numeric", "text", "order", "match", "code")


@dataclass(frozen=True, eq=False, repr=False)
class Parameter:
    """What a parameter is drawn from."""

    values: tuple[int | float | str, ...]


@dataclass(frozen=True, kw_only=True, eq=False, repr=False)
class Question:
    """What every question has. `text`, `explanation` and `code` may hold {name} places."""

    id: str
    day: str
    topic: str
    kind: str
    difficulty: int
    text: Words
    explanation: Words
    code: str = ""
    group: str = ""  # questions of one group ask nearly the same and never meet in a quiz
    picture: dict[str, Any] = field(default_factory=dict)  # as written, see course.quizzes.picture
    parameters: dict[str, Parameter] = field(default_factory=dict)
    define: dict[str, str] = field(default_factory=dict)
    where: str = ""

    @property
    def parameterised(self) -> bool:
        """Whether it differs from draw to draw."""
        return bool(self.parameters)


@dataclass(frozen=True, eq=False, repr=False)
class Choice:
    """One choice: its words or, instead, an expression whose value is shown; `why` answers who picked it wrongly."""

    correct: bool
    words: Words
    value: str
    why: Words


@dataclass(frozen=True, kw_only=True, eq=False, repr=False)
class ChoiceQuestion(Question):
    """Kinds single, code (one right choice) and multiple (one or more)."""

    choices: tuple[Choice, ...]


@dataclass(frozen=True, kw_only=True, eq=False, repr=False)
class TrueFalseQuestion(Question):
    """Kind true_false; `why` answers who chose the other."""

    answer: bool
    why: Words


@dataclass(frozen=True, eq=False, repr=False)
class Mistake:
    """A typical wrong value, as an expression, and what to say about it."""

    value: str
    why: Words


@dataclass(frozen=True, kw_only=True, eq=False, repr=False)
class NumericQuestion(Question):
    """Kind numeric; the answer is an expression. None for a tolerance: what docs/quiz.md gives by default."""

    answer: str
    absolute: float | None
    relative: float | None
    unit: Words
    mistakes: tuple[Mistake, ...]


@dataclass(frozen=True, kw_only=True, eq=False, repr=False)
class TextQuestion(Question):
    """Kind text: the accepted forms by language."""

    accept: ByLanguage[tuple[str, ...]]


@dataclass(frozen=True, kw_only=True, eq=False, repr=False)
class OrderQuestion(Question):
    """Kind order: the items in their right order."""

    items: tuple[Words, ...]


@dataclass(frozen=True, kw_only=True, eq=False, repr=False)
class MatchQuestion(Question):
    """Kind match: left and right side of each pair."""

    pairs: tuple[tuple[Words, Words], ...]

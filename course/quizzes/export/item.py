"""What a format needs of a question: one language, one draw, numbers as texts, both sides of a matching in order."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterable
from dataclasses import dataclass, field

from course.language import gettext as _
from course.learner.store.asked import Asked
from course.quizzes import draw
from course.quizzes.question import Question

MOST_VARIANTS = 100
_DRAWS_EACH = 20
# As much as judging allows for the last bits of a computed number.
_SLACK = 1e-9


@dataclass(frozen=True)
class Choice:
    """A choice, with `why` for who picks it wrongly."""

    words: str
    correct: bool
    why: str


@dataclass(frozen=True)
class Item:
    """One drawn question in one language. `variant` counts from 1 where there are several, else it is 0."""

    asked: Asked
    language: str
    variant: int = 0

    @property
    def name(self) -> str:
        """The question's id, with the variant's number."""
        return f"{self.asked.id}_v{self.variant}" if self.variant else self.asked.id

    @property
    def kind(self) -> str:
        """The kind; code is a single choice with code, which all questions may have."""
        return "single" if self.asked.kind == "code" else self.asked.kind

    @property
    def text(self) -> str:
        """The question, Markdown."""
        return self.asked.text[self.language]

    @property
    def explanation(self) -> str:
        """The explanation, Markdown."""
        return self.asked.explanation[self.language]

    @property
    def unit(self) -> str:
        """The unit of a number, often empty."""
        return self.asked.unit[self.language] if self.asked.unit else ""

    @property
    def unit_line(self) -> str:
        """The unit in a sentence that can follow the question."""
        return _("Unit: {unit}", self.language).format(unit=self.unit) if self.unit else ""

    @property
    def choices(self) -> list[Choice]:
        """The choices in the order drawn; of a true_false question True, False."""
        code = self.language
        return [Choice(c.words[code], c.correct, c.why[code] if c.why else "") for c in self.asked.choices]

    @property
    def right_choices(self) -> int:
        """How many choices are right."""
        return sum(choice.correct for choice in self.asked.choices)

    @property
    def number(self) -> float:
        """A numeric question's answer."""
        assert isinstance(self.asked.key, int | float)
        return self.asked.key

    @property
    def room(self) -> float:
        """How far from the answer a number may be, absolute."""
        return max(self.asked.absolute, self.asked.relative * abs(self.number))

    @property
    def mistakes(self) -> list[tuple[float, float, str]]:
        """Expected wrong values, how far from each still means it, and what to say."""
        return [
            (m.value, max(self.asked.absolute, self.asked.relative * abs(m.value)), m.why[self.language])
            for m in self.asked.mistakes
        ]

    @property
    def forms(self) -> list[str]:
        """All accepted forms of a short text, this language's first; with other spacing and hyphens."""
        codes = sorted(self.asked.accept, key=lambda code: code != self.language)
        written = [form for code in codes for form in self.asked.accept[code]]
        spelt = [re.sub(r"[\s-]+", between, form) for form in written for between in (" ", "-", "")]
        return list({form.casefold(): form for form in reversed(written + spelt)}.values())[::-1]

    @property
    def in_order(self) -> list[str]:
        """An order question's items as they should stand."""
        assert isinstance(self.asked.key, list)
        return [self.asked.items[place - 1][self.language] for place in self.asked.key]

    @property
    def shown_items(self) -> list[str]:
        """An order question's items as drawn."""
        return [item[self.language] for item in self.asked.items]

    @property
    def sides(self) -> tuple[list[str], list[str], list[int]]:
        """Left and right sides of a matching as shown, and for each left the place (from 0) of its right.

        An order question becomes a matching of items with positions.
        """
        assert isinstance(self.asked.key, list)
        if self.kind == "order":
            key = self.asked.key
            positions = [str(place) for place in range(1, len(key) + 1)]
            return self.shown_items, positions, [key.index(place) for place in range(1, len(key) + 1)]
        left = [side[self.language] for side in self.asked.left]
        right = [side[self.language] for side in self.asked.right]
        return left, right, [place - 1 for place in self.asked.key]


@dataclass(frozen=True)
class Export:
    """A written file, and what it cannot keep: a sentence, and the questions concerned."""

    data: bytes
    losses: dict[str, list[str]]


@dataclass
class Losses:
    """Collects what a format cannot keep."""

    found: dict[str, list[str]] = field(default_factory=dict)

    def note(self, reason: str, item: Item) -> None:
        """Add a question once."""
        names = self.found.setdefault(reason, [])
        if item.asked.id not in names:
            names.append(item.asked.id)

    def common(self, item: Item) -> None:
        """What no format but a table of the course's own can keep."""
        self.variants(item)
        if item.kind == "text":
            self.note(_("Of other spellings only the listed ones count: spaces and hyphens matter."), item)

    def variants(self, item: Item) -> None:
        """Values are no longer drawn."""
        if item.variant:
            self.note(_("No new values are drawn: a fixed number of variants is stored."), item)

    def unit(self, item: Item) -> None:
        """The unit cannot be typed."""
        if item.unit:
            self.note(_("The unit is only shown: the answer has to be typed as a bare number."), item)

    def positions(self, item: Item) -> None:
        """Order as a matching."""
        text = _(
            "Asked as a matching of items with positions; credit is per position, not per adjacent pair."
        )
        self.note(text, item)

    def plain_sides(self, item: Item) -> None:
        """The right sides of a matching cannot hold markup."""
        if any(sign in side for side in item.sides[1] for sign in "$`*"):
            self.note(
                _("The right sides of the matching are plain text: equations in Unicode, no code font."), item
            )


def draw_all(questions: Iterable[Question], language: str, variants: int, seed: int) -> list[Item]:
    """The questions drawn for this seed, a parameterised one in so many different variants (or as many as there are)."""
    return [item for question in questions for item in _drawn(question, language, variants, seed)]


def _drawn(question: Question, language: str, variants: int, seed: int) -> list[Item]:
    if not question.parameterised:
        return [Item(draw.ask(question, seed), language)]
    found: dict[str, Asked] = {}
    first = seed * MOST_VARIANTS * _DRAWS_EACH
    for each in range(first, first + variants * _DRAWS_EACH):
        asked = draw.ask(question, each)
        found.setdefault(repr(asked.values), asked)
        if len(found) == variants:
            break
    return [Item(asked, language, place) for place, asked in enumerate(found.values(), start=1)]


def by_question(items: Iterable[Item]) -> list[list[Item]]:
    """The variants of a question together."""
    return [list(group) for _id, group in itertools.groupby(items, key=lambda item: item.asked.id)]


def shown(value: float) -> str:
    """A number for a file: without the last bits that computing leaves."""
    return f"{value:.12g}"


def bounds(value: float, room: float) -> tuple[float, float]:
    """The smallest and largest number within this room, the ends included whatever the last bits are."""
    slack = _SLACK * max(abs(value), room) if room else 0.0
    return float(shown(value - room - slack)), float(shown(value + room + slack))

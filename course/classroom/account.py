"""Marks that add up: what one student has for one assignment, item by item, and what each figure of it comes from.

code + quiz + report (as the machine and a person's first word have it) + override + adjusted - late = total, to the hundredth.
Every table, page, export and gradebook shows these figures; none computes its own.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Literal
from zoneinfo import ZoneInfo

from course.classroom.folder import Graded
from course.classroom.marks import LATE, Mark
from course.language.messages import Message, say
from course.results import ExerciseResult
from course.term import dates, gradedcells, term
from course.term.term import Assignment, Exceptions, Quiz, Work

Kind = Literal["code", "quiz", "report"]
Standing = Literal["handed in", "absent", "not due", "exempt"]


@dataclass(frozen=True)
class Item:
    """One thing that is worth points. `machine` is what the graders say, `points` what counts; None: not known yet.

    `cells` gives the points of nbgrader's graded cells by name, and what each is worth; they sum up to the item's.
    """

    name: str
    kind: Kind
    machine: float | None
    points: float | None
    most: float
    cells: Mapping[str, tuple[float, float]]
    late: timedelta = timedelta(0)
    penalty: float = 0.0
    mark: Mark | None = None
    exempt: bool = False
    dropped: bool = False

    @property
    def counts(self) -> bool:
        """Whether it is part of the total."""
        return not (self.exempt or self.dropped)

    @property
    def overridden(self) -> bool:
        """Whether a person gave its points."""
        return self.mark is not None and self.mark.points is not None


@dataclass(frozen=True)
class Account:
    """What a student has for an assignment. `total` is None where nothing can be said yet, or nothing counts."""

    assignment: str
    standing: Standing
    items: tuple[Item, ...]
    most: float
    late: float = 0.0
    total: float | None = None
    handed_in_at: datetime | None = None
    noted: str = ""  # when, as it was noted down
    late_mark: Mark | None = None
    waits: tuple[str, ...] = ()
    left_out: tuple[Message, ...] = ()

    def of(self, kind: Kind) -> float:
        """What the items of a kind earned before a person changed them; a report's first mark is no change."""
        return total(_first(item) for item in self.items if item.kind == kind and not item.exempt)

    def worth(self, kind: Kind) -> float:
        """What the items of a kind are worth."""
        return total(item.most for item in self.items if item.kind == kind)

    @property
    def override(self) -> float:
        """What people's marks added, or took away."""
        return total(
            (item.points or 0.0) - _first(item) for item in self.items if item.overridden and not item.exempt
        )

    @property
    def adjusted(self) -> float:
        """What exempt and dropped items change: the rest counts for the whole."""
        if self.total is None:
            return 0.0
        return round(
            self.total - self.of("code") - self.of("quiz") - self.of("report") - self.override + self.late, 2
        )

    @property
    def changed_by_hand(self) -> bool:
        """Whether a person gave any of it."""
        return self.late_mark is not None or any(item.overridden for item in self.items)

    @property
    def exported(self) -> float | None:
        """The total for other programs: none for who handed in nothing, as for who is exempt, unless a person gave some."""
        return self.total if self.standing == "handed in" or self.changed_by_hand else None

    def item(self, name: str) -> Item:
        """The item of this name; raises LookupError."""
        for item in self.items:
            if item.name == name:
                return item
        raise LookupError(name)

    def cells(self) -> Iterator[tuple[str, float | None, float | None, float]]:
        """Of nbgrader's cells the name, the automatic score, a person's, and what it is worth: together total + late.

        What does not count gets what the rest earned in proportion, which leaves the total as it is.
        """
        counted = total(item.points or 0.0 for item in self.items if item.counts)
        others = [
            (name, worth) for item in self.items if not item.counts for name, (_, worth) in item.cells.items()
        ]
        filled = dict(zip((name for name, _ in others),
                          gradedcells.split((self.total or 0.0) + self.late - counted, [worth for _, worth in others]),
                          strict=True))  # fmt: skip
        for item in self.items:
            given = dict(_given(item)) if item.overridden else {}
            for name, (points, worth) in item.cells.items():
                if not item.counts:
                    yield name, filled[name], None, worth
                else:
                    yield name, points if item.machine is not None else None, given.get(name), worth


def account(
    graded: Graded,
    assignment: Assignment,
    exceptions: Exceptions,
    marks: Mapping[str, Mark],
    *,
    zone: ZoneInfo | None = None,
    now: datetime | None = None,
) -> Account:
    """What a student has for an assignment: results, exceptions and a person's marks put together.

    Args:
        graded: results of its exercises, maybe of others too.
        assignment: what it is worth, and when it is due.
        exceptions: what holds for this student alone.
        marks: the person's marks by item, `late` being what is taken off.
        zone: the term's, for times noted with its abbreviation.
        now: aware; who handed in nothing is absent only once the work was due.
    """
    results = {result.slug: result for result in graded.report.exercises}
    settled = {r.slug: bool(key) for r, key in zip(graded.report.exercises, graded.keys, strict=True)}
    clock = _Clock(graded, assignment, exceptions, zone)
    items: list[Item] = []
    for work in assignment.work:
        slug = work.exercise.slug
        result = results.get(slug) if settled.get(slug) else None
        items.append(_counted(_code(work, result), work, clock, exceptions, marks, assignment))
        if work.report:
            given = slug in graded.reports
            items.append(_counted(_report(work, given=given), work, clock, exceptions, marks, assignment))
    items += [
        _counted(_quiz(each, graded.quiz), None, clock, exceptions, marks, assignment)
        for each in assignment.quizzes
    ]
    items = _dropped(items, assignment)
    return _summed(graded, assignment, items, marks.get(LATE), clock, now or datetime.now(UTC))


def total(values: Iterable[float]) -> float:
    """A sum in hundredths."""
    return round(sum(values), 2)


def shown(points: float | None) -> str:
    """Points as people read them: without the decimals that are none; nothing for None."""
    if points is None:
        return ""
    text = f"{points:.2f}".rstrip("0").rstrip(".")
    return "0" if text == "-0" else text


def number(points: float | None) -> float | int | str:
    """Points in a table: a whole number where they are whole, an empty cell for None."""
    if points is None:
        return ""
    return int(points) if points == int(points) else round(points, 2)


class _Clock:
    """When what was handed in, and how late that is."""

    def __init__(
        self, graded: Graded, assignment: Assignment, exceptions: Exceptions, zone: ZoneInfo | None
    ) -> None:
        self._graded, self._assignment, self._exceptions, self._zone = graded, assignment, exceptions, zone
        self.unreadable: list[str] = []

    def at(self, work: Work | None) -> datetime | None:
        """When it was handed in, None where nobody knows."""
        names = [*([work.exercise.slug] if work is not None else []), self._assignment.name]
        for name in names:
            if name in self._exceptions.handed_in:
                return self._exceptions.handed_in[name]
        if work is not None:
            names.append(work.exercise.day)
        noted = next(
            (self._graded.submitted[name] for name in (*names, "") if self._graded.submitted.get(name)), ""
        )
        if not noted:
            return None
        try:
            return dates.noted(noted, self._zone)
        except dates.NoTime:
            self.unreadable.append(noted[:40])
            return None

    def due(self, work: Work | None) -> datetime | None:
        """When it was due."""
        return term.due(self._assignment, work, self._exceptions)

    def late(self, work: Work | None) -> timedelta:
        """How much later than due, zero where in time or not known."""
        at, due = self.at(work), self.due(work)
        if at is None or due is None or not self._graded.handed_in:
            return timedelta(0)
        return max(timedelta(0), at - due)


def _code(work: Work, result: ExerciseResult | None) -> Item:
    slug = work.exercise.slug
    if result is None or not result.max_points:
        most = work.points or 0.0
        return Item(slug, "code", None, None, most, {gradedcells.tests(slug): (0.0, most)} if most else {})
    worth, earned = gradedcells.max_points(result), gradedcells.points(result)
    shares = gradedcells.worth_of(result, work.points)
    cells = {
        name: (gradedcells.scaled(earned[name], worth[name], share), share) for name, share in shares.items()
    }
    machine = total(points for points, _share in cells.values())
    return Item(slug, "code", machine, machine, total(shares.values()), cells)


def _report(work: Work, *, given: bool) -> Item:
    name = gradedcells.report(work.exercise.slug)
    points = None if given else 0.0
    return Item(name, "report", points, points, work.report, {name: (0.0, work.report)})


def _quiz(quiz: Quiz, earned: Mapping[str, float]) -> Item:
    shares = gradedcells.split(quiz.points, [1.0] * len(quiz.asked))
    cells = {
        gradedcells.question(question): (round(earned.get(question, 0.0) * share, 2), share)
        for question, share in zip(quiz.asked, shares, strict=True)
    }
    points = total(points for points, _share in cells.values())
    return Item(quiz.item, "quiz", points, points, quiz.points, cells)


def _counted(
    item: Item,
    work: Work | None,
    clock: _Clock,
    exceptions: Exceptions,
    marks: Mapping[str, Mark],
    assignment: Assignment,
) -> Item:
    mark = marks.get(item.name)
    points = mark.points if mark is not None and mark.points is not None else item.points
    late = clock.late(work)
    names = {assignment.name, item.name, *([work.exercise.slug] if work is not None else [])}
    exempt = bool(exceptions.exempt & names)
    penalty = round(assignment.late.rate(late) * (points or 0.0), 2)
    return replace(item, points=points, mark=mark, late=late, penalty=penalty, exempt=exempt)


def _dropped(items: list[Item], assignment: Assignment) -> list[Item]:
    """With the weakest exercises marked, an exercise's report going with its code; one always stays."""
    groups = []
    for work in assignment.work:
        own = [
            item
            for item in items
            if item.name in (work.exercise.slug, gradedcells.report(work.exercise.slug))
        ]
        if own and not any(item.exempt for item in own) and sum(item.most for item in own):
            share = sum((item.points or 0.0) - item.penalty for item in own) / sum(item.most for item in own)
            groups.append((share, {item.name for item in own}))
    weakest = sorted(groups, key=lambda group: group[0])[
        : max(0, min(assignment.drop_lowest, len(groups) - 1))
    ]
    names = {name for _share, group in weakest for name in group}
    return [replace(item, dropped=item.name in names) for item in items]


def _summed(
    graded: Graded,
    assignment: Assignment,
    items: Sequence[Item],
    late_mark: Mark | None,
    clock: _Clock,
    now: datetime,
) -> Account:
    counted = [item for item in items if item.counts]
    most, own = total(item.most for item in items), total(item.most for item in counted)
    earned = total(item.points or 0.0 for item in counted)
    late = total(item.penalty for item in counted)
    if late_mark is not None and late_mark.points is not None:
        late = min(late_mark.points, earned)
    standing: Standing = "handed in"
    dues = [due for due in (clock.due(work) for work in (*assignment.work, None)) if due is not None]
    if not counted or not own:
        standing = "exempt"
    elif not graded.handed_in:
        standing = "not due" if dues and now <= max(dues) else "absent"
    unknown = [item.name for item in counted if item.points is None]
    ungraded = [
        name for name in unknown if any(each.name == name and each.kind == "code" for each in counted)
    ]
    by_hand = any(item.overridden for item in counted)
    sum_ = None
    if standing != "exempt" and not ungraded and (standing != "not due" or by_hand):
        sum_ = round(max(0.0, earned - late) * (most / own if own != most else 1.0), 2)
    waits = tuple(name for name in unknown if name not in ungraded)
    return Account(
        assignment.name,
        standing,
        tuple(items),
        most,
        late if sum_ is not None else 0.0,
        sum_,
        clock.at(None) if graded.handed_in else None,
        graded.handed_in_at(assignment.name),
        late_mark,
        waits,
        tuple(_left_out(graded, assignment, waits, ungraded, clock)),
    )


def _left_out(
    graded: Graded, assignment: Assignment, waits: Sequence[str], ungraded: Sequence[str], clock: _Clock
) -> Iterator[Message]:
    """What the total is without."""
    if waits:
        yield say("Not in the total: {items}, to be graded by a person.", items=", ".join(waits))
    if ungraded:
        yield say("There is no total: {items} not graded.", items=", ".join(ungraded))
    late = assignment.late.per != "none" and graded.handed_in
    if late and any(
        clock.at(work) is None and clock.due(work) is not None for work in (*assignment.work, None)
    ):
        if clock.unreadable:
            text = say("It is not known when it was handed in: {time} is no time with a zone. Nothing was taken off.",
                       time=clock.unreadable[0])  # fmt: skip
            yield text
        else:
            yield say(
                "It is not known when it was handed in, so nothing was taken off: set handed_in in term.toml."
            )


def _first(item: Item) -> float:
    """What an item earned before a person changed it."""
    if item.machine is not None:
        return item.machine
    return item.points or 0.0


def _given(item: Item) -> Iterator[tuple[str, float]]:
    """A person's points by cell: each filled in turn, what is left in the last."""
    left = item.points or 0.0
    names = list(item.cells)
    for name in names:
        here = left if name == names[-1] else min(left, item.cells[name][1])
        left = round(left - here, 2)
        yield name, here

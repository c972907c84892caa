"""How progress looks in a terminal: days with the exercises begun, quiz topics with bars, one line in all."""

from __future__ import annotations

from collections.abc import Iterator

from rich.console import Console, Group, RenderableType
from rich.text import Text

from course import language
from course.language import gettext as _
from course.progress.next_step import WEAK
from course.progress.summary import DayProgress, ExerciseProgress, Summary, TopicMastery
from course.progress.wording import duration
from course.terminal import screen

_BAR = 10


def parts(summary: Summary, target: Console) -> Iterator[RenderableType]:
    """The parts of the screen, from the details to what matters most."""
    width = max((len(e.exercise.slug) for e in summary.exercises if e.attempts), default=0)
    shown: list[RenderableType] = []
    for day in summary.days:
        shown.append(_day(day, target))
        if day.attempts:
            shown.append(_exercises(day, width, target))
    yield Group(*shown)
    asked = [topic for topic in summary.topics if topic.mastery is not None]
    if asked:
        yield Group(Text(_("Quiz topics"), style="bold"), _topics(asked, target))
    yield _in_all(summary)


def bar(share: float, target: Console, width: int = _BAR, style: str = "green") -> Text:
    """A bar this full, between 0 and 1; one that is not empty shows."""
    full = min(max(round(share * width), share > 0), width - (share < 1)) if width > 1 else round(share)
    signs = ("━", "─") if target.encoding.lower().startswith("utf") else ("#", "-")
    return Text.assemble((signs[0] * full, style), (signs[1] * (width - full), "dim"))


def _day(day: DayProgress, target: Console) -> RenderableType:
    table = screen.grid()
    for column in (_BAR, 5):
        table.add_column(min_width=column, no_wrap=True, justify="right")
    table.add_column(overflow="fold", style="bold")
    share = day.passed / len(day.exercises) if day.exercises else 0.0
    count = f"{day.passed}/{len(day.exercises)}"
    table.add_row(bar(share, target), count, f"{day.slug} · {day.title(language.current())}")
    return table


def _exercises(day: DayProgress, width: int, target: Console) -> RenderableType:
    table = screen.grid()
    table.add_column(width=1)
    table.add_column(width=1)
    table.add_column(min_width=width, overflow="fold")
    for column in (5, 10, 10):
        table.add_column(min_width=column, justify="right", no_wrap=True)
    for exercise in day.exercises:
        if exercise.attempts:
            table.add_row("", screen.mark(exercise.status, target), exercise.exercise.slug, *_facts(exercise))
    return table


def _facts(exercise: ExerciseProgress) -> tuple[Text, Text, Text]:
    assert exercise.best is not None
    points = Text(f"{exercise.best.points}/{exercise.best.max_points}")
    count = _("checks: {count}").format(count=len(exercise.attempts))
    return points, Text(count, style="dim"), Text(duration(exercise.spent), style="dim")


def _topics(asked: list[TopicMastery], target: Console) -> RenderableType:
    table = screen.grid()
    table.add_column(no_wrap=True)
    table.add_column(justify="right", no_wrap=True, min_width=5)
    table.add_column(overflow="fold")
    table.add_column(justify="right", no_wrap=True)
    for topic in asked:
        share = topic.mastery or 0.0
        style = "green" if share >= WEAK else "yellow"
        answers = Text(_("answers: {count}").format(count=topic.answers), style="dim")
        title = topic.topic.title(language.current())
        table.add_row(bar(share, target, style=style), f"{share:.0%}", title, answers)
    return table


def _in_all(summary: Summary) -> RenderableType:
    facts = [
        _("{passed} of {all} exercises passed").format(passed=summary.passed, all=len(summary.exercises))
    ]
    if summary.spent:
        facts.append(duration(summary.spent))
    if summary.streak.days:
        facts.append(_("days in a row: {count}").format(count=summary.streak.days))
    facts.append(_("due for review: {count}").format(count=summary.due))
    coming = sum(count for _day, count in summary.coming)
    if coming:
        facts.append(_("within a week: {count}").format(count=coming))
    return Text(" · ".join(facts), style="bold")

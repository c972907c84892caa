"""What the Tab key offers where a day, an exercise or a topic is asked for, with its title where the shell shows one."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

import click

from course import language
from course.content import catalog

if TYPE_CHECKING:
    from click.shell_completion import CompletionItem


def days(_context: click.Context, _parameter: click.Parameter, begun: str) -> list[CompletionItem]:
    """Days whose name begins so."""
    return _offered(((day.slug, day.title(language.current())) for day in catalog.catalog().days), begun)


def exercises(_context: click.Context, _parameter: click.Parameter, begun: str) -> list[CompletionItem]:
    """Exercises whose name begins so."""
    from course.content import texts

    code = language.current()
    return _offered(
        ((exercise.slug, texts.title(exercise, code)) for exercise in catalog.catalog()),
        begun,
    )


def days_and_exercises(
    context: click.Context, parameter: click.Parameter, begun: str
) -> list[CompletionItem]:
    """What can be checked."""
    return days(context, parameter, begun) + exercises(context, parameter, begun)


def days_and_topics(context: click.Context, parameter: click.Parameter, begun: str) -> list[CompletionItem]:
    """What a quiz can be on."""
    from course.quizzes import bank

    topics = bank.topics().items()
    return days(context, parameter, begun) + _offered(
        ((slug, topic.title(language.current())) for slug, topic in topics), begun
    )


def datasets(_context: click.Context, _parameter: click.Parameter, begun: str) -> list[CompletionItem]:
    """The course's data sets."""
    code = language.current()
    return _offered(((each.name, each.title(code)) for each in catalog.catalog().data.values()), begun)


def _offered(titled: Iterable[tuple[str, str]], begun: str) -> list[CompletionItem]:
    from click.shell_completion import CompletionItem

    return [CompletionItem(name, help=title) for name, title in titled if name.startswith(begun)]

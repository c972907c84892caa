"""`course review`."""

from __future__ import annotations

import json
import sqlite3
import sys
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING

import click

from course import language
from course.cli.options import Translated, json_option, language_option
from course.language import gettext as _

if TYPE_CHECKING:
    from course.quiz.asked import Asked
    from course.store.cards import Card


@click.command(cls=Translated)
@click.option(
    "-n",
    "count",
    type=click.IntRange(1, 1000),
    help="At most so many questions; by default all that are due.",
)
@click.option("--calendar", is_flag=True, help="Show how many are due on the coming days instead.")
@json_option
@language_option
def review(count: int | None, calendar: bool, as_json: bool) -> None:
    """Answer again what is due today.

    Every question you have answered comes back when you are about to forget it, later each time you still know it. After
    each answer one key says how well you knew it.

    Exit status: 0 everything right (or only shown, or nothing due), 1 something not, or stopped before the end.
    """
    from course.quiz import review as reviewing
    from course.quiz import schedule
    from course.store import database

    today = schedule.local_day(datetime.now(UTC))
    with database.opened() as connection:
        due = reviewing.due(connection, today)[:count]
        coming = reviewing.calendar(connection, today)
        if as_json:
            click.echo(
                json.dumps(
                    _json(today, due, reviewing.draw_all(due, today), coming), ensure_ascii=False, indent=1
                )
            )
            return
        if calendar:
            _show(coming)
            return
        if not due:
            click.echo(_("Nothing is due today."))
            _say_next(coming)
            return
        done = _again(connection, reviewing.draw_all(due, today))
    sys.exit(0 if done else 1)


def _again(connection: sqlite3.Connection, questions: list[Asked]) -> bool:
    from course.cli import ask, quiz_screen, screen
    from course.store import quizzes

    console = screen.console()
    console.print(_("due today: {count}").format(count=len(questions)), style="bold")
    session = quizzes.begin(connection, "review", [], questions[0].seed, [])
    scores = ask.again(session.id, questions, connection)
    if scores is None:
        click.echo(_("Your answers are kept. To go on: {command}").format(command="course review"))
        return False
    quizzes.finish(connection, session.id)
    console.print()
    console.print(quiz_screen.summary(scores))
    return all(score.credit == score.questions for score in scores)


def _say_next(coming: list[tuple[date, int]]) -> None:
    later = [(day, number) for day, number in coming[1:] if number]
    if later:
        day, number = later[0]
        click.echo(_("Next: {count} on {date}.").format(count=number, date=day.isoformat()))
    else:
        click.echo(_("Next: {command}").format(command="course quiz"))


def _show(coming: list[tuple[date, int]]) -> None:
    from rich.table import Table
    from rich.text import Text

    from course.cli import screen

    console = screen.console()
    sign = "█" if console.encoding.lower().startswith("utf") else "#"
    most = max((number for _day, number in coming), default=0)
    table = Table.grid(padding=(0, 2, 0, 0))
    table.add_column()
    table.add_column(justify="right")
    table.add_column()
    for place, (day, number) in enumerate(coming):
        bar = sign * (number if most <= 40 else -(-number * 40 // most))
        name = _("today") if place == 0 else day.strftime("%m-%d")
        table.add_row(name, Text(str(number or "·"), style="" if number else "dim"), Text(bar, style="cyan"))
    console.print(table)


def _json(
    today: date, due: list[Card], questions: list[Asked], coming: list[tuple[date, int]]
) -> dict[str, object]:
    return {
        "format": 1,
        "today": today.isoformat(),
        "due": [
            {"question": card.question, "day": card.day, "topic": card.topic, "due": card.due.isoformat()}
            for card in due
        ],
        "questions": [asked.shown(language.current()) for asked in questions],
        "calendar": [{"date": day.isoformat(), "count": number} for day, number in coming],
    }

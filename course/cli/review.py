"""`course review`."""

from __future__ import annotations

import json
import sqlite3
import sys
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any

import click

from course import language
from course.cli.options import Translated, global_options, json_option
from course.language import gettext as _

if TYPE_CHECKING:
    from course.learner.store.asked import Asked
    from course.quizzes.review import Plan


@click.command(cls=Translated)
@click.option("-n", "count", type=click.IntRange(1, 1000), help="At most so many questions now.")
@click.option("--calendar", is_flag=True, help="Show how many will be asked on the coming days instead.")
@click.option(
    "--limit", type=click.IntRange(1, 1000), help="From now on ask at most so many a day; 20 by default."
)
@click.option(
    "--until", metavar="DATE", help="Plan nothing after this day, your exam's (YYYY-MM-DD); `never` lifts it."
)
@click.option("--suspend", metavar="QUESTION", help="Leave this question out from now on.")
@click.option("--resume", metavar="QUESTION", help="Let this question come back again.")
@click.option(
    "--undo", is_flag=True, help="Take your last answer of a review back; its question is asked again."
)
@json_option
@global_options
def review(
    count: int | None,
    calendar: bool,
    limit: int | None,
    until: str | None,
    suspend: str | None,
    resume: str | None,
    undo: bool,
    as_json: bool,
) -> None:
    """Answer again what is due today.

    Every question you have answered comes back when you are about to forget it, later each time you still know it. A day asks
    no more than your limit, what is most at risk first; the rest moves on. After each answer one key says how well you knew it.

    Exit status: 0 everything right (or only shown, or nothing due), 1 something not, or stopped before the end.
    """
    from course.learner.store import database, schedule
    from course.quizzes import review as reviewing

    today = schedule.local_day(datetime.now(UTC))
    with database.opened() as connection:
        changed = _change(connection, today, limit, until, suspend, resume, undo=undo)
        plan = reviewing.plan(connection, today)
        due = plan.today[:count]
        if as_json:
            questions = reviewing.draw_all(due, today)
            click.echo(json.dumps(_json(today, plan, questions), indent=1))
            return
        if changed:
            click.echo(changed)
        if calendar or changed:
            _show(plan)
            _say_leeches(plan)
            return
        if not due:
            if plan.until and plan.until < today:
                text = _("The exam of {date} is over: nothing is planned. To go on repeating: {command}")
                click.echo(text.format(date=plan.until, command="course review --until never"))
                return
            if plan.waiting:
                text = _("Today's {limit} are done; {waiting} more wait for the coming days.")
                click.echo(text.format(limit=plan.limit, waiting=plan.waiting))
            else:
                click.echo(_("Nothing is due today."))
            _say_next(plan)
            _say_leeches(plan)
            return
        done = _again(connection, reviewing.draw_all(due, today), plan)
    sys.exit(0 if done else 1)


def _change(
    connection: sqlite3.Connection,
    today: date,
    limit: int | None,
    until: str | None,
    suspend: str | None,
    resume: str | None,
    *,
    undo: bool,
) -> str:
    """Carry out what was asked for and say so; nothing for nothing."""
    from course.learner.store import planning
    from course.quizzes import bank
    from course.quizzes import review as reviewing

    said = []
    if limit is not None:
        planning.set_limit(connection, limit)
        said.append(_("At most {count} a day.").format(count=limit))
    if until is not None:
        day = _date(until)
        if day and day < today:
            raise click.UsageError(_("{date} is over: nothing would be asked any more.").format(date=day))
        planning.set_until(connection, day)
        said.append(
            _("Nothing is planned after {date}.").format(date=day) if day else _("No exam date any more.")
        )
    for question, change, text in (
        (
            suspend,
            planning.suspend,
            _("{question} does not come back. To undo: course review --resume {question}"),
        ),
        (resume, planning.resume, _("{question} comes back again.")),
    ):
        if question is not None:
            bank.find([question])  # refuses what is no question, naming what comes near
            change(connection, question)
            said.append(text.format(question=question))
    if undo:
        taken = reviewing.undo(connection)
        text = (
            _("Your last answer is taken back: {question} is due again.")
            if taken
            else _("There is no answer to take back.")
        )
        said.append(text.format(question=taken))
    return "\n".join(said)


def _date(text: str) -> date | None:
    if text.casefold() in ("never", "none", "없음"):
        return None
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise click.UsageError(_("{text!r} is no date such as 2026-12-15.").format(text=text)) from error


def _again(connection: sqlite3.Connection, questions: list[Asked], plan: Plan) -> bool:
    from course.learner.store import quizzes
    from course.terminal import ask, quiz_screen, screen

    console = screen.console()
    text = _("due today: {count}").format(count=len(questions))
    if plan.waiting:
        text += " · " + _("waiting for the coming days: {count}").format(count=plan.waiting)
    console.print(text, style="bold")
    _say_leeches(plan)
    session = quizzes.begin(connection, "review", [], questions[0].seed, [])
    scores = ask.again(session.id, questions, connection)
    if scores is None:
        click.echo(_("Your answers are kept. To go on: {command}").format(command="course review"))
        return False
    quizzes.finish(connection, session.id)
    console.print()
    console.print(quiz_screen.summary(scores))
    return all(score.credit == score.questions for score in scores)


def _say_leeches(plan: Plan) -> None:
    """Questions answered wrong again and again, with what to read instead of guessing once more."""
    from course.quizzes import reading

    for card in plan.leeches:
        text = _("{question} was wrong {count} times in a row. Read first: {places}")
        found = reading.places(card)
        click.secho(
            text.format(question=card.question, count=found.wrong, places=", ".join(found.commands)),
            fg="yellow",
        )


def _say_next(plan: Plan) -> None:
    later = [(day, number) for day, number in plan.calendar[1:] if number]
    if later:
        day, number = later[0]
        click.echo(_("Next: {count} on {date}.").format(count=number, date=day.isoformat()))
    else:
        click.echo(_("Next: {command}").format(command="course quiz"))


def _show(plan: Plan) -> None:
    from rich.table import Table
    from rich.text import Text

    from course.terminal import screen

    console = screen.console()
    sign = "█" if console.encoding.lower().startswith("utf") else "#"
    most = max((number for _day, number in plan.calendar), default=0)
    table = Table.grid(padding=(0, 2, 0, 0))
    table.add_column()
    table.add_column(justify="right")
    table.add_column()
    for place, (day, number) in enumerate(plan.calendar):
        bar = sign * (number if most <= 40 else -(-number * 40 // most))
        name = _("today") if place == 0 else day.strftime("%m-%d")
        table.add_row(name, Text(str(number or "·"), style="" if number else "dim"), Text(bar, style="cyan"))
    console.print(table)
    facts = [_("at most {count} a day").format(count=plan.limit)]
    if plan.until:
        facts.append(_("until {date}").format(date=plan.until.isoformat()))
    if plan.suspended:
        facts.append(_("left out: {names}").format(names=", ".join(card.question for card in plan.suspended)))
    console.print(" · ".join(facts), style="dim")


def _json(today: date, plan: Plan, questions: list[Asked]) -> dict[str, Any]:
    from course.quizzes import reading

    return {
        "format": 1,
        "today": today.isoformat(),
        "limit": plan.limit,
        "answered": plan.answered,
        "waiting": plan.waiting,
        "until": plan.until.isoformat() if plan.until else None,
        "due": [
            {"question": card.question, "day": card.day, "topic": card.topic, "due": card.due.isoformat()}
            for card in plan.today[: len(questions)]
        ],
        "questions": [asked.shown(language.current()) for asked in questions],
        "leeches": [reading.places(card).to_json() for card in plan.leeches],
        "suspended": [card.question for card in plan.suspended],
        "calendar": [{"date": day.isoformat(), "count": number} for day, number in plan.calendar],
    }

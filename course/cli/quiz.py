"""`course quiz`."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import click

from course import language
from course.cli import completion
from course.cli.options import Translated, json_option, language_option
from course.language import gettext as _


@click.command(cls=Translated)
@click.argument("names", nargs=-1, metavar="[DAY|TOPIC]...", shell_complete=completion.days_and_topics)
@click.option("-n", "count", type=click.IntRange(1, 1000), help="How many questions; 10 by default.")
@click.option("--exam", is_flag=True, help="Nothing is told before the end, and time is limited.")
@click.option(
    "--minutes",
    type=click.FloatRange(0, 1440, min_open=True),
    help="With --exam: the limit; by default 1.5 minutes a question.",
)
@click.option("--seed", type=click.IntRange(0, 10**9 - 1), help="Choose and draw the questions of this seed.")
@click.option("--new", is_flag=True, help="Begin again, even where an earlier quiz was not finished.")
@click.option("--list", "as_list", is_flag=True, help="List the questions instead.")
@click.option(
    "--answers",
    type=click.Path(exists=True, dir_okay=False, allow_dash=True, path_type=Path),
    metavar="FILE",
    help="Answer from a JSON file, {question: answer}; - reads it from standard input.",
)
@json_option
@language_option
def quiz(
    names: tuple[str, ...],
    count: int | None,
    exam: bool,
    minutes: float | None,
    seed: int | None,
    new: bool,
    as_list: bool,
    answers: Path | None,
    as_json: bool,
) -> None:
    """Take a quiz on days or topics, by default on everything.

    What you have answered is kept: the same command goes on where you stopped, and `course review` brings back what is due.

    `course quiz lint [DAY]` checks the questions themselves, over -n draws of each.

    Exit status: 0 everything right (or only listed), 1 something not, or stopped before the end, 2 wrong usage.
    """
    names = tuple(dict.fromkeys(name.strip("/") for name in names))
    if minutes is not None and not exam:
        raise click.UsageError(_("--minutes goes with --exam."))
    if names[:1] == ("lint",):
        _lint(names[1:], count)
    elif as_list:
        _list(names, as_json=as_json)
    else:
        wanted = {"exam": exam, "count": count, "minutes": minutes, "seed": seed, "new": new}
        _take(names, wanted, answers, as_json=as_json)


def _take(names: tuple[str, ...], wanted: dict[str, Any], answers: Path | None, *, as_json: bool) -> None:
    from course.quiz import sitting
    from course.store import database

    given = _read(answers) if answers is not None else None
    with database.opened() as connection:
        current = sitting.sit(connection, names, **wanted)
        if given is not None:
            _hand_in(current, given)
        if as_json:
            data = current.to_json(language.current())
            click.echo(json.dumps(data, ensure_ascii=False, indent=1))
            right = "credit" not in data or data["credit"] == data["answered"]
            sys.exit(0 if right else 1)
        from course.cli import ask

        if given is not None and not current.over():
            click.echo(_("{answered} of {count} questions answered.").format(
                answered=sum(entry.given is not None for entry in current.entries()), count=len(current.entries())
            ))  # fmt: skip
            sys.exit(1)
        done = ask.take(current) if given is None else ask.say_end(current)
        if not done:
            options = " --exam" if current.exam else ""
            command = " ".join(["course quiz", *names]) + options
            click.echo(_("Your answers are kept. To go on: {command}").format(command=command))
        right = done and all(entry.given and entry.given.credit >= 1 for entry in current.entries())
        sys.exit(0 if right else 1)


def _read(path: Path) -> dict[str, Any]:
    try:
        with click.open_file(str(path), encoding="utf-8") as lines:
            data = json.load(lines)
    except (OSError, ValueError) as error:
        raise click.UsageError(
            _("{path} does not read as JSON: {error}").format(path=path, error=error)
        ) from error
    if not isinstance(data, dict):
        raise click.UsageError(
            _("{path} is not of the form {form}.").format(path=path, form='{"ID": answer, …}')
        )
    return data


def _hand_in(current: Any, given: dict[str, Any]) -> None:
    from course.quiz import judge, sitting

    assert isinstance(current, sitting.Sitting)
    try:
        read = sitting.read_answers(current, given)
    except KeyError as error:
        text = _("This quiz does not ask {name}. `course quiz --json` shows what it asks.")
        raise click.UsageError(text.format(name=error.args[0])) from error
    except judge.Unreadable as error:
        text = _("Not an answer to this kind of question: {answer}")
        raise click.UsageError(text.format(answer=error)) from error
    for entry, answer in read:
        current.answer(entry, answer)
    current.finish()


def _list(names: tuple[str, ...], *, as_json: bool) -> None:
    from course.quiz import bank

    questions = bank.select(names)
    if as_json:
        rows = [
            {
                "id": question.id,
                "day": question.day,
                "topic": question.topic,
                "kind": question.kind,
                "difficulty": question.difficulty,
                "parameterised": question.parameterised,
            }
            for question in questions
        ]
        click.echo(json.dumps(rows, ensure_ascii=False, indent=1))
        return
    from rich.table import Table

    from course.cli import screen

    console = screen.console()
    for day in dict.fromkeys(question.day for question in questions):
        console.print(screen.day_heading(day))
        table = Table.grid(padding=(0, 2, 0, 0))
        for question in questions:
            if question.day == day:
                table.add_row(question.id, question.topic, question.kind, "*" * question.difficulty)
        console.print(table)
        console.print()
    console.print(_("questions: {count}").format(count=len(questions)), style="dim")


def _lint(days: tuple[str, ...], draws: int | None) -> None:
    from course.quiz import bank, lint
    from course.quiz.errors import UnknownQuiz

    for day in days:
        if day not in bank.days():
            raise UnknownQuiz(day, bank.days())
    draws = draws or lint.DRAWS
    if days:
        problems = [problem for day in days for problem in lint.day(day, draws=draws)]
    else:
        problems = lint.everything(draws=draws)
    for problem in problems:
        click.secho(problem, fg="red")
    click.echo(f"problems: {len(problems)}")
    sys.exit(1 if problems else 0)

"""`course quiz`."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import click

from course import language
from course.cli import completion
from course.cli.options import Translated, global_options, json_option, print_json
from course.content import courses
from course.language import gettext as _


@click.command("lint", cls=Translated)
@click.argument("names", nargs=-1, metavar="[DAY|TOPIC]...", shell_complete=completion.days_and_topics)
@click.option(
    "-n", "draws", type=click.IntRange(1, 1000), help="How often each question is drawn; 50 times by default."
)
@global_options
def lint(names: tuple[str, ...], draws: int | None) -> None:
    """Check the questions themselves, for those who write them.

    Without a name the whole bank is checked; a topic or a question stands for its day. The course is the one whose folder
    you are in, or --course. docs/quiz.md says what is asked of a question.

    Exit status: 0 nothing is wrong, 1 something is, 2 wrong usage.
    """
    from course.dev import wording
    from course.quizzes import bank
    from course.quizzes import lint as linting

    courses.choose_around(Path.cwd())
    days = tuple(dict.fromkeys(_day(name.strip("/")) for name in names))
    draws = draws or linting.DRAWS
    if days:
        problems = [problem for day in days for problem in linting.day(day, draws=draws)]
    else:
        problems = linting.everything(draws=draws)
    problems += [problem for day in days or bank.days() for problem in wording.of_questions(day)]
    for problem in problems:
        click.secho(problem, fg="red")
    click.echo(f"problems: {len(problems)}")
    sys.exit(1 if problems else 0)


def _day(name: str) -> str:
    """The day that a name stands for; raises UnknownQuiz."""
    from course.quizzes import bank

    known = bank.topics()
    if name in bank.days():
        return name
    return known[name].day if name in known else bank.find([name])[0].day


class _Quiz(Translated):
    """Where `lint` is the first word, that command, with help of its own."""

    def make_context(
        self, info_name: str | None, args: list[str], parent: click.Context | None = None, **extra: Any
    ) -> click.Context:
        """Of the command that is meant."""
        if args[:1] == ["lint"]:
            return lint.make_context(f"{info_name} lint", args[1:], parent, **extra)
        return super().make_context(info_name, args, parent, **extra)


@click.command(cls=_Quiz)
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
@click.option("--missed", is_flag=True, help="Ask only what you did not get right the last time.")
@click.option(
    "--drop",
    is_flag=True,
    help="Give up the unfinished quiz on these names (with --exam: the exam); answers stay.",
)
@click.option("--list", "as_list", is_flag=True, help="List the questions instead.")
@click.option(
    "--answers",
    type=click.Path(exists=True, dir_okay=False, allow_dash=True, path_type=Path),
    metavar="FILE",
    help="Answer from a JSON file, {question: answer}; - reads it from standard input.",
)
@json_option
@global_options
@click.pass_context
def quiz(
    context: click.Context,
    names: tuple[str, ...],
    count: int | None,
    exam: bool,
    minutes: float | None,
    seed: int | None,
    new: bool,
    missed: bool,
    drop: bool,
    as_list: bool,
    answers: Path | None,
    as_json: bool,
) -> None:
    """Take a quiz on days or topics, by default on everything.

    What you have answered is kept: the same command goes on where you stopped, and `course review` brings back what is due.

    `course quiz lint` checks the questions themselves, for those who write them; `course quiz lint --help` tells more.

    Exit status: 0 everything right (or only listed), 1 something not, or stopped before the end, 2 wrong usage.
    """
    names = tuple(dict.fromkeys(name.strip("/") for name in names))
    if minutes is not None and not exam:
        raise click.UsageError(_("--minutes goes with --exam."))
    if names[:1] == ("lint",):
        context.invoke(lint, names=names[1:], draws=count)
    elif drop:
        _drop(names, exam=exam)
    elif as_list:
        _list(names, as_json=as_json)
    else:
        wanted = {
            "exam": exam,
            "count": count,
            "minutes": minutes,
            "seed": seed,
            "new": new,
            "missed": missed,
        }
        _take(names, wanted, answers, as_json=as_json)


def _take(names: tuple[str, ...], wanted: dict[str, Any], answers: Path | None, *, as_json: bool) -> None:
    from course.learner.store import database
    from course.quizzes import sitting

    given = _read(answers) if answers is not None else None
    with database.opened() as connection:
        try:
            current = sitting.sit(connection, names, **wanted)
        except sitting.NothingMissed:
            click.echo(_("There is nothing that you missed the last time it was asked."))
            return
        if given is not None:
            _hand_in(current, given)
        if as_json:
            data = current.to_json(language.current())
            print_json(data)
            right = "credit" not in data or data["credit"] == data["answered"]
            sys.exit(0 if right else 1)
        from course.terminal import ask

        if given is not None and not current.over():
            click.echo(_("{answered} of {count} questions answered.").format(
                answered=sum(entry.given is not None for entry in current.entries()), count=len(current.entries())
            ))  # fmt: skip
            sys.exit(1)
        done = ask.take(current) if given is None else ask.say_end(current)
        if not done:
            options = " --exam" if current.exam else ""
            command = " ".join(["course quiz", *names]) + options
            text = _("Your answers are kept. To go on: {command}")
            if current.exam:
                text = _("Your answers are kept, and the clock runs on. To go on: {command}")
            click.echo(text.format(command=command))
        right = done and all(entry.given and entry.given.credit >= 1 for entry in current.entries())
        sys.exit(0 if right else 1)


def _drop(names: tuple[str, ...], *, exam: bool) -> None:
    from course.learner.store import database, quizzes

    with database.opened() as connection:
        latest = quizzes.latest(connection, "exam" if exam else "quiz", names)
        if latest is None or latest.finished is not None:
            raise click.UsageError(_("There is no unfinished quiz on these names."))
        quizzes.drop(connection, latest.id)
    click.echo(_("Given up. What you had answered stays with your progress."))


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
    from course.quizzes import judge, sitting

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
    from course.quizzes import bank

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
        print_json(rows)
        return
    from rich.table import Table

    from course.terminal import screen

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

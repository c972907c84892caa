"""Asking in a terminal: reads lines and single keys, judges at once or at the end, keeps every answer as it is given."""

from __future__ import annotations

import sqlite3
import sys
import time
from collections.abc import Callable, Sequence
from datetime import timedelta
from typing import overload

import click

from course.language import gettext as _
from course.learner.store import schedule
from course.learner.store.asked import Answer, Asked
from course.quizzes import judge, review, wording
from course.quizzes.judge import TopicScore
from course.quizzes.sitting import Sitting, sit
from course.terminal import quiz_screen, screen

_GLANCE = 0.05  # seconds between two looks at a keyboard that cannot be waited for

DO_NOT_KNOW = "?"
ANOTHER = ("v", "ㅍ")  # the same key on a Korean keyboard


class Another:
    """Instead of an answer: the question missed before, with other values."""


class TimeUp(Exception):
    """The limit passed while a line was being waited for."""


class Stopped(Exception):
    """The learner left: Ctrl-C, Ctrl-D, or no more input."""


def take(sitting: Sitting) -> bool:
    """Ask until the sitting is over; False where the learner left before. Everything answered is kept."""
    console = screen.console()
    entries = sitting.entries()
    _say_begin(sitting, len(entries), sum(entry.given is not None for entry in entries))
    missed: Asked | None = None
    try:
        while (entry := sitting.next()) is not None:
            console.print()
            console.print(quiz_screen.question(entry.asked, entry.position, len(entries)))
            answer = _answer(entry.asked, sitting, missed)
            if isinstance(answer, Another):
                assert missed is not None
                _other(sitting, missed)
                continue
            verdict = sitting.answer(entry, answer)
            if verdict is not None and not sitting.exam:
                console.print(quiz_screen.verdict(entry.asked, answer, verdict, console))
                missed = entry.asked if not verdict.right and entry.asked.values else None
                if missed is not None:
                    text = _("v: the same with other values, now or with {command}")
                    console.print(text.format(command=f"course quiz {missed.id} --new"), style="dim")
    except TimeUp:
        console.print()
        console.print(_("Time is up."), style="bold yellow")
    except (Stopped, KeyboardInterrupt):
        console.print()
        return False
    sitting.finish()
    return say_end(sitting)


def _other(sitting: Sitting, asked: Asked) -> None:
    """The same question with other values, kept as a quiz of its own."""
    console = screen.console()
    other = sit(sitting.connection, [asked.id], new=True, count=1)
    for entry in other.entries():
        console.print()
        console.print(quiz_screen.question(entry.asked, 1, 1))
        answer = _answer(entry.asked)
        verdict = other.answer(entry, answer)
        other.finish()
        if verdict is not None:
            console.print(quiz_screen.verdict(entry.asked, answer, verdict, console))


def again(
    sitting_id: int, questions: Sequence[Asked], connection: sqlite3.Connection
) -> list[TopicScore] | None:
    """Ask what is due, with the learner's confidence after every answer; the score by topic, None where the learner left."""
    console = screen.console()
    credits_: dict[str, list[float]] = {}
    try:
        for position, asked in enumerate(questions, start=1):
            console.print()
            console.print(quiz_screen.question(asked, position, len(questions)))
            answer = _answer(asked)
            confidence = _confidence() if answer is not None else None
            verdict = judge.judge(asked, answer)
            if review.answer(connection, sitting_id, asked, answer, confidence) is not None:
                credits_.setdefault(asked.topic, []).append(verdict.credit)
            console.print(quiz_screen.verdict(asked, answer, verdict, console))
    except (Stopped, KeyboardInterrupt):
        console.print()
        return None
    return [TopicScore(topic, len(found), sum(found)) for topic, found in credits_.items()]


def _say_begin(sitting: Sitting, count: int, answered: int) -> None:
    console = screen.console()
    names = ", ".join(sitting.session.names) or _("everything")
    facts = [names, _("questions: {count}").format(count=count)]
    left = sitting.left()
    if left is not None:
        facts += [_("exam"), _("{time} left").format(time=clock(left))]
    console.print(" · ".join(facts), style="bold")
    if sitting.resumed:
        text = _("Going on where you stopped: {answered} answered. (--new begins again.)")
        console.print(text.format(answered=answered), style="dim")
    if left is None:
        console.print(_("`?`: I do not know. Ctrl-C: stop here and go on later."), style="dim")
    else:
        console.print(_("`?`: I do not know. Ctrl-C leaves the exam, but its clock runs on."), style="dim")
        text = _(
            "Nothing is told before the end. It is an exam with yourself: the bank of questions is open to who looks."
        )
        console.print(text, style="dim")


def say_end(sitting: Sitting) -> bool:
    """The score, after an exam with every question and what was right; True."""
    console = screen.console()
    if sitting.exam:
        for entry in sitting.entries():
            answer = entry.given.answer if entry.given else None
            verdict = judge.judge(entry.asked, answer)
            console.print()
            console.print(quiz_screen.review(entry.asked, answer, verdict, entry.position, console))
    console.print()
    console.print(quiz_screen.summary(sitting.topics()))
    return True


def clock(left: timedelta) -> str:
    """Minutes and seconds."""
    seconds = round(left.total_seconds())
    return f"{seconds // 60}:{seconds % 60:02}"


@overload
def _answer(asked: Asked) -> Answer: ...
@overload
def _answer(asked: Asked, sitting: Sitting | None, missed: Asked | None) -> Answer | Another: ...
def _answer(asked: Asked, sitting: Sitting | None = None, missed: Asked | None = None) -> Answer | Another:
    """What the learner types, asked for again until it is an answer to this kind of question, or a wish for what was missed."""
    while True:
        left = sitting.left() if sitting is not None else None
        prompt = quiz_screen.prompt(asked)
        line = _line(f"[{clock(left)}] {prompt}: " if left is not None else f"{prompt}: ", left).strip()
        if line in (DO_NOT_KNOW, "？"):
            return None
        if missed is not None and line.casefold() in ANOTHER and asked.kind != "text":
            return Another()
        try:
            answer = judge.typed(asked, line)
        except judge.Unreadable:
            answer = None
        if answer is not None:
            return answer
        click.secho(
            _("That does not read as an answer here.") + " " + wording.how_to_write(asked), fg="yellow"
        )


def _line(prompt: str, left: timedelta | None) -> str:
    """A line from the keyboard; raises TimeUp and Stopped."""
    if left is None or not sys.stdin.isatty():
        try:
            line = input(prompt)
        except EOFError as error:
            raise Stopped from error
        return line
    if sys.platform == "win32":
        import msvcrt

        click.echo(prompt, nl=False)
        return typed(left, msvcrt.kbhit, msvcrt.getwch)
    import select

    sys.stdout.write(prompt)
    sys.stdout.flush()
    if not select.select([sys.stdin], [], [], left.total_seconds())[0]:
        import termios

        termios.tcflush(sys.stdin, termios.TCIFLUSH)
        raise TimeUp
    line = sys.stdin.readline()
    if not line:
        raise Stopped
    return line


def typed(left: timedelta, pressed: Callable[[], bool], key: Callable[[], str]) -> str:
    """A line from a console that tells single keys, each shown as it comes; raises TimeUp at its time, and Stopped."""
    end = time.monotonic() + left.total_seconds()
    line = ""
    while True:
        while not pressed():
            if time.monotonic() >= end:
                click.echo()
                raise TimeUp
            time.sleep(_GLANCE)
        found = key()
        if found in "\r\n":
            click.echo()
            return line
        if found in ("\x03", "\x1a"):  # Ctrl-C, and Ctrl-Z, which is the end of input there
            raise KeyboardInterrupt if found == "\x03" else Stopped
        if found in "\0\xe0":
            key()  # an arrow or a function key comes as two
        elif found == "\b":
            click.echo("\b \b" if line else "", nl=False)
            line = line[:-1]
        else:
            click.echo(found, nl=False)
            line += found


def _confidence() -> int:
    """How well it was known, one key: FSRS's again, hard, good or easy."""
    keys = dict(zip("1234", (schedule.AGAIN, schedule.HARD, schedule.GOOD, schedule.EASY), strict=True))
    keys |= dict(zip("ahge", keys.values(), strict=True)) | {"\r": schedule.GOOD, "\n": schedule.GOOD}
    prompt = _("How was it? 1 guessed · 2 hard · 3 good · 4 easy")
    while True:
        if not sys.stdin.isatty():
            key = (_line(f"{prompt}: ", None).strip() or "\n")[0]
        else:
            click.echo(f"{prompt}: ", nl=False)
            key = click.getchar()[:1]  # keys typed ahead come together
            if key in ("\x04", ""):
                raise Stopped
            click.echo(key if key.isprintable() else "")
        if key.lower() in keys:
            return keys[key.lower()]

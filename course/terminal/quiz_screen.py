"""How questions, feedback and scores look in a terminal."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from rich.console import Console, ConsoleOptions, Group, RenderableType, RenderResult
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from course import language
from course.language import Words
from course.language import gettext as _
from course.learner.store.asked import Answer, Asked
from course.quizzes import bank, picture, wording
from course.quizzes.judge import TopicScore, Verdict
from course.terminal import screen

_INDENT = (0, 0, 0, 2)
_MARKS = re.compile(r"[`$*_<>#&|~\[\]\\\n]|^\s*([-+]|\d+[.)])(\s|$)")


def question(asked: Asked, position: int, count: int) -> RenderableType:
    """A question as it is asked, under a line that says where one is."""
    code = language.current()
    topics = bank.topics()
    title = topics[asked.topic].title(code) if asked.topic in topics else asked.topic
    level = (_("recall"), _("understand"), _("apply"))[asked.difficulty - 1]
    head = Text.assemble((f"{position}/{count}", "bold"), f" · {title} · {level}", style="dim")
    parts: list[RenderableType] = [head, _rendered(_with_code(asked, code)), *_picture(asked, code)]
    if asked.left:
        parts += [Text(), _listed([side[code] for side in asked.left], wording.LETTERS), Text()]
    shown = [choice.words[code] for choice in asked.choices]
    shown += [item[code] for item in (*asked.items, *asked.right)]
    if shown:
        parts += [] if asked.left else [Text()]
        parts.append(_listed(shown, [str(number) for number in range(1, len(shown) + 1)]))
    return Group(*parts)


def prompt(asked: Asked) -> str:
    """What to type for this kind of question."""
    count = len(asked.choices or asked.items or asked.right)
    match asked.kind:
        case "multiple":
            return _("All right ones, such as 1 3")
        case "numeric":
            unit = asked.unit[language.current()] if asked.unit else ""
            return _("A number ({unit})").format(unit=unit) if unit else _("A number")
        case "text":
            return _("A word or two")
        case "order":
            return _("All numbers in order, such as 2 1 3")
        case "match":
            return _("A number for each letter, such as A2 B1 C3")
    return _("Your choice, 1 to {count}").format(count=count)


def verdict(asked: Asked, answer: Answer, found: Verdict, target: Console) -> RenderableType:
    """What to say at once: right or not, the chosen wrong choices' own explanations, the right answer, the explanation."""
    code = language.current()
    parts: list[RenderableType] = [_judged(found, answer, target)]
    options = wording.options(asked, answer, code)
    if options and asked.kind != "true_false":
        return Group(*parts, _options(options, target), Text(), _indented(asked.explanation))
    if answer is not None and not found.right:
        parts += [_indented(why) for why in found.whys]
    if not found.right:
        parts += [Text(_("The right answer:"), style="bold"), _answer(wording.key_lines(asked, code)), Text()]
    parts.append(_indented(asked.explanation))
    return Group(*parts)


def review(asked: Asked, answer: Answer, found: Verdict, position: int, target: Console) -> RenderableType:
    """A question of an exam that is over: what was asked, answered, and right."""
    code = language.current()
    parts: list[RenderableType] = [
        Text(f"{position}.", style="bold"),
        _rendered(_with_code(asked, code)),
        *_picture(asked, code),
    ]
    if answer is not None:
        parts += [Text(_("Your answer:"), style="bold"), _answer(wording.lines(asked, answer, code))]
    return Group(*parts, verdict(asked, answer, found, target))


def summary(scores: Sequence[TopicScore]) -> RenderableType:
    """The score by topic and in all."""
    topics = bank.topics()
    table = Table.grid(padding=(0, 2, 0, 0))
    table.add_column(overflow="fold")
    table.add_column(justify="right")
    table.add_column(justify="right")
    for score in scores:
        title = topics[score.topic].title(language.current()) if score.topic in topics else score.topic
        style = "green" if score.credit == score.questions else ""
        share = Text(wording.percent(score), style=style)
        table.add_row(title, f"{wording.points(score.credit)}/{score.questions}", share)
    full = bool(scores) and all(score.credit == score.questions for score in scores)
    return Group(table, Text(wording.in_all(scores), style="bold green" if full else "bold"))


def _judged(found: Verdict, answer: Answer, target: Console) -> Text:
    utf = target.encoding.lower().startswith("utf")
    if found.right:
        return Text(("✓ " if utf else "+ ") + _("Right"), style="bold green")
    if answer is None:
        return Text("· " + _("No answer"), style="bold yellow")
    if found.credit:
        share = f"{found.credit:.0%}"
        return Text("~ " + _("Partly right: {percent}").format(percent=share), style="bold yellow")
    return Text(("✗ " if utf else "x ") + _("Not right"), style="bold red")


def _options(options: Sequence[dict[str, Any]], target: Console) -> RenderableType:
    """Every choice: a sign whether it is right, a mark whether it was taken, and why it is wrong."""
    utf = target.encoding.lower().startswith("utf")
    yes, no, mine = ("✓", "✗", "▸") if utf else ("+", "x", ">")
    table = screen.grid()
    for _column in range(2):
        table.add_column(min_width=1)
    table.add_column(overflow="fold")
    for one in options:
        sign = Text(yes, style="green") if one["right"] else Text(no, style="red")
        table.add_row(mine if one["chosen"] else " ", sign, _rendered(_plain_start(one["words"])))
        if one["why"]:
            why = _rendered(one["why"])
            table.add_row(
                "", "", Padding(Text(why.plain, style="dim") if isinstance(why, Text) else why, (0, 0, 0, 2))
            )
    legend = _("{sign}: what you took").format(sign=mine)
    return Padding(Group(table, Text(legend, style="dim")), _INDENT)


def _picture(asked: Asked, code: str) -> list[RenderableType]:
    if not asked.picture:
        return []
    return [Text(), Padding(_Drawn(asked.picture, code), _INDENT)]


class _Drawn:
    """A picture in characters, as wide as there is room."""

    def __init__(self, drawing: picture.Picture, code: str) -> None:
        self._drawing, self._code = drawing, code

    def __rich_console__(self, _console: Console, options: ConsoleOptions) -> RenderResult:
        yield Text(picture.text(self._drawing, self._code, options.max_width), no_wrap=True)


def _with_code(asked: Asked, code: str) -> str:
    text = asked.text[code]
    return f"{text}\n\n```python\n{asked.code.strip()}\n```\n" if asked.code else text


def _rendered(text: str) -> RenderableType:
    """Markdown as something to print; words without any mark do without loading what renders it, most of the start."""
    if not _MARKS.search(text):
        return Text(text)
    from course.terminal import markdown

    return markdown.render(text)


def _listed(texts: Sequence[str], signs: Sequence[str]) -> RenderableType:
    table = screen.grid()
    table.add_column(justify="right", min_width=3, style="cyan")
    table.add_column(overflow="fold")
    for sign, text in zip(signs, texts, strict=False):
        table.add_row(sign, _rendered(text))
    return table


def _answer(lines: Sequence[str]) -> RenderableType:
    return Padding(Group(*(_rendered(_plain_start(line)) for line in lines)), _INDENT)


def _plain_start(line: str) -> str:
    """A line that begins like a list is none: "1. build" keeps its number, "-3" its minus."""
    number, dot, rest = line.partition(". ")
    return f"{number}\\. {rest}" if dot and number.isdigit() else line


def _indented(words: Words) -> RenderableType:
    return Padding(_rendered(words[language.current()]), _INDENT)

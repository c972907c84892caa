"""A quiz in Python: with ipywidgets in a notebook that has them, as plain text everywhere else."""

from __future__ import annotations

import contextlib
import html
import re
from typing import Any

from course import language
from course.language import Words
from course.language import gettext as _
from course.learner.store import database
from course.learner.store.asked import Answer, Asked
from course.learner.store.quizzes import Entry
from course.quizzes import bank, judge, picture, wording
from course.quizzes.sitting import Sitting, sit


def take(*names: str, count: int | None = None, seed: int | None = None, new: bool = False) -> None:
    """See course.quiz."""
    with contextlib.ExitStack() as stack:
        connection = stack.enter_context(database.opened())
        sitting = sit(connection, names, count=count, seed=seed, new=new)
        if not _has_widgets():
            from course.terminal import ask

            ask.take(sitting)
            return
        from IPython.display import display

        # The cell ends and the quiz goes on: the store stays open as long as the widget lives.
        kept = stack.pop_all()
    quiz = Quiz(sitting)
    quiz.kept = kept
    display(quiz.box)


def _has_widgets() -> bool:
    try:
        import ipywidgets  # noqa: F401
        from IPython import get_ipython
    except ImportError:
        return False
    shell = get_ipython()
    return shell is not None and hasattr(shell, "kernel")


class Quiz:
    """The widget: one question, a button to answer, the feedback, a button to go on, the score."""

    def __init__(self, sitting: Sitting) -> None:
        import ipywidgets as widgets

        self.widgets: Any = widgets
        self.sitting = sitting
        self.entry: Entry | None = None
        self.kept: contextlib.ExitStack | None = None  # what lives as long as the quiz
        self.question = widgets.VBox()
        self.feedback = widgets.VBox()
        self.submit = widgets.Button(description=_("Answer"), button_style="primary")
        self.skip = widgets.Button(description=_("I do not know"))
        self.forward = widgets.Button(description=_("Next question"))
        self.submit.on_click(lambda _button: self.answer())
        self.skip.on_click(lambda _button: self.judge(None))
        self.forward.on_click(lambda _button: self.ask())
        self.buttons = widgets.HBox()
        self.box = widgets.VBox([self.question, self.buttons, self.feedback])
        self.inputs: list[Any] = []
        self.ask()

    def ask(self) -> None:
        """Show the next question, or the score."""
        self.entry = self.sitting.next()
        self.feedback.children = ()
        if self.entry is None:
            self.sitting.finish()
            self.question.children = (self._html(self._score()),)
            self.buttons.children = ()
            return
        asked = self.entry.asked
        self.inputs = self._inputs(asked)
        head = f"{self.entry.position}/{len(self.sitting.entries())} · {_topic(asked.topic)}"
        parts = [self._html(f"<small>{html.escape(head)}</small>"), self._text(asked.text)]
        if asked.code:
            parts.append(self._html(f"<pre>{html.escape(asked.code)}</pre>"))
        if asked.picture:
            parts.append(self._html(picture.svg(asked.picture, language.current())))
        listed = self._listed(asked)
        if listed:
            parts.append(self._html(_numbered(listed)))
        self.question.children = (*parts, *self.inputs)
        self.buttons.children = (self.submit, self.skip)

    def answer(self) -> None:
        """Read the inputs; asks again where they are no answer."""
        assert self.entry is not None
        try:
            answer = judge.checked(self.entry.asked, self._given(self.entry.asked))
        except judge.Unreadable:
            answer = None
        if answer is None:
            self.feedback.children = (
                self._html(
                    html.escape(
                        _("That does not read as an answer here.")
                        + " "
                        + wording.how_to_write(self.entry.asked)
                    )
                ),
            )
            return
        self.judge(answer)

    def judge(self, answer: Answer) -> None:
        """Keep the answer and say what it earned."""
        assert self.entry is not None
        code, asked = language.current(), self.entry.asked
        verdict = self.sitting.answer(self.entry, answer) or judge.judge(asked, answer)
        if verdict.right:
            parts = [self._html(f"<b>✓ {html.escape(_('Right'))}</b>")]
        else:
            said = (
                _("Partly right: {percent}").format(percent=f"{verdict.credit:.0%}")
                if verdict.credit
                else _("Not right")
            )
            key = "<br>".join(_inline(line) for line in wording.key_lines(asked, code))
            parts = [self._html(f"<b>✗ {html.escape(said)}</b>"), *(self._text(why) for why in verdict.whys)]
            parts.append(self._html(f"<b>{html.escape(_('The right answer:'))}</b> {key}"))
        options = wording.options(asked, answer, code) if asked.kind != "true_false" else []
        if options:
            parts = [parts[0], self._html(_reasons(options))]
        self.feedback.children = (*parts, self._text(asked.explanation))
        self.buttons.children = (self.forward,)

    def _listed(self, asked: Asked) -> list[str]:
        """What stands in a numbered list, since a control cannot show it: items to order, choices with equations or code."""
        code = language.current()
        items = asked.items or asked.right
        texts = [item[code] for item in items] or [choice.words[code] for choice in asked.choices]
        return texts if asked.items or any("$" in text or "`" in text for text in texts) else []

    def _inputs(self, asked: Asked) -> list[Any]:
        widgets, code = self.widgets, language.current()
        listed = bool(self._listed(asked))

        def label(words: Words, place: int) -> str:
            return str(place) if listed else words[code]

        wide = widgets.Layout(width="auto")
        match asked.kind:
            case "single" | "code" | "true_false":
                options = [
                    (label(choice.words, place), place) for place, choice in enumerate(asked.choices, start=1)
                ]
                return [widgets.RadioButtons(options=options, value=None, layout=wide)]
            case "multiple":
                return [
                    widgets.Checkbox(description=label(choice.words, place), indent=False, layout=wide)
                    for place, choice in enumerate(asked.choices, start=1)
                ]
            case "match":
                options = [(label(side, place), place) for place, side in enumerate(asked.right, start=1)]
                style = {"description_width": "initial"}
                return [
                    widgets.Dropdown(
                        options=options, value=None, description=side[code], style=style, layout=wide
                    )
                    for side in asked.left
                ]
        hint = (asked.unit[code] if asked.unit else "") or ("2 1 3 …" if asked.kind == "order" else "")
        return [widgets.Text(placeholder=hint)]

    def _given(self, asked: Asked) -> Any:
        values = [entry.value for entry in self.inputs]
        match asked.kind:
            case "multiple":
                return [place for place, chosen in enumerate(values, start=1) if chosen] or None
            case "true_false":
                return None if values[0] is None else values[0] == 1
            case "match":
                return values
        return values[0]

    def _score(self) -> str:
        rows = "".join(
            f"<tr><td>{html.escape(_topic(score.topic))}</td><td>{score.credit:.2g}/{score.questions}</td></tr>"
            for score in self.sitting.topics()
        )
        return f"<table>{rows}</table>"

    def _text(self, words: Words) -> Any:
        return self._html(f"<p>{_inline(words[language.current()])}</p>")

    def _html(self, text: str) -> Any:
        return self.widgets.HTMLMath(value=text)


def _reasons(options: list[dict[str, Any]]) -> str:
    """Every choice with whether it is right, whether it was taken, and why it is wrong."""
    lines = []
    for one in options:
        mine = f" <b>({html.escape(_('your answer'))})</b>" if one["chosen"] else ""
        why = f"<br><small>{_inline(one['why'])}</small>" if one["why"] else ""
        lines.append(f"<li>{'✓' if one['right'] else '✗'} {_inline(one['words'])}{mine}{why}</li>")
    return f"<ul>{''.join(lines)}</ul>"


def _topic(slug: str) -> str:
    topics = bank.topics()
    return topics[slug].title(language.current()) if slug in topics else slug


def _inline(markdown: str) -> str:
    """HTML of one line of Markdown; $…$ goes through untouched, for MathJax."""
    from markdown_it import MarkdownIt

    renderer = MarkdownIt("commonmark", {"html": False})
    parts = re.split(r"(\$[^$]+\$)", markdown)
    return "".join(html.escape(p) if p.startswith("$") else renderer.renderInline(p) for p in parts)


def _numbered(texts: list[str]) -> str:
    return "<ol>" + "".join(f"<li>{_inline(text)}</li>" for text in texts) + "</ol>"

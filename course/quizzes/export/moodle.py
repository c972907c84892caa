"""Moodle XML: every kind has its Moodle type, variants lie in a category of their own for Moodle to pick one from."""

from __future__ import annotations

from collections.abc import Sequence
from xml.dom.minidom import Document, Element, getDOMImplementation

from course.language import gettext as _
from course.quizzes.export.item import Choice, Export, Item, Losses, by_question, shown
from course.quizzes.export.markup import html, plain, question_html

_TYPES = {
    "single": "multichoice", "multiple": "multichoice", "true_false": "truefalse", "numeric": "numerical",
    "text": "shortanswer", "order": "ordering", "match": "matching",
}  # fmt: skip


def write(items: Sequence[Item], title: str) -> Export:
    """All questions in one file."""
    implementation = getDOMImplementation()
    assert implementation is not None
    document = implementation.createDocument(None, "quiz", None)
    losses = Losses()
    here = ""
    for group in by_question(items):
        place = title + (f"/{group[0].asked.id}" if group[0].variant else "")
        if place != here:
            _category(document, place)
            here = place
        for item in group:
            _Question(document, item).write()
            losses.common(item)
            if item.kind == "order":
                losses.note(_("Needs Moodle 4.4 or newer, or the plugin qtype_ordering."), item)
            if item.kind == "match":
                losses.plain_sides(item)
    return Export(bytes(document.toprettyxml(indent=" ", encoding="UTF-8")), losses.found)


def _category(document: Document, place: str) -> None:
    assert document.documentElement is not None
    question = document.createElement("question")
    question.setAttribute("type", "category")
    document.documentElement.appendChild(question)
    text = document.createElement("text")
    text.appendChild(document.createTextNode(f"$course$/top/{place}"))
    category = document.createElement("category")
    category.appendChild(text)
    question.appendChild(category)


class _Question:
    """Writes one question element."""

    def __init__(self, document: Document, item: Item) -> None:
        self.document = document
        self.item = item
        self.element = document.createElement("question")

    def write(self) -> None:
        item = self.item
        assert self.document.documentElement is not None
        self.document.documentElement.appendChild(self.element)
        self.element.setAttribute("type", _TYPES[item.kind])
        self._text(self._add(self.element, "name"), item.name)
        self._html(self.element, "questiontext", question_html(item))
        self._html(self.element, "generalfeedback", html(item.explanation))
        self._leaf("defaultgrade", "1")
        self._leaf("hidden", "0")
        match item.kind:
            case "single" | "multiple":
                self._choices()
            case "true_false":
                for choice, word in zip(item.choices, ("true", "false"), strict=True):
                    self._answer(100 if choice.correct else 0, word, choice.why)
            case "numeric":
                self._number()
            case "text":
                self._leaf("usecase", "0")
                for form in item.forms:
                    self._answer(100, form.replace("*", r"\*"))
            case "order":
                self._order()
            case "match":
                self._match()
        tags = self._add(self.element, "tags")
        for tag in (item.asked.topic, f"difficulty_{item.asked.difficulty}"):
            self._text(self._add(tags, "tag"), tag)

    def _choices(self) -> None:
        item = self.item
        self._leaf("single", "false" if item.kind == "multiple" else "true")
        self._leaf("shuffleanswers", "true")
        self._leaf("answernumbering", "ABCD")
        for choice in item.choices:
            self._answer(self._share(choice), html(choice.words), choice.why, as_html=True)

    def _share(self, choice: Choice) -> float:
        if choice.correct:
            return 100 / self.item.right_choices
        return -100 / self.item.right_choices if self.item.kind == "multiple" else 0

    def _number(self) -> None:
        item = self.item
        answers = [(100, item.number, item.room, "")] + [(0, *mistake) for mistake in item.mistakes]
        for fraction, value, room, why in answers:
            self._leaf("tolerance", shown(room), self._answer(fraction, shown(value), why))
        if item.unit:
            unit = self._add(self._add(self.element, "units"), "unit")
            self._leaf("multiplier", "1", unit)
            self._leaf("unit_name", item.unit, unit)
        # 0: the unit may be typed and earns nothing; 3: there is none.
        self._leaf("unitgradingtype", "0")
        self._leaf("unitpenalty", "0")
        self._leaf("showunits", "0" if item.unit else "3")
        self._leaf("unitsleft", "0")

    def _order(self) -> None:
        for name, value in (
            ("layouttype", "VERTICAL"),
            ("selecttype", "ALL"),
            ("selectcount", "0"),
            ("gradingtype", "RELATIVE_NEXT_EXCLUDE_LAST"),
            ("showgrading", "SHOW"),
            ("numberingstyle", "none"),
        ):
            self._leaf(name, value)
        for words in self.item.in_order:
            self._answer(100, html(words), as_html=True)

    def _match(self) -> None:
        self._leaf("shuffleanswers", "true")
        left, right, key = self.item.sides
        for words, place in zip(left, key, strict=True):
            pair = self._html(self.element, "subquestion", html(words))
            self._text(self._add(pair, "answer"), plain(right[place]))

    def _answer(self, fraction: float, text: str, why: str = "", *, as_html: bool = False) -> Element:
        if as_html:
            answer = self._html(self.element, "answer", text)
        else:
            answer = self._add(self.element, "answer")
            answer.setAttribute("format", "moodle_auto_format")
            self._text(answer, text)
        answer.setAttribute("fraction", f"{fraction:.5f}".rstrip("0").rstrip("."))
        if why:
            self._html(answer, "feedback", html(why))
        return answer

    def _add(self, parent: Element, tag: str) -> Element:
        child = self.document.createElement(tag)
        parent.appendChild(child)
        return child

    def _leaf(self, tag: str, text: str, parent: Element | None = None) -> None:
        self._add(parent or self.element, tag).appendChild(self.document.createTextNode(text))

    def _text(self, parent: Element, text: str) -> None:
        self._leaf("text", text, parent)

    def _html(self, parent: Element, tag: str, text: str) -> Element:
        child = self._add(parent, tag)
        child.setAttribute("format", "html")
        self._add(child, "text").appendChild(self.document.createCDATASection(text))
        return child

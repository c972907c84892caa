"""QTI 2.1: a zip of a manifest, a test, and a file a question. Its scoring keeps everything but spellings and the unit."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from xml.etree import ElementTree as ET

from course.quizzes.export.item import Export, Item, Losses, by_question, shown
from course.quizzes.export.markup import add, html, question_html, xml, zipped

_SPACE = "http://www.imsglobal.org/xsd/imsqti_v2p1"
_SCHEMA = f"{_SPACE} {_SPACE}.xsd"
_INSTANCE = "http://www.w3.org/2001/XMLSchema-instance"
_ROOM_SLACK = 1e-9


def write(items: Sequence[Item], title: str) -> Export:
    """One test; of a question's variants it selects one."""
    losses = Losses()
    files = {"imsmanifest.xml": xml(_manifest(items, title)), "test.xml": xml(_test(items, title))}
    for item in items:
        files[_path(item)] = xml(_item(item), indent=False)
        losses.common(item)
        losses.unit(item)
    return Export(zipped(files), losses.found)


def _path(item: Item) -> str:
    return f"items/{item.name}.xml"


def _manifest(items: Sequence[Item], title: str) -> ET.Element:
    root = ET.Element(
        "manifest", identifier=f"{title}-manifest", xmlns="http://www.imsglobal.org/xsd/imscp_v1p1"
    )
    metadata = add(root, "metadata")
    add(metadata, "schema", "QTIv2.1 Package")
    add(metadata, "schemaversion", "1.0.0")
    add(root, "organizations")
    resources = add(root, "resources")
    test = add(resources, "resource", identifier="test", type="imsqti_test_xmlv2p1", href="test.xml")
    add(test, "file", href="test.xml")
    for item in items:
        add(test, "dependency", identifierref=item.name)
        path = _path(item)
        resource = add(resources, "resource", identifier=item.name, type="imsqti_item_xmlv2p1", href=path)
        add(resource, "file", href=path)
    return root


def _root(tag: str, **attributes: str) -> ET.Element:
    spaces = {"xmlns": _SPACE, "xmlns:xsi": _INSTANCE, "xsi:schemaLocation": _SCHEMA}
    return ET.Element(tag, spaces | attributes)


def _test(items: Sequence[Item], title: str) -> ET.Element:
    root = _root("assessmentTest", identifier=title, title=title)
    part = add(root, "testPart", identifier="part", navigationMode="nonlinear", submissionMode="individual")
    section = add(part, "assessmentSection", identifier="all", title=title, visible="true")
    for group in by_question(items):
        place = section
        if group[0].variant:
            name = group[0].asked.id
            place = add(section, "assessmentSection", identifier=f"{name}_any", title=name, visible="false")
            add(place, "selection", select="1")
        for item in group:
            category = f"{item.asked.topic} difficulty_{item.asked.difficulty}"
            add(place, "assessmentItemRef", identifier=item.name, href=_path(item), category=category)
    return root


class _Parts:
    """A question's file in the order the schema wants: declarations, body, scoring, feedback."""

    def __init__(self, item: Item) -> None:
        self.item = item
        self.root = _root("assessmentItem", identifier=item.name, title=item.name, adaptive="false",
                          timeDependent="false", **{"xml:lang": item.language})  # fmt: skip
        self.body = ET.Element("itemBody")
        self.body.append(_markup("div", question_html(item)))
        self.processing = ET.Element("responseProcessing")
        self.feedback: list[ET.Element] = []

    def declare(
        self, cardinality: str, base: str, correct: Sequence[str], values: dict[str, float]
    ) -> ET.Element:
        """The response, what is right, and what each part of it earns."""
        kind = {"cardinality": cardinality, "baseType": base}
        declared = add(self.root, "responseDeclaration", None, identifier="RESPONSE", **kind)
        response = add(declared, "correctResponse")
        for value in correct:
            add(response, "value", value)
        if values:
            mapping = add(declared, "mapping", lowerBound="0", upperBound="1", defaultValue="0")
            for key, credit in values.items():
                case = {"caseSensitive": "false"} if base == "string" else {}
                add(mapping, "mapEntry", None, mapKey=key, mappedValue=repr(credit), **case)
            score = add(self.processing, "setOutcomeValue", identifier="SCORE")
            add(score, "mapResponse", identifier="RESPONSE")
        return declared

    def write_text(self, name: str, text: str) -> None:
        """A text that stands under this name."""
        attributes = {"outcomeIdentifier": "FEEDBACK", "identifier": name, "showHide": "show"}
        modal = _markup("modalFeedback", html(text))
        modal.attrib = attributes
        self.feedback.append(modal)

    def tell(self, parent: ET.Element, name: str) -> None:
        """Show the text of this name."""
        told = add(parent, "setOutcomeValue", identifier="FEEDBACK")
        both = add(told, "multiple")
        add(both, "variable", identifier="FEEDBACK")
        add(both, "baseValue", name, baseType="identifier")

    def whole(self) -> ET.Element:
        """The file."""
        self.tell(self.processing, "explanation")
        self.write_text("explanation", self.item.explanation)
        for name, cardinality, base in (("SCORE", "single", "float"), ("FEEDBACK", "multiple", "identifier")):
            kind = {"cardinality": cardinality, "baseType": base}
            declared = add(self.root, "outcomeDeclaration", None, identifier=name, **kind)
            if name == "SCORE":
                add(add(declared, "defaultValue"), "value", "0")
        self.root.extend([self.body, self.processing, *self.feedback])
        return self.root


def _item(item: Item) -> ET.Element:
    parts = _Parts(item)
    match item.kind:
        case "single" | "multiple" | "true_false":
            _choices(parts)
        case "numeric":
            _number(parts)
        case "text":
            forms = item.forms
            parts.declare("single", "string", forms[:1], dict.fromkeys(forms, 1.0))
            add(add(parts.body, "p"), "textEntryInteraction", responseIdentifier="RESPONSE")
        case "order":
            _order(parts)
        case "match":
            _match(parts)
    return parts.whole()


def _choices(parts: _Parts) -> None:
    item = parts.item
    several = item.kind == "multiple"
    right = [f"c{number}" for number, choice in enumerate(item.choices, start=1) if choice.correct]
    values = {
        f"c{n}": (1 if choice.correct else -1) / len(right) for n, choice in enumerate(item.choices, start=1)
    }
    parts.declare("multiple" if several else "single", "identifier", right, values)
    interaction = add(
        parts.body, "choiceInteraction", responseIdentifier="RESPONSE", shuffle="true" if item.kind != "true_false" else "false",
        maxChoices="0" if several else "1",
    )  # fmt: skip
    for number, choice in enumerate(item.choices, start=1):
        _choice(interaction, "simpleChoice", f"c{number}", choice.words)
        if choice.why:
            parts.write_text(f"c{number}", choice.why)
            branch = add(add(parts.processing, "responseCondition"), "responseIf")
            chosen = add(branch, "member" if several else "match")
            add(chosen, "baseValue", f"c{number}", baseType="identifier")
            add(chosen, "variable", identifier="RESPONSE")
            parts.tell(branch, f"c{number}")


def _number(parts: _Parts) -> None:
    item = parts.item
    parts.declare("single", "float", [shown(item.number)], {})
    entry = add(
        add(parts.body, "p"), "textEntryInteraction", responseIdentifier="RESPONSE", expectedLength="12"
    )
    entry.tail = f" {item.unit}" if item.unit else None
    condition = add(parts.processing, "responseCondition")
    branch = add(condition, "responseIf")
    _equal(branch, item.number, item.room)
    add(add(branch, "setOutcomeValue", identifier="SCORE"), "baseValue", "1", baseType="float")
    for number, (value, room, why) in enumerate(item.mistakes, start=1):
        branch = add(condition, "responseElseIf")
        _equal(branch, value, room)
        parts.tell(branch, f"m{number}")
        parts.write_text(f"m{number}", why)


def _equal(parent: ET.Element, value: float, room: float) -> None:
    mode = {"toleranceMode": "exact"}
    if room:
        wide = shown(room + _ROOM_SLACK * max(abs(value), room))
        mode = {"toleranceMode": "absolute", "tolerance": f"{wide} {wide}"}
    equal = add(parent, "equal", None, **mode)
    add(equal, "variable", identifier="RESPONSE")
    add(equal, "baseValue", shown(value), baseType="float")


def _order(parts: _Parts) -> None:
    key = parts.item.asked.key
    assert isinstance(key, list)
    names = [f"i{place}" for place in key]
    parts.declare("ordered", "identifier", names, {})
    interaction = add(parts.body, "orderInteraction", responseIdentifier="RESPONSE", shuffle="true")
    for number, words in enumerate(parts.item.shown_items, start=1):
        _choice(interaction, "simpleChoice", f"i{number}", words)
    # Each pair of neighbours that stands anywhere in the response earns its share.
    for first, second in itertools.pairwise(names):
        branch = add(add(parts.processing, "responseCondition"), "responseIf")
        anywhere = add(branch, "or")
        for place in range(1, len(names)):
            both = add(anywhere, "and")
            for at, name in ((place, first), (place + 1, second)):
                same = add(both, "match")
                add(add(same, "index", n=str(at)), "variable", identifier="RESPONSE")
                add(same, "baseValue", name, baseType="identifier")
        total = add(add(branch, "setOutcomeValue", identifier="SCORE"), "sum")
        add(total, "variable", identifier="SCORE")
        add(total, "baseValue", repr(1 / (len(names) - 1)), baseType="float")


def _match(parts: _Parts) -> None:
    left, right, key = parts.item.sides
    pairs = [f"l{number} r{place + 1}" for number, place in enumerate(key, start=1)]
    parts.declare("multiple", "directedPair", pairs, dict.fromkeys(pairs, 1 / len(pairs)))
    interaction = add(parts.body, "matchInteraction", responseIdentifier="RESPONSE", shuffle="true",
                      maxAssociations=str(len(pairs)))  # fmt: skip
    for start, side in (("l", left), ("r", right)):
        group = add(interaction, "simpleMatchSet")
        for number, words in enumerate(side, start=1):
            _choice(group, "simpleAssociableChoice", f"{start}{number}", words).set("matchMax", "1")


def _choice(parent: ET.Element, tag: str, name: str, words: str) -> ET.Element:
    element = _markup(tag, html(words))
    element.set("identifier", name)
    parent.append(element)
    return element


def _markup(tag: str, text: str) -> ET.Element:
    return ET.fromstring(f"<{tag}>{text}</{tag}>")  # noqa: S314  our own HTML

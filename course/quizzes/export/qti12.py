"""QTI 1.2 as Canvas writes and reads it: a zip of a manifest, the quiz's settings, and the questions."""

from __future__ import annotations

from collections.abc import Sequence
from xml.etree import ElementTree as ET

from course.language import gettext as _
from course.quizzes.export.item import Export, Item, Losses, bounds, by_question, shown
from course.quizzes.export.markup import add, html, plain, question_html, xml, zipped

_TYPES = {
    "single": "multiple_choice_question", "multiple": "multiple_answers_question",
    "true_false": "true_false_question", "numeric": "numerical_question", "text": "short_answer_question",
    "order": "matching_question", "match": "matching_question",
}  # fmt: skip
_RESPONSE = "response1"


def write(items: Sequence[Item], title: str) -> Export:
    """One quiz; of a question's variants Canvas asks one."""
    losses = Losses()
    ident = f"quiz_{title.replace('-', '_')}"
    root = ET.Element("questestinterop", xmlns="http://www.imsglobal.org/xsd/ims_qtiasiv1p2")
    assessment = add(root, "assessment", ident=ident, title=title)
    section = add(assessment, "section", ident="root_section")
    groups = by_question(items)
    for group in groups:
        place = _variants(section, group[0]) if group[0].variant else section
        for item in group:
            _item(place, item)
            _note(item, losses)
    files = {
        "imsmanifest.xml": xml(_manifest(ident)),
        f"{ident}/assessment_meta.xml": xml(_settings(ident, title, len(groups))),
        f"{ident}/{ident}.xml": xml(root),
    }
    return Export(zipped(files), losses.found)


def _note(item: Item, losses: Losses) -> None:
    losses.common(item)
    losses.unit(item)
    match item.kind:
        case "multiple":
            text = _(
                "All or nothing by the file itself; Canvas gives the same partial credit by its own rule."
            )
            losses.note(text, item)
        case "numeric":
            losses.note(_("What to say about expected wrong values is left out."), item)
        case "order":
            losses.positions(item)
        case "match":
            losses.plain_sides(item)


def _variants(section: ET.Element, item: Item) -> ET.Element:
    group = add(section, "section", ident=f"{item.asked.id}_group", title=item.asked.id)
    selection = add(add(group, "selection_ordering"), "selection")
    add(selection, "selection_number", "1")
    add(add(selection, "selection_extension"), "points_per_item", "1")
    return group


def _item(parent: ET.Element, item: Item) -> None:
    element = add(parent, "item", ident=item.name, title=item.name)
    fields = add(add(element, "itemmetadata"), "qtimetadata")
    for label, entry in {
        "question_type": _TYPES[item.kind],
        "points_possible": "1",
        "topic": item.asked.topic,
        "difficulty": str(item.asked.difficulty),
    }.items():
        pair = add(fields, "qtimetadatafield")
        add(pair, "fieldlabel", label)
        add(pair, "fieldentry", entry)
    presentation = add(element, "presentation")
    _material(presentation, question_html(item))
    processing = add(element, "resprocessing")
    add(
        add(processing, "outcomes"),
        "decvar",
        maxvalue="100",
        minvalue="0",
        varname="SCORE",
        vartype="Decimal",
    )
    _said(add(add(_condition(processing, "Yes"), "conditionvar"), "other"), processing, "general_fb")
    _feedback(element, "general_fb", item.explanation)
    match item.kind:
        case "single" | "multiple" | "true_false":
            _choices(element, presentation, processing, item)
        case "numeric" | "text":
            response = add(presentation, "response_str", ident=_RESPONSE, rcardinality="Single")
            kind = {"fibtype": "Decimal"} if item.kind == "numeric" else {}
            add(add(response, "render_fib", None, **kind), "response_label", ident="answer1", rshuffle="No")
            _typed(processing, item)
        case _:
            _sides(presentation, processing, item)


def _choices(element: ET.Element, presentation: ET.Element, processing: ET.Element, item: Item) -> None:
    cardinality = "Multiple" if item.kind == "multiple" else "Single"
    response = add(presentation, "response_lid", ident=_RESPONSE, rcardinality=cardinality)
    shown_choices = add(response, "render_choice")
    idents = [f"{item.name}_c{number}" for number in range(1, len(item.choices) + 1)]
    for ident, choice in zip(idents, item.choices, strict=True):
        _material(add(shown_choices, "response_label", ident=ident), html(choice.words))
        if choice.why:
            told = add(_condition(processing, "Yes"), "conditionvar")
            _said(add(told, "varequal", ident, respident=_RESPONSE), processing, f"{ident}_fb")
            _feedback(element, f"{ident}_fb", choice.why)
    right = _condition(processing, "No")
    conditions = add(right, "conditionvar")
    if item.kind == "multiple":
        conditions = add(conditions, "and")
    for ident, choice in zip(idents, item.choices, strict=True):
        if choice.correct:
            add(conditions, "varequal", ident, respident=_RESPONSE)
        elif item.kind == "multiple":
            add(add(conditions, "not"), "varequal", ident, respident=_RESPONSE)
    add(right, "setvar", "100", action="Set", varname="SCORE")


def _typed(processing: ET.Element, item: Item) -> None:
    right = _condition(processing, "No")
    conditions = add(right, "conditionvar")
    if item.kind == "text":
        for form in item.forms:
            add(conditions, "varequal", form, respident=_RESPONSE)
    else:
        either = add(conditions, "or")
        add(either, "varequal", shown(item.number), respident=_RESPONSE)
        within = add(either, "and")
        low, high = bounds(item.number, item.room)
        add(within, "vargte", shown(low), respident=_RESPONSE)
        add(within, "varlte", shown(high), respident=_RESPONSE)
    add(right, "setvar", "100", action="Set", varname="SCORE")


def _sides(presentation: ET.Element, processing: ET.Element, item: Item) -> None:
    left, right, key = item.sides
    for number, (words, place) in enumerate(zip(left, key, strict=True), start=1):
        name = f"response_{item.name}_{number}"
        response = add(presentation, "response_lid", ident=name)
        _material(response, html(words))
        offered = add(response, "render_choice")
        for at, side in enumerate(right):
            material = add(add(offered, "response_label", ident=f"{item.name}_r{at + 1}"), "material")
            add(material, "mattext", plain(side), texttype="text/plain")
        condition = add(processing, "respcondition")
        add(add(condition, "conditionvar"), "varequal", f"{item.name}_r{place + 1}", respident=name)
        add(condition, "setvar", f"{100 / len(left):.5f}", varname="SCORE", action="Add")


def _condition(processing: ET.Element, goes_on: str) -> ET.Element:
    return add(processing, "respcondition", None, **{"continue": goes_on})


def _said(_when: ET.Element, processing: ET.Element, name: str) -> None:
    """What the condition just begun shows."""
    add(processing[-1], "displayfeedback", feedbacktype="Response", linkrefid=name)


def _feedback(element: ET.Element, ident: str, text: str) -> None:
    _material(add(add(element, "itemfeedback", ident=ident), "flow_mat"), html(text))


def _material(parent: ET.Element, text: str) -> None:
    add(add(parent, "material"), "mattext", text, texttype="text/html")


def _settings(ident: str, title: str, points: int) -> ET.Element:
    root = ET.Element("quiz", identifier=ident, xmlns="http://canvas.instructure.com/xsd/cccv1p0")
    add(root, "title", title)
    add(root, "shuffle_answers", "true")
    add(root, "scoring_policy", "keep_highest")
    add(root, "quiz_type", "practice_quiz")
    add(root, "points_possible", f"{points}.0")
    add(root, "allowed_attempts", "1")
    add(root, "available", "false")
    return root


def _manifest(ident: str) -> ET.Element:
    root = ET.Element(
        "manifest", identifier=f"{ident}_manifest", xmlns="http://www.imsglobal.org/xsd/imsccv1p1/imscp_v1p1"
    )
    metadata = add(root, "metadata")
    add(metadata, "schema", "IMS Content")
    add(metadata, "schemaversion", "1.1.3")
    add(root, "organizations")
    resources = add(root, "resources")
    quiz = add(resources, "resource", identifier=ident, type="imsqti_xmlv1p2")
    add(quiz, "file", href=f"{ident}/{ident}.xml")
    add(quiz, "dependency", identifierref=f"{ident}_meta")
    kind = "associatedcontent/imscc_xmlv1p1/learning-application-resource"
    settings = add(
        resources, "resource", identifier=f"{ident}_meta", type=kind, href=f"{ident}/assessment_meta.xml"
    )
    add(settings, "file", href=f"{ident}/assessment_meta.xml")
    return root

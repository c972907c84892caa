"""Readers of exported QTI packages, and what every reader gives."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from xml.etree import ElementTree as ET

QTI21 = "{http://www.imsglobal.org/xsd/imsqti_v2p1}"


@dataclass
class Read:
    """A question as read. `score` takes an answer in the course's terms, positions as in the file's own order."""

    name: str
    text: str
    score: Callable[[object], float]


def qti12(data):
    files = _unzipped(data)
    quiz = next(name for name in files if re.fullmatch(r"(\w+)/\1\.xml", name))
    assert {
        f.get("href") for f in ET.fromstring(files["imsmanifest.xml"]).iter() if f.tag.endswith("}file")
    } <= set(files)
    root = ET.fromstring(re.sub(rb' xmlns="[^"]*"', b"", files[quiz]))
    return [_qti12(item) for item in root.iter("item")]


def _qti12(item):
    sides = [r.get("ident") for r in item.iter("response_lid")]
    labels = [[label.get("ident") for label in r.iter("response_label")] for r in item.iter("response_lid")]

    def holds(node, given):
        match node.tag:
            case "other":
                return True
            case "and":
                return all(holds(child, given) for child in node)
            case "or":
                return any(holds(child, given) for child in node)
            case "not":
                return not any(holds(child, given) for child in node)
        values = given[node.get("respident")]
        if node.tag == "varequal" and isinstance(values[0], float):
            return float(node.text) == values[0]
        if node.tag == "varequal":
            return node.text.casefold() in [value.casefold() for value in values]
        return float(node.text) <= values[0] if node.tag == "vargte" else values[0] <= float(node.text)

    def score(answer):
        kind = next(
            f.findtext("fieldentry")
            for f in item.iter("qtimetadatafield")
            if f.findtext("fieldlabel") == "question_type"
        )
        if kind == "matching_question":
            given = {
                side: [labels[n][place]] for n, (side, place) in enumerate(zip(sides, answer, strict=False))
            }
        elif kind in ("numerical_question", "short_answer_question"):
            given = {"response1": [answer if isinstance(answer, str) else float(answer)]}
        else:
            places = (
                [1 if answer else 2]
                if isinstance(answer, bool)
                else answer
                if isinstance(answer, list)
                else [answer]
            )
            given = {"response1": [labels[0][place - 1] for place in places]}
        total = 0.0
        for condition in item.iter("respcondition"):
            change = condition.find("setvar")
            # The children of conditionvar are alternatives, as Canvas writes short answers.
            if change is not None and any(holds(child, given) for child in condition.find("conditionvar")):
                total = float(change.text) + (total if change.get("action") == "Add" else 0)
        return total / 100

    return Read(item.get("title"), "".join(item.itertext()), score)


def qti21(data):
    files = _unzipped(data)
    manifest = ET.fromstring(files["imsmanifest.xml"])
    assert {r.get("href") for r in manifest.iter() if r.get("href")} == set(files) - {"imsmanifest.xml"}
    test = ET.fromstring(files["test.xml"])
    return [_qti21(ET.fromstring(files[ref.get("href")])) for ref in test.iter(f"{QTI21}assessmentItemRef")]


def _qti21(root):
    for node in root.iter():
        node.tag = node.tag.removeprefix(QTI21)
    declared = root.find("responseDeclaration")
    base, cardinality = declared.get("baseType"), declared.get("cardinality")

    def value(node, outcome):
        inner = [value(child, outcome) for child in node]
        match node.tag:
            case "variable":
                return outcome[node.get("identifier")]
            case "baseValue":
                return float(node.text) if node.get("baseType") == "float" else node.text
            case "mapResponse":
                mapping = declared.find("mapping")
                table = {e.get("mapKey").casefold(): float(e.get("mappedValue")) for e in mapping}
                given = (
                    outcome["RESPONSE"] if isinstance(outcome["RESPONSE"], list) else [outcome["RESPONSE"]]
                )
                total = sum(
                    table.get(entry.casefold(), float(mapping.get("defaultValue"))) for entry in given
                )
                return min(max(total, float(mapping.get("lowerBound"))), float(mapping.get("upperBound")))
            case "equal":
                room = float((node.get("tolerance") or "0").split()[0])
                return abs(inner[0] - inner[1]) <= room
            case "match":
                return inner[0] == inner[1]
            case "member":
                return inner[0] in inner[1]
            case "index":
                return inner[0][int(node.get("n")) - 1]
            case "and":
                return all(inner)
            case "or":
                return any(inner)
            case "sum":
                return sum(inner)
            case "multiple":
                return [*inner[0], *inner[1:]]
        raise AssertionError(node.tag)

    def run(nodes, outcome):
        for node in nodes:
            if node.tag == "setOutcomeValue":
                outcome[node.get("identifier")] = value(node[0], outcome)
            elif node.tag == "responseCondition":
                branch = next((b for b in node if value(b[0], outcome)), None)
                run(branch[1:] if branch is not None else [], outcome)

    def score(answer):
        if base == "float":
            given = float(answer)
        elif base == "string":
            given = answer
        elif base == "directedPair":
            given = [f"l{n} r{place + 1}" for n, place in enumerate(answer, start=1)]
        elif cardinality == "ordered":
            given = [declared.find("correctResponse")[place].text for place in answer]
        else:
            given = [
                f"c{place}"
                for place in (
                    answer
                    if isinstance(answer, list)
                    else [2 - answer if isinstance(answer, bool) else answer]
                )
            ]
            given = given if cardinality == "multiple" else given[0]
        outcome = {"RESPONSE": given, "SCORE": 0.0, "FEEDBACK": []}
        run(root.find("responseProcessing"), outcome)
        texts = {f.get("identifier") for f in root.iter("modalFeedback")}
        assert set(outcome["FEEDBACK"]) <= texts
        assert "explanation" in outcome["FEEDBACK"]
        return outcome["SCORE"]

    return Read(root.get("identifier"), "".join(root.itertext()), score)


def _unzipped(data):
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        assert archive.testzip() is None
        return {name: archive.read(name) for name in archive.namelist()}

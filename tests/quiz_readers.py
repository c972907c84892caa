"""Readers of the exported files, written after each format's own rules and without the exporter: what a file asks and scores."""

from __future__ import annotations

import csv
import html
import io
import itertools
import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from xml.etree import ElementTree as ET

from tests.quiz_readers_qti import Read, qti12, qti21


def hangul(text):
    return "".join(re.findall(r"[가-힣]+", text))


def moodle(data):
    return [_moodle(q) for q in ET.fromstring(data) if q.get("type") != "category"]


def _moodle(q):
    kind = q.get("type")
    answers = [
        (float(a.get("fraction")) / 100, a.findtext("text"), a.findtext("tolerance"))
        for a in q.iter("answer")
        if kind != "matching"
    ]

    def score(answer):
        match kind:
            case "multichoice":
                chosen = answer if isinstance(answer, list) else [answer]
                assert (q.findtext("single") == "false") == isinstance(answer, list)
                return max(0.0, min(1.0, sum(answers[place - 1][0] for place in chosen)))
            case "truefalse":
                return next(fraction for fraction, text, _ in answers if text == str(answer).lower())
            case "numerical":
                near = [
                    f
                    for f, text, room in answers
                    if abs(answer - float(text)) <= float(room) + 4e-16 * max(1, abs(answer))
                ]
                return near[0] if near else 0.0
            case "shortanswer":
                assert q.findtext("usecase") == "0"
                return float(any(answer.casefold() == text.casefold() for _, text, _ in answers))
            case "ordering":
                assert q.findtext("gradingtype") == "RELATIVE_NEXT_EXCLUDE_LAST"
                pairs = set(itertools.pairwise(answer))
                return sum((n, n + 1) in pairs for n in range(len(answers) - 1)) / (len(answers) - 1)
        rights = [s.findtext("answer/text") for s in q.iter("subquestion")]
        assert len(set(rights)) == len(rights)
        return sum(n == place for n, place in enumerate(answer)) / len(rights)

    return Read(q.findtext("name/text"), "".join(q.itertext()), score)


def gift(data):
    found = []
    for block in data.decode().split("\n\n"):
        body = "\n".join(line for line in block.split("\n") if not line.startswith("//"))
        if not body.startswith("$CATEGORY"):
            found.append(_gift(body.strip()))
    return found


def _gift(body):
    # Escaped signs become private letters first, as Moodle does it.
    body = re.sub(r"\\([\\~=#{}:n])", lambda m: chr(0xE000 + ord(m[1])), body)
    name, text, rest = re.fullmatch(r"::(.+?)::\[html\](.*?)\{(.*)\}", body, re.DOTALL).groups()
    rest = rest.split("####")[0].strip()

    def plain(text):
        return re.sub(
            "[\ue000-\ue0ff]", lambda m: "\n" if ord(m[0]) == 0xE06E else chr(ord(m[0]) - 0xE000), text
        )

    def score(answer):
        if rest[:2] in ("T#", "F#"):
            return float(answer == (rest[0] == "T"))
        number = rest.startswith("#")
        signs = re.findall(r"([=~])(%-?[\d.]+%)?([^=~]*)", rest.removeprefix("#"))
        parts = [(sign, weight.strip("%"), plain(body.split("#")[0]).strip()) for sign, weight, body in signs]
        credit = [float(weight) / 100 if weight else float(sign == "=") for sign, weight, _ in parts]
        if number:
            for earned, (_, _, body) in zip(credit, parts, strict=False):
                value, room = map(float, body.split(":"))
                if abs(answer - value) <= room + 4e-16 * max(1, abs(answer)):
                    return earned
            return 0.0
        if all("->" in body for *_, body in parts):
            assert len({body.split("->")[1] for *_, body in parts}) == len(parts)
            return sum(n == place for n, place in enumerate(answer)) / len(parts)
        if isinstance(answer, str):
            return float(any(answer.casefold() == body.casefold() for *_, body in parts))
        several = all(sign == "~" for sign, *_ in parts)
        assert several == isinstance(answer, list)
        return max(0.0, min(1.0, sum(credit[place - 1] for place in (answer if several else [answer]))))

    return Read(plain(name), plain(text) + plain(rest), score)


def jupyterquiz(data):
    found = {}
    for question in json.loads(data):
        assert re.search(r"\$", json.dumps(question, ensure_ascii=False)) is None
        numbered = re.search(r"<p>\((\d+)/\d+\) ", question["question"])
        name = question["id"].removesuffix(f"_{numbered[1]}") if numbered else question["id"]
        found.setdefault(name, []).append(question)
    return [_jupyterquiz(name, parts) for name, parts in found.items()]


def _jupyterquiz(name, parts):
    def score(answer):
        answers = parts[0]["answers"]
        match parts[0]["type"]:
            case "numeric":
                for told in answers:
                    if told.get("value") == answer or (
                        "range" in told and told["range"][0] <= answer < told["range"][1]
                    ):
                        return float(told["correct"])
                return 0.0
            case "string":
                return float(any(answer.lower() == told.get("answer", "").lower() for told in answers))
            case "many_choice":
                return float(set(answer) == {n for n, told in enumerate(answers, start=1) if told["correct"]})
        if isinstance(answer, bool):
            return float(answers[0 if answer else 1]["correct"])
        if isinstance(answer, int):
            return float(answers[answer - 1]["correct"])
        return sum(
            part["answers"][place]["correct"] for part, place in zip(parts, answer, strict=False)
        ) / len(parts)

    return Read(name, html.unescape(json.dumps(parts, ensure_ascii=False)), score)


def table(data):
    assert data.startswith(b"\xef\xbb\xbf")
    return [_row(row) for row in csv.DictReader(io.StringIO(data.decode("utf-8-sig"), newline=""))]


def _row(row):
    key = row["answer"]

    def score(answer):
        match row["kind"]:
            case "single" | "code":
                return float(answer == int(key))
            case "true_false":
                return float(answer == (key == "1"))
            case "multiple":
                right = set(map(int, key.split()))
                return max(0.0, (len(right & set(answer)) - len(set(answer) - right)) / len(right))
            case "numeric":
                room = max(float(row["absolute"]), float(row["relative"]) * abs(float(key)))
                return float(abs(answer - float(key)) <= room * (1 + 1e-9) + 1e-11 * abs(float(key)))
            case "text":
                return float(answer.casefold() in key.casefold().split(" | "))
            case "order":  # the answer: places in the right order
                return sum((n, n + 1) in set(itertools.pairwise(answer)) for n in range(len(answer) - 1)) / (
                    len(answer) - 1
                )
        return sum(
            place + 1 == right for place, right in zip(answer, map(int, key.split()), strict=False)
        ) / len(answer)

    return Read(row["id"] + (f"_v{row['variant']}" if row["variant"] else ""), " ".join(row.values()), score)


KINDS = frozenset({"single", "code", "true_false", "multiple", "order", "match", "numeric"})


@dataclass(frozen=True)
class Format:
    """How a format's file is read, and where the file differs from one that keeps all that the course does, as CSV does."""

    read: Callable[[bytes], list[Read]]
    exact: frozenset[str] = KINDS  # what is scored as the course scores it, wrong answers included
    orders: bool = True  # an order question is one, not a matching of items with positions
    by_left: bool = False  # the right sides of a matching stand in the order of the left ones
    ends: bool = True  # the very ends of a tolerance are right
    truths: bool = True  # the words for True and False stand in it
    mistakes: bool = True  # and what is said to who types an expected wrong number
    explanations: bool = True  # and the explanations, as far as the reader gives them back


READERS = {
    "moodle-xml": Format(moodle, by_left=True, ends=False, truths=False),
    "gift": Format(
        gift,
        KINDS - {"order"},
        orders=False,
        by_left=True,
        ends=False,
        truths=False,
        explanations=False,  # they stand behind what the reader keeps
    ),
    "qti12": Format(qti12, KINDS - {"multiple", "order"}, orders=False, mistakes=False),
    "qti21": Format(qti21),
    "jupyterquiz": Format(jupyterquiz, KINDS - {"multiple", "order"}, orders=False),
    "csv": Format(table),
}

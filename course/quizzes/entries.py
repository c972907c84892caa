"""One entry of a quiz.toml read into a question; everything that is wrong with it is said at once."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, NamedTuple

from course import language
from course.content.manifest import Course
from course.language import ByLanguage, Words
from course.quizzes import expression
from course.quizzes.question import (
    KINDS,
    Choice,
    ChoiceQuestion,
    MatchQuestion,
    Mistake,
    NumericQuestion,
    OrderQuestion,
    Parameter,
    Question,
    TextQuestion,
    TrueFalseQuestion,
)


class Languages(NamedTuple):
    """A course's: those that every text has, the first of which stands in, and those that have been begun."""

    held: tuple[str, ...]
    unfinished: tuple[str, ...] = ()

    @property
    def every(self) -> tuple[str, ...]:
        """All, in this order."""
        return (*self.held, *self.unfinished)


def languages(course: Course) -> Languages:
    """A course's."""
    return Languages(course.languages, course.unfinished)


_COMMON = {"id", "group", "topic", "kind", "difficulty", "text", "explanation", "code", "picture"}
_DRAWN = {"parameters", "define", "where"}
_OWN = {
    "single": {"choices"} | _DRAWN,
    "multiple": {"choices"},
    "true_false": {"answer", "why"},
    "numeric": {"answer", "absolute", "relative", "unit", "mistakes"} | _DRAWN,
    "text": {"accept"},
    "order": {"items"},
    "match": {"pairs"},
    "code": {"choices"} | _DRAWN,
}
_ID = re.compile(r"[a-z][a-z0-9]*(_[a-z0-9]+)*")
_NAME = re.compile(r"[A-Za-z][A-Za-z0-9_]*")
_MOST_VALUES = 100_000


class EntryError(ValueError):
    """What is wrong with one entry, a problem a line."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__("; ".join(problems))
        self.problems = problems


def read(entry: Mapping[str, Any], day: str, languages: Languages) -> Question:
    """The question of one `[[question]]` in a course of these languages; raises EntryError."""
    reader = _Reader(entry, languages)
    try:
        question = reader.question(day)
    except (TypeError, AttributeError, KeyError) as error:  # a value of the wrong type, deep inside
        raise EntryError([*reader.problems, f"not in the form of docs/quiz.md: {error!r}"]) from error
    if reader.problems or question is None:
        raise EntryError(reader.problems)
    return question


class _Reader:
    def __init__(self, entry: Mapping[str, Any], languages: Languages) -> None:
        self.entry = entry
        self._languages = languages
        self.problems: list[str] = []

    def question(self, day: str) -> Question | None:
        entry = self.entry
        kind = entry.get("kind")
        if kind not in KINDS:
            self.problems.append(f"kind {kind!r} is none of {', '.join(KINDS)}")
            return None
        missing = [key for key in ("id", "topic", "difficulty", "text", "explanation") if key not in entry]
        self.problems += [f"{key} is missing" for key in missing]
        unknown = sorted(set(entry) - _COMMON - _OWN[kind])
        self.problems += [f"a {kind} question has no {key}" for key in unknown]
        if not _ID.fullmatch(str(entry.get("id", ""))):
            self.problems.append("id: lower-case letters and digits, joined by underscores")
        if entry.get("difficulty") not in (1, 2, 3):
            self.problems.append("difficulty is 1, 2 or 3")
        if kind == "code" and not entry.get("code"):
            self.problems.append("a code question needs code")
        common = {
            "id": str(entry.get("id")), "day": day, "topic": str(entry.get("topic")), "kind": kind,
            "difficulty": entry.get("difficulty"), "text": self._words(entry.get("text"), "text"),
            "explanation": self._words(entry.get("explanation"), "explanation"),
            "code": str(entry.get("code", "")).strip("\n"), "group": str(entry.get("group", "")),
            "picture": language.spoken(entry.get("picture", {})),
            "parameters": self._parameters(),
            "define": {name: str(text) for name, text in entry.get("define", {}).items()},
            "where": str(entry.get("where", "")),
        }  # fmt: skip
        return getattr(self, f"_{kind}")(common)  # type: ignore[no-any-return]

    def _words(self, value: Any, place: str, extra: frozenset[str] = frozenset()) -> Words:
        if not isinstance(value, dict):
            form = ", ".join(f"{code} = …" for code in self._languages.held)
            self.problems.append(f"{place}: not of the form {{ {form} }}")
            return Words(dict.fromkeys(self._languages.held, ""))
        self.problems += [
            f"{place}: {key} is neither a language of the course nor known here"
            for key in sorted(set(value) - set(self._languages.every) - extra)
        ]
        found = Words({code: str(value.get(code, "")).strip() for code in self._languages.every})
        self.problems += [f"{place}: {code} is missing" for code in self._languages.held if not found[code]]
        return Words({code: text for code, text in found.items() if text or code in self._languages.held})

    def _parameters(self) -> dict[str, Parameter]:
        found = {}
        for name, spec in self.entry.get("parameters", {}).items():
            if not _NAME.fullmatch(name) or name in {"answer", *expression.FUNCTIONS, *expression.CONSTANTS}:
                self.problems.append(f"parameters: {name!r} cannot be a name")
            found[name] = Parameter(self._domain(name, spec))
        return found

    def _domain(self, name: str, spec: Any) -> tuple[int | float | str, ...]:
        if isinstance(spec, dict) and set(spec) == {"values"} and spec["values"]:
            return tuple(spec["values"])
        if not isinstance(spec, dict) or not {"from", "to"} <= set(spec) <= {"from", "to", "step"}:
            self.problems.append(f"parameters: {name}: {{ from, to, step }} or {{ values = […] }}")
            return (0,)
        from decimal import Decimal

        # In decimals, so that 0.1 three times is 0.3.
        first, last, step = (Decimal(str(spec.get(key, 1))) for key in ("from", "to", "step"))
        if step <= 0 or last < first or (last - first) / step > _MOST_VALUES:
            self.problems.append(
                f"parameters: {name}: from {first} to {last} by {step} has no values, or too many"
            )
            return (0,)
        whole = all(isinstance(spec.get(key, 1), int) for key in ("from", "to", "step"))
        count = int((last - first) // step) + 1
        drawn = [first + step * index for index in range(count)]
        return tuple(int(value) if whole else float(value) for value in drawn)

    def _single(self, common: dict[str, Any]) -> Question:
        choices = self._choices(common)
        if sum(choice.correct for choice in choices) != 1:
            self.problems.append("exactly one choice is correct")
        return ChoiceQuestion(**common, choices=choices)

    _code = _single

    def _multiple(self, common: dict[str, Any]) -> Question:
        choices = self._choices(common)
        if not any(choice.correct for choice in choices):
            self.problems.append("no choice is correct")
        return ChoiceQuestion(**common, choices=choices)

    def _choices(self, common: dict[str, Any]) -> tuple[Choice, ...]:
        entries = self.entry.get("choices", [])
        if not 2 <= len(entries) <= 8:
            self.problems.append("choices: 2 to 8")
        choices = []
        for place, entry in enumerate(entries, start=1):
            where = f"choice {place}"
            value, correct = str(entry.get("value", "")), entry.get("correct", False) is True
            if value and (set(entry) & set(self._languages.every)):
                self.problems.append(f"{where}: either value, or {' and '.join(self._languages.held)}")
            if value:
                words = Words()
                self.problems += [
                    f"{where}: {key} is not known here" for key in set(entry) - {"value", "correct", "why"}
                ]
            else:
                words = self._words(entry, where, frozenset({"correct", "why"}))
            if correct and "why" in entry:
                self.problems.append(f"{where}: the right choice has no why (that is the explanation)")
            why = Words() if correct else self._why(entry, f"{where}: ", "a wrong choice")
            choices.append(Choice(correct, words, value, why))
        return tuple(choices)

    def _why(self, entry: Mapping[str, Any], where: str, wrong: str) -> Words:
        """What is said to who answers so."""
        if "why" in entry:
            return self._words(entry["why"], f"{where}why")
        form = ", ".join(f"{code} = …" for code in self._languages.held)
        self.problems.append(f"{where}{wrong} needs a why, told to who answers so: why = {{ {form} }}")
        return Words(dict.fromkeys(self._languages.held, ""))

    def _true_false(self, common: dict[str, Any]) -> Question:
        if not isinstance(self.entry.get("answer"), bool):
            self.problems.append("answer is true or false")
        why = self._why(self.entry, "", "the wrong side")
        return TrueFalseQuestion(**common, answer=self.entry.get("answer") is True, why=why)

    def _numeric(self, common: dict[str, Any]) -> Question:
        if "answer" not in self.entry:
            self.problems.append("answer is missing")
        mistakes = []
        for place, entry in enumerate(self.entry.get("mistakes", []), start=1):
            if {*entry, "why"} != {"value", "why"}:
                self.problems.append(f"mistake {place}: {{ value, why }}")
            words = self._why(entry, f"mistake {place}: ", "a mistake")
            mistakes.append(Mistake(str(entry.get("value", "")), words))
        if len(mistakes) < 2:
            self.problems.append("a numeric question has two mistakes or more")
        return NumericQuestion(
            **common,
            answer=str(self.entry.get("answer", "0")),
            absolute=self._tolerance("absolute"),
            relative=self._tolerance("relative"),
            unit=self._words(self.entry["unit"], "unit") if "unit" in self.entry else Words(),
            mistakes=tuple(mistakes),
        )

    def _tolerance(self, key: str) -> float | None:
        value = self.entry.get(key)
        if value is not None and (isinstance(value, bool) or not isinstance(value, int | float) or value < 0):
            self.problems.append(f"{key}: a number that is not negative")
            return None
        return None if value is None else float(value)

    def _text(self, common: dict[str, Any]) -> Question:
        accept = self.entry.get("accept", {})
        for code in self._languages.held:
            forms = accept.get(code)
            if not isinstance(forms, list) or not forms or not all(str(form).strip() for form in forms):
                self.problems.append(f"accept: {code} is missing or empty")
        codes = [code for code in self._languages.every if code in self._languages.held or accept.get(code)]
        return TextQuestion(
            **common, accept=ByLanguage({code: tuple(accept.get(code) or ()) for code in codes})
        )

    def _order(self, common: dict[str, Any]) -> Question:
        entries = self.entry.get("items", [])
        if not 3 <= len(entries) <= 8:
            self.problems.append("items: 3 to 8")
        items = tuple(self._words(item, f"item {place}") for place, item in enumerate(entries, start=1))
        return OrderQuestion(**common, items=items)

    def _match(self, common: dict[str, Any]) -> Question:
        entries = self.entry.get("pairs", [])
        if not 3 <= len(entries) <= 6:
            self.problems.append("pairs: 3 to 6")
        pairs = tuple(
            (
                self._words(pair.get("left"), f"pair {n}: left"),
                self._words(pair.get("right"), f"pair {n}: right"),
            )
            for n, pair in enumerate(entries, start=1)
        )
        return MatchQuestion(**common, pairs=pairs)

"""How a test ends when it does not pass, each with what to tell the learner."""

from __future__ import annotations

import builtins
import functools
import re
from collections.abc import Collection
from typing import Any

from course.content.stub import PLACEHOLDER
from course.grading.context import Call
from course.grading.describe import show
from course.language.messages import Message, marked, printable, say
from course.worker import cells


class Failure(AssertionError):
    """A comparison did not hold. `values` holds what names inputs or expected values, `advice` what does not."""

    def __init__(self, values: list[Message], advice: list[Message] | None = None) -> None:
        super().__init__(*values)
        self.values = values
        self.advice = advice or []


class Ended(Exception):
    """The worker hung (status "timeout") or died (status "error")."""

    def __init__(self, status: str, message: list[Message]) -> None:
        super().__init__(status)
        self.status = status
        self.message = message
        self.slug = ""


class LearnerError(Exception):
    """The learner's code raised; `loading` when the file was imported, then `slug` says which of several.

    Instances also belong to the built-in class raised. `shown` is the exception as Python prints it, `unwritten` says that
    the stub's own line raised it.
    """

    kind = "raised"
    type_name = ""
    shown = ""
    unwritten = False
    loading = False
    slug = ""
    message: list[Message]


@functools.cache
def _class_for(base: str) -> type[LearnerError]:
    builtin = getattr(builtins, base, None)
    if isinstance(builtin, type) and issubclass(builtin, Exception) and builtin is not Exception:
        try:
            return type(base, (LearnerError, builtin), {})
        except TypeError:  # layouts that do not combine
            return LearnerError
    return LearnerError


def altered(call: Call, place: str, before: Any, now: Any) -> Failure:
    """The failure of a call that changed one of its arguments, there."""
    name = re.split(r"[.\[(]", str(place).removeprefix("len(").removeprefix("list("))[0].rstrip(")")
    return Failure(
        [
            say("{call} altered its argument {name}.", call=str(call), name=printable(name)[:80]),
            say("{place} was {before} and is {now} afterwards.", place=printable(str(place))[:120],
                before=show(before), now=show(now)),
        ],
        [say("The caller still needs {name} as it was: work on a copy, or make new values.", name=printable(name)[:80])],
    )  # fmt: skip


def changed(call: Call, earlier: str) -> Failure:
    """The failure of a call that changed what an earlier one had returned."""
    text = marked("{call} changed what the call of {earlier} before it had returned.")
    advice = say(
        "Make a new array in every call; one that is kept and filled again belongs to whoever got it."
    )
    return Failure([say(text, call=str(call), earlier=printable(earlier)[:80])], [advice])


def from_reply(
    error: dict[str, Any], call: str, source: str = "", *, loading: bool, stubs: Collection[str] = ()
) -> LearnerError:
    """The exception a worker's error reply stands for.

    Args:
        error: what the worker said.
        call: what was being done.
        source: the learner's, to tell where a notebook's cells begin.
        loading: whether the file was being imported.
        stubs: the functions that the learner has to write.
    """
    error = {**error, "text": printable(str(error.get("text", "")))}
    kind = str(error.get("kind"))
    bases = [str(base) for base in error.get("bases", [])][:8]
    made = (_class_for(bases[0]) if kind == "raised" and bases else LearnerError)(
        str(error.get("text", ""))[:2000]
    )
    made.kind = kind
    made.type_name = str(error.get("type", ""))[:80]
    notebook = cells.is_notebook(source)
    made.loading = error["loading"] = loading = loading or error.get("loading") is True
    frames = error.get("frames") or [[0, "", ""]]
    made.unwritten = (
        made.type_name == "NotImplementedError" and frames[-1][1] in stubs and frames[-1][2] == PLACEHOLDER
    )
    text = str(error["text"]).strip()
    made.shown = f"{printable(made.type_name)}: {text}" if text else printable(made.type_name)
    made.message = _explain(kind, error, call, source if notebook else "")
    if loading and made.type_name not in _ADVICE and not isinstance(made, SyntaxError):
        made.message.append(say(_OUTSIDE_CELLS if notebook else _OUTSIDE))
    return made


def _explain(kind: str, error: dict[str, Any], call: str, notebook: str) -> list[Message]:
    if kind == "missing":
        return _missing(str(error["name"]), [str(name) for name in error["names"]], notebook)
    if kind == "not_a_function":
        return [say("{name} is not a function but {type}.", name=str(error["name"]), type=str(error["type"]))]
    if kind == "signature":
        return [
            say("{call} does not fit the function's parameters {signature}: {text}.", call=call,
                signature=str(error["signature"]), text=str(error["text"])),
            say("Keep the parameters of the stub: their number and order."),
        ]  # fmt: skip
    if kind == "too_large":
        return [
            say("{call} returned more than a check accepts (256 MB, or a generator without end).", call=call)
        ]
    return _raised(error, call, notebook)


def _missing(name: str, names: list[str], notebook: str) -> list[Message]:
    import difflib

    template = marked("No cell defines {name}.") if notebook else marked("The file does not define {name}.")
    paragraphs = [say(template, name=name)]
    near = difflib.get_close_matches(name, names, n=1, cutoff=0.6)
    if near:
        paragraphs.append(say("It defines {near}: is that the one, under another name?", near=near[0]))
    return paragraphs


def _raised(error: dict[str, Any], call: str, notebook: str) -> list[Message]:
    name, text = str(error["type"]), str(error["text"]).strip()
    shown = f"{name}: {text}" if text else name
    frames = [(int(line), str(where), str(code)) for line, where, code in error.get("frames", [])]
    if notebook and frames:
        return _raised_in_cell(error, call, shown, notebook, frames[-1])
    if "SyntaxError" in error["bases"]:
        line, _, code = frames[-1] if frames else (0, "", "")
        paragraphs = [
            say(
                "The file is not valid Python: {error}, line {line}: {code}",
                error=shown,
                line=line,
                code=code,
            )
        ]
    else:
        paragraphs = [
            say("Importing the file raised {error}", error=shown)
            if error.get("loading")
            else say("{call} raised {error}", call=call, error=shown)
        ]
        if frames:
            line, _, code = frames[-1]
            paragraphs.append(say("in your line {line}: {code}", line=line, code=code))
    return paragraphs + _advice(error)


def _raised_in_cell(
    error: dict[str, Any], call: str, shown: str, notebook: str, frame: tuple[int, str, str]
) -> list[Message]:
    name, line = cells.place(notebook, frame[0])
    kind, _, number = name.partition(" ")
    cell = say("cell {number}", number=number) if kind == "cell" else name
    if "SyntaxError" in error["bases"]:
        text = marked("This cell is not valid Python ({cell}): {error}, line {line}: {code}")
        return [say(text, cell=cell, error=shown, line=line, code=frame[2])]
    raised = (
        say("{cell} raised {error}", cell=cell, error=shown)
        if error.get("loading")
        else say("{call} raised {error}", call=call, error=shown)
    )
    where = say("in {cell}, line {line}: {code}", cell=cell, line=line, code=frame[2])
    return [raised, where, *_advice(error)]


def _advice(error: dict[str, Any]) -> list[Message]:
    advice = _ADVICE.get(error["bases"][0] if error["bases"] else "")
    return [say(advice)] if advice else []


_OUTSIDE_CELLS = marked(
    "What the exercise's functions use could not be run: correct this cell, or keep it apart from them."
)
_OUTSIDE = marked(
    'Code outside functions runs when the file is imported: keep experiments below if __name__ == "__main__":.'
)

_ADVICE = {
    "EOFError": marked("A check runs without a keyboard: remove input() and take values as arguments."),
    "SystemExit": marked("The code calls sys.exit() or exit(): return a value instead."),
    "MemoryError": marked(
        "The code needs more memory than a check allows: look for an array much larger than the data."
    ),
    "RecursionError": marked("The function calls itself without end."),
    "ModuleNotFoundError": marked("The module is not installed, or lies outside what a check may read."),
    "PermissionError": marked(
        "A check runs without files, network and further processes: work with the arguments alone."
    ),
}

"""Runs a learner's module and answers the grader's requests about it, one at a time, until the grader hangs up."""

from __future__ import annotations

import builtins
import contextlib
import functools
import importlib
import inspect
import io
import linecache
import os
import random
import sys
import traceback
import types
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from course.worker import alteration, cells, figures, keras_operations
from course.worker.wire import Channel, Decoder, Encoder, TooLarge, capped, generator_from_state

OUTPUT_CAP = 8_000
TEXT_CAP = 2_000
_UNCOMPARED = {"rng", "code", "model", "float", "int", "complex"}

Reply = tuple[dict[str, Any], list[bytes]]


class Output(io.TextIOBase):
    """Stands in for stdout or stderr: keeps the first OUTPUT_CAP characters, swallows the rest."""

    def __init__(self, fd: int) -> None:
        self._fd = fd
        self._room = OUTPUT_CAP
        self._recent: list[str] = []

    def writable(self) -> bool:
        """Text can be written."""
        return True

    def write(self, text: str) -> int:
        """Pass on what still fits."""
        if self._room > 0:
            kept = text[: self._room]
            self._room -= len(kept)
            self._recent.append(kept)
            os.write(self._fd, kept.encode("utf-8", "replace"))
        return len(text)

    def take(self) -> str:
        """What was written since the last call."""
        if not self._recent:
            return ""
        text, self._recent = "".join(self._recent), []
        return text


class Session:
    """One learner's modules and the models they made. `tell` sends news before the reply is ready."""

    def __init__(self, output: Output, tell: Callable[[dict[str, Any]], None]) -> None:
        self._output = output
        self._tell = tell
        self._modules: dict[str, types.ModuleType] = {}
        self._paths: set[str] = set()
        self._failures: dict[str, dict[str, BaseException]] = {}
        self._models: list[Any] = []
        self._results: dict[tuple[str, str], alteration.Kept] = {}
        self._operations: Mapping[str, Callable[..., Any]] = {
            "load": self._load,
            "call": self._call,
            "make": self._make,
            "model": self._model,
            "watch": self._watch,
            "figure": lambda *_: {"value": figures.current()},
        }
        self._special: dict[str, Callable[[Any], Any]] = {
            "rng": generator_from_state,
            "model": lambda number: self._models[number],
            "code": lambda source: eval(_compiled(source), {"np": np, "keras": sys.modules.get("keras")}),  # noqa: S307
        }

    def answer(self, request: Mapping[str, Any], body: memoryview) -> Reply:
        """The reply to one request. Whatever a learner's code raises becomes part of the reply."""
        encoder = Encoder(self._claim)
        try:
            result = self._operations[request["op"]](request, Decoder(body, self._special))
            reply = {name: encoder.encode(value) for name, value in result.items()}
            if encoder.conversions:
                reply["conversions"] = sorted(set(encoder.conversions))[:5]
            buffers = encoder.buffers
        except TooLarge:
            reply, buffers = {"error": {"kind": "too_large"}}, []
        except BaseException as error:
            reply, buffers = {"error": self._describe(error)}, []
        if output := self._output.take():
            reply["output"] = output
        return reply, buffers

    def _load(self, request: Mapping[str, Any], _decoder: Decoder) -> dict[str, Any]:
        source, path, seed = request["source"], request["path"], request["seed"]
        self._paths.add(path)
        _keep_lines(path, source)
        for name in request["imports"]:  # now, lest a call that imports them pays for it
            with contextlib.suppress(Exception):
                importlib.import_module(name)
        random.seed(seed)
        np.random.seed(seed % 2**32)
        if "keras" in sys.modules:
            sys.modules["keras"].utils.set_random_seed(seed % 2**32)
        module = types.ModuleType(request["slug"])
        module.__file__ = path
        sys.modules[request["slug"]] = self._modules[request["slug"]] = module
        if cells.is_notebook(source):
            wanted = request["wanted"]
            self._failures[request["slug"]] = cells.run(
                source, path, request["slug"], wanted, module.__dict__
            )
        else:
            exec(compile(source, path, "exec", dont_inherit=True), module.__dict__)  # noqa: S102
        return {}

    def _find(self, request: Mapping[str, Any]) -> Any:
        module, name = self._modules[request["module"]], request["name"]
        if name not in vars(module):
            raise self._failed(request).get(name) or MissingName(name, request["module"])
        return vars(module)[name]

    def _call(self, request: Mapping[str, Any], decoder: Decoder) -> dict[str, Any]:
        function = self._find(request)
        if not callable(function):
            raise NotAFunction(request["name"], type(function).__name__)
        arguments = decoder.decode(request["args"])
        keywords = decoder.decode(request["kwargs"]) if "kwargs" in request else {}
        try:
            try:
                value = function(*arguments, **keywords)
            except TypeError:
                _check_signature(function, arguments, keywords)
                raise
            if isinstance(value, types.GeneratorType):  # it runs now, before its arguments are looked at
                value = list(capped(value))
        except NameError as error:
            raise self._failed(request).get(error.name or "") or error from None
        altered = _altered(function, decoder, request, arguments, keywords)
        reply = {"value": value} if altered is None else {"value": value, "altered": list(altered)}
        if (changed := self._changed()) is not None:
            reply["changed"] = changed
        key = request["module"], request["name"]
        if (kept := alteration.kept(value)) is not None:
            self._results[key] = kept
        elif key in self._results:
            del self._results[key]
        return reply

    def _changed(self) -> str | None:
        """The function of which this call changed what it last returned, as a reused array does."""
        for (_, name), kept in self._results.items():
            if kept.changed():
                return name
        return None

    def _failed(self, request: Mapping[str, Any]) -> dict[str, BaseException]:
        """What a notebook's cells failed to define, with the reasons."""
        return self._failures.get(request["module"], {})

    def _make(self, request: Mapping[str, Any], decoder: Decoder) -> dict[str, Any]:
        return {"value": keras_operations.MAKERS[request["name"]](*decoder.decode(request["args"]))}

    def _model(self, request: Mapping[str, Any], decoder: Decoder) -> dict[str, Any]:
        operation = keras_operations.OPERATIONS[request["name"]]
        return {"value": operation(self._models[request["id"]], *decoder.decode(request["args"]))}

    def _watch(self, request: Mapping[str, Any], _decoder: Decoder) -> dict[str, Any]:
        keras_operations.watch(self._models[request["id"]], self._tell)
        return {"value": None}

    def _claim(self, value: Any, encode: Callable[[Any], Any]) -> dict[str, Any] | None:
        if (figure := figures.of(value)) is not None:
            return {"$": "figure", "v": encode(figures.describe(figure))}
        keras = sys.modules.get("keras")
        if keras is not None and isinstance(value, keras.callbacks.History):
            return {
                "$": "dict",
                "v": [[str(k), [encode(float(x)) for x in row]] for k, row in value.history.items()],
            }
        if keras is None or not isinstance(value, keras.Model):
            return None
        for number, model in enumerate(self._models):
            if model is value:
                return {"$": "model", "v": number}
        keras_operations.settle(value)
        self._models.append(value)
        return {"$": "model", "v": len(self._models) - 1}

    def _names(self, slug: str) -> list[str]:
        """What a module defines, for a near name where one is missing."""
        public = {
            name: value for name, value in vars(self._modules[slug]).items() if not name.startswith("_")
        }
        return [name for name, value in public.items() if not isinstance(value, types.ModuleType)][:200]

    def _describe(self, error: BaseException) -> dict[str, Any]:
        """What a learner needs to know about an exception: kind, type, message, their own lines."""
        if isinstance(error, MissingName):
            return {"kind": "missing", "name": error.args[0], "names": self._names(error.args[1])}
        if isinstance(error, NotAFunction):
            return {"kind": "not_a_function", "name": error.args[0], "type": error.args[1]}
        if isinstance(error, WrongSignature):
            return {
                "kind": "signature",
                "text": error.args[0],
                "signature": error.args[1],
                "line": error.args[2],
            }
        names = [
            kind.__name__ for kind in type(error).__mro__ if getattr(builtins, kind.__name__, None) is kind
        ]
        frames = [
            [line, frame.f_code.co_qualname, linecache.getline(frame.f_code.co_filename, line).strip()[:200]]
            for frame, line in traceback.walk_tb(error.__traceback__)
            if frame.f_code.co_filename in self._paths
        ]
        if isinstance(error, SyntaxError) and error.filename in self._paths:
            frames.append([error.lineno or 0, "", (error.text or "").strip()[:200]])
        text = str(error.msg) if isinstance(error, SyntaxError) else _text(error)
        name = type(error).__name__
        said = {"kind": "raised", "type": name[:80], "bases": names, "text": text, "frames": frames[-6:]}
        kept = [each for failures in self._failures.values() for each in failures.values()]
        return said | {"loading": True} if any(error is each for each in kept) else said


def _altered(
    function: Callable[..., Any],
    decoder: Decoder,
    request: Mapping[str, Any],
    arguments: Any,
    keywords: Mapping[str, Any],
) -> alteration.Alteration | None:
    """How the call changed one of its arguments; as they were is what the request says."""
    for place, form in enumerate(request["args"]):
        if not _changeable(form) or decoder.holds(form, arguments[place]):
            continue
        names = _parameters(function)
        name = names[place] if place < len(names) else f"argument {place + 1}"
        if found := alteration.first(decoder.decode(form), arguments[place], name):
            return found
    if keywords:
        for name, before in decoder.decode(request["kwargs"]).items():
            if found := alteration.first(before, keywords[name], name):
                return found
    return None


def _changeable(form: Any) -> bool:
    """Whether an argument of this form is one that a call may change and must not: no number, generator, function or model."""
    return isinstance(form, list) or (isinstance(form, dict) and form["$"] not in _UNCOMPARED)


class MissingName(Exception):
    """The module does not define the name."""


class NotAFunction(Exception):
    """The name is there, but cannot be called."""


class WrongSignature(Exception):
    """The function cannot be called with these arguments."""


def _keep_lines(path: str, source: str) -> None:
    """Let linecache know the source for good: TensorFlow's AutoGraph has it read the file again, which is forbidden here."""
    entry = (len(source), None, source.splitlines(keepends=True), path)
    read_again = linecache.updatecache

    def updatecache(filename: str, module_globals: dict[str, Any] | None = None) -> list[str]:
        if filename != path:
            return read_again(filename, module_globals)
        linecache.cache[path] = entry
        return entry[2]

    linecache.cache[path] = entry
    linecache.updatecache = updatecache


# A grader's own expressions, and the same few functions, many times.
_compiled = functools.lru_cache(maxsize=64)(functools.partial(compile, filename="<code>", mode="eval"))
_signature = functools.lru_cache(maxsize=256)(inspect.signature)


def _parameters(function: Callable[..., Any]) -> list[str]:
    try:
        return list(_signature(function).parameters)
    except (TypeError, ValueError):
        return []


def _check_signature(function: Callable[..., Any], arguments: Any, keywords: dict[str, Any]) -> None:
    """Raise WrongSignature where these arguments do not fit, so that none of the function's lines has run."""
    try:
        signature = _signature(function)
    except (TypeError, ValueError):
        return
    try:
        signature.bind(*arguments, **keywords)
    except TypeError as error:
        code = getattr(function, "__code__", None)
        line = code.co_firstlineno if code is not None else 0
        raise WrongSignature(str(error), str(signature)[:200], line) from None


def _text(error: BaseException) -> str:
    try:
        return str(error)[:TEXT_CAP]
    except Exception:
        return ""


class _NoInput(io.TextIOBase):
    def readable(self) -> bool:
        return True

    def readline(self, *_: Any) -> str:  # type: ignore[override]
        raise EOFError("input() has no keyboard here: a check runs your code unattended")


def serve(channel: Channel, output_fd: int) -> None:
    """Answer requests until the other side closes the channel. The process must not go on afterwards."""
    output = Output(output_fd)
    # Warnings of libraries are not what a learner printed to see what goes on; they are read where a process has ended.
    sys.stdout, sys.stderr = output, Output(output_fd)
    sys.stdin = _NoInput()
    builtins.input = lambda *_: sys.stdin.readline()
    session = Session(output, lambda news: channel.send({"news": news}))
    while True:
        try:
            request, body = channel.receive()
        except EOFError:
            return
        reply, buffers = session.answer(request, body)
        try:
            channel.send(reply, buffers)
        except TooLarge:
            channel.send({"error": {"kind": "too_large"}, "output": ""})

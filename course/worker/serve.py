"""Runs a learner's module and answers the grader's requests about it, one at a time, until the grader hangs up."""

from __future__ import annotations

import builtins
import functools
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

from course.worker import cells, keras_models
from course.worker.wire import Channel, Decoder, Encoder, TooLarge, generator_from_state

OUTPUT_CAP = 8_000
TEXT_CAP = 2_000

Reply = tuple[dict[str, Any], list[bytes]]


class Output(io.TextIOBase):
    """Stands in for stdout and stderr: keeps the first OUTPUT_CAP characters, swallows the rest."""

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
        self._operations: Mapping[str, Callable[..., Any]] = {
            "load": self._load,
            "names": self._names,
            "get": self._get,
            "call": self._call,
            "make": self._make,
            "model": self._model,
            "watch": self._watch,
        }

    def answer(self, request: Mapping[str, Any], body: memoryview) -> Reply:
        """The reply to one request. Whatever a learner's code raises becomes part of the reply."""
        encoder = Encoder(self._claim_model)
        try:
            result = self._operations[request["op"]](request, self._decoder(body))
            reply = {name: encoder.encode(value) for name, value in result.items()}
            reply["conversions"] = sorted(set(encoder.conversions))[:5]
            buffers = encoder.buffers
        except TooLarge:
            reply, buffers = {"error": {"kind": "too_large"}}, []
        except BaseException as error:
            reply, buffers = {"error": self._describe(error)}, []
        reply["output"] = self._output.take()
        return reply, buffers

    def _decoder(self, body: memoryview) -> Decoder:
        special: dict[str, Callable[[Any], Any]] = {
            "rng": generator_from_state,
            "model": lambda number: self._models[number],
            "code": lambda source: eval(source, {"np": np, "keras": sys.modules.get("keras")}),  # noqa: S307  a grader's own
        }
        return Decoder(body, special)

    def _load(self, request: Mapping[str, Any], _decoder: Decoder) -> dict[str, Any]:
        source, path, seed = request["source"], request["path"], request["seed"]
        self._paths.add(path)
        _keep_lines(path, source)
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

    def _names(self, request: Mapping[str, Any], _decoder: Decoder) -> dict[str, Any]:
        module = self._modules[request["module"]]
        public = {name: value for name, value in vars(module).items() if not name.startswith("_")}
        return {
            "value": [name for name, value in public.items() if not isinstance(value, types.ModuleType)][:200]
        }

    def _get(self, request: Mapping[str, Any], _decoder: Decoder) -> dict[str, Any]:
        return {"value": self._find(request)}

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
        keywords = dict(decoder.decode(request["kwargs"]))
        _check_signature(function, arguments, keywords)
        try:
            value = function(*arguments, **keywords)
        except NameError as error:
            raise self._failed(request).get(error.name or "") or error from None
        return {"value": value, "args": arguments} if request.get("echo") else {"value": value}

    def _failed(self, request: Mapping[str, Any]) -> dict[str, BaseException]:
        """What a notebook's cells failed to define, with the reasons."""
        return self._failures.get(request["module"], {})

    def _make(self, request: Mapping[str, Any], decoder: Decoder) -> dict[str, Any]:
        return {"value": keras_models.make(*decoder.decode(request["args"]))}

    def _model(self, request: Mapping[str, Any], decoder: Decoder) -> dict[str, Any]:
        operation = keras_models.OPERATIONS[request["name"]]
        return {"value": operation(self._models[request["id"]], *decoder.decode(request["args"]))}

    def _watch(self, request: Mapping[str, Any], _decoder: Decoder) -> dict[str, Any]:
        keras_models.watch(self._models[request["id"]], self._tell)
        return {"value": None}

    def _claim_model(self, value: Any) -> dict[str, Any] | None:
        keras = sys.modules.get("keras")
        if keras is not None and isinstance(value, keras.callbacks.History):
            encode = Encoder().encode
            return {
                "$": "dict",
                "v": [[str(k), [encode(float(x)) for x in row]] for k, row in value.history.items()],
            }
        if keras is None or not isinstance(value, keras.Model):
            return None
        for number, model in enumerate(self._models):
            if model is value:
                return {"$": "model", "v": number}
        self._models.append(value)
        return {"$": "model", "v": len(self._models) - 1}

    def _describe(self, error: BaseException) -> dict[str, Any]:
        """What a learner needs to know about an exception: kind, type, message, their own lines."""
        if isinstance(error, MissingName):
            names = self._names({"module": error.args[1]}, Decoder(memoryview(b"")))["value"]
            return {"kind": "missing", "name": error.args[0], "names": names}
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
            [frame.lineno or 0, frame.name, (frame.line or "")[:200]]
            for frame in traceback.extract_tb(error.__traceback__)
            if frame.filename in self._paths
        ]
        if isinstance(error, SyntaxError) and error.filename in self._paths:
            frames.append([error.lineno or 0, "", (error.text or "").strip()[:200]])
        text = str(error.msg) if isinstance(error, SyntaxError) else _text(error)
        name = type(error).__name__
        said = {"kind": "raised", "type": name[:80], "bases": names, "text": text, "frames": frames[-6:]}
        kept = [each for failures in self._failures.values() for each in failures.values()]
        return said | {"loading": True} if any(error is each for each in kept) else said


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


# A grader calls the same few functions many times.
_signature = functools.lru_cache(maxsize=256)(inspect.signature)


def _check_signature(function: Callable[..., Any], arguments: Any, keywords: dict[str, Any]) -> None:
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
    sys.stdout = sys.stderr = output
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

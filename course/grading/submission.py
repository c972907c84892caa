"""The learner's module as a grader sees it: every function is a remote call into the worker."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from course.catalog import Exercise
from course.grading import context
from course.grading.errors import Ended, LearnerError, from_reply
from course.grading.launch import Launcher, Worker
from course.grading.models import Model
from course.messages import Message, marked, say
from course.seeds import of_worker
from course.subject import Subject
from course.worker import cells
from course.worker.wire import Decoder, Encoder, WireError, generator_from_state

# Importing a large library takes seconds where the worker has not done it already.
_SLOW_IMPORTS = re.compile(
    r"^\s*(?:import|from)\s+(?:tensorflow|keras|torch|jax|sklearn|scipy|pandas)\b", re.MULTILINE
)
_SLOW_IMPORT_SECONDS = 60.0
_MOST_NEWS, _LONGEST_NAME = 40, 60
_LOADING_TOO_LONG = {
    False: marked(
        "Importing the file took longer than {seconds} s: is there an endless loop, or training, outside functions?"
    ),
    True: marked(
        "Running what the exercise's functions use took longer than {seconds} s: do they use a value that a loop or "
        "training outside functions makes?"
    ),
}


class Submission:
    """One learner's file for one exercise. `submission.f(x)` calls f in the worker.

    A worker that hangs or dies is replaced for the next test; the call that hung is not made again. Files `beside` this one
    are loaded into the same worker, so that models can pass from one's functions to another's: see `module`. `listener` is
    told of every epoch of a model that is watched.
    """

    def __init__(
        self,
        exercise: Exercise,
        source: str,
        path: str,
        launcher: Launcher,
        seed: int,
        *,
        beside: Sequence[Subject] = (),
        listener: Callable[[dict[str, float]], None] | None = None,
    ) -> None:
        self._exercise = exercise
        self._beside = tuple(beside)
        self._listener = listener
        self._source = source
        self._path = path
        self._launcher = launcher
        self._seed = of_worker(seed)
        self._worker: Worker | None = None
        self.worker_number = 0
        self._spent = 0.0
        self._hung: dict[str, list[Message]] = {}
        self._broken: Exception | None = None

    def __getattr__(self, name: str) -> RemoteFunction:
        if name.startswith("_"):
            raise AttributeError(name)
        return RemoteFunction(self, name)

    def module(self, slug: str) -> Functions:
        """The functions of one of the files beside this one, by its exercise."""
        return Functions(self, slug)

    def attribute(self, name: str) -> Any:
        """The value of a name in the learner's module that is not a function."""
        self._ready()
        request = {"op": "get", "name": name, "module": self._exercise.slug}
        return self._exchange(request, [], name, self._exercise.call_seconds)["value"]

    def call(self, call: context.Call, seconds: float | None, *, echo: bool) -> Any:
        """Make one remote call: the value, or with `echo` the value and the arguments as they are afterwards."""
        if call.name in self._hung:
            raise Ended("timeout", self._hung[call.name])
        self._ready()
        encoder = Encoder()
        request = {
            "op": "call",
            "name": call.name,
            "module": call.module or self._exercise.slug,
            "args": encoder.encode(list(self._own(call.arguments))),
            "kwargs": encoder.encode(call.keywords),
            "echo": echo,
        }
        limit = self._exercise.call_seconds if seconds is None else seconds
        answer = self._exchange(request, encoder.buffers, call, limit)
        call.result = answer["value"]
        call.conversions = tuple(str(name)[:80] for name in answer["conversions"])
        return (call.result, answer["args"]) if echo else call.result

    def keras_model(
        self, inputs: int, layers: Sequence[tuple[str, Mapping[str, Any]]], **settings: Any
    ) -> Model:
        """A model of the grader's own beside the learner's code: `inputs` features, layers by class and arguments.

        Args:
            inputs: features of a row.
            layers: pairs such as ("Dense", {"units": 8, "activation": "relu"}).
            settings: optimizer, loss, metrics and learning_rate of compile(); by default as in the lecture's case.
        """
        self._ready()
        encoder = Encoder()
        given = {"optimizer": "adam", "loss": "binary_crossentropy", "metrics": ["accuracy"], **settings}
        request = {"op": "make", "args": encoder.encode([inputs, [list(layer) for layer in layers], given])}
        model: Model = self._exchange(request, encoder.buffers, "model", self._exercise.call_seconds)["value"]
        return model

    def ask_model(self, model: Model, name: str, arguments: tuple[Any, ...], seconds: float | None) -> Any:
        """One operation of a model handle."""
        self._own((model,))
        encoder = Encoder()
        request = {"op": "model", "id": model.id, "name": name, "args": encoder.encode(list(arguments))}
        label = {"predict": "model(x)", "train_steps": "training the model"}.get(name, f"model.{name}")
        limit = self._exercise.call_seconds if seconds is None else seconds
        return self._exchange(request, encoder.buffers, label, limit)["value"]

    def watch(self, model: Model) -> None:
        """Tell the listener of every epoch from now on, as the learner's code trains this model with fit."""
        self._own((model,))
        self._exchange({"op": "watch", "id": model.id}, [], "model", self._exercise.call_seconds)

    def close(self) -> None:
        """End the worker."""
        if self._worker is not None:
            self._worker.discard()
            self._worker = None

    def _own(self, arguments: tuple[Any, ...]) -> tuple[Any, ...]:
        """The arguments; a model of an earlier worker is gone with it."""
        for argument in arguments:
            if isinstance(argument, Model) and (
                argument.worker_number != self.worker_number or self._worker is None
            ):
                raise Ended("error", [say("The model is gone: the process that held it ended.")])
        return arguments

    def _ready(self) -> None:
        """A worker with the learner's module loaded; raises what loading raised, each time."""
        if self._broken is not None:
            raise self._broken
        if self._worker is not None:
            return
        self._worker = self._launcher.start(self._exercise.runtime, self._exercise.seconds * 2)
        self.worker_number += 1
        slow = self._exercise.runtime == "keras" or _SLOW_IMPORTS.search(self._source)
        limit = _SLOW_IMPORT_SECONDS if slow else self._exercise.call_seconds
        files = [Subject(self._exercise, self._path, self._source), *self._beside]
        for subject in files:
            slug = subject.exercise.slug
            request = {"op": "load", "slug": slug, "path": subject.path, "source": subject.source or "",
                       "wanted": subject.wanted, "seed": self._seed}  # fmt: skip
            try:
                self._exchange(request, [], "import", limit)
            except (LearnerError, Ended) as error:
                error.slug = slug
                self._broken = error
                self.close()
                raise

    def _exchange(
        self, request: dict[str, Any], buffers: list[bytes], label: Any, limit: float
    ) -> dict[str, Any]:
        """Send one request and read its reply. `label` names the call in messages."""
        worker = self._worker
        assert worker is not None
        left = self._exercise.seconds - self._spent
        start = time.monotonic()
        worker.arm(max(0.01, min(limit, left)))
        try:
            worker.channel.send(request, buffers)
            reply, body = worker.channel.receive()
            while self._listener is not None and "news" in reply:
                self._listener(_numbers(reply["news"]))
                reply, body = worker.channel.receive()
        except (EOFError, OSError):
            raise self._ended(label, min(limit, left)) from None
        except WireError:
            self.close()
            raise Ended("error", _malformed(label)) from None
        finally:
            worker.disarm()
            self._spent += time.monotonic() - start
        error = reply.get("error")
        try:
            if error is not None:
                raise from_reply(error, str(label), self._source, loading=request["op"] == "load")
            decoder = Decoder(body, {"model": self._model, "rng": generator_from_state})
            decoded: dict[str, Any] = {
                name: decoder.decode(reply[name]) for name in ("value", "args") if name in reply
            }
            return {**decoded, "conversions": list(reply.get("conversions", []))}
        except (WireError, KeyError, TypeError, ValueError, AttributeError) as problem:
            if isinstance(problem, LearnerError):
                raise
            self.close()
            raise Ended("error", _malformed(label)) from None

    def _model(self, number: Any) -> Model:
        if not isinstance(number, int):
            raise WireError("bad model")
        return Model(number, self)

    def _ended(self, label: Any, limit: float) -> Ended:
        """What to say when the worker is gone; a name that hung is remembered."""
        worker, self._worker = self._worker, None
        assert worker is not None
        status, output = worker.end()
        printed = output.strip()
        tail = [say("It had printed: {output}", output=printed[:200])] if printed else []
        if worker.late:
            text = (
                _LOADING_TOO_LONG[cells.is_notebook(self._source)]
                if label == "import"
                else marked("{call} took longer than {seconds} s: is there a loop that never ends?")
            )
            message = [say(text, call=str(label), seconds=f"{limit:.3g}"), *tail]
            if isinstance(label, context.Call):
                self._hung[label.name] = message
            return Ended("timeout", message)
        if worker.flooded:
            return Ended(
                "error", [say("{call} wrote more files than a check allows.", call=str(label)), *tail]
            )
        return Ended("error", [_death(str(label), status), *tail])


class RemoteFunction:
    """A function of the learner's module."""

    def __init__(
        self, submission: Submission, name: str, seconds: float | None = None, module: str = ""
    ) -> None:
        self._submission = submission
        self._name = name
        self._seconds = seconds
        self._module = module

    def __call__(self, *arguments: Any, **keywords: Any) -> Any:
        """Call it; raises what the learner's code raised."""
        return self._submission.call(self._record(arguments, keywords), self._seconds, echo=False)

    def within(self, seconds: float) -> Callable[..., Any]:
        """The same function with another time limit for the call."""
        return RemoteFunction(self._submission, self._name, seconds, self._module)

    def with_arguments_after(self, *arguments: Any) -> tuple[Any, list[Any]]:
        """Call it; its result and the arguments as they are afterwards."""
        result, after = self._submission.call(self._record(arguments, {}), self._seconds, echo=True)
        return result, after

    def _record(self, arguments: tuple[Any, ...], keywords: dict[str, Any]) -> context.Call:
        call = context.Call(self._name, arguments, keywords, self._module)
        context.running.calls.append(call)
        return call


class Functions:
    """The functions of one of several files in a worker."""

    def __init__(self, submission: Submission, slug: str) -> None:
        self._submission = submission
        self._slug = slug

    def __getattr__(self, name: str) -> RemoteFunction:
        if name.startswith("_"):
            raise AttributeError(name)
        return RemoteFunction(self._submission, name, module=self._slug)


def _numbers(news: Any) -> dict[str, float]:
    """What a worker tells on the way, as far as it is named numbers."""
    if not isinstance(news, dict) or len(news) > _MOST_NEWS:
        raise WireError("bad news")
    return {
        name: float(value)
        for name, value in news.items()
        if isinstance(value, int | float) and len(name) <= _LONGEST_NAME
    }


def _malformed(label: Any) -> list[Message]:
    return [
        say(
            "{call} ended in a reply that cannot be read: the code interfered with its own process.",
            call=str(label),
        )
    ]


def _death(label: str, status: int | None) -> Message:
    if status is not None and status >= 0:
        return say("{call} ended the whole process with status {status}: remove exit calls such as os._exit().",
                   call=label, status=status)  # fmt: skip
    signals = {-9: "SIGKILL", -11: "SIGSEGV", -6: "SIGABRT", -24: "SIGXCPU", -25: "SIGXFSZ"}
    name = signals.get(status or 0, str(status))
    return say("{call} crashed the process ({signal}): too much memory or processor time, or a fault in native code.",
               call=label, signal=name)  # fmt: skip

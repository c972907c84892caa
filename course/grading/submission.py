"""The learner's module as a grader sees it: every function is a remote call into the worker."""

from __future__ import annotations

import re
import time
import zlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from course.content.catalog import Exercise
from course.grading import context
from course.grading.errors import Ended, LearnerError, altered, changed, from_reply
from course.grading.figures import Figure, from_wire
from course.grading.launch import Launcher, Worker
from course.grading.models import Model
from course.grading.repeat import Repeat
from course.language.messages import Message, marked, say
from course.learner.subject import Subject
from course.processes.seeds import of_worker
from course.worker import cells
from course.worker.control import BROKEN
from course.worker.wire import Decoder, Encoder, WireError, generator_from_state

# Importing a large library takes seconds where the worker has not done it already.
_SLOW_IMPORTS = re.compile(
    r"^\s*(?:import|from)\s+(tensorflow|keras|torch|jax|sklearn|scipy|pandas|matplotlib|seaborn)\b",
    re.MULTILINE,
)
_SLOW_IMPORT_SECONDS = 60.0
_MOST_NEWS, _LONGEST_NAME = 40, 60
_DECODED = "value", "altered", "changed"
_COUNTED = re.compile(r'"([a-z0-9_]*?[a-z0-9])(?:_\d+)?"')
_TRAINS = re.compile(r"\.fit\(|\.train_on_batch\(|GradientTape")
_TOO_LONG = {
    False: marked("{call} took longer than {seconds} s: is there a loop that never ends?"),
    True: marked(
        "{call} took longer than {seconds} s: does it train a model that it should only build, or loop without end?"
    ),
}
_LOADING_TOO_LONG = {
    False: marked(
        "Importing the file took longer than {seconds} s: is there an endless loop, or training, outside functions?"
    ),
    True: marked(
        "Running what the exercise's functions use took longer than {seconds} s: do they use a value that a loop or "
        "training outside functions makes?"
    ),
}


@dataclass
class _Spent:
    """Seconds that a learner's code has taken, in whatever worker."""

    seconds: float = 0.0


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
        self._subject = Subject(exercise, path, source)
        self._launcher = launcher
        self._drawn_from = seed
        self._seed = of_worker(seed)
        self._clean: Submission | None = None
        self._twins: dict[str, Model | None] = {}
        self._worker: Worker | None = None
        self.worker_number = 0
        self._spent = _Spent()
        self._hung: dict[str, list[Message]] = {}
        self._repeat = Repeat()
        self._broken: Exception | None = None
        self._special = {"model": self._model, "rng": generator_from_state, "figure": from_wire}

    def __getattr__(self, name: str) -> RemoteFunction:
        if name.startswith("_"):
            raise AttributeError(name)
        function = self.__dict__[name] = RemoteFunction(self, name)  # the next time it is found
        return function

    def module(self, slug: str) -> Functions:
        """The functions of one of the files beside this one, by its exercise."""
        return Functions(self, slug)

    def call(self, call: context.Call, seconds: float | None) -> Any:
        """Make one remote call; raises what the learner's code raised, Failure where it altered an argument."""
        if call.name in self._hung:
            raise Ended("timeout", self._hung[call.name])
        self._ready()
        try:
            answer = self._ask(call, seconds)
        except LearnerError as error:
            call.raised = error.type_name
            raise
        call.result = answer["value"]
        if "conversions" in answer:
            call.conversions = tuple(str(name)[:80] for name in answer["conversions"])
        if "altered" in answer:
            raise altered(call, *answer["altered"])
        if "changed" in answer:
            raise changed(call, str(answer["changed"]))
        if seconds is None and self._repeat.wants(call):
            self._repeat.check(call, lambda sliced: self._ask(call, sliced=sliced)["value"])
        return call.result

    def _ask(
        self, call: context.Call, seconds: float | None = None, *, sliced: bool = False
    ) -> dict[str, Any]:
        limit = self._exercise.call_seconds if seconds is None else seconds
        encoder = Encoder(sliced=sliced)
        request = {
            "op": "call",
            "name": call.name,
            "module": call.module or self._exercise.slug,
            "args": encoder.encode(list(self._own(call.arguments))),
        }
        if call.keywords:
            request["kwargs"] = encoder.encode(call.keywords)
        return self._exchange(request, encoder.buffers, call, limit)

    def keras_model(
        self, inputs: int, layers: Sequence[tuple[str, Mapping[str, Any]]], **settings: Any
    ) -> Model:
        """A model of the grader's own beside the learner's code: `inputs` features, layers by class and arguments.

        Args:
            inputs: features of a row.
            layers: pairs such as ("Dense", {"units": 8, "activation": "relu"}).
            settings: optimizer, loss, metrics and learning_rate of compile(); by default as in the lecture's case.
        """
        given = {"optimizer": "adam", "loss": "binary_crossentropy", "metrics": ["accuracy"], **settings}
        return self._make("stack", inputs, [list(layer) for layer in layers], given)

    def twin(self, configuration: str) -> Model | None:
        """The model that a learner's one says it is, in a worker without learner's code; None where Keras makes none of it."""
        key = _renumbered(configuration)
        if key not in self._twins:
            try:
                self._twins[key] = self._apart()._make("rebuilt", configuration)
            except (LearnerError, Ended):
                self._twins[key] = None
        return self._twins[key]

    def loaded(self, path: str, content: Any) -> Model:
        """A model from a file's bytes, in a worker without learner's code; raises LearnerError where they hold none."""
        return self._apart()._make("loaded", path, content)

    def private_rng(self, purpose: str) -> np.random.Generator:
        """Random numbers that no test draws, for what a model is asked behind the scenes."""
        return np.random.default_rng([self._drawn_from, zlib.crc32(purpose.encode())])

    def _make(self, maker: str, *arguments: Any) -> Model:
        self._ready()
        encoder = Encoder()
        request = {"op": "make", "name": maker, "args": encoder.encode(list(arguments))}
        model: Model = self._exchange(request, encoder.buffers, "model", self._exercise.call_seconds)["value"]
        return model

    def _apart(self) -> Submission:
        """A worker that has never seen learner's code."""
        if self._clean is None:
            self._clean = Submission(self._exercise, "", self._path, self._launcher, self._drawn_from)
        return self._clean

    def ask_model(self, model: Model, name: str, arguments: tuple[Any, ...], seconds: float | None) -> Any:
        """One operation of a model handle."""
        self._own((model,))
        encoder = Encoder()
        request = {"op": "model", "id": model.id, "name": name, "args": encoder.encode(list(arguments))}
        label = {"predict": "model(x)", "train_steps": "training the model"}.get(name, f"model.{name}")
        limit = self._exercise.call_seconds if seconds is None else seconds
        value = self._exchange(request, encoder.buffers, label, limit)["value"]
        if name == "predict":  # what a comparison is about, where it is not what a function returned
            context.running.calls.append(context.Call(f"model.{name}", arguments[:1], {}, result=value))
        return value

    def current_figure(self) -> Figure | None:
        """The figure that pyplot draws on after the learner's calls; None where it has none."""
        self._ready()
        request = {"op": "figure"}
        figure: Figure | None = self._exchange(request, [], "plt.gcf", self._exercise.call_seconds)["value"]
        return figure

    def watch(self, model: Model) -> None:
        """Tell the listener of every epoch from now on, as the learner's code trains this model with fit."""
        self._own((model,))
        self._exchange({"op": "watch", "id": model.id}, [], "model", self._exercise.call_seconds)

    def anew(self) -> Submission:
        """The same in a worker of its own, with the time that is left."""
        made = Submission(
            self._exercise,
            self._source,
            self._path,
            self._launcher,
            self._drawn_from,
            beside=self._beside,
            listener=self._listener,
        )
        made._spent = self._spent
        return made

    def kill(self) -> None:
        """End its workers, from another thread: what waits for them there raises Ended, and no other one is started."""
        self._broken = Ended("error", [])
        for each in (self, self._clean):
            if each is not None and each._worker is not None:
                each._worker.kill()

    def close(self) -> None:
        """End the worker, and the one without learner's code."""
        if self._worker is not None:
            self._worker.discard()
            self._worker = None
        if self._clean is not None:
            self._clean.close()

    def _own(self, arguments: tuple[Any, ...]) -> tuple[Any, ...]:
        """The arguments; a model of an earlier worker is gone with it."""
        for argument in arguments:
            if type(argument) is Model and (
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
        self._worker = self._launcher.start(self._exercise.kind, self._exercise.seconds * 2)
        self.worker_number += 1
        slow = self._exercise.heavy or _SLOW_IMPORTS.search(self._source)
        limit = _SLOW_IMPORT_SECONDS if slow else self._exercise.call_seconds
        for subject in (self._subject, *self._beside):
            slug = subject.exercise.slug
            source = subject.source or ""
            wanted = subject.wanted if cells.is_notebook(source) else []
            request = {"op": "load", "slug": slug, "path": subject.path, "source": source, "wanted": wanted,
                       "imports": sorted(set(_SLOW_IMPORTS.findall(source))), "seed": self._seed}  # fmt: skip
            try:
                self._exchange(request, [], "import", limit)
            except (LearnerError, Ended) as error:
                error.slug = slug
                self._broken = error
                self.close()
                raise

    def _exchange(
        self, request: dict[str, Any], buffers: list[bytes], label: str | context.Call, limit: float
    ) -> dict[str, Any]:
        """Send one request and read its reply. `label` names the call in messages."""
        worker = self._worker
        assert worker is not None
        left = self._exercise.seconds - self._spent.seconds
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
            self._spent.seconds += time.monotonic() - start
        if "output" in reply:
            context.running.print(str(reply["output"]))
        error = reply.get("error")
        try:
            if error is not None:
                loading = request["op"] == "load"
                raised = from_reply(
                    error, str(label), self._source, loading=loading, stubs=self._subject.unwritten
                )
                context.receive(label, raised)
                raise raised
            decoder = Decoder(body, self._special)
            decoded = {name: decoder.decode(reply[name]) for name in _DECODED if name in reply}
            if "value" in decoded:
                context.receive(label, decoded["value"])
            elif request["op"] != "load":
                raise WireError("a reply without a value")
            if "conversions" in reply:
                decoded["conversions"] = list(reply["conversions"])
            return decoded
        except (WireError, KeyError, TypeError, ValueError, AttributeError) as problem:
            if isinstance(problem, LearnerError):
                raise
            self.close()
            raise Ended("error", _malformed(label)) from None

    def _model(self, number: Any) -> Model:
        if not isinstance(number, int):
            raise WireError("bad model")
        return Model(number, self)

    def _ended(self, label: str | context.Call, limit: float) -> Ended:
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
                else _TOO_LONG[bool(_TRAINS.search(self._source))]
            )
            message = [say(text, call=str(label), seconds=f"{limit:.3g}"), *tail]
            if isinstance(label, context.Call):
                self._hung[label.name] = message
            return Ended("timeout", message)
        if worker.excess:
            return Ended("error", [say(worker.excess, call=str(label)), *tail])
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
        return self._submission.call(self._record(arguments, keywords), self._seconds)

    def within(self, seconds: float) -> Callable[..., Any]:
        """The same function with another time limit for the call."""
        return RemoteFunction(self._submission, self._name, seconds, self._module)

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


def _renumbered(configuration: str) -> str:
    """A configuration with the names that Keras counts up (dense_7) counted from its own first one."""
    counts: dict[str, dict[str, str]] = {}

    def again(match: re.Match[str]) -> str:
        known = counts.setdefault(match[1], {})
        return known.setdefault(match[0], f'"{match[1]} {len(known)}"')

    return _COUNTED.sub(again, configuration)


def _numbers(news: Any) -> dict[str, float]:
    """What a worker tells on the way, as far as it is named numbers."""
    if not isinstance(news, dict) or len(news) > _MOST_NEWS:
        raise WireError("bad news")
    return {
        name: float(value)
        for name, value in news.items()
        if isinstance(value, int | float) and len(name) <= _LONGEST_NAME
    }


def _malformed(label: str | context.Call) -> list[Message]:
    return [
        say(
            "{call} ended in a reply that cannot be read: the code interfered with its own process.",
            call=str(label),
        )
    ]


def _death(label: str, status: int | None) -> Message:
    if status == BROKEN:
        return _malformed(label)[0]
    if status is not None and status >= 0:
        return say("{call} ended the whole process with status {status}: remove exit calls such as os._exit().",
                   call=label, status=status)  # fmt: skip
    signals = {-9: "SIGKILL", -11: "SIGSEGV", -6: "SIGABRT", -24: "SIGXCPU", -25: "SIGXFSZ"}
    name = signals.get(status or 0, str(status))
    return say("{call} crashed the process ({signal}): too much memory or processor time, or a fault in native code.",
               call=label, signal=name)  # fmt: skip

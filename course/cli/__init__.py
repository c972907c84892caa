"""The command `course`."""

from __future__ import annotations

import atexit
import contextlib
import gc
import signal
import sys
import warnings
from types import FrameType

# Imports and a history of thousands of attempts leave nothing to collect; looking for it takes a twentieth of a quick command.
_MADE_BEFORE_COLLECTED = 50_000


def main() -> None:
    """Have the command run where everything is imported already, else run it."""
    interruption = _Interruption()
    gc.set_threshold(_MADE_BEFORE_COLLECTED)
    atexit.register(gc.freeze)  # else all that is left is looked through once more
    from course.processes import descriptors
    from course.processes.keeper import place

    descriptors.open_closed()
    if place.taken_in():
        from course.cli import forwarding

        status = forwarding.run(sys.argv[1:])
        if status is not None:
            sys.exit(status)
    if sys.argv[1:2] == ["check"]:
        from course.processes import starting

        starting.ahead()
    run(interruption)


def run(interruption: _Interruption | None = None) -> None:
    """Run the command line. The language is settled first: help texts are translated when they are shown."""
    interruption = interruption or _Interruption()
    try:
        _unwind_when_ended()
        if not sys.warnoptions:
            warnings.simplefilter(
                "ignore"
            )  # what a library warns of is for its programmers, not between our lines
        from course import language
        from course.terminal import streams

        streams.settle()
        language.choose(_asked(sys.argv[1:], "--lang"))
        course = _asked(sys.argv[1:], "--course")
        if course is not None:
            from course.content import courses

            courses.choose(lambda: courses.asked(course))
        if language.of_environment() not in ("c", "posix", *language.languages()):
            _know_the_course_s_languages()
        from course.cli import tree

        interruption.raised()
        tree.course(prog_name="course")
    except KeyboardInterrupt:  # click turns one of its own into a message; this came before
        sys.exit(130)
    except Exception:
        if not interruption.came:
            raise
        sys.exit(130)


class _Interruption:
    """Ctrl-C, which ends this process without a word until it is raised; what it breaks off may then raise anything.

    An import, for one: a class half made is a RuntimeError, a file half compiled a SyntaxError.
    """

    def __init__(self) -> None:
        self.came = False
        self._ours = (
            signal.getsignal(signal.SIGINT) is signal.default_int_handler
        )  # or somebody has set another
        if self._ours:
            signal.signal(signal.SIGINT, signal.SIG_DFL)

    def raised(self) -> None:
        """From now on it is a KeyboardInterrupt."""
        if self._ours:
            sys.unraisablehook = _again
            signal.signal(signal.SIGINT, self._noted)

    def _noted(self, number: int, frame: FrameType | None) -> None:
        self.came = True
        signal.default_int_handler(number, frame)


def _again(unraisable: sys.UnraisableHookArgs) -> None:
    """A Ctrl-C that came within a callback, where Python would drop it, comes once more."""
    if isinstance(unraisable.exc_value, KeyboardInterrupt):
        signal.raise_signal(signal.SIGINT)
    else:
        sys.__unraisablehook__(unraisable)


def _unwind_when_ended() -> None:
    """A closed window or a request to end leaves by the same way as any other end: nothing stays behind."""

    def leave(number: int, _frame: object) -> None:
        for each in caught:
            signal.signal(each, signal.SIG_IGN)  # once is enough; what is being cleared away is cleared away
        sys.exit(128 + number)

    named = (getattr(signal, name, None) for name in ("SIGTERM", "SIGHUP", "SIGBREAK"))
    # One that is ignored already stays so: that is what nohup asks for.
    caught = [each for each in named if each is not None and signal.getsignal(each) == signal.SIG_DFL]
    for each in caught:
        signal.signal(each, leave)


def _know_the_course_s_languages() -> None:
    from course.content import courses
    from course.content.manifest import ManifestError

    with contextlib.suppress(courses.CourseError, ManifestError):  # the command itself says so
        courses.current()


def _asked(arguments: list[str], option: str) -> str | None:
    """What follows an option, wherever it stands; nothing behind `--` is one."""
    for place, argument in enumerate(arguments):
        name, _, value = argument.partition("=")
        if name == option:
            return value or (arguments[place + 1] if place + 1 < len(arguments) else None)
        if argument == "--":
            break
    return None

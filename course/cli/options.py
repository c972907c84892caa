"""What all commands share: translated help, --lang, --json, errors that name the next step."""

from __future__ import annotations

import contextlib
import errno
import json
import unicodedata
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import click

from course import language
from course.content import catalog, courses
from course.language import gettext as _
from course.learner import workspace
from course.learner.store.errors import NewerStore, StoreUnusable
from course.quizzes.errors import BankError, DrawError, UnknownQuiz

# Stands behind every character that is two columns wide while click lays lines out, which counts characters.
_SECOND_COLUMN = "\ue000"


class _Formatter(click.HelpFormatter):
    """Lays help out by columns."""

    def write_text(self, text: str) -> None:
        """A paragraph."""
        super().write_text(_spaced(text))

    def write_dl(self, rows: Iterable[tuple[str, str]], col_max: int = 30, col_spacing: int = 2) -> None:
        """Terms, and beside each what it means."""
        super().write_dl([(_spaced(term), _spaced(meaning)) for term, meaning in rows], col_max, col_spacing)

    def getvalue(self) -> str:
        """What was laid out."""
        return super().getvalue().replace(_SECOND_COLUMN, "")


def _spaced(text: str) -> str:
    return "".join(c + _SECOND_COLUMN if unicodedata.east_asian_width(c) in "WF" else c for c in text)


class _Context(click.Context):
    formatter_class = _Formatter


class Translated(click.Command):
    """Translates its help when it is shown; turns the program's own errors into usage errors."""

    context_class = _Context

    def get_help(self, ctx: click.Context) -> str:
        """The help text in the language in use."""
        _translate(self)
        return super().get_help(ctx)

    def get_short_help_str(self, limit: int = 60) -> str:
        """The line in the list of commands."""
        return _((self.help or "").strip().split("\n")[0])

    def invoke(self, ctx: click.Context) -> Any:
        """Run it."""
        try:
            return super().invoke(ctx)
        except catalog.UnknownName as error:
            text = _("There is no day or exercise called {name}.").format(name=error.name)
            if error.nearest:
                text += " " + _("Did you mean {nearest}?").format(nearest=", ".join(error.nearest))
            raise click.UsageError(text + " " + _("`course list` shows them all.")) from error
        except (courses.CourseError, catalog.ManifestError) as error:
            raise click.UsageError(str(error)) from error
        except workspace.NoWorkspace as error:
            text = _("{folder} is not a workspace, nor is a folder above it.").format(folder=error.start)
            raise click.UsageError(text + " " + _("Make one: course start DIR")) from error
        except workspace.NotAFolder as error:
            raise click.UsageError(_("There is no folder {path}.").format(path=error)) from error
        except UnknownQuiz as error:
            text = _("There is no quiz on {name}.").format(name=error.name)
            if error.nearest:
                text += " " + _("Did you mean {nearest}?").format(nearest=", ".join(error.nearest))
            raise click.UsageError(text + " " + _("`course quiz --list` shows them all.")) from error
        except (BankError, DrawError) as error:
            raise click.ClickException(str(error)) from error
        except StoreUnusable as error:
            raise click.ClickException(store_problem(error)) from error
        except OSError as error:
            if error.errno == errno.EPIPE:
                raise  # nobody reads on: click ends it without a word
            raise click.ClickException(system_problem(error)) from error
        except RuntimeError as error:
            if "start new thread" not in str(error):
                raise
            raise click.ClickException(system_problem(error)) from error


def system_problem(error: OSError | RuntimeError) -> str:
    """What the system refuses, in the learner's language."""
    if isinstance(error, RuntimeError) or error.errno == errno.EAGAIN:
        return _("The system allows no more processes: end other programs, or raise the limit (ulimit -u).")
    if isinstance(error, FileNotFoundError) and not _here():
        return _("The folder you are in no longer exists: go to another one (cd) and try again.")
    text = _("The system refuses {path}: {reason}") if error.filename else _("The system refuses: {reason}")
    return text.format(path=error.filename, reason=error.strerror or error)


def _here() -> bool:
    """Whether the current folder is there."""
    try:
        Path.cwd()
    except OSError:
        return False
    return True


def print_json(data: object) -> None:
    """Print an object for programs: in ASCII, which says the same in every encoding."""
    click.echo(json.dumps(data, indent=1, default=_plain))


def _plain(value: Any) -> Any:
    """What a course's module counted with NumPy, as plain numbers."""
    if hasattr(value, "tolist"):
        return value.tolist()
    raise TypeError(f"{type(value).__name__} in JSON")


def store_problem(error: StoreUnusable) -> str:
    """What is wrong with the store, in the learner's language."""
    if isinstance(error, NewerStore):
        text = _("{path} was written by a newer version of this program; update it to go on.")
        return text.format(path=error.path)
    text = _("Your progress in {path} cannot be used: {reason}")
    return text.format(path=error.path, reason=error.reason)


def say_unkept(error: StoreUnusable) -> None:
    """A note on standard error: the result stands, it only was not written down."""
    text = store_problem(error) + "\n" + _("The result stands, but it was not added to your progress.")
    click.secho(text, fg="yellow", err=True)


class TranslatedGroup(Translated, click.Group):
    """A group of such commands, listed in the order they were written in."""

    command_class = Translated

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Names in the order of definition."""
        return list(self.commands)


def _translate(command: click.Command) -> None:
    command.help = _(language.unwrapped(command.help)) if command.help else None
    for parameter in command.params:
        if isinstance(parameter, click.Option) and parameter.help:
            parameter.help = _(parameter.help)


class _Language(click.Choice[str]):
    """The program's languages, and those of the course in use."""

    def get_metavar(self, param: click.Parameter, ctx: click.Context) -> str | None:
        """Those that `convert` takes; of a course that cannot be read the program's own."""
        with contextlib.suppress(courses.CourseError, catalog.ManifestError):
            return click.Choice(courses.languages()).get_metavar(param, ctx)
        return super().get_metavar(param, ctx)

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """Read the course only where the program itself does not speak the language."""
        if value in language.languages():
            return str(value)
        try:
            known = courses.languages()
        except (courses.CourseError, catalog.ManifestError) as error:
            raise click.UsageError(str(error)) from error
        return str(click.Choice(known).convert(value, param, ctx))


def global_options(function: Callable[..., Any]) -> Callable[..., Any]:
    """Add --lang and --course; main() has already read them, here they are only checked and documented."""
    lang = click.option(
        "--lang",
        type=_Language(language.languages()),
        expose_value=False,
        help="Language of texts and messages; else COURSE_LANG, else the locale.",
    )
    course = click.option(
        "--course",
        metavar="COURSE",
        expose_value=False,
        help="A course's name or folder; else that of the term, of the workspace, of COURSE_COURSE, or the bundled one.",
    )
    wrapped: Callable[..., Any] = lang(course(function))
    return wrapped


json_option = click.option("--json", "as_json", is_flag=True, help="Print JSON for programs.")

submission_option = click.option(
    "--submission", metavar="DIR", help="Work on this folder instead of the workspace around the current one."
)

"""What all commands share: translated help, --lang, --json, errors that name the next step."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import click

from course import catalog, language, workspace
from course.language import gettext as _
from course.quiz.errors import BankError, DrawError, UnknownQuiz
from course.store.errors import NewerStore, StoreUnusable


class Translated(click.Command):
    """Translates its help when it is shown; turns the program's own errors into usage errors."""

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
    command.help = _(unwrapped(command.help)) if command.help else None
    for parameter in command.params:
        if isinstance(parameter, click.Option) and parameter.help:
            parameter.help = _(parameter.help)


def unwrapped(text: str) -> str:
    """A docstring's paragraphs, each on one line: the form in which help is translated."""
    return "\n\n".join(" ".join(part.split()) for part in text.split("\n\n"))


def language_option(function: Callable[..., Any]) -> Callable[..., Any]:
    """Add --lang; main() has already read it, here it is only checked and documented."""
    option = click.option(
        "--lang",
        type=click.Choice(language.languages()),
        expose_value=False,
        help="Language of texts and messages; else COURSE_LANG, else the locale.",
    )
    wrapped: Callable[..., Any] = option(function)
    return wrapped


json_option = click.option("--json", "as_json", is_flag=True, help="Print JSON for programs.")

submission_option = click.option(
    "--submission", metavar="DIR", help="Work on this folder instead of the workspace around the current one."
)

"""`course dev`: for those who write exercises, in a checkout."""

from __future__ import annotations

import sys
from types import ModuleType

import click

from course import catalog
from course.cli import completion
from course.cli.options import Translated, TranslatedGroup, language_option
from course.language import gettext as _


@click.group(cls=TranslatedGroup)
@language_option
def dev() -> None:
    """Write exercises: new, build, check."""


@dev.command("check", cls=Translated)
@click.argument("names", nargs=-1, metavar="[DAY|EXERCISE]...", shell_complete=completion.days_and_exercises)
@click.option("--no-mutants", is_flag=True, help="Leave out the mutants, the longest part.")
@click.option("--no-variants", is_flag=True, help="Leave out the variants, which the tests prove too.")
@click.option("--jobs", type=click.IntRange(1, 256), help="Graders at once; by default one a core.")
@language_option
def dev_check(names: tuple[str, ...], no_mutants: bool, no_variants: bool, jobs: int | None) -> None:
    """Prove that nothing has drifted.

    Stubs earn nothing, solutions everything, mutants lose points, variants are judged as they say, both languages are whole,
    generated files are up to date. Exit status 1 where something is not.
    """
    from course.dev import proof

    everything = catalog.catalog()
    problems = 0
    if not names:
        for problem in [*proof.tree(everything), *_translations().problems()]:
            click.secho(problem, fg="red")
            problems += 1
    mutants = equivalent = 0
    for found in proof.check(
        everything, everything.select(names), vary=not no_variants, mutate=not no_mutants, jobs=jobs
    ):
        bad = [*found.problems, *(f"mutant survives: {name}" for name in found.survivors)]
        line = f"{found.slug}: {found.tests} tests, {found.max_points} points"
        if not no_variants:
            line += f", {found.variants} variants"
        if not no_mutants:
            line += (
                f", {found.mutants} mutants: {found.killed} killed, {found.equivalent} recorded as equivalent"
            )
        click.secho(line, fg="red" if bad else None)
        for problem in bad:
            click.secho(f"    {problem}", fg="red")
        problems += len(bad)
        mutants, equivalent = mutants + found.mutants, equivalent + found.equivalent
    if equivalent > proof.MOST_EQUIVALENT * mutants and not names:
        click.secho(f"{equivalent} of {mutants} mutants are recorded as equivalent: more than 3%", fg="red")
        problems += 1
    click.echo(
        f"{mutants} mutants, {equivalent} equivalent; problems: {problems}"
        if not no_mutants
        else f"problems: {problems}"
    )
    sys.exit(1 if problems else 0)


@dev.command("build", cls=Translated)
@language_option
def dev_build() -> None:
    """Write the generated files that are not up to date."""
    from course.dev import generated

    translations = _translations()
    written, problems = generated.build(catalog.catalog())
    written += translations.update()
    for path in written:
        click.echo(path)
    for problem in problems:
        click.secho(problem, fg="red", err=True)
    sys.exit(1 if problems else 0)


@dev.command("new", cls=Translated)
@click.argument("slug")
@click.option("--day", required=True, help="The day it belongs to.", shell_complete=completion.days)
@click.option("--keras", is_flag=True, help="It uses Keras.")
@language_option
def dev_new(slug: str, day: str, keras: bool) -> None:
    """Lay out a new exercise: solution, grader, texts, variants, manifest line."""
    from course.dev import scaffold

    try:
        written = scaffold.new(catalog.catalog(), slug, day, runtime="keras" if keras else "numpy")
    except scaffold.ScaffoldError as error:
        raise click.UsageError(str(error)) from error
    for path in written:
        click.echo(path)
    click.echo(f"Next: write them (docs/authoring.md), then course dev build && course dev check {slug}")


def _translations() -> ModuleType:
    try:
        from course.dev import translations
    except ModuleNotFoundError as error:
        text = _("The message catalogs need {name}: {command}")
        raise click.UsageError(text.format(name=error.name, command="pip install -e '.[dev]'")) from error
    return translations

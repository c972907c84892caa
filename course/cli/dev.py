"""`course dev`: for those who write exercises, in a checkout."""

from __future__ import annotations

import sys
from pathlib import Path
from types import ModuleType

import click

from course.cli import completion
from course.cli.options import Translated, TranslatedGroup, global_options
from course.content import catalog, courses
from course.content.catalog import Course
from course.language import gettext as _
from course.system import installation


@click.group(cls=TranslatedGroup)
@global_options
def dev() -> None:
    """Write exercises: new, build, check.

    The course is the one whose folder you are in, or --course.
    """
    courses.choose_around(Path.cwd())


def _writable() -> Course:
    """The course, where it may be written into."""
    found = catalog.catalog()
    if courses.is_installed(found):
        text = _(
            "{root} belongs to an installed package, which the next upgrade replaces: write in the course's own folder."
        )
        raise click.UsageError(text.format(root=found.root))
    return found


@dev.command("check", cls=Translated)
@click.argument("names", nargs=-1, metavar="[DAY|EXERCISE]...", shell_complete=completion.days_and_exercises)
@click.option("--no-mutants", is_flag=True, help="Leave out the mutants, the longest part.")
@click.option("--no-variants", is_flag=True, help="Leave out the variants, which the tests prove too.")
@click.option("--seeds", type=click.IntRange(0), default=0, help="On so many seeds each: 1 is a quick look.")
@click.option("--fresh", is_flag=True, help="Prove also what has not changed since it was last proved.")
@click.option("--jobs", type=click.IntRange(1, 256), help="Graders at once; by default one more than cores.")
@global_options
def dev_check(
    names: tuple[str, ...], no_mutants: bool, no_variants: bool, seeds: int, fresh: bool, jobs: int | None
) -> None:
    """Prove that nothing has drifted.

    Stubs earn nothing, solutions everything, mutants lose points, variants are judged as they say, both languages are whole,
    generated files are up to date. Exit status 1 where something is not.
    """
    from course.cli import proof_screen
    from course.dev import proof
    from course.dev.cases import Scope

    everything = catalog.catalog()
    chosen = everything.select(names)
    around = proof.around(everything, chosen) if names else proof.tree(everything)
    if not names and _is_the_program(everything):
        around += _translations().problems()
    for problem in around:
        click.secho(problem, fg="red")
    problems = len(around)
    with proof_screen.Screen(vary=not no_variants, mutate=not no_mutants) as screen:
        for found in proof.check(
            chosen,
            scope=Scope(not no_variants, not no_mutants, seeds),
            fresh=fresh,
            jobs=jobs,
            on_progress=screen.progress,
        ):
            screen.proved(found)
    problems += screen.finish(problems, whole=not names)
    sys.exit(1 if problems else 0)


@dev.command("build", cls=Translated)
@global_options
def dev_build() -> None:
    """Write the generated files that are not up to date."""
    from course.dev import generated

    found = _writable()
    translations = _translations() if _is_the_program(found) else None
    written, problems = generated.build(found)
    written += translations.update() if translations is not None else []
    for path in written:
        click.echo(path)
    for problem in problems:
        click.secho(problem, fg="red", err=True)
    sys.exit(1 if problems else 0)


@dev.command("new", cls=Translated)
@click.argument("slug")
@click.option("--day", required=True, help="The day it belongs to.", shell_complete=completion.days)
@click.option(
    "--runtime",
    default="numpy",
    help="What its worker has imported, pandas, matplotlib, keras or one of the manifest's; numpy by default.",
)
@click.option(
    "--after",
    help="The exercise it comes after; by default the day's last one before a project with a report.",
)
@global_options
def dev_new(slug: str, day: str, runtime: str, after: str | None) -> None:
    """Lay out a new exercise: solution, grader, texts, variants, manifest line."""
    from course.dev import scaffold

    try:
        written = scaffold.new(_writable(), slug, day, runtime=runtime, after=after)
    except scaffold.ScaffoldError as error:
        raise click.UsageError(str(error)) from error
    for path in written:
        click.echo(path)
    click.echo(f"Next: write them (docs/authoring.md), then course dev build && course dev check {slug}")


def _is_the_program(course: Course) -> bool:
    """Whether the program's own message catalogs lie in the same checkout."""
    return course.root == catalog.PACKAGE.parent


def _translations() -> ModuleType:
    try:
        from course.dev import translations
    except ModuleNotFoundError as error:
        text = _("The message catalogs need {name}: {command}")
        raise click.UsageError(
            text.format(name=error.name, command=installation.command_for("dev"))
        ) from error
    return translations

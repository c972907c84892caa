"""`course courses`."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from course import language
from course.cli.options import Translated, global_options, json_option, print_json
from course.content import courses
from course.content.catalog import Course, ManifestError, catalog
from course.content.courses import CourseError, Place
from course.language import gettext as _


@click.command("courses", cls=Translated)
@click.option(
    "--forget", metavar="COURSE", help="Know a course's folder no longer; nothing in it is touched."
)
@json_option
@global_options
def courses_(forget: str | None, as_json: bool) -> None:
    """List the courses that are installed, and the folders of those that workspaces were made from.

    A package brings a course along by naming it in its entry points; pip installs and upgrades it.
    """
    if forget is not None:
        _forget(forget)
        return
    used, everything = _used(), courses.places()
    found = [(place, *_read(place, everything)) for place in everything]
    if as_json:
        print_json([_json(*each, in_use=each[0].root == used) for each in found])
        return
    for place, course, problem in found:
        sign = "*" if place.root == used else " "
        title = course.title(language.current()) if course is not None else ""
        click.echo(f"{sign} {place.name}  {title}".rstrip())
        spoken = [", ".join(course.languages)] if course is not None else []
        click.secho("    " + "  ".join([place.told, *spoken]), dim=True)
        if problem:
            click.secho(f"    {problem}", fg="red")
    click.echo()
    text = _("* is in use here. A workspace of another one: {command}")
    click.echo(text.format(command="course start DIR --course NAME"))


def _used() -> Path | None:
    try:
        return catalog().root
    except (CourseError, ManifestError) as error:
        click.secho(str(error), fg="red", err=True)
        return None


def _read(place: Place, everything: list[Place]) -> tuple[Course | None, str]:
    """The course, None where it does not read as one, and what is wrong."""
    try:
        course = courses.read(place)
    except (CourseError, ManifestError) as error:
        return None, str(error)
    twice = [each for each in everything if each.name == place.name and each.root != place.root]
    text = _("{other} has the same name: say which by its folder, or take one away.")
    return course, text.format(other=", ".join(each.told for each in twice)) if twice else ""


def _json(place: Place, course: Course | None, problem: str, *, in_use: bool) -> dict[str, object]:
    return {
        "name": place.name,
        "title": course.title(language.current()) if course is not None else None,
        "languages": course.every_language if course is not None else [],
        "exercises": len(list(course)) if course is not None else None,
        "folder": str(place.root) if place.root is not None else None,
        "package": place.package or None,
        "in_use": in_use,
        "problem": problem or None,
    }


def _forget(name: str) -> None:
    gone = courses.forget(name)
    if not gone:
        click.secho(_("No folder is remembered for {name}.").format(name=name), fg="red", err=True)
        sys.exit(1)
    for place in gone:
        click.echo(_("Forgotten: {name} in {folder}").format(name=place.name, folder=place.root))

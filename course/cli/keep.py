"""`course keep`."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import click

from course.cli.options import Translated, global_options, json_option, print_json
from course.language import gettext as _
from course.processes.keeper import address, client
from course.worker.runtimes import RUNTIMES


@click.command(cls=Translated)
@click.option("--stop", is_flag=True, help="End it; the next check starts without it.")
@json_option
@global_options
def keep(stop: bool, as_json: bool) -> None:
    """Show what is kept ready between checks, or end it.

    A check leaves a process behind that has NumPy, TensorFlow, the graders and this command imported, so that the next one
    answers at once. It runs none of your code and holds no results: every check gets fresh processes from it. After ten minutes
    without work it ends by itself; COURSE_KEEP=MINUTES says otherwise, COURSE_KEEP=0 does without it.
    """
    if stop:
        stopped = client.stop()
        if as_json:
            print_json({"format": 1, "stopped": stopped})
        else:
            click.echo(_("It has ended.") if stopped else _("Nothing is kept."))
        return
    found = list(client.known())
    if as_json:
        print_json({"format": 1, "wanted": address.wanted(), "kept": found})
        return
    for each in found:
        click.echo(_line(each))
    if not found:
        click.echo(
            _("Nothing is kept.") if address.wanted() else _("Nothing is kept, and nothing will be here.")
        )


def _line(each: Mapping[str, Any]) -> str:
    if "since" not in each:
        text = _("Process {pid} does not answer; {command} ends it.")
        return text.format(pid=each["pid"], command="course keep --stop")
    libraries = ", ".join(RUNTIMES[name].title for name in each["runtimes"] if name in RUNTIMES)
    text = _(
        "Process {pid} since {time}: {libraries}; {memory} MB; commands using it: {users}; ends after {idle} min without work."
    )
    return text.format(
        pid=each["pid"],
        time=f"{datetime.fromtimestamp(each['since']).astimezone():%H:%M}",
        libraries=libraries or "–",
        memory=round(each["memory"] / 1e6),
        users=each["users"],
        idle=f"{each['minutes']:g}",
    )

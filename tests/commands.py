"""What a group of commands holds."""

from __future__ import annotations

import click


def children(group: click.Group) -> dict[str, click.Command]:
    """Its commands by name."""
    context = click.Context(group)
    found = {name: group.get_command(context, name) for name in group.list_commands(context)}
    return {name: command for name, command in found.items() if command is not None}

"""Compiles the message catalogs, and puts the content into wheels; an editable install finds it in place."""

import os
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class BuildHook(BuildHookInterface):  # type: ignore[type-arg]
    """Writes a .mo beside every .po; a catalog that does not compile stops the build."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Hatchling calls this before it collects files."""
        if self.target_name == "wheel" and version == "standard":
            for folder in ("exercises", "solutions", "graders"):
                build_data["force_include"][str(Path(self.root, folder))] = f"course/bundled/{folder}"

        from babel.messages import mofile, pofile

        for source in Path(self.root, "course", "locale").glob("*/LC_MESSAGES/*.po"):
            compiled = source.with_suffix(".mo")
            # Put in place whole: a command may be reading it.
            part = compiled.with_suffix(f".{os.getpid()}.part")
            with source.open("rb") as lines, part.open("wb") as target:
                mofile.write_mo(target, pofile.read_po(lines))
            part.replace(compiled)

"""Compiles the message catalogs, and puts the content into wheels; an editable install finds it in place, and `course` alone."""

import os
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

# A line for Python's start: `course` is found in its checkout, and none of its neighbours. What packages do the same import a
# fifth of the standard library, which every command and every process of a check would wait for.
_FINDER = """\
import sys; from importlib.machinery import PathFinder; sys.meta_path.append(type("Checkout", (), {{"find_spec": staticmethod(\
lambda name, path=None, target=None, find=PathFinder.find_spec: find(name, [{root!a}]) if name == "course" else None)}}))
"""


class BuildHook(BuildHookInterface):  # type: ignore[type-arg]
    """Writes a .mo beside every .po; a catalog that does not compile stops the build."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Hatchling calls this before it collects files."""
        if self.target_name == "wheel" and version == "standard":
            for name in ("exercises", "solutions", "graders"):
                build_data["force_include"][str(Path(self.root, name))] = f"course/bundled/{name}"
        if self.target_name == "wheel" and version == "editable":
            folder = Path(self.directory)
            folder.mkdir(parents=True, exist_ok=True)
            self._finder = folder / "course_in_its_checkout.pth"
            self._finder.write_text(_FINDER.format(root=self.root), encoding="utf-8")
            build_data["force_include_editable"][str(self._finder)] = self._finder.name

        from babel.messages import mofile, pofile

        for source in Path(self.root, "course", "locale").glob("*/LC_MESSAGES/*.po"):
            compiled = source.with_suffix(".mo")
            # Put in place whole: a command may be reading it.
            part = compiled.with_suffix(f".{os.getpid()}.part")
            with source.open("rb") as lines, part.open("wb") as target:
                mofile.write_mo(target, pofile.read_po(lines))
            part.replace(compiled)

    def finalize(self, version: str, build_data: dict[str, Any], artifact_path: str) -> None:
        """Hatchling calls this when the files are in the wheel."""
        if self.target_name == "wheel" and version == "editable":
            self._finder.unlink()

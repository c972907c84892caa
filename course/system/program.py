"""Where the program lies, the course that comes with it, and the program's version."""

from __future__ import annotations

from pathlib import Path

NAME = "deep-learning-course"
PACKAGE = Path(__file__).parents[1]
# A wheel carries the content inside the package; in a checkout it lies beside it.
CONTENT = PACKAGE / "bundled" if (PACKAGE / "bundled").is_dir() else PACKAGE.parent


def version() -> str:
    """The installed program's; 0 where it is run from a source tree that was never installed."""
    from importlib import metadata  # takes longer than a whole NumPy exercise

    try:
        return metadata.version(NAME)
    except metadata.PackageNotFoundError:
        return "0"

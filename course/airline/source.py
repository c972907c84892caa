"""Where the airline table comes from: a local file, the original in the user's cache, or the generated one."""

from __future__ import annotations

import hashlib
import os
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final, Literal

from course import cache
from course.airline import schema
from course.language import gettext as _
from course.messages import say

if TYPE_CHECKING:
    import pandas

VARIABLE: Final = "COURSE_AIRLINE"
# What the generated table depends on: another version's file in the cache is not taken for this one's.
_MAKERS: Final = ("schema", "population", "opinion", "generated")

Kind = Literal["local", "original", "generated"]


@dataclass(frozen=True)
class Source:
    """Which of the three a table came from. `rows` is None until it has been read, `path` where there is no file."""

    kind: Kind
    path: Path | None = None
    rows: int | None = None

    def text(self) -> str:
        """One line for every output that rests on this table, in the learner's language."""
        named = {
            "local": _("local file {path}").format(path=self.path),
            "original": _("the original, downloaded"),
            "generated": _("the generated table: made-up passengers, not the original"),
        }[self.kind]
        if self.rows is None:
            return _("Data: {source}").format(source=named)
        return _("Data: {source} ({rows} rows)").format(source=named, rows=f"{self.rows:,}")


class NoFile(FileNotFoundError):
    """The local file asked for is not there; `asked` says by what (--path or the variable)."""

    def __init__(self, path: Path, asked: str) -> None:
        super().__init__(str(path))
        self.path = path
        self.asked = asked

    def __str__(self) -> str:
        return _("There is no file {path} ({asked}).").format(path=self.path, asked=self.asked)


def folder() -> Path:
    """Where tables are kept, in the user's cache."""
    return cache.root() / "airline"


def original() -> Path:
    """Where the fetched original lies, if it does: only whole, verified files get this name."""
    return folder() / "Invistico_Airline.csv"


def generated() -> Path:
    """Where the generated table is kept as a file once it was built."""
    digest = hashlib.sha256()
    for name in _MAKERS:
        digest.update((Path(__file__).parent / f"{name}.py").read_bytes())
    return folder() / f"generated-{digest.hexdigest()[:8]}.csv"


def choose(path: str | os.PathLike[str] | None = None) -> Source:
    """The source in use: this path, else the file COURSE_AIRLINE names, else the fetched original, else the generated table.

    Reads nothing and imports nothing heavy; raises NoFile where a local file is asked for and is not there.
    """
    asked, name = (
        ("--path", os.fspath(path)) if path is not None else (VARIABLE, os.environ.get(VARIABLE, ""))
    )
    if name:
        local = Path(name).expanduser()
        if not local.is_file():
            raise NoFile(local, asked)
        return Source("local", local)
    if original().is_file():
        return Source("original", original())
    return Source("generated", generated())


def load(path: str | os.PathLike[str] | None = None) -> tuple[Source, pandas.DataFrame]:
    """The table in use, shape (rows, 23), and where it came from. Raises NoFile and read.BadTable."""
    from course.airline import read

    chosen = choose(path)
    if chosen.kind == "generated":
        frame, kept = _generated()
        return Source("generated", kept, len(frame)), frame
    assert chosen.path is not None
    if chosen.kind == "original":
        _verify(chosen.path)
    frame = read.table(chosen.path)
    return Source(chosen.kind, chosen.path, len(frame)), frame


def _verify(path: Path) -> None:
    """Raise BadTable where the original in the cache is no longer what was fetched."""
    from course.airline import fetch, read

    if fetch.blob_id(path.read_bytes()) != fetch.BLOB:
        raise read.BadTable(
            say("{path} is no longer the original. Next: course data airline --fetch", path=str(path))
        )


def _generated() -> tuple[pandas.DataFrame, Path | None]:
    """The generated table and its file; a cache that can't be read or written only costs the time to build it."""
    import pandas as pd

    path = generated()
    try:
        frame = pd.read_csv(path)
        if len(frame) == schema.ROWS and tuple(frame.columns) == schema.COLUMNS:
            return frame, path
    except (OSError, ValueError):
        pass  # not built yet, or damaged: build it
    from course.airline import generated as built

    frame = built.table()
    return frame, path if keep(path, built.csv(frame)) else None


def keep(path: Path, data: bytes) -> bool:
    """Write a whole file or nothing; whether it was written."""
    part: Path | None = None
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile(dir=path.parent, suffix=".part", delete=False) as file:
            part = Path(file.name)
            file.write(data)
        part.replace(path)
    except OSError:
        return False
    finally:
        if part is not None:
            part.unlink(missing_ok=True)
    return True

"""What a course's manifest declares beside its exercises: data sets, and projects that run several exercises' files together."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from course.language import Words
from course.worker.runtimes import Runtime

# "sha256:…" of the bytes, or "git:…", the id that git gives a file of them.
DIGEST = re.compile(r"sha256:[0-9a-f]{64}|git:[0-9a-f]{40}")
# A data set's name makes the name of a variable; these are the program's own.
TAKEN = frozenset({"cache", "course", "data", "debug", "keep", "lang", "sandbox", "serve_key", "start"})


@dataclass(frozen=True)
class Dataset:
    """One data set. Its module, graders/data/NAME.py, reads it, and makes up what stands in for it (see docs/course.md).

    `url` is where its original is fetched from and `digest` what its bytes have to be; both are empty where there is none to
    fetch. `generated` says by language what stands in, where the general words would not do.
    """

    name: str
    titles: Words
    url: str = ""
    digest: str = ""
    generated: Words = field(default_factory=Words, hash=False)

    @property
    def module(self) -> str:
        """The dotted name of its module."""
        return f"graders.data.{self.name}"

    @property
    def variable(self) -> str:
        """The environment variable that names a file of one's own; with _URL behind it, another server with the original."""
        return f"COURSE_{self.name.upper()}"

    @property
    def file(self) -> str:
        """What the original is called."""
        return self.url.rpartition("/")[2]

    def title(self, code: str) -> str:
        """The title in a language, where it has none in the one that stands in."""
        return self.titles[code]


@dataclass(frozen=True)
class Project:
    """What `course check --full` runs: the files of several exercises, by their slugs in order, on a data set.

    Its module is graders/projects/NAME.py (see docs/course.md). `seconds` are for all of it, `call_seconds` for one call.
    """

    name: str
    exercises: tuple[str, ...]
    kind: Runtime
    seconds: float
    call_seconds: float
    data: Dataset | None = None

    @property
    def module(self) -> str:
        """The dotted name of its module."""
        return f"graders.projects.{self.name}"

"""What can be wrong with a data set's file; each says so in the learner's language."""

from __future__ import annotations

from pathlib import Path

from course.language import gettext as _
from course.language.messages import Message


class BadData(ValueError):
    """A file that is not what it should be; `message` says what is wrong where."""

    def __init__(self, message: Message) -> None:
        super().__init__(message)
        self.message = message
        self.path: Path | None = None

    def __str__(self) -> str:
        return f"{self.path}: {self.message.render()}" if self.path is not None else self.message.render()


class NoFile(FileNotFoundError):
    """The local file asked for is not there; `asked` says by what (--path or the variable)."""

    def __init__(self, path: Path, asked: str) -> None:
        super().__init__(str(path))
        self.path = path
        self.asked = asked

    def __str__(self) -> str:
        return _("There is no file {path} ({asked}).").format(path=self.path, asked=self.asked)


class NotFetched(Exception):
    """The original could not be had; `message` says why and what to do. Nothing was kept."""

    def __init__(self, message: Message) -> None:
        super().__init__(message)
        self.message = message

    def __str__(self) -> str:
        return self.message.render()

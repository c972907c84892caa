"""What can go wrong with the bank; apart from it, so that the command line can name these without reading it."""

from __future__ import annotations


class BankError(ValueError):
    """A file of the bank that does not read as one. `problems` name file and question."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__("\n".join(problems))
        self.problems = problems


class DrawError(ValueError):
    """A question that cannot be drawn: an expression without a value, or a condition that never holds."""


class UnknownQuiz(LookupError):
    """A name that is neither a day with a quiz, a topic nor a question. `nearest` are the most similar that exist."""

    def __init__(self, name: str, nearest: list[str]) -> None:
        super().__init__(f"no quiz is called {name!r}; the nearest: {', '.join(nearest) or '-'}")
        self.name = name
        self.nearest = nearest

"""What a reference solution's own grading shows of its grader: profiles of calls, inputs that never change, weak diagnoses."""

from __future__ import annotations

from collections.abc import Container, Mapping
from dataclasses import dataclass, field
from typing import Any

from course.grading.profile import Profile

DEAR = 2.0  # seconds of a test, which one that trains no model never needs


@dataclass
class Observed:
    """Several gradings of one reference solution, each with another seed."""

    profiles: dict[str, Profile] = field(default_factory=dict)
    inputs: dict[str, set[str]] = field(default_factory=dict)
    called: dict[str, set[str]] = field(default_factory=dict)
    shares: dict[str, set[str]] = field(default_factory=dict)
    seconds: dict[str, float] = field(default_factory=dict)
    right: set[tuple[str, str]] = field(default_factory=set)
    pairs: set[tuple[str, str, str]] = field(default_factory=set)
    hints: dict[tuple[str, str], set[str]] = field(default_factory=dict)
    seeds: int = 0

    def add(self, seen: Mapping[str, Any]) -> None:
        """One more grading (Event.seen)."""
        self.seeds += 1
        for name, data in seen["functions"].items():
            profile, mine = Profile.from_json(data), self.profiles.setdefault(name, Profile())
            mine.parameters += [set() for _ in profile.parameters[len(mine.parameters) :]]
            for kinds, more in zip(mine.parameters, profile.parameters, strict=False):
                kinds.update(more)
            mine.results |= profile.results
            mine.raises |= profile.raises
        for test, digest in seen["inputs"].items():
            self.inputs.setdefault(test, set()).add(digest)
        for test, names in seen["called"].items():
            self.called.setdefault(test, set()).update(names)
        for test, names in seen["shares"].items():
            self.shares.setdefault(test, set()).update(names)
        for test, seconds in seen["seconds"].items():
            self.seconds[test] = max(seconds, self.seconds.get(test, 0.0))
        audit = seen["audit"]
        self.right |= {(test, key) for test, key in audit["right"]}
        self.pairs |= {(test, one, other) for test, one, other in audit["pairs"]}
        for test, key, hint in audit["hints"]:
            self.hints.setdefault((test, key), set()).add(hint)

    def tests_of(self, functions: Container[str]) -> tuple[str, ...]:
        """Tests that call one of these, those that train last: what a quick one finds they need not."""
        return tuple(sorted(self._calling(functions), key=lambda test: self.seconds.get(test, 0.0) > DEAR))

    def asking(self, functions: Container[str]) -> tuple[str, ...]:
        """Tests that call one of these or share a fixture with one that does, in the grader's order.

        All others say of a change to these what they say without. None where one calls and shares nothing: what it goes by
        is not seen.
        """
        if any(not names and not self.shares.get(test) for test, names in self.called.items()):
            return ()
        calling = self._calling(functions)
        shared = set().union(*(self.shares.get(test, ()) for test in calling))
        return tuple(
            test for test in self.called if test in calling or shared.intersection(self.shares.get(test, ()))
        )

    def _calling(self, functions: Container[str]) -> list[str]:
        return [test for test, names in self.called.items() if any(name in functions for name in names)]

    def constant(self) -> list[str]:
        """Tests whose calls are the same for every seed: whoever writes down the answers passes them."""
        return sorted(test for test, digests in self.inputs.items() if self.seeds > 1 and len(digests) == 1)

    def coinciding(self) -> list[str]:
        """Diagnoses that may name a mistake nobody made: two of one value, or one that is right, or a hint on some draws.

        A mistake that is the same as a hint on every draw, such as a forgotten minus, is that hint in better words.
        """
        found = [f"{test}: {key} gives the right value" for test, key in sorted(self.right)]
        found += [f"{test}: {one} and {other} give the same value" for test, one, other in sorted(self.pairs)]
        for (test, key), hints in sorted(self.hints.items()):
            named = sorted(hints - {""})
            if named and len(hints) > 1:
                found.append(f"{test}: on some inputs {key} looks like the general hint {', '.join(named)}")
        return found

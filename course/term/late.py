"""What late work costs."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from math import ceil
from typing import Literal

Per = Literal["none", "day", "hour"]
_SECONDS = {"day": 86_400.0, "hour": 3_600.0}


@dataclass(frozen=True)
class Late:
    """A rule: so many percent of the points for each day or hour begun, at most so many; nothing within the grace."""

    per: Per = "none"
    percent: float = 0.0
    most: float = 100.0
    grace: timedelta = timedelta(0)

    def rate(self, late: timedelta) -> float:
        """The share of the points, 0 to 1, that work so much later than due loses; beyond the grace all of it counts."""
        if self.per == "none" or late <= max(self.grace, timedelta(0)):
            return 0.0
        begun = ceil(late.total_seconds() / _SECONDS[self.per])
        return min(begun * self.percent, self.most, 100.0) / 100

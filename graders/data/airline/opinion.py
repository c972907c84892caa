"""What makes a generated passenger satisfied."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from graders.data.airline import schema

Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]


_ONLINE: Final = ("Inflight wifi service", "Online support", "Ease of Online booking", "Online boarding")
_CREW: Final = ("On-board service", "Leg room service", "Baggage handling", "Cleanliness")


@dataclass(frozen=True)
class Passengers:
    """Everything that is known of them but their opinion, one entry a row; ratings have shape (rows, 14)."""

    loyal: Flags
    business: Flags
    female: Flags
    cabin: Integers  # 0 Eco, 1 Eco Plus, 2 Business
    age: Integers
    distance: Integers
    ratings: Integers
    departure_delay: Integers
    arrival_delay: Integers

    def rated(self, *names: str) -> Floats:
        """The mean answer to these questions, shape (rows,)."""
        places = [schema.RATINGS.index(name) for name in names]
        mean: Floats = self.ratings[:, places].mean(axis=1)
        return mean


# How far the score outweighs luck (a standard logistic draw): this sets the label noise. At 4.6 who knew the score itself
# would be right for 0.964 of the whole table; gradient boosting reaches 0.958, the lecture's network 0.955-0.956 (3 seeds),
# logistic regression 0.834.
CERTAINTY: Final = 4.6


def score(p: Passengers) -> Floats:
    """How satisfied each passenger leans to be, shape (rows,).

    Three groups judge by different things, which is what a linear model can't express. On personal travel gender and a
    seat rated 0 or 5 decide, as in the real part of the table. Loyal business travellers want entertainment *and* good
    online service, and in Business a good crew besides. Disloyal ones ask for online service, most in Business, and a
    convenient time, which on personal travel counts against. Every rating acts through a soft step between 3 and 4.
    """
    entertained = np.tanh(1.5 * (p.rated("Inflight entertainment") - 3.5))
    online = np.tanh(1.5 * (p.rated(*_ONLINE) - 3.4))
    crew = np.tanh(1.2 * (p.rated(*_CREW) - 3.6))
    checkin = np.tanh(p.rated("Checkin service") - 3.3)
    convenient = np.tanh(p.rated("Departure/Arrival time convenient") - 3.3)
    seat = p.rated("Seat comfort")
    settled = (seat == 0) | (seat == 5)
    woman = np.where(p.female, 1.0, -1.0)
    front = np.where(p.cabin == 2, 1.0, -1.0)  # Business against both Eco classes

    personal = (
        -1.65 + 2.0 * woman + 0.8 * entertained + 0.5 * online + 0.5 * crew - 0.7 * convenient + 6.0 * settled
    )
    loyal = 0.6 + 1.3 * entertained + 0.9 * online + 0.9 * np.minimum(entertained, online)
    loyal += 0.75 * front + 0.6 * front * crew + 0.3 * checkin - 0.3 * woman + 3.0 * settled
    disloyal = -1.1 + 1.8 * online + 1.2 * front * online + 1.0 * convenient + 0.3 * crew - 0.4 * woman

    on_business = np.where(p.loyal, loyal, disloyal)
    value = np.where(p.business, on_business, np.where(p.loyal, personal, personal - 1.0))
    leaning: Floats = CERTAINTY * (value - 0.2 * np.tanh((p.arrival_delay - 30) / 20))
    return leaning

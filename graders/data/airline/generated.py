"""A table like the airline's, drawn from a seed: what stands in where the original can't be fetched.

The same columns, categories, dtypes, ranges, size, share of satisfied passengers and number of gaps as the public file.
Ratings come from a Gaussian copula: five shared factors and noise, shifted by who travels how, cut into 0-5 at the shares
of population.py. Satisfaction follows opinion.py. What is learned from this table is how
to build and judge a model, not what passengers think.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import numpy.typing as npt

from graders.data.airline import opinion, population, schema
from graders.data.airline.opinion import Passengers

if TYPE_CHECKING:
    import pandas

SEED: Final = 2023
SMALL_ROWS: Final = 5_000

Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]


def table(rows: int = schema.ROWS, seed: int = SEED) -> pandas.DataFrame:
    """Draw a table, shape (rows, 23); the same rows and seed give the same table.

    Of the rows, 54.73% are satisfied and 0.303% lack Arrival Delay (71,087 and 393 of 129,880), rounded to whole rows.
    """
    import pandas as pd

    rng = np.random.default_rng([seed, rows])
    passengers = _passengers(rows, rng)
    arrival = passengers.arrival_delay.astype(np.float64)
    arrival[rng.permutation(rows)[: round(rows * schema.MISSING_ARRIVAL / schema.ROWS)]] = np.nan
    satisfied = _satisfied(passengers, rng)
    codes = {
        schema.TARGET: satisfied,
        "Gender": ~passengers.female,
        "Customer Type": ~passengers.loyal,
        "Type of Travel": ~passengers.business,
        "Class": passengers.cabin,
    }
    columns: dict[str, Any] = {
        name: np.array(schema.CATEGORIES[name], dtype=object)[code.astype(np.int64)]
        for name, code in codes.items()
    }
    columns["Age"] = passengers.age
    columns["Flight Distance"] = passengers.distance
    columns |= {name: passengers.ratings[:, place] for place, name in enumerate(schema.RATINGS)}
    columns[schema.DEPARTURE_DELAY] = passengers.departure_delay
    columns[schema.ARRIVAL_DELAY] = arrival
    return pd.DataFrame({name: columns[name] for name in schema.COLUMNS})


def small(rows: int = SMALL_ROWS, seed: int = SEED) -> pandas.DataFrame:
    """A few passengers of the same kind, for quick checks: shape (rows, 23)."""
    return table(rows, seed)


def csv(frame: pandas.DataFrame) -> bytes:
    """The table as a file: the public file's header, whole numbers, nothing where a value is missing."""
    texts = []
    for name in schema.COLUMNS:
        values = frame[name].to_numpy()
        if name in schema.CATEGORIES:
            texts.append(values.tolist())
            continue
        # Few different numbers: each is written once.
        words = np.array([str(number) for number in range(schema.LIMITS[name][1] + 1)] + [""], dtype=object)
        texts.append(words[np.nan_to_num(values.astype(np.float64), nan=-1).astype(np.int64)].tolist())
    lines = [",".join(schema.COLUMNS), *map(",".join, zip(*texts, strict=True)), ""]
    return "\n".join(lines).encode()


def _passengers(rows: int, rng: np.random.Generator) -> Passengers:
    """Draw everything but their opinion."""
    shares = np.array([group.count for group in population.GROUPS]) / schema.ROWS
    group = np.searchsorted(np.cumsum(shares)[:-1], rng.random(rows), side="right")
    loyal, business, female_share, eco, eco_plus, mood = (
        np.array([getattr(entry, field) for entry in population.GROUPS])[group]
        for field in ("loyal", "business", "female", "eco", "eco_plus", "mood")
    )
    female = rng.random(rows) < female_share
    seat = rng.random(rows)
    cabin = (seat >= eco).astype(np.int64) + (seat >= eco + eco_plus)
    age, distance = _age_and_distance(group, rng)
    departure = _departure_delays(rows, rng)
    return Passengers(
        loyal=loyal,
        business=business,
        female=female,
        cabin=cabin,
        age=age,
        distance=distance,
        ratings=_ratings(business, female, cabin, mood, rng),
        departure_delay=departure,
        arrival_delay=_arrival_delays(departure, rng),
    )


def _age_and_distance(group: Integers, rng: np.random.Generator) -> tuple[Integers, Integers]:
    """Whole years and the file's units of distance, shape (rows,) each, correlated as their group's are."""
    first, second = rng.standard_normal((2, len(group)))
    age, distance = np.empty(len(group)), np.empty(len(group))
    for place, entry in enumerate(population.GROUPS):
        members = group == place
        tied = entry.age_distance * first[members] + math.sqrt(1 - entry.age_distance**2) * second[members]
        age[members] = _quantile(_normal_share(first[members]), entry.age)
        distance[members] = _quantile(_normal_share(tied), entry.distance)
    return age.astype(np.int64), distance.astype(np.int64)


def _ratings(
    business: npt.NDArray[np.bool_],
    female: npt.NDArray[np.bool_],
    cabin: Integers,
    mood: Floats,
    rng: np.random.Generator,
) -> Integers:
    """Answers 0-5, shape (rows, 14)."""
    rows = len(business)
    factors = rng.standard_normal((rows, len(population.PERSONAL_LOADINGS[0])))
    noise = rng.standard_normal((rows, len(schema.RATINGS)))
    answers = np.empty((rows, len(schema.RATINGS)), dtype=np.int64)
    for members, shares, loadings, shift in (
        (~business, population.PERSONAL_RATINGS, population.PERSONAL_LOADINGS, population.PERSONAL_FEMALE),
        (business, population.BUSINESS_RATINGS, population.BUSINESS_LOADINGS, population.BUSINESS_CLASS),
    ):
        raised = np.where(business[members], cabin[members] == 2, female[members]) - 0.5
        weights, moved = np.array(loadings), np.array(shift)
        own = np.sqrt(np.maximum(1 - np.sum(weights**2, axis=1) - moved**2 / 4, 0.05))
        liking = factors[members] @ weights.T + noise[members] * own
        liking += raised[:, None] * moved + mood[members, None]
        cuts = _normal_point(np.cumsum(np.array(shares), axis=1)[:, :-1])
        for place in range(len(schema.RATINGS)):
            answers[members, place] = np.searchsorted(cuts[place], liking[:, place])
    return answers


def _departure_delays(rows: int, rng: np.random.Generator) -> Integers:
    """Minutes, shape (rows,)."""
    late = rng.random(rows) >= population.ON_TIME
    z = rng.standard_normal(rows)
    a, b, c = population.DELAY_CURVE
    minutes = np.maximum(np.floor(np.exp(a + b * z + c * z**2)), 1) * late
    possible: Integers = np.minimum(minutes, schema.RANGES[schema.DEPARTURE_DELAY][1]).astype(np.int64)
    return possible


def _arrival_delays(departure: Integers, rng: np.random.Generator) -> Integers:
    """Minutes, shape (rows,): the delay at departure and what the flight gained or lost."""
    rows = len(departure)
    change = _quantile(rng.random(rows), population.IN_THE_AIR)
    a, b = population.LATE_CURVE
    fresh = np.maximum(np.floor(np.exp(a + b * rng.standard_normal(rows))), 1)
    fresh *= rng.random(rows) < population.LATE_IN_THE_AIR
    minutes = np.where(departure > 0, np.round(departure + change), fresh)
    low, high = schema.RANGES[schema.ARRIVAL_DELAY]
    return np.clip(minutes, low, high).astype(np.int64)


def _satisfied(passengers: Passengers, rng: np.random.Generator) -> npt.NDArray[np.bool_]:
    """Whether each is satisfied: those with the highest score and luck, as many as the public file's share."""
    rows = len(passengers.age)
    luck = rng.logistic(size=rows)
    leaning = opinion.score(passengers) + luck
    satisfied = np.zeros(rows, dtype=np.bool_)
    satisfied[np.argsort(-leaning, kind="stable")[: round(rows * schema.SATISFIED_ROWS / schema.ROWS)]] = True
    return satisfied


def _quantile(share: Floats, curve: tuple[tuple[float, float], ...]) -> Floats:
    """The values a curve of (probability, value) points has at these probabilities."""
    points = np.array(curve)
    values: Floats = np.interp(share, points[:, 0], points[:, 1])
    return values


# The normal distribution on a grid, so that no SciPy is needed: ±8 in steps of 1/256, error below 1e-6.
_GRID: Final = np.linspace(-8, 8, 4097)
_SHARE: Final = np.array([0.5 * math.erfc(-z / math.sqrt(2)) for z in _GRID])


def _normal_share(z: Floats) -> Floats:
    """How much of a normal distribution lies below z."""
    share: Floats = np.interp(z, _GRID, _SHARE)
    return share


def _normal_point(share: Floats) -> Floats:
    """The z of a share; an empty category's cut lies below everything."""
    z: Floats = np.interp(share, _SHARE, _GRID)
    return z

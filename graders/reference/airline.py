"""The airline case in NumPy: features, the network's equations, the report, and what tells bad models apart."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from graders.data.airline import schema
from graders.reference.recurrent import dense_stack

Array = npt.NDArray[Any]

# The lecture's network, as Submission.keras_model takes it.
NETWORK: tuple[tuple[str, Mapping[str, Any]], ...] = (
    *(("Dense", {"units": units, "activation": "relu"}) for units in (32, 64, 128, 64)),
    ("Dropout", {"rate": 0.3}),
    ("Dense", {"units": 32, "activation": "relu"}),
    ("Dropout", {"rate": 0.2}),
    ("Dense", {"units": 1, "activation": "sigmoid"}),
)
SIZES = (25, 32, 64, 128, 64, 32, 1)
# 68 networks trained and judged as the graders do it (4,000 generated rows, 1,000 others to stop by, 4,000 or 5,000 new ones
# to judge by), 34 seeds: accuracy 0.898 on average, standard deviation 0.0066 and 0.0090 in the two tests, least 0.877; pairs
# in the right order 0.964, deviation 0.0076, least 0.939; log odds linear to 0.57, deviation 0.089, most 0.785.
# Logistic regression, 60 seeds: accuracy 0.832, deviation 0.0054, most 0.845; pairs 0.912, deviation 0.0040, least 0.901;
# linear to 1.000. Trained on shuffled labels, or not at all, 90 networks: pairs 0.22 to 0.80, accuracy at most 0.64.
# So every bound lies at least 4.7 deviations from what it must let pass: a correct network fails far less than once in 1,000.
THRESHOLD = 0.855  # accuracy on passengers the network has not seen
RELATED = 0.88  # pairs of a satisfied and a dissatisfied passenger put in the right order
LINEAR = 0.99  # R² of the log odds as a linear function of the features
ACTIVATIONS: tuple[str, ...] = ("relu",) * 5 + ("sigmoid",)


def passengers(
    rng: np.random.Generator,
    rows: int,
    *,
    missing: int = 0,
    fixed: Mapping[str, Any] | None = None,
    delays: tuple[int, int] = (20, 200),
) -> Any:
    """A small table like the airline's, its columns shuffled, its index neither sorted nor counted from 0.

    Every category occurs as often as the others, or once more.

    Args:
        rng: draws it.
        rows: how many passengers.
        missing: so many arrival delays are.
        fixed: whole columns, or what stands in every row of one.
        delays: bounds of the arrival delays, in minutes.
    """
    import pandas as pd

    table: dict[str, Any] = {
        name: rng.integers(low, high + 1, rows) for name, (low, high) in schema.RANGES.items()
    }
    table |= {
        **{
            name: rng.permutation(np.resize(rng.permutation(values), rows))
            for name, values in schema.CATEGORIES.items()
        },
        schema.ARRIVAL_DELAY: rng.integers(*delays, rows).astype(float),
        **{name: np.resize(value, rows) for name, value in (fixed or {}).items()},
    }
    table[schema.ARRIVAL_DELAY][rng.permutation(rows)[:missing]] = np.nan
    order = rng.permutation(list(table))
    return pd.DataFrame({name: table[name] for name in order}, index=rng.permutation(1000)[:rows] + 17)


def mean_delay(table: Any) -> float:
    """The mean of the known arrival delays, 0 where none is known."""
    delays = np.asarray(table[schema.ARRIVAL_DELAY], dtype=float)
    known = delays[~np.isnan(delays)]
    return float(known.mean()) if known.size else 0.0


def imputed(table: Any, mean: float) -> Array:
    """The arrival delays with a number in the place of the missing ones, shape (rows,)."""
    delays = np.asarray(table[schema.ARRIVAL_DELAY], dtype=float)
    return np.asarray(np.where(np.isnan(delays), mean, delays))


def features(table: Any) -> Array:
    """The 25 features of every row, shape (rows, 25), unscaled."""
    columns: list[list[float]] = []
    for name in schema.FEATURES:
        if name in schema.ORDINAL:
            codes = {value: code for code, value in enumerate(schema.CATEGORIES[name])}
            columns.append([float(codes[value]) for value in table[name].tolist()])
        elif name in table.columns:
            columns.append(table[name].tolist())
        else:
            column, _, category = name.partition("_")
            columns.append([float(value == category) for value in table[column].tolist()])
    return np.array(columns, dtype=float).T


def labels(table: Any) -> npt.NDArray[np.int64]:
    """1 for satisfied, 0 for dissatisfied, shape (rows,)."""
    return np.array([value == schema.SATISFIED for value in table[schema.TARGET].tolist()]).astype(np.int64)


def prepared(table: Any) -> tuple[Array, npt.NDArray[np.int64]]:
    """Features and labels of a table with its missing delays filled by their mean, as the lecture does."""
    filled = table.assign(**{schema.ARRIVAL_DELAY: imputed(table, mean_delay(table))})
    return features(filled), labels(filled)


def min_max(X: npt.ArrayLike, fitted_on: npt.ArrayLike) -> Array:
    """Columns brought to 0 … 1 by the minimum and maximum in `fitted_on`; constant ones are only shifted."""
    fitted = np.asarray(fitted_on, dtype=float)
    low, high = fitted.min(axis=0), fitted.max(axis=0)
    scaled: Array = (np.asarray(X, dtype=float) - low) / np.where(high > low, high - low, 1)
    return scaled


def binary_crossentropy(y: npt.ArrayLike, p: npt.ArrayLike) -> float:
    """Mean cross-entropy of labels 0 and 1 and probabilities."""
    truth, sure = np.asarray(y, dtype=float), np.clip(np.asarray(p, dtype=float), 1e-7, 1 - 1e-7)
    return float(-np.mean(truth * np.log(sure) + (1 - truth) * np.log(1 - sure)))


def forward(X: npt.ArrayLike, weights: Sequence[Array], activations: Sequence[str] = ACTIVATIONS) -> Array:
    """What the lecture's network computes: features (rows, 25) to probabilities (rows, 1)."""
    return dense_stack(np.asarray(X, dtype=float), weights, activations)


def ranking(y: npt.ArrayLike, scores: npt.ArrayLike) -> float:
    """Share of pairs, one of each class, that the scores put in the right order (area under the ROC curve)."""
    truth, values = np.asarray(y), np.asarray(scores, dtype=float)
    order = np.sort(values)
    # Middle ranks: equal scores count half.
    ranks = (np.searchsorted(order, values, "left") + np.searchsorted(order, values, "right") + 1) / 2
    positive = int(truth.sum())
    negative = len(truth) - positive
    return float((ranks[truth == 1].sum() - positive * (positive + 1) / 2) / (positive * negative))


def linearity(X: npt.ArrayLike, p: npt.ArrayLike) -> float:
    """How well the log odds of probabilities are a linear function of the features: R², 1 for logistic regression."""
    inputs, probability = np.asarray(X, dtype=float), np.asarray(p, dtype=float)
    kept = (probability > 1e-3) & (probability < 1 - 1e-3)
    if kept.sum() < 4 * inputs.shape[1]:
        return 0.0
    odds = np.log(probability[kept] / (1 - probability[kept]))
    A = np.column_stack([inputs[kept], np.ones(int(kept.sum()))])
    rest = odds - A @ np.linalg.lstsq(A, odds, rcond=None)[0]
    spread = float(np.sum((odds - odds.mean()) ** 2))
    return 1 - float(np.sum(rest**2)) / spread if spread > 0 else 0.0

"""The confusion matrix and the report of the airline case, counted in NumPy."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[Any]


def confusion(y_true: npt.ArrayLike, y_pred: npt.ArrayLike) -> npt.NDArray[np.int64]:
    """Counts, row = true class, column = predicted class, shape (2, 2)."""
    counts = np.zeros((2, 2), dtype=np.int64)
    np.add.at(counts, (np.asarray(y_true, dtype=int), np.asarray(y_pred, dtype=int)), 1)
    return counts


def report(matrix: npt.ArrayLike) -> dict[str, Any]:
    """Precision, recall, F1 and support of both classes, their means, and the accuracy. 0/0 counts as 0."""
    counts = np.asarray(matrix, dtype=float)
    support, predicted, correct = counts.sum(axis=1), counts.sum(axis=0), np.diag(counts)
    n = support.sum()

    def ratio(a: Array, b: Array) -> Array:
        return np.divide(a, b, out=np.zeros_like(a), where=b > 0)

    scores = {
        "precision": ratio(correct, predicted),
        "recall": ratio(correct, support),
        "f1-score": ratio(2 * correct, predicted + support),
    }
    means = {
        "dissatisfied": (np.array([1, 0]), support[0]),
        "satisfied": (np.array([0, 1]), support[1]),
        "macro avg": (np.array([0.5, 0.5]), n),
        "weighted avg": (support / n, n),
    }
    rows: dict[str, Any] = {
        name: {score: float(values @ weights) for score, values in scores.items()} | {"support": float(count)}
        for name, (weights, count) in means.items()
    }
    return {**rows, "accuracy": float(correct.sum() / n)}

"""Random arrays in every form in which people pass them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

Array = np.ndarray[Any, Any]


def forms(
    rng: np.random.Generator, *shapes: tuple[int, ...], low: float = -3.0, high: float = 3.0
) -> Iterator[tuple[Array, ...]]:
    """Arrays of these shapes, in one form after the other, each time all of them.

    Two draws of float64 come first, so that what an earlier call left behind shows; then float32, entries that occur more than
    once, one value throughout, and, where `low` to `high` (the range of the values) has room for them, whole numbers of an
    integer dtype, zeros among others, and negative numbers alone.
    """

    def drawn(shape: tuple[int, ...]) -> Array:
        return rng.uniform(low, high, size=shape)

    def repeating(shape: tuple[int, ...]) -> Array:
        values = drawn(shape).ravel()
        values[1::2] = values[: values.size - 1 : 2][: values[1::2].size]
        return rng.permutation(values).reshape(shape)

    def with_zeros(shape: tuple[int, ...]) -> Array:
        values = drawn(shape)
        values.ravel()[rng.integers(values.size) :: 3] = 0
        return values

    made = [drawn, drawn, lambda shape: drawn(shape).astype(np.float32), repeating]
    made.append(lambda shape: np.full(shape, rng.uniform(low, high)))
    if np.floor(high) - np.ceil(low) >= 1:
        made.append(lambda shape: rng.integers(int(np.ceil(low)), int(np.floor(high)) + 1, size=shape))
    if low <= 0 <= high:
        made.append(with_zeros)
    if low < 0:
        made.append(lambda shape: rng.uniform(low, min(high, low / 10), size=shape))
    for make in made:
        yield tuple(make(shape) for shape in shapes)

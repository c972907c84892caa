"""Convolution and pooling in NumPy, as Conv2D, MaxPooling2D and AveragePooling2D compute them.

Source: the Day 9 lecture's slides on CNN; Keras 3 for the layout of kernels (kh, kw, channels, filters).
tests/test_reference_images.py holds every function against SciPy and Keras.
"""

from collections.abc import Callable
from typing import Any

import numpy as np

Array = np.ndarray[Any, Any]


def pad_zeros(image: Array, padding: int) -> Array:
    """Zeros on all four sides of (H, W) or (H, W, C); the channels are left alone."""
    padded = np.zeros((image.shape[0] + 2 * padding, image.shape[1] + 2 * padding, *image.shape[2:]))
    padded[padding : padding + image.shape[0], padding : padding + image.shape[1]] = image
    return padded


def cross_correlate(image: Array, kernel: Array, stride: int = 1, padding: int = 0) -> Array:
    """(H, W) with kernel (kh, kw) gives (H', W'): the kernel's entries times shifted images, summed."""
    image = pad_zeros(image, padding)
    rows, columns = image.shape[0] - kernel.shape[0] + 1, image.shape[1] - kernel.shape[1] + 1
    total = np.zeros((rows, columns))
    for (i, j), weight in np.ndenumerate(kernel):
        total += weight * image[i : i + rows, j : j + columns]
    return total[::stride, ::stride]


def conv2d(image: Array, kernels: Array, bias: Array, stride: int = 1, padding: int = 0) -> Array:
    """(H, W, C) with kernels (kh, kw, C, F) and bias (F,) gives (H', W', F)."""
    kh, kw, _, filters = kernels.shape
    image = pad_zeros(image, padding)
    rows, columns = image.shape[0] - kh + 1, image.shape[1] - kw + 1
    total: Array = np.zeros((rows, columns, filters)) + bias
    for i, j in np.ndindex(kh, kw):
        total += image[i : i + rows, j : j + columns] @ kernels[i, j]
    return total[::stride, ::stride]


def pool(image: Array, window: int, stride: int, reduce: Callable[..., Any]) -> Array:
    """Windows of (H, W) or (H, W, C) that lie wholly inside, each reduced over its rows and columns.

    `reduce` is called as reduce(part, axis=(0, 1)).
    """
    tops = range(0, image.shape[0] - window + 1, stride)
    lefts = range(0, image.shape[1] - window + 1, stride)
    return np.stack(
        [np.stack([reduce(image[i : i + window, j : j + window], axis=(0, 1)) for j in lefts]) for i in tops]
    )

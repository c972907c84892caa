"""The graders' convolution and pooling against SciPy."""

import numpy as np
import pytest
from scipy.signal import correlate

from graders.reference import images


@pytest.mark.parametrize(("stride", "padding"), [(1, 0), (2, 1), (3, 2)])
def test_cross_correlate(stride, padding):
    rng = np.random.default_rng(0)
    image, kernel = rng.normal(size=(8, 11)), rng.normal(size=(3, 2))
    want = correlate(np.pad(image, padding), kernel, mode="valid")[::stride, ::stride]
    np.testing.assert_allclose(images.cross_correlate(image, kernel, stride, padding), want)


@pytest.mark.parametrize(("stride", "padding"), [(1, 0), (2, 1), (3, 2)])
def test_conv2d(stride, padding):
    rng = np.random.default_rng(1)
    image, kernels, bias = rng.normal(size=(7, 9, 3)), rng.normal(size=(2, 3, 3, 4)), rng.normal(size=4)
    padded = np.pad(image, ((padding, padding), (padding, padding), (0, 0)))
    maps = [
        correlate(padded, kernels[..., f], mode="valid")[::stride, ::stride, 0] + bias[f] for f in range(4)
    ]
    np.testing.assert_allclose(images.conv2d(image, kernels, bias, stride, padding), np.stack(maps, axis=-1))


def test_pool():
    image = np.arange(24.0).reshape(4, 6)
    np.testing.assert_allclose(images.pool(image, 2, 2, np.max), [[7, 9, 11], [19, 21, 23]])
    np.testing.assert_allclose(images.pool(image, 3, 2, np.mean), [[7, 9]])
    channels = np.stack([image, -image], axis=-1)
    np.testing.assert_allclose(images.pool(channels, 2, 2, np.max)[..., 1], -images.pool(image, 2, 2, np.min))

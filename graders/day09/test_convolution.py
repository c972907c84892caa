"""Grader of day09/convolution."""

import numpy as np

from course.grading import assert_close, forms, graded
from graders.reference.images import conv2d, cross_correlate, pad_zeros

# The document's fourth row reads 0 0 1 1 1, which gives 4 where its own map has 3; with 0 0 1 1 0 all nine agree.
LECTURE_IMAGE = np.array(
    [[1, 1, 1, 0, 0], [0, 1, 1, 1, 0], [0, 0, 1, 1, 1], [0, 0, 1, 1, 0], [0, 1, 1, 0, 0]]
)
LECTURE_FILTER = np.array([[1, 0, 1], [0, 1, 0], [1, 0, 1]])
LECTURE_MAP = [[4, 3, 4], [2, 4, 3], [2, 3, 4]]


def check_kernel(submission, image, kernel):
    want = cross_correlate(image, kernel)
    mistakes = {
        "flipped": cross_correlate(image, kernel[::-1, ::-1]),
        "averaged": want / kernel.size,
        "flipped_rows": cross_correlate(image, kernel[::-1]),
        "flipped_columns": cross_correlate(image, kernel[:, ::-1]),
        "last_place": want[:-1, :-1],
    }
    assert_close(submission.cross_correlate(image, kernel), want, mistakes=mistakes)


def check_stride(submission, image, kernel, stride, padding):
    """The last place of the window is one of the stride's, so that it shows where it is missing."""
    every = cross_correlate(image, kernel, 1, padding)
    mistakes = {
        "no_padding": cross_correlate(image, kernel, stride) if padding else np.nan,
        "no_stride": every if stride > 1 else np.nan,
        "stride_rows": every[::stride] if stride > 1 else np.nan,
        "stride_columns": every[:, ::stride] if stride > 1 else np.nan,
        "last_place": every[:-1:stride, :-1:stride],
    }
    got = submission.cross_correlate(image, kernel, stride, padding)
    assert_close(got, every[::stride, ::stride], mistakes=mistakes)


def check_layer(submission, image, kernels, bias):
    want, channels = conv2d(image, kernels, bias), kernels.shape[2]
    mistakes = {
        "no_bias": want - bias,
        "bias_per_channel": want + (channels - 1) * bias,
        "one_channel": conv2d(image[:, :, :1], kernels[:, :, :1], bias),
        "last_channel": conv2d(image[:, :, -1:], kernels[:, :, -1:], bias),
        "channels_averaged": (want - bias) / channels + bias,
        "filters_first": np.moveaxis(want, -1, 0),
    }
    assert_close(submission.conv2d(image, kernels, bias), want, mistakes=mistakes)


def values(rng, *shapes):
    """`forms` of numbers from -1 to 1: the sums of their products are exact enough in float32 too."""
    return forms(rng, *shapes, low=-1, high=1)


@graded(points=1)
def test_pad(submission, rng):
    for padding in (1, 3):
        image = rng.normal(size=(4, 6))
        one_sided = np.pad(image, ((padding, 0), (padding, 0)))
        mistakes = {
            "one_side": one_sided,
            "other_side": one_sided[padding:, padding:],
            "edge": np.pad(image, padding, mode="edge"),
            "total": np.pad(image, ((padding // 2, padding - padding // 2),) * 2),
        }
        assert_close(submission.pad(image, padding), pad_zeros(image, padding), mistakes=mistakes)
    image = rng.normal(size=(3, 5, 2))
    mistakes = {"channels": np.pad(image, 2), "rows_only": np.pad(image, ((2, 2), (0, 0), (0, 0)))}
    assert_close(submission.pad(image, 2), pad_zeros(image, 2), mistakes=mistakes)
    for shape, padding in (((3, 4), 0), ((1, 4), 2), ((5, 1), 1), ((3, 2, 1), 1), ((1, 2, 3), 0)):
        for (image,) in forms(rng, shape):
            assert_close(submission.pad(image, padding), pad_zeros(image, padding))


@graded(points=2)
def test_cross_correlation(submission, rng):
    for size, kernel_size in (((5, 8), (2, 3)), ((7, 4), (3, 2))):
        check_kernel(submission, rng.normal(size=size), rng.normal(size=kernel_size))
    check_kernel(submission, rng.integers(0, 9, size=(4, 6)), rng.normal(size=(2, 2)))
    whole = rng.normal(size=(3, 4))
    assert_close(submission.cross_correlate(whole, whole), [[np.sum(whole**2)]])
    for size, kernel_size in (
        ((5, 4), (3, 2)),
        ((1, 5), (1, 3)),
        ((4, 1), (2, 1)),
    ):
        for image, kernel in values(rng, size, kernel_size):
            assert_close(submission.cross_correlate(image, kernel), cross_correlate(image, kernel))


@graded(points=1, after=["cross_correlation"])
def test_lecture(submission, rng):
    assert_close(submission.cross_correlate(LECTURE_IMAGE, LECTURE_FILTER), LECTURE_MAP)
    drawn = rng.integers(2, size=(5, 5))
    assert_close(submission.cross_correlate(drawn, LECTURE_FILTER), cross_correlate(drawn, LECTURE_FILTER))


@graded(points=2, after=["pad", "cross_correlation"])
def test_stride_and_padding(submission, rng):
    for size, kernel_size, stride, padding in (
        ((5, 8), (3, 2), 1, 2),
        ((8, 9), (2, 3), 2, 0),
        ((7, 9), (3, 2), 3, 1),
    ):
        check_stride(submission, rng.normal(size=size), rng.normal(size=kernel_size), stride, padding)
    # What is left over, steps across the whole image, kernels that only the padding makes fit.
    for size, kernel_size, stride, padding in (
        ((9, 6), (2, 3), 2, 0),
        ((8, 10), (3, 3), 3, 1),
        ((6, 6), (1, 1), 2, 1),
        ((5, 4), (2, 2), 7, 0),
        ((2, 1), (4, 3), 1, 1),
    ):
        image, kernel = rng.normal(size=size), rng.normal(size=kernel_size)
        got = submission.cross_correlate(image, kernel, stride, padding)
        assert_close(got, cross_correlate(image, kernel, stride, padding))


@graded(points=2, after=["cross_correlation"])
def test_channels(submission, rng):
    image, kernels = rng.normal(size=(5, 7, 3)), rng.normal(size=(2, 3, 3, 4))
    check_layer(submission, image, kernels, rng.uniform(0.5, 2, size=4))
    check_layer(submission, image, kernels[:1, :1], rng.uniform(0.5, 2, size=4))
    for shapes in (
        ((5, 3, 2), (3, 2, 2, 3), (3,)),
        ((1, 4, 3), (1, 2, 3, 1), (1,)),
        ((3, 1, 1), (2, 1, 1, 2), (2,)),
    ):
        for image, kernels, bias in values(rng, *shapes):
            assert_close(submission.conv2d(image, kernels, bias), conv2d(image, kernels, bias))
    # Whole numbers beside fractions, whichever of the three they are.
    for whole in ((0,), (1,), (2,), (0, 1)):
        parts = [rng.integers(-4, 5, size=shape) for shape in ((4, 3, 2), (2, 2, 2, 3), (3,))]
        image, kernels, bias = (part if i in whole else part / 3 + 0.1 for i, part in enumerate(parts))
        assert_close(submission.conv2d(image, kernels, bias), conv2d(image, kernels, bias))


@graded(points=1, after=["stride_and_padding", "channels"])
def test_layer(submission, rng):
    image, kernels, bias = (
        rng.normal(size=(8, 6, 2)),
        rng.normal(size=(3, 2, 2, 3)),
        rng.uniform(0.5, 2, size=3),
    )
    for stride, padding in ((2, 1), (1, 1), (2, 0)):
        mistakes = {
            "no_padding": conv2d(image, kernels, bias, stride) if padding else np.nan,
            "no_stride": conv2d(image, kernels, bias, 1, padding) if stride > 1 else np.nan,
        }
        got = submission.conv2d(image, kernels, bias, stride, padding)
        assert_close(got, conv2d(image, kernels, bias, stride, padding), mistakes=mistakes)


@graded(points=2, after=["layer"], hidden=True)
def test_larger(submission, rng):
    for size, kernel_size, stride, padding in [
        ((9, 6, 2), (3, 3, 2, 5), 2, 1),
        ((4, 8, 1), (2, 4, 1, 3), 1, 2),
        ((7, 10, 4), (3, 2, 4, 1), 3, 0),
    ]:
        image, kernels, bias = (
            rng.normal(size=size),
            rng.normal(size=kernel_size),
            rng.normal(size=kernel_size[-1]),
        )
        got = submission.conv2d(image, kernels, bias, stride, padding)
        assert_close(got, conv2d(image, kernels, bias, stride, padding))
    assert_close(submission.cross_correlate(LECTURE_IMAGE, LECTURE_FILTER, 2), [[4, 4], [2, 4]])

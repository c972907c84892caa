"""Grader of day09/pooling."""

import numpy as np

from course.grading import assert_close, forms, graded
from graders.reference.images import pool

LECTURE_IMAGE = np.array([[1, 4, 8, 3], [6, 9, 2, 1], [11, 13, 6, 7], [8, 19, 8, 2]])


def hanging(image, window, stride, reduce):
    """Pooling that keeps the windows over the edge, as if the image ended there."""
    tops, lefts = (range(0, length, stride) for length in image.shape[:2])
    parts = [[reduce(image[i : i + window, j : j + window], axis=(0, 1)) for j in lefts] for i in tops]
    return np.array(parts)


def check_pool(function, reduce, image, window, stride=None, keys=()):
    step = stride or window
    want = pool(image, window, step, reduce)
    mistakes = {
        "exchanged": lambda: pool(image, window, step, np.mean if reduce is np.max else np.max),
        "from_zero": lambda: np.maximum(want, 0),
        "smallest": lambda: pool(image, window, step, np.min),
        "sum": lambda: pool(image, window, step, np.sum),
        "every_place": lambda: pool(image, window, 1, reduce),
        "stride_is_window": lambda: pool(image, window, window, reduce),
        "edge_kept": lambda: hanging(image, window, step, reduce),
        "channels_mixed": lambda: reduce(want, axis=-1),
    }
    arguments = (image, window) if stride is None else (image, window, stride)
    assert_close(function(*arguments), want, mistakes={key: mistakes[key] for key in keys})


def check_forms(function, reduce, rng, *cases):
    """Images in every form, for each case of shape, window and stride."""
    for shape, window, stride in cases:
        for (image,) in forms(rng, shape):
            check_pool(function, reduce, image, window, stride)


# A single row and a single column among them, pooled by windows of one pixel.
PLAIN = (((4, 6), 2, None), ((1, 5), 1, None), ((5, 1), 1, None))
STRIDES = (((5, 4), 3, 1), ((5, 1), 1, 2))
CHANNELS = (((2, 6, 2), 2, None), ((1, 3, 1), 1, None))


@graded(points=1)
def test_max(submission, rng):
    for shape, window in (((6, 9), 3), ((4, 8), 2)):
        image = rng.normal(size=shape)
        image[:window, -window:] -= 9  # a window of negative numbers
        keys = ("exchanged", "from_zero", "smallest", "every_place")
        check_pool(submission.max_pool, np.max, image, window, keys=keys)
    check_pool(submission.max_pool, np.max, -rng.uniform(1, 5, size=(6, 4)), 2)
    check_forms(submission.max_pool, np.max, rng, *PLAIN)
    assert_close(submission.max_pool(LECTURE_IMAGE, 2), [[9, 8], [19, 8]])


@graded(points=1)
def test_average(submission, rng):
    for image, window in ((rng.normal(size=(9, 6)), 3), (rng.integers(-9, 9, size=(4, 8)), 2)):
        check_pool(submission.average_pool, np.mean, image, window, keys=("exchanged", "sum", "every_place"))
    check_forms(submission.average_pool, np.mean, rng, *PLAIN)
    assert_close(submission.average_pool(LECTURE_IMAGE, 2), [[5, 3.5], [12.75, 5.75]])


@graded(points=2, after=["max", "average"])
def test_stride(submission, rng):
    for function, reduce in ((submission.max_pool, np.max), (submission.average_pool, np.mean)):
        for shape, window, stride in (((7, 9), 3, 2), ((8, 5), 2, 3)):
            keys = ("stride_is_window", "every_place")
            check_pool(function, reduce, rng.normal(size=shape), window, stride, keys)
        check_pool(function, reduce, rng.normal(size=(5, 7)), 2, 1, ("stride_is_window",))
        check_forms(function, reduce, rng, *STRIDES)


@graded(points=1, after=["max", "average"])
def test_edge(submission, rng):
    for function, reduce in ((submission.max_pool, np.max), (submission.average_pool, np.mean)):
        for shape, window, stride in (((5, 8), 2, None), ((6, 5), 4, None), ((8, 10), 3, 2)):
            check_pool(function, reduce, rng.normal(size=shape), window, stride, ("edge_kept",))


@graded(points=2, after=["max", "average"])
def test_channels(submission, rng):
    for function, reduce in ((submission.max_pool, np.max), (submission.average_pool, np.mean)):
        for shape, window, stride in (((4, 6, 3), 2, None), ((7, 5, 2), 3, 2)):
            check_pool(function, reduce, rng.normal(size=shape), window, stride, ("channels_mixed",))
        check_forms(function, reduce, rng, *CHANNELS)


@graded(points=1)
def test_global_average(submission, rng):
    for shape in ((4, 6, 3), (1, 5, 2)):
        maps = rng.normal(size=shape)
        mistakes = {
            "over_channels": maps.mean(axis=2),
            "one_number": maps.mean(),
            "largest": maps.max(axis=(0, 1)),
            "sum": maps.sum(axis=(0, 1)),
        }
        got = submission.global_average_pool(maps)
        assert_close(got, maps.mean(axis=(0, 1)), mistakes=mistakes)
    for shape in ((3, 2, 4), (1, 4, 2), (4, 1, 3), (3, 3, 1)):
        for (maps,) in forms(rng, shape):
            assert_close(submission.global_average_pool(maps), maps.mean(axis=(0, 1), dtype=float))


@graded(points=2, hidden=True, after=["stride", "edge", "channels", "global_average"])
def test_larger(submission, rng):
    for shape, window, stride in (
        ((9, 7), 2, None),
        ((11, 8, 3), 3, 2),
        ((5, 5, 2), 5, 1),
        ((12, 6, 4), 2, 4),
    ):
        image = rng.normal(size=shape) - 3
        check_pool(submission.max_pool, np.max, image, window, stride)
        check_pool(submission.average_pool, np.mean, image, window, stride)
    maps = rng.normal(size=(7, 7, 16))
    assert_close(submission.global_average_pool(maps), maps.mean(axis=(0, 1)))

"""Grader of day08/tensors."""

from itertools import zip_longest

import numpy as np

from course.grading import assert_close, assert_equal, assert_raises, forms, graded, unpack


def from_the_left(a, b):
    """What comes out when missing axes are added at the end instead of the front."""
    return tuple(max(m, n) for m, n in zip_longest(a, b, fillvalue=1))


def check_description(submission, data, name, mistakes=None):
    tensor = np.asarray(data)
    rank, shape, dtype = unpack(submission.describe(data), "rank", "shape", "dtype")
    assert_equal(rank, tensor.ndim, mistakes=mistakes)
    assert_equal(shape, tensor.shape)
    assert_equal(dtype, name)


@graded(points=2)
def test_describe(submission, rng):
    wrong = {"size": 15, "first_length": 5, "matrix_rank": 3, "swapped": (5, 3)}
    check_description(submission, rng.normal(size=(5, 3)), "float64", wrong)
    for shape in ((4, 3), (2, 4, 1)):
        for (data,) in forms(rng, shape):
            check_description(submission, data, data.dtype.name)
    for axes, dtype in enumerate(("float16", "int32", "uint8", "bool", "float32"), start=1):
        shape = tuple(rng.integers(1, 5, size=axes).tolist())
        check_description(submission, rng.integers(0, 9, size=shape).astype(dtype), dtype)
    for number in (7, 0, 1, -int(rng.integers(1, 99))):
        check_description(submission, number, "int64")
    check_description(submission, -float(rng.uniform(1, 9)), "float64")
    check_description(submission, rng.normal(size=3).tolist(), "float64")
    check_description(submission, rng.integers(-9, 10, size=(2, 1, 3)).tolist(), "int64")
    check_description(submission, [[1, 2, 3], [4, 5, 6]], "int64")
    check_description(submission, [[[True], [False]]], "bool")


@graded(points=1, after=["describe"])
def test_ragged(submission, rng):
    length = int(rng.integers(2, 5))
    short, long = list(range(length)), list(range(length + 1))
    for data in (
        [[1, 2, 3], [4, 5]],
        [short, long, [0] * length],
        [[short, long], [short, long]],
        [1, short],
    ):
        assert_raises(ValueError, submission.describe, data)


@graded(points=2)
def test_flatten(submission, rng):
    images = rng.normal(size=(5, 3, 4))
    wrong = {
        "one_vector": images.ravel(),
        "pixels_first": images.reshape(5, -1).T,
        "reshaped": images.reshape(-1, 5),
        "column_order": images.transpose(0, 2, 1).reshape(5, -1),
    }
    assert_close(submission.flatten_images(images), images.reshape(5, 12), mistakes=wrong)
    colour = rng.normal(size=(2, 4, 3, 3))
    wrong = {"one_vector": colour.ravel(), "colours_kept": colour.reshape(2, 12, 3)}
    assert_close(submission.flatten_images(colour), colour.reshape(2, 36), mistakes=wrong)
    for shape in ((3, 2, 4), (1, 2, 3, 2), (4, 3, 1)):
        for (images,) in forms(rng, shape):
            assert_close(submission.flatten_images(images), images.reshape(len(images), -1))


@graded(points=2)
def test_channels(submission, rng):
    images = rng.normal(size=(2, 3, 4, 5))
    wrong = {
        "reshaped": images.reshape(2, 4, 5, 3),
        "turned": images.transpose(0, 3, 2, 1),
        "wrong_place": images.transpose(0, 2, 1, 3),
    }
    assert_close(submission.to_channels_last(images), images.transpose(0, 2, 3, 1), mistakes=wrong)
    for shape in ((2, 3, 4, 2), (1, 2, 3, 4), (3, 4, 2, 1)):
        for (images,) in forms(rng, shape):
            assert_close(submission.to_channels_last(images), images.transpose(0, 2, 3, 1))


@graded(points=2)
def test_broadcast(submission, rng):
    # The second axis is longer than the first, so that shapes aligned at the left give another result.
    first, second = sorted(rng.choice(np.arange(2, 9), size=2, replace=False).tolist())
    long, short = (first, second, int(rng.integers(2, 9))), (second, 1)
    for a, b in ((long, short), (short, long)):
        wrong = {"cut_short": long[1:], "from_the_left": from_the_left(a, b), "concatenated": a + b}
        assert_equal(submission.broadcast_shape(a, b), long, mistakes=wrong)
    figures = [
        ((5, 4), (4,), (5, 4)),
        ((5, 1), (1, 4), (5, 4)),
        ((5, 1), (4,), (5, 4)),
        ((3, 4), (3, 4), (3, 4)),
        ((2, 3, 4), (3, 1), (2, 3, 4)),
        ((3, 1), (2, 1, 6), (2, 3, 6)),
        ((6,), (), (6,)),
        ((), (), ()),
    ]
    for a, b, want in figures:
        assert_equal(submission.broadcast_shape(a, b), want)


@graded(points=1, after=["broadcast"])
def test_broadcast_error(submission, rng):
    n = int(rng.integers(3, 8))
    for a, b in (
        ((5, 4), (5,)),
        ((n,), (n + 1,)),
        ((2, n, 3), (n + 2, 3)),
        ((4, 2), (4, 6)),
        ((2, 3), (4, 2, 6)),
    ):
        assert_raises(ValueError, submission.broadcast_shape, a, b)


@graded(points=1, after=["flatten", "channels", "broadcast"], hidden=True)
def test_more_shapes(submission, rng):
    for _ in range(12):
        result = rng.integers(2, 8, size=int(rng.integers(1, 5)))
        pair = [np.where(rng.random(len(result)) < 0.4, 1, result) for _ in range(2)]
        a, b = (tuple(shape[int(rng.integers(0, 2)) :].tolist()) for shape in pair)
        assert_equal(submission.broadcast_shape(a, b), np.broadcast_shapes(a, b))
    images = rng.normal(size=(3, 2, int(rng.integers(5, 9)), 4))
    assert_close(submission.to_channels_last(images), np.moveaxis(images, 1, -1))
    assert_close(submission.flatten_images(images[:1]), images[:1].reshape(1, -1))

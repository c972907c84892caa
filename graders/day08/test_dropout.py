"""Grader of day08/dropout."""

import numpy as np

from course.grading import array, assert_close, assert_raises, forms, graded, require, unpack

SIX_SIGMA = 6


def bound(rate, count):
    """Six standard deviations of a share of `count` independent draws."""
    return SIX_SIGMA * np.sqrt(rate * (1 - rate) / count)


def check_values(mask, rate):
    """Every entry of the mask is 0 or 1 / (1 - rate)."""
    assert_close(mask, np.where(mask == 0, 0, 1 / (1 - rate)))


def check_seeds(draw, rng):
    """The same seed gives the same mask, others give others."""
    seeds = [int(seed) for seed in rng.choice(10_000, size=4, replace=False)]
    first, again, *others = (array(draw(np.random.default_rng(seed))) for seed in (seeds[0], *seeds))
    require(np.array_equal(first, again), "not_repeatable")
    require(not all(np.array_equal(first, other) for other in others), "generator_ignored")


def check_total(draw, rng):
    """The number of zeros is chance too: of 200 entries at rate 0.5 it is 12 times the same once in 10^13 times."""
    masks = [array(draw(child)) for child in rng.spawn(12)]
    totals = {int(np.sum(mask == 0)) for mask in masks}
    # One and the same mask every time is what check_seeds finds.
    same = all(np.array_equal(masks[0], mask) for mask in masks)
    require(same or len(totals) > 1, "fixed_total", zeros=min(totals))


def check_training(submission, x, rate, rng):
    """One call in training: the checks that hold for any mask."""
    out, mask = unpack(submission.dropout_forward(x, rate, rng, True), "out", "mask")
    mask = array(mask, x.shape)
    check_values(mask, rate)
    assert_close(out, x * mask)


@graded(points=2)
def test_mask_values(submission, rng):
    for rate in (0.2, 0.3, float(np.round(rng.uniform(0.55, 0.8), 2))):
        # So many rows and columns that not all of one kind are alike even where each is drawn as a whole.
        mask = array(submission.dropout_mask((60, 60), rate, rng), (60, 60))
        kept, scale = mask[mask != 0], round(1 / (1 - rate), 4)
        require(kept.size > 0, "all_dropped", rate=rate)
        require(kept.size < mask.size, "nothing_dropped", rate=rate)
        require(not np.allclose(kept, 1), "unscaled", scale=scale)
        require(not np.allclose(kept, 1 / rate), "wrong_scale", scale=scale, got=round(1 / rate, 4))
        require(not np.allclose(kept, 1 - rate), "multiplied", scale=scale, got=round(1 - rate, 4))
        check_values(mask, rate)
    array(submission.dropout_mask((2, 3, 4), 0.5, rng), (2, 3, 4))


@graded(points=1)
def test_mask_independent(submission, rng):
    rate = float(np.round(rng.uniform(0.4, 0.6), 2))
    mask = array(submission.dropout_mask((60, 50), rate, rng), (60, 50))
    require(not np.all(mask == mask[:1]), "same_rows")
    require(not np.all(mask == mask[:, :1]), "same_columns")
    dropped = mask == 0
    require(0 < np.sum(dropped) < dropped.size, "all_alike", rate=rate)
    share = [float(np.mean(part)) for part in (dropped[:30], dropped[30:], dropped[:, :25], dropped[:, 25:])]
    near = bound(rate, 1500)
    shares = ", ".join(f"{s:.2f}" for s in share)
    require(np.ptp(share) <= 2 * near, "uneven", shares=shares)
    require(np.ptp(dropped.sum(axis=1)) > 0 and np.ptp(dropped.sum(axis=0)) > 0, "fixed_count")
    check_total(lambda generator: submission.dropout_mask((20, 10), 0.5, generator), rng)
    images = array(submission.dropout_mask((4, 6, 5, 3), rate, rng), (4, 6, 5, 3))
    for axis in range(images.ndim):
        require(not np.all(images == np.take(images, [0], axis=axis)), "repeated", axis=axis)


@graded(points=2, after=["mask_independent"])
def test_mask_share(submission, rng):
    shape = (200, 150)
    for rate in (0.3, float(np.round(rng.uniform(0.65, 0.85), 2))):
        mask = array(submission.dropout_mask(shape, rate, rng), shape)
        share = float(np.mean(mask == 0))
        near = bound(rate, mask.size)
        require(abs(share - (1 - rate)) > near, "keep_rate", rate=rate, share=round(share, 3))
        require(abs(share - rate) <= near, "share", rate=rate, share=round(share, 3))


@graded(points=1, after=["mask_share"])
def test_generator(submission, rng):
    check_seeds(lambda generator: submission.dropout_mask((20, 30), 0.5, generator), rng)


@graded(points=1)
def test_bad_rate(submission, rng):
    array(submission.dropout_mask((3, 4), 0.5, rng), (3, 4))
    for rate in (1.0, 1.5, -0.1, 1, -1, 1 + float(rng.uniform(0.001, 9)), float(rng.uniform(-9, -0.001))):
        assert_raises(ValueError, submission.dropout_mask, (3, 4), rate, rng)


@graded(points=2, after=["mask_values"])
def test_training(submission, rng):
    rate = 0.3
    x = rng.normal(size=(40, 25))
    x[0, :5] = 0.0
    out, mask = unpack(submission.dropout_forward(x, rate, rng, True), "out", "mask")
    out, mask = array(out, x.shape), array(mask, x.shape)
    require(not np.allclose(out, x), "nothing_dropped")
    require(not np.allclose(out * x, mask), "order")
    check_values(mask, rate)
    assert_close(out, x * mask, mistakes={"mask_twice": x * mask * mask, "out_unscaled": x * (mask > 0)})

    def draw(generator):
        return unpack(submission.dropout_forward(np.ones((20, 10)), 0.5, generator, True), "out", "mask")[1]

    check_seeds(draw, rng)
    check_total(draw, rng)


@graded(points=2, after=["training", "mask_share"])
def test_expectation(submission, rng):
    rate, rows = float(np.round(rng.uniform(0.15, 0.35), 2)), 5_000
    row = rng.uniform(1, 3, size=4) * np.array([1, -1, 1, -1])
    out, _ = unpack(submission.dropout_forward(np.tile(row, (rows, 1)), rate, rng, True), "out", "mask")
    mean = array(out, (rows, 4)).mean(axis=0) / row
    near = SIX_SIGMA * np.sqrt(rate / (1 - rate) / rows)
    worst = float(mean[np.argmax(np.abs(mean - 1))])
    require(np.all(np.abs(mean - 1) <= near), "expectation", count=rows, ratio=round(worst, 3), rate=rate)


def check_identity(x, result):
    """Nothing happened: the output is x, the mask all ones."""
    out, mask = unpack(result, "out", "mask")
    assert_close(out, x)
    assert_close(mask, np.ones(x.shape))


@graded(points=2)
def test_inference(submission, rng):
    for rate in (0.3, float(np.round(rng.uniform(0.5, 0.8), 2))):
        x = rng.normal(size=(6, 7))
        out, mask = unpack(submission.dropout_forward(x, rate, rng, False), "out", "mask")
        out = array(out, x.shape)
        require(not np.any(out == 0), "dropped_in_inference", count=int(np.sum(out == 0)))
        assert_close(out, x, mistakes={"scaled_down": x * (1 - rate), "scaled_up": x / (1 - rate)})
        assert_close(mask, np.ones(x.shape))
    for shape in ((4, 3), (1, 5), (4, 1)):
        for (x,) in forms(rng, shape):
            check_identity(x, submission.dropout_forward(x, 0.5, rng, False))


@graded(points=1)
def test_rate_zero(submission, rng):
    x, ones = rng.normal(size=(5, 4)), np.ones((5, 4))
    for rate in (0.0, 0):
        assert_close(submission.dropout_mask((5, 4), rate, rng), ones, mistakes={"all_zero": 0 * ones})
        check_identity(x, submission.dropout_forward(x, rate, rng, True))
        check_identity(x, submission.dropout_forward(x, rate, rng, False))


@graded(points=1)
def test_backward(submission, rng):
    gradient = rng.normal(size=(6, 5))
    mask = (rng.random((6, 5)) >= 0.4) / 0.6
    mask[0, :2] = 0.0, 1 / 0.6
    wrong = {"no_mask": gradient, "unscaled_gradient": gradient * (mask > 0)}
    assert_close(submission.dropout_backward(gradient, mask), gradient * mask, mistakes=wrong)
    for shape in ((4, 6), (1, 5), (4, 1)):
        for (gradient,) in forms(rng, shape):
            # At rate 0.5 a mask can be of the gradient's own type; in inference it is all ones.
            for values in (2 * rng.integers(0, 2, size=shape), np.ones(shape)):
                mask = values.astype(gradient.dtype)
                assert_close(submission.dropout_backward(gradient, mask), gradient * mask)
    gradient = rng.integers(-9, 10, size=(4, 6))
    mask = (rng.random((4, 6)) >= 0.2) / 0.8
    assert_close(submission.dropout_backward(gradient, mask), gradient * mask)


@graded(points=1, after=["training", "mask_values"], hidden=True)
def test_more_shapes(submission, rng):
    for shape in ((4, 5), (1, 6), (5, 1)):
        for (x,) in forms(rng, shape):
            check_training(submission, x, 0.4, rng)
    for x in (rng.normal(size=200), rng.integers(1, 9, size=(20, 10)), rng.normal(size=(4, 6, 5, 3))):
        rate = float(np.round(rng.uniform(0.3, 0.6), 2))
        check_training(submission, x, rate, rng)

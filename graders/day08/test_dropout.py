"""Grader of day08/dropout."""

import numpy as np

from course.grading import array, assert_close, assert_raises, graded, require, unchanged, unpack

SIX_SIGMA = 6


def bound(rate, count):
    """Six standard deviations of a share of `count` independent draws."""
    return SIX_SIGMA * np.sqrt(rate * (1 - rate) / count)


def check_values(mask, rate):
    """Every entry of the mask is 0 or 1 / (1 - rate)."""
    assert_close(mask, np.where(mask == 0, 0, 1 / (1 - rate)))


@graded(points=2)
def test_mask_values(submission, rng):
    for rate in (0.2, 0.3, float(np.round(rng.uniform(0.55, 0.8), 2))):
        mask = array(submission.dropout_mask((8, 30), rate, rng), (8, 30))
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
    dropped = array(submission.dropout_mask((60, 50), rate, rng), (60, 50)) == 0
    require(not np.all(dropped == dropped[:1]), "same_rows")
    require(not np.all(dropped == dropped[:, :1]), "same_columns")
    share = [float(np.mean(part)) for part in (dropped[:30], dropped[30:], dropped[:, :25], dropped[:, 25:])]
    near = bound(rate, 1500)
    shares = ", ".join(f"{s:.2f}" for s in share)
    require(np.ptp(share) <= 2 * near, "uneven", shares=shares)
    require(np.ptp(dropped.sum(axis=1)) > 0 and np.ptp(dropped.sum(axis=0)) > 0, "fixed_count")


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
    one, two = (int(seed) for seed in rng.choice(10_000, size=2, replace=False))
    masks = [submission.dropout_mask((20, 30), 0.5, np.random.default_rng(seed)) for seed in (one, one, two)]
    first, again, other = (array(mask, (20, 30)) for mask in masks)
    require(np.array_equal(first, again), "not_repeatable")
    require(not np.array_equal(first, other), "generator_ignored")


@graded(points=1)
def test_bad_rate(submission, rng):
    array(submission.dropout_mask((3, 4), 0.5, rng), (3, 4))
    for rate in (1.0, 1.5, -0.1):
        assert_raises(ValueError, submission.dropout_mask, (3, 4), rate, rng)


@graded(points=2, after=["mask_values"])
def test_training(submission, rng):
    rate = 0.3
    x = rng.normal(size=(40, 25))
    x[0, :5] = 0.0
    out, mask = unpack(unchanged(submission.dropout_forward, x, rate, rng, True), "out", "mask")
    out, mask = array(out, x.shape), array(mask, x.shape)
    require(not np.allclose(out, x), "nothing_dropped")
    require(not np.allclose(out * x, mask), "order")
    check_values(mask, rate)
    assert_close(out, x * mask, mistakes={"mask_twice": x * mask * mask, "out_unscaled": x * (mask > 0)})


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
        out, mask = unpack(unchanged(submission.dropout_forward, x, rate, rng, False), "out", "mask")
        out = array(out, x.shape)
        require(not np.any(out == 0), "dropped_in_inference", count=int(np.sum(out == 0)))
        assert_close(out, x, mistakes={"scaled_down": x * (1 - rate), "scaled_up": x / (1 - rate)})
        assert_close(mask, np.ones(x.shape))


@graded(points=1)
def test_rate_zero(submission, rng):
    x, ones = rng.normal(size=(5, 4)), np.ones((5, 4))
    assert_close(submission.dropout_mask((5, 4), 0.0, rng), ones, mistakes={"all_zero": 0 * ones})
    check_identity(x, submission.dropout_forward(x, 0.0, rng, True))
    check_identity(x, submission.dropout_forward(x, 0.0, rng, False))


@graded(points=1)
def test_backward(submission, rng):
    gradient = rng.normal(size=(6, 5))
    mask = (rng.random((6, 5)) >= 0.4) / 0.6
    mask[0, :2] = 0.0, 1 / 0.6
    wrong = {"no_mask": gradient, "unscaled_gradient": gradient * (mask > 0)}
    assert_close(unchanged(submission.dropout_backward, gradient, mask), gradient * mask, mistakes=wrong)


@graded(points=1, after=["training", "mask_values"], hidden=True)
def test_more_shapes(submission, rng):
    for x in (rng.normal(size=200), rng.normal(size=(4, 6, 5, 3)), rng.integers(1, 9, size=(20, 10))):
        rate = float(np.round(rng.uniform(0.3, 0.6), 2))
        out, mask = unpack(unchanged(submission.dropout_forward, x, rate, rng, True), "out", "mask")
        mask = array(mask, x.shape)
        check_values(mask, rate)
        assert_close(out, x * mask)

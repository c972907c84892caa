"""Grader of day07/outliers."""

import numpy as np

from course.grading import array, assert_close, assert_equal, graded, unpack

DELAYS = np.array([0, 3, 5, 6, 8, 9, 12, 95])


def fences(x, k=1.5, method="linear"):
    q1, q3 = np.percentile(x, [25, 75], method=method)
    return np.array([q1 - k * (q3 - q1), q3 + k * (q3 - q1)])


def fence_mistakes(x, k):
    q1, median, q3 = np.percentile(x, [25, 50, 75])
    low, high = np.percentile(x, [0.25, 0.75])
    iqr = q3 - q1
    return {
        "swapped": fences(x, k)[::-1],
        "no_k": fences(x, 1.0),
        "k_ignored": fences(x) if k != 1.5 else np.nan,
        "from_median": np.array([median - k * iqr, median + k * iqr]),
        "quartiles": np.array([q1, q3]),
        "inwards": np.array([q1 + k * iqr, q3 - k * iqr]),
        "from_other_quartile": np.array([q3 - k * iqr, q1 + k * iqr]),
        "std": np.mean(x) + np.array([-k, k]) * np.std(x),
        "not_interpolated": fences(x, k, "lower"),
        "tails": np.array([-k, k]) * np.diff(np.percentile(x, [10, 90])) + np.percentile(x, [10, 90]),
        "percent": np.array([low - k * (high - low), high + k * (high - low)]),
    }


def skewed(rng, n):
    """Shuffled values, for k of 1, 1.5 and 3 with outliers on both sides, others each time and none near a fence."""
    ks = np.array([1.0, 1.5, 3.0])
    while True:
        rows = rng.lognormal(2, 0.4, size=(100, n))
        rows[:, :5] *= [-15, 15, 30, 2, 2.5]
        q1, q3 = np.percentile(rows, [25, 75], axis=1)[:, :, None]
        low, high = (q1 - ks * (q3 - q1))[:, None], (q3 + ks * (q3 - q1))[:, None]
        values = rows[:, :, None]
        far = np.minimum(np.abs(values - low), np.abs(values - high)).min(axis=(1, 2)) >= 0.05
        below, above = (values < low).sum(axis=1), (values > high).sum(axis=1)
        both = np.all((below > 0) & (above > 0), axis=1)
        fine = np.flatnonzero(far & both & np.all(np.diff(below + above, axis=1) != 0, axis=1))
        if fine.size:
            return rng.permutation(rows[fine[0]])


def samples(rng, n):
    """Values with outliers, each with a k: a whole number, 0; in single precision; all below 0."""
    yield skewed(rng, n), 3
    yield skewed(rng, n), 0
    yield skewed(rng, n).astype(np.float32), 1.0
    x = skewed(rng, n)
    yield x - x.max() - 1, 1.5


def ties(rng):
    """Equal values, and values of which some are equal."""
    return np.full(5, rng.uniform(-9, 9)), rng.permutation(
        np.repeat(rng.normal(size=6) ** 3, [1, 4, 1, 3, 2, 1])
    )


def outside(x, bounds):
    return (x < bounds[0]) | (x > bounds[1])


def check_fences(submission, x, *k, mistakes=None):
    lower, upper = unpack(submission.iqr_fences(x, *k), "lower", "upper")
    bounds = np.array([array(lower, ()), array(upper, ())])
    assert_close(bounds, fences(x, *k), mistakes=mistakes)


def z_threshold(x, row):
    """A threshold between the z-scores of one row by the sample and by the population standard deviation."""
    distance = abs(x[row] - x.mean())
    return float((distance / x.std() + distance / x.std(ddof=1)) / 2)


@graded(points=2)
def test_iqr_fences(submission, rng):
    x = skewed(rng, 15)
    for k in ((), (3,), (1.25,)):
        check_fences(submission, x, *k, mistakes=fence_mistakes(x, *(k or (1.5,))))
    for values, k in samples(rng, 15):
        check_fences(submission, values, k)
    for values in (*ties(rng), DELAYS):
        check_fences(submission, values)


@graded(points=1, after=["iqr_fences"])
def test_iqr_mask(submission, rng):
    x = skewed(rng, 19)
    for k in ((), (3.0,), (1.0,)):
        low, high = fences(x, *k)
        want = outside(x, (low, high))
        mistakes = {
            "inverted": ~want,
            "one_sided": x > high,
            "k_ignored": outside(x, fences(x)) if k else np.nan,
            "values": x[want],
            "places": np.flatnonzero(want),
            "numbers": want.astype(int),
        }
        assert_equal(submission.iqr_mask(x, *k), want, mistakes=mistakes)
    for values, k in samples(rng, 19):
        assert_equal(submission.iqr_mask(values, k), outside(values, fences(values, k)))
    assert_equal(submission.iqr_mask(DELAYS), [False] * 7 + [True])


@graded(points=1, after=["iqr_mask"])
def test_on_the_fence(submission, rng):
    # Quartiles 4 and 8: the fences -2 and 14 are values of the table themselves.
    scale, shift = int(rng.choice([-2, 1, 3])), int(rng.integers(-9, 9))
    x = rng.permutation([-2, 4, 4, 6, 6, 6, 8, 8, 14]) * scale + shift
    on_fence = (x == x.min()) | (x == x.max())
    assert_equal(submission.iqr_mask(x), np.zeros(9, dtype=bool), mistakes={"on_fence": on_fence})
    assert_equal(
        submission.iqr_mask(np.full(6, shift)), np.zeros(6, dtype=bool), mistakes={"constant": [True] * 6}
    )


@graded(points=2)
def test_zscore_mask(submission, rng):
    # Around 40 (|z| is not |x| / s), two values at the mean (|z| is not the distance), three far away.
    far, near = [-12, 12, 30], [2.0, 2.2]
    sample = 40 + np.concatenate([far, near, rng.uniform(-1, 1, size=11)])
    for sign in (-1, 1):
        x = sign * rng.permutation(sample)
        distance = np.abs(x - x.mean())
        threshold = z_threshold(x, int(np.argsort(distance)[-3]))
        z = (x - x.mean()) / x.std()
        want = np.abs(z) > threshold
        mistakes = {
            "sample_std": distance > threshold * x.std(ddof=1),
            "one_sided": z > threshold,
            "threshold_ignored": np.abs(z) > 3,
            "inverted": ~want,
            "not_centred": np.abs(x) > threshold * x.std(),
            "not_scaled": distance > threshold,
            "variance": distance > threshold * x.var(),
            "scores": z,
            "numbers": want.astype(int),
        }
        assert_equal(submission.zscore_mask(x, threshold), want, mistakes=mistakes)
        for other in (2, 0):
            assert_equal(submission.zscore_mask(x, other), np.abs(z) > other)
        assert_equal(submission.zscore_mask(x.astype(np.float32), threshold), want)
    for threshold, last in ((3.0, False), (2.5, True)):
        assert_equal(submission.zscore_mask(DELAYS, threshold), [False] * 7 + [last])


@graded(points=1, after=["zscore_mask"])
def test_zscore_limits(submission, rng):
    # One value among n - 1 equal ones has |z| = √(n - 1): 2.83 for n = 9, 3.16 for n = 11.
    for n in (9, 11):
        alone = rng.permutation([5.0] * (n - 1) + [float(rng.integers(20, 1000)) * rng.choice([-1, 1])])
        want = (alone != 5) & (n == 11)
        assert_equal(submission.zscore_mask(alone), want, mistakes={"default": (alone != 5) & (n == 9)})
    two = np.array([-1.0, 1.0]) * int(rng.integers(1, 9))
    assert_equal(submission.zscore_mask(two, 1.0), [False, False], mistakes={"not_strict": [True, True]})
    assert_equal(submission.zscore_mask(np.full(7, rng.uniform(1, 9))), [False] * 7)


@graded(points=2, after=["iqr_fences"])
def test_clip_outliers(submission, rng):
    x = skewed(rng, 17)
    for k in ((), (3.0,)):
        bounds = fences(x, *k)
        out = outside(x, bounds)
        mistakes = {
            "removed": x[~out],
            "zeroed": np.where(out, 0, x),
            "upper_only": np.minimum(x, bounds[1]),
            "mean": np.where(out, x.mean(), x),
            "median": np.where(out, np.median(x), x),
            "nothing": x,
            "nearest_value": np.clip(x, x[~out].min(), x[~out].max()),
            "k_ignored": np.clip(x, *fences(x)) if k else np.nan,
        }
        assert_close(submission.clip_outliers(x, *k), np.clip(x, *bounds), mistakes=mistakes)
    for values, k in samples(rng, 17):
        assert_close(submission.clip_outliers(values, k), np.clip(values, *fences(values, k)))
    for values in ties(rng):
        assert_close(submission.clip_outliers(values), np.clip(values, *fences(values)))


@graded(points=1, after=["clip_outliers"])
def test_clip_integers(submission, rng):
    x = rng.permutation([-70, 3, 5, 6, 8, 9, 12, 14, 95, 60]) + int(rng.integers(-3, 4))
    for values in (DELAYS, x):
        want = np.clip(values, *fences(values))
        mistakes = {"truncated": np.trunc(want), "rounded": np.round(want)}
        assert_close(submission.clip_outliers(values), want, mistakes=mistakes)


@graded(points=1, after=["iqr_mask", "zscore_mask", "clip_outliers"], hidden=True)
def test_more_values(submission, rng):
    for n, k in ((14, 1.5), (41, 1.0)):
        x = skewed(rng, n)
        bounds = fences(x, k)
        assert_close(list(unpack(submission.iqr_fences(x, k), "lower", "upper")), bounds)
        assert_equal(submission.iqr_mask(x, k), outside(x, bounds))
        assert_close(submission.clip_outliers(x, k), np.clip(x, *bounds))
        threshold = z_threshold(x, int(np.argmax(x)))
        assert_equal(submission.zscore_mask(x, threshold), np.abs(x - x.mean()) > threshold * x.std())

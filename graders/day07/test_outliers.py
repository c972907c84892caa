"""Grader of day07/outliers."""

import numpy as np

from course.grading import array, assert_close, assert_equal, graded, unchanged, unpack

DELAYS = np.array([0, 3, 5, 6, 8, 9, 12, 95])


def fences(x, k=1.5, method="linear"):
    q1, q3 = np.percentile(x, [25, 75], method=method)
    return np.array([q1 - k * (q3 - q1), q3 + k * (q3 - q1)])


def fence_mistakes(x, k):
    q1, median, q3 = np.percentile(x, [25, 50, 75])
    iqr = q3 - q1
    return {
        "swapped": fences(x, k)[::-1],
        "no_k": fences(x, 1.0),
        "k_ignored": fences(x),
        "from_median": np.array([median - k * iqr, median + k * iqr]),
        "quartiles": np.array([q1, q3]),
        "inwards": np.array([q1 + k * iqr, q3 - k * iqr]),
        "from_other_quartile": np.array([q3 - k * iqr, q1 + k * iqr]),
        "std": np.mean(x) + np.array([-k, k]) * np.std(x),
        "not_interpolated": fences(x, k, "lower"),
        "tails": np.array([-k, k]) * np.diff(np.percentile(x, [10, 90])) + np.percentile(x, [10, 90]),
    }


def skewed(rng, n):
    """Shuffled values with clear outliers on both sides and none near the fences for k of 1 to 3."""
    ks = np.array([1.0, 1.5, 2.5])
    while True:
        rows = np.round(rng.lognormal(2, 0.4, size=(100, n)), 2)
        rows[:, :3] *= [-8, 15, 30]
        q1, q3 = np.percentile(rows, [25, 75], axis=1)[:, :, None]
        low, high = (q1 - ks * (q3 - q1))[:, None], (q3 + ks * (q3 - q1))[:, None]
        values = rows[:, :, None]
        far = np.minimum(np.abs(values - low), np.abs(values - high)).min(axis=(1, 2)) >= 0.05
        counts = ((values < low) | (values > high)).sum(axis=1)
        fine = np.flatnonzero(far & np.all(np.diff(counts, axis=1) != 0, axis=1))
        if fine.size:
            return rng.permutation(rows[fine[0]])


def outside(x, bounds):
    return (x < bounds[0]) | (x > bounds[1])


def check_fences(got, x, k):
    lower, upper = unpack(got, "lower", "upper")
    bounds = np.array([array(lower, ()), array(upper, ())])
    assert_close(bounds, fences(x, k), mistakes=fence_mistakes(x, k))


def z_threshold(x, row):
    """A threshold between the z-scores of one row by the sample and by the population standard deviation."""
    distance = abs(x[row] - x.mean())
    return float((distance / x.std() + distance / x.std(ddof=1)) / 2)


@graded(points=2)
def test_iqr_fences(submission, rng):
    check_fences(submission.iqr_fences(DELAYS), DELAYS, 1.5)
    x = skewed(rng, 15)
    check_fences(unchanged(submission.iqr_fences, x), x, 1.5)
    check_fences(submission.iqr_fences(x, 2.5), x, 2.5)


@graded(points=1, after=["iqr_fences"])
def test_iqr_mask(submission, rng):
    assert_equal(submission.iqr_mask(DELAYS), [False] * 7 + [True])
    x = skewed(rng, 19)
    for arguments in ((x,), (x, 2.5), (x, 1.0)):
        k = arguments[1] if len(arguments) > 1 else 1.5
        low, high = fences(x, k)
        want = outside(x, (low, high))
        mistakes = {
            "inverted": ~want,
            "one_sided": x > high,
            "k_ignored": outside(x, fences(x)),
            "values": x[want],
            "places": np.flatnonzero(want),
            "numbers": want.astype(int),
        }
        assert_equal(unchanged(submission.iqr_mask, *arguments), want, mistakes=mistakes)


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
    sample = rng.normal(loc=5, size=16)
    sample[:3] += [-12, 12, 30]
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
        assert_equal(unchanged(submission.zscore_mask, x, threshold), want, mistakes=mistakes)
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
    constant = np.full(7, float(rng.integers(1, 9)))
    assert_equal(submission.zscore_mask(constant), [False] * 7)


@graded(points=2, after=["iqr_fences"])
def test_clip_outliers(submission, rng):
    x = skewed(rng, 17)
    for arguments in ((x,), (x, 2.5)):
        bounds = fences(x, arguments[1] if len(arguments) > 1 else 1.5)
        out = outside(x, bounds)
        mistakes = {
            "removed": x[~out],
            "zeroed": np.where(out, 0, x),
            "upper_only": np.minimum(x, bounds[1]),
            "mean": np.where(out, x.mean(), x),
            "median": np.where(out, np.median(x), x),
            "nothing": x,
            "nearest_value": np.clip(x, x[~out].min(), x[~out].max()),
            "k_ignored": np.clip(x, *fences(x)),
        }
        assert_close(unchanged(submission.clip_outliers, *arguments), np.clip(x, *bounds), mistakes=mistakes)


@graded(points=1, after=["clip_outliers"])
def test_clip_integers(submission, rng):
    x = rng.permutation([-70, 3, 5, 6, 8, 9, 12, 14, 95, 60]) + int(rng.integers(-3, 4))
    for values in (DELAYS, x):
        want = np.clip(values, *fences(values))
        mistakes = {"truncated": np.trunc(want), "rounded": np.round(want)}
        assert_close(unchanged(submission.clip_outliers, values), want, mistakes=mistakes)


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

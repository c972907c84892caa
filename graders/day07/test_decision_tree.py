"""Grader of day07/decision_tree."""

import itertools

import numpy as np

from course.grading import array, assert_close, fail, graded, require, unpack

# Of each row the place of its value in ascending order, and its class.
CONTESTED = (
    ([0, 1, 2, 2, 3, 3, 3, 4, 4, 5, 5, 6], [1, 1, 1, 2, 2, 1, 2, 0, 1, 2, 2, 0]),
    ([0, 1, 1, 2, 3, 4, 5, 5, 5, 6, 6], [0, 1, 0, 0, 1, 1, 2, 1, 0, 0, 2]),
)
DELAYS, SATISFIED = np.array([5.0, 10, 15, 20, 40, 60, 90]), np.array([1, 1, 1, 1, 0, 1, 0])


def shares(labels):
    return np.unique(labels, return_counts=True)[1] / len(labels)


def gini(labels):
    return gini_of(shares(labels))


def entropy(labels, log=np.log2):
    return entropy_of(shares(labels), log)


def nats(labels):
    return entropy(labels, np.log)


def gini_of(p):
    """Of shares (..., classes)."""
    return 1 - np.sum(p**2, axis=-1)


def entropy_of(p, log=np.log2):
    """Of shares (..., classes); 0 times the logarithm of 0 is 0."""
    return -np.sum(p * log(np.where(p > 0, p, 1)), axis=-1) + 0.0


def nats_of(p):
    return entropy_of(p, np.log)


def gain(labels, left, impurity=entropy_of, weighted=True):
    return gain_of_each(labels, left[None], impurity, weighted)[0]


def gain_of_each(labels, lefts, impurity=entropy_of, weighted=True):
    """The gain of each of these splits, rows of a mask (splits, rows)."""
    members = labels[:, None] == np.unique(labels)
    rest = impurity(members.mean(axis=0))
    for side in (lefts, ~lefts):
        sizes = side.sum(axis=1)
        p = side.astype(int) @ members / np.maximum(sizes, 1)[:, None]
        weights = sizes / len(labels) if weighted else 0.5 * (sizes > 0)
        rest = rest - weights * np.where(sizes > 0, impurity(p), 0)
    return rest


def gain_mistakes(labels, left):
    return {
        "unweighted": lambda: gain(labels, left, weighted=False),
        "gini": lambda: gain(labels, left, gini_of),
        "nats": lambda: gain(labels, left, nats_of),
        "remaining": lambda: entropy(labels) - gain(labels, left),
        "summed": lambda: entropy(labels) - entropy(labels[left]) - entropy(labels[~left]),
        "left_only": lambda: entropy(labels) - np.mean(left) * entropy(labels[left]),
    }


def uneven_groups(rng):
    """Labels that skip numbers, 1 among them, with different counts, so that no two formulas agree."""
    names = rng.permutation([1, *rng.choice(np.arange(3, 60), size=2, replace=False)])
    counts = rng.choice([2, 3, 5, 6, 8], size=3, replace=False)
    return rng.permutation(np.repeat(names, counts))


def two_of_them(labels):
    """As many labels, the smallest and the largest number as one class."""
    return np.where(labels == labels.min(), labels.max(), labels)


def gains(x, labels, impurity=entropy_of, weighted=True):
    values = np.unique(x)
    thresholds = (values[:-1] + values[1:]) / 2
    return thresholds, gain_of_each(labels, x <= thresholds[:, None], impurity, weighted)


def split_problem(rng, n, k):
    """A feature with repeated values with one clearly best threshold."""
    while True:
        labels = rng.integers(0, k, size=n) * 3 + 1
        x = np.round(rng.normal(size=n) * 6 + 2 * labels) * 0.5 + 0.25 * (rng.random(n) < 0.2)
        thresholds, values = gains(x, labels)
        if len(np.unique(labels)) < k or len(thresholds) < 5 or len(thresholds) > n - 3:
            continue
        best = np.argmax(values)
        lead = values[best] - np.max(np.delete(values, best))
        if lead > 1e-3 and np.diff(np.unique(x))[best] > 0.4:
            return x, labels


def contested_problem(rng, pattern, dtype=float, shift=None):
    """A feature for which entropy, Gini impurity and sides without weights each want another threshold.

    Rows just below the best threshold stand first, one in two, those just above it last: no neighbours are on both its sides.
    Nor does a forgotten sort find any other threshold of the sorted values.
    """
    places, classes = (np.array(part) for part in pattern)
    whole = np.issubdtype(dtype, np.integer)
    values = np.cumsum(rng.choice([1, 3, 5], size=8) if whole else rng.uniform(0.6, 3, size=8))
    values = (values - (values[rng.integers(1, 5)] if shift is None else shift)) * rng.choice([-1, 1])
    x, labels = values[places].astype(dtype), rng.choice(60, size=3, replace=False)[classes]
    thresholds, found = gains(x, labels)
    best = np.argmax(found)
    below, above = np.unique(x)[best : best + 2]
    masks = x == below, (x != below) & (x != above), x == above
    while True:
        first, others, last = (rng.permutation(np.flatnonzero(mask)).tolist() for mask in masks)
        pairs = itertools.zip_longest(first, others)
        order = [row for pair in pairs for row in pair if row is not None] + last
        if not np.isclose(thresholds, best_in_order(x[order], labels[order])).any():
            return x[order], labels[order]


def best_in_order(x, labels):
    """The best midpoint of neighbours in the table's order: what a forgotten sort gives."""
    thresholds = (x[:-1] + x[1:]) / 2
    return thresholds[np.argmax(gain_of_each(labels, x <= thresholds[:, None]))]


def check_split(got, x, labels, *, named=False):
    """The right threshold and gain; names the mistake where every mistake gives something else."""
    threshold, value = unpack(got, "threshold", "gain")
    thresholds, values = gains(x, labels)
    best = int(np.argmax(values))
    points = np.unique(x)
    if threshold is None:
        fail("none", best=float(thresholds[best]))
    wrong = {
        "unsorted": lambda: best_in_order(x, labels),
        "lower_value": points[best],
        "upper_value": points[best + 1],
        "worst": thresholds[np.argmin(values)],
        "unweighted": lambda: thresholds[np.argmax(gains(x, labels, weighted=False)[1])],
        "gini": lambda: thresholds[np.argmax(gains(x, labels, gini_of)[1])],
    }
    assert_close(threshold, thresholds[best], mistakes=wrong if named else {})
    wrong = gain_mistakes(labels, x <= thresholds[best])
    assert_close(value, values[best], mistakes=wrong if named else {})


@graded(points=1)
def test_gini(submission, rng):
    uneven = uneven_groups(rng)
    for group in (uneven, SATISFIED):
        p = shares(group)
        mistakes = {
            "not_subtracted": np.sum(p**2),
            "counts": 1 - np.sum(np.unique(group, return_counts=True)[1] ** 2),
            "largest_share": 1 - p.max(),
            "not_squared": 1 - np.sum(p),
            "entropy": entropy(group),
        }
        assert_close(submission.gini(group), gini(group), mistakes=mistakes)
    assert_close(submission.gini(two_of_them(uneven)), gini(two_of_them(uneven)))


@graded(points=1)
def test_entropy(submission, rng):
    uneven = uneven_groups(rng)
    for group in (uneven, SATISFIED):
        mistakes = {
            "nats": nats(group),
            "log10": entropy(group, np.log10),
            "no_share": -np.sum(np.log2(shares(group))),
            "gini": gini(group),
        }
        assert_close(submission.entropy(group), entropy(group), mistakes=mistakes)
    assert_close(submission.entropy(two_of_them(uneven)), entropy(two_of_them(uneven)))


@graded(points=1)
def test_pure_and_even(submission, rng):
    for size in (1, int(rng.integers(2, 9))):
        for measure in (submission.gini, submission.entropy):
            got = float(array(measure(np.full(size, rng.integers(40))), ()))
            require(abs(got) < 1e-6, "pure", got=got)
    for k in (2, 4, 7):
        even = rng.permutation(np.repeat(rng.choice(np.arange(50), size=k, replace=False), 3))
        got = float(array(submission.gini(even), ()))
        require(abs(got - (1 - 1 / k)) < 1e-4, "even_gini", k=k, got=got, want=1 - 1 / k)
        got = float(array(submission.entropy(even), ()))
        require(abs(got - np.log2(k)) < 1e-4, "even_entropy", k=k, got=got, want=np.log2(k))


@graded(points=2, after=["entropy"])
def test_information_gain(submission, rng):
    labels = uneven_groups(rng)
    left = rng.permutation(np.arange(len(labels)) < 4)
    got = submission.information_gain(labels, left)
    assert_close(got, gain(labels, left), mistakes=gain_mistakes(labels, left))
    for threshold in (30, 75):
        left = threshold >= DELAYS
        assert_close(submission.information_gain(SATISFIED, left), gain(SATISFIED, left))


@graded(points=1, after=["information_gain"])
def test_gain_limits(submission, rng):
    labels = uneven_groups(rng)
    for group in (labels, labels[:1]):
        for everyone in (True, False):
            got = float(array(submission.information_gain(group, np.full(len(group), everyone)), ()))
            require(abs(got) < 1e-6, "empty_side", got=got)
    two = rng.permutation([3] * 4 + [8] * 6)
    got = float(array(submission.information_gain(two, two == 8), ()))
    require(abs(got - entropy(two)) < 1e-5, "perfect", got=got, want=entropy(two))


@graded(points=2, after=["information_gain"])
def test_best_split(submission, rng):
    for pattern in CONTESTED:
        x, labels = contested_problem(rng, pattern)
        check_split(submission.best_split(x, labels), x, labels, named=True)
    others = ((float, None), (np.float32, None), (int, None), (int, 50), (float, 50))
    for dtype, shift in others:
        x, labels = contested_problem(rng, CONTESTED[0], dtype, shift)
        check_split(submission.best_split(x, labels), x, labels)
    check_split(submission.best_split(DELAYS, SATISFIED), DELAYS, SATISFIED)


@graded(points=1, after=["best_split"])
def test_split_edges(submission, rng):
    shift = float(rng.integers(-20, 20))
    # Shares of a quarter and three quarters are exact in binary, so the tie is one in any order of summing.
    order = rng.permutation(8)
    x = np.array([1.0, 1, 2, 2, 3, 3, 4, 4])[order] + shift
    labels = np.array([5, 5, 9, 9, 9, 9, 5, 5])[order]
    threshold, _ = unpack(submission.best_split(x, labels), "threshold", "gain")
    assert_close(threshold, shift + 1.5, mistakes={"tie": shift + 3.5})
    size = int(rng.integers(3, 8))
    cases = {
        "constant": (np.full(size, shift), rng.permutation([1, 2] * size)[:size]),
        "pure_labels": (rng.normal(size=size), np.full(size, 4)),
        "one_sample": (np.array([shift]), np.array([2])),
        "no_gain": (shift + np.repeat([1.0, 3.5], 2), np.tile(rng.choice(9, size=2, replace=False), 2)),
    }
    for key, (x, labels) in cases.items():
        threshold, value = unpack(submission.best_split(x, labels), "threshold", "gain")
        require(threshold is None, key, got=threshold)
        assert_close(value, 0.0)


@graded(points=2, after=["best_split"], hidden=True)
def test_more_splits(submission, rng):
    for n, k in ((20, 2), (24, 3)):
        x, labels = split_problem(rng, n, k)
        threshold, value = unpack(submission.best_split(x, labels), "threshold", "gain")
        thresholds, values = gains(x, labels)
        assert_close(threshold, thresholds[values.argmax()])
        assert_close(value, values.max())

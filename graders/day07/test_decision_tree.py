"""Grader of day07/decision_tree."""

import numpy as np

from course.grading import array, assert_close, fail, graded, require, unchanged, unpack

DELAYS, SATISFIED = np.array([5.0, 10, 15, 20, 40, 60, 90]), np.array([1, 1, 1, 1, 0, 1, 0])


def shares(labels):
    return np.unique(labels, return_counts=True)[1] / len(labels)


def gini(labels):
    return 1 - np.sum(shares(labels) ** 2)


def entropy(labels, log=np.log2):
    p = shares(labels)
    return -np.sum(p * log(p)) + 0.0


def gain(labels, left, impurity=entropy, weighted=True):
    sides = [side for side in (labels[left], labels[~left]) if len(side)]
    weights = [len(side) / len(labels) if weighted else 0.5 for side in sides]
    return impurity(labels) - sum(
        weight * impurity(side) for weight, side in zip(weights, sides, strict=True)
    )


def nats(labels):
    return entropy(labels, np.log)


def gain_mistakes(labels, left):
    return {
        "unweighted": lambda: gain(labels, left, weighted=False),
        "gini": lambda: gain(labels, left, gini),
        "nats": lambda: gain(labels, left, nats),
        "remaining": lambda: entropy(labels) - gain(labels, left),
        "summed": lambda: entropy(labels) - entropy(labels[left]) - entropy(labels[~left]),
        "left_only": lambda: entropy(labels) - np.mean(left) * entropy(labels[left]),
    }


def uneven_groups(rng):
    """Labels that skip numbers, with different counts, so that no two formulas agree."""
    names = rng.choice(np.arange(2, 60), size=3, replace=False)
    counts = rng.choice([2, 3, 5, 6, 8], size=3, replace=False)
    return rng.permutation(np.repeat(names, counts))


def gains(x, labels, impurity=entropy, weighted=True):
    values = np.unique(x)
    thresholds = (values[:-1] + values[1:]) / 2
    return thresholds, np.array([gain(labels, x <= t, impurity, weighted) for t in thresholds])


def split_problem(rng, n, k):
    """A feature with repeated values with one clearly best threshold, which other criteria do not choose."""
    while True:
        labels = rng.integers(0, k, size=n) * 3 + 1
        x = np.round(rng.normal(size=n) * 6 + 2 * labels) * 0.5 + 0.25 * (rng.random(n) < 0.2)
        thresholds, values = gains(x, labels)
        if len(np.unique(labels)) < k or len(thresholds) < 5 or len(thresholds) > n - 3:
            continue
        best = np.argmax(values)
        lead = values[best] - np.max(np.delete(values, best))
        gap = np.diff(np.unique(x))[best]
        uneven = np.argmax(gains(x, labels, weighted=False)[1])
        in_sight = np.any(np.isclose((x[:-1] + x[1:]) / 2, thresholds[best]))
        if lead > 1e-3 and gap > 0.4 and best != uneven and not in_sight:
            return x, labels


def best_in_order(x, labels):
    """The best midpoint of neighbours in the table's order: what a forgotten sort gives."""
    thresholds = (x[:-1] + x[1:]) / 2
    return thresholds[np.argmax([gain(labels, x <= t) for t in thresholds])]


def check_split(got, x, labels):
    """The visible test: names the mistake."""
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
        "gini": lambda: thresholds[np.argmax(gains(x, labels, gini)[1])],
    }
    assert_close(threshold, thresholds[best], mistakes=wrong)
    assert_close(value, values[best], mistakes=gain_mistakes(labels, x <= thresholds[best]))


@graded(points=1)
def test_gini(submission, rng):
    labels = uneven_groups(rng)
    for group in (SATISFIED, labels):
        p = shares(group)
        mistakes = {
            "not_subtracted": np.sum(p**2),
            "counts": 1 - np.sum(np.unique(group, return_counts=True)[1] ** 2),
            "largest_share": 1 - p.max(),
            "not_squared": 1 - np.sum(p),
            "entropy": entropy(group),
        }
        assert_close(unchanged(submission.gini, group), gini(group), mistakes=mistakes)


@graded(points=1)
def test_entropy(submission, rng):
    labels = uneven_groups(rng)
    for group in (SATISFIED, labels):
        mistakes = {
            "nats": nats(group),
            "log10": entropy(group, np.log10),
            "no_share": -np.sum(np.log2(shares(group))),
            "gini": gini(group),
        }
        assert_close(unchanged(submission.entropy, group), entropy(group), mistakes=mistakes)


@graded(points=1)
def test_pure_and_even(submission, rng):
    pure = np.full(int(rng.integers(1, 9)), rng.integers(1, 40))
    for measure in (submission.gini, submission.entropy):
        got = float(array(measure(pure), ()))
        require(abs(got) < 1e-6, "pure", got=got)
    for k in (2, 4, 7):
        even = rng.permutation(np.repeat(rng.choice(np.arange(50), size=k, replace=False), 3))
        got = float(array(submission.gini(even), ()))
        require(abs(got - (1 - 1 / k)) < 1e-4, "even_gini", k=k, got=got, want=1 - 1 / k)
        got = float(array(submission.entropy(even), ()))
        require(abs(got - np.log2(k)) < 1e-4, "even_entropy", k=k, got=got, want=np.log2(k))


@graded(points=2, after=["entropy"])
def test_information_gain(submission, rng):
    left = DELAYS <= 75
    got = submission.information_gain(SATISFIED, left)
    assert_close(got, gain(SATISFIED, left), mistakes=gain_mistakes(SATISFIED, left))
    labels = uneven_groups(rng)
    left = rng.permutation(np.arange(len(labels)) < 4)
    got = unchanged(submission.information_gain, labels, left)
    assert_close(got, gain(labels, left), mistakes=gain_mistakes(labels, left))


@graded(points=1, after=["information_gain"])
def test_gain_limits(submission, rng):
    labels = uneven_groups(rng)
    for everyone in (True, False):
        got = float(array(submission.information_gain(labels, np.full(len(labels), everyone)), ()))
        require(abs(got) < 1e-6, "empty_side", got=got)
    two = rng.permutation([3] * 4 + [8] * 6)
    got = float(array(submission.information_gain(two, two == 8), ()))
    require(abs(got - entropy(two)) < 1e-5, "perfect", got=got, want=entropy(two))


@graded(points=2, after=["information_gain"])
def test_best_split(submission, rng):
    check_split(submission.best_split(DELAYS, SATISFIED), DELAYS, SATISFIED)
    x, labels = split_problem(rng, 11, 2)
    check_split(unchanged(submission.best_split, x, labels), x, labels)


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

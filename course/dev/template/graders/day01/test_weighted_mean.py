"""Grader of day01/weighted_mean."""

import numpy as np

from course.grading import assert_close, forms, graded


def expected(values, weights):
    return np.sum(weights * values) / np.sum(weights)


@graded(points=1)
def test_weighted_mean(submission, rng):
    values, weights = rng.normal(10, 4, size=6), rng.uniform(0.5, 3, size=6)
    mistakes = {
        "unweighted": np.mean(values),
        "undivided": np.sum(weights * values),
        "count": np.mean(weights * values),
    }
    assert_close(submission.weighted_mean(values, weights), expected(values, weights), mistakes=mistakes)
    assert_close(submission.weighted_mean(np.array([80, 90]), np.array([1, 3])), 87.5)


@graded(points=1, after=["weighted_mean"], hidden=True)
def test_other_inputs(submission, rng):
    for n in (1, 5, 40):
        for values, weights in forms(rng, (n,), (n,)):
            assert_close(submission.weighted_mean(values, 1 + weights**2), expected(values, 1 + weights**2))
    values, weights = rng.normal(size=7), rng.uniform(0.5, 3, size=7)
    weights[[1, 4]] = 0
    assert_close(submission.weighted_mean(values, weights), expected(values, weights))

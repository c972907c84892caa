"""Grader of day07/ensembles."""

import numpy as np

from course.grading import array, assert_close, assert_equal, fail, forms, graded, require, unpack

TABLES = 32  # are drawn at a time, of which one in some will do
EXAMPLE = np.array([[[0.9, 0.1]], [[0.4, 0.6]], [[0.45, 0.55]]])


def hard(probabilities):
    votes = probabilities.argmax(axis=2)
    counts = (votes[:, :, None] == np.arange(probabilities.shape[2])).sum(axis=0)
    return counts.argmax(axis=1), np.sort(counts, axis=1)


def soft(probabilities):
    return probabilities.mean(axis=0).argmax(axis=1)


def probability_table(rng, models, samples, classes):
    """Tables on which hard and soft voting disagree somewhere, without ties or near ties."""
    while True:
        tables = rng.dirichlet(np.full(classes, 0.8), size=(TABLES, models, samples))
        chosen = tables.mean(axis=1).argmax(axis=2)
        rivals = tables.max(axis=1).argmax(axis=2), tables[:, 0].argmax(axis=2)
        other = np.all([(chosen != rival).sum(axis=1) >= 2 for rival in rivals], axis=0)  # in few
        for table, first, second in zip(tables[other], *(rival[other] for rival in rivals), strict=True):
            voted, counts = hard(table)
            means = np.sort(table.mean(axis=0), axis=1)
            clear = (counts[:, -1] > counts[:, -2]).all() and (means[:, -1] - means[:, -2] > 1e-3).all()
            disagree = (voted != first).any() and (voted != second).any()
            if clear and disagree and (voted != soft(table)).sum() >= 2:
                return table


def numbered_rows(rng, n, d):
    """Rows that carry their own number in the label."""
    return rng.normal(size=(n, d)), np.arange(n)


def draw(submission, X, y, seed):
    got = unpack(submission.bootstrap_sample(X, y, np.random.default_rng(seed)), "X_boot", "y_boot")
    X_boot, y_boot = array(got[0], X.shape), array(got[1], y.shape)
    rows = np.round(y_boot).astype(int)
    require(np.all(np.isin(y_boot, y)), "foreign")
    require(np.allclose(X_boot, X[rows]), "not_paired")
    return rows


def check_pairs(got, X, y):
    """Every row drawn is one of the rows with its own label."""
    X_boot, y_boot = unpack(got, "X_boot", "y_boot")
    drawn = np.column_stack([array(X_boot, X.shape), array(y_boot, y.shape)])
    pairs = np.column_stack([X, y])
    require(np.all(np.any(np.all(np.isclose(drawn[:, None], pairs), axis=2), axis=1)), "not_paired")


def check_votes(submission, table):
    assert_equal(submission.vote(table, "hard"), hard(table)[0])
    assert_equal(submission.vote(table, "soft"), soft(table.astype(float)))


def round_of(y, predictions, weights):
    error = np.sum(weights[predictions != y])
    alpha = 0.5 * np.log((1 - error) / error)
    return error, alpha, normalized(weights * np.exp(-alpha * y * predictions))


def normalized(weights):
    return weights / np.sum(weights)


def weak_learner(rng, n, low, high):
    """Labels, answers and weights whose weighted error lies between low and high, away from the plain one."""
    while True:
        y, weights = rng.permutation([1] * (n // 3) + [-1] * (n - n // 3)), rng.dirichlet(np.full(n, 2.0))
        predictions = np.where(rng.random(n) < (low + high) / 2, -y, y)
        wrong = predictions != y
        error = np.sum(weights[wrong])
        if low < error < high and abs(error - np.mean(wrong)) > 0.05 and len(set(y[wrong])) == 2:
            return y, predictions, weights


def check_round(submission, y, predictions, weights, *, named=False):
    """The three values of a round; names the mistake where every mistake gives something else."""
    got = submission.adaboost_round(y, predictions, weights)
    y, weights = y.astype(int), weights.astype(float)
    error, alpha, new_weights = unpack(got, "error", "alpha", "new_weights")
    want_error, want_alpha, want_weights = round_of(y, predictions, weights)
    wrong = predictions != y
    errors = {"unweighted": np.mean(wrong), "count": np.sum(wrong), "right": 1 - want_error}
    odds = (1 - want_error) / want_error
    alphas = {
        "no_half": np.log(odds),
        "log2": 0.5 * np.log2(odds),
        "flipped": -want_alpha,
        "no_log": 0.5 * odds,
    }
    updated = {
        "not_normalized": weights * np.exp(-want_alpha * y * predictions),
        "rewarded": normalized(weights * np.exp(want_alpha * y * predictions)),
        "half_update": normalized(np.where(wrong, weights * np.exp(want_alpha), weights)),
        "double_update": normalized(weights * np.exp(-2 * want_alpha * y * predictions)),
        "old_weights_lost": normalized(np.exp(-want_alpha * y * predictions)),
        "no_label": normalized(weights * np.exp(-want_alpha * predictions)),
    }
    assert_close(error, want_error, mistakes=errors if named else {})
    assert_close(alpha, want_alpha, mistakes=alphas if named else {})
    assert_close(new_weights, want_weights, mistakes=updated if named else {})


@graded(points=2)
def test_bootstrap_rows(submission, rng):
    X, y = numbered_rows(rng, 400, 3)
    seed = int(rng.integers(1 << 30))
    rows = draw(submission, X, y, seed)
    share = len(np.unique(rows)) / len(rows)
    require(share < 1, "without_replacement")
    require(0.55 < share < 0.72, "share", percent=round(100 * share, 1))
    labels = (2 * np.arange(6), np.repeat([-1, 1], 3), np.full(6, 4), rng.integers(-9, 0, size=6))
    for n, d in ((6, 2), (4, 1)):
        for place, (X,) in enumerate(forms(rng, (n, d))):
            y = rng.permutation(labels[place % 4])[:n]
            check_pairs(submission.bootstrap_sample(X, y, np.random.default_rng(seed + place)), X, y)


@graded(points=1, after=["bootstrap_rows"])
def test_bootstrap_chance(submission, rng):
    X, y = numbered_rows(rng, 5, 2)
    seeds = [int(seed) for seed in rng.integers(1 << 30, size=60)]
    draws = [draw(submission, X, y, seed).tolist() for seed in seeds]
    again = draw(submission, X, y, seeds[0]).tolist()
    require(again == draws[0], "own_chance")
    require(
        len({tuple(rows) for rows in draws}) > 30, "always_same", count=len({tuple(rows) for rows in draws})
    )
    counts = np.bincount(np.concatenate(draws), minlength=5)
    if np.any(counts == 0):
        fail("never_drawn", row=int(np.argmin(counts)))
    require(np.all(np.abs(counts - 60) < 40), "uneven", row=int(np.argmax(np.abs(counts - 60))))
    require(draw(submission, *numbered_rows(rng, 1, 3), seeds[0]) == [0], "not_paired")


@graded(points=1)
def test_bagged_mean(submission, rng):
    for predictions in (np.array([[10.0, 3], [14, 5], [15, 1]]), rng.exponential(size=(5, 3)) * 10):
        mistakes = {
            "wrong_axis": predictions.mean(axis=1),
            "one_number": predictions.mean(),
            "median": np.median(predictions, axis=0),
            "sum": predictions.sum(axis=0),
        }
        assert_close(submission.bagged_mean(predictions), predictions.mean(axis=0), mistakes=mistakes)
    for shape in ((5, 3), (1, 3), (4, 1)):
        for (predictions,) in forms(rng, shape):
            want = predictions.astype(float).mean(axis=0)
            assert_close(submission.bagged_mean(predictions), want)


@graded(points=2)
def test_votes(submission, rng):
    table = probability_table(rng, 5, 8, 3)
    got = submission.vote(table, "hard")
    assert_equal(
        got, hard(table)[0], mistakes={"swapped": soft(table), "first_model": table[0].argmax(axis=1)}
    )
    strongest = table.max(axis=0).argmax(axis=1)
    got = submission.vote(table, "soft")
    assert_equal(got, soft(table), mistakes={"swapped": hard(table)[0], "most_confident": strongest})
    one_model = rng.dirichlet(np.ones(3), size=(1, 4))
    for other in (EXAMPLE, table.astype(np.float32), one_model, np.ones((3, 2, 1)), np.full((3, 5, 4), 0.25)):
        check_votes(submission, other)


@graded(points=1, after=["votes"])
def test_tie(submission, rng):
    table = np.full((4, 6, 5), 0.1)
    smaller, larger = np.sort([rng.choice(5, size=2, replace=False) for _ in range(6)], axis=1).T
    for sample in range(6):
        others = rng.permutation([smaller[sample], smaller[sample], larger[sample]])
        table[np.arange(4), sample, [larger[sample], *others]] = 0.6
    assert_equal(submission.vote(table, "hard"), smaller, mistakes={"tie": larger})
    # Eighths are exact in binary, so that the means of two classes are equal in any order of adding.
    table = np.full((2, 6, 5), 0.125)
    for model, first in enumerate((larger, smaller)):
        table[model, np.arange(6), first] = 0.5
    assert_equal(submission.vote(table, "soft"), smaller, mistakes={"tie": larger})
    check_votes(submission, np.eye(3, dtype=int)[rng.integers(3, size=(4, 9))])


@graded(points=2)
def test_adaboost_round(submission, rng):
    check_round(submission, *weak_learner(rng, 9, 0.1, 0.4), named=True)
    y = np.repeat([1, -1], 5)
    right = np.ones(10, dtype=int)
    right[[2, 5, 8]] = -1
    check_round(submission, y, y * right, np.full(10, 0.1))
    # One class alone, a learner with one answer for all, labels as floats.
    one_class = np.ones(10, dtype=int)
    pairs = (
        (one_class, right),
        (-one_class, -right),
        (y, one_class),
        (y, -one_class),
        (y.astype(float), (y * right).astype(np.float32)),
        (y.astype(np.float32), (y * right).astype(float)),
    )
    for place, (y, predictions) in enumerate(pairs):
        # The wrong rows get the smaller weights: a learner that is worse than chance is for another test.
        weights = np.sort(rng.dirichlet(np.full(10, 2.0)))
        weights = weights[np.argsort(np.argsort(predictions == y, kind="stable"))]
        repeating = normalized(np.round(8 * weights) + 1)
        check_round(submission, y, predictions, (weights, weights.astype(np.float32), repeating)[place % 3])


@graded(points=1, after=["adaboost_round"])
def test_half_the_weight(submission, rng):
    y, weights = rng.permutation([1] * 8 + [-1] * 7), rng.dirichlet(np.full(15, 2.0))
    for wrong in (3, 7, 11):
        predictions = y * rng.permutation([-1] * wrong + [1] * (15 - wrong))
        got = unpack(submission.adaboost_round(y, predictions, weights), "error", "alpha", "new_weights")
        weights = array(got[2], (15,))
        total = float(np.sum(weights))
        require(np.all(weights > 0) and abs(total - 1) < 1e-4, "not_a_distribution", total=total)
        missed = float(np.sum(weights[predictions != y]))
        require(abs(missed - 0.5) < 1e-4, "half", missed=missed)


@graded(points=1, after=["adaboost_round"], hidden=True)
def test_worse_than_chance(submission, rng):
    problem = weak_learner(rng, 11, 0.6, 0.9)
    got = unpack(submission.adaboost_round(*problem), "error", "alpha", "new_weights")
    error, alpha, new_weights = round_of(*problem)
    assert_close(got[0], error)
    assert_close(got[1], alpha, mistakes={"positive": -alpha, "zero": 0.0})
    assert_close(got[2], new_weights)


@graded(points=1, after=["votes"], hidden=True)
def test_more_votes(submission, rng):
    for shape in ((7, 10, 4), (3, 20, 2)):
        check_votes(submission, probability_table(rng, *shape))

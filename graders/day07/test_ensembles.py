"""Grader of day07/ensembles."""

import numpy as np

from course.grading import array, assert_close, assert_equal, fail, graded, require, unchanged, unpack

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
        table = rng.dirichlet(np.full(classes, 0.8), size=(models, samples))
        chosen, counts = hard(table)
        means = np.sort(table.mean(axis=0), axis=1)
        clear = np.all(counts[:, -1] > counts[:, -2]) and np.all(means[:, -1] - means[:, -2] > 1e-3)
        rivals = chosen, table.max(axis=0).argmax(axis=1), table[0].argmax(axis=1)
        if (
            clear
            and all(np.sum(rival != soft(table)) >= 2 for rival in rivals)
            and np.any(chosen != rivals[2])
        ):
            return table


def numbered_rows(rng, n, d):
    """Rows that carry their own number in the label."""
    return rng.normal(size=(n, d)), np.arange(n)


def draw(submission, X, y, seed):
    got = unpack(
        unchanged(submission.bootstrap_sample, X, y, np.random.default_rng(seed)), "X_boot", "y_boot"
    )
    X_boot, y_boot = array(got[0], X.shape), array(got[1], y.shape)
    rows = np.round(y_boot).astype(int)
    require(np.all(np.isin(y_boot, y)), "foreign")
    require(np.allclose(X_boot, X[rows]), "not_paired")
    return rows


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


def check_round(got, y, predictions, weights):
    error, alpha, new_weights = unpack(got, "error", "alpha", "new_weights")
    want_error, want_alpha, want_weights = round_of(y, predictions, weights)
    wrong = predictions != y
    assert_close(
        error,
        want_error,
        mistakes={"unweighted": np.mean(wrong), "count": np.sum(wrong), "right": 1 - want_error},
    )
    odds = (1 - want_error) / want_error
    alphas = {
        "no_half": np.log(odds),
        "log2": 0.5 * np.log2(odds),
        "flipped": -want_alpha,
        "no_log": 0.5 * odds,
    }
    assert_close(alpha, want_alpha, mistakes=alphas)
    raw = weights * np.exp(-want_alpha * y * predictions)
    assert_close(
        new_weights,
        want_weights,
        mistakes={
            "not_normalized": raw,
            "rewarded": normalized(weights * np.exp(want_alpha * y * predictions)),
            "half_update": normalized(np.where(wrong, weights * np.exp(want_alpha), weights)),
            "double_update": normalized(weights * np.exp(-2 * want_alpha * y * predictions)),
            "old_weights_lost": normalized(np.exp(-want_alpha * y * predictions)),
            "no_label": normalized(weights * np.exp(-want_alpha * predictions)),
        },
    )


@graded(points=2)
def test_bootstrap_rows(submission, rng):
    X, y = numbered_rows(rng, 400, 3)
    rows = draw(submission, X, y, int(rng.integers(1 << 30)))
    share = len(np.unique(rows)) / len(rows)
    require(share < 1, "without_replacement")
    require(0.55 < share < 0.72, "share", percent=round(100 * share, 1))


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


@graded(points=1)
def test_bagged_mean(submission, rng):
    for predictions in (np.array([[10.0, 3], [14, 5], [15, 1]]), rng.exponential(size=(5, 3)) * 10):
        mistakes = {
            "wrong_axis": predictions.mean(axis=1),
            "one_number": predictions.mean(),
            "median": np.median(predictions, axis=0),
            "sum": predictions.sum(axis=0),
        }
        assert_close(
            unchanged(submission.bagged_mean, predictions), predictions.mean(axis=0), mistakes=mistakes
        )


@graded(points=2)
def test_votes(submission, rng):
    assert_equal(submission.vote(EXAMPLE, "hard"), [1], mistakes={"swapped": [0]})
    assert_equal(submission.vote(EXAMPLE, "soft"), [0], mistakes={"swapped": [1]})
    table = probability_table(rng, 5, 8, 3)
    got = unchanged(submission.vote, table, "hard")
    assert_equal(
        got, hard(table)[0], mistakes={"swapped": soft(table), "first_model": table[0].argmax(axis=1)}
    )
    strongest = table.max(axis=0).argmax(axis=1)
    got = unchanged(submission.vote, table, "soft")
    assert_equal(got, soft(table), mistakes={"swapped": hard(table)[0], "most_confident": strongest})


@graded(points=1, after=["votes"])
def test_tie(submission, rng):
    table = np.full((4, 6, 5), 0.1)
    smaller, larger = np.sort([rng.choice(5, size=2, replace=False) for _ in range(6)], axis=1).T
    for sample in range(6):
        others = rng.permutation([smaller[sample], smaller[sample], larger[sample]])
        table[np.arange(4), sample, [larger[sample], *others]] = 0.6
    assert_equal(submission.vote(table, "hard"), smaller, mistakes={"tie": larger})


@graded(points=2)
def test_adaboost_round(submission, rng):
    y = np.repeat([1, -1], 5)
    predictions = y.copy()
    predictions[[2, 5, 8]] *= -1
    weights = np.full(10, 0.1)
    check_round(submission.adaboost_round(y, predictions, weights), y, predictions, weights)
    problem = weak_learner(rng, 9, 0.1, 0.4)
    check_round(unchanged(submission.adaboost_round, *problem), *problem)


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
        table = probability_table(rng, *shape)
        assert_equal(submission.vote(table, "hard"), hard(table)[0])
        assert_equal(submission.vote(table, "soft"), soft(table))

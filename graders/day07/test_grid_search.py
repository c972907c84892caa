"""Grader of day07/grid_search."""

from itertools import product

import numpy as np

from course.grading import array, assert_close, assert_equal, code, fail, graded, require, unpack

TABLES = 64  # are drawn at a time, of which one in some will do
FOLDS = [
    (np.array([2, 3, 4, 5]), np.array([0, 1])),
    (np.array([0, 1, 4, 5]), np.array([2, 3])),
    (np.array([0, 1, 2, 3]), np.array([4, 5])),
]


def combinations(grid):
    return [dict(zip(grid, values, strict=True)) for values in product(*grid.values())]


def folds_of(rng, sizes):
    """Folds of different sizes over shuffled rows."""
    rows = rng.permutation(sum(sizes))
    valid = np.split(rows, np.cumsum(sizes)[:-1])
    return [(np.setdiff1d(rows, part), np.sort(part)) for part in valid]


def score_of(rate, train, valid):
    """What the evaluate of test_cross_val_score gives for one fold."""
    return rate * np.sum(valid) - len(train)


def wrong_means(rate, folds):
    """What each usual mistake makes of the scores of the folds."""
    scores = np.array([score_of(rate, *fold) for fold in folds])
    return {
        "sum": scores.sum(),
        "swapped": np.mean([score_of(rate, valid, train) for train, valid in folds]),
        "best_fold": scores.max(),
        "first_fold": scores[0],
        "last_fold": scores[-1],
        "median": np.median(scores),
        "weighted": np.average(scores, weights=[len(valid) for _, valid in folds]),
    }


def telling_folds(rng, rate):
    """Folds of different sizes for which every mistake gives a score of its own."""
    while True:
        folds = folds_of(rng, (2, 3, 5, 4))
        values = [np.mean([score_of(rate, *fold) for fold in folds]), *wrong_means(rate, folds).values()]
        if np.min(np.diff(np.sort(values))) > 0.01:
            return folds


def fewer(folds):
    """A single fold, the same one three times, and one that comes twice."""
    return folds[:1], folds[:1] * 3, [*folds[:2], folds[0]]


def one_at_a_time(means, sizes):
    """What tuning one hyperparameter after the other finds, starting from the first values."""
    place, means = [0] * len(sizes), means.reshape(sizes)
    for axis in range(len(sizes)):
        line = tuple(slice(None) if other == axis else index for other, index in enumerate(place))
        place[axis] = int(means[line].argmax())
    return int(np.ravel_multi_index(place, sizes))


def wrong_choices(scores, grid):
    """The combination that each usual mistake picks."""
    means = scores.mean(axis=1)
    return {
        "lowest": int(means.argmin()),
        "best_single_fold": int(scores.max(axis=1).argmax()),
        "first_fold": int(scores[:, 0].argmax()),
        "last_fold": int(scores[:, -1].argmax()),
        "first_combination": 0,
        "last_combination": len(means) - 1,
        "one_at_a_time": one_at_a_time(means, [len(values) for values in grid.values()]),
    }


def table(rng, grid, folds):
    """A score for every combination and fold, such that every mistake picks a combination of its own."""
    rows = len(combinations(grid))
    while True:
        tables = np.round(rng.normal(size=(TABLES, rows, len(folds))), 3)
        first, last, means = tables[:, :, 0].argmax(1), tables[:, :, -1].argmax(1), tables.mean(axis=2)
        edges = np.stack([first, last, means.argmax(1), means.argmin(1)])
        apart = ((edges > 0) & (edges < rows - 1)).all(axis=0) & (first != last)  # few are
        for scores in tables[apart]:
            means = scores.mean(axis=1)
            picks = {int(means.argmax()), *wrong_choices(scores, grid).values()}
            if len(picks) == 8 and np.min(np.diff(np.sort(means))) > 1e-3:
                return scores


def lookup(scores, grid, folds):
    """The table as a function (params, train, valid) -> score, for the worker."""
    rows = {
        tuple(params.values()): row for params, row in zip(combinations(grid), scores.tolist(), strict=True)
    }
    places = {int(valid[0]): place for place, (_, valid) in enumerate(folds)}
    key = ", ".join(f"params[{name!r}]" for name in grid)
    return code(
        f"lambda params, train, valid, scores={rows!r}, fold={places!r}: "
        f"scores[({key},)][fold[int(valid[0])]]"
    )


@graded(points=2)
def test_expand_grid(submission, rng):
    drawn = {
        "C": rng.choice([0.1, 1.0, 10.0, 100.0], size=3, replace=False).tolist(),
        "kernel": ["rbf", "linear"],
        "gamma": rng.uniform(0, 1, size=2).round(3).tolist(),
    }
    any_values = {"layers": [[8], [4, 4]], "seed": [None, int(rng.integers(9))], "bias": [True, False]}
    for grid in (drawn, any_values, {"depth": [2, 4], "rate": [0.1, 0.5, 1.0]}):
        want = combinations(grid)
        got = submission.expand_grid(grid)
        if not isinstance(got, list | tuple) or not all(isinstance(item, dict) for item in got):
            fail("not_dicts")
        require(len(got) == len(want), "count", got=len(got), want=len(want))
        first_fastest = combinations(dict(reversed(grid.items())))
        mistakes = {
            "first_fastest": first_fastest,
            "same_dict": want[-1:] * len(want),
            "reversed": want[::-1],
        }
        assert_equal(got, want, mistakes=mistakes)


@graded(points=1, after=["expand_grid"])
def test_small_grids(submission, rng):
    value = int(rng.integers(10, 100))
    want = [{"k": value}, {"k": 3}, {"k": value + 1}]
    assert_equal(submission.expand_grid({"k": [value, 3, value + 1]}), want)
    assert_equal(submission.expand_grid({}), [{}], mistakes={"nothing": []})
    assert_equal(submission.expand_grid({"k": [value], "p": []}), [])


@graded(points=2)
def test_cross_val_score(submission, rng):
    evaluate = code('lambda params, train, valid: params["rate"] * sum(valid) - len(train)')
    rate = float(rng.uniform(1, 2))
    folds = telling_folds(rng, rate)
    scores = np.array([score_of(rate, *fold) for fold in folds])
    got = submission.cross_val_score(evaluate, {"rate": rate}, folds)
    assert_close(got, scores.mean(), mistakes={**wrong_means(rate, folds), "per_fold": scores})
    for others in (FOLDS, *fewer(folds)):
        want = np.mean([score_of(rate, *fold) for fold in others])
        assert_close(submission.cross_val_score(evaluate, {"rate": rate}, others), want)


@graded(points=3, after=["expand_grid", "cross_val_score"])
def test_grid_search(submission, rng):
    grid = {"C": [0.1, 1.0, 10.0, 100.0], "gamma": [0.01, 0.1, 0.5]}
    folds = folds_of(rng, (3, 2, 4, 3))
    scores = table(rng, grid, folds)
    got = submission.grid_search(lookup(scores, grid, folds), grid, folds)
    params, score = unpack(got, "best_params", "best_score")
    candidates, means = combinations(grid), scores.mean(axis=1)
    if params is None:
        fail("none", best=means.max())
    mistakes = {key: candidates[place] for key, place in wrong_choices(scores, grid).items()}
    best = scores[means.argmax()]
    assert_equal(params, candidates[means.argmax()], mistakes=mistakes)
    assert_close(score, means.max(), mistakes={"sum": best.sum(), "single": best.max()})


@graded(points=1, after=["grid_search"])
def test_ties(submission, rng):
    depths, accuracy = {"depth": [2, 4, 8]}, np.array([[80, 84, 82], [90, 70, 86], [95, 65, 77]])
    got = submission.grid_search(lookup(accuracy, depths, FOLDS), depths, FOLDS)
    params, score = unpack(got, "best_params", "best_score")
    assert_equal(params, {"depth": 2}, mistakes={"last": {"depth": 4}, "best_single_fold": {"depth": 8}})
    assert_close(score, 82)
    grid, level = {"depth": [5, 3, 4, 1], "rate": [0.2, 0.1]}, float(rng.integers(1, 9))
    evaluate = code(f'lambda params, train, valid: {level} if params["depth"] in (3, 4) else {level} - 1.5')
    params, score = unpack(submission.grid_search(evaluate, grid, FOLDS), "best_params", "best_score")
    assert_equal(params, {"depth": 3, "rate": 0.2}, mistakes={"last": {"depth": 4, "rate": 0.1}})
    assert_close(score, level)


@graded(points=1, after=["grid_search"])
def test_negative_scores(submission, rng):
    grid = {"shrink": [0.1, 0.4, 0.7, 1.0], "degree": [1, 2, 3]}
    folds = folds_of(rng, (3, 4, 2, 3))
    for scale in (1, 1e20):  # far below any number that a search might start from
        scores = scale * (table(rng, grid, folds) - 100)
        got = submission.grid_search(lookup(scores, grid, folds), grid, folds)
        params, score = unpack(got, "best_params", "best_score")
        means = scores.mean(axis=1)
        nothing = params is None or (isinstance(params, dict) and not params)
        require(not nothing and array(score, ()) < 0, "started_at_zero")
        assert_equal(params, combinations(grid)[means.argmax()])
        assert_close(score, means.max())


@graded(points=2, after=["grid_search"], hidden=True)
def test_real_model(submission, rng):
    y, folds = np.round(rng.normal(loc=3, scale=2, size=12), 2), folds_of(rng, (4, 3, 5))
    grid = {"offset": [0.0, 0.3], "shrink": [0.0, 0.5, 0.8, 1.0, 2.0]}
    evaluate = code(
        f"lambda params, train, valid, y=np.array({y.tolist()!r}): "
        "-np.mean((y[valid] - params['offset'] - params['shrink'] * y[train].mean()) ** 2)"
    )
    predict = [lambda train, p=p: p["offset"] + p["shrink"] * y[train].mean() for p in combinations(grid)]
    for some in (folds, *fewer(folds)):
        scores = [np.mean([-np.mean((y[valid] - f(train)) ** 2) for train, valid in some]) for f in predict]
        params, score = unpack(submission.grid_search(evaluate, grid, some), "best_params", "best_score")
        assert_equal(params, combinations(grid)[np.argmax(scores)])
        assert_close(score, np.max(scores))

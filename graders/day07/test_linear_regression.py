"""Grader of linear_regression: least squares with an intercept, prediction, R² score."""

import numpy as np

from course.grading import array, assert_close, forms, graded, require, unpack

# float32 normal equations lose a few digits more than single operations
SOLVED = {"rtol": 1e-4, "atol": 1e-4}
LINE_X = np.array([[1.0], [2.0], [3.0], [4.0]])
LINE_Y = np.array([2.0, 3.0, 5.0, 6.0])


def least_squares(X, y):
    coefficients = np.linalg.pinv(np.column_stack([X, np.ones(len(X))])) @ y
    return coefficients[:-1], coefficients[-1]


def r2_score(y_true, y_pred):
    return 1 - np.sum((y_true - y_pred) ** 2) / np.sum((y_true - y_true.mean()) ** 2)


def table(rng, samples, features, noise):
    X = rng.normal(rng.uniform(1, 3, features), rng.uniform(0.8, 1.5, features), (samples, features))
    w = rng.uniform(1, 3, features) * rng.choice([-1.0, 1.0], features)
    b = rng.uniform(4, 8)
    return X, X @ w + b + noise * rng.normal(size=samples), w, b


def pair(submission, X, y):
    return unpack(submission.least_squares(X, y), "w", "b")


def same_fit(got, w, b):
    got_w, got_b = got
    assert_close(got_w, w, **SOLVED)
    assert_close(got_b, b, **SOLVED)


def floats(rng, *shapes):
    """`forms`, the whole numbers among them as floats: the text speaks of arrays of floats."""
    for arrays in forms(rng, *shapes):
        yield tuple(a if a.dtype.kind == "f" else a.astype(float) for a in arrays)


@graded(points=1)
def test_predict(submission, rng):
    X, w, b = rng.normal(size=(6, 3)), rng.normal(size=3), rng.uniform(2, 4)
    got = submission.predict(X, w, b)
    assert_close(got, X @ w + b, atol=1e-5, mistakes={"no_intercept": X @ w})
    small = [(rng.normal(size=(n, d)), rng.normal(size=d)) for n, d in ((1, 3), (4, 1))]
    for X, w in (*floats(rng, (4, 3), (3,)), *small):
        b = rng.uniform(-4, 4)
        # sums of up to 30 in float32
        assert_close(submission.predict(X, w, b), X @ w + b, atol=1e-5)
    for b in (-2, 0, 1):
        assert_close(submission.predict(X, w, b), X @ w + b, atol=1e-5)


@graded(points=1)
def test_line(submission, rng):
    x, y = rng.uniform(1, 4, size=8), rng.uniform(2, 6, size=8)
    want_w, want_b = least_squares(x[:, None], y)
    w, b = pair(submission, x[:, None], y)
    wrong = {"no_intercept": [x @ y / (x @ x)], "bias_in_w": [*want_w, want_b], "bias_first": [want_b]}
    assert_close(w, want_w, **SOLVED, mistakes=wrong)
    assert_close(b, want_b, **SOLVED, mistakes={"mean_y": y.mean()})
    same_fit(pair(submission, LINE_X, LINE_Y), [1.4], 0.5)


@graded(points=1, after=["line"])
def test_exact(submission, rng):
    X, y, w, b = table(rng, samples=12, features=3, noise=0)
    same_fit(unpack(submission.least_squares(X, y), "w", "b"), w, b)


@graded(points=2)
def test_residuals(submission, rng):
    X, y, _, _ = table(rng, samples=40, features=2, noise=1.5)
    w, b = (array(part, shape) for part, shape in zip(pair(submission, X, y), ((2,), ()), strict=True))
    residuals = y - X @ w - b
    require(abs(residuals.mean()) < 1e-3, "mean", mean=residuals.mean())
    products = X.T @ residuals / len(y)
    require(np.all(np.abs(products) < 1e-2), "orthogonal", largest=np.abs(products).max())
    same_fit((w, b), *least_squares(X, y))
    for X, y in floats(rng, (12, 2), (12,)):
        if np.ptp(X) > 0:  # the columns of equal entries depend on each other
            same_fit(pair(submission, X, y), *least_squares(X, y))
    same_fit(pair(submission, X, np.full(12, 2.5)), [0, 0], 2.5)


@graded(points=2)
def test_r2_landmarks(submission, rng):
    y = rng.uniform(10, 20, size=9)
    far = y.mean() + (y - y.mean()) * rng.uniform(-2, -1)
    perfect = array(submission.r2_score(y, y), ())
    require(abs(perfect - 1) < 1e-6, "perfect", value=perfect)
    mean = array(submission.r2_score(y, np.full(9, y.mean())), ())
    require(abs(mean) < 1e-5, "mean_is_zero", value=mean)
    worse = submission.r2_score(y, far)
    assert_close(worse, r2_score(y, far), mistakes={"correlation": 1.0, "clipped": 0.0})


@graded(points=2)
def test_r2_value(submission, rng):
    y = rng.uniform(3, 9, size=15)
    p = y + rng.normal(0.6, 0.8, size=15)
    got = submission.r2_score(y, p)
    wrong = {
        "swapped": r2_score(p, y),
        "correlation": np.corrcoef(y, p)[0, 1] ** 2,
        "error": np.mean((y - p) ** 2),
        "not_centred": 1 - np.sum((y - p) ** 2) / np.sum(y**2),
        "ratio": np.sum((y - p) ** 2) / np.sum((y - y.mean()) ** 2),
        "sample_variance": 1 - np.mean((y - p) ** 2) / np.var(y, ddof=1),
        "absolute": 1 - np.sum(np.abs(y - p)) / np.sum(np.abs(y - y.mean())),
    }
    assert_close(got, r2_score(y, p), mistakes=wrong)
    for y, p in floats(rng, (9,), (9,)):
        if np.ptp(y) > 0:
            assert_close(submission.r2_score(y, p), r2_score(y.astype(float), p))


@graded(points=1, after=["r2_landmarks"])
def test_r2_constant(submission, rng):
    y = np.full(6, float(rng.integers(2, 9)))
    same = array(submission.r2_score(y, y), ())
    require(same == 1, "same", value=same)
    for wrong in (y + rng.uniform(0.5, 2, size=6), y + 1, np.append(y[1:], y[0] - 1)):
        off = array(submission.r2_score(y, wrong), ())
        require(off == 0, "off", value=off)


@graded(points=2, hidden=True, after=["predict", "exact", "r2_value"])
def test_new_rows(submission, rng):
    X, y, _, _ = table(rng, samples=60, features=5, noise=2.0)
    train, held_out = slice(0, 45), slice(45, None)
    w, b = least_squares(X[train], y[train])
    same_fit(pair(submission, X[train], y[train]), w, b)
    predicted = X[held_out] @ w + b
    assert_close(submission.predict(X[held_out], w, b), predicted, atol=1e-4)
    assert_close(submission.r2_score(y[held_out], predicted), r2_score(y[held_out], predicted))

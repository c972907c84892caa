"""Grader of linear_regression: least squares with an intercept, prediction, R² score."""

import numpy as np

from course.grading import array, assert_close, graded, require, unchanged, unpack

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
    assert_close(got_w, w, rtol=1e-4, atol=1e-4)
    assert_close(got_b, b, rtol=1e-4, atol=1e-4)


@graded(points=1)
def test_predict(submission, rng):
    X, w, b = rng.normal(size=(6, 3)), rng.normal(size=3), rng.uniform(2, 4)
    got = submission.predict(X, w, b)
    assert_close(got, X @ w + b, atol=1e-5, mistakes={"no_intercept": X @ w})


@graded(points=1)
def test_line(submission):
    w, b = pair(submission, LINE_X, LINE_Y)
    wrong = {"no_intercept": [47 / 30], "bias_in_w": [1.4, 0.5], "bias_first": [0.5]}
    assert_close(w, [1.4], rtol=1e-4, atol=1e-4, mistakes=wrong)
    assert_close(b, 0.5, rtol=1e-4, atol=1e-4, mistakes={"mean_y": 4.0})


@graded(points=1, after=["line"])
def test_exact(submission, rng):
    X, y, w, b = table(rng, samples=12, features=3, noise=0)
    same_fit(unpack(unchanged(submission.least_squares, X, y), "w", "b"), w, b)


@graded(points=2)
def test_residuals(submission, rng):
    X, y, _, _ = table(rng, samples=40, features=2, noise=1.5)
    w, b = (array(part, shape) for part, shape in zip(pair(submission, X, y), ((2,), ()), strict=True))
    residuals = y - X @ w - b
    require(abs(residuals.mean()) < 1e-3, "mean", mean=residuals.mean())
    products = X.T @ residuals / len(y)
    require(np.all(np.abs(products) < 1e-2), "orthogonal", largest=np.abs(products).max())
    same_fit((w, b), *least_squares(X, y))


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


@graded(points=1, after=["r2_landmarks"])
def test_r2_constant(submission, rng):
    y = np.full(6, float(rng.integers(2, 9)))
    same = array(submission.r2_score(y, y), ())
    require(same == 1, "same", value=same)
    off = array(submission.r2_score(y, y + rng.uniform(0.5, 2, size=6)), ())
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

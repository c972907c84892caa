"""Grader of day07/losses."""

import numpy as np

from course.grading import array, assert_close, graded, require, unchanged

WRONG_AND_SURE = -np.log(1e-7)  # 16.118: the largest loss a clipped probability allows
EXAMPLE_ROWS = np.array([[0.7, 0.2, 0.1], [0.1, 0.3, 0.6]])


def probabilities(rng, n, k):
    """Rows of probabilities, none near 0."""
    p = rng.uniform(0.1, 1, size=(n, k))
    return p / p.sum(axis=1, keepdims=True)


def binary(y, p):
    return -np.mean(y * np.log(p) + (1 - y) * np.log(1 - p))


def check_categorical(submission, labels, p):
    n, k = p.shape
    one_hot = np.eye(k)[labels]
    losses = -np.log(p[np.arange(n), labels])
    mistakes = {
        "all_entries": losses.sum() / (n * k),
        "sum": losses.sum(),
        "sign": -losses.mean(),
        "log_base": losses.mean() / np.log(2),
        "no_log": -np.mean(p[np.arange(n), labels]),
        "binary": binary(one_hot, p),
        "per_row": losses,
    }
    got = unchanged(submission.categorical_crossentropy, one_hot, p)
    assert_close(got, losses.mean(), mistakes=mistakes)


def check_sparse(submission, labels, p):
    n, k = p.shape
    losses = -np.log(p[np.arange(n), labels])
    mistakes = {
        "all_entries": losses.sum() / (n * k),
        "sum": losses.sum(),
        "sign": -losses.mean(),
        "log_base": losses.mean() / np.log(2),
        "no_log": -np.mean(p[np.arange(n), labels]),
        "columns": -np.mean(np.log(p[:, labels])),
        "one_based": -np.mean(np.log(p[np.arange(n), labels - 1])),
        "predicted": -np.mean(np.log(p.max(axis=1))),
        "per_row": losses,
    }
    got = unchanged(submission.sparse_categorical_crossentropy, labels, p)
    assert_close(got, losses.mean(), mistakes=mistakes)


def check_regression(function, loss, y, y_hat, **mistakes):
    losses = loss(y - y_hat)
    mistakes |= {"sum": losses.sum(), "half": losses.mean() / 2, "per_row": losses}
    assert_close(unchanged(function, y, y_hat), losses.mean(), mistakes=mistakes)


def check_mse(submission, y, y_hat):
    e = y - y_hat
    wrong = {"root": np.sqrt(np.mean(e**2)), "absolute": np.mean(np.abs(e)), "mean_first": np.mean(e) ** 2}
    check_regression(submission.mse, np.square, y, y_hat, **wrong)


def check_mae(submission, y, y_hat):
    e = y - y_hat
    wrong = {"signed": np.mean(e), "reversed": np.mean(-e), "squared": np.mean(e**2)}
    check_regression(submission.mae, np.abs, y, y_hat, **wrong)


def check_binary(submission, y, p):
    losses = -np.log(np.where(y == 1, p, 1 - p))
    mistakes = {
        "sum": losses.sum(),
        "sign": -losses.mean(),
        "positive_only": -np.mean(y * np.log(p)),
        "log_base": losses.mean() / np.log(2),
        "swapped": binary(p, np.clip(y, 1e-7, 1 - 1e-7)),
        "class_zero": binary(1 - y, p),
        "squared": np.mean((y - p) ** 2),
        "per_row": losses,
    }
    assert_close(unchanged(submission.binary_crossentropy, y, p), losses.mean(), mistakes=mistakes)


@graded(points=1)
def test_mse(submission, rng):
    check_mse(submission, np.array([1.0, 2.0, 4.0]), np.array([1.5, 2.0, 2.0]))
    check_mse(submission, rng.normal(size=8), rng.normal(size=8))
    y = rng.normal(size=4)
    assert_close(submission.mse(y, y), 0)


@graded(points=1)
def test_mae(submission, rng):
    check_mae(submission, np.array([1.0, 2.0, 4.0]), np.array([1.5, 2.0, 2.0]))
    check_mae(submission, rng.normal(size=9), rng.normal(size=9))
    y = rng.normal(size=4)
    assert_close(submission.mae(y, y), 0)


@graded(points=2)
def test_binary(submission, rng):
    check_binary(submission, np.array([1.0, 0.0, 1.0]), np.array([0.9, 0.2, 0.6]))
    y = np.append(rng.integers(0, 2, size=9), [0, 1]).astype(float)
    check_binary(submission, y, rng.uniform(0.1, 0.9, size=11))


@graded(points=2)
def test_categorical(submission, rng):
    check_categorical(submission, np.array([0, 1]), EXAMPLE_ROWS)
    check_categorical(submission, rng.integers(0, 4, size=7), probabilities(rng, 7, 4))


@graded(points=2)
def test_sparse(submission, rng):
    check_sparse(submission, np.array([0, 1]), EXAMPLE_ROWS)
    check_sparse(submission, rng.integers(0, 5, size=8), probabilities(rng, 8, 5))


@graded(points=1, after=["categorical", "sparse"])
def test_agree(submission, rng):
    labels, p = rng.integers(0, 3, size=10), probabilities(rng, 10, 3)
    dense = array(submission.categorical_crossentropy(np.eye(3)[labels], p), ())
    sparse = array(submission.sparse_categorical_crossentropy(labels, p), ())
    require(np.isclose(dense, sparse, rtol=1e-5), "differ", dense=dense, sparse=sparse)


def check_clipping(function, y_true, wrong, right):
    worst = array(function(y_true, wrong), ())
    require(worst < 17, "epsilon", value=float(worst))
    # float32 rounds 1 - 1e-7 to 1 - 1.19e-7, which gives 15.94
    assert_close(worst, WRONG_AND_SURE, rtol=0.02)
    assert_close(function(y_true, right), 0)


@graded(points=2, after=["binary", "categorical", "sparse"])
def test_clipping(submission, rng):
    y = np.array([1.0, 0.0, 0.0, 1.0])
    check_clipping(submission.binary_crossentropy, y, 1 - y, y)
    labels, wrong = np.array([2, 0]), np.eye(3)[[0, 1]]
    one_hot = np.eye(3)[labels]
    check_clipping(submission.categorical_crossentropy, one_hot, wrong, one_hot)
    check_clipping(submission.sparse_categorical_crossentropy, labels, wrong, one_hot)


@graded(points=1, hidden=True)
def test_other_sizes(submission, rng):
    y, y_hat = rng.normal(size=(5, 3)), rng.normal(size=(5, 3))
    check_regression(submission.mse, np.square, y, y_hat)
    check_regression(submission.mae, np.abs, y, y_hat)
    y, p = np.array([1.0]), rng.uniform(0.2, 0.8, size=1)
    assert_close(submission.binary_crossentropy(y, p), -np.log(p[0]))
    n, k = 3, 9
    labels, p = rng.integers(0, k, size=n), probabilities(rng, n, k)
    check_categorical(submission, labels, p)
    check_sparse(submission, labels, p)

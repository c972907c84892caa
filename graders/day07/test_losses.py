"""Grader of day07/losses."""

import numpy as np

from course.grading import array, assert_close, forms, graded, require

WRONG_AND_SURE = -np.log(1e-7)  # 16.118: the largest loss a clipped probability allows
EXAMPLE_ROWS = np.array([[0.7, 0.2, 0.1], [0.1, 0.3, 0.6]])


def errors_of_both_signs(rng, n):
    """Targets and predictions, some too high, some too low."""
    y = rng.normal(size=n)
    return y, y - rng.permutation(
        [*rng.uniform(0.5, 2, size=n // 2), *rng.uniform(-2, -0.5, size=n - n // 2)]
    )


def probabilities(rng, n, k):
    """Rows of probabilities, none near 0, in one form after the other; at last every row the same."""
    for (p,) in forms(rng, (n, k), low=0.1, high=1):
        yield p / p.sum(axis=1, keepdims=True)
    yield np.tile(rng.dirichlet(np.full(k, 9.0)), (n, 1))


def one_of_each(rng, n, k):
    """Labels of n rows, every one of 0 … k-1 among them."""
    return rng.permutation([*range(k), *rng.integers(0, k, size=n - k)])


def binary(y, p):
    return -np.mean(y * np.log(p) + (1 - y) * np.log(1 - p))


def of_label(p, labels):
    """The losses of the rows."""
    return -np.log(p[np.arange(len(p)), labels])


def check_regression(submission, y, y_hat):
    e = y - y_hat
    assert_close(submission.mse(y, y_hat), np.mean(e**2))
    assert_close(submission.mae(y, y_hat), np.mean(np.abs(e)))


def typical(losses):
    """Wrong values that any mean of losses may be mistaken for."""
    return {"sum": losses.sum(), "per_row": losses}


def typical_entropy(losses):
    return typical(losses) | {"sign": -losses.mean(), "log_base": losses.mean() / np.log(2)}


@graded(points=1)
def test_mse(submission, rng):
    y, y_hat = errors_of_both_signs(rng, 8)
    e = y - y_hat
    mistakes = typical(e**2) | {
        "half": np.mean(e**2) / 2,
        "root": np.sqrt(np.mean(e**2)),
        "absolute": np.mean(np.abs(e)),
        "mean_first": np.mean(e) ** 2,
    }
    assert_close(submission.mse(y, y_hat), np.mean(e**2), mistakes=mistakes)
    assert_close(submission.mse(np.array([1.0, 2.0, 4.0]), np.array([1.5, 2.0, 2.0])), 4.25 / 3)
    assert_close(submission.mse(y, y), 0)
    for y, y_hat in forms(rng, (6,), (6,)):
        assert_close(submission.mse(y, y_hat), np.mean((y - y_hat) ** 2))


@graded(points=1)
def test_mae(submission, rng):
    y, y_hat = errors_of_both_signs(rng, 9)
    e = y - y_hat
    mistakes = typical(np.abs(e)) | {
        "half": np.mean(np.abs(e)) / 2,
        "signed": np.mean(e),
        "reversed": np.mean(-e),
        "squared": np.mean(e**2),
    }
    assert_close(submission.mae(y, y_hat), np.mean(np.abs(e)), mistakes=mistakes)
    assert_close(submission.mae(np.array([1.0, 2.0, 4.0]), np.array([1.5, 2.0, 2.0])), 2.5 / 3)
    assert_close(submission.mae(y, y), 0)
    for y, y_hat in forms(rng, (6,), (6,)):
        assert_close(submission.mae(y, y_hat), np.mean(np.abs(y - y_hat)))


@graded(points=2)
def test_binary(submission, rng):
    y, p = one_of_each(rng, 11, 2).astype(float), rng.uniform(0.1, 0.9, size=11)
    losses = -np.log(np.where(y == 1, p, 1 - p))
    mistakes = typical_entropy(losses) | {
        "positive_only": -np.mean(y * np.log(p)),
        "swapped": binary(p, np.clip(y, 1e-7, 1 - 1e-7)),
        "class_zero": binary(1 - y, p),
        "squared": np.mean((y - p) ** 2),
    }
    assert_close(submission.binary_crossentropy(y, p), losses.mean(), mistakes=mistakes)
    y, p = np.array([1.0, 0.0, 1.0]), np.array([0.9, 0.2, 0.6])
    assert_close(submission.binary_crossentropy(y, p), binary(y, p))
    for (p,) in forms(rng, (7,), low=0.1, high=0.9):
        for labels in (one_of_each(rng, 7, 2), np.full(7, rng.integers(0, 2))):
            y = labels.astype(p.dtype)
            assert_close(submission.binary_crossentropy(y, p), binary(y, p))
    labels = one_of_each(rng, 7, 2)
    assert_close(submission.binary_crossentropy(labels, p), binary(labels, p))


@graded(points=2)
def test_categorical(submission, rng):
    p, labels = next(probabilities(rng, 7, 4)), one_of_each(rng, 7, 4)
    one_hot, losses = np.eye(4)[labels], of_label(p, labels)
    mistakes = typical_entropy(losses) | {
        "all_entries": losses.sum() / p.size,
        "no_log": -np.mean(p[one_hot == 1]),
        "binary": binary(one_hot, p),
    }
    assert_close(submission.categorical_crossentropy(one_hot, p), losses.mean(), mistakes=mistakes)
    for dtype in (int, np.float32):
        got = submission.categorical_crossentropy(one_hot.astype(dtype), p)
        assert_close(got, losses.mean())
    check_categorical(submission, np.array([0, 1]), EXAMPLE_ROWS)
    for p in probabilities(rng, 5, 3):
        check_categorical(submission, one_of_each(rng, 5, 3), p)


@graded(points=2)
def test_sparse(submission, rng):
    p, labels = next(probabilities(rng, 8, 5)), one_of_each(rng, 8, 5)
    losses = of_label(p, labels)
    mistakes = typical_entropy(losses) | {
        "all_entries": losses.sum() / p.size,
        "no_log": -np.mean(p[np.arange(8), labels]),
        "columns": -np.mean(np.log(p[:, labels])),
        "one_based": of_label(p, labels - 1).mean(),
        "predicted": -np.mean(np.log(p.max(axis=1))),
    }
    assert_close(submission.sparse_categorical_crossentropy(labels, p), losses.mean(), mistakes=mistakes)
    check_sparse(submission, np.array([0, 1]), EXAMPLE_ROWS)
    for p in probabilities(rng, 5, 3):
        check_sparse(submission, one_of_each(rng, 5, 3), p)
        check_sparse(submission, np.full(5, rng.integers(0, 3)), p)


def check_categorical(submission, labels, p):
    one_hot = np.eye(p.shape[1])[labels]
    assert_close(submission.categorical_crossentropy(one_hot, p), of_label(p, labels).mean())


def check_sparse(submission, labels, p):
    assert_close(submission.sparse_categorical_crossentropy(labels, p), of_label(p, labels).mean())


@graded(points=1, after=["categorical", "sparse"])
def test_agree(submission, rng):
    p, labels = next(probabilities(rng, 10, 3)), rng.integers(0, 3, size=10)
    dense = array(submission.categorical_crossentropy(np.eye(3)[labels], p), ())
    sparse = array(submission.sparse_categorical_crossentropy(labels, p), ())
    require(np.isclose(dense, sparse, rtol=1e-5), "differ", dense=dense, sparse=sparse)


def check_clipping(function, y_true, wrong, right):
    """Predictions that are sure and all wrong, all right, and right in every row but the last."""
    worst = array(function(y_true, wrong), ())
    require(worst < 17, "epsilon", value=float(worst))
    # float32 rounds 1 - 1e-7 to 1 - 1.19e-7, which gives 15.94
    assert_close(worst, WRONG_AND_SURE, rtol=0.02)
    assert_close(function(y_true, right), 0)
    last_wrong = np.concatenate([right[:-1], wrong[-1:]])
    assert_close(function(y_true, last_wrong), WRONG_AND_SURE / len(y_true), rtol=0.02)


@graded(points=2, after=["binary", "categorical", "sparse"])
def test_clipping(submission, rng):
    y = one_of_each(rng, 9, 2).astype(float)
    check_clipping(submission.binary_crossentropy, y, 1 - y, y)
    labels = one_of_each(rng, 7, 3)
    wrong, one_hot = np.eye(3)[labels - 1], np.eye(3)[labels]
    check_clipping(submission.categorical_crossentropy, one_hot, wrong, one_hot)
    check_clipping(submission.sparse_categorical_crossentropy, labels, wrong, one_hot)


@graded(points=1, after=["mse", "mae", "binary", "categorical", "sparse"], hidden=True)
def test_other_sizes(submission, rng):
    for shape in ((5, 3), (1, 3), (4, 1), (1,)):
        y, y_hat = rng.normal(size=shape), rng.normal(size=shape)
        check_regression(submission, y, y_hat)
    y, p = rng.integers(0, 2, size=1).astype(float), rng.uniform(0.2, 0.8, size=1)
    assert_close(submission.binary_crossentropy(y, p), binary(y, p))
    for n, k in ((3, 9), (1, 4), (4, 1), (12, 2)):
        p, labels = next(probabilities(rng, n, k)), rng.integers(0, k, size=n)
        check_categorical(submission, labels, p)
        check_sparse(submission, labels, p)

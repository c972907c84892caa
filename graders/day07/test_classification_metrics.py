"""Grader of classification_metrics: confusion matrix, accuracy, class rows, macro and weighted means."""

import numpy as np

from course.grading import array, assert_close, assert_shape, graded, require, unpack

LECTURE = np.array([[8512, 307], [538, 10125]])
LECTURE_ROWS = np.array([[0.94, 0.97, 0.95, 8819], [0.97, 0.95, 0.96, 10663]])


def count(y_true, y_pred, n_classes):
    matrix = np.zeros((n_classes, n_classes), dtype=int)
    np.add.at(matrix, (y_true, y_pred), 1)
    return matrix


def ratio(above, below):
    return np.array([a / b if b else 0.0 for a, b in zip(above, below, strict=True)])


def report(matrix):
    correct, predicted, support = np.diag(matrix), matrix.sum(axis=0), matrix.sum(axis=1)
    f1 = ratio(2 * correct, predicted + support)
    return np.column_stack([ratio(correct, predicted), ratio(correct, support), f1, support])


def means(matrix):
    rows = report(matrix)
    return rows[:, :3].mean(axis=0), np.average(rows[:, :3], axis=0, weights=rows[:, 3])


def f1_of(precision, recall):
    return 2 * precision * recall / (precision + recall)


def random_matrix(rng, n_classes):
    """More true samples in every class than in the one before, and no two scores alike."""
    matrix = rng.integers(3, 12, size=(n_classes, n_classes)) + np.diag(rng.integers(15, 40, size=n_classes))
    return matrix * np.arange(1, n_classes + 1)[:, None] + rng.integers(1, 5, size=(n_classes, n_classes))


def has_nan(got):
    try:
        return bool(np.isnan(np.asarray(got, dtype=float)).any())
    except (TypeError, ValueError):
        return False


def matrices(rng):
    """Matrices of one, two and four classes: one count throughout, several of one kind, zeros off the diagonal."""
    for n_classes in (1, 2, 4, 4):
        yield random_matrix(rng, n_classes)
    yield np.full((3, 3), rng.integers(1, 9))
    yield np.diag(rng.integers(1, 9, size=3))


def column(submission, matrix, position):
    return array(submission.class_report(matrix), (len(matrix), 4))[:, position]


def check_averages(submission, matrix, macro_mistakes=None, weighted_mistakes=None):
    macro, weighted = unpack(submission.averages(matrix), "macro", "weighted")
    assert_close(macro, means(matrix)[0], mistakes=macro_mistakes)
    assert_close(weighted, means(matrix)[1], mistakes=weighted_mistakes)


@graded(points=2)
def test_confusion_matrix(submission, rng):
    y_true = rng.choice(4, size=60, p=[0.1, 0.2, 0.3, 0.4])
    y_pred = rng.choice(4, size=60, p=[0.4, 0.1, 0.3, 0.2])
    y_true[:8], y_pred[:8] = [0, 1, 2, 3, 0, 0, 1, 1], [0, 1, 2, 3, 1, 1, 2, 2]
    want = count(y_true, y_pred, 4)
    got = submission.confusion_matrix(y_true, y_pred, 4)
    wrong = {
        "swapped": want.T,
        "normalised": want / want.sum(axis=1, keepdims=True),
        "once": np.minimum(want, 1),
    }
    assert_close(got, want, mistakes=wrong)
    for n_classes in (3, 3, 1):
        every = np.repeat(np.arange(n_classes), 5)
        y_true, y_pred = rng.permutation(every), rng.permutation(every)
        got = submission.confusion_matrix(y_true, y_pred, n_classes)
        assert_close(got, count(y_true, y_pred, n_classes))


@graded(points=1, after=["confusion_matrix"])
def test_absent_class(submission, rng):
    y_true, y_pred = rng.choice([0, 2], size=20), rng.choice([0, 1, 2], size=20)
    y_true[0], y_pred[0] = 0, 1
    got = submission.confusion_matrix(y_true, y_pred, 5)
    rows = len(np.atleast_1d(array(got)))
    require(rows == 5, "rows", rows=rows)
    assert_close(got, count(y_true, y_pred, 5))
    for samples in (1, 4):
        true, predicted = np.repeat(rng.permutation(5)[:2], samples).reshape(2, samples)
        got = submission.confusion_matrix(true, predicted, 5)
        assert_close(got, count(true, predicted, 5))


@graded(points=1)
def test_accuracy(submission, rng):
    matrix = random_matrix(rng, 3)
    right = np.trace(matrix) / matrix.sum()
    wrong = {"error_rate": 1 - right, "mean_recall": report(matrix)[:, 1].mean(), "count": np.trace(matrix)}
    assert_close(submission.accuracy(matrix), right, mistakes=wrong)
    assert_close(submission.accuracy(LECTURE), 18637 / 19482)  # the lecture: 0.9566
    for matrix in matrices(rng):
        assert_close(submission.accuracy(matrix), np.trace(matrix) / matrix.sum())


@graded(points=1)
def test_precision(submission, rng):
    matrix = random_matrix(rng, 5)
    want = report(matrix)
    wrong = {
        "is_recall": want[:, 1],
        "of_all": np.diag(matrix) / matrix.sum(),
        "rounded": want[:, 0].round(2),
    }
    assert_close(column(submission, matrix, 0), want[:, 0], mistakes=wrong)


@graded(points=1)
def test_recall(submission, rng):
    matrix = random_matrix(rng, 4)
    want = report(matrix)
    wrong = {"is_precision": want[:, 0], "of_all": np.diag(matrix) / matrix.sum()}
    assert_close(column(submission, matrix, 1), want[:, 1], mistakes=wrong)


@graded(points=1, after=["precision", "recall"])
def test_f1(submission, rng):
    matrix = random_matrix(rng, 3)
    want = report(matrix)
    p, r = want[:, 0], want[:, 1]
    wrong = {"arithmetic": (p + r) / 2, "geometric": np.sqrt(p * r), "no_two": p * r / (p + r)}
    assert_close(column(submission, matrix, 2), want[:, 2], mistakes=wrong)


@graded(points=1)
def test_support(submission, rng):
    matrix = random_matrix(rng, 4)
    wrong = {
        "predicted": matrix.sum(axis=0),
        "correct": np.diag(matrix),
        "share": matrix.sum(axis=1) / matrix.sum(),
    }
    assert_close(column(submission, matrix, 3), matrix.sum(axis=1), mistakes=wrong)


@graded(points=2, after=["f1", "support"])
def test_lecture_report(submission, rng):
    rows = submission.class_report(LECTURE)
    rounded = np.round(array(rows, (2, 4)), 2)
    require(np.allclose(rounded, LECTURE_ROWS), "rows", rows=rounded.tolist())
    for matrix in (LECTURE, *matrices(rng)):
        assert_close(submission.class_report(matrix), report(matrix))


@graded(points=2, after=["precision", "recall"])
def test_zero_division(submission, rng):
    a, b = rng.integers(4, 9, size=2)
    # Class 1 is never predicted, class 2 never occurs, class 3 does neither, class 4 occurs and is hit once.
    matrix = np.array([[a, 0, b, 0, 0], [b, 0, a, 0, 0], [0, 0, 0, 0, 0], [0, 0, 0, 0, 0], [0, 0, 0, 0, 1]])
    got = submission.class_report(matrix)
    require(not has_nan(got), "nan")
    predicted, support = matrix.sum(axis=0), matrix.sum(axis=1)
    undefined = np.column_stack([predicted == 0, support == 0, predicted + support == 0, support < 0])
    want = report(matrix)
    assert_close(got, want, mistakes={"one": np.where(undefined, 1.0, want)})


@graded(points=2, after=["f1"])
def test_averages(submission, rng):
    matrix = random_matrix(rng, 3)
    macro, weighted = means(matrix)
    of_means = np.append(macro[:2], f1_of(*macro[:2]))
    micro = np.full(3, np.trace(matrix) / matrix.sum())
    by_predicted = np.average(report(matrix)[:, :3], axis=0, weights=matrix.sum(axis=0))
    of_weighted = np.append(weighted[:2], f1_of(*weighted[:2]))
    check_averages(
        submission,
        matrix,
        {"f1_of_means": of_means, "exchanged": weighted, "micro": micro},
        {"f1_of_means": of_weighted, "by_predicted": by_predicted, "micro": micro, "not_weighted": macro},
    )
    for matrix in matrices(rng):
        check_averages(submission, matrix)


@graded(points=1, after=["averages", "zero_division"])
def test_averages_absent(submission, rng):
    # A class that never occurs and is predicted, one that occurs and is never predicted, one that does neither.
    matrix = random_matrix(rng, 3)
    absent = matrix * [[1], [1], [0]]
    check_averages(submission, absent, {"left_out": report(absent)[:2, :3].mean(axis=0)})
    check_averages(submission, matrix * [1, 1, 0])
    check_averages(submission, absent * [1, 1, 0])


@graded(points=2, hidden=True, after=["confusion_matrix", "lecture_report", "averages"])
def test_from_labels(submission, rng):
    y_true = rng.choice(5, size=300, p=[0.4, 0.3, 0.15, 0.1, 0.05])
    y_pred = np.where(rng.random(300) < 0.6, y_true, rng.integers(5, size=300))
    want = count(y_true, y_pred, 5)
    matrix = submission.confusion_matrix(y_true, y_pred, 5)
    assert_close(matrix, want)
    assert_close(submission.accuracy(want), np.mean(y_true == y_pred))
    rows = submission.class_report(want)
    assert_shape(rows, (5, 4))
    assert_close(rows, report(want))
    check_averages(submission, want)

"""Grader of day07/svm."""

import numpy as np

from course.grading import array, assert_close, assert_equal, forms, graded, require

FIGURES_X = np.array([[1, 1], [2, 0], [0, 1], [0.5, 1], [1, 0], [0, 0]])
FIGURES_Y = np.array([1, 1, -1, 1, 1, -1])
FIGURES_W, FIGURES_B = np.array([3.0, 4.0]), -5.0
FIGURES_SCORES = np.array([2, 1, -1, 0.5, -2, -5])
NEAR = 1e-3


def hinge_mistakes(y, scores):
    slack = 1 - y * scores
    hinge = np.maximum(0, slack)
    return {
        "not_clipped": np.mean(slack),
        "perceptron": np.mean(np.maximum(0, -y * scores)),
        "no_label": np.mean(np.maximum(0, 1 - scores)),
        "absolute": np.mean(np.abs(slack)),
        "squared": np.mean(hinge**2),
        "sum": np.sum(hinge),
        "per_sample": hinge,
        "violators": np.sum(hinge) / max(1, np.sum(hinge > 0)),
    }


def vector_mistakes(X, y, w, b, tol=1e-6):
    scores = X @ w + b
    margins = y * scores
    held = margins <= 1 + tol
    return {
        "no_label": np.flatnonzero(np.abs(scores) <= 1 + tol),
        "only_margin": np.flatnonzero(np.abs(margins - 1) <= tol),
        "complement": np.flatnonzero(~held),
        "complement_and_margin": np.flatnonzero(margins >= 1 - tol),
        "no_margin": np.flatnonzero(margins < 1 - NEAR / 2),
        "misclassified": np.flatnonzero(margins < 0),
        "no_bias": np.flatnonzero(y * (X @ w) <= 1 + tol),
        "mask": held,
        "nested": np.flatnonzero(held)[None],
        "column": np.flatnonzero(held)[:, None],
        "rows": X[held],
    }


def overlapping(rng, n, d):
    """Two classes with rows beyond, on, inside and across the margin, nearly on it none; every mistake answers otherwise."""
    while True:
        X, w, b = rng.normal(size=(n, d)), rng.normal(size=d), rng.uniform(0.7, 1.5) * rng.choice([-1, 1])
        y = np.where(rng.random(n) < 0.5, 1, -1)
        margins = y * (X @ w + b)
        for row in (1, n - 2):
            X[row] += y[row] * (1 - 1e-9 - margins[row]) * w / (w @ w)
        margins = np.delete(y * (X @ w + b), [1, n - 2])
        clear = np.all(np.abs(margins - 1) > NEAR) and np.all(np.abs(margins + 1) > NEAR)
        kinds = (margins > 1, (margins > 0) & (margins < 1), (margins < 0) & (margins > -1), margins < -1)
        answers = [tuple(np.ravel(answer)) for answer in vector_mistakes(X, y, w, b).values()]
        distinct = len(set(answers)) == len(answers) - 1  # "nested" and "column" hold the right numbers
        if clear and distinct and all(kind.any() for kind in kinds):
            return X, y, w, b


def separated(rng, d):
    """A hard-margin problem in a random direction: rows, labels, w, b, the gap, the rows on its edge."""
    normal = rng.normal(size=d)
    normal /= np.linalg.norm(normal)
    half_gap, offset = rng.uniform(0.3, 3), rng.uniform(-2, 2)
    y = rng.permutation([1] * 6 + [-1] * 5)
    beyond = rng.uniform(0.2, 2, size=11)
    edge = np.sort(rng.choice(11, size=4, replace=False))
    beyond[edge] = 0
    along = rng.normal(size=(11, d))
    along -= np.outer(along @ normal, normal)
    X = along + np.outer(offset + y * (half_gap + beyond), normal)
    return X, y, normal / half_gap, -offset / half_gap, 2 * half_gap, edge


def labels(rng, n):
    """Labels of both classes as integers and as floats, then of one class alone."""
    mixed = rng.permutation(np.where(np.arange(n) % 2, -1, 1))
    one_class = np.ones(n, dtype=int)
    return mixed, mixed[::-1].astype(float), mixed.astype(np.float32), one_class, -one_class


def problems(rng):
    """Rows, w and b in every form, of one row or feature and of more; scores are of order 1."""
    for n, d in ((6, 3), (1, 3), (4, 1)):
        for X, w in forms(rng, (n, d), (d,), low=-1, high=1):
            yield X, w, (0, 1, rng.normal())[rng.integers(3)]
        yield X, w, 1
        yield X, w, rng.normal()


def scores_of(X, w, b):
    return X.astype(float) @ w.astype(float) + b


@graded(points=1)
def test_decision_function(submission, rng):
    figures = FIGURES_X, FIGURES_W, FIGURES_B
    for X, w, b in (figures, (rng.normal(size=(7, 3)), rng.normal(size=3) + 2, rng.uniform(0.5, 2))):
        scores = X @ w + b
        mistakes = {
            "no_bias": X @ w,
            "bias_subtracted": X @ w - b,
            "class": np.sign(scores),
            "distance": scores / np.linalg.norm(w),
        }
        assert_close(submission.decision_function(X, w, b), scores, mistakes=mistakes)
    for X, w, b in problems(rng):
        assert_close(submission.decision_function(X, w, b), scores_of(X, w, b))


@graded(points=2)
def test_hinge_loss(submission, rng):
    figures = submission.hinge_loss(FIGURES_Y, FIGURES_SCORES)
    assert_close(figures, 3.5 / 6, mistakes=hinge_mistakes(FIGURES_Y, FIGURES_SCORES))
    y, scores = rng.permutation([1, 1, 1, 1, -1, -1, -1]), 2 * rng.normal(size=7)
    scores[:2] = -2 * y[0], 2.5 * y[1]
    want = np.mean(np.maximum(0, 1 - y * scores))
    assert_close(submission.hinge_loss(y, scores), want, mistakes=hinge_mistakes(y, scores))
    for n in (5, 1):
        for place, (scores,) in enumerate(forms(rng, (n,))):
            y = labels(rng, n)[place % 5]
            assert_close(submission.hinge_loss(y, scores), np.mean(np.maximum(0, 1 - y * scores)))


@graded(points=1)
def test_hinge_shape(submission, rng):
    y = np.where(rng.random(5) < 0.5, 1, -1)
    beyond = float(array(submission.hinge_loss(y, y * rng.uniform(1.01, 9, size=5)), ()))
    require(abs(beyond) < 1e-12, "beyond", got=beyond)
    on_margin = float(array(submission.hinge_loss(y, y * 1.0), ()))
    require(abs(on_margin) < 1e-12, "on_margin", got=on_margin)
    on_boundary = float(array(submission.hinge_loss(y, y * 0.0), ()))
    require(abs(on_boundary - 1) < 1e-6, "on_boundary", got=on_boundary)
    base = rng.uniform(-2, -1, size=5)
    losses = [float(array(submission.hinge_loss(y, y * (base - step)), ())) for step in (0, 1, 2)]
    require(
        np.allclose(np.diff(losses), 1, atol=1e-4),
        "slope",
        first=losses[0],
        second=losses[1],
        third=losses[2],
    )


@graded(points=1)
def test_margin_width(submission, rng):
    w = rng.uniform(1.5, 3, size=4) * [1, -1, *rng.choice([-1, 1], size=2)]
    norm = np.linalg.norm(w)
    mistakes = {
        "half": 1 / norm,
        "squared": 2 / norm**2,
        "inverse": norm / 2,
        "absolute_sum": 2 / np.sum(np.abs(w)),
        "plain_sum": 2 / np.sum(w),
    }
    assert_close(submission.margin_width(w), 2 / norm, mistakes=mistakes)
    assert_close(submission.margin_width(FIGURES_W), 0.4)
    for d in (3, 1):
        for (w,) in forms(rng, (d,)):
            if np.any(w):
                assert_close(submission.margin_width(w), 2 / np.linalg.norm(w.astype(float)))


@graded(points=2, after=["decision_function"])
def test_support_vectors(submission, rng):
    rows, classes, *plane = overlapping(rng, 14, 3)
    moved = np.roll(rows, 1, axis=0), np.roll(classes, 1), *plane
    figures = FIGURES_X, FIGURES_Y, FIGURES_W, FIGURES_B
    for X, y, w, b in ((rows, classes, *plane), moved, figures):
        want = np.flatnonzero(y * (X @ w + b) <= 1 + 1e-6)
        got = submission.support_vectors(X, y, w, b)
        assert_equal(got, want, mistakes=vector_mistakes(X, y, w, b))
    for place, (X, w, b) in enumerate(problems(rng)):
        y = labels(rng, len(X))[place % 5]
        want = np.flatnonzero(y * scores_of(X, w, b) <= 1 + 1e-6)
        assert_equal(submission.support_vectors(X, y, w, b), want)


@graded(points=1, after=["support_vectors"])
def test_tolerance(submission, rng):
    along = np.array([1.0, 1 + 5e-7, 1.0001, 1.125, 1.25, 2.0, -3.0, -1.25, -1.5])
    X, w, b = rng.permutation(along)[:, None], np.array([1.0]), 0
    y = np.sign(X[:, 0]).astype(int)
    margins = np.abs(X[:, 0])
    # What a mistake with one tol gives is right with another.
    cases = (
        (0.25, (0.25,), ("strict", "tol_missing", "tol_ignored", "tol_subtracted")),
        (1e-6, (), ("tol_missing", "tol_subtracted")),
        (0, (0,), ("strict", "tol_ignored")),
        (1, (1,), ()),
    )
    for tol, arguments, keys in cases:
        wrong = {
            "strict": np.flatnonzero(margins < 1 + tol),
            "tol_missing": np.flatnonzero(margins <= 1),
            "tol_ignored": np.flatnonzero(margins <= 1 + 1e-6),
            "tol_subtracted": np.flatnonzero(margins <= 1 - tol),
        }
        want = np.flatnonzero(margins <= 1 + tol)
        got = submission.support_vectors(X, y, w, b, *arguments)
        assert_equal(got, want, mistakes={key: wrong[key] for key in keys})


@graded(points=2, after=["margin_width", "hinge_loss", "support_vectors"], hidden=True)
def test_hard_margin(submission, rng):
    for d in (2, 5):
        X, y, w, b, gap, edge = separated(rng, d)
        assert_close(submission.margin_width(w), gap)
        assert_close(submission.decision_function(X, w, b), X @ w + b)
        assert_close(submission.hinge_loss(y, X @ w + b), 0.0)
        assert_equal(submission.support_vectors(X, y, w, b), edge)
